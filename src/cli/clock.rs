//! `clock` and `advance`: the sandbox's time. Turning it runs the payments that fall due on the way.

use std::io::Write;

use clap::Args;

use super::output::{count, dollars, spinner};
use super::target::Target;
use crate::client::Failure;
use crate::client::messages::typed_to_json;
use crate::domain::dates::parse_iso;
use crate::proto::v1;
use crate::proto::v1::advance_clock_request::Target as Goal;

/// Print the sandbox's date and time
#[derive(Debug, Args)]
pub(super) struct Clock {
    #[command(flatten)]
    target: Target,
}

impl Clock {
    pub async fn run(self) -> Result<(), Failure> {
        let client = self.target.connect().await?;
        let request = v1::GetClockRequest { name: client.sandbox().to_owned() };
        let clock = client.sandboxes().get_clock(request).await?.into_inner();
        let mut out = self.target.out();
        if out.json {
            return Ok(out.value(&typed_to_json("Clock", &clock))?);
        }
        Ok(writeln!(out, "{} ({})", clock.now, mode(&clock))?)
    }
}

/// How a clock goes, in words.
pub(super) fn mode(clock: &v1::Clock) -> &'static str {
    match clock.mode() {
        v1::ClockMode::Following => "follows the wall clock",
        v1::ClockMode::Frozen | v1::ClockMode::Unspecified => "stands still until it is advanced",
    }
}

/// Turn the sandbox's clock forward and run what falls due on the way
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  payersim advance 14                             two weeks
  payersim advance 2026-09-01                     to the start of a day")]
pub(super) struct Advance {
    /// So many days, or the day to advance to
    #[arg(value_name = "DAYS|YYYY-MM-DD", value_parser = goal)]
    goal: Goal,
    #[command(flatten)]
    target: Target,
}

fn goal(text: &str) -> Result<Goal, String> {
    match (text.parse(), parse_iso(text)) {
        (Ok(days), _) => Ok(Goal::Days(days)),
        (_, Some(_)) => Ok(Goal::ToDate(text.to_owned())),
        _ => Err("neither a number of days nor a day such as 2026-09-01".into()),
    }
}

impl Advance {
    pub async fn run(self) -> Result<(), Failure> {
        let client = self.target.connect().await?;
        let waiting = spinner("turning the clock");
        let request = v1::AdvanceClockRequest { name: client.sandbox().to_owned(), target: Some(self.goal) };
        let mut progress = client.sandboxes().advance_clock(request).await?.into_inner();
        let mut out = self.target.out();
        let mut last = v1::AdvanceClockResponse::default();
        while let Some(step) = progress.message().await? {
            if out.json {
                out.value(&typed_to_json("AdvanceClockResponse", &step))?;
            }
            waiting.set_message(in_words(&step));
            last = step;
        }
        waiting.finish_and_clear();
        if !out.json {
            writeln!(out, "{}", in_words(&last))?;
        }
        Ok(())
    }
}

fn in_words(step: &v1::AdvanceClockResponse) -> String {
    let now = step.clock.as_ref().map_or("", |clock| &clock.now);
    format!("it is {now}: {} issued, {} paid", count(step.remittances, "remittance"), dollars(step.paid_cents))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_goal_is_a_number_of_days_or_a_day() {
        assert_eq!(goal("14"), Ok(Goal::Days(14)));
        assert_eq!(goal("2026-09-01"), Ok(Goal::ToDate("2026-09-01".into())));
        assert!(goal("2026-02-31").is_err() && goal("soon").is_err());
    }
}

//! `reviews`: the queue of claims that wait for a person.

use std::io::{self, Write};

use clap::{Args, ValueEnum};
use comfy_table::Row;

use super::decision::last_part;
use super::output::{Out, Tone, count, dollars, toned};
use super::review_page as page;
use super::target::Target;
use crate::client::messages::typed_to_json;
use crate::client::{Client, Failure};
use crate::domain::dates::{days_between, parse_iso};
use crate::proto::v1;
use v1::{ReviewPriority, ReviewState};

/// Reviews asked for at a time.
const PAGE: i32 = 500;

/// Print the queue of claims that wait for a person, take the next one off it, or count it
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  payersim reviews                                       what waits, by priority and due date
  payersim reviews --reason 'suspect duplicate' --all    also those that are done
  payersim reviews next --as 'R. Reader'                 take the next one and print it
  payersim reviews metrics")]
pub(super) struct Reviews {
    /// What to do; prints the queue where not said
    what: Option<What>,
    /// Who takes the next one
    #[arg(long = "as", value_name = "NAME", default_value = "")]
    reviewer: String,
    /// Only those of this reviewer
    #[arg(long, value_name = "NAME", default_value = "")]
    assignee: String,
    /// Only claims that pended for this reason
    #[arg(long, value_name = "REASON", default_value = "")]
    reason: String,
    /// Only those due before this date
    #[arg(long, value_name = "DATE", default_value = "")]
    due_before: String,
    /// Also those that are decided or closed
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    target: Target,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum What {
    /// Take the next one off the queue
    Next,
    /// Count the queue
    Metrics,
}

impl Reviews {
    pub async fn run(self) -> Result<(), Failure> {
        let client = self.target.connect().await?;
        match self.what {
            None => self.list(&client).await,
            Some(What::Next) => self.next(&client).await,
            Some(What::Metrics) => self.metrics(&client).await,
        }
    }

    async fn list(self, client: &Client) -> Result<(), Failure> {
        let filter = v1::ReviewFilter {
            assignee: self.assignee.clone(),
            pend_reason: self.reason.clone(),
            due_before: self.due_before.clone(),
            waiting: !self.all,
            ..Default::default()
        };
        let (mut reviews, mut token) = (Vec::new(), String::new());
        let today = loop {
            let request = v1::ListReviewsRequest {
                parent: client.sandbox().to_owned(),
                page_size: PAGE,
                page_token: token,
                filter: Some(filter.clone()),
            };
            let page = client.reviews().list_reviews(request).await?.into_inner();
            reviews.extend(page.reviews);
            token = page.next_page_token;
            if token.is_empty() {
                break page.as_of_date;
            }
        };
        let mut out = self.target.out();
        if out.json {
            reviews.iter().try_for_each(|review| out.value(&typed_to_json("Review", review)))?;
            return Ok(());
        }
        Ok(print(&mut out, &reviews, &today)?)
    }

    async fn next(self, client: &Client) -> Result<(), Failure> {
        if self.reviewer.is_empty() {
            return Err(Failure::Usage("who takes it? --as NAME".to_owned()));
        }
        let request = v1::ClaimNextReviewRequest {
            parent: client.sandbox().to_owned(),
            reviewer: self.reviewer.clone(),
            pend_reason: self.reason.clone(),
            request_id: String::new(),
        };
        let review = client.reviews().claim_next_review(request).await?.into_inner();
        page::show(&mut self.target.out(), client, &review).await
    }

    async fn metrics(self, client: &Client) -> Result<(), Failure> {
        let request = v1::GetQueueMetricsRequest { parent: client.sandbox().to_owned() };
        let metrics = client.reviews().get_queue_metrics(request).await?.into_inner();
        let mut out = self.target.out();
        if out.json {
            return Ok(out.value(&typed_to_json("QueueMetrics", &metrics))?);
        }
        Ok(print_metrics(&mut out, &metrics)?)
    }
}

fn print(out: &mut Out, reviews: &[v1::Review], today: &str) -> io::Result<()> {
    if reviews.is_empty() {
        return writeln!(out, "Nothing waits for a person.");
    }
    let age = |review: &v1::Review| {
        let days = parse_iso(&review.opened_date).zip(parse_iso(today)).map(|(from, to)| days_between(from, to));
        days.map_or_else(String::new, |days| format!("{days} d"))
    };
    let row = |review: &v1::Review| {
        let late = review.due_date.as_str() < today || review.escalations > 0;
        let tone = match (late, review.state()) {
            (_, ReviewState::Decided | ReviewState::Closed) => Tone::Dim,
            (true, _) => Tone::Bad,
            (false, _) => Tone::Waiting,
        };
        Row::from(vec![
            toned(last_part(&review.name), tone),
            last_part(&review.claim).into(),
            review.pend_reason.clone().into(),
            priority_name(review.priority()).into(),
            review.due_date.clone().into(),
            age(review).into(),
            dollars(review.charge_cents).into(),
            state_name(review.state()).into(),
            review.assignee.clone().into(),
        ])
    };
    let header = ["review", "claim", "reason", "priority", "due", "age", "charge", "state", "assignee"];
    out.table(&header, &["age", "charge"], reviews.iter().map(row).collect())?;
    let number = i64::try_from(reviews.len()).unwrap_or(i64::MAX);
    writeln!(out, "\n{} on {today}; `payersim review {}` shows the first", count(number, "review"), first(reviews))
}

fn first(reviews: &[v1::Review]) -> &str {
    reviews.first().map_or("", |review| last_part(&review.name))
}

fn print_metrics(out: &mut Out, metrics: &v1::QueueMetrics) -> io::Result<()> {
    let waiting = count(i64::from(metrics.waiting), "claim");
    let late = if metrics.overdue == 0 { String::new() } else { format!(", {} overdue", metrics.overdue) };
    let charge = dollars(metrics.waiting_charge_cents);
    writeln!(out, "{}", out.paint(Tone::Heading, &format!("queue of {}", metrics.as_of_date)))?;
    writeln!(out, "  {waiting} of {charge} waiting{late}")?;
    let told = |out: &mut Out, title: &str, counts: &[v1::NamedCount]| {
        let words: Vec<String> = counts.iter().map(|one| format!("{} {}", one.name, one.count)).collect();
        if words.is_empty() { Ok(()) } else { writeln!(out, "  {title:<12} {}", words.join(" · ")) }
    };
    told(out, "by state", &metrics.by_state)?;
    told(out, "by reason", &metrics.by_reason)?;
    told(out, "by priority", &metrics.by_priority)?;
    told(out, "by age, days", &metrics.by_age)?;
    writeln!(out, "{}", out.paint(Tone::Heading, "decided"))?;
    let days = match metrics.average_days.as_str() {
        "" => String::new(),
        days => format!(", after {days} days on the average"),
    };
    writeln!(out, "  {}{days}; {} closed without a decision", metrics.decided, metrics.closed)?;
    told(out, "by outcome", &metrics.by_outcome)?;
    told(out, "by reviewer", &metrics.by_reviewer)?;
    let (signed, returned, clock) = (metrics.signed_off, metrics.returned, metrics.decided_by_clock);
    writeln!(
        out,
        "  {signed} signed off by a second person, {returned} given back, {clock} by the rule for overdue reviews"
    )
}

/// Such as "awaiting sign off".
pub(super) fn state_name(state: ReviewState) -> String {
    state.as_str_name().trim_start_matches("REVIEW_STATE_").to_lowercase().replace('_', " ")
}

/// Such as "high".
pub(super) fn priority_name(priority: ReviewPriority) -> String {
    priority.as_str_name().trim_start_matches("REVIEW_PRIORITY_").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_queue_names_what_waits_for_how_long_and_whose_it_is() {
        let review = crate::client::messages::typed_from_json(
            "Review",
            serde_json::json!({ "name": "sandboxes/default/reviews/R00000000420001", "claim": "sandboxes/default/claims/00000000420003",
                "pend_reason": "high charge", "priority": "HIGH", "opened_date": "2026-07-15", "due_date": "2026-07-25",
                "state": "ASSIGNED", "assignee": "R. Reader", "charge_cents": 100000000 }),
        )
        .unwrap();
        let (mut out, text) = Out::captured();
        print(&mut out, &[review], "2026-07-18").unwrap();
        let text = String::from_utf8(text.lock().unwrap().clone()).unwrap();
        let row = text.lines().find(|line| line.contains("R00000000420001")).unwrap();
        for part in
            ["00000000420003", "high charge", "high", "2026-07-25", "3 d", "1000000.00", "assigned", "R. Reader"]
        {
            assert!(row.contains(part), "{part:?} is missing in\n{text}");
        }
    }
}

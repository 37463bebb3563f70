//! `explain`: every step of a decision, in order.

use std::io::Write;

use clap::Args;
use comfy_table::{Cell, Row};

use super::decision;
use super::output::{Tone, dollars, toned};
use super::target::Target;
use crate::client::Failure;
use crate::client::messages::typed_to_json;
use crate::proto::v1::{ExplainClaimRequest, Step, StepOutcome};

/// Print every step of a claim's decision: what was looked at, what came of it, on what authority
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  payersim explain 03337259220001
  payersim explain 03337259220001 --passed          also the edits that looked and found nothing")]
pub(super) struct Explain {
    /// The claim: its control number, or its whole name
    name: String,
    /// Also the edits that looked and found nothing
    #[arg(long)]
    passed: bool,
    #[command(flatten)]
    target: Target,
}

impl Explain {
    pub async fn run(self) -> Result<(), Failure> {
        let client = self.target.connect().await?;
        let request = ExplainClaimRequest { name: client.name("claims", &self.name), include_passed: self.passed };
        let explained = client.claims().explain_claim(request).await?.into_inner();
        let mut out = self.target.out();
        if out.json {
            return Ok(out.value(&typed_to_json("ExplainClaimResponse", &explained))?);
        }
        if let Some(claim) = &explained.claim {
            decision::print(&mut out, claim)?;
            writeln!(out)?;
        }
        let header = ["line", "step", "outcome", "what was found, and on what authority", "before", "after"];
        out.table(&header, &["line", "before", "after"], explained.steps.iter().map(row).collect())?;
        if explained.claim.is_some_and(|claim| claim.determination.is_some()) {
            let again =
                if explained.reproduced { "the same determination, byte for byte" } else { "another determination" };
            writeln!(out, "decided again from what was known then: {again}")?;
        }
        Ok(())
    }
}

fn row(step: &Step) -> Row {
    let tone = match step.outcome() {
        StepOutcome::Denied => Some(Tone::Bad),
        StepOutcome::Pended | StepOutcome::Overtaken => Some(Tone::Waiting),
        StepOutcome::Adjusted => Some(Tone::Good),
        _ => None,
    };
    let outcome = step.outcome().as_str_name().trim_start_matches("STEP_OUTCOME_").to_lowercase();
    let authority = step.authority.iter().map(|citation| match citation.href.as_str() {
        "" => citation.title.clone(),
        href => format!("{} {href}", citation.title),
    });
    let words: Vec<String> =
        [step.words.clone()].into_iter().chain(authority).filter(|text| !text.is_empty()).collect();
    Row::from(vec![
        if step.line == 0 { Cell::new("claim") } else { Cell::new(step.line) },
        Cell::new(&step.id),
        tone.map_or_else(|| Cell::new(&outcome), |tone| toned(&outcome, tone)),
        Cell::new(words.join("\n")),
        Cell::new(dollars(step.before_cents)),
        Cell::new(dollars(step.after_cents)),
    ])
}

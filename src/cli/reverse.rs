//! `reverse`: takes a paid claim back.

use std::io::Write;

use clap::Args;

use super::decision;
use super::output::dollars;
use super::target::Target;
use crate::client::Failure;
use crate::client::messages::typed_to_json;
use crate::proto::v1::{Recoupment, ReverseClaimRequest};

/// Take a paid claim back: the payee's next remittance reverses it
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  payersim reverse 03337259220001 --reason 'the patient was not there'
  payersim reverse 03337259220001 --reason 'records did not come' --deferred
  payersim reverse 03337259220001 --reason 'priced by the wrong contract' --redecide")]
pub(super) struct Reverse {
    /// The claim: its control number, or its whole name
    name: String,
    /// Why, in a sentence
    #[arg(long, value_name = "SENTENCE", default_value = "paid in error")]
    reason: String,
    /// Let the payee keep the money for a while: it is demanded now and collected later
    #[arg(long)]
    deferred: bool,
    /// Also decide the claim again, under today's payer and records
    #[arg(long)]
    redecide: bool,
    #[command(flatten)]
    target: Target,
}

impl Reverse {
    pub async fn run(self) -> Result<(), Failure> {
        let client = self.target.connect().await?;
        let recoupment = if self.deferred { Recoupment::Deferred } else { Recoupment::Immediate };
        let request = ReverseClaimRequest {
            name: client.name("claims", &self.name),
            reason: self.reason,
            recoupment: recoupment.into(),
            redecide: self.redecide,
            ..Default::default()
        };
        let claim = client.claims().reverse_claim(request).await?.into_inner();
        let mut out = self.target.out();
        if out.json {
            return Ok(out.value(&typed_to_json("Claim", &claim))?);
        }
        decision::print(&mut out, &claim)?;
        let Some(reversal) = claim.reversals.last() else { return Ok(()) };
        match &reversal.demand {
            Some(demand) => writeln!(
                out,
                "{} are demanded back; a remittance may collect them from {}",
                dollars(demand.amount_cents),
                demand.recoup_from
            )?,
            None => writeln!(out, "the payee's next remittance, from {}, carries the reversal", reversal.due_date)?,
        }
        Ok(())
    }
}

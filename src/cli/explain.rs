//! `explain`: every step of a decision, in order.

use super::explain_page as page;
use super::remedies;
use super::target::Target;
use crate::client::Failure;
use crate::client::messages::typed_to_json;
use crate::proto::v1::{ClaimState, ExplainClaimRequest};
use clap::Args;

/// Print why a claim was decided so: each line's reason, who bears it, the money step by step, what was looked at
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
        page::print(&mut out, &explained)?;
        let stands = explained.claim.as_ref().map(|claim| claim.state());
        if matches!(stands, Some(ClaimState::Rejected | ClaimState::Denied | ClaimState::Allowed)) {
            let found = remedies::find(&client, &self.name).await?;
            remedies::print_best(&mut out, &found, &self.name)?;
        }
        Ok(())
    }
}

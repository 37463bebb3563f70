//! `replace` and `void`: a claim that came in is corrected by another.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;

use super::decision;
use super::submission::claim_request;
use super::target::Target;
use crate::client::messages::typed_to_json;
use crate::client::{Client, Failure};
use crate::proto::v1::claim::Billed;
use crate::proto::v1::submit_claim_request::Claim as Sent;
use crate::proto::v1::{Claim, GetClaimRequest, SubmitClaimRequest};

/// Replace a claim by another (frequency 7)
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  payersim claim 03337259220001 --json > claim.json     then mend claim.json
  payersim replace 03337259220001 claim.json")]
pub(super) struct Replace {
    /// The claim that is replaced: its control number, or its whole name
    name: String,
    /// The right claim in JSON: a claim alone, or what `payersim claim --json` prints
    file: PathBuf,
    #[command(flatten)]
    target: Target,
}

/// Void a claim (frequency 8): what was paid is taken back, and nothing decided in its place
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  payersim void 03337259220001")]
pub(super) struct Void {
    /// The claim: its control number, or its whole name
    name: String,
    #[command(flatten)]
    target: Target,
}

impl Replace {
    pub async fn run(self) -> Result<(), Failure> {
        let client = self.target.connect().await?;
        let text = tokio::fs::read_to_string(&self.file).await.map_err(|error| Failure::file(&self.file, &error))?;
        let fault = |fault: String| Failure::Usage(format!("{}: {fault}", self.file.display()));
        let mut request = claim_request(&only_the_claim(&text)).map_err(fault)?;
        let number = decision::last_part(&self.name).to_owned();
        request.claim = request.claim.map(|claim| corrected(claim, '7', &number));
        submit(&self.target, &client, request).await
    }
}

impl Void {
    pub async fn run(self) -> Result<(), Failure> {
        let client = self.target.connect().await?;
        let request = GetClaimRequest { name: client.name("claims", &self.name) };
        let claim = client.claims().get_claim(request).await?.into_inner();
        let number = decision::last_part(&self.name);
        let sent = claim.billed.map(|billed| match billed {
            Billed::Professional(claim) => corrected(Sent::Professional(claim), '8', number),
            Billed::Institutional(claim) => corrected(Sent::Institutional(claim), '8', number),
        });
        submit(&self.target, &client, SubmitClaimRequest { claim: sent, ..Default::default() }).await
    }
}

/// A stored claim printed as JSON holds more than the claim: the rest is left out.
fn only_the_claim(text: &str) -> String {
    let json: Option<serde_json::Value> = serde_json::from_str(text).ok();
    let claim = json.as_ref().and_then(|json| json.get("professional").or_else(|| json.get("institutional")));
    claim.map_or_else(|| text.to_owned(), ToString::to_string)
}

/// A claim as a replacement or void of the one with a control number.
fn corrected(mut claim: Sent, frequency: char, number: &str) -> Sent {
    match &mut claim {
        Sent::Professional(claim) => {
            claim.frequency_code = frequency.to_string();
            number.clone_into(&mut claim.original_control_number);
        }
        Sent::Institutional(claim) => {
            claim.type_of_bill.pop();
            claim.type_of_bill.push(frequency);
            number.clone_into(&mut claim.original_control_number);
        }
    }
    claim
}

async fn submit(target: &Target, client: &Client, mut request: SubmitClaimRequest) -> Result<(), Failure> {
    client.sandbox().clone_into(&mut request.parent);
    let claim = client.claims().submit_claim(request).await?.into_inner();
    let mut out = target.out();
    if out.json {
        return Ok(out.value(&typed_to_json("Claim", &claim))?);
    }
    decision::print(&mut out, &claim)?;
    if let Some(original) = original(client, &claim).await? {
        writeln!(out)?;
        decision::print(&mut out, &original)?;
    }
    Ok(())
}

/// What a claim replaced or voided, as it stands now.
pub(super) async fn original(client: &Client, claim: &Claim) -> Result<Option<Claim>, Failure> {
    if claim.replaces.is_empty() {
        return Ok(None);
    }
    let request = GetClaimRequest { name: claim.replaces.clone() };
    Ok(Some(client.claims().get_claim(request).await?.into_inner()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proto::v1::InstitutionalClaim;

    #[test]
    fn a_bill_is_corrected_by_the_last_digit_of_its_type() {
        let bill = InstitutionalClaim { type_of_bill: "0131".into(), ..Default::default() };
        let Sent::Institutional(bill) = corrected(Sent::Institutional(bill), '7', "42") else { panic!() };
        assert_eq!((bill.type_of_bill.as_str(), bill.original_control_number.as_str()), ("0137", "42"));
    }

    #[test]
    fn a_stored_claim_is_cut_down_to_the_claim() {
        assert_eq!(only_the_claim(r#"{"name":"n","professional":{"payer_id":"P"}}"#), r#"{"payer_id":"P"}"#);
        assert_eq!(only_the_claim(r#"{"payer_id":"P"}"#), r#"{"payer_id":"P"}"#);
    }
}

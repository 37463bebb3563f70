//! `status`: where a claim stands, in the codes of a 277.

use std::io::Write;

use clap::Args;
use comfy_table::Row;

use super::output::{Out, Tone, dollars};
use super::target::Target;
use crate::client::Failure;
use crate::client::messages::typed_to_json;
use crate::proto::v1::{ClaimStatusAnswer, GetClaimStatusRequest, LineStatusAnswer, StatusCode};

/// Ask where claims stand, in the codes of a 277
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  payersim status 03337259220001                          by the payer's control number
  payersim status --number VISIT-101 --member DM100101    by your own number
  payersim status --member DM100101 --from 2026-07-01 --through 2026-07-31")]
pub(super) struct Status {
    /// The payer's control number, or the claim's whole name
    claim: Option<String>,
    /// Your own number (patient control number)
    #[arg(long)]
    number: Option<String>,
    /// Member number
    #[arg(long)]
    member: Option<String>,
    /// The patient's family name
    #[arg(long)]
    last_name: Option<String>,
    /// The patient's given name
    #[arg(long)]
    first_name: Option<String>,
    /// The patient's birth date
    #[arg(long, value_name = "YYYY-MM-DD")]
    birth_date: Option<String>,
    /// NPI of the provider who bills or treats
    #[arg(long, value_name = "NPI")]
    provider: Option<String>,
    /// First day of service
    #[arg(long, value_name = "YYYY-MM-DD")]
    from: Option<String>,
    /// Last day of service
    #[arg(long, value_name = "YYYY-MM-DD")]
    through: Option<String>,
    #[command(flatten)]
    target: Target,
}

impl Status {
    pub async fn run(self) -> Result<(), Failure> {
        let client = self.target.connect().await?;
        let request = GetClaimStatusRequest {
            parent: client.sandbox().to_owned(),
            control_number: self.claim.unwrap_or_default(),
            patient_control_number: self.number.unwrap_or_default(),
            member_id: self.member.unwrap_or_default(),
            last_name: self.last_name.unwrap_or_default(),
            first_name: self.first_name.unwrap_or_default(),
            birth_date: self.birth_date.unwrap_or_default(),
            provider_npi: self.provider.unwrap_or_default(),
            service_from: self.from.unwrap_or_default(),
            service_through: self.through.unwrap_or_default(),
            ..Default::default()
        };
        let answer = client.claim_status().get_claim_status(request).await?.into_inner();
        let mut out = self.target.out();
        if out.json {
            return Ok(out.value(&typed_to_json("GetClaimStatusResponse", &answer))?);
        }
        for claim in &answer.claims {
            print(&mut out, claim)?;
        }
        if let Some(status) = &answer.not_found {
            let missing = out.paint(Tone::Bad, &codes(status));
            writeln!(out, "{missing} {}", status.words)?;
        }
        Ok(())
    }
}

/// `F1:65`, or `F2:88:QC`.
fn codes(status: &StatusCode) -> String {
    let parts = [&status.category_code, &status.status_code, &status.entity_code];
    parts.into_iter().filter(|part| !part.is_empty()).map(String::as_str).collect::<Vec<_>>().join(":")
}

fn tone(status: &StatusCode) -> Tone {
    match status.category_code.as_str() {
        "F2" | "A3" | "A6" | "A7" | "A8" => Tone::Bad,
        category if category.starts_with('P') => Tone::Waiting,
        _ => Tone::Good,
    }
}

fn print(out: &mut Out, claim: &ClaimStatusAnswer) -> Result<(), Failure> {
    let name = claim.patient_name.as_ref().map(|name| format!("{}, {}", name.last, name.first)).unwrap_or_default();
    let number = if claim.control_number.is_empty() { "not taken in" } else { &claim.control_number };
    writeln!(out, "{number}  your number {}  {name} ({})", claim.patient_control_number, claim.member_id)?;
    for status in &claim.statuses {
        let painted = out.paint(tone(status), &codes(status));
        writeln!(out, "  {painted} {}, since {}", status.words, claim.status_date)?;
    }
    let finalized = !claim.finalized_date.is_empty();
    let paid = if finalized { format!(", paid {}", dollars(claim.paid_cents)) } else { String::new() };
    writeln!(
        out,
        "  charge {}{paid}, services {} through {}",
        dollars(claim.charge_cents),
        claim.service_from,
        claim.service_through
    )?;
    if !claim.trace_number.is_empty() {
        writeln!(out, "  on {} with trace {}", claim.remittance_date, claim.trace_number)?;
    } else if !claim.due_date.is_empty() {
        writeln!(out, "  payment falls due on {}", claim.due_date)?;
    }
    if claim.lines.is_empty() {
        return Ok(());
    }
    let header = ["line", "service", "on", "charge", "paid", "status", "in words"];
    Ok(out.table(&header, &["line", "charge", "paid"], claim.lines.iter().map(row).collect())?)
}

fn row(line: &LineStatusAnswer) -> Row {
    let service = [&line.revenue_code, &line.procedure_code].into_iter().chain(&line.modifiers);
    let service = service.filter(|part| !part.is_empty()).map(String::as_str).collect::<Vec<_>>().join(" ");
    let empty = StatusCode::default();
    let status = line.status.as_ref().unwrap_or(&empty);
    Row::from(vec![
        line.line.to_string(),
        service,
        line.service_from.clone(),
        dollars(line.charge_cents),
        dollars(line.paid_cents),
        codes(status),
        status.words.clone(),
    ])
}

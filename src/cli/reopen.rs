//! `reopen`: decisions are opened again, because the records have changed or because a claim of Original Medicare said something wrong.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use comfy_table::{Cell, Row};
use serde_json::Value;

use super::decision::{self, state_name, toned_state};
use super::output::dollars;
use super::target::Target;
use crate::client::messages::{typed_from_json, typed_to_json};
use crate::client::{Client, Failure};
use crate::proto::v1::claim::Billed;
use crate::proto::v1::{GetClaimRequest, Recoupment, ReopenClaimRequest, ReopenClaimsRequest};

/// Open decisions again: those that a change of records in the past has overtaken, or one of Original Medicare with what its claim should have said
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  payersim reopen --dry-run                             what would come out otherwise
  payersim reopen --member DM100101 --reason 'coverage ended on 1 July'
  payersim reopen 03337259220001 --set diagnoses.1.code=E119 --reason 'the diagnosis was keyed wrong'")]
pub(super) struct Reopen {
    /// One claim of Original Medicare, with changes: its control number, or its whole name
    #[arg(requires = "changes")]
    name: Option<String>,
    /// What its claim should have said, in JSON: fields that are not there stay as they are
    #[arg(long = "with", value_name = "FILE", group = "changes", requires = "name")]
    with: Option<PathBuf>,
    /// One thing that it should have said, lines and lists counted from 1: lines.1.units=2
    #[arg(long, value_name = "PATH=VALUE", group = "changes", requires = "name")]
    set: Vec<String>,
    /// Why so late, where a year has gone by: the new and material evidence, or the obvious error
    #[arg(long, value_name = "SENTENCE", default_value = "", requires = "name")]
    good_cause: String,
    /// Only the family of this member number
    #[arg(long, default_value = "")]
    member: String,
    /// Only claims billed by this NPI
    #[arg(long, default_value = "")]
    npi: String,
    /// Only list them
    #[arg(long)]
    dry_run: bool,
    /// Why, in a sentence
    #[arg(long, value_name = "SENTENCE", default_value = "")]
    reason: String,
    /// Let payees keep the money for a while
    #[arg(long)]
    deferred: bool,
    #[command(flatten)]
    target: Target,
}

impl Reopen {
    pub async fn run(self) -> Result<(), Failure> {
        let client = self.target.connect().await?;
        if let Some(name) = &self.name {
            return self.with_changes(&client, name).await;
        }
        let recoupment = if self.deferred { Recoupment::Deferred } else { Recoupment::Immediate };
        let request = ReopenClaimsRequest {
            parent: client.sandbox().to_owned(),
            member_id: self.member,
            billing_npi: self.npi,
            dry_run: self.dry_run,
            reason: self.reason,
            recoupment: recoupment.into(),
        };
        let answer = client.corrections().reopen_claims(request).await?.into_inner();
        let mut out = self.target.out();
        if out.json {
            return Ok(out.value(&typed_to_json("ReopenClaimsResponse", &answer))?);
        }
        let rows = answer.claims.iter().map(|found| {
            Row::from(vec![
                Cell::new(decision::last_part(&found.claim)),
                Cell::new(format!("{} {}", state_name(found.state_before()), found.reasons_before.join(" "))),
                Cell::new(dollars(found.paid_cents_before)),
                toned_state(found.state_after(), &found.reasons_after.join(" ")),
                Cell::new(dollars(found.paid_cents_after)),
                Cell::new(&found.words),
            ])
        });
        let header = ["claim", "was", "paid", "comes out", "pays", "and so"];
        out.table(&header, &["paid", "pays"], rows.collect())?;
        Ok(writeln!(out, "{} of {} decided claims come out otherwise", answer.claims.len(), answer.examined)?)
    }

    /// Opens one decision again, with what its claim should have said.
    async fn with_changes(&self, client: &Client, name: &str) -> Result<(), Failure> {
        let request = GetClaimRequest { name: client.name("claims", name) };
        let claim = client.claims().get_claim(request).await?.into_inner();
        let Some(Billed::Professional(said)) = &claim.billed else {
            return Err(Failure::Usage(format!(
                "{name} is a facility's bill: send one whose type of bill ends in 7 or 8"
            )));
        };
        let mut said = typed_to_json("ProfessionalClaim", said);
        if let Some(file) = &self.with {
            let text = tokio::fs::read_to_string(file).await.map_err(|error| Failure::file(file, &error))?;
            let fault = |error: serde_json::Error| Failure::Usage(format!("{}: {error}", file.display()));
            lay(&mut said, serde_json::from_str(&text).map_err(fault)?);
        }
        for change in &self.set {
            let fault = || Failure::Usage(format!("--set {change}: write PATH=VALUE, such as lines.1.units=2"));
            let (path, value) = change.split_once('=').ok_or_else(fault)?;
            set(&mut said, path, value).ok_or_else(fault)?;
        }
        let professional = typed_from_json("ProfessionalClaim", said).map_err(Failure::Usage)?;
        let reason = if self.reason.is_empty() { "a clerical error" } else { &self.reason };
        let request = ReopenClaimRequest {
            name: claim.name,
            professional: Some(professional),
            reason: reason.to_owned(),
            good_cause: self.good_cause.clone(),
            ..Default::default()
        };
        let claim = client.corrections().reopen_claim(request).await?.into_inner();
        let mut out = self.target.out();
        if out.json {
            return Ok(out.value(&typed_to_json("Claim", &claim))?);
        }
        Ok(decision::print(&mut out, &claim)?)
    }
}

/// Lays changes over a value, field by field; a list is replaced whole.
fn lay(base: &mut Value, over: Value) {
    match (base, over) {
        (Value::Object(fields), Value::Object(changes)) => {
            for (key, change) in changes {
                lay(fields.entry(key).or_insert(Value::Null), change);
            }
        }
        (base, over) => *base = over,
    }
}

/// Sets what stands at a path; `None` where there is no such place.
fn set(base: &mut Value, path: &str, value: &str) -> Option<()> {
    let mut place = base;
    for part in path.split('.') {
        place = match place {
            Value::Array(list) => list.get_mut(part.parse::<usize>().ok()?.checked_sub(1)?)?,
            Value::Object(fields) => fields.entry(part).or_insert(Value::Null),
            other => {
                *other = Value::Object(serde_json::Map::new());
                other.as_object_mut()?.entry(part).or_insert(Value::Null)
            }
        };
    }
    let text = || Value::String(value.to_owned());
    // What was text stays text: units are decimals, codes may be digits.
    *place = match place {
        Value::String(_) => text(),
        _ => serde_json::from_str(value).unwrap_or_else(|_| text()),
    };
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_leads_to_one_place_and_lists_count_from_one() {
        let mut claim =
            serde_json::json!({ "lines": [{ "units": "1", "modifiers": ["25"] }], "diagnoses": [{ "code": "J069" }] });
        set(&mut claim, "lines.1.units", "2").unwrap();
        set(&mut claim, "lines.1.modifiers", r#"["25","59"]"#).unwrap();
        set(&mut claim, "diagnoses.1.code", "E119").unwrap();
        assert_eq!(
            claim,
            serde_json::json!({ "lines": [{ "units": "2", "modifiers": ["25", "59"] }], "diagnoses": [{ "code": "E119" }] })
        );
        assert_eq!(set(&mut claim, "lines.2.units", "2"), None);
        lay(&mut claim, serde_json::json!({ "place_of_service": "22" }));
        assert_eq!(claim["place_of_service"], "22");
    }
}

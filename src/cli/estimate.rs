//! `estimate`: what would become of claims, without sending them in.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;

use super::output::Tone;
use super::target::Target;
use super::{decision, submission};
use crate::client::Failure;
use crate::client::messages::typed_to_json;
use crate::proto::v1::{EstimateClaimRequest, SubmitClaimRequest};
use crate::x12::claim_837::ClaimReader;
use crate::x12::examination::{Examination, Examined, SetReport};

/// Print what would become of claims, without sending them in
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  payersim estimate clinic.edi                          each claim of an 837 file, decided and not kept
  payersim estimate claim.json --as-of 2026-09-01       as if it came in on that day
Nothing is numbered, stored or taken from a deductible; a claim of a file is estimated as if it were the only one.")]
pub(super) struct Estimate {
    /// 837 files; with the ending .json, a claim in proto JSON
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// As if the claim came in and were decided on this day
    #[arg(long, value_name = "YYYY-MM-DD")]
    as_of: Option<String>,
    #[command(flatten)]
    target: Target,
}

impl Estimate {
    pub async fn run(self) -> Result<(), Failure> {
        let client = self.target.connect().await?;
        let mut out = self.target.out();
        let mut said = String::new();
        for file in &self.files {
            for mut request in read(file)? {
                if request.parent.is_empty() {
                    client.sandbox().clone_into(&mut request.parent);
                }
                let as_of_date = self.as_of.clone().unwrap_or_default();
                let request = EstimateClaimRequest { request: Some(request), as_of_date };
                let estimate = client.claims().estimate_claim(request).await?.into_inner();
                if out.json {
                    out.value(&typed_to_json("EstimateClaimResponse", &estimate))?;
                } else if let Some(claim) = &estimate.claim {
                    decision::print(&mut out, claim)?;
                    writeln!(out)?;
                }
                said = estimate.words;
            }
        }
        if !out.json {
            let said = out.paint(Tone::Heading, &said);
            writeln!(out, "{said}")?;
        }
        Ok(())
    }
}

fn read(path: &Path) -> Result<Vec<SubmitClaimRequest>, Failure> {
    let wrong = |words: String| Failure::Usage(format!("{}: {words}", path.display()));
    let bytes = std::fs::read(path).map_err(|error| Failure::file(path, &error))?;
    if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json")) {
        let text = String::from_utf8(bytes).map_err(|_| wrong("is not text".to_owned()))?;
        return submission::claim_request(&text).map(|request| vec![request]).map_err(wrong);
    }
    claims(&bytes).map_err(wrong)
}

/// The claims of every set that the guide lets through; what it does not let through is told.
fn claims(bytes: &[u8]) -> Result<Vec<SubmitClaimRequest>, String> {
    let mut claims = Vec::new();
    let mut examination = Examination::new(bytes);
    while let Some(examined) = examination.read().map_err(|error| error.to_string())? {
        let Examined::Set(report) = examined else { continue };
        if !report.is_accepted() {
            let faults = report.trailer.faults.iter().map(|fault| fault.words.clone());
            let faults: Vec<String> = faults.chain(report.checked.errors.iter().map(|e| e.words.clone())).collect();
            return Err(format!("would be turned away (999): {}", faults.join("; ")));
        }
        let SetReport { trailer, delimiters, .. } = report;
        let mut reader = ClaimReader::new(bytes, trailer.span, delimiters);
        while let Some(read) = reader.read().map_err(|error| error.to_string())? {
            let claim = Some(read.claim.into());
            claims.push(SubmitClaimRequest { claim, ..Default::default() });
        }
    }
    if claims.is_empty() {
        return Err("no claims there".to_owned());
    }
    Ok(claims)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_claims_of_a_file_are_read_and_a_broken_set_is_named() {
        let text = include_str!("../../examples/office-visit.edi");
        let found = claims(text.as_bytes()).unwrap();
        assert_eq!(found.len(), 1);
        let broken = text.replace("SE*", "SE*9");
        assert!(claims(broken.as_bytes()).unwrap_err().starts_with("would be turned away (999)"));
        assert_eq!(claims(b"").unwrap_err(), "no claims there");
    }
}

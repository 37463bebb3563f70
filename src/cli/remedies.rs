//! `remedies`: what would have paid a denied claim, and doing it.

use std::io::{self, Write};

use clap::Args;

use super::decision;
use super::output::{Out, Tone, dollars};
use super::target::Target;
use crate::client::messages::typed_to_json;
use crate::client::{Client, Failure};
use crate::proto::v1::{
    Claim, FindRemediesRequest, FindRemediesResponse, Remedy, RemedyFinding, RemedyPath, UpsertAuthorizationRequest,
    UpsertMemberRequest, UpsertProviderRequest,
};

/// Print what would have paid a denied claim, each way verified by deciding it again
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  payersim remedies 03337259220001                  each denied line, with the ways out of it
  payersim remedies 03337259220001 --apply 1        put the records in place, send the changed claim (or have it reopened), print its decision")]
pub(super) struct Remedies {
    /// The claim: its control number, or its whole name
    name: String,
    /// Carry this remedy out
    #[arg(long, value_name = "NUMBER")]
    apply: Option<i32>,
    #[command(flatten)]
    target: Target,
}

impl Remedies {
    pub async fn run(self) -> Result<(), Failure> {
        let client = self.target.connect().await?;
        let found = find(&client, &self.name).await?;
        let mut out = self.target.out();
        if let Some(number) = self.apply {
            let wanted = found.remedies.into_iter().find(|remedy| remedy.number == number);
            let Some(remedy) = wanted else {
                let words = format!("there is no remedy {number}: `payersim remedies {}` lists them", self.name);
                return Err(Failure::Usage(words));
            };
            let claim = apply(&client, &remedy).await?;
            if out.json {
                return Ok(out.value(&typed_to_json("Claim", &claim))?);
            }
            return Ok(decision::print(&mut out, &claim)?);
        }
        if out.json {
            return Ok(out.value(&typed_to_json("FindRemediesResponse", &found))?);
        }
        Ok(print(&mut out, &found)?)
    }
}

/// Asks for the remedies of a claim.
pub(super) async fn find(client: &Client, name: &str) -> Result<FindRemediesResponse, Failure> {
    let request = FindRemediesRequest { name: client.name("claims", name), ..Default::default() };
    Ok(client.remedies().find_remedies(request).await?.into_inner())
}

/// Puts the records in place and sends the changed claim, or has the decision reopened with it.
async fn apply(client: &Client, remedy: &Remedy) -> Result<Claim, Failure> {
    if let Some(request) = remedy.reopening.clone() {
        return Ok(client.corrections().reopen_claim(request).await?.into_inner());
    }
    let request = remedy.request.clone().unwrap_or_default();
    let (parent, mut directory) = (request.parent.clone(), client.directory());
    for record in remedy.members.iter().cloned() {
        let request = UpsertMemberRequest { parent: parent.clone(), member: Some(record) };
        directory.upsert_member(request).await?;
    }
    for record in remedy.providers.iter().cloned() {
        let request = UpsertProviderRequest { parent: parent.clone(), provider: Some(record) };
        directory.upsert_provider(request).await?;
    }
    for record in remedy.authorizations.iter().cloned() {
        let request = UpsertAuthorizationRequest { parent: parent.clone(), authorization: Some(record) };
        directory.upsert_authorization(request).await?;
    }
    Ok(client.claims().submit_claim(request).await?.into_inner())
}

fn print(out: &mut Out, found: &FindRemediesResponse) -> io::Result<()> {
    if let Some(claim) = &found.claim {
        decision::heading(out, claim)?;
    }
    if found.findings.is_empty() {
        return writeln!(out, "  Nothing of it is denied: there is nothing to mend.");
    }
    for finding in &found.findings {
        writeln!(out)?;
        print_finding(out, finding)?;
        let mut verified =
            finding.remedies.iter().filter_map(|number| found.remedies.iter().find(|remedy| remedy.number == *number));
        verified.try_for_each(|remedy| print_remedy(out, remedy))?;
        for advice in &finding.advice {
            let way = out.paint(Tone::Dim, path_in_words(advice.path()));
            writeln!(out, "   –  {way}: {}", advice.words)?;
        }
    }
    let told = format!(
        "\npayments hold at revision {} of the family; {} decisions were made to find them",
        found.family_revision, found.decisions
    );
    writeln!(out, "{}", out.paint(Tone::Dim, &told))
}

fn print_finding(out: &mut Out, finding: &RemedyFinding) -> io::Result<()> {
    let place = if finding.line == 0 { "the claim".to_owned() } else { format!("line {}", finding.line) };
    let group = finding.group().as_str_name().trim_start_matches("GROUP_CODE_");
    let code = if group == "UNSPECIFIED" { finding.code.clone() } else { format!("{group}-{}", finding.code) };
    let amount = if finding.amount_cents == 0 { String::new() } else { format!(" {}", dollars(finding.amount_cents)) };
    let title = out.paint(Tone::Bad, &format!("{code}{amount}"));
    writeln!(out, "{place}  {title}  {}", finding.words)
}

fn print_remedy(out: &mut Out, remedy: &Remedy) -> io::Result<()> {
    let paid = out.paint(Tone::Good, &format!("pays {}", dollars(remedy.paid_cents)));
    let owes = match remedy.patient_responsibility_cents {
        0 => String::new(),
        cents => format!(", the patient owes {}", dollars(cents)),
    };
    let gain = if remedy.gain_cents == remedy.paid_cents {
        String::new()
    } else {
        format!(", {} more than now", dollars(remedy.gain_cents))
    };
    writeln!(out, "  {:>2}. {}", remedy.number, remedy.words)?;
    writeln!(out, "      {paid}{owes}{gain}")?;
    if !remedy.only_if.is_empty() {
        writeln!(out, "      only if {}", remedy.only_if)?;
    }
    if remedy.changes.iter().any(|change| change.by_others) {
        let words = out.paint(Tone::Waiting, "somebody other than the provider has to act");
        writeln!(out, "      {words}")?;
    }
    Ok(())
}

/// A way, in words.
fn path_in_words(path: RemedyPath) -> &'static str {
    match path {
        RemedyPath::NewClaim => "new claim",
        RemedyPath::CorrectedClaim => "corrected claim",
        RemedyPath::Reopening => "reopening",
        RemedyPath::Appeal => "appeal, not verified",
        RemedyPath::Dispute => "dispute, not verified",
        RemedyPath::OtherPayer => "another payer",
        RemedyPath::Patient => "the patient",
        RemedyPath::None => "nothing",
        RemedyPath::Unspecified => "another way",
    }
}

/// The best way out in a few lines, for the page that explains a claim.
pub(super) fn print_best(out: &mut Out, found: &FindRemediesResponse, number: &str) -> io::Result<()> {
    if found.findings.is_empty() {
        return Ok(());
    }
    writeln!(out, "{}", out.paint(Tone::Heading, "what would pay"))?;
    let Some(best) = found.remedies.first() else {
        for advice in found.findings.iter().filter_map(|finding| finding.advice.first()).take(1) {
            writeln!(out, "  {}: {}", path_in_words(advice.path()), advice.words)?;
        }
        return Ok(());
    };
    print_remedy(out, best)?;
    writeln!(out, "      `payersim remedies {number}` lists all; `--apply {}` carries this one out", best.number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_remedy_says_what_to_do_what_it_pays_and_what_must_be_true() {
        let found = crate::client::messages::typed_from_json(
            "FindRemediesResponse",
            serde_json::json!({
                "findings": [{ "line": 1, "group": "CO", "code": "236", "amount_cents": 90000, "words": "Goes with 45385.",
                    "remedies": [1], "advice": [{ "path": "REMEDY_PATH_NONE", "words": "It is paid within the other." }] }],
                "remedies": [{ "number": 1, "words": "On line 1, append modifier 59.", "paid_cents": 30000, "gain_cents": 30000,
                    "only_if": "the services were distinct", "verified": true }],
                "family_revision": 3, "decisions": 9
            }),
        )
        .unwrap();
        let (mut out, text) = Out::captured();
        print(&mut out, &found).unwrap();
        let text = String::from_utf8(text.lock().unwrap().clone()).unwrap();
        for part in [
            "line 1  CO-236 900.00  Goes with 45385.",
            "1. On line 1, append modifier 59.",
            "pays 300.00",
            "only if the services were distinct",
            "nothing: It is paid within the other.",
            "revision 3 of the family",
        ] {
            assert!(text.contains(part), "{part:?} is missing in\n{text}");
        }
    }
}

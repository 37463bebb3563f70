//! The request for records, with the cover sheet that comes back on top of them.

use super::history::{Decision, History};
use super::parts::{heading, paragraph, row, sentence, table, text};
use super::scene::Scene;
use crate::letters::{address_lines, long_date};
use crate::payer::{Failure, Payer, State, records};
use crate::proto::v1 as pb;
use crate::store::keys::Matter;

impl Payer {
    /// The requests for documents of a claim, in order of asking.
    pub(super) fn requests_for_records(
        &self,
        state: &State,
        history: &History,
    ) -> Result<Vec<pb::DocumentRequest>, Failure> {
        let of_family = state.space().matters_of_family(Matter::DocumentRequest, history.lane);
        let mut found = Vec::new();
        for pair in records::all(self.store.as_ref(), &of_family)? {
            let request: pb::DocumentRequest = records::decode(&pair)?;
            found.extend((request.claim == history.claim.name).then_some(request));
        }
        Ok(found)
    }
}

/// What stood when it was asked.
pub(super) fn standing<'h>(request: &pb::DocumentRequest, history: &'h History) -> Option<&'h Decision> {
    let then = history.decisions.iter().filter(|decision| decision.decided <= request.requested_date);
    then.last().or(history.decisions.first())
}

/// Its number: what comes in answer names it.
fn number(request: &pb::DocumentRequest) -> &str {
    request.name.rsplit('/').next().unwrap_or_default()
}

pub(super) fn id(request: &pb::DocumentRequest) -> String {
    format!("records-{}-1", number(request))
}

/// The patient where the patient is asked, else who bills.
pub(super) fn to(scene: &Scene<'_>, request: &pb::DocumentRequest) -> Option<pb::LetterParty> {
    if request.of_patient { scene.addressee() } else { Some(scene.payee()) }
}

/// The body. What became of the request later is no part of it.
pub(super) fn body(scene: &Scene<'_>, request: &pb::DocumentRequest) -> Vec<pb::LetterBlock> {
    let due = long_date(&request.due_date);
    let what = if request.appeal.is_empty() { "decide the claim" } else { "decide the appeal on the claim" };
    let mut blocks = vec![
        paragraph(format!(
            "We need more in order to {what}. Please send us what stands here so that we have it by {due}."
        )),
        heading("What we ask for"),
        wanted(scene, request),
    ];
    if !request.reason.is_empty() {
        blocks.push(paragraph(format!("Why we ask: {}", sentence(&request.reason))));
    }
    blocks.push(paragraph(match request.appeal.as_str() {
        "" => format!(
            "What does not come by {due} is decided without: the claim, or the line that it is about, is denied with reason {} and remark {}. \
             Claims that wait for it are decided as soon as it comes.",
            request.carc, request.rarc
        ),
        _ => "Where it does not come, the appeal is decided on what there is.".to_owned(),
    }));
    blocks.push(heading("How to send it"));
    blocks.push(paragraph(format!(
        "Electronically: as an X12 275 with the control number {} (TRN02), or by upload. On paper: with the cover sheet below on top. Send only what is \
         asked for, and nothing about other patients.",
        number(request)
    )));
    blocks.push(heading("Cover sheet: put it on top"));
    blocks.push(cover_sheet(scene, request));
    blocks
}

fn wanted(scene: &Scene<'_>, request: &pb::DocumentRequest) -> pb::LetterBlock {
    let services = scene.services();
    let service = services.iter().find(|service| service.line == request.line && request.line != 0);
    let about = service.map_or_else(|| "The whole claim".to_owned(), super::scene::Service::phrase);
    let of = |want: &pb::WantedDocument| {
        let loinc = if want.loinc.is_empty() { "any".to_owned() } else { want.loinc.clone() };
        row(vec![text(sentence(&want.words)), text(loinc), text(want.report_types.join(", ")), text(&about)])
    };
    let mut rows: Vec<pb::LetterRow> = request.wants.iter().map(of).collect();
    if rows.is_empty() {
        rows.push(row(vec![text("Whatever supports the service."), text("any"), text("any"), text(&about)]));
    }
    table("Documents asked for", &["Document", "LOINC", "Kind of report", "About"], rows)
}

fn cover_sheet(scene: &Scene<'_>, request: &pb::DocumentRequest) -> pb::LetterBlock {
    let billed = scene.history.claim.billed.as_ref();
    let payer = scene.payer();
    let address = payer.address.as_ref().map(address_lines).unwrap_or_default();
    let to = [payer.name, "Claims documents".to_owned()].into_iter().chain(address).collect::<Vec<_>>().join(", ");
    let patient_number = match request.of_patient {
        true => String::new(),
        false => billed.map_or("", |billed| billed.patient_control_number()).to_owned(),
    };
    let pairs = [
        ("Attachment control number", number(request).to_owned()),
        ("Number that the claim gives it (PWK)", request.control_number.clone()),
        ("Claim number", scene.history.claim.control_number.clone()),
        ("Provider's number for the claim", patient_number),
        ("Provider's NPI", request.billing_npi.clone()),
        ("Asked on", long_date(&request.requested_date)),
        ("Due by", long_date(&request.due_date)),
        ("Send to", to),
    ];
    let rows = pairs.into_iter().filter(|(_, value)| !value.is_empty());
    table(
        "Cover sheet",
        &["What", "Number or day"],
        rows.map(|(what, value)| row(vec![text(what), text(value)])).collect(),
    )
}

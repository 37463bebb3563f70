//! Documents: what a claim was decided on and waits for, between messages and domain.

use crate::adjudication::documents as core;
use crate::domain::codes::{Carc, Code, Rarc};
use crate::domain::dates::parse_iso;
use crate::domain::document::{Asking, Awaited, Condition, Document, Documents, Requested, Wanted};
use crate::proto::store::v1 as stored;
use crate::proto::v1 as pb;
use crate::reference::loinc::loinc_words;

/// The documents that a claim is decided on; what cannot be read is left out.
pub fn seen(message: &stored::SeenDocuments) -> Documents {
    Documents {
        received: message.received.iter().filter_map(document).collect(),
        requested: message.requested.iter().filter_map(requested).collect(),
    }
}

fn document(message: &stored::SeenDocument) -> Option<Document> {
    Some(Document {
        report: Code::parse(&message.report_type_code)?,
        loinc: message.loinc.clone(),
        control_number: message.control_number.clone(),
        answers: message.answers.clone(),
        received: parse_iso(&message.received_date)?,
        condition: match message.assessment() {
            pb::DocumentAssessment::Unspecified | pb::DocumentAssessment::Complete => Condition::Good,
            pb::DocumentAssessment::Incomplete => Condition::Incomplete,
            pb::DocumentAssessment::NotLegible => Condition::Illegible,
            pb::DocumentAssessment::WrongClaim => Condition::Elsewhere,
        },
    })
}

fn requested(message: &stored::SeenRequest) -> Option<Requested> {
    Some(Requested {
        id: message.id.clone(),
        source: message.source.clone(),
        line: usize::try_from(message.line).ok().and_then(|line| line.checked_sub(1)),
        asking: Asking {
            wants: wants(&message.wants),
            of_patient: message.of_patient,
            carc: Carc::parse(&message.carc)?,
            rarc: Rarc::parse(&message.rarc)?,
        },
        due: parse_iso(&message.due_date)?,
    })
}

/// What is wanted, read.
pub fn wants(messages: &[pb::WantedDocument]) -> Vec<Wanted> {
    let want = |message: &pb::WantedDocument| Wanted {
        reports: message.report_types.iter().filter_map(|kind| Code::parse(kind)).collect(),
        loinc: message.loinc.clone(),
    };
    messages.iter().map(want).collect()
}

/// What a claim waits for, as a message.
pub(super) fn awaited(awaited: &Awaited) -> pb::AwaitedDocument {
    let asking = &awaited.asking;
    pb::AwaitedDocument {
        source: awaited.source.clone(),
        line: awaited.line.and_then(|at| i32::try_from(at + 1).ok()).unwrap_or(0),
        document_request: awaited.request.clone(),
        control_number: awaited.control_number.clone(),
        wants: asking.wants.iter().map(wanted).collect(),
        of_patient: asking.of_patient,
        due_date: awaited.due.to_string(),
        carc: asking.carc.to_string(),
        rarc: asking.rarc.to_string(),
    }
}

/// Something that is wanted, as a message.
pub fn wanted(want: &Wanted) -> pb::WantedDocument {
    let words = if want.loinc.is_empty() {
        core::wanted(std::slice::from_ref(want))
    } else {
        loinc_words(&want.loinc).to_owned()
    };
    pb::WantedDocument {
        loinc: want.loinc.clone(),
        report_types: want.reports.iter().map(ToString::to_string).collect(),
        words,
    }
}

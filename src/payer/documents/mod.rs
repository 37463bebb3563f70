//! Documents: what is sent for a claim, and what the payer asks for. A claim that waits for a document is decided again when it is
//! there, or when its last day is over.

mod ask;
mod assess;
mod content;
mod deadline;
mod lists;
mod matching;
pub(super) mod requests;
mod seen;
mod submit;
mod write;

pub use content::DocumentUpload;
pub(super) use matching::{Arriving, arriving, stage};
pub(super) use requests::{awaits, reconcile, withdraw_all};
pub(super) use seen::seen;

use super::claims::{claim_place, split_name};
use super::{Caller, Failure, Payer, Sandbox, State, records};
use crate::domain::dates::{Date, parse_iso, plus_days};
use crate::proto::store::v1::DocumentRecord;
use crate::proto::v1 as pb;
use crate::store::keys::{Lane, Matter};

/// Days in which what is asked for may come, where nothing is said (29 CFR 2560.503-1(f)(2)(iii)(B)).
const USUAL_DAYS: i32 = 45;
/// Most bytes of one document, where nothing is said.
const USUAL_BYTES: u64 = 64 << 20;
/// Collections of resource names.
const DOCUMENTS: &str = "documents";
const REQUESTS: &str = "documentRequests";

/// Splits the name of a matter into its sandbox's and its place.
fn place(name: &str, collection: &str, kind: Matter) -> Result<(String, Lane, u64), Failure> {
    let unknown = || Failure::Unknown(name.to_owned());
    let (parent, id) = split_name(name, collection).ok_or_else(unknown)?;
    let (lane, number) = kind.parse(id).ok_or_else(unknown)?;
    Ok((parent.to_owned(), lane, number))
}

/// The last part of a resource's name.
fn id_of(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or_default()
}

/// The first day on which it is too late: the clock comes back to it then.
fn day_after(due: &str) -> String {
    parse_iso(due).map_or_else(String::new, |due| plus_days(due, 1).to_string())
}

/// What the payer in force says of documents.
fn settings(state: &State) -> pb::DocumentSettings {
    state.in_force.folder.payer.as_ref().and_then(|payer| payer.documents).unwrap_or_default()
}

/// The last day of what is asked today, where nothing else is said.
fn usual_due(state: &State, today: Date) -> Date {
    let days = settings(state).days;
    plus_days(today, if days > 0 { days } else { USUAL_DAYS })
}

impl Payer {
    /// A document by its name.
    pub fn document(&self, caller: &Caller, name: &str) -> Result<pb::Document, Failure> {
        let (_, record) = self.document_record(caller, name)?;
        Ok(record.document.unwrap_or_default())
    }

    fn document_record(
        &self,
        caller: &Caller,
        name: &str,
    ) -> Result<(std::sync::Arc<Sandbox>, DocumentRecord), Failure> {
        let (parent, lane, number) = place(name, DOCUMENTS, Matter::Document)?;
        let sandbox = self.sandbox(caller, &parent)?;
        let key = sandbox.read().space().matter(Matter::Document, lane, number);
        let record = records::get(self.store.as_ref(), key)?.ok_or_else(|| Failure::Unknown(name.to_owned()))?;
        Ok((sandbox, record))
    }

    /// A request for documents by its name.
    pub fn document_request(&self, caller: &Caller, name: &str) -> Result<pb::DocumentRequest, Failure> {
        let (parent, lane, number) = place(name, REQUESTS, Matter::DocumentRequest)?;
        let sandbox = self.sandbox(caller, &parent)?;
        let key = sandbox.read().space().matter(Matter::DocumentRequest, lane, number);
        records::get(self.store.as_ref(), key)?.ok_or_else(|| Failure::Unknown(name.to_owned()))
    }
}

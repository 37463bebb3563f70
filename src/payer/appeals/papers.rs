//! Papers that support an appeal: what is named as a document must be one of the sandbox, and says itself what it is where nobody does.

use super::super::claims::split_name;
use super::super::{Failure, Payer, State, records};
use super::effect::id;
use crate::proto::store::v1::DocumentRecord;
use crate::proto::v1 as pb;
use crate::store::keys::Matter;
use crate::wire;

impl Payer {
    /// Evidence as it comes in today, for an appeal on a claim; none: on something else.
    pub(super) fn papers(
        &self,
        state: &State,
        (parent, claim): (&str, &str),
        evidence: &[pb::AppealEvidence],
    ) -> Result<Vec<pb::AppealEvidence>, Failure> {
        let today = self.today(state).to_string();
        let one = |(at, given): (usize, &pb::AppealEvidence)| {
            let mut given = pb::AppealEvidence { received_date: today.clone(), excluded: false, ..given.clone() };
            if given.document.is_empty() {
                return Ok(given);
            }
            let refuse = |words: String| Failure::field(format!("evidence[{at}].document"), words);
            let document = self.document_named(state, parent, &given.document)?;
            let document = document.ok_or_else(|| {
                refuse(format!("there is no document {:?} in {parent}: send it first (SubmitDocument)", given.document))
            })?;
            if !claim.is_empty() && !document.claim.is_empty() && document.claim != claim {
                return Err(refuse(format!("{} belongs to claim {}", id(&document.name), id(&document.claim))));
            }
            match document.assessment() {
                pb::DocumentAssessment::WrongClaim => {
                    return Err(refuse(
                        "was found to be about another claim or patient: send the right one".to_owned(),
                    ));
                }
                pb::DocumentAssessment::NotLegible => {
                    return Err(refuse("was found not to be legible: send it again".to_owned()));
                }
                _ => {}
            }
            if given.kind.is_empty() {
                wire::appeals::kind_of(&document).id().clone_into(&mut given.kind);
            }
            Ok(given)
        };
        evidence.iter().enumerate().map(one).collect()
    }

    /// A document of the sandbox, by its name.
    fn document_named(&self, state: &State, parent: &str, name: &str) -> Result<Option<pb::Document>, Failure> {
        let place = split_name(name, "documents").filter(|(of, _)| *of == parent);
        let Some((lane, number)) = place.and_then(|(_, id)| Matter::Document.parse(id)) else { return Ok(None) };
        let key = state.space().matter(Matter::Document, lane, number);
        let record: Option<DocumentRecord> = records::get(self.store.as_ref(), key)?;
        Ok(record.and_then(|record| record.document))
    }
}

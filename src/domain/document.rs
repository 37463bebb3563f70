//! Documents that came in for a claim, and what the payer has asked for and waits for.

use super::codes::{Carc, Code, Rarc};
use super::dates::Date;

/// A document that a claim names, and that travels apart from it (837 PWK).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedDocument {
    /// Kind of report (PWK01).
    pub report: Code<2>,
    /// The number that it will carry (PWK06); may be empty.
    pub control_number: String,
}

/// A document that came in for a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Kind of report (PWK01).
    pub report: Code<2>,
    /// LOINC code of what it is; may be empty.
    pub loinc: String,
    /// Attachment control number; may be empty.
    pub control_number: String,
    /// The request that it answers, by id; empty: none.
    pub answers: String,
    /// Sandbox date on which it came in.
    pub received: Date,
    /// What it was found to be.
    pub condition: Condition,
}

/// What a document was found to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Condition {
    /// What it should be.
    #[default]
    Good,
    /// A part of it is missing.
    Incomplete,
    /// It cannot be read.
    Illegible,
    /// It is about another claim or patient.
    Elsewhere,
}

/// One thing that is wanted: a document that has the LOINC code, or is of one of the kinds. Nothing said: any document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Kinds of reports one of which will do (PWK01).
    pub reports: Vec<Code<2>>,
    /// LOINC code; may be empty.
    pub loinc: String,
}

/// What is asked for, of whom, and what follows where it does not come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asking {
    /// What is wanted; empty: any document.
    pub wants: Vec<Wanted>,
    /// The patient is asked, not the provider.
    pub of_patient: bool,
    /// Reason where it does not come: 226 or 252; of the patient 227.
    pub carc: Carc,
    /// Remark beside it.
    pub rarc: Rarc,
}

/// What the payer has asked for, for a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requested {
    /// Its id.
    pub id: String,
    /// What asked: an edit's id, a policy's, or whoever did.
    pub source: String,
    /// The line that it is about, zero-based; `None`: the claim.
    pub line: Option<usize>,
    /// What is asked for.
    pub asking: Asking,
    /// Last day on which it may come.
    pub due: Date,
}

/// Documents as they stand when a claim is decided.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Documents {
    /// What came in for the claim, in order of arrival.
    pub received: Vec<Document>,
    /// What the payer asked for.
    pub requested: Vec<Requested>,
}

/// What a claim waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Awaited {
    /// Who asks: an edit's id, a policy's.
    pub source: String,
    /// The line, zero-based; `None`: the claim.
    pub line: Option<usize>,
    /// The request that is open already, by id; empty: none is.
    pub request: String,
    /// The attachment control number that the claim names; empty: it names none.
    pub control_number: String,
    /// What is asked for.
    pub asking: Asking,
    /// Last day on which it may come.
    pub due: Date,
}

impl Wanted {
    /// Whether a document is what is wanted. One that answers a request and says no LOINC code is taken at its word.
    pub fn fits(&self, document: &Document, answers: bool) -> bool {
        let any = self.reports.is_empty() && self.loinc.is_empty();
        let by_loinc = !self.loinc.is_empty() && self.loinc == document.loinc;
        let unsaid = !self.loinc.is_empty() && self.reports.is_empty() && document.loinc.is_empty() && answers;
        any || by_loinc || unsaid || self.reports.contains(&document.report)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::dates::date;

    fn document(report: &'static str, loinc: &str) -> Document {
        Document {
            report: Code::new(report),
            loinc: loinc.into(),
            control_number: String::new(),
            answers: String::new(),
            received: date(2026, 7, 15),
            condition: Condition::Good,
        }
    }

    #[test]
    fn a_document_fits_by_its_loinc_code_or_by_its_kind() {
        let note = Wanted { reports: vec![Code::new("OB")], loinc: "11504-8".into() };
        assert!(note.fits(&document("OB", ""), false));
        assert!(note.fits(&document("M1", "11504-8"), false));
        assert!(!note.fits(&document("RR", "18748-4"), true));
        assert!(Wanted::default().fits(&document("RR", ""), false));
    }

    #[test]
    fn only_an_answer_that_says_no_code_is_taken_at_its_word() {
        let summary = Wanted { reports: vec![], loinc: "18842-5".into() };
        assert!(summary.fits(&document("M1", ""), true));
        assert!(!summary.fits(&document("M1", ""), false));
        assert!(!summary.fits(&document("M1", "11504-8"), true));
    }
}

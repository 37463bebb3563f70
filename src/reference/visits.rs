//! Visits: the codes of evaluation and management, by where the physician sees the patient.
//!
//! CPT's numbers (copyright American Medical Association), in our own grouping. Who is a new patient: Medicare Claims
//! Processing Manual, chapter 12, section 30.6.7.

use crate::domain::codes::ProcedureCode;

/// Where, or what for, a visit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VisitKind {
    /// Office or other outpatient.
    Office,
    /// Eye examination, a visit like one in the office.
    Eye,
    /// Hospital, or observation.
    Hospital,
    /// Consultation.
    Consultation,
    /// Emergency room.
    Emergency,
    /// Critical care, by time.
    CriticalCare,
    /// Nursing facility.
    NursingFacility,
    /// Home.
    Home,
    /// A checkup.
    Checkup,
}

const fn row(first: &str, last: &str, kind: VisitKind) -> (ProcedureCode, ProcedureCode, VisitKind) {
    (ProcedureCode::new(first), ProcedureCode::new(last), kind)
}

const KINDS: [(ProcedureCode, ProcedureCode, VisitKind); 9] = [
    row("92002", "92014", VisitKind::Eye),
    row("99202", "99215", VisitKind::Office),
    row("99221", "99239", VisitKind::Hospital),
    row("99242", "99255", VisitKind::Consultation),
    row("99281", "99285", VisitKind::Emergency),
    row("99291", "99292", VisitKind::CriticalCare),
    row("99304", "99316", VisitKind::NursingFacility),
    row("99341", "99350", VisitKind::Home),
    row("99381", "99397", VisitKind::Checkup),
];

/// What kind of visit a code is; `None` for what is none.
pub fn visit_kind(code: ProcedureCode) -> Option<VisitKind> {
    // Nearly every other code begins otherwise.
    if !code.as_str().starts_with('9') {
        return None;
    }
    KINDS.iter().find(|(first, last, _)| *first <= code && code <= *last).map(|(.., kind)| *kind)
}

/// Codes of visits of new patients, each with that of a known one of the same level.
const NEW: [(&str, &str); 17] = [
    ("92002", "92012"),
    ("92004", "92014"),
    ("99202", "99212"),
    ("99203", "99213"),
    ("99204", "99214"),
    ("99205", "99215"),
    ("99341", "99347"),
    ("99342", "99348"),
    ("99344", "99349"),
    ("99345", "99350"),
    ("99381", "99391"),
    ("99382", "99392"),
    ("99383", "99393"),
    ("99384", "99394"),
    ("99385", "99395"),
    ("99386", "99396"),
    ("99387", "99397"),
];

/// For the code of a new patient's visit, that of a known patient's; `None` for any other code.
pub fn of_known_patient(code: ProcedureCode) -> Option<&'static str> {
    visit_kind(code)?;
    NEW.iter().find(|(new, _)| *new == code.as_str()).map(|(_, known)| *known)
}

/// Years after a service in which the patient is no new one.
pub const NEW_PATIENT_YEARS: i16 = 3;

/// Whether the physician sees the patient for a service: a visit, psychotherapy or an operation, not the reading of a test.
pub fn is_face_to_face(code: ProcedureCode) -> bool {
    let psychotherapy = (ProcedureCode::new("90785"), ProcedureCode::new("90853"));
    let operation = (ProcedureCode::new("10000"), ProcedureCode::new("69999"));
    let digits = code.as_str().bytes().all(|b| b.is_ascii_digit());
    let within = |(first, last): (ProcedureCode, ProcedureCode)| first <= code && code <= last;
    digits && (visit_kind(code).is_some() || within(psychotherapy) || within(operation))
        // Drawing blood is no service of the physician.
        && code != ProcedureCode::new("36415")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_visit_has_one_kind_and_a_test_has_none() {
        let kind = |code| visit_kind(ProcedureCode::new(code));
        assert_eq!(kind("99203"), Some(VisitKind::Office));
        assert_eq!(kind("99233"), Some(VisitKind::Hospital));
        assert_eq!(kind("99396"), Some(VisitKind::Checkup));
        assert_eq!([kind("80053"), kind("93000"), kind("99072")], [None, None, None]);
    }

    #[test]
    fn each_code_of_a_new_patient_has_one_of_a_known_patient_of_the_same_kind() {
        for (new, known) in NEW {
            let [new, known] = [new, known].map(ProcedureCode::new);
            assert_eq!(visit_kind(new), visit_kind(known));
            assert!(of_known_patient(new).is_some() && of_known_patient(known).is_none(), "{new}");
        }
    }

    #[test]
    fn reading_an_image_is_not_seeing_the_patient() {
        assert!(["99213", "44970", "90834"].iter().all(|code| is_face_to_face(ProcedureCode::new(code))));
        assert!(["70551", "93010", "80053", "36415", "J1885"].iter().all(|c| !is_face_to_face(ProcedureCode::new(c))));
    }
}

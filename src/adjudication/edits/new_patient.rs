//! New patient: a visit of a new patient, whom the practice has seen within three years.
//!
//! Seen: a visit, psychotherapy or an operation by the same physician or one of the same group and specialty; reading a
//! test is none (modifier 26), and neither is assisting.

use super::{CLAIMS_MANUAL, Case, Check, Denial, Edit, Fact, Finding, Proceedings, Reason, Service};
use crate::domain::codes::{Modifier, ProcedureCode, carc};
use crate::domain::dates::{Period, date, plus_years};
use crate::domain::determination::Citation;
use crate::reference::visits::{NEW_PATIENT_YEARS, is_face_to_face, of_known_patient};

pub(super) const EDIT: Edit = Edit {
    id: "new-patient",
    summary: "A visit of a new patient, whom the practice has seen within three years.",
    reasons: &[Reason::contractual("B16", "M13", "the provider bills the visit of a known patient instead")],
    effective: Period::since(date(2010, 1, 1)),
    authority: &[Citation {
        title: "Medicare Claims Processing Manual, chapter 12, section 30.6.7 (new and established patients)",
        href: CLAIMS_MANUAL,
    }],
    looks_at: &[Fact::Procedure, Fact::ServiceDates, Fact::RenderingProvider, Fact::OtherLines, Fact::History],
    check: Check::Line(check),
};

/// Under these the physician did not see the patient, or not for himself.
const UNSEEN: [&str; 6] = ["26", "TC", "80", "81", "82", "AS"];

fn check(case: &Case<'_>, proceedings: &Proceedings, service: &Service<'_>) -> Finding {
    let line = service.line;
    let Some(known) = of_known_patient(line.procedure) else { return Finding::Pass };
    if service.cover.is_none() || case.file.claim.institutional.is_some() {
        return Finding::Pass;
    }
    let since = plus_years(line.from, -NEW_PATIENT_YEARS);
    let sees = |code: ProcedureCode, modifiers: &[Modifier; 4]| {
        is_face_to_face(code) && !modifiers.iter().any(|modifier| UNSEEN.contains(&modifier.as_str()))
    };
    let seen = |code, day, place: &str| {
        let words = format!(
            "{} is for new patients; this practice saw the patient on {day} ({code}, {place}). ",
            line.procedure
        );
        Finding::Deny(Denial::contractual(carc("B16"), words + &format!("The visit is {known}.")).remark("M13"))
    };
    let earlier = case.services.iter().find(|other| {
        let before = other.line.from < line.from || (other.line.from == line.from && other.at < service.at);
        before
            && other.line.from > since
            && (other.line.from < line.from || of_known_patient(other.line.procedure).is_some())
            && sees(other.line.procedure, &other.line.modifiers)
            && !proceedings.is_denied(other.at)
            && case.share_practice(service, other)
    });
    if let Some(other) = earlier {
        return seen(other.line.procedure, other.line.from, &format!("line {}", other.at + 1));
    }
    let past = case.history.iter().find(|past| {
        since < past.from
            && past.from < line.from
            && !past.denied
            && past.bill.is_none()
            && sees(past.procedure, &past.modifiers)
            && case.is_of_practice(service, past)
    });
    past.map_or(Finding::Pass, |past| seen(past.procedure, past.from, &format!("claim {}", past.control_number)))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::adjudication::{ClaimFile, example};

    /// 99203 on 2026-03-02, after the doctor gave that service on that day.
    fn after(code: &str, day: crate::domain::dates::Date) -> ClaimFile {
        let mut file = example::office_visit();
        example::payer(&mut file).procedures.complete = false;
        let mut past = example::earlier(&file);
        (past.procedure, past.from, past.through) = (ProcedureCode::new(code), day, day);
        file.history = vec![past].into();
        file.claim.lines[0].procedure = ProcedureCode::new("99203");
        file
    }

    #[test]
    fn three_years_after_the_last_visit_a_patient_is_new_again() {
        assert_eq!(example::denial(&after("99213", date(2023, 3, 3))), "CO-B16 M13");
        assert_eq!(example::denial(&after("99213", date(2023, 3, 2))), "");
        assert!(example::words(&after("99213", date(2026, 1, 5)), "new-patient").ends_with("The visit is 99213."));
    }

    #[test]
    fn who_only_read_a_test_has_not_seen_the_patient() {
        assert_eq!(example::denial(&after("93010", date(2026, 1, 5))), "");
        let mut file = after("93458", date(2026, 1, 5));
        Arc::make_mut(&mut file.history)[0].modifiers[0] = Modifier::new("26");
        assert_eq!(example::denial(&file), "");
        assert_eq!(example::denial(&after("44970", date(2026, 1, 5))), "CO-B16 M13");
    }

    #[test]
    fn a_colleague_of_the_group_and_specialty_has_seen_the_patient_too() {
        let colleague = |taxonomy: &str, tax_id: &str| {
            let mut file = after("99213", date(2026, 1, 5));
            let mut other = example::provider(example::STRANGER);
            other.taxonomy = taxonomy.into();
            file.providers.push(other);
            let past = &mut Arc::make_mut(&mut file.history)[0];
            past.rendering_npi = example::STRANGER;
            past.claim = Arc::new(crate::domain::determination::EarlierClaim {
                billing_tax_id: tax_id.into(),
                ..(*past.claim).clone()
            });
            example::denial(&file)
        };
        assert_eq!(colleague("207Q00000X", "123456789"), "CO-B16 M13");
        assert_eq!(colleague("207RC0000X", "123456789"), "", "another specialty");
        assert_eq!(colleague("207Q00000X", "987654321"), "", "another group");
    }

    #[test]
    fn on_one_claim_the_second_visit_of_a_new_patient_is_none() {
        let mut file = after("99213", date(2020, 1, 5));
        file.claim.lines.push(example::line("99204", 20_000));
        (file.claim.lines[1].from, file.claim.lines[1].through) = (date(2026, 3, 3), date(2026, 3, 3));
        assert_eq!(example::denials(&file), ["", "CO-B16 M13"]);
    }
}

//! Duplicate: the same service came in before, on an earlier claim or on this one.
//!
//! Exact: same patient, billing and rendering provider, days, procedure, modifiers, units and charge. Suspect: only
//! patient, rendering provider, first day and procedure agree; what that meets is the plan's choice. A denied service
//! counts (it is to be corrected or appealed, not sent again); an unprocessable one does not, nor does the original that
//! this claim replaces.

use rust_decimal::Decimal;

use super::{CLAIMS_MANUAL, Case, Check, Denial, Edit, Fact, Finding, Proceedings, Reason, Service};
use crate::domain::claim::ServiceLine;
use crate::domain::codes::{Modifier, Npi, ProcedureCode, RevenueCode, carc};
use crate::domain::dates::{Date, Period, date};
use crate::domain::determination::{Citation, HistoryLine};
use crate::domain::institutional::TypeOfBill;
use crate::domain::money::Money;
use crate::domain::plan::SuspectDuplicates;

pub(super) const EDIT: Edit = Edit {
    id: "duplicate",
    summary: "The same service was billed before.",
    reasons: &[Reason::other("18", "", "it was decided before, so nobody owes it again")],
    effective: Period::since(date(2010, 1, 1)),
    authority: &[
        Citation { title: "Medicare Claims Processing Manual, chapter 1, section 120", href: CLAIMS_MANUAL },
        Citation::PLAN,
    ],
    looks_at: &[
        Fact::Procedure,
        Fact::Modifiers,
        Fact::ServiceDates,
        Fact::Units,
        Fact::Charge,
        Fact::RenderingProvider,
        Fact::OtherLines,
        Fact::History,
    ],
    check: Check::Line(check),
};

/// These say that a service is a further one of its kind.
const FURTHER: [&str; 8] = ["59", "76", "77", "91", "XE", "XP", "XS", "XU"];

/// These say which part of the body, of the service or of the drug it was. With others, it was another service.
const PART: [&str; 35] = [
    "26", "E1", "E2", "E3", "E4", "F1", "F2", "F3", "F4", "F5", "F6", "F7", "F8", "F9", "FA", "JW", "JZ", "LC", "LD",
    "LM", "LT", "RC", "RI", "RT", "T1", "T2", "T3", "T4", "T5", "T6", "T7", "T8", "T9", "TA", "TC",
];

/// Frequency of a bill of late charges only.
const LATE_CHARGES: &str = "5";

/// What is compared.
#[derive(Clone, Copy, PartialEq)]
struct Act {
    rendering: Npi,
    procedure: ProcedureCode,
    from: Date,
    billing: Npi,
    modifiers: [Modifier; 4],
    through: Date,
    units: Decimal,
    charge: Money,
    revenue: RevenueCode,
    /// Type of a facility's bill.
    bill: Option<TypeOfBill>,
}

fn check(case: &Case<'_>, _: &Proceedings, service: &Service<'_>) -> Finding {
    let Some(cover) = service.cover else { return Finding::Pass };
    let billing = case.file.claim.billing_npi;
    let bill = case.file.claim.institutional.as_ref().map(|facility| facility.bill);
    let this = act(service.line, billing, bill);
    let mut suspect = None;
    for past in &case.history {
        let other = past_act(past);
        if this.is_like(&other) {
            if this == other {
                return exact(format!("Claim {} of {} has the same service", past.control_number, past.from));
            }
            suspect.get_or_insert_with(|| format!("Claim {}", past.control_number));
        }
    }
    // A facility's lines without a procedure are sums, and two of a kind are not the same.
    let is_sum = bill.is_some() && service.line.procedure.is_none();
    let is_further = is_sum || service.line.modifiers().any(|modifier| FURTHER.contains(&modifier.as_str()));
    for before in case.services.iter().take(service.at).filter(|_| !is_further) {
        let other = act(before.line, billing, bill);
        if this.is_like(&other) {
            if this == other {
                return exact(format!("Line {} of this claim is the same service", before.at + 1));
            }
            suspect.get_or_insert_with(|| format!("Line {} of this claim", before.at + 1));
        }
    }
    let Some(place) = suspect else { return Finding::Pass };
    let words = format!(
        "{place} has {} of the same provider and day, but with another charge, units, modifiers or biller.",
        service.line.billed()
    );
    match cover.plan.suspect_duplicates {
        SuspectDuplicates::Deny => Finding::Deny(Denial::other(carc("18"), words)),
        SuspectDuplicates::Pay => Finding::Note(words),
        SuspectDuplicates::Pend => Finding::Pend("suspect duplicate", words),
    }
}

fn exact(what: String) -> Finding {
    let words = format!("{what}: provider, days, procedure, modifiers, units and charge agree.");
    Finding::Deny(Denial::other(carc("18"), words))
}

impl Act {
    /// At least suspect.
    fn is_like(&self, other: &Act) -> bool {
        (self.procedure, self.from, self.rendering) == (other.procedure, other.from, other.rendering)
            && self.revenue == other.revenue
            && same_bill(self.bill, other.bill)
            && !is_set_apart(&self.modifiers, &other.modifiers)
            && !is_set_apart(&other.modifiers, &self.modifiers)
    }
}

/// Whether a service has a mark of its own that the other has not.
fn is_set_apart(modifiers: &[Modifier; 4], from: &[Modifier; 4]) -> bool {
    let is_mark = |m: &Modifier| FURTHER.contains(&m.as_str()) || PART.contains(&m.as_str());
    modifiers.iter().any(|modifier| is_mark(modifier) && !from.contains(modifier))
}

/// Whether two bills may be for the same: of one kind of facility and care, and none of late charges only.
fn same_bill(one: Option<TypeOfBill>, other: Option<TypeOfBill>) -> bool {
    match (one, other) {
        (None, None) => true,
        (Some(a), Some(b)) => {
            a.kind() == b.kind() && (a.frequency() == LATE_CHARGES) == (b.frequency() == LATE_CHARGES)
        }
        _ => false,
    }
}

fn act(line: &ServiceLine, billing: Npi, bill: Option<TypeOfBill>) -> Act {
    Act {
        revenue: line.revenue,
        bill: bill.map(TypeOfBill::as_first_sent),
        rendering: line.rendering_npi,
        procedure: line.procedure,
        from: line.from,
        billing,
        modifiers: line.modifiers,
        through: line.through,
        units: line.units,
        charge: line.charge,
    }
}

fn past_act(past: &HistoryLine) -> Act {
    Act {
        revenue: past.revenue,
        bill: past.bill.map(TypeOfBill::as_first_sent),
        rendering: past.rendering_npi,
        procedure: past.procedure,
        from: past.from,
        billing: past.billing_npi,
        modifiers: past.modifiers,
        through: past.through,
        units: past.units,
        charge: past.charge,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::adjudication::{ClaimFile, example};
    use crate::domain::claim::Frequency;

    /// The visit, sent a second time.
    fn sent_again() -> ClaimFile {
        let mut file = example::office_visit();
        file.history = vec![example::earlier(&file)].into();
        file
    }

    /// Modifiers of the claim's line and of the earlier one.
    fn mark(file: &mut ClaimFile, here: &str, before: &str) {
        let modified = |modifiers| example::modified(example::line("99213", 0), modifiers).modifiers;
        file.claim.lines[0].modifiers = modified(here);
        Arc::make_mut(&mut file.history)[0].modifiers = modified(before);
    }

    #[test]
    fn the_same_claim_sent_again_is_a_duplicate_whether_or_not_the_first_was_paid() {
        let mut file = sent_again();
        assert_eq!(example::denial(&file), "OA-18");
        Arc::make_mut(&mut file.history)[0].denied = true;
        assert_eq!(example::denial(&file), "OA-18");
        assert!(example::words(&file, "duplicate").contains("ICN-0"));
    }

    #[test]
    fn a_first_claim_that_could_not_be_processed_is_no_obstacle() {
        let mut file = sent_again();
        Arc::make_mut(&mut file.history)[0].unprocessable = true;
        assert_eq!(example::denial(&file), "");
    }

    #[test]
    fn a_replacement_is_no_duplicate_of_its_original_but_of_any_other_claim() {
        let mut file = sent_again();
        file.claim.frequency = Frequency::Replacement;
        file.claim.original_control_number = "ICN-0".into();
        assert_eq!(example::denials(&file), [""]);
        Arc::make_mut(&mut file.history)[0].control_number = "ICN-X".into();
        assert_eq!(example::denials(&file), ["OA-18"]);
    }

    #[test]
    fn another_day_procedure_provider_or_patient_is_another_service() {
        let mut file = sent_again();
        let same = file.history[0].clone();
        let other = [
            HistoryLine { from: date(2026, 3, 3), ..same.clone() },
            HistoryLine { procedure: ProcedureCode::new("99396"), ..same.clone() },
            HistoryLine { rendering_npi: example::STRANGER, ..same.clone() },
            HistoryLine { member_id: "M2".into(), ..same.clone() },
        ];
        file.history = other.to_vec().into();
        assert_eq!(example::denial(&file), "");
    }

    #[test]
    fn marks_make_a_service_another_one_on_either_side() {
        for (here, before) in [("76", ""), ("59", ""), ("XU", ""), ("91", ""), ("RT", "LT"), ("TC", "26"), ("F1", "F2")]
        {
            let mut file = sent_again();
            mark(&mut file, here, before);
            assert_eq!(example::denial(&file), "", "{here:?} after {before:?}");
        }
        // The same mark sets nothing apart: that claim came twice.
        let mut file = sent_again();
        mark(&mut file, "25 76", "25 76");
        assert_eq!(example::denial(&file), "OA-18");
    }

    #[test]
    fn on_one_claim_the_later_line_is_the_duplicate_unless_it_says_that_it_is_a_further_service() {
        let mut file = example::office_visit();
        file.claim.lines = vec![example::line("80053", 5_000), example::line("80053", 5_000)];
        assert_eq!(example::denials(&file), ["", "OA-18"]);
        for line in &mut file.claim.lines {
            *line = example::modified(line.clone(), "91");
        }
        assert_eq!(example::denials(&file), ["", ""]);
    }

    #[test]
    fn a_suspect_duplicate_meets_what_the_plan_says() {
        let mut file = sent_again();
        Arc::make_mut(&mut file.history)[0].charge = Money::from_cents(14_000);
        assert_eq!(example::denial(&file), "OA-18");
        example::plan(&mut file).suspect_duplicates = SuspectDuplicates::Pay;
        assert_eq!(example::denial(&file), "");
        assert!(example::words(&file, "duplicate").contains("ICN-0"));
        example::plan(&mut file).suspect_duplicates = SuspectDuplicates::Pend;
        assert_eq!(example::decide(&file).pend, Some("suspect duplicate"));
    }

    #[test]
    fn a_bill_sent_anew_after_its_replacement_was_decided_is_the_same_bill() {
        let mut file = example::facility_bill("131");
        let mut replaced = example::earlier(&file);
        replaced.bill = TypeOfBill::parse("137");
        file.history = vec![replaced].into();
        example::plan(&mut file).suspect_duplicates = SuspectDuplicates::Pay;
        assert_eq!(example::denials(&file)[0], "OA-18");
    }
}

//! Unit limit: more units than NCCI's medically unlikely edits (MUE) allow. All units are denied, not the excess.
//!
//! Adjudication indicator 1 looks at each line alone; 2 and 3 at all units of the provider, patient, code and day, those
//! that were paid on earlier claims included. The patient never bears it.

use rust_decimal::Decimal;

use super::{Case, Check, Denial, Edit, Fact, Finding, NCCI_MANUAL, Proceedings, Reason, Service};
use crate::domain::codes::carc;
use crate::domain::dates::{Period, date};
use crate::domain::determination::Citation;
use crate::reference::Coverage;
use crate::reference::mue::Mai;

pub(super) const EDIT: Edit = Edit {
    id: "unit-limit",
    summary: "More units of the code than NCCI's medically unlikely edits allow.",
    reasons: &[Reason::contractual("151", "N362", "more than is likely; it never shifts to the patient")],
    effective: Period::since(date(2010, 1, 1)),
    authority: &[Citation {
        title: "Medicare NCCI Policy Manual, chapter I, section V (medically unlikely edits)",
        href: NCCI_MANUAL,
    }],
    looks_at: &[Fact::UnitLimit, Fact::Units, Fact::Procedure, Fact::ServiceDates, Fact::OtherLines, Fact::History],
    check: Check::Line(check),
};

fn check(case: &Case<'_>, proceedings: &Proceedings, service: &Service<'_>) -> Finding {
    let (line, payer) = (service.line, &case.file.payer);
    let table = match &case.file.claim.institutional {
        None => payer.mue.on(line.from),
        // Inpatients have no limits of units; outpatients have their own table.
        Some(facility) if facility.bill.is_inpatient() => None,
        Some(_) => payer.outpatient_mue.on(line.from),
    };
    let Some(table) = table else { return Finding::Pass };
    let speaks = match table.coverage() {
        Coverage::Complete(period) => period.contains(line.from),
        Coverage::Partial => true,
    };
    let Some(limit) = table.lookup(line.procedure).filter(|_| speaks && !line.minutes) else { return Finding::Pass };
    let units = match limit.mai {
        Mai::Line => line.units,
        Mai::DateOfServicePolicy | Mai::DateOfServiceClinical => units_of_day(case, proceedings, service),
    };
    if units <= Decimal::from(limit.units) {
        return Finding::Pass;
    }
    let over = match limit.mai {
        Mai::Line => "a line (indicator 1)",
        Mai::DateOfServicePolicy => "a day, by policy (indicator 2), which no appeal lifts",
        Mai::DateOfServiceClinical => "a day, on clinical grounds (indicator 3), which records may lift on appeal",
    };
    let (code, most) = (line.procedure, limit.units);
    let one_line = if line.modifiers().any(|modifier| matches!(modifier.as_str(), "LT" | "RT")) {
        " Both sides are billed on one line, with modifier 50 and one unit."
    } else {
        ""
    };
    let words =
        format!("{code}: {units} units, where {} allows {most} {over}. All are denied.{one_line}", table.release());
    Finding::Deny(Denial::contractual(carc("151"), words).remark("N362"))
}

/// Units of the same provider, code and day: of this claim where nothing else has denied them, and of earlier ones.
fn units_of_day(case: &Case<'_>, proceedings: &Proceedings, service: &Service<'_>) -> Decimal {
    let line = service.line;
    let this = (line.procedure, line.rendering_npi, line.from);
    let counts = |other: &&Service<'_>| {
        let denied_by = proceedings.lines.get(other.at).and_then(|account| account.ledger.denied_by());
        (other.line.procedure, other.line.rendering_npi, other.line.from) == this
            && denied_by.is_none_or(|step| step == EDIT.id)
    };
    let here: Decimal = case.services.iter().filter(counts).map(|other| other.line.units).sum();
    let past = case.history.iter().filter(|past| !past.denied);
    let before = past.filter(|past| (past.procedure, past.rendering_npi, past.from) == this);
    here + before.map(|past| past.units).sum::<Decimal>()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::adjudication::payer_revision::Editions;
    use crate::adjudication::{ClaimFile, example};
    use crate::reference::mue::Mue;

    /// A line of so many units for each number; at most two units of the code, under that indicator.
    fn billed(units: &[i64], indicator: &str) -> ClaimFile {
        let file = format!("HCPCS,Units,Indicator,Rationale\n80053,2,{indicator},x\n");
        let table = Mue::parse("MUE test", Coverage::Partial, file.as_bytes()).unwrap();
        let mut file = example::office_visit();
        example::payer(&mut file).mue = Editions::default().and_always(Some(Arc::new(table)));
        let lines = units.iter().map(|units| {
            let mut line = example::further_line("80053", 5_000);
            line.units = Decimal::from(*units);
            line
        });
        file.claim.lines = lines.collect();
        file
    }

    #[test]
    fn by_line_each_line_has_the_whole_limit() {
        assert_eq!(example::denials(&billed(&[2, 2], "1 Line Edit")), ["", ""]);
        assert_eq!(example::denials(&billed(&[3, 2], "1 Line Edit")), ["CO-151 N362", ""]);
    }

    #[test]
    fn by_day_the_units_of_all_lines_count_and_all_are_denied() {
        for indicator in ["2 Date of Service Edit: Policy", "3 Date of Service Edit: Clinical"] {
            assert_eq!(example::denials(&billed(&[1, 1], indicator)), ["", ""]);
            assert_eq!(example::denials(&billed(&[2, 1], indicator)), ["CO-151 N362", "CO-151 N362"]);
        }
    }

    #[test]
    fn by_day_what_was_paid_before_counts_and_what_was_denied_does_not() {
        let mut file = billed(&[1], "3 Date of Service Edit: Clinical");
        let mut before = example::earlier(&file);
        before.units = Decimal::TWO;
        before.modifiers = example::line("80053", 0).modifiers;
        file.history = vec![before].into();
        assert_eq!(example::denial(&file), "CO-151 N362");
        Arc::make_mut(&mut file.history)[0].denied = true;
        assert_eq!(example::denial(&file), "");
    }

    #[test]
    fn another_provider_or_day_has_a_limit_of_its_own() {
        let mut file = billed(&[2, 2, 2], "2 Date of Service Edit: Policy");
        file.claim.lines[1].rendering_npi = example::CLINIC;
        file.claim.lines[2].from = date(2026, 3, 3);
        file.claim.lines[2].through = date(2026, 3, 3);
        assert_eq!(example::denials(&file), ["", "", ""]);
    }

    #[test]
    fn a_line_that_is_denied_anyway_uses_up_nothing() {
        let mut file = billed(&[2, 1], "2 Date of Service Edit: Policy");
        file.claim.lines[0].pointers = vec![];
        assert_eq!(example::denials(&file), ["CO-16 M76", ""]);
    }
}

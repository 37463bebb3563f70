//! NCCI pair: two codes of one provider, patient and day that are not paid together. Column 2 is denied.
//!
//! Modifier indicator 0: never paid together; 1: paid where an NCCI modifier on either line says that they were separate.
//! Modifiers 59 and X{EPSU} stood on column 2 until June 2019. A pair that was deleted the day it began (indicator 9) never
//! was. A line does not fold into one that is itself denied. The patient never bears it. Where column 2 was paid on an
//! earlier claim, column 1 is paid as well, with a note: the earlier claim is to be taken back.

use super::{Case, Check, Denial, Edit, Fact, Finding, NCCI_MANUAL, Proceedings, Reason, Service};
use crate::domain::codes::{Modifier, ProcedureCode, carc};
use crate::domain::dates::{Date, Period, date};
use crate::domain::determination::{Citation, HistoryLine};
use crate::reference::ncci::{ModifierIndicator, Pair, Ptp, is_ncci_modifier};

pub(super) const EDIT: Edit = Edit {
    id: "ncci-pair",
    summary: "By an NCCI procedure-to-procedure edit, the service is not paid together with another of the day.",
    reasons: &[Reason::contractual(
        "236",
        "",
        "the payment of the other procedure holds it; it never shifts to the patient",
    )],
    effective: Period::since(date(2010, 1, 1)),
    authority: &[Citation {
        title: "Medicare NCCI Policy Manual, chapter I, sections A and E (pairs and modifiers)",
        href: NCCI_MANUAL,
    }],
    looks_at: &[
        Fact::PairRelease,
        Fact::Procedure,
        Fact::Modifiers,
        Fact::ServiceDates,
        Fact::RenderingProvider,
        Fact::OtherLines,
        Fact::History,
    ],
    check: Check::Line(check),
};

fn check(case: &Case<'_>, proceedings: &Proceedings, service: &Service<'_>) -> Finding {
    let (payer, day) = (&case.file.payer, service.line.from);
    let table = match &case.file.claim.institutional {
        None => payer.ncci.on(day),
        // Inpatients have no pairs; outpatients have their own table.
        Some(facility) if facility.bill.is_inpatient() => None,
        Some(_) => payer.outpatient_ncci.on(day),
    };
    let Some(table) = table else { return Finding::Pass };
    if service.cover.is_none() || (case.services.len() == 1 && case.history.is_empty()) {
        return Finding::Pass;
    }
    let Some((pair, place)) = bundled(case, proceedings, service, table, CHAIN) else {
        return paid_before(case, service, table);
    };
    let lift = match pair.modifier {
        ModifierIndicator::Allowed => "a modifier may say that they were separate (indicator 1), but none does",
        ModifierIndicator::NotAllowed | ModifierIndicator::NotApplicable => "no modifier lifts that (indicator 0)",
    };
    let where_ = match place {
        Place::Line(at) => format!("line {}", at + 1),
        Place::Claim(number) => format!("claim {number}"),
    };
    let words = format!(
        "{} is not paid with {} ({where_}) of the same provider and day by {}; {lift}.",
        service.line.procedure,
        pair.column_one,
        table.release()
    );
    Finding::Deny(Denial::contractual(carc("236"), words))
}

/// Modifiers that say that a procedure was distinct; from this day of processing they may stand on either line (CMS change
/// request 11168). Days of service stand for it.
const DISTINCT: [&str; 5] = ["59", "XE", "XP", "XS", "XU"];
const EITHER_LINE: Date = date(2019, 7, 1);

/// So many pairs in a chain are followed, to see whether column 1 folds into a third line itself.
const CHAIN: usize = 3;

/// Where column 1 is.
enum Place<'a> {
    Line(usize),
    Claim(&'a str),
}

/// The pair whose column 2 the line is, with a column 1 that stands; `depth` pairs further are followed.
fn bundled<'a>(
    case: &Case<'a>,
    proceedings: &Proceedings,
    service: &Service<'a>,
    table: &Ptp,
    depth: usize,
) -> Option<(Pair, Place<'a>)> {
    let line = service.line;
    let pair_with = |column_one, modifiers| {
        standing_pair(table, (column_one, modifiers), (line.procedure, &line.modifiers), line.from)
    };
    for other in &case.services {
        if other.at == service.at
            || (other.line.rendering_npi, other.line.from) != (line.rendering_npi, line.from)
            || !stands(proceedings, other.at)
        {
            continue;
        }
        let Some(pair) = pair_with(other.line.procedure, &other.line.modifiers) else { continue };
        let folds_itself = depth > 0 && bundled(case, proceedings, other, table, depth - 1).is_some();
        if !folds_itself {
            return Some((pair, Place::Line(other.at)));
        }
    }
    let past = case.history.iter().filter(|past| !past.denied);
    let mut same = past.filter(|past| (past.rendering_npi, past.from) == (line.rendering_npi, line.from));
    same.find_map(|past| Some((pair_with(past.procedure, &past.modifiers)?, Place::Claim(&past.control_number))))
}

/// The pair of a column 1 and a column 2, each with its modifiers, if it holds on the day and no modifier lifts it.
fn standing_pair(
    table: &Ptp,
    (one, of_one): (ProcedureCode, &[Modifier; 4]),
    (two, of_two): (ProcedureCode, &[Modifier; 4]),
    day: Date,
) -> Option<Pair> {
    let pair = table.lookup(one, two, day).filter(|pair| pair.modifier != ModifierIndicator::NotApplicable)?;
    let lifts = |modifier: &Modifier| is_ncci_modifier(*modifier);
    let lifts_from_column_one =
        |modifier: &Modifier| lifts(modifier) && (day >= EITHER_LINE || !DISTINCT.contains(&modifier.as_str()));
    let lifted = pair.modifier == ModifierIndicator::Allowed
        && (of_two.iter().any(lifts) || of_one.iter().any(lifts_from_column_one));
    (!lifted).then_some(pair)
}

/// A note where the line is column 1 of a pair whose column 2 an earlier claim was paid for.
fn paid_before(case: &Case<'_>, service: &Service<'_>, table: &Ptp) -> Finding {
    let line = service.line;
    let of_day =
        |past: &&&HistoryLine| !past.denied && (past.rendering_npi, past.from) == (line.rendering_npi, line.from);
    let folds = |past: &&&HistoryLine| {
        let (one, two) = ((line.procedure, &line.modifiers), (past.procedure, &past.modifiers));
        standing_pair(table, one, two, line.from).is_some()
    };
    case.history.iter().filter(of_day).find(folds).map_or(Finding::Pass, |past| {
        Finding::Note(format!(
            "{} was paid on claim {}, though it folds into {}: that claim is to be taken back.",
            past.procedure, past.control_number, line.procedure
        ))
    })
}

/// Whether no other edit has denied the line. What this one has denied is found by the pairs, whatever the order of lines.
fn stands(proceedings: &Proceedings, at: usize) -> bool {
    let denied_by = proceedings.lines.get(at).and_then(|account| account.ledger.denied_by());
    denied_by.is_none_or(|step| step == EDIT.id)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::adjudication::payer_revision::Editions;
    use crate::adjudication::{ClaimFile, example};
    use crate::reference::Coverage;

    /// 44970 takes in 80053 (indicator 0) and 99213 (indicator 1); 99213 takes in 70551 (indicator 0).
    const PAIRS: &str = "Column 1\tColumn 2\n44970\t80053\t\t20200101\t*\t0\tx\n44970\t99213\t\t20200101\t*\t1\tx\n99213\t70551\t\t20200101\t*\t0\tx\n";

    fn billed(codes: &[&str]) -> ClaimFile {
        let table = Ptp::parse("NCCI test", Coverage::Partial, &[PAIRS.as_bytes()]).unwrap();
        let mut file = example::office_visit();
        example::payer(&mut file).ncci = Editions::default().and_always(Some(Arc::new(table)));
        file.claim.lines = codes.iter().map(|code| example::line(code, 10_000)).collect();
        file
    }

    #[test]
    fn column_2_is_denied_wherever_it_stands_and_column_1_is_paid() {
        assert_eq!(example::denials(&billed(&["44970", "80053"])), ["", "CO-236"]);
        assert_eq!(example::denials(&billed(&["80053", "44970"])), ["CO-236", ""]);
        assert_eq!(example::denials(&billed(&["80053", "70551"])), ["", ""]);
    }

    #[test]
    fn a_modifier_on_either_line_lifts_indicator_1_and_not_0() {
        for with_modifier in [0, 1] {
            let mut file = billed(&["44970", "99213"]);
            assert_eq!(example::denials(&file), ["", "CO-236"]);
            file.claim.lines[with_modifier].modifiers[0] = Modifier::new("59");
            assert_eq!(example::denials(&file), ["", ""]);
            file.claim.lines[1].procedure = ProcedureCode::new("80053");
            assert_eq!(example::denials(&file), ["", "CO-236"]);
        }
        let mut file = billed(&["44970", "99213"]);
        file.claim.lines[1].modifiers[0] = Modifier::new("GC");
        assert_eq!(example::denials(&file), ["", "CO-236"]);
    }

    #[test]
    fn a_line_does_not_fold_into_one_that_is_denied() {
        let mut file = billed(&["44970", "80053"]);
        file.claim.lines[0].pointers = vec![];
        assert_eq!(example::denials(&file), ["CO-16 M76", ""]);
    }

    /// The visit folds into the surgery, so the image cannot fold into the visit.
    #[test]
    fn nor_into_one_that_folds_itself_whatever_the_order_of_lines() {
        assert_eq!(example::denials(&billed(&["44970", "99213", "70551"])), ["", "CO-236", ""]);
        assert_eq!(example::denials(&billed(&["70551", "99213", "44970"])), ["", "CO-236", ""]);
        assert_eq!(example::denials(&billed(&["70551", "99213"])), ["CO-236", ""]);
    }

    #[test]
    fn another_day_or_provider_makes_no_pair() {
        let mut file = billed(&["44970", "80053"]);
        file.claim.lines[1].rendering_npi = example::CLINIC;
        assert_eq!(example::denials(&file), ["", ""]);
        let mut file = billed(&["44970", "80053"]);
        (file.claim.lines[1].from, file.claim.lines[1].through) = (date(2026, 3, 3), date(2026, 3, 3));
        assert_eq!(example::denials(&file), ["", ""]);
    }

    #[test]
    fn column_1_of_an_earlier_claim_counts_if_it_was_paid() {
        let mut file = billed(&["44970"]);
        file.history = vec![example::earlier(&file)].into();
        file.claim.lines[0].procedure = ProcedureCode::new("80053");
        assert_eq!(example::denial(&file), "CO-236");
        assert!(example::words(&file, "ncci-pair").contains("claim ICN-0"));
        Arc::make_mut(&mut file.history)[0].denied = true;
        assert_eq!(example::denial(&file), "");
    }

    #[test]
    fn column_1_after_column_2_is_paid_with_a_note_on_the_earlier_claim() {
        let mut file = billed(&["80053"]);
        file.history = vec![example::earlier(&file)].into();
        file.claim.lines[0].procedure = ProcedureCode::new("44970");
        assert_eq!(example::denial(&file), "");
        assert!(example::words(&file, "ncci-pair").contains("claim ICN-0"));
    }

    #[test]
    fn until_june_2019_modifier_59_stood_on_column_2() {
        let denied = |on: usize, day| {
            let mut file = billed(&["44970", "99213"]);
            let text = PAIRS.replace("20200101", "20100101");
            let table = Ptp::parse("NCCI test", Coverage::Partial, &[text.as_bytes()]).unwrap();
            example::payer(&mut file).ncci = Editions::default().and_always(Some(Arc::new(table)));
            file.claim.lines[on].modifiers[0] = Modifier::new("59");
            let one = (file.claim.lines[0].procedure, &file.claim.lines[0].modifiers);
            let two = (file.claim.lines[1].procedure, &file.claim.lines[1].modifiers);
            standing_pair(file.payer.ncci.on(day).unwrap(), one, two, day).is_some()
        };
        assert_eq!([denied(0, date(2019, 6, 30)), denied(1, date(2019, 6, 30))], [true, false]);
        assert_eq!([denied(0, date(2019, 7, 1)), denied(1, date(2019, 7, 1))], [false, false]);
    }

    #[test]
    fn a_pair_that_was_deleted_the_day_it_began_never_was() {
        let text = PAIRS.replace("\t80053\t\t20200101\t*\t0", "\t80053\t\t20260302\t20260302\t9");
        let table = Ptp::parse("NCCI test", Coverage::Partial, &[text.as_bytes()]).unwrap();
        let mut file = billed(&["44970", "80053"]);
        example::payer(&mut file).ncci = Editions::default().and_always(Some(Arc::new(table)));
        assert_eq!(example::denials(&file), ["", ""]);
    }
}

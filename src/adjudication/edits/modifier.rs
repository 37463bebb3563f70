//! Modifier: one that does not exist (182), or that does not fit the procedure or its fellow (4).
//!
//! Whether a procedure has components, and whether it can be done on both sides, is read from Medicare's relative value
//! file, where the fee schedule is built on it. Modifier 50 is refused only where that concept does not apply
//! (indicator 9): with 0 and 2 CMS pays once.

use super::{CLAIMS_MANUAL, Case, Check, Denial, Edit, Fact, Finding, Proceedings, Reason, Service};
use crate::domain::codes::{Modifier, carc};
use crate::domain::dates::{Period, date};
use crate::domain::determination::Citation;
use crate::reference::modifiers::{is_unassigned, modifier_words};
use crate::reference::pprrvu::RelativeValue;

pub(super) const EDIT: Edit = Edit {
    id: "modifier",
    summary: "A modifier does not exist, or does not fit the procedure or another modifier.",
    reasons: &[
        Reason::contractual("182", "", "the provider named a modifier that is not valid"),
        Reason::contractual("4", "N519", "the provider named a modifier that does not fit"),
    ],
    effective: Period::since(date(2010, 1, 1)),
    authority: &[
        Citation {
            title: "CMS, physician fee schedule relative value file (PC/TC and bilateral indicators)",
            href: "https://www.cms.gov/medicare/payment/fee-schedules/physician/pfs-relative-value-files",
        },
        Citation { title: "Medicare Claims Processing Manual, chapter 23 (modifiers)", href: CLAIMS_MANUAL },
    ],
    looks_at: &[Fact::Modifiers, Fact::Procedure, Fact::PaymentIndicators],
    check: Check::Line(check),
};

const PROFESSIONAL: &str = "26";
const TECHNICAL: &str = "TC";
const BOTH_SIDES: &str = "50";
const ONE_SIDE: [&str; 2] = ["LT", "RT"];

/// PC/TC indicators of codes that modifier 26 fits: 1 tests with both components, 6 laboratory tests that a physician
/// interprets, 8 interpretations of clinical laboratory codes.
const HAS_PROFESSIONAL: [u8; 3] = [1, 6, 8];
/// PC/TC indicator of codes that modifier TC fits.
const HAS_TECHNICAL: [u8; 1] = [1];
/// Bilateral indicator: the concept does not apply.
const NO_SIDES: u8 = 9;

fn check(_: &Case<'_>, _: &Proceedings, service: &Service<'_>) -> Finding {
    let (line, mut unknown) = (service.line, None);
    for modifier in line.modifiers() {
        if is_unassigned(modifier) {
            let words = format!("There is no modifier {modifier}.");
            return Finding::Deny(Denial::contractual(carc("182"), words));
        }
        if modifier_words(modifier).is_none() {
            unknown = Some(modifier);
        }
    }
    let misfit = |words| Finding::Deny(Denial::contractual(carc("4"), words).remark("N519"));
    if line.has_modifier(PROFESSIONAL) && line.has_modifier(TECHNICAL) {
        return misfit("A line is the professional component (26) or the technical one (TC), not both.".to_owned());
    }
    if line.has_modifier(BOTH_SIDES) && ONE_SIDE.iter().any(|side| line.has_modifier(side)) {
        return misfit("A line is for both sides (50) or for one (LT, RT), not both.".to_owned());
    }
    let value = line.modifiers().next().and(service.cover).and_then(|c| c.relative_value(line.procedure, line.from));
    if let Some(words) = value.and_then(|value| line.modifiers().find_map(|modifier| unfit(value, modifier))) {
        return misfit(words);
    }
    unknown.map_or(Finding::Pass, |modifier| {
        Finding::Note(format!("Modifier {modifier} is not among those this program knows; nothing is said of it."))
    })
}

fn unfit(value: &RelativeValue, modifier: Modifier) -> Option<String> {
    let (code, pctc, bilateral) = (value.code, value.pctc, value.bilateral);
    match modifier.as_str() {
        PROFESSIONAL if !HAS_PROFESSIONAL.contains(&pctc) => {
            Some(format!("{code} has no professional component for modifier 26 (PC/TC indicator {pctc})."))
        }
        TECHNICAL if !HAS_TECHNICAL.contains(&pctc) => {
            Some(format!("{code} has no technical component for modifier TC (PC/TC indicator {pctc})."))
        }
        BOTH_SIDES if bilateral == NO_SIDES => {
            Some(format!("{code} is not done on sides: modifier 50 does not fit (bilateral indicator {bilateral})."))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::adjudication::example;

    fn denial(code: &str, modifiers: &str) -> String {
        let mut file = example::office_visit();
        example::pay_medicare_rates(&mut file);
        file.claim.lines = vec![example::modified(example::line(code, 80_000), modifiers)];
        example::denial(&file)
    }

    #[test]
    fn digits_that_cpt_has_not_given_out_are_no_modifier() {
        assert_eq!(denial("99213", "98"), "CO-182");
        assert_eq!(denial("99213", "25"), "");
    }

    #[test]
    fn letters_that_are_not_known_are_noted_only() {
        let mut file = example::office_visit();
        file.claim.lines[0] = example::modified(file.claim.lines[0].clone(), "ZZ");
        assert_eq!(example::denial(&file), "");
        assert!(example::words(&file, "modifier").contains("ZZ"));
    }

    /// RVU26C: 70551 has PC/TC indicator 1, 99213 has 0.
    #[test]
    fn an_image_has_two_components_and_a_visit_none() {
        assert_eq!(denial("70551", "26"), "");
        assert_eq!(denial("70551", "TC"), "");
        assert_eq!(denial("99213", "26"), "CO-4 N519");
        assert_eq!(denial("99213", "TC"), "CO-4 N519");
        assert_eq!(denial("70551", "26 TC"), "CO-4 N519");
    }

    /// RVU26C: 29881 (knee) has bilateral indicator 1, 44970 has 0, 80053 has 9.
    #[test]
    fn both_sides_fit_what_has_sides_and_one_more_side_fits_nothing() {
        assert_eq!(denial("80053", "50"), "CO-4 N519");
        assert_eq!(denial("99213", "50 LT"), "CO-4 N519");
        let mut file = example::office_visit();
        example::pay_medicare_rates(&mut file);
        example::payer(&mut file).procedures.complete = false;
        for code in ["29881", "44970"] {
            file.claim.lines = vec![example::modified(example::line(code, 80_000), "50")];
            file.claim.lines[0].place = crate::domain::codes::PlaceOfService::new("24");
            assert_eq!(example::denial(&file), "", "{code}");
        }
    }
}

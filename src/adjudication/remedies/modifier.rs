//! Modifiers: take off what does not fit, append what says that a service was separate.

use super::{Change, Outlook, Path, Seen};
use crate::domain::codes::Modifier;

/// A modifier that does not exist, or does not fit the procedure or its fellow.
pub(super) fn unfit(seen: &Seen<'_, '_>) -> Outlook {
    let mut outlook = Outlook::default();
    for modifier in seen.service.line.modifiers() {
        outlook = outlook.only_if(Change::NoModifier(seen.at(), modifier), "the service stands without that modifier");
    }
    outlook.advice(Path::CorrectedClaim, "Bill the modifier that the record supports, or none.")
}

/// The payment of another service holds it, unless a modifier says that it was separate.
pub(super) fn bundled(seen: &Seen<'_, '_>) -> Outlook {
    let mut outlook = Outlook::default();
    for (modifier, only_if) in [
        ("25", "the visit was significant and separate from the procedure"),
        ("57", "the visit led to the decision for the surgery"),
        ("24", "the visit had nothing to do with the surgery"),
        ("59", "the services were distinct: another site, session or encounter"),
        ("XS", "the services were on separate structures"),
        ("58", "the procedure was planned, or went further than the first"),
        ("78", "it was a return to the operating room for a complication"),
        ("79", "the procedure had nothing to do with the surgery"),
    ] {
        outlook = appended(outlook, seen, modifier, only_if);
    }
    outlook.advice(Path::Nothing, "It is paid within the other service and may not be billed to the patient; without a modifier that the record supports, nothing brings more.")
}

/// The same service came in before.
pub(super) fn duplicate(seen: &Seen<'_, '_>) -> Outlook {
    let mut outlook = Outlook::default();
    for (modifier, only_if) in [
        ("76", "the same provider repeated the service that day"),
        ("91", "the laboratory test was repeated that day for another result"),
        ("59", "it was a distinct service: another site, session or encounter"),
    ] {
        outlook = appended(outlook, seen, modifier, only_if);
    }
    let words = "Where it is the same service, nothing is owed again: the decision on the first claim stands, and is what can be corrected or appealed.";
    outlook.advice(Path::Nothing, words)
}

/// Two visits on a day, or another that only a modifier sets apart.
pub(super) fn visit(seen: &Seen<'_, '_>) -> Outlook {
    appended(Outlook::default(), seen, "25", "the visits were for problems that have nothing to do with each other")
        .advice(
            Path::Appeal,
            "Appeal with the notes of both visits; a reviewer may overturn it, which no decision here verifies.",
        )
}

fn appended(outlook: Outlook, seen: &Seen<'_, '_>, modifier: &str, only_if: &'static str) -> Outlook {
    let line = seen.service.line;
    if line.has_modifier(modifier) || line.modifiers().count() >= line.modifiers.len() {
        return outlook;
    }
    outlook.only_if(Change::Modifier(seen.at(), Modifier::new(modifier)), only_if)
}

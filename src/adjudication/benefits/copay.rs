//! Copays: what is due for a visit, a day or a stay, and not taken yet.

use std::collections::BTreeSet;

use super::stay::{Days, same_stay};
use crate::adjudication::Case;
use crate::adjudication::settlement::Settlement;
use crate::domain::claim::ServiceLine;
use crate::domain::codes::PlaceOfService;
use crate::domain::dates::{Date, plus_days};
use crate::domain::determination::HistoryLine;
use crate::domain::money::Money;
use crate::domain::plan::{BenefitShare, CopayPer};

/// Inpatient hospital.
const INPATIENT: PlaceOfService = PlaceOfService::new("21");

/// The copay that is due on a line, before any maximum.
pub(super) fn due(case: &Case<'_>, earlier: &[Settlement], current: &Settlement, share: BenefitShare) -> Money {
    if share.copay.is_zero() || (share.copay_waived_if_admitted && admitted(case, current.line)) {
        return Money::ZERO;
    }
    match share.copay_per {
        CopayPer::Visit => for_visit(case, earlier, current, share),
        CopayPer::Day | CopayPer::Admission => for_stay(case, earlier, current, share),
    }
}

/// Once for day and provider: nothing where an earlier claim tells of the visit, else what the claim has not taken yet.
fn for_visit(case: &Case<'_>, earlier: &[Settlement], current: &Settlement, share: BenefitShare) -> Money {
    let line = current.line;
    let told = |past: &HistoryLine| past.from == line.from && past.rendering_npi == line.rendering_npi;
    if past_lines(case, current).any(told) {
        return Money::ZERO;
    }
    let same_visit = |other: &&Settlement| other.same_day(current) && other.line.rendering_npi == line.rendering_npi;
    (share.copay - earlier.iter().filter(same_visit).map(|line| line.patient.copay).sum()).or_zero()
}

/// For each day of a stay up to the most, or once for the stay, whose bills are those for adjoining days.
fn for_stay(case: &Case<'_>, earlier: &[Settlement], current: &Settlement, share: BenefitShare) -> Money {
    let here: Vec<&Settlement> =
        earlier.iter().filter(|line| line.terms.benefit.name == current.terms.benefit.name).collect();
    let before: Vec<Days> = past_lines(case, current).map(Days::of_history).collect();
    let mut others = before.clone();
    others.extend(here.iter().map(|line| Days::of_line(case, line.line)));
    let own = Days::of_line(case, current.line);
    let stay = same_stay(own, &others);
    let of_stay = |at: &&usize| others.get(**at).copied();
    let (told, told_here): (Vec<&usize>, Vec<&usize>) = stay.iter().partition(|at| **at < before.len());
    let taken_here: Money =
        told_here.iter().filter_map(|at| here.get(*at - before.len())).map(|line| line.patient.copay).sum();
    let copays = match share.copay_per {
        CopayPer::Admission => i64::from(told.is_empty()),
        CopayPer::Visit | CopayPer::Day => {
            let days_told: BTreeSet<Date> = told.iter().filter_map(of_stay).flat_map(Days::each).collect();
            let mut days = days_told.clone();
            days.extend(told_here.iter().filter_map(of_stay).flat_map(Days::each).chain(own.each()));
            let most = share.copay_days.unwrap_or(i64::MAX);
            let count = |days: BTreeSet<Date>| i64::try_from(days.len()).unwrap_or(i64::MAX).min(most);
            count(days) - count(days_told)
        }
    };
    (share.copay.times(copays.into()) - taken_here).or_zero()
}

/// Lines of earlier claims under the same benefit that were not denied.
fn past_lines<'c>(case: &'c Case<'_>, current: &'c Settlement<'_>) -> impl Iterator<Item = &'c HistoryLine> {
    let name = &current.terms.benefit.name;
    case.history.iter().copied().filter(move |past| !past.denied && past.benefit.as_ref() == Some(name))
}

/// Whether the patient was admitted to a hospital on the day of the line or the day after, by this claim or an earlier one.
fn admitted(case: &Case<'_>, line: &ServiceLine) -> bool {
    let near = |day: Date| line.from <= day && day <= plus_days(line.through.max(line.from), 1);
    let claim = &case.file.claim;
    claim.institutional.as_deref().is_some_and(|claim| claim.bill.is_hospital_inpatient())
        || claim.lines.iter().any(|other| other.place == INPATIENT && near(other.from))
        || case.history.iter().any(|past| {
            let inpatient = past.place == INPATIENT || past.bill.is_some_and(|bill| bill.is_hospital_inpatient());
            !past.denied && inpatient && near(past.from)
        })
}

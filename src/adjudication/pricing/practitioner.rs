//! Who performs a service: Medicare pays some practitioners, and those who do not take part in it, less.

use rust_decimal::Decimal;

use crate::domain::claim::ServiceLine;
use crate::domain::money::Money;
use crate::domain::provider::Provider;
use crate::reference::practitioners;

/// Who a service is by, as far as its price depends on that.
#[derive(Clone, Copy, Debug, Default)]
pub struct Performer<'a> {
    /// Does not take part in Medicare.
    pub non_participating: bool,
    /// Taxonomy code; empty: not known.
    pub taxonomy: &'a str,
}

/// A part of the fee and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Share {
    /// The part.
    pub(super) part: Decimal,
    /// Whose it is.
    pub(super) words: &'static str,
}

impl<'a> Performer<'a> {
    /// By a provider's record.
    pub fn of(provider: &'a Provider) -> Performer<'a> {
        Performer { non_participating: provider.non_participating, taxonomy: &provider.taxonomy }
    }

    /// What is left of the fee for a physician's service. A practitioner who assists at surgery (AS) is paid his part of
    /// the assistant's fee by that rule.
    pub(super) fn shares(self, line: &ServiceLine) -> impl Iterator<Item = Share> {
        let day = line.from;
        let kind = practitioners::share(self.taxonomy, day).filter(|_| !line.has_modifier("AS"));
        let kind = kind.map(|kind| Share { part: kind.part(), words: kind.words });
        let outside = self.non_participating.then_some(Share {
            part: practitioners::NON_PARTICIPATING,
            words: "for those who do not take part in Medicare",
        });
        [kind, outside].into_iter().flatten()
    }

    /// The most that one who does not take part may charge for a service of this fee, before his part is taken of it.
    pub(super) fn limiting_charge(self, fee: Money) -> Option<Money> {
        self.limiting_charge_of_part(fee.dollars().checked_mul(practitioners::NON_PARTICIPATING)?)
    }

    /// The same of the dollars that he is allowed, not rounded.
    pub(super) fn limiting_charge_of_part(self, allowed: Decimal) -> Option<Money> {
        let most = allowed.checked_mul(practitioners::LIMITING_CHARGE)?;
        self.non_participating.then(|| Money::round(most))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adjudication::example;
    use crate::adjudication::pricing::other_schedules::examples::{ALABAMA, line, rates};
    use crate::adjudication::pricing::{Billed, FeeSchedule, quote};
    use crate::domain::codes::PlaceOfService;
    use crate::domain::dates::date;

    fn told(schedule: &FeeSchedule, line: &ServiceLine, locality: &str, performer: Performer<'_>) -> String {
        let billed = Billed { line, locality, group: example::CLINIC, performer };
        let quote = quote(schedule, &[billed], &[]).swap_remove(0).unwrap();
        let limit = quote.limiting_charge.map_or_else(String::new, |limit| format!(", at most {limit}"));
        format!("{}{limit}", quote.allowed)
    }

    /// 99213 in San Francisco in 2026 is 117.58: × 0.85 = 99.943, × 0.75 = 88.185, × 0.95 = 111.701, × 1.0925 = 128.456.
    /// Anesthesia of 231.72: × 0.95 = 220.134, × 1.0925 = 253.154.
    #[test]
    fn some_practitioners_and_those_who_do_not_take_part_are_paid_a_part() {
        let visit = line("99213", "1", date(2026, 7, 1));
        let (medicare, contract) = (rates(|_| {}), rates(|medicare| medicare.rules.by_performer = false));
        let by = |taxonomy, non_participating| Performer { non_participating, taxonomy };
        for (performer, dollars) in [
            (by("207Q00000X", false), "117.58"),
            (by("363L00000X", false), "99.94"),
            (by("1041C0700X", false), "88.19"),
            (by("", true), "111.70, at most 128.46"),
            (by("363L00000X", true), "94.95, at most 109.19"),
        ] {
            assert_eq!(told(&medicare, &visit, "01112-05", performer), dollars, "{performer:?}");
            assert_eq!(told(&contract, &visit, "01112-05", performer), "117.58");
        }
        let asleep = ServiceLine { minutes: true, ..line("00840", "90", date(2025, 7, 1)) };
        assert_eq!(told(&medicare, &asleep, ALABAMA, by("", true)), "220.13, at most 253.15");
    }

    /// 64.37 and 117.58 are Medicare's amounts in and out of a facility (CMS, payment amount file of 2026).
    #[test]
    fn telehealth_is_paid_by_where_the_patient_is_and_its_modifiers_change_nothing() {
        for (code, place, dollars) in
            [("99213-95", "02", "64.37"), ("99213-93", "10", "117.58"), ("99213-GT", "10", "117.58")]
        {
            let line = ServiceLine { place: PlaceOfService::new(place), ..line(code, "1", date(2026, 7, 1)) };
            assert_eq!(told(&rates(|_| {}), &line, "01112-05", Performer::default()), dollars);
        }
    }
}

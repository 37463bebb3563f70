//! Practitioners: the part of the physician fee schedule that Medicare pays those who are no physicians, by taxonomy code,
//! and those who do not take part in Medicare.

use rust_decimal::Decimal;

use crate::domain::dates::{Date, date};

/// The part paid to those who do not take part (SSA 1848(a)(3)).
pub const NON_PARTICIPATING: Decimal = Decimal::from_parts(95, 0, 0, false, 2);
/// The most that they may charge where they do not accept assignment, of that part (SSA 1848(g)(2)(C)).
pub const LIMITING_CHARGE: Decimal = Decimal::from_parts(115, 0, 0, false, 2);

/// A kind of practitioner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Practitioner {
    /// What its taxonomy codes (NUCC) begin with.
    pub taxonomy: &'static str,
    /// Since when.
    pub since: Date,
    /// Percent of the physician's fee.
    percent: u8,
    /// Who, in our own words.
    pub words: &'static str,
    /// Where it is laid down.
    pub source: &'static str,
}

impl Practitioner {
    /// The part of the physician's fee.
    pub fn part(&self) -> Decimal {
        Decimal::new(i64::from(self.percent), 2)
    }
}

const fn row(
    taxonomy: &'static str,
    since: Date,
    percent: u8,
    words: &'static str,
    source: &'static str,
) -> Practitioner {
    Practitioner { taxonomy, since, percent, words, source }
}

/// The law of 1997 took effect.
const BALANCED_BUDGET: Date = date(1998, 1, 1);

/// Every kind that is paid less than a physician.
pub const PRACTITIONERS: &[Practitioner] = &[
    row("1041C", BALANCED_BUDGET, 75, "for a clinical social worker", "SSA 1833(a)(1)(F)"),
    row(
        "101YM",
        date(2024, 1, 1),
        75,
        "for a mental health counselor",
        "SSA 1833(a)(1)(FF); Pub. L. 117-328, section 4121",
    ),
    row(
        "106H",
        date(2024, 1, 1),
        75,
        "for a marriage and family therapist",
        "SSA 1833(a)(1)(FF); Pub. L. 117-328, section 4121",
    ),
    row("133V", date(2002, 1, 1), 85, "for a dietitian", "42 CFR 414.64"),
    row("363A", BALANCED_BUDGET, 85, "for a physician assistant", "42 CFR 414.52"),
    row("363L", BALANCED_BUDGET, 85, "for a nurse practitioner", "42 CFR 414.56"),
    row("364S", BALANCED_BUDGET, 85, "for a clinical nurse specialist", "42 CFR 414.56"),
];

/// The kind of a taxonomy code on a day; `None` for physicians and for those paid like them.
pub fn share(taxonomy: &str, day: Date) -> Option<&'static Practitioner> {
    PRACTITIONERS.iter().find(|kind| taxonomy.starts_with(kind.taxonomy) && day >= kind.since)
}

//! Checks of claims that a plan turns on.

use super::money::Money;

/// Which checks a plan makes beyond those that every plan makes. Original Medicare's own are made for its plans anyhow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ClaimChecks {
    /// Screenings are paid no more often than Medicare pays them.
    pub screening_intervals: bool,
    /// Claims of this charge and more wait for a person; `None`: none does.
    pub review_from: Option<Money>,
    /// Days from a discharge within which a stay in the same hospital for the same illness is part of the first one's payment.
    pub readmission_days: Option<i32>,
    /// A stay in hospital on nights of another that was paid is denied.
    pub overlapping_stays: bool,
    /// A line of a professional or outpatient claim lies within one calendar month.
    pub one_month_lines: bool,
    /// So many of a thousand claims that would be paid wait for a person who audits them.
    pub audit_per_mille: u16,
}

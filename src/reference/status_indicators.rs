//! Status indicators: what the physician fee schedule says of a code (STATUS CODE of PPRRVU).
//!
//! CMS, <https://www.cms.gov/medicare/payment/fee-schedules/physician/pfs-relative-value-files>. The words are ours.

/// What Medicare's status letter says of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// A: paid separately under the physician fee schedule.
    Active,
    /// B: bundled into other services, never paid alone.
    Bundled,
    /// C: priced by the contractor.
    ContractorPriced,
    /// D: deleted.
    Deleted,
    /// E: excluded from the schedule by regulation.
    Excluded,
    /// F: deleted, no grace period.
    DeletedWithoutGrace,
    /// G: not valid for Medicare, 90 days of grace.
    NotValidWithGrace,
    /// H: deleted modifier.
    DeletedModifier,
    /// I: not valid for Medicare, which uses another code.
    NotValid,
    /// J: anesthesia, paid by base units and time.
    Anesthesia,
    /// M: a measurement code, for reporting only.
    Measurement,
    /// N: not covered by Medicare.
    NonCovered,
    /// P: bundled or excluded.
    BundledOrExcluded,
    /// Q: therapy information, for reporting only.
    TherapyInformation,
    /// R: restricted coverage; paid by its relative values where covered.
    Restricted,
    /// T: paid only if nothing else by the same provider is payable that day.
    PaidOnlyAlone,
    /// X: excluded by statute.
    ExcludedByStatute,
}

impl Status {
    pub(super) fn parse(text: &str) -> Option<Status> {
        Some(match text {
            "A" => Status::Active,
            "B" => Status::Bundled,
            "C" => Status::ContractorPriced,
            "D" => Status::Deleted,
            "E" => Status::Excluded,
            "F" => Status::DeletedWithoutGrace,
            "G" => Status::NotValidWithGrace,
            "H" => Status::DeletedModifier,
            "I" => Status::NotValid,
            "J" => Status::Anesthesia,
            "M" => Status::Measurement,
            "N" => Status::NonCovered,
            "P" => Status::BundledOrExcluded,
            "Q" => Status::TherapyInformation,
            "R" => Status::Restricted,
            "T" => Status::PaidOnlyAlone,
            "X" => Status::ExcludedByStatute,
            _ => return None,
        })
    }

    /// Whether Medicare pays the code by its relative values.
    pub const fn is_paid_by_relative_values(self) -> bool {
        matches!(self, Status::Active | Status::Restricted | Status::PaidOnlyAlone)
    }

    /// What the letter means, in our own words.
    pub const fn words(self) -> &'static str {
        match self {
            Status::Active => "paid under the physician fee schedule",
            Status::Bundled => "always bundled into other services",
            Status::ContractorPriced => "priced by the contractor",
            Status::Deleted => "a deleted code",
            Status::Excluded => "excluded from the physician fee schedule by regulation",
            Status::DeletedWithoutGrace => "a deleted code without a grace period",
            Status::NotValidWithGrace => "not valid for Medicare after a grace period",
            Status::DeletedModifier => "a deleted modifier",
            Status::NotValid => "not valid for Medicare, which uses another code",
            Status::Anesthesia => "anesthesia, paid by base units and time",
            Status::Measurement => "a measurement code for reporting only",
            Status::NonCovered => "not covered by Medicare",
            Status::BundledOrExcluded => "bundled or excluded",
            Status::TherapyInformation => "therapy information for reporting only",
            Status::Restricted => "paid under restricted coverage",
            Status::PaidOnlyAlone => "paid only if nothing else is payable that day",
            Status::ExcludedByStatute => "outside the physician fee schedule by statute",
        }
    }
}

//! Types of bill: which kinds of facility bill by the institutional claim, and what the third digit says.
//!
//! The National Uniform Billing Committee keeps the list; Medicare prints its part in the Claims Processing Manual
//! (Pub. 100-04), chapter 1 section 50 and chapter 25 section 75. The words are ours.

use crate::domain::codes::PlaceOfService;
use crate::domain::institutional::TypeOfBill;

/// A kind of facility and care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BillKind {
    /// The first two digits.
    pub kind: &'static str,
    /// What it is, in our own words.
    pub words: &'static str,
    /// The place of service that it comes nearest to.
    pub place: PlaceOfService,
    /// The benefit that it falls under where the payer's table of procedures does not say.
    pub benefit: &'static str,
}

/// The kind of a bill; `None` for one that there is not. The table is complete.
pub fn bill_kind(bill: TypeOfBill) -> Option<&'static BillKind> {
    KINDS.iter().find(|row| row.kind == bill.kind())
}

/// What the third digit says; `None` for one that there is not.
pub fn frequency_words(bill: TypeOfBill) -> Option<&'static str> {
    FREQUENCIES.iter().find(|(code, _)| *code == bill.frequency()).map(|(_, words)| *words)
}

const fn row(kind: &'static str, place: &str, benefit: &'static str, words: &'static str) -> BillKind {
    BillKind { kind, words, place: PlaceOfService::new(place), benefit }
}

const KINDS: &[BillKind] = &[
    row("11", "21", "inpatient", "hospital inpatient"),
    row("12", "21", "inpatient", "hospital inpatient, ancillary services only"),
    row("13", "22", "outpatient", "hospital outpatient"),
    row("14", "22", "outpatient", "hospital, for patients who were not there"),
    row("18", "31", "skilled-nursing", "hospital swing bed"),
    row("21", "31", "skilled-nursing", "skilled nursing facility, inpatient"),
    row("22", "31", "skilled-nursing", "skilled nursing facility, ancillary services only"),
    row("23", "31", "outpatient", "skilled nursing facility, outpatient"),
    row("28", "31", "skilled-nursing", "skilled nursing facility, swing bed"),
    row("32", "12", "home-health", "home health under a plan of care"),
    row("33", "12", "home-health", "home health, outpatient"),
    row("34", "12", "home-health", "home health outside a plan of care"),
    row("41", "21", "inpatient", "religious nonmedical institution, inpatient"),
    row("43", "22", "outpatient", "religious nonmedical institution, outpatient"),
    row("65", "54", "inpatient", "intermediate care, level I"),
    row("66", "54", "inpatient", "intermediate care, level II"),
    row("71", "72", "outpatient", "rural health clinic"),
    row("72", "65", "dialysis", "renal dialysis facility"),
    row("73", "50", "outpatient", "free-standing clinic"),
    row("74", "62", "outpatient", "outpatient rehabilitation facility"),
    row("75", "62", "outpatient", "comprehensive outpatient rehabilitation facility"),
    row("76", "53", "outpatient", "community mental health center"),
    row("77", "50", "outpatient", "federally qualified health center"),
    row("78", "49", "outpatient", "licensed free-standing emergency facility"),
    row("79", "49", "outpatient", "other clinic"),
    row("81", "34", "hospice", "hospice, not in a hospital"),
    row("82", "34", "hospice", "hospice, in a hospital"),
    row("83", "24", "outpatient-surgery", "ambulatory surgical center"),
    row("84", "25", "inpatient", "free-standing birthing center"),
    row("85", "22", "outpatient", "critical access hospital, outpatient"),
    row("86", "56", "inpatient", "residential facility"),
    row("87", "22", "outpatient", "free-standing non-residential opioid treatment program"),
    row("89", "99", "outpatient", "other special facility"),
];

const FREQUENCIES: &[(&str, &str)] = &[
    ("0", "no payment asked"),
    ("1", "admission through discharge"),
    ("2", "first of several"),
    ("3", "continuing"),
    ("4", "last of several"),
    ("5", "late charges only"),
    ("7", "replaces an earlier one"),
    ("8", "voids an earlier one"),
    ("9", "final, home health"),
    ("A", "notice of admission or election"),
    ("B", "notice of termination or revocation"),
    ("C", "notice of change of provider"),
    ("D", "cancels a notice"),
    ("E", "notice of change of ownership"),
    ("F", "adjusted at the beneficiary's word"),
    ("G", "adjusted by the common working file"),
    ("H", "adjusted at CMS's word"),
    ("I", "adjusted by the contractor"),
    ("J", "adjusted for another reason"),
    ("K", "adjusted at the inspector general's word"),
    ("M", "adjusted for a payer before Medicare"),
    ("P", "adjusted by the quality organization"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::place_of_service::place;

    #[test]
    fn kinds_stand_in_order_once_and_at_places_that_there_are() {
        assert!(KINDS.is_sorted_by(|a, b| a.kind < b.kind));
        assert!(KINDS.iter().all(|row| place(row.place).is_some()));
    }

    #[test]
    fn a_kind_or_frequency_that_there_is_not_has_no_words() {
        assert_eq!(bill_kind(TypeOfBill::new("131")).unwrap().words, "hospital outpatient");
        assert_eq!(bill_kind(TypeOfBill::new("191")), None);
        assert_eq!(frequency_words(TypeOfBill::new("116")), None);
    }
}

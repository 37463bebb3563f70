//! Places of service: CMS's two-digit codes and which practice expense each draws.
//!
//! CMS, <https://www.cms.gov/medicare/coding-billing/place-of-service-codes/code-sets>; the settings: Medicare Claims
//! Processing Manual (Pub. 100-04), chapter 12 section 20.4.2 and chapter 26 section 10.5. The words are ours.

use Setting::{Facility, NonFacility};

use crate::domain::codes::PlaceOfService;

/// Which practice expense a place draws: where a facility is paid for its own costs, the physician gets less.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Setting {
    /// A hospital, a surgical center, a skilled nursing facility and the like.
    Facility,
    /// An office, a home and the like.
    NonFacility,
}

/// A place of service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// CMS's two digits.
    pub code: PlaceOfService,
    /// What it is, in our own words.
    pub words: &'static str,
    /// Which practice expense Medicare pays there.
    pub setting: Setting,
}

/// The place of a code; `None` for a code that CMS has not given out. The table is complete.
pub fn place(code: PlaceOfService) -> Option<&'static Place> {
    PLACES.binary_search_by_key(&code, |place| place.code).ok().and_then(|at| PLACES.get(at))
}

const fn at(code: &str, setting: Setting, words: &'static str) -> Place {
    Place { code: PlaceOfService::new(code), words, setting }
}

const PLACES: &[Place] = &[
    at("01", NonFacility, "pharmacy"),
    at("02", Facility, "telehealth, patient not at home"),
    at("03", NonFacility, "school"),
    at("04", NonFacility, "homeless shelter"),
    // Medicare does not pay by 05 to 08; they stand here as the clinics they are.
    at("05", NonFacility, "Indian Health Service clinic on its own"),
    at("06", NonFacility, "Indian Health Service clinic of a hospital"),
    at("07", NonFacility, "tribal clinic on its own"),
    at("08", NonFacility, "tribal clinic of a hospital"),
    at("09", NonFacility, "prison"),
    at("10", NonFacility, "telehealth, patient at home"),
    at("11", NonFacility, "office"),
    at("12", NonFacility, "patient's home"),
    at("13", NonFacility, "assisted living"),
    at("14", NonFacility, "group home"),
    at("15", NonFacility, "mobile unit"),
    at("16", NonFacility, "temporary lodging"),
    at("17", NonFacility, "clinic in a shop"),
    at("18", NonFacility, "workplace"),
    at("19", Facility, "hospital outpatient, off campus"),
    at("20", NonFacility, "urgent care"),
    at("21", Facility, "hospital inpatient"),
    at("22", Facility, "hospital outpatient, on campus"),
    at("23", Facility, "hospital emergency room"),
    at("24", Facility, "ambulatory surgical center"),
    at("25", NonFacility, "birthing center"),
    at("26", Facility, "military treatment facility"),
    at("27", NonFacility, "street or other outreach site"),
    at("31", Facility, "skilled nursing facility, Part A stay"),
    at("32", NonFacility, "nursing facility"),
    at("33", NonFacility, "custodial care"),
    at("34", Facility, "hospice"),
    at("41", Facility, "ambulance on land"),
    at("42", Facility, "ambulance by air or water"),
    at("49", NonFacility, "independent clinic"),
    at("50", NonFacility, "federally qualified health center"),
    at("51", Facility, "psychiatric hospital, inpatient"),
    at("52", Facility, "psychiatric facility, part of the day"),
    at("53", Facility, "community mental health center"),
    at("54", NonFacility, "intermediate care for intellectual disability"),
    at("55", NonFacility, "residential substance use treatment"),
    at("56", Facility, "psychiatric residential treatment"),
    at("57", NonFacility, "substance use treatment, not residential"),
    at("58", NonFacility, "opioid treatment, not residential"),
    at("60", NonFacility, "mass immunization"),
    at("61", Facility, "inpatient rehabilitation"),
    at("62", NonFacility, "outpatient rehabilitation"),
    at("65", NonFacility, "dialysis of end-stage renal disease"),
    at("66", NonFacility, "all-inclusive care for the elderly (PACE)"),
    at("71", NonFacility, "public health clinic"),
    at("72", NonFacility, "rural health clinic"),
    at("81", NonFacility, "independent laboratory"),
    at("99", NonFacility, "some other place"),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn setting(code: &str) -> Option<Setting> {
        place(PlaceOfService::new(code)).map(|place| place.setting)
    }

    #[test]
    fn an_office_is_no_facility_and_a_hospital_is() {
        for code in ["11", "12", "20", "32", "49", "81", "10"] {
            assert_eq!(setting(code), Some(NonFacility), "{code}");
        }
        for code in ["02", "19", "21", "22", "23", "24", "31", "51", "61"] {
            assert_eq!(setting(code), Some(Facility), "{code}");
        }
    }

    #[test]
    fn a_code_not_given_out_is_no_place() {
        for code in ["00", "30", "43", "59", "70", "98", "1"] {
            assert_eq!(setting(code), None, "{code}");
        }
    }

    #[test]
    fn codes_stand_in_order_and_once() {
        assert!(PLACES.is_sorted_by(|a, b| a.code < b.code));
    }
}

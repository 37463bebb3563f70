//! RBRVS: what the Medicare physician fee schedule pays for a service.
//!
//! 42 CFR 414.20; CMS's RVU files: payment = [(work RVU × work GPCI) + (PE RVU × PE GPCI) +
//! (MP RVU × MP GPCI)] × conversion factor, rounded once. The technical part of an image is paid no more than a hospital's
//! outpatient department would be (SSA 1848(b)(4)): the same formula with the file's values for it is the cap.

use rust_decimal::Decimal;

use super::gpci::Gpci;
use super::place_of_service::Setting;
use super::pprrvu::{RelativeValue, Status};
use crate::domain::money::Money;

/// Why the schedule has no fee for a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unpriceable {
    /// Medicare does not pay the code by its relative values.
    #[error("no fee by relative values: {}", .0.words())]
    Status(Status),
    /// The service is rarely or never given in the setting (NA in the file).
    #[error("no fee in {}", match .0 { Setting::Facility => "a facility", Setting::NonFacility => "an office or other non-facility place" })]
    Setting(Setting),
}

/// The fee for one unit in a locality and setting, capped. Never a fee where the file says NA.
pub fn fee(
    value: &RelativeValue,
    gpci: &Gpci,
    conversion_factor: Decimal,
    setting: Setting,
) -> Result<Money, Unpriceable> {
    let fee = fee_before_cap(value, gpci, conversion_factor, setting, Decimal::ONE)?;
    Ok(cap(value, gpci, conversion_factor, setting).map_or(fee, |cap| fee.min(cap)))
}

/// The fee without the cap, where only this part of the practice expense is paid.
pub fn fee_before_cap(
    value: &RelativeValue,
    gpci: &Gpci,
    conversion_factor: Decimal,
    setting: Setting,
    part_of_practice_expense: Decimal,
) -> Result<Money, Unpriceable> {
    if !value.status.is_paid_by_relative_values() {
        return Err(Unpriceable::Status(value.status));
    }
    let pe = practice_expense(value, setting).ok_or(Unpriceable::Setting(setting))?;
    Ok(amount(value.work, pe * part_of_practice_expense, value.mp, gpci, conversion_factor))
}

/// The most that is paid, by the hospital outpatient rates; `None` where no cap applies.
pub fn cap(value: &RelativeValue, gpci: &Gpci, conversion_factor: Decimal, setting: Setting) -> Option<Money> {
    let pe = match setting {
        Setting::Facility => value.opps_facility_pe,
        Setting::NonFacility => value.opps_nonfacility_pe,
    };
    let capped = !pe.is_zero() || !value.opps_mp.is_zero();
    capped.then(|| amount(value.work, pe, value.opps_mp, gpci, conversion_factor))
}

/// The practice expense in a setting; `None` where the file says NA.
pub fn practice_expense(value: &RelativeValue, setting: Setting) -> Option<Decimal> {
    match setting {
        Setting::Facility => value.facility_pe,
        Setting::NonFacility => value.nonfacility_pe,
    }
}

/// The formula alone: relative values, indices and dollars for one unit.
pub fn amount(work: Decimal, pe: Decimal, mp: Decimal, gpci: &Gpci, conversion_factor: Decimal) -> Money {
    Money::round((work * gpci.work + pe * gpci.pe + mp * gpci.mp) * conversion_factor)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::codes::{Modifier, ProcedureCode};
    use crate::domain::dates::{Date, date};
    use crate::reference::conversion_factors::pfs_conversion_factor;
    use crate::reference::gpci::{Gpcis, Locality, gpcis_on};
    use crate::reference::pprrvu::{RelativeValues, release_on};

    const SUMMER_2026: Date = date(2026, 7, 15);

    fn row(code: &str, modifier: &str, day: Date) -> &'static RelativeValue {
        let modifier = Some(modifier).filter(|text| !text.is_empty()).map(Modifier::new);
        release_on(RelativeValues::embedded(), day).unwrap().lookup(ProcedureCode::new(code), modifier).unwrap()
    }

    fn local(mac: &str, number: &str, day: Date) -> &'static Gpci {
        gpcis_on(Gpcis::embedded(), day).unwrap().lookup(Locality::parse(mac, number).unwrap()).unwrap()
    }

    fn check(code: &str, gpci: &Gpci, setting: Setting, dollars: &str) {
        let (code, modifier) = code.split_once('-').unwrap_or((code, ""));
        let paid = fee(row(code, modifier, SUMMER_2026), gpci, pfs_conversion_factor(SUMMER_2026).unwrap(), setting);
        assert_eq!(paid.map(|fee| fee.to_string()), Ok(dollars.to_owned()), "{code} {modifier} {setting:?}");
    }

    /// Each record carries CMS's inputs and the two amounts that CMS published from them.
    #[test]
    fn every_published_amount_of_2025_comes_out_to_the_cent() {
        let mut records = csv::Reader::from_reader(include_bytes!("data/pfs_cy2025_q4_published.csv").as_slice());
        let mut count = 0;
        for record in records.records() {
            let record = record.unwrap();
            let number = |at: usize| record[at].parse::<Decimal>().unwrap();
            let gpci = Gpci { work: number(9), pe: number(10), mp: number(11) };
            for (pe, published) in [(6, 13), (7, 14)] {
                let computed = amount(number(5), number(pe), number(8), &gpci, number(12));
                assert_eq!(computed, Money::parse(&record[published]).unwrap(), "{record:?}");
            }
            count += 1;
        }
        assert_eq!(count, 1_199);
    }

    /// The same records by code and locality, through our own tables of the fourth quarter; where the file says NA,
    /// CMS still publishes an amount, and we give none.
    #[test]
    fn the_embedded_tables_give_the_published_amounts_of_2025() {
        let day = date(2025, 10, 1);
        let mut records = csv::Reader::from_reader(include_bytes!("data/pfs_cy2025_q4_published.csv").as_slice());
        let (mut priced, mut not_available) = (0, 0);
        for record in records.records() {
            let record = record.unwrap();
            let value = row(&record[3], &record[4], day);
            let gpci = local(&record[1], &record[2], day);
            for (setting, published) in [(Setting::NonFacility, 13), (Setting::Facility, 14)] {
                match fee(value, gpci, pfs_conversion_factor(day).unwrap(), setting) {
                    Ok(fee) => {
                        assert_eq!(fee, Money::parse(&record[published]).unwrap(), "{record:?}");
                        priced += 1;
                    }
                    Err(error) => {
                        assert_eq!(error, Unpriceable::Setting(setting), "{record:?}");
                        not_available += 1;
                    }
                }
            }
        }
        assert_eq!(priced + not_available, 2 * 1_199);
        // 76814-26 alone has a number in both settings.
        assert_eq!(priced, 1_199 + 109);
    }

    /// Published for CY2026 in CMS's payment amount file (99213 at San Francisco and San Jose) and look-up tool.
    #[test]
    fn published_amounts_of_2026_come_out_to_the_cent() {
        use Setting::{Facility, NonFacility};
        let at = |mac, number| local(mac, number, SUMMER_2026);
        check("99213", at("01112", "05"), NonFacility, "117.58");
        check("99213", at("01112", "05"), Facility, "64.37");
        check("99213", at("01112", "09"), NonFacility, "119.71");
        check("99213", at("01112", "09"), Facility, "65.29");
        check("99203", at("04412", "99"), NonFacility, "114.05");
        check("99214", at("10112", "00"), NonFacility, "125.23");
        check("99214", at("10112", "00"), Facility, "80.51");
        check("99213", at("01182", "18"), NonFacility, "104.89");
        check("99213", at("01182", "18"), Facility, "60.24");
        check("99214", at("01182", "18"), NonFacility, "148.89");
        check("29881", at("01182", "18"), Facility, "553.33");
        check("71046-26", at("01182", "18"), NonFacility, "10.68");
    }

    /// The national amounts of CY2026 (every index 1).
    #[test]
    fn national_amounts_of_2026_come_out_to_the_cent() {
        for (code, nonfacility, facility) in [
            ("99213", "95.19", "57.45"),
            ("99214", "135.61", "84.50"),
            ("99203", "117.57", "71.48"),
            ("99204", "177.36", "116.90"),
            ("44970", "", "578.17"),
            ("47562", "", "631.95"),
            ("29881", "", "515.71"),
            ("70551", "195.40", ""),
            ("70551-26", "67.80", "67.80"),
            ("70551-TC", "127.59", ""),
            ("70552", "268.88", ""),
            ("70553", "316.97", ""),
            ("70553-26", "105.21", "105.21"),
            ("45378", "378.10", "164.67"),
            ("45380", "479.97", "177.69"),
            ("45385", "500.01", "223.45"),
            ("43239", "418.85", "123.58"),
        ] {
            for (setting, dollars) in [(Setting::NonFacility, nonfacility), (Setting::Facility, facility)] {
                if !dollars.is_empty() {
                    check(code, &Gpci::NATIONAL, setting, dollars);
                }
            }
        }
    }

    #[test]
    fn a_service_without_a_fee_says_why() {
        let price = |code, setting| fee(row(code, "", SUMMER_2026), &Gpci::NATIONAL, Decimal::ONE, setting);
        assert_eq!(price("44970", Setting::NonFacility), Err(Unpriceable::Setting(Setting::NonFacility)));
        assert_eq!(price("99396", Setting::NonFacility), Err(Unpriceable::Status(Status::NonCovered)));
        assert_eq!(price("00840", Setting::Facility), Err(Unpriceable::Status(Status::Anesthesia)));
        assert_eq!(
            price("80053", Setting::NonFacility).unwrap_err().to_string(),
            "no fee by relative values: outside the physician fee schedule by statute"
        );
    }
}

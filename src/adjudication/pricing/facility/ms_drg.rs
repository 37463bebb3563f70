//! By diagnosis-related group: Medicare's inpatient prospective payment system, or a contract built on its weights.
//!
//! 42 CFR 412.64 (operating), 412.312 (capital), 412.80 to 412.84 (outliers), 412.4 (transfers). What a payment adds for
//! teaching, for a disproportionate share of poor patients, for new technology, and takes off for quality, is not
//! modelled: a contract's base rate holds it, or does not.

use std::sync::Arc;

use rust_decimal::{Decimal, RoundingStrategy};

use super::{Stay, StayPrice, area};
use crate::adjudication::Denial;
use crate::domain::codes::{Drg, carc};
use crate::domain::dates::days_between;
use crate::domain::determination::FacilityPayment;
use crate::domain::money::Money;
use crate::domain::provider::Facility;
use crate::reference::ipps::{self, BURNS, Ipps, MARGINAL_COST, MARGINAL_COST_BURNS};
use crate::reference::ms_drg::{DrgWeight, DrgWeights};
use crate::reference::patient_status::{Discharge, patient_status};

/// Payment by group.
#[derive(Clone, Debug)]
pub struct MsDrg {
    /// Years of weights; the first that holds for the day of discharge counts.
    pub weights: Vec<Arc<DrgWeights>>,
    /// What a weight of 1 is worth.
    pub base: BaseRate,
    /// 1 for the amount itself, 1.25 for 125 percent.
    pub percentage: Decimal,
    /// What costs must exceed the payment by, before there is an outlier payment; `None`: Medicare's amount of the year.
    pub fixed_loss: Option<Money>,
    /// Whether transfers are paid in full.
    pub transfers_in_full: bool,
}

/// What a weight of 1 is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BaseRate {
    /// Medicare's national amounts, by the hospital's wage index; or the hospital's own, where its record has one.
    National,
    /// An agreed amount, capital included.
    Agreed(Money),
}

/// What a discharge with a weight of 1 is worth, in dollars: not rounded.
struct Base {
    operating: Decimal,
    capital: Decimal,
    national: bool,
}

/// The full payment for a weight of 1 times that many.
struct Full {
    operating: Money,
    total: Money,
}

impl MsDrg {
    pub(super) fn price(&self, stay: &Stay<'_>) -> Result<StayPrice, Denial> {
        let (discharge, id) = (stay.facility.discharge(), &stay.schedule.id);
        let drg = self.group(stay)?;
        let missing = |words: String| Denial::contractual(carc("147"), format!("{id}: {words}"));
        let year = self.weights.iter().find(|year| year.effective().contains(discharge)).ok_or_else(|| {
            missing(format!("no weights for discharges of {discharge}; load Table 5 of that fiscal year."))
        })?;
        let row = year
            .lookup(drg)
            .ok_or_else(|| no_group(format!("{} has no group {drg} with a weight.", year.release())))?;
        let placed = area::on(&stay.case.file.payer, stay.case.billing, discharge);
        let hospital = placed.facility.as_ref();
        let national = ipps::on(discharge);
        let base = self.base(hospital, national).ok_or_else(|| {
            missing(format!("no national amounts for discharges of {discharge}; give a base rate in the contract or for the hospital."))
        })?;
        let full = base.times(row.weight);
        let mut words = format!("{id}: group {drg} weighs {} ({}), {} full.", row.weight, year.release(), full.total);
        words.push_str(placed.words.as_str());
        let fraction = if self.transfers_in_full { None } else { self.transfer(stay, row, &mut words) };
        let part = fraction.map_or(full.total, |fraction| full.total.times(fraction));
        let operating = fraction.map_or(full.operating, |fraction| full.operating.times(fraction));
        let mut paid = FacilityPayment {
            drg: Some(drg),
            drg_weight: Some(row.weight),
            discharge_fraction: fraction,
            covered_days: Some(stay.facility.covered_days()),
            capital: part - operating,
            ..FacilityPayment::default()
        };
        *(if base.national { &mut paid.operating_federal } else { &mut paid.operating_hospital }) = operating;
        self.outlier(stay, &base, hospital, national, &mut paid, &mut words);
        let percentage = self.percentage.normalize();
        let fee = paid.drg_amount().times(percentage);
        if percentage != Decimal::ONE {
            words.push_str(&format!(" {} × {percentage}.", paid.drg_amount()));
        }
        Ok(StayPrice { fee, words, paid })
    }

    /// The group: the grouper's, or else the claim's.
    fn group(&self, stay: &Stay<'_>) -> Result<Drg, Denial> {
        stay.case.drg().ok_or_else(|| {
            no_group("The claim needs a DRG: give it on the claim (HI*DR) or plug in a grouper.".to_owned())
        })
    }

    fn base(&self, hospital: Option<&Facility>, national: Option<&Ipps>) -> Option<Base> {
        let agreed = match self.base {
            BaseRate::Agreed(amount) => Some(amount),
            BaseRate::National => hospital.and_then(|hospital| hospital.base_rate),
        };
        if let Some(amount) = agreed {
            return Some(Base { operating: amount.dollars(), capital: Decimal::ZERO, national: false });
        }
        let (year, wage_index) = (national?, hospital.and_then(|h| h.wage_index).unwrap_or(Decimal::ONE));
        let factor = hospital.and_then(|h| h.capital_factor).unwrap_or(Decimal::ONE);
        let operating = year.operating(wage_index);
        Some(Base { operating, capital: year.capital?.dollars() * factor, national: true })
    }

    /// The part of a full payment that a transfer is paid: a day's worth for each day and one more for the first, never
    /// above all of it (42 CFR 412.4(f)).
    fn transfer(&self, stay: &Stay<'_>, row: &DrgWeight, words: &mut String) -> Option<Decimal> {
        let status = patient_status(stay.facility.patient_status)?;
        let by_day = match status.discharge {
            Discharge::AcuteTransfer => true,
            Discharge::PostAcuteTransfer => row.post_acute,
            Discharge::Final | Discharge::StillPatient => false,
        };
        if !by_day || row.gmlos <= Decimal::ZERO {
            return None;
        }
        let admitted = stay.facility.admission.unwrap_or(stay.facility.from);
        let days = days_between(admitted, stay.facility.discharge()).max(1);
        let of_days = Decimal::from(days + 1) / row.gmlos;
        let half = Decimal::new(5, 1);
        let special = row.special_pay && status.discharge == Discharge::PostAcuteTransfer;
        let fraction = if special { half + half * of_days } else { of_days };
        let fraction = fraction.round_dp_with_strategy(4, RoundingStrategy::MidpointAwayFromZero);
        if fraction >= Decimal::ONE {
            return None;
        }
        let rule = if special {
            "half, and half a day's worth for each day and one more"
        } else {
            "a day's worth for each day and one more"
        };
        words.push_str(&format!(
            " Transfer ({}) after {days} of {} days: {rule}, {fraction} of it.",
            status.words, row.gmlos
        ));
        Some(fraction)
    }

    /// What costs above the threshold add: 80 percent of the excess, 90 for burns.
    fn outlier(
        &self,
        stay: &Stay<'_>,
        base: &Base,
        hospital: Option<&Facility>,
        national: Option<&Ipps>,
        paid: &mut FacilityPayment,
        words: &mut String,
    ) {
        let Some(ratio) = hospital.and_then(|hospital| hospital.cost_to_charge) else { return };
        let capital_ratio = hospital.and_then(|hospital| hospital.capital_cost_to_charge).unwrap_or(Decimal::ZERO);
        let Some(fixed_loss) = self.fixed_loss.or_else(|| national.and_then(|year| year.fixed_loss)) else { return };
        // A transfer's threshold is the same part of a full one as its payment (42 CFR 412.80(b)).
        let fixed_loss = fixed_loss.dollars() * paid.discharge_fraction.unwrap_or(Decimal::ONE);
        // The fixed loss is divided by the ratios, its labour part moved by the wage index, the capital part by its factor.
        let all = ratio + capital_ratio;
        let (wage, factor) = match national.filter(|_| base.national) {
            Some(year) => (base.operating / year.operating(Decimal::ONE), base.capital_factor(year)),
            None => (Decimal::ONE, Decimal::ONE),
        };
        let thresholds = (
            paid.operating_federal.dollars() + paid.operating_hospital.dollars() + fixed_loss * wage * ratio / all,
            paid.capital.dollars() + fixed_loss * factor * capital_ratio / all,
        );
        let costs = (stay.covered.dollars() * ratio, stay.covered.dollars() * capital_ratio);
        if costs.0 + costs.1 <= thresholds.0 + thresholds.1 {
            return;
        }
        let burns =
            paid.drg.and_then(|drg| drg.as_str().parse().ok()).is_some_and(|number: u16| BURNS.contains(&number));
        let rate = if burns { MARGINAL_COST_BURNS } else { MARGINAL_COST };
        let above = |cost: Decimal, threshold: Decimal| Money::round((cost - threshold).max(Decimal::ZERO) * rate);
        paid.operating_outlier = above(costs.0, thresholds.0);
        paid.capital_outlier = above(costs.1, thresholds.1);
        words.push_str(&format!(
            " Costs {} ({all} of {}) exceed the threshold {}: outlier {}, {rate} of the excess.",
            Money::round(costs.0 + costs.1),
            stay.covered,
            Money::round(thresholds.0 + thresholds.1),
            paid.operating_outlier + paid.capital_outlier
        ));
    }
}

impl Base {
    /// Operating and capital together are rounded once; what operating leaves of that is capital.
    fn times(&self, weight: Decimal) -> Full {
        Full {
            operating: Money::round(self.operating * weight),
            total: Money::round((self.operating + self.capital) * weight),
        }
    }

    fn capital_factor(&self, year: &Ipps) -> Decimal {
        year.capital.map_or(Decimal::ONE, |capital| self.capital / capital.dollars())
    }
}

fn no_group(words: String) -> Denial {
    Denial::contractual(carc("16"), words).remark("N208")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adjudication::pricing::Method;
    use crate::adjudication::pricing::facility::FacilityMethod;
    use crate::adjudication::{ClaimFile, example};
    use crate::domain::codes::Code;
    use crate::domain::dates::date;
    use crate::domain::determination::Determination;

    /// A stay from 2 March of so many nights in that group, 250,000.00 of charges, discharged with that status.
    fn stay(drg: &str, status: &str, nights: i8) -> ClaimFile {
        let mut file = example::hospital_stay();
        file.claim.lines.truncate(1);
        file.claim.lines[0].charge = Money::from_cents(25_000_000);
        let facility = file.claim.institutional.as_mut().unwrap();
        (facility.drg, facility.patient_status) = (Some(Drg::new(drg)), Code::new(status));
        facility.through = date(2026, 3, 2 + nights);
        file
    }

    fn paid(file: &ClaimFile) -> (String, FacilityPayment) {
        let Determination { account, facility, .. } = example::decide(file);
        (account.unwrap().ledger.paid().to_string(), *facility.unwrap())
    }

    fn hospital(file: &mut ClaimFile) -> &mut Facility {
        let clinic = file.providers.iter_mut().find(|provider| provider.npi == example::CLINIC).unwrap();
        clinic.facility.get_or_insert_default()
    }

    fn method(file: &mut ClaimFile) -> &mut MsDrg {
        match &mut example::payer(file).fee_schedules[0].method {
            Method::Facility(FacilityMethod::MsDrg(method)) => method,
            _ => panic!("the example is paid by group"),
        }
    }

    /// 6,752.61 + 524.15 = 7,276.76; × 1.1447 = 8,329.707…. Operating alone 7,729.7127; capital is what is left.
    #[test]
    fn a_group_is_its_weight_times_the_national_amount() {
        let (amount, told) = paid(&stay("399", "01", 2));
        assert_eq!(amount, "8329.71");
        assert_eq!((told.operating_federal.to_string(), told.capital.to_string()), ("7729.71".into(), "600.00".into()));
        assert_eq!((told.drg_weight, told.discharge_fraction), (Some(Decimal::new(11_447, 4)), None));
        assert_eq!(told.operating_federal + told.capital, told.drg_amount());
    }

    /// (4,456.72 × 1.0068 + 2,295.89) × 1.1447 = 6,782.915696 × 1.1447 = 7,764.4035…; capital 524.15 × 1.1447 = 599.9945….
    #[test]
    fn wages_move_the_labour_part_and_an_agreed_amount_takes_the_place_of_all() {
        let mut file = stay("399", "01", 2);
        hospital(&mut file).wage_index = Some(Decimal::new(10_068, 4));
        assert_eq!(paid(&file).1.operating_federal.to_string(), "7764.40");
        assert_eq!(paid(&file).0, "8364.40");
        hospital(&mut file).base_rate = Some(Money::from_cents(1_000_000));
        assert_eq!(
            (paid(&file).0.as_str(), paid(&file).1.operating_hospital.to_string()),
            ("11447.00", "11447.00".into())
        );
        method(&mut file).base = BaseRate::Agreed(Money::from_cents(900_000));
        method(&mut file).percentage = Decimal::new(11, 1);
        // 1.1447 × 9,000 = 10,302.30; × 1.1 = 11,332.53.
        assert_eq!(paid(&file).0, "11332.53");
    }

    /// 291: 1.2838 × 7,276.76 = 9,341.90 full, 3.8 days on average. One day: (1 + 1) / 3.8 = 0.5263 of it, 4,916.64.
    /// Two days: 0.7895. Three: 1.05, so all of it.
    #[test]
    fn a_transfer_is_paid_by_the_day_with_the_first_twice_and_never_above_all() {
        for (status, nights, amount) in [
            ("02", 1, "4916.64"),
            ("03", 1, "4916.64"),
            ("03", 2, "7375.43"),
            ("03", 3, "9341.90"),
            ("01", 1, "9341.90"),
        ] {
            assert_eq!(paid(&stay("291", status, nights)).0, amount, "{status} after {nights}");
        }
        // 399 is marked for acute transfers only: 8,329.71 whole; one day of 1.8: 2 / 1.8 is above 1 anyway.
        assert_eq!(paid(&stay("399", "03", 1)).0, "8329.71");
    }

    /// 481: 2.0945 × 7,276.76 = 15,241.17. One day of 4.3: 0.5 + 0.5 × 2 / 4.3 = 0.7326 of it = 11,165.68.
    #[test]
    fn a_special_pay_group_is_paid_half_at_once() {
        let (amount, told) = paid(&stay("481", "03", 1));
        assert_eq!((amount.as_str(), told.discharge_fraction), ("11165.68", Some(Decimal::new(7_326, 4))));
        // To another acute hospital there is no half at once: 2 / 4.3 = 0.4651.
        assert_eq!(paid(&stay("481", "02", 1)).1.discharge_fraction, Some(Decimal::new(4_651, 4)));
    }

    /// Costs: 250,000 × 0.25 = 62,500 and × 0.02 = 5,000. The fixed loss of 40,397 is divided 25 : 2: thresholds
    /// 7,729.71 + 37,404.6296 = 45,134.3396 and 600.00 + 2,992.3704 = 3,592.3704. 80 percent of what is above:
    /// 13,892.53 and 1,126.10.
    #[test]
    fn an_outlier_adds_eighty_percent_of_the_costs_above_the_threshold() {
        let mut file = stay("399", "01", 2);
        hospital(&mut file).cost_to_charge = Some(Decimal::new(25, 2));
        hospital(&mut file).capital_cost_to_charge = Some(Decimal::new(2, 2));
        let (amount, told) = paid(&file);
        assert_eq!(
            (told.operating_outlier.to_string(), told.capital_outlier.to_string()),
            ("13892.53".into(), "1126.10".into())
        );
        // 8,329.71 + 13,892.53 + 1,126.10.
        assert_eq!(amount, "23348.34");
        // 100,000 × 0.27 = 27,000 of costs do not reach it.
        file.claim.lines[0].charge = Money::from_cents(10_000_000);
        assert_eq!(paid(&file).0, "8329.71");
    }

    /// 291, one day before a transfer: 2 / 3.8 = 0.5263 of 9,341.90 are 4,916.64, of its operating part 1.2838 × 6,752.61 = 8,669.00
    /// 4,562.49. Of the fixed loss likewise: 40,397 × 0.5263 = 21,260.9411. Costs 250,000 × 0.25 = 62,500; without a capital ratio
    /// all of it is operating: 62,500 - 4,562.49 - 21,260.9411 - 354.15 (capital) are not met by capital costs of 0.
    #[test]
    fn a_transfers_outlier_begins_at_the_same_part_of_the_threshold() {
        let mut file = stay("291", "02", 1);
        hospital(&mut file).cost_to_charge = Some(Decimal::new(25, 2));
        let (_, told) = paid(&file);
        // 0.8 × (62,500 - 4,562.49 - 21,260.9411) = 0.8 × 36,676.5689.
        assert_eq!((told.operating_outlier.to_string(), told.capital_outlier), ("29341.26".into(), Money::ZERO));
    }

    /// 397, 398, 470, 871 at 7,276.76: 2.3949 × = 17,427.1125; 1.5136 × = 11,014.1039; 1.9289 × = 14,036.1424; 1.9425 × = 14,135.1063.
    #[test]
    fn published_weights_times_the_national_amount() {
        for (drg, amount) in [("397", "17427.11"), ("398", "11014.10"), ("470", "14036.14"), ("871", "14135.11")] {
            assert_eq!(paid(&stay(drg, "01", 2)).0, amount, "{drg}");
        }
    }

    #[test]
    fn the_day_of_discharge_chooses_the_year_and_a_group_without_weight_has_no_price() {
        assert_eq!(example::claim_denial(&stay("999", "01", 2)), "CO-16 N208");
        let mut file = stay("399", "01", 2);
        let facility = file.claim.institutional.as_mut().unwrap();
        (facility.from, facility.through) = (date(2026, 9, 29), date(2026, 10, 1));
        (facility.admission, file.received) = (Some(facility.from), date(2026, 10, 5));
        (file.claim.lines[0].from, file.claim.lines[0].through) = (date(2026, 9, 29), date(2026, 10, 1));
        assert_eq!(example::claim_denial(&file), "CO-147");
        assert!(example::words(&file, "pricing").contains("no weights for discharges of 2026-10-01"));
    }
}

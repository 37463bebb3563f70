//! A realistic mix of denials: a family for each claim, and a claim that meets one reason, or none.
//!
//! After KFF, "Claims Denials and Appeals in ACA Marketplace Plans in 2023": of the claims in network on HealthCare.gov 19
//! percent were denied; of the denials 18 percent for administrative reasons, 16 for excluded services, 12 for a benefit
//! limit, 9 for want of authorization or referral, 6 for medical necessity, 34 for other reasons. The 5 percent that those
//! leave are taken as other reasons here; what is inside each group is ours.

use crate::bench::claims::Chance;
use crate::domain::codes::Npi;
use crate::domain::dates::{Date, parse_iso, plus_days};
use crate::proto::v1 as pb;

use super::bills::{self, Bill};

/// Denied claims of a thousand.
const DENIED_PER_MILLE: u64 = 190;

/// Why a claim is made to be denied; none: it is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cause {
    Fine,
    WrongPayer,
    MistypedNumber,
    OtherName,
    HeaderDiagnosis,
    NoSuchModifier,
    Late,
    SentTwice,
    WrongPlace,
    NoSuchProcedure,
    NotInPlan,
    Excluded,
    EyeTwice,
    CheckupTwice,
    NoAuthorization,
    AuthorizationOnFile,
    WrongAuthorization,
    NoReferral,
    ReferralOnFile,
    NotNecessary,
    OtherDiagnosisCovers,
    OtherPayerFirst,
    NotYetCovered,
    CoverageEnded,
    OutOfNetwork,
    PairWithModifier,
    PairWithout,
    TooManyUnits,
    VisitWithSurgery,
    NotEnrolled,
    WrongSex,
    TwoReasons,
}

use Cause::{
    AuthorizationOnFile, CheckupTwice, CoverageEnded, Excluded, EyeTwice, Fine, HeaderDiagnosis, Late, MistypedNumber,
    NoAuthorization, NoReferral, NoSuchModifier, NoSuchProcedure, NotEnrolled, NotInPlan, NotNecessary, NotYetCovered,
    OtherDiagnosisCovers, OtherName, OtherPayerFirst, OutOfNetwork, PairWithModifier, PairWithout, ReferralOnFile,
    SentTwice, TooManyUnits, TwoReasons, VisitWithSurgery, WrongAuthorization, WrongPayer, WrongPlace, WrongSex,
};

/// Of a hundred denials.
const MIX: &[(Cause, u64)] = &[
    // Administrative: 18.
    (WrongPayer, 1),
    (MistypedNumber, 3),
    (OtherName, 2),
    (HeaderDiagnosis, 3),
    (NoSuchModifier, 2),
    (Late, 2),
    (SentTwice, 3),
    (WrongPlace, 1),
    (NoSuchProcedure, 1),
    // Excluded: 16.
    (NotInPlan, 8),
    (Excluded, 8),
    // A limit: 12.
    (EyeTwice, 6),
    (CheckupTwice, 6),
    // Authorization or referral: 9.
    (NoAuthorization, 2),
    (AuthorizationOnFile, 2),
    (WrongAuthorization, 1),
    (NoReferral, 2),
    (ReferralOnFile, 2),
    // Medical necessity: 6.
    (NotNecessary, 3),
    (OtherDiagnosisCovers, 3),
    // Other reasons: 39.
    (OtherPayerFirst, 6),
    (NotYetCovered, 3),
    (CoverageEnded, 3),
    (OutOfNetwork, 4),
    (PairWithModifier, 6),
    (PairWithout, 3),
    (TooManyUnits, 4),
    (VisitWithSurgery, 4),
    (NotEnrolled, 2),
    (WrongSex, 2),
    (TwoReasons, 2),
];

/// A claim with what comes before it.
#[derive(Clone, Debug)]
pub(super) struct Trial {
    /// Claims of the family that are sent first.
    pub before: Vec<pb::ProfessionalClaim>,
    /// The claim.
    pub claim: pb::ProfessionalClaim,
}

/// Makes trials.
#[derive(Clone, Debug)]
pub(super) struct Mix {
    seed: u64,
    payer_id: String,
    today: Date,
    billing: pb::BillingProvider,
}

impl Mix {
    /// Puts a family for each trial into a payer folder, with the records that it needs.
    pub fn new(mut folder: pb::PayerFolder, seed: u64, trials: u64) -> (pb::PayerFolder, Mix) {
        let payer = folder.payer.clone().unwrap_or_default();
        let mix = Mix {
            seed,
            payer_id: payer.payer_id,
            today: parse_iso(&payer.clock_start).unwrap_or_default(),
            billing: bills::biller(&folder, bills::CLINIC),
        };
        let model = folder.providers.iter().find(|provider| provider.npi == bills::CLINIC).cloned().unwrap_or_default();
        folder.members = (0..trials).map(|number| mix.member(number)).collect();
        folder.authorizations = (0..trials).flat_map(|number| mix.authorization(number)).collect();
        let lapsed = (0..trials).filter(|number| mix.cause(*number) == NotEnrolled);
        folder.providers.extend(lapsed.map(|number| pb::Provider {
            npi: lapsed_npi(number),
            enrollments: vec![pb::Enrollment {
                from: "2020-01-01".into(),
                through: "2025-12-31".into(),
                networks: vec!["harbor".into(), "garden".into()],
            }],
            ..model.clone()
        }));
        (folder, mix)
    }

    pub fn cause(&self, number: u64) -> Cause {
        let mut chance = Chance(self.seed ^ number.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        if chance.below(1000) >= DENIED_PER_MILLE {
            return Fine;
        }
        let mut at = chance.below(MIX.iter().map(|(_, weight)| weight).sum());
        for (cause, weight) in MIX {
            match at.checked_sub(*weight) {
                Some(rest) => at = rest,
                None => return *cause,
            }
        }
        Fine
    }

    /// The trial of a number.
    pub fn trial(&self, number: u64) -> Trial {
        let mut chance = Chance(self.seed ^ number.wrapping_mul(0xD129_0B26_88CC_F7A5));
        let day = plus_days(self.today, -2 - i32::try_from(chance.below(60)).unwrap_or(0));
        let bill = Bill { number, day, billing: self.billing.clone(), payer_id: self.payer_id.clone() };
        let charge = 15_000 + i64::try_from(chance.below(50_000)).unwrap_or(0);
        let trial = |before, claim| Trial { before, claim };
        match self.cause(number) {
            EyeTwice => trial(vec![bill.earlier("92014", "H524")], bill.one("92014", "H524", charge)),
            CheckupTwice => trial(vec![bill.earlier("99396", "Z0000")], bill.one("99396", "Z0000", charge)),
            SentTwice => {
                let claim = bill.one("99213", "I10", charge);
                trial(vec![claim.clone()], claim)
            }
            cause => trial(vec![], self.broken(cause, &bill, charge)),
        }
    }

    /// A claim with one thing wrong.
    fn broken(&self, cause: Cause, bill: &Bill, charge: i64) -> pb::ProfessionalClaim {
        let visit = || bill.one("99213", "I10", charge);
        match cause {
            WrongPayer => pb::ProfessionalClaim { payer_id: "ELSEWHERE".into(), ..visit() },
            MistypedNumber => bill.insured_as(visit(), |insured| insured.member_id.push('9')),
            OtherName => bill.insured_as(visit(), |insured| {
                insured.name = Some(pb::Name { first: "Somebody".into(), ..insured.name.clone().unwrap_or_default() });
            }),
            HeaderDiagnosis => bill.one("99213", "M545", charge),
            NoSuchModifier => bill.line(visit(), 0, |line| line.modifiers = vec!["00".into()]),
            Late => bill.on(plus_days(self.today, -300)).one("99213", "I10", charge),
            WrongPlace => pb::ProfessionalClaim { place_of_service: "31".into(), ..visit() },
            NoSuchProcedure => bill.one("47115", "K3580", charge),
            NotInPlan => bill.one("V5010", "H9190", charge),
            Excluded => bill.one("A9270", "I10", charge),
            NoAuthorization | AuthorizationOnFile => bill.knee(charge),
            WrongAuthorization => {
                pb::ProfessionalClaim { authorization_number: "NO-SUCH-1".into(), ..bill.knee(charge) }
            }
            NoReferral | ReferralOnFile => bill.one("71046", "R059", charge),
            NotNecessary => bill.one("70551", "M5450", charge),
            OtherDiagnosisCovers => bill.with_diagnosis(bill.one("70551", "M5450", charge), "R519"),
            OutOfNetwork => bill.by(bills::OUTSIDER).one("99213", "I10", charge),
            PairWithModifier => bill.also(bill.one("45385", "K635", charge), "45380", charge / 2),
            PairWithout => bill.also(bill.one("45385", "K635", charge), "45378", charge / 2),
            TooManyUnits => bill.line(bill.one("80053", "I10", charge), 0, |line| line.units = "2".into()),
            VisitWithSurgery => bill.also(bill.one("20610", "M1711", charge), "99213", charge / 2),
            NotEnrolled => {
                let rendering = pb::ProviderReference { npi: lapsed_npi(bill.number), ..Default::default() };
                pb::ProfessionalClaim { rendering_provider: Some(rendering), ..visit() }
            }
            WrongSex => bill.one("77067", "Z1231", charge),
            // A modifier that there is not, beside a diagnosis that is not billable.
            TwoReasons => {
                let claim = bill.one("99213", "M545", charge);
                bill.line(claim, 0, |line| line.modifiers = vec!["00".into()])
            }
            _ => bill.also(visit(), "85025", charge / 5),
        }
    }

    fn member(&self, number: u64) -> pb::Member {
        let cause = self.cause(number);
        let gated = matches!(cause, NoReferral | ReferralOnFile | OutOfNetwork);
        let plan_id = if gated { "hmo" } else { "ppo" };
        let (from, through) = match cause {
            NotYetCovered => (self.today.to_string(), String::new()),
            CoverageEnded => ("2024-01-01".to_owned(), "2025-12-31".to_owned()),
            _ => ("2024-01-01".to_owned(), String::new()),
        };
        let primary_care_npi = if gated { bills::PRIMARY_CARE.to_owned() } else { String::new() };
        let coverage = pb::Coverage { plan_id: plan_id.into(), from, through, primary_care_npi, ..Default::default() };
        let other = pb::OtherCoverage {
            payer_id: "OTHER1".into(),
            payer_name: "Other Example Payer".into(),
            primary: true,
            from: "2024-01-01".into(),
            ..Default::default()
        };
        pb::Member {
            member_id: bills::member_id(number),
            subscriber_id: bills::member_id(number),
            relationship_code: "18".into(),
            person_name: Some(bills::name(number)),
            birth_date: bills::BIRTH.into(),
            sex: pb::Sex::Male.into(),
            coverages: vec![coverage],
            other_coverages: if cause == OtherPayerFirst { vec![other] } else { vec![] },
            ..Default::default()
        }
    }

    fn authorization(&self, number: u64) -> Option<pb::Authorization> {
        let referral = match self.cause(number) {
            AuthorizationOnFile => false,
            ReferralOnFile => true,
            _ => return None,
        };
        Some(pb::Authorization {
            number: format!("ON{number:07}"),
            member_id: bills::member_id(number),
            procedures: vec![if referral { "71046" } else { "27447" }.into()],
            from: "2026-01-01".into(),
            through: "2026-12-31".into(),
            units: "1".into(),
            referral,
            ..Default::default()
        })
    }
}

/// The number of a provider who is no longer enrolled: nobody's, with its check digit.
fn lapsed_npi(number: u64) -> String {
    let digits = format!("29{:07}", number % 10_000_000);
    let holds = |text: &String| Npi::parse(text).is_some_and(Npi::check_digit_holds);
    (0..10).map(|digit| format!("{digits}{digit}")).find(holds).unwrap_or_default()
}

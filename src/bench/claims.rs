//! Claims and the families that they are for, made from a seed: the same number gives the same claim.

use crate::domain::dates::{Date, parse_iso, plus_days};
use crate::proto::v1 as pb;
use crate::proto::v1::submit_claim_request::Claim as Billed;

use super::BenchOptions;

/// Members of a family: an adult and a child.
pub(super) const FAMILY: usize = 2;
/// Services of an ordinary visit: the first of a claim is an office visit, the others are among these.
const LABORATORY: [&str; 5] = ["36415", "80053", "83036", "84443", "85025"];
const VISITS: [&str; 2] = ["99213", "99214"];
const DIAGNOSES: [&str; 3] = ["I10", "E119", "J069"];
/// No procedures of the demo payer: lines with them are denied.
const NO_PROCEDURES: [&str; 6] = ["99990", "99991", "99992", "99993", "99994", "99995"];
/// Days over which a family's visits spread; a family's later claims then meet its earlier ones.
const DAYS: u64 = 170;

/// Makes claims.
#[derive(Clone, Debug)]
pub struct ClaimGenerator {
    seed: u64,
    families: u64,
    denials_per_mille: u64,
    payer_id: String,
    billing: pb::BillingProvider,
    today: Date,
}

impl ClaimGenerator {
    /// Puts generated families into a payer folder, in plans that ask no referral, and makes claims for them.
    pub fn new(mut folder: pb::PayerFolder, options: &BenchOptions) -> (pb::PayerFolder, ClaimGenerator) {
        let families = options.families.max(1);
        let payer = folder.payer.clone().unwrap_or_default();
        let plans: Vec<String> = folder
            .plans
            .iter()
            .filter(|plan| plan.referral_benefits.is_empty())
            .map(|plan| plan.plan_id.clone())
            .collect();
        folder.members = (0..families).flat_map(|family| members(family, &plans)).collect();
        folder.authorizations.clear();
        let networks = |provider: &&pb::Provider| provider.enrollments.first().map_or(0, |first| first.networks.len());
        let busiest = folder.providers.iter().max_by_key(networks).cloned().unwrap_or_default();
        let billing = pb::BillingProvider {
            npi: busiest.npi,
            tax_id: busiest.tax_id,
            name: busiest.provider_name,
            address: busiest.address,
            taxonomy_code: busiest.taxonomy_code,
            phone: String::new(),
        };
        let generator = ClaimGenerator {
            seed: options.seed,
            families,
            denials_per_mille: options.denials_per_mille,
            payer_id: payer.payer_id,
            billing,
            today: parse_iso(&payer.clock_start).unwrap_or_default(),
        };
        (folder, generator)
    }

    /// The claim of a number, as a request to a sandbox that is repeatable by its request id.
    pub fn request(&self, number: u64, sandbox: &str) -> pb::SubmitClaimRequest {
        pb::SubmitClaimRequest {
            parent: sandbox.to_owned(),
            request_id: format!("bench-{}-{number}", self.seed),
            claim: Some(Billed::Professional(self.claim(number))),
            ..Default::default()
        }
    }

    /// Which family a claim is for, counted from zero.
    pub fn family(&self, number: u64) -> u64 {
        number % self.families
    }

    /// The claim of a number.
    pub fn claim(&self, number: u64) -> pb::ProfessionalClaim {
        let mut chance = Chance(self.seed ^ number.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let denied = chance.below(1000) < self.denials_per_mille;
        let (family, visit) = (self.family(number), number / self.families);
        let day = plus_days(self.today, -1 - i32::try_from(visit % DAYS).unwrap_or(0)).to_string();
        let mut procedures = vec![chance.pick(&VISITS)];
        procedures.extend(LABORATORY.iter().filter(|_| chance.below(2) == 0));
        let lines: Vec<pb::ServiceLine> = procedures
            .into_iter()
            .zip(NO_PROCEDURES)
            .map(|(known, unknown)| pb::ServiceLine {
                procedure_code: if denied { unknown } else { known }.to_owned(),
                charge_cents: 2_000 + i64::try_from(chance.below(20_000)).unwrap_or(0),
                units: "1".into(),
                diagnosis_pointers: vec![1],
                service_date: day.clone(),
                ..Default::default()
            })
            .collect();
        pb::ProfessionalClaim {
            patient_control_number: format!("BENCH{number}"),
            charge_cents: lines.iter().map(|line| line.charge_cents).sum(),
            place_of_service: "11".into(),
            frequency_code: "1".into(),
            payer_id: self.payer_id.clone(),
            subscriber: Some(pb::Subscriber {
                member_id: member_id(family, 0),
                name: Some(name(0)),
                birth_date: BIRTHS[0].into(),
                sex: pb::Sex::Female.into(),
                payer_responsibility: "P".into(),
                ..Default::default()
            }),
            patient: (chance.below(3) == 0).then(|| pb::Patient {
                name: Some(name(1)),
                birth_date: BIRTHS[1].into(),
                sex: pb::Sex::Male.into(),
                relationship_code: "19".into(),
                ..Default::default()
            }),
            billing_provider: Some(self.billing.clone()),
            diagnoses: vec![pb::Diagnosis { code: chance.pick(&DIAGNOSES).into(), qualifier: String::new() }],
            accepts_assignment: true,
            benefits_assigned: true,
            release_of_information: true,
            lines,
            ..Default::default()
        }
    }
}

const BIRTHS: [&str; FAMILY] = ["1980-01-01", "2012-01-01"];

fn member_id(family: u64, person: usize) -> String {
    format!("BENCH{family:07}{person:02}")
}

fn name(person: usize) -> pb::Name {
    let first = if person == 0 { "Adult" } else { "Child" };
    pb::Name { last: "Benchmark".into(), first: first.into(), ..Default::default() }
}

fn members(family: u64, plans: &[String]) -> [pb::Member; FAMILY] {
    let plan = usize::try_from(family).ok().and_then(|family| plans.get(family % plans.len().max(1)));
    let coverage =
        pb::Coverage { plan_id: plan.cloned().unwrap_or_default(), from: "2020-01-01".into(), ..Default::default() };
    let member = |person: usize, birth: &str, sex: pb::Sex, relationship: &str| pb::Member {
        member_id: member_id(family, person),
        subscriber_id: member_id(family, 0),
        relationship_code: relationship.into(),
        person_name: Some(name(person)),
        birth_date: birth.into(),
        sex: sex.into(),
        coverages: vec![coverage.clone()],
        ..Default::default()
    };
    [member(0, BIRTHS[0], pb::Sex::Female, "18"), member(1, BIRTHS[1], pb::Sex::Male, "19")]
}

/// Chance from a number (SplitMix64): no state outside, the same everywhere.
pub(super) struct Chance(pub u64);

impl Chance {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit.max(1)
    }

    pub fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        let at = usize::try_from(self.below(from.len() as u64)).unwrap_or(0);
        from.get(at).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::Core;
    use crate::payer::folder::demo;
    use std::time::Duration;

    fn generator(denials_per_mille: u64) -> (pb::PayerFolder, ClaimGenerator) {
        let options = BenchOptions {
            duration: Duration::ZERO,
            callers: 1,
            connections: 1,
            denials_per_mille,
            seed: 7,
            families: 30,
        };
        ClaimGenerator::new(demo(), &options)
    }

    #[test]
    fn the_same_number_gives_the_same_claim() {
        assert_eq!(generator(200).1.claim(41), generator(200).1.claim(41));
        assert_ne!(generator(200).1.claim(41), generator(200).1.claim(42));
    }

    // What is measured is deciding: claims that are not made to be denied are allowed, whatever their families had before.
    #[test]
    fn only_claims_made_to_be_denied_are_denied() {
        for (denials_per_mille, denied) in [(0, 0), (1000, 150)] {
            let (folder, generator) = generator(denials_per_mille);
            assert_eq!(Core::new(&folder, &generator, 150).unwrap().denied(), denied);
        }
    }
}

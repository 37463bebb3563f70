//! Medical policies: what deciding a claim costs where a payer has few, and where it has many.

use super::{BenchOptions, ClaimGenerator, Core};
use crate::client::Failure;
use crate::payer::folder;
use crate::proto::v1 as pb;

/// Claims that are decided over and over.
const CLAIMS: u64 = 2_000;
/// Each number of policies is measured so often, in turns, and the best counts.
const ROUNDS: u32 = 3;
/// Policies about what the claims have; all others are spread over the other codes.
const NEAR: [&str; 10] =
    ["99211-99215", "36415", "80053", "83036", "84443", "85025", "80000-84999", "99200-99215", "99213", "85000-85099"];

/// What was measured.
#[derive(Clone, Copy, Debug)]
pub struct PoliciesReport {
    /// How many policies.
    pub policies: usize,
    /// Claims decided a second, on one core.
    pub claims_per_second: u64,
    /// Lines decided a second, on one core.
    pub lines_per_second: u64,
}

/// Measures each number of policies.
pub fn run(options: &BenchOptions, numbers: &[usize]) -> Result<Vec<PoliciesReport>, Failure> {
    let (folder, generator) = ClaimGenerator::new(folder::demo(), options);
    let core = |number: &usize| {
        let folder = pb::PayerFolder { policies: (0..*number).map(policy).collect(), ..folder.clone() };
        Ok((*number, Core::new(&folder, &generator, CLAIMS)?))
    };
    let cores: Vec<(usize, Core)> = numbers.iter().map(core).collect::<Result<_, Failure>>()?;
    let mut reports: Vec<PoliciesReport> = numbers
        .iter()
        .map(|policies| PoliciesReport { policies: *policies, claims_per_second: 0, lines_per_second: 0 })
        .collect();
    for _ in 0..ROUNDS {
        for ((_, core), report) in cores.iter().zip(&mut reports) {
            let measured = core.run(options.duration / ROUNDS.max(1))?;
            report.claims_per_second = report.claims_per_second.max(measured.claims_per_second);
            report.lines_per_second = report.lines_per_second.max(measured.lines_per_second);
        }
    }
    Ok(reports)
}

/// The policy of a number: it asks for an age, units and diagnoses that every claim has, so that nothing is denied.
fn policy(number: usize) -> pb::MedicalPolicy {
    let first = 10_000 + number.saturating_mul(89) % 69_000;
    let procedures = NEAR.get(number).map_or_else(|| format!("{first}-{}", first + 40), |near| (*near).to_owned());
    pb::MedicalPolicy {
        policy_id: format!("BENCH-{number:05}"),
        procedures: vec![procedures],
        from: "2020-01-01".into(),
        requires: Some(pb::PolicyConditions {
            max_age_years: Some(120),
            max_units: "100".into(),
            when: "line.charge_cents >= 0 && !(\"ZZ\" in line.modifiers)".into(),
            ..Default::default()
        }),
        finding: Some(pb::medical_policy::Finding::Deny(pb::PolicyDenial {
            group: "CO".into(),
            carc: "151".into(),
            ..Default::default()
        })),
        ..Default::default()
    }
}

/// The cost of a claim by one report over that by another, in thousandths.
pub fn cost_ratio(many: &PoliciesReport, few: &PoliciesReport) -> u64 {
    few.claims_per_second.saturating_mul(1_000) / many.claims_per_second.max(1)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn many_policies_are_read_and_none_of_them_denies() {
        let options = BenchOptions {
            duration: Duration::ZERO,
            callers: 1,
            connections: 1,
            denials_per_mille: 0,
            seed: 7,
            families: 30,
        };
        let (mut folder, generator) = ClaimGenerator::new(folder::demo(), &options);
        folder.policies = (0..1_000).map(policy).collect();
        assert_eq!(Core::new(&folder, &generator, 50).unwrap().denied(), 0);
    }
}

//! Counting: what two decisions on a claim differ in, and the sums of all.

use std::collections::BTreeMap;

use super::replay::Decision;
use crate::domain::claim::Claim;
use crate::proto::v1 as pb;

/// Lines under each payer, and cents under each.
type LinesAndCents = ([i64; 2], [i64; 2]);

/// Sums over claims.
#[derive(Default)]
pub(super) struct Count {
    pub claims: i64,
    pub changed_claims: i64,
    pub rejected_claims: i64,
    pub reversed_claims: i64,
    lines: i64,
    changed_lines: i64,
    charge: i64,
    paid: [i64; 2],
    patient: [i64; 2],
    states: BTreeMap<(i32, i32), (i64, [i64; 2])>,
    /// By group, reason and step: lines and cents under each payer.
    reasons: BTreeMap<(i32, String, String), LinesAndCents>,
    providers: BTreeMap<String, Provider>,
}

#[derive(Clone, Copy, Default)]
struct Provider {
    claims: i64,
    changed: i64,
    paid: [i64; 2],
}

impl Count {
    /// Counts a claim; the claim where it comes out differently.
    pub fn claim(&mut self, stored: &pb::Claim, claim: &Claim, decided: [Decision; 2]) -> Option<pb::ChangedClaim> {
        let [(state_a, a), (state_b, b)] = &decided;
        let paid = [a.paid_cents, b.paid_cents];
        self.claims += 1;
        self.charge += a.charge_cents;
        add(&mut self.paid, paid);
        add(&mut self.patient, [a.patient_responsibility_cents, b.patient_responsibility_cents]);
        self.lines += count(&a.lines);
        self.reasons_of(0, a);
        self.reasons_of(1, b);
        let pairs = a.lines.iter().zip(&b.lines).zip(&claim.lines);
        let lines: Vec<pb::ChangedLine> = pairs
            .filter(|((a, b), _)| a != b)
            .map(|((a, b), line)| pb::ChangedLine {
                line: a.line,
                code: if line.procedure.is_none() { line.revenue.to_string() } else { line.procedure.to_string() },
                service_date: line.from.to_string(),
                a: Some(a.clone()),
                b: Some(b.clone()),
            })
            .collect();
        let outcomes = [compared(*state_a, a), compared(*state_b, b)];
        let changed = !lines.is_empty() || outcomes.first() != outcomes.last();
        let npi = claim.billing_npi.to_string();
        let provider = self.providers.entry(npi.clone()).or_default();
        provider.claims += 1;
        provider.changed += i64::from(changed);
        add(&mut provider.paid, paid);
        if !changed {
            return None;
        }
        self.changed_claims += 1;
        self.changed_lines += count(&lines);
        let (claims, sums) = self.states.entry(((*state_a).into(), (*state_b).into())).or_default();
        *claims += 1;
        add(sums, paid);
        let [a, b] = outcomes.map(Some);
        Some(pb::ChangedClaim {
            claim: stored.name.clone(),
            patient_control_number: claim.patient_control_number.clone(),
            member_id: claim.subscriber.member_id.clone(),
            billing_npi: npi,
            service_from: claim.service_from().map_or_else(String::new, |day| day.to_string()),
            a,
            b,
            lines,
        })
    }

    fn reasons_of(&mut self, side: usize, decided: &pb::Determination) {
        let of_lines = decided.lines.iter().flat_map(|line| &line.adjustments);
        for adjustment in of_lines.chain(decided.account.iter().flat_map(|account| &account.adjustments)) {
            let reason = (adjustment.group, adjustment.carc.clone(), adjustment.step.clone());
            let (lines, cents) = self.reasons.entry(reason).or_default();
            if let (Some(lines), Some(cents)) = (lines.get_mut(side), cents.get_mut(side)) {
                *lines += 1;
                *cents += adjustment.amount_cents;
            }
        }
    }

    /// Adds what others have counted.
    pub fn add(&mut self, other: &Count) {
        self.claims += other.claims;
        self.changed_claims += other.changed_claims;
        self.rejected_claims += other.rejected_claims;
        self.reversed_claims += other.reversed_claims;
        self.lines += other.lines;
        self.changed_lines += other.changed_lines;
        self.charge += other.charge;
        add(&mut self.paid, other.paid);
        add(&mut self.patient, other.patient);
        for (states, (claims, paid)) in &other.states {
            let (sum, sums) = self.states.entry(*states).or_default();
            *sum += claims;
            add(sums, *paid);
        }
        for (reason, (lines, cents)) in &other.reasons {
            let (sum, sums) = self.reasons.entry(reason.clone()).or_default();
            add(sum, *lines);
            add(sums, *cents);
        }
        for (npi, theirs) in &other.providers {
            let provider = self.providers.entry(npi.clone()).or_default();
            provider.claims += theirs.claims;
            provider.changed += theirs.changed;
            add(&mut provider.paid, theirs.paid);
        }
    }

    /// What changed in all.
    pub fn summary(self, a_revision: &str, b_revision: &str, told: i64) -> pb::ComparisonSummary {
        let [a_paid_cents, b_paid_cents] = self.paid;
        let [a_patient_responsibility_cents, b_patient_responsibility_cents] = self.patient;
        type State = ((i32, i32), (i64, [i64; 2]));
        type Reason = ((i32, String, String), ([i64; 2], [i64; 2]));
        let state = |((a, b), (claims, [a_paid_cents, b_paid_cents])): State| pb::ChangedState {
            a,
            b,
            claims,
            a_paid_cents,
            b_paid_cents,
        };
        let reason = |((group, carc, step), ([a_lines, b_lines], [a_cents, b_cents])): Reason| pb::ComparedReason {
            group,
            carc,
            step,
            a_lines,
            b_lines,
            a_cents,
            b_cents,
        };
        let provider = |(billing_npi, provider): (String, Provider)| {
            let Provider { claims, changed: changed_claims, paid: [a_paid_cents, b_paid_cents] } = provider;
            pb::ComparedProvider { billing_npi, claims, changed_claims, a_paid_cents, b_paid_cents }
        };
        pb::ComparisonSummary {
            a_revision: a_revision.to_owned(),
            b_revision: b_revision.to_owned(),
            claims: self.claims,
            changed_claims: self.changed_claims,
            lines: self.lines,
            changed_lines: self.changed_lines,
            told,
            charge_cents: self.charge,
            a_paid_cents,
            b_paid_cents,
            a_patient_responsibility_cents,
            b_patient_responsibility_cents,
            states: self.states.into_iter().map(state).collect(),
            reasons: self.reasons.into_iter().map(reason).collect(),
            providers: self.providers.into_iter().filter(|(_, it)| it.changed > 0).map(provider).collect(),
            rejected_claims: self.rejected_claims,
            reversed_claims: self.reversed_claims,
        }
    }
}

fn compared(state: pb::ClaimState, decided: &pb::Determination) -> pb::ComparedDecision {
    pb::ComparedDecision {
        state: state.into(),
        pend_reason: decided.pend_reason.clone(),
        allowed_cents: decided.allowed_cents,
        patient_responsibility_cents: decided.patient_responsibility_cents,
        paid_cents: decided.paid_cents,
        rarcs: decided.rarcs.clone(),
        account: decided.account.clone(),
    }
}

fn add(sums: &mut [i64; 2], more: [i64; 2]) {
    sums.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
}

fn count<T>(list: &[T]) -> i64 {
    i64::try_from(list.len()).unwrap_or(i64::MAX)
}

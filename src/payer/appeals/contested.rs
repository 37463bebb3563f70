//! What is contested: a claim's decision, or a demand for its payment, as the law of appeals looks at it.

use super::super::{Failure, Payer, State};
use super::record::{About, Held};
use crate::adjudication::edits::last_day_to_file;
use crate::appeals::filing::{
    Aggregated, ClaimStanding, ClaimSubject, Denial, Expedite, Filer, Filing, Prior, PriorOutcome, RequestStanding,
    Subject,
};
use crate::appeals::scope::request_rests_on_judgment;
use crate::appeals::{self, Element, EvidenceKind, Level, Regime, Terms};
use crate::domain::appeal_terms::AppealTerms;
use crate::domain::dates::{Date, parse_iso};
use crate::domain::money::Money;
use crate::domain::plan::Plan;
use crate::proto::v1 as pb;
use crate::store::keys::{self, Lane};
use crate::wire;

/// What holds where the claim fell under no plan.
static NO_PLAN: AppealTerms = AppealTerms { regime: Regime::EmployerPlan, internal_levels: 1, dispute: None };
/// What the patient owes by the plan, whatever comes of an appeal.
const COST_SHARES: [&str; 3] = ["1", "2", "3"];

/// A claim, or a request for authorization, that is contested.
pub(super) struct Contested<'s> {
    pub about: About,
    /// An empty one where a request is contested.
    pub claim: pb::Claim,
    pub request: Option<pb::AuthorizationRequest>,
    pub plan: Option<&'s Plan>,
    pub terms: Terms<'s>,
    /// The provider has a contract with the payer; with Original Medicare it accepts assignment.
    pub contracted: bool,
    /// When a remittance told the decision.
    pub told: Option<Date>,
}

/// What an examination looks at, read from an appeal as it stands.
pub(super) struct Read {
    pub level: &'static Level,
    pub subject: Subject,
    filer: Filer,
    holds: Vec<Element>,
    documents: Vec<EvidenceKind>,
    pub amount: Money,
    aggregated: Vec<Aggregated>,
    expedite: Expedite,
    prior: Option<Prior>,
}

impl Payer {
    /// What is contested, with the terms that its plan's decisions are appealed under.
    pub(super) fn contested<'s>(
        &self,
        state: &'s State,
        lane: Lane,
        about: About,
    ) -> Result<Option<Contested<'s>>, Failure> {
        match about {
            About::Claim(sequence) => self.contested_claim(state, lane, sequence),
            About::Authorization(number) => {
                let Some(request) = self.authorization_at(state, lane, number)? else { return Ok(None) };
                let revision = &state.in_force.revision;
                let plan = revision.plan(&request.plan_id);
                let terms = Terms::of(plan.map_or(&NO_PLAN, |plan| &plan.appeals), &revision.appeals);
                let notice = request.appeal_rights.as_ref().map(|rights| rights.notice_date.as_str());
                let told = notice.and_then(parse_iso);
                let claim = pb::Claim::default();
                Ok(Some(Contested { about, claim, request: Some(request), plan, terms, contracted: false, told }))
            }
        }
    }

    fn contested_claim<'s>(
        &self,
        state: &'s State,
        lane: Lane,
        sequence: u64,
    ) -> Result<Option<Contested<'s>>, Failure> {
        let Some(claim) = self.claim_at(state, lane, sequence)? else { return Ok(None) };
        let revision = &state.in_force.revision;
        let decided = claim.determination.as_ref();
        let plan = decided.and_then(|decided| revision.plan(&decided.plan));
        let network = decided.map_or("", |decided| decided.network.as_str());
        let contracted = match plan {
            Some(plan) if plan.medicare => accepts_assignment(&claim),
            Some(plan) => !plan.networks.is_empty() && !network.is_empty() && network != "out",
            None => false,
        };
        let paid = self.remittance_in(state, &claim.remittance)?;
        let told = paid.and_then(|paid| parse_iso(&paid.paid_date));
        let terms = Terms::of(plan.map_or(&NO_PLAN, |plan| &plan.appeals), &revision.appeals);
        Ok(Some(Contested { about: About::Claim(sequence), claim, request: None, plan, terms, contracted, told }))
    }

    /// An appeal as an examination looks at it; `before`: the appeals on the claim that came before it.
    pub(super) fn read_appeal(
        &self,
        state: &State,
        contested: &Contested<'_>,
        appeal: &pb::Appeal,
        before: &[Held],
    ) -> Result<Read, Failure> {
        let level_id = appeal.level.as_ref().map_or("", |level| level.id.as_str());
        let level = appeals::level(level_id).ok_or_else(|| Failure::Damaged(appeal.name.clone()))?;
        let filer = appeal.filer.clone().unwrap_or_default();
        let subject = match &contested.request {
            Some(request) => of_request(request, &appeal.lines),
            None if appeal.overpayment => Subject::Overpayment { demanded: contested.demanded() },
            None => Subject::Claim(contested.subject(&appeal.lines)),
        };
        let kinds = appeal.evidence.iter().filter(|given| !given.excluded);
        let documents: Vec<EvidenceKind> = kinds.filter_map(|given| EvidenceKind::named(&given.kind)).collect();
        let role = filer.role();
        Ok(Read {
            level,
            filer: match role {
                pb::AppealRole::Unspecified | pb::AppealRole::Provider => {
                    Filer::Provider { contracted: contested.contracted }
                }
                pb::AppealRole::Member => Filer::Member,
                pb::AppealRole::Representative => Filer::Representative,
                pb::AppealRole::Physician => Filer::TreatingPhysician,
                pb::AppealRole::Assignee => Filer::Assignee,
                pb::AppealRole::Other => Filer::Other,
            },
            holds: wire::appeals::held(&appeal.left_out, !appeal.reason.trim().is_empty()),
            documents,
            amount: contested.amount(&appeal.lines, appeal.overpayment),
            aggregated: self.aggregated(state, contested, appeal, level)?,
            expedite: match (appeal.expedited, role) {
                (false, _) => Expedite::No,
                (true, pb::AppealRole::Physician) => Expedite::PhysicianSays,
                (true, _) => Expedite::Asked,
            },
            subject,
            prior: before.iter().rev().find_map(|held| prior(held, level, appeal)),
        })
    }

    /// What the appeals of other claims, which are filed with this one, put beside it.
    fn aggregated(
        &self,
        state: &State,
        contested: &Contested<'_>,
        appeal: &pb::Appeal,
        level: &'static Level,
    ) -> Result<Vec<Aggregated>, Failure> {
        let mut found = Vec::new();
        for (at, name) in appeal.aggregated_claims.iter().enumerate() {
            let unknown = || Failure::field(format!("aggregated_claims[{at}]"), format!("there is no claim {name:?}"));
            let number = name.rsplit('/').next().unwrap_or(name);
            let (lane, sequence) = keys::parse_control_number(number).ok_or_else(unknown)?;
            let other = self.contested(state, lane, About::Claim(sequence))?.ok_or_else(unknown)?;
            let before = self.appeals_about(state, lane, About::Claim(sequence))?;
            let last = before.iter().rev().find(|held| level_of(held).is_some_and(|l| l.number < level.number));
            let decided = last.and_then(|held| parse_iso(&held.appeal().decision?.decided_date));
            let Some(prior_notice) = decided.or(other.told) else { return Err(unknown()) };
            let of_last = last.and_then(level_of).map(|level| level.number + 1);
            let lines = last.map(|held| held.appeal().lines).unwrap_or_else(|| other.lines());
            let patient = |claim: &pb::Claim| claim.determination.as_ref().map(|decided| decided.member_id.clone());
            found.push(Aggregated {
                amount: other.amount(&lines, false),
                prior_notice,
                same_prior_level: of_last == Some(level.number),
                other_patient: patient(&other.claim) != patient(&contested.claim),
                related: shares_a_service(&other.claim, &contested.claim),
            });
        }
        Ok(found)
    }
}

impl Read {
    /// The filing, as of a moment.
    pub fn filing<'r>(
        &'r self,
        appeal: &'r pb::Appeal,
        filed: jiff::civil::DateTime,
        notice: Option<Date>,
    ) -> Filing<'r> {
        Filing {
            level: self.level,
            subject: self.subject.clone(),
            filer: self.filer,
            filed,
            notice,
            notice_received: parse_iso(&appeal.notice_received_date),
            holds: &self.holds,
            documents: &self.documents,
            amount: self.amount,
            aggregated: &self.aggregated,
            expedite: self.expedite,
            good_cause: Some(appeal.good_cause.as_str()).filter(|cause| !cause.trim().is_empty()),
            prior: self.prior,
        }
    }

    /// The reasons that are looked at; of a demand none.
    pub fn denials(&self) -> &[Denial] {
        match &self.subject {
            Subject::Claim(claim) => &claim.denials,
            _ => &[],
        }
    }
}

impl Contested<'_> {
    /// The lines that an appeal is about where it names none: those denied, or else those paid less than charged. A claim with one
    /// account for all has none.
    pub fn lines(&self) -> Vec<i32> {
        if let Some(request) = &self.request {
            return request.decisions.iter().filter(|decision| is_against(decision)).map(|of| of.line).collect();
        }
        let Some(decided) = self.claim.determination.as_ref().filter(|decided| decided.account.is_none()) else {
            return Vec::new();
        };
        let which = |fits: &dyn Fn(&pb::LineDetermination) -> bool| -> Vec<i32> {
            decided.lines.iter().filter(|line| fits(line)).map(|line| line.line).collect()
        };
        let denied = which(&|line| line.denied);
        if denied.is_empty() { which(&|line| line.paid_cents < line.charge_cents) } else { denied }
    }

    /// Why services of a request were not certified as asked for, each reason once; of a claim none.
    pub fn reasons(&self, lines: &[i32]) -> Vec<String> {
        let decided = self.request.iter().flat_map(|request| &request.decisions);
        let against = decided.filter(|decision| is_against(decision) && lines.contains(&decision.line));
        let mut reasons: Vec<String> = against.map(|decision| decision.reason_code.clone()).collect();
        reasons.sort();
        reasons.dedup();
        reasons
    }

    /// As the law looks at it.
    pub fn subject(&self, lines: &[i32]) -> ClaimSubject {
        let last_day = |service| self.plan.and_then(|plan| last_day_to_file(plan, service));
        ClaimSubject {
            standing: match self.claim.state() {
                pb::ClaimState::Unspecified | pb::ClaimState::Rejected => ClaimStanding::Rejected,
                pb::ClaimState::Pended => ClaimStanding::Pended,
                pb::ClaimState::Denied | pb::ClaimState::Allowed => ClaimStanding::Decided,
                pb::ClaimState::Reversed | pb::ClaimState::Closed | pb::ClaimState::Void => ClaimStanding::Replaced,
            },
            denials: wire::appeals::denials(&self.claim, lines, last_day),
            contracted: self.contracted,
            surprise_protected: false,
        }
    }

    /// What is in controversy: what was charged, less what was paid and what the patient owes by the plan in any case (42 CFR
    /// 405.1006(d)(1)). Of a demand, what is demanded.
    pub fn amount(&self, lines: &[i32], overpayment: bool) -> Money {
        if overpayment {
            return self.demanded();
        }
        let Some(decided) = &self.claim.determination else { return Money::ZERO };
        let shares = |told: &[pb::Adjustment]| -> i64 {
            let shares = told
                .iter()
                .filter(|told| told.group() == pb::GroupCode::Pr && COST_SHARES.contains(&told.carc.as_str()));
            shares.map(|told| told.amount_cents).sum()
        };
        let cents: i64 = match &decided.account {
            Some(account) => account.charge_cents - account.paid_cents - shares(&account.adjustments),
            None => {
                let lines = decided.lines.iter().filter(|line| lines.contains(&line.line));
                lines.map(|line| line.charge_cents - line.paid_cents - shares(&line.adjustments)).sum()
            }
        };
        Money::from_cents(cents.max(0))
    }

    /// What is demanded back, where something is.
    pub fn demanded(&self) -> Money {
        Money::from_cents(self.demand().map_or(0, |demand| demand.amount_cents))
    }

    /// The newest demand.
    pub fn demand(&self) -> Option<&pb::OverpaymentDemand> {
        self.claim.reversals.iter().rev().find_map(|reversal| reversal.demand.as_ref())
    }

    /// The rules that a filer's appeal runs under: a contracted provider disputes by its contract, but for Original Medicare.
    pub fn regime(&self, role: pb::AppealRole) -> Regime {
        let provider = matches!(role, pb::AppealRole::Unspecified | pb::AppealRole::Provider);
        if self.request.is_none() && provider && self.contracted && self.terms.regime != Regime::OriginalMedicare {
            Regime::ProviderDispute
        } else {
            self.terms.regime
        }
    }
}

/// Whether a service was not certified as asked for.
pub(super) fn is_against(decision: &pb::ServiceDecision) -> bool {
    matches!(decision.outcome(), pb::ReviewOutcome::NotCertified | pb::ReviewOutcome::Modified)
}

/// Some lines of a request for authorization, as the law looks at them.
fn of_request(request: &pb::AuthorizationRequest, lines: &[i32]) -> Subject {
    let of = || request.decisions.iter().filter(|decision| lines.is_empty() || lines.contains(&decision.line));
    let standing = if of().any(is_against) {
        RequestStanding::Against
    } else if of().any(|decision| decision.outcome() == pb::ReviewOutcome::Pended) {
        RequestStanding::Pended
    } else {
        RequestStanding::NothingAgainst
    };
    let mut against = of().filter(|decision| is_against(decision));
    let medical_judgment = against.any(|decision| request_rests_on_judgment(&decision.reason_code));
    Subject::Authorization { standing, medical_judgment }
}

/// The level of an appeal on record.
pub(super) fn level_of(held: &Held) -> Option<&'static Level> {
    appeals::level(&held.record.appeal.as_ref()?.level.as_ref()?.id)
}

/// What an earlier appeal on the same lines came to, where it is of the same regime.
fn prior(held: &Held, level: &'static Level, appeal: &pb::Appeal) -> Option<Prior> {
    let before = held.record.appeal.as_ref()?;
    let of = level_of(held).filter(|of| of.regime == level.regime && of.number < level.number)?;
    if before.name == appeal.name || before.overpayment != appeal.overpayment || !shares_lines(before, appeal) {
        return None;
    }
    let outcome = match before.state() {
        pb::AppealState::Unspecified | pb::AppealState::Refused | pb::AppealState::Withdrawn => return None,
        pb::AppealState::Open if before.late => PriorOutcome::Late,
        pb::AppealState::Open | pb::AppealState::Incomplete => PriorOutcome::Open,
        pb::AppealState::Dismissed => PriorOutcome::Dismissed,
        pb::AppealState::Forwarded => PriorOutcome::Late,
        pb::AppealState::Decided => match before.decision.as_ref()?.outcome() {
            pb::AppealOutcome::Overturned => PriorOutcome::Overturned,
            pb::AppealOutcome::PartlyOverturned => PriorOutcome::PartlyOverturned,
            pb::AppealOutcome::Dismissed => PriorOutcome::Dismissed,
            pb::AppealOutcome::Upheld | pb::AppealOutcome::Unspecified => PriorOutcome::Upheld,
        },
    };
    Some(Prior { level: of, outcome })
}

/// Whether two appeals are about a line in common, or about the whole claim.
pub(super) fn shares_lines(one: &pb::Appeal, other: &pb::Appeal) -> bool {
    one.lines.is_empty() || other.lines.is_empty() || one.lines.iter().any(|line| other.lines.contains(line))
}

/// Facilities take part always.
fn accepts_assignment(claim: &pb::Claim) -> bool {
    match &claim.billed {
        Some(pb::claim::Billed::Professional(billed)) => billed.accepts_assignment,
        Some(pb::claim::Billed::Institutional(_)) => true,
        None => false,
    }
}

fn shares_a_service(one: &pb::Claim, other: &pb::Claim) -> bool {
    let codes = |claim: &pb::Claim| -> Vec<String> {
        let lines = claim.billed.as_ref().map(pb::claim::Billed::lines).unwrap_or_default();
        lines.iter().map(|line| line.procedure_code.to_owned()).collect()
    };
    let others = codes(other);
    codes(one).iter().any(|code| others.contains(code))
}

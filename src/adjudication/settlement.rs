//! Settlements: how the charge of a line, or of a whole claim, is to be divided, in plain amounts.
//!
//! Pricing opens one, benefits share it out as if no other payer paid, coordination makes room for the others, and only
//! then is it posted: so a ledger never says one thing and takes it back.

use crate::domain::adjustment::Adjustment;
use crate::domain::claim::ServiceLine;
use crate::domain::codes::{Carc, Group, Rarc, carc};
use crate::domain::dates::Date;
use crate::domain::determination::{Accumulator, AccumulatorEntry};
use crate::domain::member::{Coverage, Member};
use crate::domain::money::Money;
use crate::domain::plan::{Benefit, CostShare, Network, Plan, ShortName, year_start};

use super::pricing::Reduction;
use super::{Account, Proceedings};

const PATIENT: Group = Group::PatientResponsibility;
const OTHER: Group = Group::OtherAdjustment;

/// The terms that a line falls under.
#[derive(Clone, Copy, Debug)]
pub struct Terms<'a> {
    /// The patient.
    pub member: &'a Member,
    /// The patient's plan that day.
    pub plan: &'a Plan,
    /// The plan's benefit for the procedure.
    pub benefit: &'a Benefit,
    /// Whether the provider is in the plan's networks.
    pub network: Network,
    /// The plan's cost share there.
    pub cost_share: &'a CostShare,
    /// The member's period of coverage.
    pub coverage: &'a Coverage,
}

impl Terms<'_> {
    /// Month and day on which benefit years begin: the group's own, or the plan's.
    pub fn year_begins(&self) -> (i8, i8) {
        self.coverage.year_begins.unwrap_or(self.plan.year_begins)
    }
}

/// What the patient owes of the allowed amount.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PatientShare {
    /// PR-3.
    pub copay: Money,
    /// PR-1.
    pub deductible: Money,
    /// PR-2.
    pub coinsurance: Money,
    /// PR-119, 149 or 35: above what the plan gives.
    pub over_limit: Money,
}

/// What a line takes of a limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LimitUse {
    /// Which limit.
    pub accumulator: Accumulator,
    /// First day of the limit's time.
    pub start: Date,
    /// How many; `None`: the cents that the plan gives in the end.
    pub amount: Option<i64>,
}

/// How the charge of one account, a line's or a claim's, is to be divided.
#[derive(Clone, Debug)]
pub struct Settlement<'a> {
    /// Whose charge.
    pub account: Account,
    /// Zero-based line; the first that is paid where the account is the claim's.
    pub at: usize,
    /// The line; where the account is the claim's, the stay as one line: its days, all its charges, who bills.
    pub line: &'a ServiceLine,
    /// What is to be divided: the charge, less what edits have taken off.
    pub charge: Money,
    /// Its terms.
    pub terms: Terms<'a>,
    /// First day of the benefit year.
    pub year_start: Date,
    /// What this payer allows.
    pub allowed: Money,
    /// What the charge is above this payer's and other payers' parts; below zero where the fee is above the charge.
    pub excess: Money,
    /// What the rules for several procedures take (59); the group is that of the excess.
    pub reductions: Vec<Reduction>,
    /// Remarks beside the excess.
    pub excess_rarcs: Vec<Rarc>,
    /// Who bears the excess.
    pub excess_group: Group,
    /// What the patient owes.
    pub patient: PatientShare,
    /// What payers before this one have paid, and reduced by contract (OA-23).
    pub prior_payers: Money,
    /// What the law cuts of this payer's payment (CO-253).
    pub sequestration: Money,
    /// What the fee schedule itself has the patient pay of the allowed amount (the copayment of Medicare's outpatient rates).
    pub schedule_share: Option<Money>,
    /// Counts toward the deductible, whoever pays it.
    pub deductible_credit: Money,
    /// The deductible of its own that applies instead of the plan's.
    pub separate_deductible: Option<ShortName>,
    /// What of the deductible counts in a later benefit year too, and that year's first day.
    pub carried_over: Option<(Date, Money)>,
    /// What it takes of limits.
    pub limit_uses: Vec<LimitUse>,
    /// How what lies above a limit is told.
    pub over_limit_reason: Carc,
    /// How the price was found.
    pub pricing_words: String,
    /// How the patient's share was found.
    pub benefits_words: String,
    /// How other payers' payments were taken in; `None`: there are none.
    pub coordination_words: Option<String>,
    /// What the provider's contract keeps back of this payer's payment (CO-104).
    pub withheld: Money,
    /// How that was found; `None`: nothing is kept back.
    pub withhold_words: Option<String>,
    /// How the law's cut was found; `None`: there is none.
    pub sequestration_words: Option<String>,
}

impl PatientShare {
    /// Copay, deductible and coinsurance: what counts toward the out-of-pocket maximum.
    pub fn cost_share(self) -> Money {
        self.copay + self.deductible + self.coinsurance
    }

    /// All of it.
    pub fn total(self) -> Money {
        self.cost_share() + self.over_limit
    }

    /// No more than `most`, taken in the order of the parts.
    #[must_use]
    pub fn at_most(self, most: Money) -> PatientShare {
        let mut left = most;
        let mut take = |part: Money| {
            let taken = part.min(left);
            left -= taken;
            taken
        };
        PatientShare {
            copay: take(self.copay),
            deductible: take(self.deductible),
            coinsurance: take(self.coinsurance),
            over_limit: take(self.over_limit),
        }
    }
}

impl<'a> Settlement<'a> {
    /// Opens with the price: the payer pays what it allows, until somebody else's part is found.
    pub fn open(
        at: usize,
        line: &'a ServiceLine,
        terms: Terms<'a>,
        allowed: Money,
        excess_group: Group,
        pricing_words: String,
    ) -> Settlement<'a> {
        Settlement {
            account: Account::Line(at),
            at,
            line,
            charge: line.charge,
            terms,
            year_start: year_start(terms.year_begins(), line.from),
            allowed,
            excess: line.charge - allowed,
            reductions: Vec::new(),
            excess_rarcs: Vec::new(),
            excess_group,
            patient: PatientShare::default(),
            prior_payers: Money::ZERO,
            withheld: Money::ZERO,
            withhold_words: None,
            sequestration: Money::ZERO,
            schedule_share: None,
            deductible_credit: Money::ZERO,
            separate_deductible: None,
            carried_over: None,
            limit_uses: Vec::new(),
            over_limit_reason: carc("119"),
            pricing_words,
            benefits_words: String::new(),
            coordination_words: None,
            sequestration_words: None,
        }
    }

    /// What the provider writes off, or the patient owes above what is allowed.
    pub fn not_allowed(&self) -> Money {
        self.excess + self.reductions.iter().map(|reduction| reduction.amount).sum()
    }

    /// Sets what the provider writes off anew: what is less is taken from the excess first, then from the reductions.
    pub fn set_not_allowed(&mut self, amount: Money) {
        let mut less = self.not_allowed() - amount;
        let of_excess = less.min(self.excess.or_zero());
        self.excess -= of_excess;
        less -= of_excess;
        for reduction in &mut self.reductions {
            let taken = less.or_zero().min(reduction.amount);
            reduction.amount -= taken;
            less -= taken;
        }
        self.excess -= less;
    }

    /// What this payer pays.
    pub fn paid(&self) -> Money {
        let others = self.prior_payers + self.patient.total();
        self.charge - self.not_allowed() - others - self.withheld - self.sequestration
    }

    /// What the plan gives, of which contract and law may keep back a part.
    pub fn given(&self) -> Money {
        self.paid() + self.withheld + self.sequestration
    }

    /// Whether two lines fall on one day and under one benefit.
    pub fn same_day(&self, other: &Settlement<'_>) -> bool {
        self.line.from == other.line.from && self.terms.benefit.name == other.terms.benefit.name
    }

    /// Posts it to its ledger, and what it takes to the accumulators.
    pub fn post(self, proceedings: &mut Proceedings) {
        let at = self.account;
        if let Some(account) = proceedings.account_mut(at) {
            account.allowed = self.allowed;
        }
        self.post_accumulators(proceedings);
        let PatientShare { copay, deductible, coinsurance, over_limit } = self.patient;
        let mut excess = match self.excess >= Money::ZERO {
            true => adjustment("pricing", self.excess_group, carc("45"), self.excess),
            false => adjustment("pricing", OTHER, carc("94"), self.excess),
        };
        if !excess.amount.is_zero() {
            excess.rarcs = self.excess_rarcs;
        }
        let reductions = self.reductions.into_iter().filter(|reduction| !reduction.amount.is_zero());
        let reductions = reductions.map(|Reduction { step, carc, rarcs, amount }| Adjustment {
            rarcs,
            ..adjustment(step, self.excess_group, carc, amount)
        });
        proceedings.adjust("pricing", at, std::iter::once(excess).chain(reductions), self.pricing_words);
        let over_limit_reason = self.over_limit_reason;
        let parts = [("3", copay), ("1", deductible), ("2", coinsurance)].map(|(reason, part)| (carc(reason), part));
        let patient = parts.into_iter().chain([(over_limit_reason, over_limit)]);
        let patient = patient.map(|(reason, amount)| adjustment("benefits", PATIENT, reason, amount));
        proceedings.adjust("benefits", at, patient, self.benefits_words);
        if let Some(words) = self.coordination_words {
            let prior = adjustment("coordination", OTHER, carc("23"), self.prior_payers);
            proceedings.adjust("coordination", at, [prior], words);
        }
        if let Some(words) = self.withhold_words {
            let kept = adjustment("withhold", Group::ContractualObligation, carc("104"), self.withheld);
            proceedings.adjust("withhold", at, [kept], words);
        }
        if let Some(words) = self.sequestration_words {
            let cut = adjustment("sequestration", Group::ContractualObligation, carc("253"), self.sequestration);
            proceedings.adjust("sequestration", at, [cut], words);
        }
    }

    fn post_accumulators(&self, proceedings: &mut Proceedings) {
        let Terms { member, plan, network, .. } = self.terms;
        let mut post = |accumulator, year_start, amount| {
            if amount != 0 {
                proceedings.accumulator_entries.push(AccumulatorEntry {
                    accumulator,
                    member_id: member.member_id.clone(),
                    network,
                    year_start,
                    amount,
                    line: self.at,
                    plan_id: plan.plan_id.clone(),
                });
            }
        };
        let deductible = self.separate_deductible.map_or(Accumulator::Deductible, Accumulator::SeparateDeductible);
        post(deductible, self.year_start, self.deductible_credit.cents());
        if let Some((year_start, amount)) = self.carried_over {
            post(Accumulator::Deductible, year_start, amount.cents());
        }
        post(Accumulator::OutOfPocket, self.year_start, self.patient.cost_share().cents());
        for taken in &self.limit_uses {
            post(taken.accumulator.clone(), taken.start, taken.amount.unwrap_or_else(|| self.given().cents()));
        }
    }
}

fn adjustment(step: &'static str, group: Group, carc: Carc, amount: Money) -> Adjustment {
    Adjustment { group, carc, amount, rarcs: vec![], step }
}

//! Loop 2110: what is covered and what the member pays, one EB for each service type, network and fact.

use crate::domain::money::Money;
use crate::proto::v1::{AccumulatorAnswer, BenefitAnswer, CheckEligibilityResponse, CoverageAnswer, LimitAnswer};
use crate::x12::inquiry::{Party, d8};
use crate::x12::writer::{SegmentWriter, composite};

/// Service type of the plan as a whole.
const PLAN: &str = "30";
/// Characters of an MSG.
const WORDS: usize = 264;
/// EB06: the calendar year, the plan's own year, so far in it, what is left, a lifetime and what is left of it.
const CALENDAR_YEAR: &str = "23";
const SERVICE_YEAR: &str = "22";
const YEAR_TO_DATE: &str = "24";
const REMAINING: &str = "29";
const LIFETIME: &str = "32";
const LIFETIME_REMAINING: &str = "33";

/// One EB, by its elements.
#[derive(Default)]
struct Eb<'a> {
    /// EB01.
    fact: &'a str,
    /// EB02.
    level: &'a str,
    /// EB03.
    service_type: &'a str,
    /// EB04.
    insurance: &'a str,
    /// EB05.
    plan: &'a str,
    /// EB06.
    period: &'a str,
    /// EB07.
    amount: Option<i64>,
    /// EB08.
    percent: &'a str,
    /// EB09 and EB10.
    quantity: Option<(&'a str, i64)>,
    /// EB11.
    authorization: &'a str,
    /// EB12.
    network: &'a str,
    /// EB13.
    procedure: &'a str,
}

impl Eb<'_> {
    fn write(&self, out: &mut SegmentWriter) {
        let amount = self.amount.map_or_else(String::new, |cents| Money::from_cents(cents).x12());
        let (unit, quantity) = self.quantity.map_or(("", String::new()), |(unit, number)| (unit, number.to_string()));
        let elements = [
            self.fact,
            self.level,
            self.service_type,
            self.insurance,
            self.plan,
            self.period,
            &amount,
            self.percent,
            unit,
            &quantity,
            self.authorization,
            self.network,
            self.procedure,
        ];
        out.segment("EB", &elements);
    }
}

/// MSG.
pub(super) fn message(out: &mut SegmentWriter, words: &str) {
    if !words.is_empty() {
        out.segment("MSG", &[words.to_uppercase().chars().take(WORDS).collect::<String>().as_str()]);
    }
}

/// Everything that was found for a day.
pub(super) fn write(out: &mut SegmentWriter, answer: &CheckEligibilityResponse) {
    if !answer.active {
        Eb { fact: "6", level: "IND", service_type: PLAN, ..Eb::default() }.write(out);
        return message(out, &answer.message);
    }
    let empty = CoverageAnswer::default();
    let asked = answer.procedure_code.as_str();
    let procedure = if asked.is_empty() { String::new() } else { composite(&["HC", asked]) };
    let told = Told { answer, coverage: answer.coverage.as_ref().unwrap_or(&empty), procedure };
    told.plan(out);
    for accumulator in answer.accumulators.iter().filter(|told| !told.accumulator.contains(':')) {
        told.accumulator(out, accumulator, PLAN);
    }
    let mut done: Vec<&str> = Vec::new();
    for benefit in &answer.benefits {
        if !done.contains(&benefit.benefit.as_str()) {
            done.push(&benefit.benefit);
            told.benefit(out, &benefit.benefit);
        }
    }
    told.persons(out);
}

struct Told<'a> {
    answer: &'a CheckEligibilityResponse,
    coverage: &'a CoverageAnswer,
    /// EB13, where a procedure was asked about; then no service type is told.
    procedure: String,
}

impl<'a> Told<'a> {
    /// The plan is active; its name and kind.
    fn plan(&self, out: &mut SegmentWriter) {
        let insurance = match self.coverage.claim_filing_indicator.as_str() {
            "12" => "PR",
            "13" => "PS",
            "14" => "EP",
            "HM" | "16" => "HM",
            "MA" => "MA",
            "MB" => "MB",
            "MC" => "MC",
            _ => "C1",
        };
        let plan: String = self.answer.plan_name.chars().take(50).collect();
        Eb { fact: "1", level: "IND", service_type: PLAN, insurance, plan: &plan, ..Eb::default() }.write(out);
        let untold = self.answer.service_types.iter().filter(|asked| asked.benefits.is_empty());
        let untold: Vec<&str> = untold.map(|asked| asked.service_type.as_str()).collect();
        if !untold.is_empty() {
            message(out, &format!("the plan does not tell service type {} apart", untold.join(", ")));
        }
    }

    /// The service types under which a benefit is told: those that were asked, or all of it. A benefit that has none can
    /// be asked about by its procedures only, and is told by the procedure.
    fn codes(&self, benefit: &'a BenefitAnswer) -> Vec<&'a str> {
        if !self.procedure.is_empty() {
            return vec![""];
        }
        let asked = &self.answer.service_types;
        let whole = asked.iter().any(|asked| asked.service_type == PLAN || asked.benefits.is_empty());
        let was_asked = |code: &&str| whole || asked.iter().any(|asked| asked.service_type == *code);
        benefit.service_types.iter().map(String::as_str).filter(was_asked).collect()
    }

    /// EB12, and the words that go with it.
    fn network(&self, network: &str) -> (&'static str, String) {
        match network {
            _ if self.coverage.any_provider => ("W", String::new()),
            "in" => ("Y", String::new()),
            "out" => ("N", String::new()),
            tier => ("Y", format!("tier {tier}")),
        }
    }

    fn year(&self) -> &'static str {
        if self.coverage.benefit_year_from.ends_with("-01-01") { CALENDAR_YEAR } else { SERVICE_YEAR }
    }

    /// A deductible or an out-of-pocket maximum: all of it, what is used, what is left.
    fn accumulator(&self, out: &mut SegmentWriter, accumulator: &AccumulatorAnswer, service_type: &str) {
        let (network, tier) = self.network(&accumulator.network);
        let fact = if accumulator.accumulator == "out_of_pocket" { "G" } else { "C" };
        let level = if accumulator.family { "FAM" } else { "IND" };
        let own_name = accumulator.accumulator.split_once(':').map_or("", |(_, name)| name);
        let words = [tier.as_str(), own_name].join(" ");
        let procedure = if service_type.is_empty() { self.procedure.as_str() } else { "" };
        let year = self.year();
        let amounts = [
            (year, accumulator.limit_cents),
            (YEAR_TO_DATE, accumulator.met_cents),
            (REMAINING, accumulator.left_cents),
        ];
        let all = if accumulator.limit_cents == 0 { 1 } else { amounts.len() };
        for (period, cents) in amounts.into_iter().take(all) {
            Eb { fact, level, service_type, period, amount: Some(cents), network, procedure, ..Eb::default() }
                .write(out);
            if period == SERVICE_YEAR {
                let CoverageAnswer { benefit_year_from: from, benefit_year_through: through, .. } = self.coverage;
                out.segment("DTP", &["292", "RD8", &format!("{}-{}", d8(from), d8(through))]);
            }
            message(out, words.trim());
        }
    }

    /// A benefit in every network, under each of its service types.
    fn benefit(&self, out: &mut SegmentWriter, name: &str) {
        let procedure = self.procedure.as_str();
        let of_benefit = || self.answer.benefits.iter().filter(|told| told.benefit == name);
        let Some(benefit) = of_benefit().next() else { return };
        for service_type in self.codes(benefit) {
            let fact = if benefit.covered && benefit.waiting_through.is_empty() { "1" } else { "I" };
            let authorization = if benefit.authorization_required { "Y" } else { "N" };
            let authorization = if fact == "1" { authorization } else { "" };
            // The plan itself was told before.
            if service_type != PLAN || fact == "I" {
                Eb { fact, level: "IND", service_type, authorization, procedure, ..Eb::default() }.write(out);
                let wait = match benefit.waiting_through.as_str() {
                    "" => String::new(),
                    last => format!("waiting period through {last}"),
                };
                let referral =
                    if benefit.referral_required { "needs a referral by the primary care provider" } else { "" };
                let words = [wait.as_str(), referral].into_iter().filter(|words| !words.is_empty());
                message(out, &words.collect::<Vec<_>>().join("; "));
            }
            if fact == "I" {
                continue;
            }
            for share in of_benefit() {
                self.share(out, share, service_type);
            }
            for limit in self.answer.limits.iter().filter(|limit| counts(limit, &benefit.benefit)) {
                self.limit(out, limit, service_type);
            }
        }
    }

    /// What the member pays in one network.
    fn share(&self, out: &mut SegmentWriter, share: &BenefitAnswer, service_type: &str) {
        let (network, tier) = self.network(&share.network);
        let (level, procedure) = ("IND", self.procedure.as_str());
        if share.copay_cents > 0 {
            let period = match share.copay_per.as_str() {
                "day" => "7",
                "admission" => "36",
                _ => "27",
            };
            let amount = Some(share.copay_cents);
            Eb { fact: "B", level, service_type, period, amount, network, procedure, ..Eb::default() }.write(out);
            let words = [
                (!tier.is_empty(), tier.clone()),
                (share.copay_per == "admission", "for each admission".to_owned()),
                (share.copay_days > 0, format!("for at most {} days of a stay", share.copay_days)),
                (share.deductible_first, "after the deductible".to_owned()),
                (share.copay_waived_if_admitted, "none where the patient is admitted".to_owned()),
            ];
            let words = words.into_iter().filter(|(holds, _)| *holds).map(|(_, words)| words);
            message(out, &words.collect::<Vec<_>>().join("; "));
        }
        if share.copay_cents == 0 || !["", "0"].contains(&share.coinsurance.as_str()) {
            let percent = if share.coinsurance.is_empty() { "0" } else { share.coinsurance.as_str() };
            Eb { fact: "A", level, service_type, percent, network, procedure, ..Eb::default() }.write(out);
            let most = match share.coinsurance_maximum_cents {
                0 => String::new(),
                cents => format!("at most {} a service", Money::from_cents(cents)),
            };
            let words = [tier.as_str(), most.as_str()].into_iter().filter(|words| !words.is_empty());
            message(out, &words.collect::<Vec<_>>().join("; "));
        }
        self.deductible(out, share, service_type);
    }

    /// The deductible of a benefit, where it is not the plan's: none, or one of its own.
    fn deductible(&self, out: &mut SegmentWriter, share: &BenefitAnswer, service_type: &str) {
        let of_network = |told: &&AccumulatorAnswer| told.network == share.network;
        let mut in_network = self.answer.accumulators.iter().filter(of_network);
        if !share.deductible_applies {
            if in_network.any(|told| told.accumulator == "deductible" && told.limit_cents > 0) {
                let (network, tier) = self.network(&share.network);
                let (period, amount, procedure) = (self.year(), Some(0), self.procedure.as_str());
                Eb { fact: "C", level: "IND", service_type, period, amount, network, procedure, ..Eb::default() }
                    .write(out);
                message(out, &tier);
            }
        } else if !share.separate_deductible.is_empty() {
            let own = format!("deductible:{}", share.separate_deductible);
            for accumulator in in_network.filter(|told| told.accumulator == own) {
                self.accumulator(out, accumulator, service_type);
            }
        }
    }

    /// A limit: all of it, what is used, what is left.
    fn limit(&self, out: &mut SegmentWriter, limit: &LimitAnswer, service_type: &str) {
        let procedure = self.procedure.as_str();
        let unit = match limit.unit.as_str() {
            "visits" => "VS",
            "days" => "DY",
            "units" => "P6",
            _ => "",
        };
        let (period, left) = match limit.period.as_str() {
            "lifetime" => (LIFETIME, LIFETIME_REMAINING),
            "calendar_year" => (CALENDAR_YEAR, REMAINING),
            _ => (self.year(), REMAINING),
        };
        // No period says how much of a lifetime is used.
        let used = (limit.period != "lifetime").then_some((YEAR_TO_DATE, limit.used));
        for (period, number) in [(period, limit.amount)].into_iter().chain(used).chain([(left, limit.left)]) {
            let eb = Eb { fact: "F", level: "IND", service_type, period, procedure, ..Eb::default() };
            match unit {
                "" => Eb { amount: Some(number), ..eb }.write(out),
                unit => Eb { quantity: Some((unit, number)), ..eb }.write(out),
            }
            match limit.benefits.as_slice() {
                [] => message(out, "all benefits together"),
                [_] => {}
                several => message(out, &format!("{} together", several.join(", "))),
            }
        }
    }

    /// The primary care provider and the other payers.
    fn persons(&self, out: &mut SegmentWriter) {
        if !self.coverage.primary_care_npi.is_empty() {
            Eb { fact: "L", level: "IND", service_type: PLAN, ..Eb::default() }.write(out);
            let name = self.coverage.primary_care_name.clone().unwrap_or_default();
            let kind = if name.first.is_empty() { "2" } else { "1" };
            related(
                out,
                &Party {
                    role: "P3".to_owned(),
                    kind: kind.to_owned(),
                    last: name.last,
                    first: name.first,
                    middle: name.middle,
                    suffix: name.suffix,
                    qualifier: "XX".to_owned(),
                    id: self.coverage.primary_care_npi.clone(),
                },
            );
        }
        for other in &self.answer.other_payers {
            Eb { fact: "R", level: "IND", service_type: PLAN, ..Eb::default() }.write(out);
            let days = match other.through.as_str() {
                "" => ("D8", d8(&other.from)),
                through => ("RD8", format!("{}-{}", d8(&other.from), d8(through))),
            };
            out.segment("DTP", &["290", days.0, &days.1]);
            let role = if other.first { "PRP" } else { "SEP" };
            related(
                out,
                &Party {
                    role: role.to_owned(),
                    kind: "2".to_owned(),
                    last: other.payer_name.clone(),
                    qualifier: "PI".to_owned(),
                    id: other.payer_id.clone(),
                    ..Party::default()
                },
            );
        }
    }
}

/// Loop 2120.
fn related(out: &mut SegmentWriter, party: &Party) {
    out.segment("LS", &["2120"]);
    party.write(out);
    out.segment("LE", &["2120"]);
}

fn counts(limit: &LimitAnswer, benefit: &str) -> bool {
    limit.benefits.is_empty() || limit.benefits.iter().any(|name| name == benefit)
}

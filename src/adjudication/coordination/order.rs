//! The order of payers: whether another coverage pays before this plan's, by the facts on the member's record.
//!
//! The first rule that tells decides: what pays for injuries, Medicaid, Medicare's secondary payer provisions, then the
//! rules of the NAIC's Model Regulation 120, section 6.D, in their order.

use crate::domain::claim::Accident;
use crate::domain::dates::{Date, age_on, plus_days, plus_months};
use crate::domain::member::{Coverage, Member, OtherCoverage};
use crate::domain::payer_order::{CoverageFacts, CoverageKind, Employment, MedicareEntitlement, WorkStatus};
use crate::domain::plan::Plan;
use crate::reference::medicare_secondary as law;

/// CLP06 of a Medicaid plan.
const MEDICAID: &str = "MC";
const SELF: &str = "18";
const SPOUSE: &str = "01";

/// Who is asked about, and under what of this payer's.
#[derive(Clone, Copy, Debug)]
pub struct Insured<'a> {
    /// The patient.
    pub member: &'a Member,
    /// The patient's family.
    pub family: &'a [Member],
    /// The patient's coverage that day.
    pub coverage: &'a Coverage,
    /// Its plan.
    pub plan: &'a Plan,
    /// What caused the claim.
    pub accident: Accident,
    /// The day of service.
    pub day: Date,
}

/// Which of the two is first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// The other coverage pays before this plan's.
    pub other_first: bool,
    /// By which rule; empty where the record says it outright.
    pub words: String,
}

/// A rule: whether the other is first, and why; `None` where the rule does not tell.
type Rule = fn(&Insured<'_>, &OtherCoverage, &CoverageFacts) -> Option<(bool, String)>;

/// In order of precedence.
const RULES: [Rule; 9] = [
    injury,
    medicaid,
    medicare_and_a_group_plan,
    dependent_or_not,
    child_of_two_parents,
    child_and_spouse,
    active_or_not,
    continuation,
    longer_or_shorter,
];

/// Whether another coverage pays before this plan's; `None` where it is not in force, or has no bearing.
pub fn order(insured: &Insured<'_>, other: &OtherCoverage) -> Option<Order> {
    if !other.period.contains(insured.day) {
        return None;
    }
    if other.primary {
        return Some(Order { other_first: true, words: String::new() });
    }
    let Some(facts) = &other.facts else { return Some(Order { other_first: false, words: String::new() }) };
    if is_of_injuries(facts.kind) && !caused_by(facts.kind, insured.accident) {
        return None;
    }
    let found = RULES.iter().find_map(|rule| rule(insured, other, facts));
    let (other_first, why) = found.unwrap_or_else(|| {
        (false, "No rule tells the two apart, and they would share equally; this plan goes on (NAIC Model Regulation 120, section 6.D(6))".to_owned())
    });
    let first = if other_first { other.payer_name.as_str() } else { "this plan" };
    Some(Order { other_first, words: format!("{why}: {first} is first.") })
}

fn is_of_injuries(kind: CoverageKind) -> bool {
    matches!(kind, CoverageKind::WorkersCompensation | CoverageKind::Liability | CoverageKind::NoFault)
}

fn caused_by(kind: CoverageKind, accident: Accident) -> bool {
    match kind {
        CoverageKind::WorkersCompensation => accident.employment,
        CoverageKind::NoFault => accident.automobile,
        CoverageKind::Liability => accident.automobile || accident.other,
        CoverageKind::GroupPlan | CoverageKind::Medicare | CoverageKind::Medicaid => false,
    }
}

fn injury(insured: &Insured<'_>, _: &OtherCoverage, facts: &CoverageFacts) -> Option<(bool, String)> {
    let why = match facts.kind {
        CoverageKind::WorkersCompensation => "The claim tells of a work injury (42 CFR 411.40)",
        CoverageKind::NoFault => {
            "The claim tells of an automobile accident, and a no-fault carrier covers it (42 CFR 411.50)"
        }
        CoverageKind::Liability => "The claim tells of an accident for which a carrier is liable (42 CFR 411.50)",
        CoverageKind::GroupPlan | CoverageKind::Medicare | CoverageKind::Medicaid => return None,
    };
    caused_by(facts.kind, insured.accident).then(|| (true, why.to_owned()))
}

fn medicaid(insured: &Insured<'_>, _: &OtherCoverage, facts: &CoverageFacts) -> Option<(bool, String)> {
    let ours = insured.plan.claim_filing_indicator == MEDICAID;
    let theirs = facts.kind == CoverageKind::Medicaid;
    (ours != theirs).then(|| (ours, "Medicaid pays after all others (42 CFR 433.139)".to_owned()))
}

fn medicare_and_a_group_plan(
    insured: &Insured<'_>,
    _: &OtherCoverage,
    facts: &CoverageFacts,
) -> Option<(bool, String)> {
    let member = insured.member;
    match (insured.plan.medicare, facts.kind) {
        (true, CoverageKind::GroupPlan) => {
            let (plan_first, why) = group_plan_first(insured, facts.employment, &facts.relationship);
            Some((plan_first, why))
        }
        (false, CoverageKind::Medicare) => {
            let (plan_first, why) = group_plan_first(insured, insured.coverage.employment, &member.relationship);
            Some((!plan_first, why))
        }
        _ => None,
    }
}

/// Whether an employer's plan pays before Medicare, and why.
fn group_plan_first(insured: &Insured<'_>, employment: Employment, relationship: &str) -> (bool, String) {
    let active = employment.status == WorkStatus::Active;
    let employs = |least: i32| employment.employees.is_some_and(|employees| employees >= least);
    let size = employment.employees.map_or_else(|| "an unknown number".to_owned(), |employees| employees.to_string());
    let works = if active { "works" } else { "does not work" };
    match entitlement(insured) {
        MedicareEntitlement::RenalDisease(from) => {
            let end = plus_months(from, law::RENAL_COORDINATION_MONTHS);
            let within = insured.day >= from && insured.day < end;
            let place = if within { "within" } else { "outside" };
            (
                within,
                format!(
                    "The day lies {place} the 30 months from {from} in which an employer's plan pays first for renal disease (42 CFR 411.162)"
                ),
            )
        }
        MedicareEntitlement::Age => {
            let of_the_couple = [SELF, SPOUSE].contains(&relationship);
            let first = active && of_the_couple && employs(law::WORKING_AGED_EMPLOYEES);
            (
                first,
                format!(
                    "Medicare covers by age; who has the employer's plan {works}, for an employer of {size}, and 20 are needed (42 CFR 411.170)"
                ),
            )
        }
        MedicareEntitlement::Disability => {
            let first = active && employs(law::DISABLED_EMPLOYEES);
            (
                first,
                format!(
                    "Medicare covers a disability; who has the employer's plan {works}, for an employer of {size}, and 100 are needed (42 CFR 411.201)"
                ),
            )
        }
    }
}

/// Why Medicare covers the member: as recorded, or else by age.
fn entitlement(insured: &Insured<'_>) -> MedicareEntitlement {
    let aged = insured.member.person.birth.is_none_or(|birth| age_on(birth, insured.day) >= law::ENTITLED_AT_AGE);
    let by_age = if aged { MedicareEntitlement::Age } else { MedicareEntitlement::Disability };
    insured.member.medicare_entitlement.unwrap_or(by_age)
}

fn dependent_or_not(insured: &Insured<'_>, _: &OtherCoverage, facts: &CoverageFacts) -> Option<(bool, String)> {
    let (here, there) = (insured.member.relationship == SELF, facts.relationship == SELF);
    let why =
        "Who is insured in their own name comes before who is a dependent (NAIC Model Regulation 120, section 6.D(1))";
    (here != there).then(|| (there, why.to_owned()))
}

fn is_child(relationship: &str) -> bool {
    ![SELF, SPOUSE].contains(&relationship)
}

fn child_of_two_parents(insured: &Insured<'_>, other: &OtherCoverage, facts: &CoverageFacts) -> Option<(bool, String)> {
    if !is_child(&insured.member.relationship) || !is_child(&facts.relationship) {
        return None;
    }
    if let Some((theirs, ours)) = facts.parents.filter(|(theirs, ours)| theirs != ours) {
        let why = "The parents live apart: the parent whom a court makes responsible comes first, then the one who has custody, that one's spouse, the other parent, the other's spouse (NAIC Model Regulation 120, section 6.D(2)(b))";
        return Some((theirs < ours, why.to_owned()));
    }
    let subscriber = insured.family.iter().find(|member| member.member_id == insured.member.subscriber_id)?;
    let (ours, theirs) = (subscriber.person.birth?, facts.subscriber_birth?);
    let in_year = |birth: Date| (birth.month(), birth.day());
    (in_year(ours) != in_year(theirs)).then(|| {
        let words = |birth: Date| format!("{:02}-{:02}", birth.month(), birth.day());
        let why = format!(
            "By the birthday rule the parent whose birthday comes earlier in the year is first: {} with {}, {} here (NAIC Model Regulation 120, section 6.D(2)(a))",
            words(theirs),
            other.payer_name,
            words(ours)
        );
        (in_year(theirs) < in_year(ours), why)
    })
}

/// Covered by a parent's plan and by a spouse's: as in the last rule, at once.
fn child_and_spouse(insured: &Insured<'_>, other: &OtherCoverage, facts: &CoverageFacts) -> Option<(bool, String)> {
    let (here, there) = (insured.member.relationship.as_str(), facts.relationship.as_str());
    let both = (is_child(here) && there == SPOUSE) || (here == SPOUSE && is_child(there));
    if both { longer_or_shorter(insured, other, facts) } else { None }
}

fn active_or_not(insured: &Insured<'_>, _: &OtherCoverage, facts: &CoverageFacts) -> Option<(bool, String)> {
    let left = |status| matches!(status, WorkStatus::Retired | WorkStatus::LaidOff);
    let why = "The plan of who works comes before the plan of who has retired or was laid off (NAIC Model Regulation 120, section 6.D(3))";
    let (here, there) = (insured.coverage.employment.status, facts.employment.status);
    match (here, there) {
        (WorkStatus::Active, there) if left(there) => Some((false, why.to_owned())),
        (here, WorkStatus::Active) if left(here) => Some((true, why.to_owned())),
        _ => None,
    }
}

fn continuation(insured: &Insured<'_>, _: &OtherCoverage, facts: &CoverageFacts) -> Option<(bool, String)> {
    let continues = |employment: Employment| employment.status == WorkStatus::Continuation;
    let (here, there) = (continues(insured.coverage.employment), continues(facts.employment));
    let why = "Coverage that is continued after the work has ended (COBRA) comes after any other (NAIC Model Regulation 120, section 6.D(4))";
    (here != there).then(|| (here, why.to_owned()))
}

fn longer_or_shorter(insured: &Insured<'_>, other: &OtherCoverage, _: &CoverageFacts) -> Option<(bool, String)> {
    let (ours, theirs) = (covered_since(insured), other.period.from);
    let why = || {
        format!(
            "The plan that has covered longer is first: {} since {theirs}, this one since {ours} (NAIC Model Regulation 120, section 6.D(5))",
            other.payer_name
        )
    };
    (ours != theirs).then(|| (theirs < ours, why()))
}

/// The first day of coverage here without a gap: plans that follow each other count as one.
fn covered_since(insured: &Insured<'_>) -> Date {
    let mut since = insured.coverage.period.from;
    // Periods are in order of time.
    for earlier in insured.member.coverages.iter().rev() {
        if earlier.period.through.is_some_and(|through| plus_days(through, 1) == since) {
            since = earlier.period.from;
        }
    }
    since
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adjudication::example;
    use crate::domain::dates::{Period, date};
    use crate::domain::payer_order::ParentRole;

    /// Who is asked about: the example's Testa with her record, and another coverage since 2024.
    struct Record {
        family: Vec<Member>,
        plan: Plan,
        other: OtherCoverage,
        accident: Accident,
    }

    fn record(kind: CoverageKind, relationship: &str) -> Record {
        let mut file = example::office_visit();
        let facts = CoverageFacts {
            kind,
            relationship: relationship.to_owned(),
            subscriber_birth: None,
            employment: Employment::default(),
            parents: None,
        };
        let other = OtherCoverage {
            payer_id: "OTHER".into(),
            payer_name: "Other".into(),
            primary: false,
            period: Period::since(date(2024, 1, 1)),
            facts: Some(Box::new(facts)),
            accepted_diagnoses: vec![],
            set_aside: false,
        };
        let plan = example::plan(&mut file).clone();
        Record { family: file.family.clone(), plan, other, accident: Accident::default() }
    }

    impl Record {
        fn facts(&mut self) -> &mut CoverageFacts {
            self.other.facts.as_mut().unwrap()
        }

        /// Makes the last of the family a child of Testa's, who was born on 15 June.
        fn child(mut self) -> Record {
            let mut child = self.family[0].clone();
            (child.member_id, child.relationship) = ("M2".into(), "19".into());
            self.family.push(child);
            self
        }

        /// Who is first on a day, and the rule's place.
        fn asked(&self, day: Date) -> (bool, String) {
            let member = self.family.last().unwrap();
            let coverage = &member.coverages[0];
            let (family, plan, accident) = (&self.family[..], &self.plan, self.accident);
            let order = order(&Insured { member, family, coverage, plan, accident, day }, &self.other).unwrap();
            let place =
                order.words.rsplit_once("): ").and_then(|(before, _)| before.rsplit_once(" ")).map_or("", |(_, p)| p);
            let place = if place.starts_with("411") || place.starts_with("433") {
                format!("42 CFR {place}")
            } else {
                place.to_owned()
            };
            (order.other_first, place)
        }

        fn first(&self) -> (bool, String) {
            self.asked(date(2026, 3, 2))
        }
    }

    fn told(other_first: bool, place: &str) -> (bool, String) {
        (other_first, place.to_owned())
    }

    #[test]
    fn what_the_record_says_outright_goes_before_every_rule() {
        let mut record = record(CoverageKind::GroupPlan, "01");
        assert_eq!(record.first(), told(false, "6.D(1)"));
        record.other.primary = true;
        assert_eq!(record.first(), told(true, ""));
        (record.other.primary, record.other.facts) = (false, None);
        assert_eq!(record.first(), told(false, ""));
    }

    /// Testa's own plan comes before her husband's; where she is the dependent here, the other one does.
    #[test]
    fn ones_own_plan_comes_before_a_dependents() {
        let mut record = record(CoverageKind::GroupPlan, "18");
        record.family[0].relationship = "01".into();
        assert_eq!(record.first(), told(true, "6.D(1)"));
    }

    #[test]
    fn the_birthday_rule_looks_at_month_and_day_not_at_the_year() {
        for (birth, expected) in [
            (date(1990, 6, 14), told(true, "6.D(2)(a)")),
            (date(1960, 6, 16), told(false, "6.D(2)(a)")),
            // The same day: the plan that has covered longer. Both since 2024-01-01, so nothing tells.
            (date(1960, 6, 15), told(false, "6.D(6)")),
        ] {
            let mut record = record(CoverageKind::GroupPlan, "19").child();
            record.facts().subscriber_birth = Some(birth);
            assert_eq!(record.first(), expected, "{birth}");
        }
    }

    #[test]
    fn a_court_and_then_custody_go_before_birthdays() {
        use ParentRole::{Custodial, CustodialSpouse, Noncustodial, NoncustodialSpouse, ResponsibleByCourt};
        for (theirs, ours, other_first) in [
            (ResponsibleByCourt, Custodial, true),
            (Custodial, Noncustodial, true),
            (CustodialSpouse, Noncustodial, true),
            (Noncustodial, Custodial, false),
            (NoncustodialSpouse, Noncustodial, false),
        ] {
            let mut record = record(CoverageKind::GroupPlan, "19").child();
            record.facts().subscriber_birth = Some(date(1990, 1, 1));
            record.facts().parents = Some((theirs, ours));
            assert_eq!(record.first(), told(other_first, "6.D(2)(b)"), "{theirs:?} {ours:?}");
        }
        // A decree that makes both responsible leaves it to the birthdays.
        let mut record = record(CoverageKind::GroupPlan, "19").child();
        record.facts().subscriber_birth = Some(date(1990, 1, 1));
        record.facts().parents = Some((ResponsibleByCourt, ResponsibleByCourt));
        assert_eq!(record.first(), told(true, "6.D(2)(a)"));
    }

    #[test]
    fn work_then_continuation_then_length_of_coverage() {
        use WorkStatus::{Active, Continuation, LaidOff, Retired, Unknown};
        for (theirs, ours, since, expected) in [
            (Active, Retired, date(2025, 1, 1), told(true, "6.D(3)")),
            (LaidOff, Active, date(2020, 1, 1), told(false, "6.D(3)")),
            (Retired, Continuation, date(2025, 1, 1), told(true, "6.D(4)")),
            (Continuation, Active, date(2020, 1, 1), told(false, "6.D(4)")),
            (Active, Active, date(2023, 12, 31), told(true, "6.D(5)")),
            (Unknown, Active, date(2024, 1, 2), told(false, "6.D(5)")),
        ] {
            let mut record = record(CoverageKind::GroupPlan, "18");
            record.facts().employment.status = theirs;
            record.family[0].coverages[0].employment.status = ours;
            record.other.period = Period::since(since);
            assert_eq!(record.first(), expected, "{theirs:?} {ours:?}");
        }
    }

    /// Coverage here since 2024, of which the last plan began in 2026: it is as if there had been one plan.
    #[test]
    fn plans_that_follow_each_other_count_as_one() {
        let mut record = record(CoverageKind::GroupPlan, "18");
        record.other.period = Period::since(date(2025, 1, 1));
        let mut second = record.family[0].coverages[0].clone();
        second.period = Period::since(date(2026, 1, 1));
        record.family[0].coverages[0].period = Period::between(date(2024, 1, 1), date(2025, 12, 31));
        record.family[0].coverages.insert(0, second);
        assert_eq!(record.first(), told(false, "6.D(5)"));
    }

    /// Testa as a beneficiary of 66, of 45 with a disability, and with renal disease; her husband's or her own employer's plan.
    #[test]
    fn medicare_is_second_to_an_employers_plan_by_age_disability_and_renal_disease() {
        use MedicareEntitlement::RenalDisease;
        use WorkStatus::{Active, Retired};
        let renal = Some(RenalDisease(date(2023, 9, 1)));
        for (born, entitlement, status, employees, relationship, expected) in [
            (1959, None, Active, Some(20), "18", told(true, "42 CFR 411.170")),
            (1959, None, Active, Some(20), "01", told(true, "42 CFR 411.170")),
            (1959, None, Active, Some(19), "18", told(false, "42 CFR 411.170")),
            (1959, None, Active, None, "18", told(false, "42 CFR 411.170")),
            (1959, None, Retired, Some(500), "18", told(false, "42 CFR 411.170")),
            (1980, None, Active, Some(100), "19", told(true, "42 CFR 411.201")),
            (1980, None, Active, Some(99), "18", told(false, "42 CFR 411.201")),
            // 30 months from 2023-09-01 end on 2026-03-01; the day is 2026-03-02.
            (1980, renal, Active, Some(500), "18", told(false, "42 CFR 411.162")),
            (1980, Some(RenalDisease(date(2023, 10, 1))), Retired, Some(2), "18", told(true, "42 CFR 411.162")),
        ] {
            let mut record = record(CoverageKind::GroupPlan, relationship);
            record.plan.medicare = true;
            record.family[0].person.birth = Some(date(born, 6, 15));
            record.family[0].medicare_entitlement = entitlement;
            record.facts().employment = Employment { status, employees };
            assert_eq!(record.first(), expected, "{born} {entitlement:?} {status:?} {employees:?}");
        }
    }

    /// The same seen from the employer's plan.
    #[test]
    fn an_employers_plan_knows_when_medicare_is_first() {
        for (status, expected) in [(WorkStatus::Active, false), (WorkStatus::Retired, true)] {
            let mut record = record(CoverageKind::Medicare, "18");
            record.family[0].person.birth = Some(date(1950, 1, 1));
            record.family[0].coverages[0].employment = Employment { status, employees: Some(50) };
            assert_eq!(record.first(), told(expected, "42 CFR 411.170"));
        }
    }

    #[test]
    fn medicaid_is_last_and_an_injurys_carrier_has_no_bearing_on_other_claims() {
        assert_eq!(record(CoverageKind::Medicaid, "18").first(), told(false, "42 CFR 433.139"));
        let mut ours = record(CoverageKind::GroupPlan, "01");
        ours.plan.claim_filing_indicator = MEDICAID.into();
        assert_eq!(ours.first(), told(true, "42 CFR 433.139"));
        let mut carrier = record(CoverageKind::WorkersCompensation, "");
        carrier.accident.employment = true;
        assert_eq!(carrier.first(), told(true, "42 CFR 411.40"));
        carrier.accident = Accident { automobile: true, employment: false, other: true };
        let (member, coverage) = (&carrier.family[0], &carrier.family[0].coverages[0]);
        let (family, plan, accident, day) = (&carrier.family[..], &carrier.plan, carrier.accident, date(2026, 3, 2));
        assert_eq!(order(&Insured { member, family, coverage, plan, accident, day }, &carrier.other), None);
    }
}

//! Who is covered on a day: members by their own coverage, newborns by the subscriber's, children until they are too old.

use super::case::same_person;
use super::payer_revision::PayerRevision;
use crate::domain::claim::Claim;
use crate::domain::dates::{Date, days_between};
use crate::domain::member::{Coverage, Member};
use crate::domain::standing::MemberStanding;

/// A child, in relation to the subscriber.
const CHILD: &str = "19";
/// The subscriber.
const SELF: &str = "18";

/// Why a member is not covered on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Uncovered {
    /// No period of coverage holds.
    NoPeriod,
    /// The plan's age limit of children is passed; this was the last day.
    TooOld(Date),
    /// The plan covers nobody but the subscriber.
    NoDependents,
}

/// The coverage of a member on a day: its own, or within the plan's days from birth the subscriber's.
pub fn coverage_on<'a>(
    payer: &PayerRevision,
    family: &'a [Member],
    member: &'a Member,
    day: Date,
) -> Result<&'a Coverage, Uncovered> {
    let own = member.coverage_on(day);
    let Some(coverage) = own.or_else(|| as_newborn(payer, family, member.person.birth?, day)) else {
        return Err(Uncovered::NoPeriod);
    };
    // A coverage whose plan is gone is for an edit to tell.
    let Some(plan) = payer.plan(&coverage.plan_id).filter(|_| member.relationship != SELF) else { return Ok(coverage) };
    let rules = &plan.dependents;
    let birth = member.person.birth.filter(|_| member.relationship == CHILD);
    let last = birth.and_then(|birth| rules.last_day(birth, member.student, member.disabled));
    match last {
        _ if rules.none => Err(Uncovered::NoDependents),
        Some(last) if last < day => Err(Uncovered::TooOld(last)),
        _ => Ok(coverage),
    }
}

/// The subscriber's coverage, where its plan takes newborns in for so many days and these are not over.
fn as_newborn<'a>(payer: &PayerRevision, family: &'a [Member], birth: Date, day: Date) -> Option<&'a Coverage> {
    let subscriber = family.iter().find(|member| member.member_id == member.subscriber_id)?;
    let coverage = subscriber.coverage_on(day)?;
    let days = payer.plan(&coverage.plan_id)?.newborn_days?;
    // The day of birth is the first.
    (birth <= day && days_between(birth, day) < days).then_some(coverage)
}

/// The patient of a claim as a member, where it is a newborn whom nobody has enrolled and whom the subscriber's plan covers.
/// Its number is the subscriber's with "-NB-" and the given name, so that twins are two.
pub fn newborn(payer: &PayerRevision, family: &[Member], claim: &Claim) -> Option<Member> {
    let patient = claim.patient.as_ref()?;
    if family.iter().any(|member| same_person(&member.person, patient)) {
        return None;
    }
    as_newborn(payer, family, patient.birth?, claim.service_from()?)?;
    let subscriber = family.iter().find(|member| member.member_id == member.subscriber_id)?;
    let letters: String = patient.first.chars().filter(char::is_ascii_alphanumeric).collect();
    Some(Member {
        member_id: format!("{}-NB-{}", subscriber.member_id, letters.to_ascii_uppercase()),
        subscriber_id: subscriber.subscriber_id.clone(),
        relationship: CHILD.to_owned(),
        person: patient.clone(),
        coverages: vec![],
        other_coverages: vec![],
        disabled: false,
        student: false,
        prior_credits: vec![],
        medicare_entitlement: None,
        other_coverage_unanswered: false,
        hospice_elections: vec![],
        standing: MemberStanding::default(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adjudication::{ClaimFile, example};
    use crate::domain::claim::Person;
    use crate::domain::dates::date;
    use crate::domain::plan::DependentRules;

    /// The visit of a newborn on 2 March 2026, under a plan that covers it for 31 days.
    fn birth(day: Date) -> ClaimFile {
        let mut file = example::office_visit();
        example::plan(&mut file).newborn_days = Some(31);
        let baby = Person { first: "Baby Girl".into(), birth: Some(day), ..file.family[0].person.clone() };
        file.claim.patient = Some(baby);
        let found = newborn(&file.payer, &file.family, &file.claim);
        file.family.extend(found);
        file
    }

    /// From 31 January, 2 March is the 31st day: 1 + 28 + 2.
    #[test]
    fn a_newborn_is_covered_from_birth_for_as_many_days_as_the_plan_says() {
        assert_eq!(example::denial(&birth(date(2026, 3, 2))), "");
        assert_eq!(example::denial(&birth(date(2026, 1, 31))), "");
        assert_eq!(example::decide(&birth(date(2026, 1, 31))).member_id.as_deref(), Some("M1-NB-BABYGIRL"));
        assert_eq!(example::denial(&birth(date(2026, 1, 30))), "CO-140 MA36");
    }

    #[test]
    fn a_newborn_on_record_has_the_subscribers_coverage_until_its_own_begins() {
        let mut file = birth(date(2026, 2, 20));
        let mut own = file.family[0].coverages[0].clone();
        own.period.from = date(2026, 3, 10);
        file.family[1].coverages = vec![own];
        assert_eq!(example::denial(&file), "");
        example::plan(&mut file).newborn_days = None;
        assert_eq!(example::denial(&file), "PR-26 N30");
    }

    /// Born on 15 February 2000: 26 in February 2026 and covered through the 28th, two days before the visit.
    #[test]
    fn a_child_is_covered_until_the_plans_age_and_a_disabled_one_beyond() {
        let mut file = example::office_visit();
        file.family[0].subscriber_id = "M0".into();
        file.family[0].relationship = CHILD.into();
        file.family[0].person.birth = Some(date(2000, 2, 15));
        file.claim.subscriber.person.birth = Some(date(2000, 2, 15));
        assert_eq!(example::denial(&file), "");
        example::plan(&mut file).dependents = DependentRules { age_limit: Some(26), ..Default::default() };
        assert_eq!(example::denial(&file), "PR-32 N30");
        example::plan(&mut file).dependents.disabled_stay = true;
        file.family[0].disabled = true;
        assert_eq!(example::denial(&file), "");
        example::plan(&mut file).dependents.none = true;
        assert_eq!(example::denial(&file), "PR-33");
    }
}

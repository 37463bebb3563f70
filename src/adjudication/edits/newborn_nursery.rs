//! Newborn's nursery: a healthy newborn's room is in the mother's allowance, and is billed for the child.

use super::{Case, Check, Denial, Edit, Fact, Finding, Proceedings, Reason, Service};
use crate::domain::codes::{RevenueCode, carc};
use crate::domain::dates::{Period, date};
use crate::domain::determination::Citation;

pub(super) const EDIT: Edit = Edit {
    id: "newborn-nursery",
    summary: "A healthy newborn's nursery is billed for the child, where the plan pays it with the mother's stay.",
    reasons: &[Reason::contractual("128", "", "the hospital is paid for it with the mother's stay")],
    effective: Period::since(date(2010, 1, 1)),
    authority: &[Citation::PLAN],
    looks_at: &[Fact::RevenueCode, Fact::TypeOfBill, Fact::PatientAge, Fact::PlanInForce],
    check: Check::Line(check),
};

/// Nursery, general and newborn level I (NUBC 0170, 0171); higher levels are care of a sick child.
const NURSERY: [RevenueCode; 2] = [RevenueCode::new("0170"), RevenueCode::new("0171")];

fn check(case: &Case<'_>, _: &Proceedings, service: &Service<'_>) -> Finding {
    let claim = &case.file.claim;
    let (Some(facility), Some(cover)) = (&claim.institutional, service.cover) else { return Finding::Pass };
    let born_here = case.member().and_then(|member| member.person.birth).filter(|birth| *birth == facility.from);
    let billed = NURSERY.contains(&service.line.revenue) && facility.bill.is_hospital_inpatient();
    let Some(birth) = born_here.filter(|_| billed && cover.plan.provisions.nursery_with_mother) else {
        return Finding::Pass;
    };
    let words = format!("The nursery of a child born on {birth} is paid with the mother's stay.");
    Finding::Deny(Denial::contractual(carc("128"), words))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adjudication::{ClaimFile, example};

    /// The stay of a child that was born on its first day.
    fn nursery(revenue: &str) -> ClaimFile {
        let mut file = example::hospital_stay();
        for person in [&mut file.family[0].person, &mut file.claim.subscriber.person] {
            person.birth = Some(example::VISIT);
        }
        file.claim.lines[0].revenue = RevenueCode::new(revenue);
        file.claim.lines.truncate(1);
        file.claim.charge = file.claim.lines[0].charge;
        file
    }

    #[test]
    fn a_healthy_newborns_room_is_the_mothers_and_a_sick_ones_its_own() {
        let mut file = nursery("0171");
        assert_eq!(example::claim_denial(&file), "");
        example::plan(&mut file).provisions.nursery_with_mother = true;
        assert_eq!(example::claim_denial(&file), "CO-128");
        file.claim.lines[0].revenue = RevenueCode::new("0174");
        assert_eq!(example::claim_denial(&file), "");
    }
}

//! Hospice: the patient has chosen hospice care, and Original Medicare pays the hospice for all that belongs to the illness.
//!
//! Others are paid for the attending physician's own services (modifier GV) and for what is unrelated (GW; a facility's
//! condition code 07).

use super::{CLAIMS_MANUAL, Case, Check, Denial, Edit, Fact, Finding, Proceedings, Reason, Service};
use crate::domain::codes::carc;
use crate::domain::dates::{Period, date};
use crate::domain::determination::Citation;

pub(super) const EDIT: Edit = Edit {
    id: "hospice",
    summary: "The patient is in hospice care, and the service neither unrelated nor the attending physician's.",
    reasons: &[Reason::contractual("B9", "N90", "the hospice is paid for all that belongs to the illness")],
    effective: Period::since(date(2010, 1, 1)),
    authority: &[
        Citation {
            title: "42 CFR 418.24(f) (what an election of hospice care waives)",
            href: "https://www.ecfr.gov/current/title-42/section-418.24",
        },
        Citation {
            title: "Medicare Claims Processing Manual, chapter 11, sections 40 and 50 (modifiers GV and GW, condition code 07)",
            href: CLAIMS_MANUAL,
        },
    ],
    looks_at: &[Fact::MemberRecord, Fact::Modifiers, Fact::ServiceDates, Fact::TypeOfBill, Fact::PlanInForce],
    check: Check::Line(check),
};

/// Types of bill of hospices.
const HOSPICES: [&str; 2] = ["81", "82"];

fn check(case: &Case<'_>, _: &Proceedings, service: &Service<'_>) -> Finding {
    let (line, Some(cover), Some(member)) = (service.line, service.cover, case.member()) else { return Finding::Pass };
    let chosen = member.hospice_elections.iter().find(|period| period.contains(line.from));
    let Some(chosen) = chosen.filter(|_| cover.plan.medicare) else { return Finding::Pass };
    let paid = match &case.file.claim.institutional {
        Some(facility) => HOSPICES.contains(&facility.bill.kind()) || facility.has_condition("07"),
        None => line.has_modifier("GV") || line.has_modifier("GW"),
    };
    if paid {
        return Finding::Pass;
    }
    let words = format!(
        "The patient has chosen hospice care {chosen}. On {} only the attending physician (GV) and what is unrelated (GW, or \
         condition code 07) are paid beside the hospice.",
        line.from
    );
    Finding::Deny(Denial::contractual(carc("B9"), words).remark("N90"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adjudication::{ClaimFile, example};
    use crate::domain::codes::{Code, Modifier};

    fn chosen(mut file: ClaimFile, from: crate::domain::dates::Date) -> ClaimFile {
        example::plan(&mut file).medicare = true;
        file.family[0].hospice_elections = vec![Period::since(from)];
        file
    }

    #[test]
    fn from_the_day_of_the_election_on_others_are_not_paid() {
        assert_eq!(example::denial(&chosen(example::office_visit(), date(2026, 3, 2))), "CO-B9 N90");
        assert_eq!(example::denial(&chosen(example::office_visit(), date(2026, 3, 3))), "");
        let mut file = chosen(example::office_visit(), date(2026, 3, 2));
        example::plan(&mut file).medicare = false;
        assert_eq!(example::denial(&file), "");
    }

    #[test]
    fn the_attending_physician_and_what_is_unrelated_are_paid() {
        for modifier in ["GV", "GW"] {
            let mut file = chosen(example::office_visit(), date(2026, 1, 1));
            file.claim.lines[0].modifiers[0] = Modifier::new(modifier);
            assert_eq!(example::denial(&file), "");
        }
        let mut file = chosen(example::facility_bill("131"), date(2026, 1, 1));
        assert_eq!(example::denial(&file), "CO-B9 N90");
        file.claim.institutional.as_mut().unwrap().conditions = vec![Code::new("07")];
        assert_eq!(example::denial(&file), "");
        assert_eq!(example::denial(&chosen(example::facility_bill("811"), date(2026, 1, 1))), "");
    }
}

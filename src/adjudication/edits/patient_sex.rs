//! Patient's sex: the procedure is for the other one.

use super::{Case, Check, Denial, Edit, Fact, Finding, Proceedings, Reason, Service};
use crate::domain::claim::Sex;
use crate::domain::codes::carc;
use crate::domain::dates::{Period, date};
use crate::domain::determination::Citation;

pub(super) const EDIT: Edit = Edit {
    id: "patient-sex",
    summary: "The procedure does not fit the patient's sex.",
    reasons: &[Reason::contractual("7", "", "the provider billed a code that does not fit")],
    effective: Period::since(date(2010, 1, 1)),
    authority: &[Citation::PLAN],
    looks_at: &[Fact::PatientSex, Fact::Procedure],
    check: Check::Line(check),
};

fn check(case: &Case<'_>, _: &Proceedings, service: &Service<'_>) -> Finding {
    let (Some(member), Some(procedure)) = (case.member(), service.procedure) else { return Finding::Pass };
    let (Some(asked), recorded) = (procedure.sex, member.person.sex) else { return Finding::Pass };
    if recorded == Sex::Unknown || recorded == asked {
        return Finding::Pass;
    }
    let words = match asked {
        Sex::Female => "for women; the payer's record of the patient says male",
        Sex::Male => "for men; the payer's record of the patient says female",
        Sex::Unknown => return Finding::Pass,
    };
    Finding::Deny(Denial::contractual(carc("7"), format!("{} is {words}.", procedure.code)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adjudication::example;
    use crate::adjudication::payer_revision::{Procedure, ProcedureTable};

    #[test]
    fn a_procedure_for_men_is_not_paid_for_a_woman_but_for_somebody_of_unknown_sex() {
        let mut file = example::office_visit();
        let row = Procedure { sex: Some(Sex::Male), ..example::procedure("99213", "office") };
        example::payer(&mut file).procedures = ProcedureTable::new(vec![row], true);
        assert_eq!(example::denial(&file), "CO-7");
        file.family[0].person.sex = Sex::Unknown;
        assert_eq!(example::denial(&file), "");
        file.family[0].person.sex = Sex::Male;
        assert_eq!(example::denial(&file), "");
    }
}

//! Patient's age: the procedure is for the younger or the older.

use super::{Case, Check, Denial, Edit, Fact, Finding, Proceedings, Reason, Service};
use crate::domain::codes::carc;
use crate::domain::dates::{Period, age_on, date};
use crate::domain::determination::Citation;

pub(super) const EDIT: Edit = Edit {
    id: "patient-age",
    summary: "The procedure does not fit the patient's age on the day of service.",
    reasons: &[Reason::contractual("6", "", "the provider billed a code that does not fit")],
    effective: Period::since(date(2010, 1, 1)),
    authority: &[Citation::PLAN],
    looks_at: &[Fact::PatientAge, Fact::Procedure],
    check: Check::Line(check),
};

fn check(case: &Case<'_>, _: &Proceedings, service: &Service<'_>) -> Finding {
    let (Some(procedure), Some(member)) = (service.procedure, case.member()) else { return Finding::Pass };
    let Some(birth) = member.person.birth else { return Finding::Pass };
    if procedure.min_age.is_none() && procedure.max_age.is_none() {
        return Finding::Pass;
    }
    let age = age_on(birth, service.line.from);
    let (limit, years) = match (procedure.min_age, procedure.max_age) {
        (Some(least), _) if age < least => ("from", least),
        (_, Some(most)) if age > most => ("through", most),
        _ => return Finding::Pass,
    };
    let words = format!("{} is for ages {limit} {years}; the patient was {age}.", procedure.code);
    Finding::Deny(Denial::contractual(carc("6"), words))
}

#[cfg(test)]
mod tests {
    use crate::adjudication::example;
    use crate::adjudication::payer_revision::{Procedure, ProcedureTable};

    /// Testa was born on 1980-06-15: 45 at the visit.
    #[test]
    fn both_ends_of_an_age_range_belong_to_it() {
        for (least, most, denial) in [(45, 45, ""), (46, 99, "CO-6"), (0, 44, "CO-6"), (0, 45, ""), (45, 99, "")] {
            let mut file = example::office_visit();
            let row = Procedure { min_age: Some(least), max_age: Some(most), ..example::procedure("99213", "office") };
            example::payer(&mut file).procedures = ProcedureTable::new(vec![row], true);
            assert_eq!(example::denial(&file), denial, "{least} to {most}");
        }
    }
}

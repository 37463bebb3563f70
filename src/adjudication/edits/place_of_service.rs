//! Place of service: no such place, or not one for the procedure.

use super::{Case, Check, Denial, Edit, Fact, Finding, Proceedings, Reason, Service};
use crate::domain::codes::carc;
use crate::domain::dates::{Period, date};
use crate::domain::determination::Citation;
use crate::reference::place_of_service::place;

pub(super) const EDIT: Edit = Edit {
    id: "place-of-service",
    summary: "The place of service is not one of CMS's codes, or does not fit the procedure.",
    reasons: &[Reason::contractual("5", "M77", "the provider named a place that does not fit")],
    effective: Period::since(date(2010, 1, 1)),
    authority: &[
        Citation {
            title: "CMS, place of service code set",
            href: "https://www.cms.gov/medicare/coding-billing/place-of-service-codes/code-sets",
        },
        Citation::PLAN,
    ],
    looks_at: &[Fact::Place, Fact::Procedure],
    check: Check::Line(check),
};

fn check(case: &Case<'_>, _: &Proceedings, service: &Service<'_>) -> Finding {
    let code = service.line.place;
    // A facility's place follows from its type of bill, which has an edit of its own.
    if code.is_none() && case.file.claim.institutional.is_some() {
        return Finding::Pass;
    }
    let deny = |words| Finding::Deny(Denial::contractual(carc("5"), words).remark("M77"));
    let Some(known) = place(code) else { return deny(format!("There is no place of service {code}.")) };
    match service.procedure {
        Some(procedure) if !procedure.places.is_empty() && !procedure.places.contains(&code) => {
            let places = procedure.places.iter().map(|place| place.to_string()).collect::<Vec<_>>().join(", ");
            deny(format!("{} is not done at place {code} ({}), only at {places}.", procedure.code, known.words))
        }
        _ => Finding::Pass,
    }
}

#[cfg(test)]
mod tests {
    use crate::adjudication::example;
    use crate::adjudication::payer_revision::{Procedure, ProcedureTable};
    use crate::domain::codes::PlaceOfService;

    #[test]
    fn a_place_that_cms_has_not_given_out_is_none() {
        let mut file = example::office_visit();
        file.claim.lines[0].place = PlaceOfService::new("98");
        assert_eq!(example::denial(&file), "CO-5 M77");
    }

    #[test]
    fn a_procedure_with_places_is_paid_there_only() {
        let mut file = example::office_visit();
        let places = vec![PlaceOfService::new("21"), PlaceOfService::new("22")];
        let row = Procedure { places, ..example::procedure("99213", "office") };
        example::payer(&mut file).procedures = ProcedureTable::new(vec![row], true);
        assert_eq!(example::denial(&file), "CO-5 M77");
        file.claim.lines[0].place = PlaceOfService::new("22");
        assert_eq!(example::denial(&file), "");
    }
}

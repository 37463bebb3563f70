//! Provider type: the provider is not of a kind that the payer pays for the service, or may not render it by its own record.

use super::{CLAIMS_MANUAL, Case, Check, Denial, Edit, Fact, Finding, Proceedings, Reason, Service};
use crate::domain::claim_rules::{ProviderTypes, starts_with_any};
use crate::domain::codes::carc;
use crate::domain::dates::{Period, date};
use crate::domain::determination::Citation;

pub(super) const EDIT: Edit = Edit {
    id: "provider-type",
    summary: "The rendering provider is not of a type or specialty that is paid for the service, or may not render it.",
    reasons: &[
        Reason::contractual("8", "N95", "the provider billed what its kind does not do"),
        Reason::contractual("170", "N95", "the provider may not bill the patient for it"),
        Reason::contractual("171", "", "the provider may not bill the patient for it"),
        Reason::contractual("172", "", "the provider may not bill the patient for it"),
        Reason::contractual("185", "N95", "the provider may not render it, nor bill the patient for it"),
        Reason::patient("8", "N95", "the plan makes the patient pay for such providers"),
        Reason::patient("170", "N95", "the plan makes the patient pay for such providers"),
        Reason::patient("171", "", "the plan makes the patient pay for such providers"),
        Reason::patient("172", "", "the plan makes the patient pay for such providers"),
    ],
    effective: Period::since(date(2010, 1, 1)),
    authority: &[
        Citation {
            title: "Medicare Claims Processing Manual, chapter 12, section 220 (services that a chiropractor is paid for)",
            href: CLAIMS_MANUAL,
        },
        Citation::PLAN,
    ],
    looks_at: &[Fact::Procedure, Fact::RenderingProvider, Fact::Place],
    check: Check::Line(check),
};

/// The remark beside those of the reasons that have one.
const TYPE: &str = "N95";

fn check(_: &Case<'_>, _: &Proceedings, service: &Service<'_>) -> Finding {
    let Some(rendering) = service.rendering else { return Finding::Pass };
    let line = service.line;
    if rendering.standing.barred.contains(line.procedure) {
        let words = format!("By the payer's records {} may not render {}.", rendering.npi, line.procedure);
        return Finding::Deny(Denial::contractual(carc("185"), words).remark(TYPE));
    }
    let taxonomy = rendering.taxonomy.as_str();
    let Some(types) =
        service.rules.iter().find_map(|rule| rule.provider_types.as_ref().filter(|t| misfits(t, taxonomy)))
    else {
        return Finding::Pass;
    };
    let words = format!("{} is not paid to a provider of type {taxonomy} at place {}.", line.billed(), line.place);
    let denial = match types.patient_liable {
        true => Denial::patient(types.carc, words),
        false => Denial::contractual(types.carc, words),
    };
    let remarked = [carc("8"), carc("170")].contains(&types.carc);
    Finding::Deny(if remarked { denial.remark(TYPE) } else { denial })
}

/// Nothing is said of a provider whose type is not recorded.
fn misfits(types: &ProviderTypes, taxonomy: &str) -> bool {
    let allowed = types.allowed.is_empty() || starts_with_any(taxonomy, &types.allowed);
    !taxonomy.is_empty() && (!allowed || starts_with_any(taxonomy, &types.barred))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adjudication::{ClaimFile, example};
    use crate::domain::codes::{PlaceOfService, ProcedureCode};
    use crate::domain::member::CodeRanges;

    /// Doctors of family medicine (207Q) may not.
    fn barred(reason: &str) -> ClaimFile {
        let mut file = example::office_visit();
        let (allowed, barred) = (vec![], vec!["207Q".to_owned()]);
        let types = ProviderTypes { allowed, barred, carc: carc(reason), patient_liable: false };
        example::asks(&mut file).provider_types = Some(types);
        file
    }

    #[test]
    fn a_type_that_is_not_paid_is_told_as_the_payer_says() {
        for (reason, expected) in [("8", "CO-8 N95"), ("170", "CO-170 N95"), ("171", "CO-171"), ("172", "CO-172")] {
            let mut file = barred(reason);
            assert_eq!(example::denial(&file), expected);
            example::asks(&mut file).provider_types.as_mut().unwrap().patient_liable = true;
            assert_eq!(example::denial(&file), expected.replace("CO", "PR"));
        }
    }

    #[test]
    fn a_rule_for_a_place_is_for_that_place() {
        let mut file = barred("171");
        example::asks(&mut file).places = vec![PlaceOfService::new("22")];
        assert_eq!(example::denial(&file), "");
    }

    #[test]
    fn others_than_those_who_may_may_not_and_of_whom_nothing_is_known_nothing_is_said() {
        let mut file = barred("8");
        let types = example::asks(&mut file).provider_types.as_mut().unwrap();
        (types.allowed, types.barred) = (vec!["208D".into()], vec![]);
        assert_eq!(example::denial(&file), "CO-8 N95");
        file.providers[1].taxonomy = "208D00000X".into();
        assert_eq!(example::denial(&file), "");
        file.providers[1].taxonomy.clear();
        assert_eq!(example::denial(&file), "");
    }

    #[test]
    fn a_provider_may_be_kept_from_single_procedures() {
        let mut file = example::office_visit();
        file.providers[1].standing.barred = CodeRanges::parse(["99213"]).unwrap();
        assert_eq!(example::denial(&file), "CO-185 N95");
        file.claim.lines[0].procedure = ProcedureCode::new("80053");
        assert_eq!(example::denial(&file), "");
    }
}

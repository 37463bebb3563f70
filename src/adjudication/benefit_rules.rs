//! Which benefit a service falls under: the plan's first rule that fits, or else the one that the table of procedures names.

use super::case::Service;
use super::claim_file::ClaimFile;
use crate::domain::plan::{BenefitRule, Plan};

/// The name of the benefit; `named` is what the table of procedures says.
pub(super) fn choose<'a>(file: &ClaimFile, plan: &'a Plan, service: &Service<'_>, named: &'a str) -> &'a str {
    plan.benefit_rules.iter().find(|rule| fits(rule, file, service, named)).map_or(named, |rule| &rule.benefit)
}

fn fits(rule: &BenefitRule, file: &ClaimFile, service: &Service<'_>, named: &str) -> bool {
    let line = service.line;
    let starts = |starts: &[String], text: &str| starts.iter().any(|start| text.starts_with(start.as_str()));
    let bill = file.claim.institutional.as_deref().map(|claim| claim.bill.to_string());
    let taxonomy = service.rendering.map_or("", |provider| &provider.taxonomy);
    (rule.from_benefits.is_empty() || rule.from_benefits.iter().any(|name| name == named))
        && rule.procedures.as_ref().is_none_or(|procedures| procedures.contains(line.procedure))
        && (rule.places.is_empty() || rule.places.contains(&line.place))
        && (rule.taxonomies.is_empty() || starts(&rule.taxonomies, taxonomy))
        && (rule.diagnoses.is_empty()
            || file.claim.diagnoses_of(line).any(|code| starts(&rule.diagnoses, code.as_str())))
        && (rule.revenue_codes.is_empty()
            || rule.revenue_codes.iter().any(|(first, last)| (*first..=*last).contains(&line.revenue)))
        && (rule.bill_types.is_empty() || bill.is_some_and(|bill| starts(&rule.bill_types, &bill)))
        && (!rule.emergency || service.is_emergency())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adjudication::example;
    use crate::domain::codes::PlaceOfService;
    use crate::domain::money::Money;

    fn rule(benefit: &str) -> BenefitRule {
        BenefitRule {
            benefit: benefit.into(),
            from_benefits: vec![],
            procedures: None,
            places: vec![],
            taxonomies: vec![],
            diagnoses: vec![],
            revenue_codes: vec![],
            bill_types: vec![],
            emergency: false,
        }
    }

    /// What the visit of the example falls under, where imaging and surgery stand for any other benefits.
    fn chosen(rules: Vec<BenefitRule>) -> String {
        let mut file = example::office_visit();
        example::plan(&mut file).benefit_rules = rules;
        example::decide(&file).lines[0].benefit.as_deref().unwrap_or_default().to_owned()
    }

    #[test]
    fn the_first_rule_that_fits_chooses_and_else_the_procedures_own_benefit_stands() {
        // The doctor is 207Q00000X, the diagnosis M54.50, the place 11.
        let by_specialty = BenefitRule { taxonomies: vec!["207R".into(), "207Q".into()], ..rule("imaging") };
        let by_diagnosis = BenefitRule { diagnoses: vec!["M54".into()], ..rule("surgery") };
        let elsewhere = BenefitRule { places: vec![PlaceOfService::new("22")], ..rule("laboratory") };
        assert_eq!(chosen(vec![elsewhere.clone()]), "office");
        assert_eq!(chosen(vec![elsewhere, by_specialty.clone(), by_diagnosis.clone()]), "imaging");
        assert_eq!(chosen(vec![by_diagnosis, by_specialty]), "surgery");
    }

    #[test]
    fn a_rule_fits_only_where_all_of_it_does() {
        let both =
            BenefitRule { from_benefits: vec!["imaging".into()], diagnoses: vec!["M54".into()], ..rule("surgery") };
        assert_eq!(chosen(vec![both]), "office");
        assert_eq!(chosen(vec![BenefitRule { emergency: true, ..rule("surgery") }]), "office");
    }

    #[test]
    fn a_specialists_copay_is_another_than_the_family_doctors() {
        let mut file = example::office_visit();
        let specialist = BenefitRule { taxonomies: vec!["207R".into()], ..rule("surgery") };
        example::plan(&mut file).benefit_rules = vec![specialist];
        example::benefit(&mut file, "surgery").in_network.copay = Money::from_cents(5_000);
        example::benefit(&mut file, "office").in_network.copay = Money::from_cents(2_500);
        assert_eq!(example::decide(&file).paid(), Money::from_cents(12_500));
        file.providers[1].taxonomy = "207RC0000X".into();
        assert_eq!(example::decide(&file).paid(), Money::from_cents(10_000));
    }
}

//! Provider number: a provider is named without an NPI (206), with one whose check digit fails (207), or bills under a tax
//! number that is not the one on file (208).
//!
//! Intake turns a failing check digit away (A7:562), unless the payer has chosen to take such claims in and deny them.

use super::{Case, Check, Denial, Edit, Fact, Finding, Proceedings, Reason, Service};
use crate::domain::claim::ProviderRole;
use crate::domain::codes::{Npi, carc};
use crate::domain::dates::{Period, date};
use crate::domain::determination::Citation;

pub(super) const EDIT: Edit = Edit {
    id: "provider-number",
    summary: "A provider has no NPI, one that fails its check digit, or bills under a tax number that is not on file.",
    reasons: &[
        Reason::contractual("206", "N77 N253 N262 N265 N286", "the provider left it out"),
        Reason::contractual("207", "N77 N253 N257 N262 N265 N286", "the provider got it wrong"),
        Reason::contractual("208", "N516", "the provider bills under a number that is not on file for it"),
    ],
    effective: Period::since(date(2008, 5, 23)),
    authority: &[
        Citation {
            title: "45 CFR 162.410 (providers use their NPI) and 162.406 (its check digit)",
            href: "https://www.ecfr.gov/current/title-45/section-162.410",
        },
        Citation::PLAN,
    ],
    looks_at: &[Fact::BillingProvider, Fact::RenderingProvider, Fact::ReferringProvider, Fact::OrderingProvider],
    check: Check::Line(check),
};

fn check(case: &Case<'_>, _: &Proceedings, service: &Service<'_>) -> Finding {
    let (rules, claim) = (&case.file.payer.claim_rules, &case.file.claim);
    if rules.npis_required
        && let Some(role) = claim.details.unnumbered.iter().chain(&service.line.details.unnumbered).next()
    {
        let words = format!("The {} provider is named without an NPI.", name(*role));
        return Finding::Deny(Denial::contractual(carc("206"), words).remark(remark(*role)));
    }
    if rules.failing_npis_denied
        && let Some((role, npi)) = numbers(case, service).find(|(_, npi)| !npi.check_digit_holds())
    {
        let words = format!("The {} provider's NPI {npi} fails its check digit.", name(role));
        return Finding::Deny(Denial::contractual(carc("207"), words).remark(remark(role)));
    }
    match case.billing.filter(|_| rules.tax_ids_match) {
        Some(billing) if !digits(&billing.tax_id).eq(digits(&claim.billing_tax_id)) => {
            let words = format!("{} is on file under another tax number than {}.", billing.npi, claim.billing_tax_id);
            Finding::Deny(Denial::contractual(carc("208"), words).remark("N516"))
        }
        _ => Finding::Pass,
    }
}

/// Every number that the claim gives for the line.
fn numbers<'a>(case: &'a Case<'_>, service: &'a Service<'_>) -> impl Iterator<Item = (ProviderRole, Npi)> + 'a {
    let (claim, line) = (&case.file.claim, service.line);
    let facility = claim.institutional.as_ref();
    [
        (ProviderRole::Billing, Some(claim.billing_npi)),
        (ProviderRole::Rendering, Some(line.rendering_npi)),
        (ProviderRole::Referring, line.referring_npi),
        (ProviderRole::Ordering, line.ordering_npi),
        (ProviderRole::Supervising, claim.details.supervising_npi),
        (ProviderRole::PrimaryCare, claim.primary_care_npi),
        (ProviderRole::Attending, facility.and_then(|facility| facility.attending_npi)),
        (ProviderRole::Operating, facility.and_then(|facility| facility.operating_npi)),
    ]
    .into_iter()
    .filter_map(|(role, npi)| Some((role, npi?)))
}

fn digits(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars().filter(char::is_ascii_digit)
}

const fn remark(role: ProviderRole) -> &'static str {
    match role {
        ProviderRole::Billing => "N257",
        ProviderRole::Referring => "N286",
        ProviderRole::Ordering => "N265",
        ProviderRole::Attending => "N253",
        ProviderRole::Operating => "N262",
        ProviderRole::Rendering | ProviderRole::Supervising | ProviderRole::PrimaryCare => "N77",
    }
}

const fn name(role: ProviderRole) -> &'static str {
    match role {
        ProviderRole::Billing => "billing",
        ProviderRole::Rendering => "rendering",
        ProviderRole::Referring => "referring",
        ProviderRole::Ordering => "ordering",
        ProviderRole::Supervising => "supervising",
        ProviderRole::PrimaryCare => "primary care",
        ProviderRole::Attending => "attending",
        ProviderRole::Operating => "operating",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adjudication::example;

    /// 1234567890 differs from the published example 1234567893 in its check digit.
    const FAILING: Npi = Npi::new(1_234_567_890);

    #[test]
    fn who_is_named_has_a_number_where_the_payer_asks_it() {
        for (role, expected) in [
            (ProviderRole::Referring, "CO-206 N286"),
            (ProviderRole::Ordering, "CO-206 N265"),
            (ProviderRole::Rendering, "CO-206 N77"),
            (ProviderRole::Attending, "CO-206 N253"),
        ] {
            let mut file = example::office_visit();
            file.claim.details.unnumbered = vec![role];
            assert_eq!(example::denial(&file), "");
            example::payer(&mut file).claim_rules.npis_required = true;
            assert_eq!(example::denial(&file), expected);
        }
    }

    #[test]
    fn a_check_digit_that_fails_is_told_with_the_part_of_the_provider() {
        let mut file = example::office_visit();
        example::payer(&mut file).claim_rules.failing_npis_denied = true;
        assert_eq!(example::denial(&file), "");
        file.claim.lines[0].referring_npi = Some(FAILING);
        assert_eq!(example::denial(&file), "CO-207 N286");
        file.claim.billing_npi = FAILING;
        assert_eq!(example::denial(&file), "CO-207 N257");
    }

    #[test]
    fn a_tax_number_that_is_not_on_file_is_told_where_the_payer_compares() {
        let mut file = example::office_visit();
        file.claim.billing_tax_id = "12-3456789".into();
        example::payer(&mut file).claim_rules.tax_ids_match = true;
        assert_eq!(example::denial(&file), "");
        file.claim.billing_tax_id = "987654321".into();
        assert_eq!(example::denial(&file), "CO-208 N516");
    }
}

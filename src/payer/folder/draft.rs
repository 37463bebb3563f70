//! A payer folder drafted from claims, so that a user's own claims meet members, providers and codes that are known.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::codes::{Npi, ProcedureCode};
use crate::domain::dates::{Date, date, parse_iso, plus_days};
use crate::proto::v1 as pb;
use crate::proto::v1::claim::Billed;
use crate::wire::FILING_INDICATORS;

/// What a draft guesses, for the tops of its files.
pub const NOTES: &[(&str, &str)] = &[
    (
        "payer.toml",
        "Drafted from claims. Guessed: address, contact, originating company, payment days.\nThe clock starts a week after the last service. The X12 settings take what test files often carry; tighten them.",
    ),
    (
        "plans.toml",
        "Drafted: one plan that covers everything, for every provider, and leaves 20 percent to the patient.",
    ),
    ("fee_schedules.toml", "Drafted: 80 percent of the charge."),
    (
        "members.toml",
        "Drafted: everybody who was a subscriber or patient, in families by the subscriber's number.\nGuessed: coverage since the first of January before the first service; the numbers of dependents.",
    ),
    (
        "providers.toml",
        "Drafted: everybody named with an NPI. Guessed: the tax numbers of those who did not bill themselves.",
    ),
    (
        "authorizations.toml",
        "Drafted: every authorization and referral number that a claim carried, for that claim's procedures.",
    ),
];

/// Tax number of providers whose own no claim tells; none begins with 69.
const NO_TAX_ID: &str = "690000000";

/// Drafts a folder in which these claims are known: members and families, providers, procedures, authorizations.
pub fn draft(claims: &[Billed]) -> pb::PayerFolder {
    let days: BTreeSet<Date> = claims.iter().flat_map(days).filter_map(parse_iso).collect();
    let first = days.first().copied().unwrap_or(date(2026, 1, 1));
    let last = days.last().copied().unwrap_or(date(2026, 7, 8));
    let mut draft = Draft { since: date(first.year(), 1, 1).to_string(), ..Draft::default() };
    for claim in claims {
        let patient = draft.patient(claim);
        draft.authorizations(claim, patient, plus_days(last, 365));
        draft.providers(claim);
    }
    let codes = claims.iter().flat_map(Billed::lines).filter_map(|line| procedure(line.procedure_code));
    let rows: BTreeSet<ProcedureCode> = codes.collect();
    let rows = rows.iter().map(|code| format!("{code},Seen in the claims,other,{},,,,,\n", draft.since));
    let text = [crate::wire::PROCEDURES.join(",") + "\n"].into_iter().chain(rows).collect();
    pb::PayerFolder {
        authorization_rules: None,
        payer: Some(payer(claims, plus_days(last, 7), draft.providers.keys())),
        plans: vec![plan(claims)],
        fee_schedules: vec![pb::FeeSchedule {
            fee_schedule_id: "charges".into(),
            method: Some(pb::fee_schedule::Method::PercentOfCharge(pb::PercentOfCharge { percentage: "0.80".into() })),
            ..Default::default()
        }],
        policies: Vec::new(),
        value_sets: Vec::new(),
        references: Vec::new(),
        members: draft.families.into_values().flatten().collect(),
        providers: draft.providers.into_values().collect(),
        authorizations: draft.authorizations.into_values().collect(),
        tables: vec![pb::TableFile { file: "procedures.csv".into(), text }],
    }
}

#[derive(Default)]
struct Draft {
    /// First day of coverage.
    since: String,
    /// By the subscriber's number, who comes first.
    families: BTreeMap<String, Vec<pb::Member>>,
    /// By NPI.
    providers: BTreeMap<String, pb::Provider>,
    /// By number.
    authorizations: BTreeMap<String, pb::Authorization>,
}

impl Draft {
    /// Puts subscriber and patient among the members; gives the patient's number.
    fn patient(&mut self, claim: &Billed) -> Option<String> {
        let insured = claim.subscriber().filter(|insured| !insured.member_id.trim().is_empty())?;
        let name = insured.name.clone().unwrap_or_default();
        let subscriber = self.person(&insured.member_id, name, &insured.birth_date, insured.sex, "18", insured);
        let patient = match claim.patient() {
            Some(patient) => {
                let name = patient.name.clone().unwrap_or_default();
                let relationship = patient.relationship_code.as_str();
                self.person(&insured.member_id, name, &patient.birth_date, patient.sex, relationship, insured)
            }
            None => subscriber,
        };
        let family = self.families.get_mut(&insured.member_id)?;
        let member = family.iter_mut().find(|member| member.member_id == patient)?;
        for other in claim.other_payers().iter().filter(|other| !other.payer_id.is_empty()) {
            if member.other_coverages.iter().all(|known| known.payer_id != other.payer_id) {
                member.other_coverages.push(pb::OtherCoverage {
                    payer_id: other.payer_id.clone(),
                    payer_name: other.payer_name.clone(),
                    primary: place(&other.payer_responsibility) < place(&insured.payer_responsibility),
                    from: self.since.clone(),
                    ..Default::default()
                });
            }
        }
        Some(patient)
    }

    /// The number of a person of a family, who is put there if new.
    fn person(
        &mut self,
        subscriber_id: &str,
        name: pb::Name,
        birth_date: &str,
        sex: i32,
        relationship: &str,
        insured: &pb::Subscriber,
    ) -> String {
        let family = self.families.entry(subscriber_id.to_owned()).or_default();
        let known = family.iter_mut().find(|member| member.person_name.as_ref() == Some(&name));
        if let Some(member) = known {
            // A subscriber's birth date is often told on the claims for the subscriber only.
            if member.birth_date.is_empty() {
                member.birth_date = valid_date(birth_date);
            }
            return member.member_id.clone();
        }
        let is_subscriber = family.is_empty();
        let member_id =
            if is_subscriber { subscriber_id.to_owned() } else { format!("{subscriber_id}-{:02}", family.len()) };
        family.push(pb::Member {
            member_id: member_id.clone(),
            subscriber_id: subscriber_id.to_owned(),
            relationship_code: match (is_subscriber, relationship) {
                (true, _) => "18".into(),
                (false, "" | "18") => "G8".into(),
                (false, code) => code.into(),
            },
            person_name: Some(if name.last.trim().is_empty() {
                pb::Name { last: "UNKNOWN".into(), ..name }
            } else {
                name
            }),
            birth_date: valid_date(birth_date),
            sex,
            coverages: vec![pb::Coverage {
                plan_id: "all".into(),
                from: self.since.clone(),
                group_number: insured.group_number.clone(),
                ..Default::default()
            }],
            ..Default::default()
        });
        member_id
    }

    fn authorizations(&mut self, claim: &Billed, patient: Option<String>, through: Date) {
        let Some(member_id) = patient else { return };
        let lines = claim.lines();
        let procedures: BTreeSet<String> =
            lines.iter().filter_map(|line| procedure(line.procedure_code)).map(|code| code.to_string()).collect();
        let of_lines = lines.iter();
        let of_lines = of_lines.flat_map(|line| [(line.authorization_number, false), (line.referral_number, true)]);
        let of_claim = [(claim.authorization_number(), false), (claim.referral_number(), true)];
        for (number, referral) in of_claim.into_iter().chain(of_lines) {
            if number.trim().is_empty() || procedures.is_empty() {
                continue;
            }
            let known = self.authorizations.entry(number.to_owned()).or_insert_with(|| pb::Authorization {
                number: number.to_owned(),
                member_id: member_id.clone(),
                from: self.since.clone(),
                through: through.to_string(),
                referral,
                ..Default::default()
            });
            known.procedures =
                known.procedures.iter().chain(&procedures).cloned().collect::<BTreeSet<_>>().into_iter().collect();
        }
    }

    fn providers(&mut self, claim: &Billed) {
        let billing = claim.billing_provider().cloned().unwrap_or_default();
        let digits: String = billing.tax_id.chars().filter(char::is_ascii_digit).collect();
        let tax_id = if digits.len() == 9 { digits } else { NO_TAX_ID.to_owned() };
        self.provider(&billing.npi, billing.name.as_ref(), &billing.taxonomy_code, &tax_id);
        for named in claim.provider_references() {
            self.provider(&named.npi, named.name.as_ref(), &named.taxonomy_code, &tax_id);
        }
    }

    fn provider(&mut self, npi: &str, name: Option<&pb::Name>, taxonomy: &str, tax_id: &str) {
        if Npi::parse(npi).is_none() || self.providers.contains_key(npi) {
            return;
        }
        let mut name = name.cloned().unwrap_or_default();
        if name.last.trim().is_empty() {
            name.last = "UNKNOWN".into();
        }
        let is_taxonomy = taxonomy.len() == 10 && taxonomy.bytes().all(|b| b.is_ascii_alphanumeric());
        let provider = pb::Provider {
            npi: npi.to_owned(),
            provider_name: Some(name),
            tax_id: tax_id.to_owned(),
            taxonomy_code: if is_taxonomy { taxonomy.to_owned() } else { String::new() },
            enrollments: vec![pb::Enrollment { from: self.since.clone(), ..Default::default() }],
            ..Default::default()
        };
        self.providers.insert(npi.to_owned(), provider);
    }
}

fn payer<'a>(claims: &[Billed], clock: Date, npis: impl Iterator<Item = &'a String>) -> pb::Payer {
    let mut ids = most_frequent(claims.iter().map(Billed::payer_id));
    let payer_id = if ids.is_empty() { "DRAFT".to_owned() } else { ids.remove(0) };
    let named = claims.iter().find(|claim| claim.payer_id() == payer_id && !claim.payer_name().is_empty());
    let failing = npis.filter_map(|npi| Npi::parse(npi)).any(|npi| !npi.check_digit_holds());
    let interchange_id = if payer_id.len() > 15 { "DRAFT".to_owned() } else { String::new() };
    pb::Payer {
        payer_id,
        other_payer_ids: ids,
        name: named.map_or_else(|| "Drafted payer".to_owned(), |claim| claim.payer_name().to_owned()),
        address: Some(pb::Address {
            lines: vec!["1 Draft Street".into()],
            city: "Draftville".into(),
            state: "CA".into(),
            zip: "94105".into(),
            ..Default::default()
        }),
        contact_name: "Claims".into(),
        contact_phone: "5555550100".into(),
        originating_company_id: "1690000000".into(),
        clock_start: clock.to_string(),
        payment_days: 14,
        unknown_member: pb::UnknownMember::Deny.into(),
        x12: Some(pb::X12Settings {
            interchange_id,
            accept_production: true,
            accept_reused_control_numbers: true,
            accept_failing_npis: failing,
            ..Default::default()
        }),
        procedures: Some(pb::ProcedureTable { file: "procedures.csv".into(), complete: false }),
        ..Default::default()
    }
}

fn plan(claims: &[Billed]) -> pb::Plan {
    let insured = claims.iter().filter_map(Billed::subscriber);
    let told = most_frequent(insured.map(|insured| insured.claim_filing_indicator.as_str()));
    let indicator = told.into_iter().find(|code| FILING_INDICATORS.contains(&code.as_str()));
    pb::Plan {
        plan_id: "all".into(),
        name: "Everything".into(),
        claim_filing_indicator: indicator.unwrap_or_else(|| "12".into()),
        in_network: Some(pb::CostShare { fee_schedule: "charges".into(), ..Default::default() }),
        benefits: vec![pb::Benefit {
            benefit: "other".into(),
            service_types: vec!["30".into()],
            in_network: Some(pb::BenefitShare { coinsurance: "0.20".into(), ..Default::default() }),
            ..Default::default()
        }],
        ..Default::default()
    }
}

/// Each text that is not empty once, the most frequent first.
fn most_frequent<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    texts.filter(|text| !text.is_empty()).for_each(|text| *counts.entry(text).or_default() += 1);
    let mut texts: Vec<(&str, usize)> = counts.into_iter().collect();
    texts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    texts.into_iter().map(|(text, _)| text.to_owned()).collect()
}

/// A payer's place among the payers.
fn place(responsibility: &str) -> usize {
    ["P", "S", "T"].iter().position(|code| *code == responsibility).unwrap_or(3)
}

/// The days that a claim tells of.
fn days(claim: &Billed) -> Vec<&str> {
    let (from, through) = claim.service_days();
    claim.lines().into_iter().map(|line| line.service_date).chain([from, through]).collect()
}

fn procedure(text: &str) -> Option<ProcedureCode> {
    ProcedureCode::parse(text).filter(|_| text.len() == 5)
}

fn valid_date(text: &str) -> String {
    parse_iso(text).map(|date| date.to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payer::folder::{load, write_with_notes};

    fn name(last: &str, first: &str) -> Option<pb::Name> {
        Some(pb::Name { last: last.into(), first: first.into(), ..Default::default() })
    }

    fn claim(member: &str, first: &str, day: &str) -> pb::ProfessionalClaim {
        pb::ProfessionalClaim {
            payer_id: "PAYER9".into(),
            payer_name: "Payer Nine".into(),
            subscriber: Some(pb::Subscriber {
                member_id: member.into(),
                name: name("Muster", first),
                birth_date: "1980-01-02".into(),
                claim_filing_indicator: "CI".into(),
                ..Default::default()
            }),
            billing_provider: Some(pb::BillingProvider {
                npi: "1234567893".into(),
                tax_id: "69-0000001".into(),
                name: name("Sample Clinic", ""),
                ..Default::default()
            }),
            authorization_number: "AUTH7".into(),
            lines: vec![pb::ServiceLine {
                procedure_code: "99213".into(),
                service_date: day.into(),
                ..Default::default()
            }],
            ..Default::default()
        }
    }

    #[test]
    fn the_draft_is_a_folder_without_mistakes() {
        let child = pb::ProfessionalClaim {
            patient: Some(pb::Patient {
                name: name("Muster", "Testino"),
                birth_date: "2015-05-05".into(),
                relationship_code: "19".into(),
                ..Default::default()
            }),
            ..claim("M1", "Testa", "2025-11-30")
        };
        let failing = pb::ProfessionalClaim {
            rendering_provider: Some(pb::ProviderReference { npi: "1999996666".into(), ..Default::default() }),
            ..claim("M2", "Toni", "2026-03-01")
        };
        let drafted = draft(&[claim("M1", "Testa", "2026-02-03"), child, failing].map(Billed::Professional));
        let folder = tempfile::tempdir().unwrap();
        write_with_notes(&drafted, NOTES, folder.path()).unwrap();
        assert!(load(folder.path()).as_ref() == Ok(&drafted), "{:#?}", load(folder.path()).err());

        let members: Vec<(&str, &str, &str)> = drafted
            .members
            .iter()
            .map(|m| (m.member_id.as_str(), m.subscriber_id.as_str(), m.relationship_code.as_str()))
            .collect();
        assert_eq!(members, [("M1", "M1", "18"), ("M1-01", "M1", "19"), ("M2", "M2", "18")]);
        let payer = drafted.payer.unwrap();
        assert_eq!((payer.payer_id.as_str(), payer.clock_start.as_str()), ("PAYER9", "2026-03-08"));
        assert!(payer.x12.unwrap().accept_failing_npis, "1999996666 fails its check digit");
        assert_eq!(drafted.members[0].coverages[0].from, "2025-01-01");
        assert_eq!(drafted.plans[0].claim_filing_indicator, "12", "CI is none that an 835 can carry");
    }

    #[test]
    fn even_no_claims_make_a_folder() {
        let folder = tempfile::tempdir().unwrap();
        write_with_notes(&draft(&[]), NOTES, folder.path()).unwrap();
        assert!(load(folder.path()).is_ok());
    }
}

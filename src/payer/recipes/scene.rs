//! Scenes: an everyday claim of a member, made of the payer's own records, that recipes change in one point.

use crate::domain::codes::{DiagnosisCode, ProcedureCode};
use crate::domain::dates::{Date, parse_iso, plus_days};
use crate::payer::in_force::InForce;
use crate::proto::v1 as pb;
use crate::proto::v1::claim::Billed;

/// What is charged for a service: more than any everyday fee.
const CHARGE_CENTS: i64 = 90_000;

/// The payer's records from which claims are built.
pub(super) struct Pantry<'a> {
    /// The payer.
    pub in_force: &'a InForce,
    /// The sandbox's day.
    pub today: Date,
    /// Procedure codes valid today, by code.
    pub procedures: Vec<String>,
    /// Everyone who renders, with who bills for them.
    pub practices: Vec<Practice<'a>>,
    /// Diagnoses that policies name, made whole.
    pub policy_diagnoses: Vec<String>,
}

/// Who renders, and who bills for it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Practice<'a> {
    /// The person or organization that renders.
    pub rendering: &'a pb::Provider,
    /// Who bills: an organization of the same tax number, or the same.
    pub billing: &'a pb::Provider,
}

impl<'a> Pantry<'a> {
    pub fn open(in_force: &'a InForce, today: Date) -> Pantry<'a> {
        let revision = &in_force.revision;
        let valid = revision.procedures.rows().iter().filter(|row| row.period.contains(today));
        let mut procedures: Vec<String> = valid.map(|row| row.code.to_string()).collect();
        procedures.dedup();
        let providers = &in_force.folder.providers;
        let organization = |of: &pb::Provider| {
            let same =
                |other: &&pb::Provider| other.tax_id == of.tax_id && !is_person(other) && other.facility.is_none();
            providers.iter().find(same)
        };
        let practice = |rendering| Practice { rendering, billing: organization(rendering).unwrap_or(rendering) };
        let mut practices: Vec<Practice<'a>> = providers.iter().map(practice).collect();
        practices.sort_by_key(|practice| (!is_person(practice.rendering), practice.rendering.npi.clone()));
        let known = revision.diagnoses.on(today);
        let mut policy_diagnoses = Vec::new();
        for start in in_force.folder.policies.iter().flat_map(|policy| &policy.covered_diagnoses) {
            let code = DiagnosisCode::parse(start).and_then(|code| known.billable_under(code, 1).next());
            policy_diagnoses.extend(code.map(|code| code.to_string()));
        }
        Pantry { in_force, today, procedures, practices, policy_diagnoses }
    }

    /// Whether the provider belongs to a network of the plan today.
    pub fn is_in_network(&self, provider: &pb::Provider, plan: &pb::Plan) -> bool {
        let today = self.today.to_string();
        provider.enrollments.iter().any(|enrollment| {
            enrollment.from <= today
                && (enrollment.through.is_empty() || today <= enrollment.through)
                && enrollment.networks.iter().any(|network| plan.networks.contains(network))
        })
    }

    /// Codes of the day that may not be billed together, as the payer's tables have them.
    pub fn code_pairs(&self) -> Vec<(String, String)> {
        let mut pairs = Vec::new();
        for text in &self.procedures {
            let Some(code) = ProcedureCode::parse(text) else { continue };
            for table in self.in_force.revision.ncci.all() {
                pairs.extend(table.against(code, self.today).map(|pair| (pair.column_one.to_string(), text.clone())));
            }
        }
        pairs
    }

    /// Whether the member has coverage on a day.
    pub fn is_covered(&self, member: &pb::Member, day: Date) -> bool {
        let subscriber = self.in_force.member_message(&member.subscriber_id);
        let own = if member.coverages.is_empty() { subscriber } else { Some(member) };
        let day = day.to_string();
        let holds = |c: &pb::Coverage| c.from <= day && (c.through.is_empty() || day <= c.through);
        own.is_some_and(|member| member.coverages.iter().any(holds))
    }

    /// The plan of a member on a day; the last one where there is none.
    pub fn plan_of(&self, member: &pb::Member, day: Date) -> Option<&'a pb::Plan> {
        let subscriber = self.in_force.member_message(&member.subscriber_id);
        let coverages = if member.coverages.is_empty() { &subscriber?.coverages } else { &member.coverages };
        let day = day.to_string();
        let holds = |c: &&pb::Coverage| c.from <= day && (c.through.is_empty() || day <= c.through);
        let coverage = coverages.iter().find(holds).or(coverages.last())?;
        self.in_force.folder.plans.iter().find(|plan| plan.plan_id == coverage.plan_id)
    }
}

pub(super) fn is_person(provider: &pb::Provider) -> bool {
    provider.provider_name.as_ref().is_some_and(|name| !name.first.is_empty())
}

/// An everyday claim of a member.
#[derive(Clone)]
pub(super) struct Scene<'a> {
    /// The patient.
    pub member: &'a pb::Member,
    /// The plan, where there is one.
    pub plan: Option<&'a pb::Plan>,
    /// The claim.
    pub claim: pb::ProfessionalClaim,
}

impl<'a> Scene<'a> {
    /// A visit of the member.
    pub fn visit(
        pantry: &Pantry<'a>,
        member: &'a pb::Member,
        practice: Practice<'_>,
        procedure: &str,
        diagnosis: &str,
        day: Date,
    ) -> Scene<'a> {
        let plan = pantry.plan_of(member, day);
        let (subscriber, patient) = parties(pantry, member, plan, day);
        let payer = pantry.in_force.payer();
        let place = place_of(pantry, procedure, day);
        let claim = pb::ProfessionalClaim {
            patient_control_number: "RECIPE".into(),
            charge_cents: CHARGE_CENTS,
            place_of_service: place,
            frequency_code: "1".into(),
            payer_id: payer.payer_id,
            payer_name: payer.name,
            subscriber: Some(subscriber),
            patient,
            billing_provider: Some(billing(practice.billing)),
            rendering_provider: (practice.rendering.npi != practice.billing.npi).then(|| reference(practice.rendering)),
            diagnoses: vec![pb::Diagnosis { code: diagnosis.into(), qualifier: "ABK".into() }],
            accepts_assignment: true,
            benefits_assigned: true,
            release_of_information: true,
            lines: vec![line(procedure, day)],
            ..Default::default()
        };
        Scene { member, plan, claim }
    }

    /// The claim with something changed.
    pub fn with(&self, change: impl FnOnce(&mut pb::ProfessionalClaim)) -> Billed {
        let mut claim = self.claim.clone();
        change(&mut claim);
        claim.charge_cents = claim.lines.iter().map(|line| line.charge_cents).sum();
        Billed::Professional(claim)
    }

    /// The claim with its line changed.
    pub fn with_line(&self, change: impl FnOnce(&mut pb::ServiceLine)) -> Billed {
        self.with(|claim| claim.lines.iter_mut().take(1).for_each(change_once(change)))
    }

    /// The day of service.
    pub fn day(&self) -> Date {
        self.claim.lines.first().and_then(|line| parse_iso(&line.service_date)).unwrap_or(Date::MIN)
    }
}

fn change_once<T>(change: impl FnOnce(&mut T)) -> impl FnMut(&mut T) {
    let mut change = Some(change);
    move |what| {
        if let Some(change) = change.take() {
            change(what);
        }
    }
}

/// A line of one unit on a day, for the first diagnosis.
pub(super) fn line(procedure: &str, day: Date) -> pb::ServiceLine {
    pb::ServiceLine {
        procedure_code: procedure.into(),
        charge_cents: CHARGE_CENTS,
        unit_of_service: pb::UnitOfService::Units.into(),
        units: "1".into(),
        diagnosis_pointers: vec![1],
        service_date: day.to_string(),
        ..Default::default()
    }
}

/// The place that the payer's table asks for, or the office.
fn place_of(pantry: &Pantry<'_>, procedure: &str, day: Date) -> String {
    let row = ProcedureCode::parse(procedure).and_then(|code| pantry.in_force.revision.procedures.lookup(code, day));
    row.and_then(|row| row.places.first()).map_or_else(|| "11".to_owned(), ToString::to_string)
}

/// Subscriber, and the patient where it is another.
pub(super) fn parties(
    pantry: &Pantry<'_>,
    member: &pb::Member,
    plan: Option<&pb::Plan>,
    day: Date,
) -> (pb::Subscriber, Option<pb::Patient>) {
    let insured = pantry.in_force.member_message(&member.subscriber_id).unwrap_or(member);
    let day = day.to_string();
    let group = insured.coverages.iter().find(|c| c.from <= day && (c.through.is_empty() || day <= c.through));
    let subscriber = pb::Subscriber {
        member_id: insured.member_id.clone(),
        name: insured.person_name.clone(),
        birth_date: insured.birth_date.clone(),
        sex: insured.sex,
        address: insured.address.clone(),
        group_number: group.map(|coverage| coverage.group_number.clone()).unwrap_or_default(),
        claim_filing_indicator: plan.map(|plan| plan.claim_filing_indicator.clone()).unwrap_or_default(),
        payer_responsibility: "P".into(),
        ..Default::default()
    };
    let patient = (insured.member_id != member.member_id).then(|| pb::Patient {
        name: member.person_name.clone(),
        birth_date: member.birth_date.clone(),
        sex: member.sex,
        address: member.address.clone().or_else(|| insured.address.clone()),
        relationship_code: member.relationship_code.clone(),
    });
    (subscriber, patient)
}

/// A provider's record as who bills.
pub(super) fn billing(provider: &pb::Provider) -> pb::BillingProvider {
    pb::BillingProvider {
        npi: provider.npi.clone(),
        tax_id: provider.tax_id.clone(),
        name: provider.provider_name.clone(),
        address: provider.address.clone(),
        taxonomy_code: provider.taxonomy_code.clone(),
        phone: String::new(),
    }
}

/// A provider's record as a reference.
pub(super) fn reference(provider: &pb::Provider) -> pb::ProviderReference {
    pb::ProviderReference {
        npi: provider.npi.clone(),
        name: provider.provider_name.clone(),
        taxonomy_code: provider.taxonomy_code.clone(),
    }
}

/// Another day, this many before.
pub(super) fn before(day: Date, days: i32) -> Date {
    plus_days(day, -days)
}

impl Practice<'_> {
    /// A payer without providers has nobody to bill.
    pub fn nobody() -> Practice<'static> {
        static NOBODY: std::sync::LazyLock<pb::Provider> = std::sync::LazyLock::new(pb::Provider::default);
        Practice { rendering: &NOBODY, billing: &NOBODY }
    }
}

//! Examples of medical policies: each a claim of one line, decided as any claim is, on a patient and a provider of the
//! payer's or made up for it.

use std::sync::Arc;

use super::in_force::InForce;
use crate::adjudication::{ClaimFile, adjudicate};
use crate::domain::claim::Claim;
use crate::domain::codes::{Npi, ProcedureCode};
use crate::domain::dates::{Date, parse_iso, plus_days, plus_years};
use crate::domain::determination::{Determination, HistoryLine, Outcome};
use crate::domain::document::Documents;
use crate::proto::v1 as pb;
use crate::wire::{self, Violation};

/// The step that policies act in.
const STEP: &str = "medical-policy";
/// Numbers of those made up; NPIs that begin with 29 were never given out.
const MEMBER: &str = "EXAMPLE-PATIENT";
const NPI: &str = "2999999996";
const AUTHORIZATION: &str = "EXAMPLE-AUTHORIZATION";

/// Decides the examples of the payer's policies, or of one policy, in the order of the folder.
pub fn test(in_force: &InForce, only: &str) -> Vec<pb::PolicyTest> {
    let policies = in_force.folder.policies.iter().filter(|policy| only.is_empty() || policy.policy_id == only);
    policies.flat_map(|policy| policy.examples.iter().map(move |example| run(in_force, policy, example))).collect()
}

fn run(in_force: &InForce, policy: &pb::MedicalPolicy, example: &pb::PolicyExample) -> pb::PolicyTest {
    let (got, words) = match claim_file(in_force, policy, example) {
        Ok(file) => came_of(&adjudicate(&file), policy),
        Err(violations) => {
            let told: Vec<String> = violations.iter().map(|v| format!("{}: {}", v.field, v.description)).collect();
            ("no claim".to_owned(), told.join("; "))
        }
    };
    pb::PolicyTest {
        policy_id: policy.policy_id.clone(),
        from: policy.from.clone(),
        say: example.say.clone(),
        expect: example.expect.clone(),
        holds: got == example.expect,
        got,
        words,
    }
}

/// What a policy did to the first line, as examples say it, and the words of its step.
fn came_of(decided: &Determination, policy: &pb::MedicalPolicy) -> (String, String) {
    let steps = || decided.steps.iter().filter(|step| step.line == Some(0));
    let ours = |words: &str| words.starts_with(&format!("{} (", policy.policy_id));
    let Some(step) = steps().find(|step| step.id == STEP && ours(&step.words)) else {
        let other = steps().find(|step| step.id == STEP);
        return match other {
            Some(step) if step.outcome == Outcome::Denied => {
                (format!("{} of another policy", reason(decided)), step.words.clone())
            }
            Some(step) => ("none".to_owned(), step.words.clone()),
            None => ("none".to_owned(), String::new()),
        };
    };
    let got = match step.outcome {
        Outcome::Denied => reason(decided),
        Outcome::Pended => "pend".to_owned(),
        Outcome::Overtaken => {
            let first = steps().find(|step| step.outcome == Outcome::Denied);
            let id = first.map_or("another edit", |step| step.id);
            let words = first.map(|step| step.words.clone()).unwrap_or_default();
            return (format!("{} by {id}, which goes before", reason(decided)), words);
        }
        Outcome::Passed | Outcome::Noted | Outcome::Adjusted => match &policy.finding {
            Some(pb::medical_policy::Finding::Reduce(reduction)) => reduced(decided, &reduction.carc),
            Some(pb::medical_policy::Finding::Pend(_)) => "pend".to_owned(),
            _ => "note".to_owned(),
        },
    };
    (got, step.words.clone())
}

/// The reason of the line's last adjustment, such as "CO-50 N115".
fn reason(decided: &Determination) -> String {
    let Some(line) = decided.lines.first() else { return String::new() };
    let account = decided.account.as_ref().map(|account| &account.ledger);
    let ledger = account.filter(|ledger| ledger.is_denied()).unwrap_or(&line.ledger);
    let Some(adjustment) = ledger.adjustments().last() else { return String::new() };
    let remarks: Vec<String> = adjustment.rarcs.iter().chain(&decided.rarcs).map(ToString::to_string).collect();
    [format!("{}-{}", adjustment.group, adjustment.carc)].into_iter().chain(remarks).collect::<Vec<_>>().join(" ")
}

/// The reduction that stands on the line, such as "CO-150"; "none" where nothing was taken.
fn reduced(decided: &Determination, carc: &str) -> String {
    let adjustments = decided.lines.iter().take(1).flat_map(|line| line.ledger.adjustments());
    let mut taken = adjustments.filter(|adjustment| adjustment.carc.as_str() == carc);
    taken.next().map_or("none".to_owned(), |adjustment| {
        let remarks = adjustment.rarcs.iter().map(|remark| format!(" {remark}")).collect::<String>();
        format!("{}-{}{remarks}", adjustment.group, adjustment.carc)
    })
}

/// The claim of an example with all that a decision looks at.
fn claim_file(
    in_force: &InForce,
    policy: &pb::MedicalPolicy,
    example: &pb::PolicyExample,
) -> Result<ClaimFile, Vec<Violation>> {
    let made = Made::of(in_force, policy, example)?;
    let claim = made.claim(&made.services())?;
    let mut providers = vec![wire::directory::provider(&made.provider, wire::directory::NpiRule::TenDigits)?];
    providers
        .extend(Npi::parse(&made.example.npi).and_then(|npi| in_force.provider(npi)).map(|known| (**known).clone()));
    let mut authorizations = Vec::new();
    if example.authorized {
        authorizations.push(wire::directory::authorization(&pb::Authorization {
            number: AUTHORIZATION.into(),
            member_id: made.member.member_id.clone(),
            from: made.day.to_string(),
            through: plus_days(made.day, 30).to_string(),
            ..Default::default()
        })?);
    }
    let family: Result<Vec<_>, _> = made.family.iter().map(wire::directory::member).collect();
    Ok(ClaimFile {
        control_number: "EXAMPLE".into(),
        received: made.day,
        processed: made.day,
        payer: Arc::clone(&in_force.revision),
        family: family?,
        providers,
        authorizations,
        history: Arc::new(made.history()?),
        accumulators: Arc::default(),
        authorization_uses: Arc::default(),
        documents: Documents::default(),
        instruction: None,
        claim,
    })
}

/// What an example's claim is made of.
struct Made<'a> {
    in_force: &'a InForce,
    example: &'a pb::PolicyExample,
    day: Date,
    procedure: String,
    member: pb::Member,
    family: Vec<pb::Member>,
    provider: pb::Provider,
}

/// One line.
struct Service {
    procedure: String,
    day: Date,
    units: String,
}

fn wrong(field: &str, description: String) -> Vec<Violation> {
    vec![Violation { field: field.to_owned(), description }]
}

impl<'a> Made<'a> {
    fn of(
        in_force: &'a InForce,
        policy: &pb::MedicalPolicy,
        example: &'a pb::PolicyExample,
    ) -> Result<Made<'a>, Vec<Violation>> {
        let read = |field: &str, text: &str| {
            parse_iso(text).ok_or_else(|| wrong(field, format!("{text:?} is no date: write YYYY-MM-DD")))
        };
        let from = read("from", &policy.from)?;
        let clock = parse_iso(&in_force.payer().clock_start)
            .filter(|clock| from <= *clock && parse_iso(&policy.through).is_none_or(|through| *clock <= through));
        let day = if example.on.is_empty() { clock.unwrap_or(from) } else { read("on", &example.on)? };
        let folder = &in_force.folder;
        let (member, family) = if example.member_id.is_empty() {
            let first = folder.plans.first().map(|plan| plan.plan_id.as_str()).unwrap_or_default();
            let plan = [example.plan.as_str(), policy.plans.first().map_or(first, String::as_str)];
            let plan = plan.into_iter().find(|plan| !plan.is_empty()).unwrap_or_default();
            let member = patient(example, day, plan);
            (member.clone(), vec![member])
        } else {
            let known = in_force.member_message(&example.member_id).cloned();
            let known =
                known.ok_or_else(|| wrong("member_id", format!("there is no member {:?}", example.member_id)))?;
            let family = folder.members.iter().filter(|other| other.subscriber_id == known.subscriber_id);
            (known.clone(), family.cloned().collect())
        };
        let procedure = match example.procedure.as_str() {
            "" => first_procedure(in_force, policy),
            named => named.to_owned(),
        };
        Ok(Made { in_force, example, day, procedure, member, family, provider: provider(in_force, example) })
    }

    /// The lines of the claim: the example's own, then the further ones.
    fn services(&self) -> Vec<Service> {
        let units = if self.example.units.is_empty() { "1" } else { &self.example.units };
        let own = Service { procedure: self.procedure.clone(), day: self.day, units: units.to_owned() };
        let further = self.example.with_procedures.iter();
        let further = further.map(|code| Service { procedure: code.clone(), day: self.day, units: "1".into() });
        [own].into_iter().chain(further).collect()
    }

    /// The patient's history, each service of it as a claim of its own that was paid.
    fn history(&self) -> Result<Vec<HistoryLine>, Vec<Violation>> {
        let mut lines = Vec::new();
        for (at, earlier) in self.example.history.iter().enumerate() {
            let or = |text: &str, default: &str| if text.is_empty() { default.to_owned() } else { text.to_owned() };
            let service = Service {
                procedure: or(&earlier.procedure, &self.procedure),
                day: plus_days(self.day, -earlier.days_before),
                units: or(&earlier.units, "1"),
            };
            let claim = self.claim(&[service])?;
            let decided = pb::Determination {
                member_id: self.member.member_id.clone(),
                lines: vec![pb::LineDetermination { charge_cents: claim.charge.cents(), ..Default::default() }],
                ..Default::default()
            };
            lines.extend(wire::determination::history(&claim, &format!("EARLIER-{at}"), &decided));
        }
        lines.sort_by_key(|line| line.from);
        Ok(lines)
    }

    fn claim(&self, services: &[Service]) -> Result<Claim, Vec<Violation>> {
        if self.example.type_of_bill.is_empty() {
            wire::claims::parse(&self.professional(services))
        } else {
            wire::institutional_claims::parse(&self.institutional(services))
        }
    }

    fn charge(&self) -> i64 {
        if self.example.charge_cents == 0 { 10_000 } else { self.example.charge_cents }
    }

    fn diagnoses(&self) -> Vec<String> {
        if self.example.diagnoses.is_empty() { vec!["Z00.00".into()] } else { self.example.diagnoses.clone() }
    }

    /// Subscriber and, where another, the patient.
    fn people(&self) -> (pb::Subscriber, Option<pb::Patient>) {
        let subscriber = self.family.iter().find(|other| other.member_id == self.member.subscriber_id);
        let subscriber = subscriber.unwrap_or(&self.member);
        let patient = (subscriber.member_id != self.member.member_id).then(|| pb::Patient {
            name: self.member.person_name.clone(),
            birth_date: self.member.birth_date.clone(),
            sex: self.member.sex,
            relationship_code: self.member.relationship_code.clone(),
            ..Default::default()
        });
        let subscriber = pb::Subscriber {
            member_id: subscriber.member_id.clone(),
            name: subscriber.person_name.clone(),
            birth_date: subscriber.birth_date.clone(),
            sex: subscriber.sex,
            payer_responsibility: "P".into(),
            ..Default::default()
        };
        (subscriber, patient)
    }

    fn billing(&self) -> pb::BillingProvider {
        pb::BillingProvider {
            npi: self.provider.npi.clone(),
            tax_id: self.provider.tax_id.clone(),
            name: self.provider.provider_name.clone(),
            ..Default::default()
        }
    }

    fn attachments(&self) -> Vec<pb::Attachment> {
        let one = || pb::Attachment { control_number: "EXAMPLE".into(), ..Default::default() };
        self.example.attachment.then(one).into_iter().collect()
    }

    fn authorization(&self) -> String {
        if self.example.authorized { AUTHORIZATION.to_owned() } else { String::new() }
    }

    fn professional(&self, services: &[Service]) -> pb::ProfessionalClaim {
        let (subscriber, patient) = self.people();
        let diagnoses: Vec<pb::Diagnosis> =
            self.diagnoses().into_iter().map(|code| pb::Diagnosis { code, ..Default::default() }).collect();
        let pointers = (1..=4).zip(&diagnoses).map(|(at, _)| at).collect::<Vec<i32>>();
        let line = |(at, service): (usize, &Service)| pb::ServiceLine {
            procedure_code: service.procedure.clone(),
            modifiers: if at == 0 { self.example.modifiers.clone() } else { vec![] },
            charge_cents: self.charge(),
            units: service.units.clone(),
            place_of_service: self.place(&service.procedure),
            diagnosis_pointers: pointers.clone(),
            service_date: service.day.to_string(),
            emergency: self.example.emergency,
            ..Default::default()
        };
        let lines: Vec<pb::ServiceLine> = services.iter().enumerate().map(line).collect();
        pb::ProfessionalClaim {
            patient_control_number: "EXAMPLE".into(),
            charge_cents: lines.iter().map(|line| line.charge_cents).fold(0, i64::saturating_add),
            place_of_service: self.place(&self.procedure),
            payer_id: self.in_force.payer().payer_id,
            subscriber: Some(subscriber),
            patient,
            billing_provider: Some(self.billing()),
            authorization_number: self.authorization(),
            attachments: self.attachments(),
            diagnoses,
            lines,
            ..Default::default()
        }
    }

    fn institutional(&self, services: &[Service]) -> pb::InstitutionalClaim {
        let (subscriber, patient) = self.people();
        let line = |(at, service): (usize, &Service)| pb::InstitutionalLine {
            revenue_code: self.example.revenue_code.clone(),
            procedure_code: service.procedure.clone(),
            modifiers: if at == 0 { self.example.modifiers.clone() } else { vec![] },
            charge_cents: self.charge(),
            units: service.units.clone(),
            service_date: service.day.to_string(),
            ..Default::default()
        };
        let lines: Vec<pb::InstitutionalLine> = services.iter().enumerate().map(line).collect();
        let mut diagnoses = self.diagnoses().into_iter().map(|code| pb::InstitutionalDiagnosis {
            code,
            present_on_admission: "Y".into(),
            ..Default::default()
        });
        let day = services.first().map_or(self.day, |service| service.day);
        pb::InstitutionalClaim {
            patient_control_number: "EXAMPLE".into(),
            charge_cents: lines.iter().map(|line| line.charge_cents).fold(0, i64::saturating_add),
            type_of_bill: self.example.type_of_bill.clone(),
            payer_id: self.in_force.payer().payer_id,
            subscriber: Some(subscriber),
            patient,
            billing_provider: Some(self.billing()),
            statement_from: day.to_string(),
            statement_through: day.to_string(),
            admission_type: if self.example.emergency { "1" } else { "3" }.into(),
            admission_source: "1".into(),
            patient_status: "01".into(),
            authorization_number: self.authorization(),
            attachments: self.attachments(),
            principal_diagnosis: diagnoses.next(),
            other_diagnoses: diagnoses.collect(),
            lines,
            ..Default::default()
        }
    }

    /// The example's place, or the first at which the payer's table lets the procedure be done.
    fn place(&self, procedure: &str) -> String {
        if !self.example.place.is_empty() {
            return self.example.place.clone();
        }
        let code = ProcedureCode::parse(procedure).unwrap_or_default();
        let row = self.in_force.revision.procedures.lookup(code, self.day);
        let places = row.map(|row| row.places.as_slice()).unwrap_or_default();
        let office = places.is_empty() || places.iter().any(|place| place.as_str() == "11");
        places.first().filter(|_| !office).map_or("11".to_owned(), ToString::to_string)
    }
}

/// The first procedure that a policy names, also by a value set.
pub(super) fn first_procedure(in_force: &InForce, policy: &pb::MedicalPolicy) -> String {
    let version = |known: &&crate::domain::policy::MedicalPolicy| {
        known.policy_id == policy.policy_id && known.period.from.to_string() == policy.from
    };
    let known = in_force.revision.policies.all().iter().find(version);
    let first = known.and_then(|known| known.procedures.ranges().first());
    first.map_or_else(String::new, |(code, _)| code.to_string())
}

fn patient(example: &pb::PolicyExample, day: Date, plan: &str) -> pb::Member {
    let years = i16::try_from(example.age_years.unwrap_or(45)).unwrap_or(45);
    let sex = match example.sex() {
        pb::Sex::Unspecified => pb::Sex::Female,
        told => told,
    };
    let born = plus_years(day, -years);
    pb::Member {
        member_id: MEMBER.into(),
        subscriber_id: MEMBER.into(),
        relationship_code: "18".into(),
        person_name: Some(pb::Name { last: "Example".into(), first: "Patient".into(), ..Default::default() }),
        birth_date: born.to_string(),
        sex: sex.into(),
        coverages: vec![pb::Coverage {
            plan_id: plan.to_owned(),
            from: "1990-01-01".into(),
            primary_care_npi: if example.npi.is_empty() { NPI.into() } else { example.npi.clone() },
            ..Default::default()
        }],
        ..Default::default()
    }
}

/// The payer's own provider, or one in every network.
fn provider(in_force: &InForce, example: &pb::PolicyExample) -> pb::Provider {
    if let Some(known) = in_force.provider_message(&example.npi) {
        return known.clone();
    }
    let plans = in_force.folder.plans.iter();
    let networks = plans.flat_map(|plan| plan.networks.iter().chain(plan.tiers.iter().flat_map(|tier| &tier.networks)));
    let mut networks: Vec<String> = networks.cloned().collect();
    networks.sort_unstable();
    networks.dedup();
    let taxonomy = if example.specialty.is_empty() { "207Q00000X" } else { &example.specialty };
    pb::Provider {
        npi: NPI.into(),
        provider_name: Some(pb::Name { last: "Example Clinic".into(), ..Default::default() }),
        tax_id: "690000999".into(),
        taxonomy_code: taxonomy.to_owned(),
        enrollments: vec![pb::Enrollment { from: "1990-01-01".into(), networks, ..Default::default() }],
        ..Default::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payer::folder::demo;
    use crate::reference::official_tables::OfficialTables;

    #[test]
    fn the_demo_payers_examples_come_out_as_they_say() {
        let in_force = InForce::read(demo(), &OfficialTables::default()).unwrap();
        let tests = test(&in_force, "");
        let failed: Vec<&pb::PolicyTest> = tests.iter().filter(|test| !test.holds).collect();
        assert!(failed.is_empty(), "{failed:?}");
        assert!(tests.len() > 60, "{} examples", tests.len());
        assert_eq!(test(&in_force, "MP-010").len(), 2);
    }

    #[test]
    fn an_example_that_comes_out_otherwise_says_what_came_and_why() {
        let mut folder = demo();
        let acupuncture = folder.policies.iter_mut().find(|policy| policy.policy_id == "MP-010").unwrap();
        acupuncture.examples.truncate(1);
        acupuncture.examples[0].diagnoses = vec!["R51.9".into()];
        let [failed] = &test(&InForce::read(folder, &OfficialTables::default()).unwrap(), "MP-010")[..] else {
            panic!()
        };
        assert_eq!((failed.expect.as_str(), failed.got.as_str(), failed.holds), ("none", "PR-96 N130", false));
        assert!(failed.words.contains("it asks for a diagnosis of M545, and the line is for R519"), "{}", failed.words);
    }

    /// The HMO needs authorization of a scan: that edit goes before policies.
    #[test]
    fn an_edit_that_goes_before_is_named() {
        let mut folder = demo();
        let scans = folder.policies.iter_mut().find(|policy| policy.policy_id == "MP-035").unwrap();
        scans.examples[1].plan = "hmo".into();
        let tests = test(&InForce::read(folder, &OfficialTables::default()).unwrap(), "MP-035");
        assert_eq!(tests[1].got, "CO-197 by authorization, which goes before");
    }
}

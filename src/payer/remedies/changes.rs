//! Changes carried out on the claim as a message, and on the records that go with it; each told in words.

use crate::adjudication::Case;
use crate::adjudication::ClaimFile;
use crate::adjudication::remedies::Change;
use crate::payer::amended::Amended;
use crate::payer::{Failure, Payer, State};
use crate::proto::v1 as pb;
use crate::proto::v1::claim::Billed;
use crate::wire;

/// A claim as changed so far.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub billed: Billed,
    pub authorizations: Vec<pb::Authorization>,
    pub members: Vec<pb::Member>,
    pub providers: Vec<pb::Provider>,
    pub told: Vec<pb::RemedyChange>,
}

impl Draft {
    pub fn of(billed: Billed) -> Draft {
        Draft { billed, authorizations: vec![], members: vec![], providers: vec![], told: vec![] }
    }

    /// The records as decisions read them; none where one of them is no record.
    pub fn amended(&self) -> Option<Amended> {
        Some(Amended {
            members: self.members.iter().map(|m| wire::directory::member(m).ok()).collect::<Option<_>>()?,
            providers: self
                .providers
                .iter()
                .map(|m| wire::directory::provider(m, wire::directory::NpiRule::TenDigits).ok())
                .collect::<Option<_>>()?,
            authorizations: self
                .authorizations
                .iter()
                .map(|m| wire::directory::authorization(m).ok())
                .collect::<Option<_>>()?,
        })
    }

    /// Tells a change of a field of the claim.
    pub fn tell(&mut self, field: String, before: String, after: String, words: String) {
        let field = format!("{}.{field}", self.billed.kind());
        self.told.push(pb::RemedyChange { field, before, after, words, by_others: false });
    }

    fn tell_record(&mut self, record: &str, before: String, after: String, words: String) {
        self.told.push(pb::RemedyChange { field: record.to_owned(), before, after, words, by_others: true });
    }
}

/// Whom and what changes are about.
pub(super) struct Ground<'a> {
    pub payer: &'a Payer,
    pub state: &'a State,
    /// The claim file as the claim was decided on.
    pub file: &'a ClaimFile,
    /// Stands in the numbers of what is to be authorized.
    pub control_number: &'a str,
}

impl Ground<'_> {
    /// Carries a change out; `None` where it has no place on such a claim.
    pub fn carry_out(&self, change: &Change, draft: &mut Draft) -> Result<Option<()>, Failure> {
        match change {
            Change::ObtainAuthorization(line) => Ok(self.obtain(*line, false, draft)),
            Change::ObtainReferral(line) => Ok(self.obtain(*line, true, draft)),
            Change::Patient(member_id) => self.patient(member_id, draft),
            Change::NoOtherCoverage(payer_id) => self.no_other_coverage(payer_id, draft),
            Change::Enroll(npi) => self.enroll(&npi.to_string(), draft),
            change => Ok(on_claim(change, draft)),
        }
    }

    /// The payer authorizes, or somebody refers, and the line names it.
    fn obtain(&self, at: usize, referral: bool, draft: &mut Draft) -> Option<()> {
        let case = Case::open(self.file);
        let service = case.services.get(at)?;
        let (letter, what) = if referral { ('R', "referral") } else { ('A', "authorization") };
        let number = format!("{letter}{}{:02}", self.control_number, at + 1);
        let line = service.line;
        let stay = self.file.claim.institutional.is_some();
        draft.authorizations.push(pb::Authorization {
            number: number.clone(),
            member_id: case.member()?.member_id.clone(),
            procedures: if line.procedure.is_none() { vec![] } else { vec![line.procedure.to_string()] },
            from: line.from.to_string(),
            through: line.through.to_string(),
            units: if stay { String::new() } else { line.units.normalize().to_string() },
            referral,
            ..Default::default()
        });
        let words = format!("obtain {what} for {} of {}, here {number}", line.billed(), line.from);
        draft.tell_record(what, "none".into(), number.clone(), words);
        on_claim(&if referral { Change::Referral(at, number) } else { Change::Authorization(at, number) }, draft)
    }

    /// Number, name and birth date as on record.
    fn patient(&self, member_id: &str, draft: &mut Draft) -> Result<Option<()>, Failure> {
        let Some(member) = self.payer.record_in::<pb::Member>(self.state, member_id)? else { return Ok(None) };
        let subscriber_record = self.payer.record_in::<pb::Member>(self.state, &member.subscriber_id)?;
        let (subscriber, patient) = match &mut draft.billed {
            Billed::Professional(claim) => (&mut claim.subscriber, &mut claim.patient),
            Billed::Institutional(claim) => (&mut claim.subscriber, &mut claim.patient),
        };
        let is_subscriber = member.member_id == member.subscriber_id;
        let (Some(insured), Some(record)) = (subscriber.as_mut(), subscriber_record) else { return Ok(None) };
        let before = insured.member_id.clone();
        insured.member_id.clone_from(&member.member_id);
        insured.name = record.person_name.clone();
        insured.birth_date.clone_from(&record.birth_date);
        insured.sex = record.sex;
        *patient = (!is_subscriber).then(|| pb::Patient {
            name: member.person_name.clone(),
            birth_date: member.birth_date.clone(),
            sex: member.sex,
            relationship_code: member.relationship_code.clone(),
            ..patient.clone().unwrap_or_default()
        });
        let words = format!("name the patient as member {member_id} stands on record: number, name, birth date");
        draft.tell("subscriber".into(), before, member_id.to_owned(), words);
        Ok(Some(()))
    }

    fn no_other_coverage(&self, payer_id: &str, draft: &mut Draft) -> Result<Option<()>, Failure> {
        let case = Case::open(self.file);
        let Some(known) = case.member() else { return Ok(None) };
        let Some(mut member) = self.payer.record_in::<pb::Member>(self.state, &known.member_id)? else {
            return Ok(None);
        };
        member.other_coverages.retain(|other| other.payer_id != payer_id);
        let words = format!("have the coverage by {payer_id} taken off the payer's records");
        draft.tell_record("member.other_coverages", payer_id.to_owned(), "none".into(), words);
        draft.members.push(member);
        Ok(Some(()))
    }

    fn enroll(&self, npi: &str, draft: &mut Draft) -> Result<Option<()>, Failure> {
        let Some(mut provider) = self.payer.record_in::<pb::Provider>(self.state, npi)? else { return Ok(None) };
        let Some(last) = provider.enrollments.last_mut() else { return Ok(None) };
        let claim = &self.file.claim;
        let (Some(from), Some(through)) = (claim.service_from(), claim.service_through()) else { return Ok(None) };
        let before = format!("{} to {}", last.from, last.through);
        if last.from.as_str() > from.to_string().as_str() {
            last.from = from.to_string();
        }
        if !last.through.is_empty() && last.through.as_str() < through.to_string().as_str() {
            last.through = through.to_string();
        }
        let after = format!("{} to {}", last.from, last.through);
        let words = format!("have provider {npi} enrolled for the days of the claim");
        draft.tell_record("provider.enrollments", before, after, words);
        draft.providers.push(provider);
        Ok(Some(()))
    }
}

fn on_claim(change: &Change, draft: &mut Draft) -> Option<()> {
    match change {
        Change::Diagnosis(at, code) => diagnosis(*at, &code.to_string(), draft),
        Change::Pointer(line, at) => pointer(*line, *at, draft),
        Change::Payer(payer_id) => {
            let (id, name) = match &mut draft.billed {
                Billed::Professional(claim) => (&mut claim.payer_id, &mut claim.payer_name),
                Billed::Institutional(claim) => (&mut claim.payer_id, &mut claim.payer_name),
            };
            name.clear();
            let before = std::mem::replace(id, payer_id.clone());
            draft.tell("payer_id".into(), before, payer_id.clone(), format!("send it to payer {payer_id}"));
            Some(())
        }
        Change::Bill(bill) => {
            let Billed::Institutional(claim) = &mut draft.billed else { return None };
            let bill = match claim.type_of_bill.ends_with('7') {
                true => format!("{}7", bill.kind()),
                false => bill.to_string(),
            };
            let before = std::mem::replace(&mut claim.type_of_bill, bill.clone());
            draft.tell(
                "type_of_bill".into(),
                before,
                bill.clone(),
                format!("bill the whole stay, type of bill {bill}"),
            );
            Some(())
        }
        Change::Referring(npi) => {
            let referring = match &mut draft.billed {
                Billed::Professional(claim) => &mut claim.referring_provider,
                Billed::Institutional(claim) => &mut claim.referring_provider,
            };
            let before = referring.as_ref().map_or_else(String::new, |provider| provider.npi.clone());
            *referring = Some(named(&npi.to_string()));
            draft.tell("referring_provider".into(), before, npi.to_string(), format!("name {npi} as who referred"));
            Some(())
        }
        Change::PriorDecision(payer_id) => prior_decision(payer_id, draft),
        change => super::lines::on_line(change, draft),
    }
}

pub(super) fn named(npi: &str) -> pb::ProviderReference {
    pb::ProviderReference {
        npi: npi.to_owned(),
        name: Some(pb::Name { last: "Provider".into(), ..Default::default() }),
        ..Default::default()
    }
}

fn diagnosis(at: usize, code: &str, draft: &mut Draft) -> Option<()> {
    let (field, place) = match &mut draft.billed {
        Billed::Professional(claim) => (format!("diagnoses[{at}].code"), &mut claim.diagnoses.get_mut(at)?.code),
        Billed::Institutional(claim) => match at.checked_sub(1) {
            None => ("principal_diagnosis.code".to_owned(), &mut claim.principal_diagnosis.as_mut()?.code),
            Some(other) => (format!("other_diagnoses[{other}].code"), &mut claim.other_diagnoses.get_mut(other)?.code),
        },
    };
    let before = std::mem::replace(place, code.to_owned());
    let words = format!("bill diagnosis {code} in place of {before}");
    draft.tell(field, before, code.to_owned(), words);
    Some(())
}

fn pointer(line: usize, at: usize, draft: &mut Draft) -> Option<()> {
    let Billed::Professional(claim) = &mut draft.billed else { return None };
    let code = claim.diagnoses.get(at)?.code.clone();
    let pointers = &mut claim.lines.get_mut(line)?.diagnosis_pointers;
    let before = format!("{pointers:?}");
    let one_based = i32::try_from(at).ok()?.checked_add(1)?;
    let billable_first: Vec<i32> = pointers.iter().copied().filter(|pointer| *pointer != one_based).collect();
    *pointers = [one_based].into_iter().chain(billable_first).take(4).collect();
    let after = format!("{pointers:?}");
    let words = format!("let line {} point to diagnosis {code} first", line + 1);
    draft.tell(format!("lines[{line}].diagnosis_pointers"), before, after, words);
    Some(())
}

/// The whole charge is the patient's deductible with the earlier payer.
fn prior_decision(payer_id: &str, draft: &mut Draft) -> Option<()> {
    let (subscriber, others, charge) = match &mut draft.billed {
        Billed::Professional(claim) => (&mut claim.subscriber, &mut claim.other_payers, claim.charge_cents),
        Billed::Institutional(claim) => (&mut claim.subscriber, &mut claim.other_payers, claim.charge_cents),
    };
    let subscriber = subscriber.as_mut()?;
    let decided = |other: &mut pb::OtherPayer| {
        other.paid_cents = Some(0);
        other.adjustments = vec![pb::Adjustment {
            group: pb::GroupCode::Pr.into(),
            carc: "1".into(),
            amount_cents: charge,
            ..Default::default()
        }];
    };
    match others.iter_mut().find(|other| other.payer_id == payer_id) {
        Some(other) => decided(other),
        None => {
            let mut other = pb::OtherPayer {
                payer_id: payer_id.to_owned(),
                payer_name: payer_id.to_owned(),
                payer_responsibility: "P".into(),
                ..Default::default()
            };
            decided(&mut other);
            others.push(other);
        }
    }
    if subscriber.payer_responsibility.is_empty() || subscriber.payer_responsibility == "P" {
        subscriber.payer_responsibility = "S".into();
    }
    let words =
        format!("bill {payer_id} first and send its decision with the claim; here: nothing paid, all deductible");
    draft.tell("other_payers".into(), "no decision".into(), format!("{payer_id} paid 0.00"), words);
    Some(())
}

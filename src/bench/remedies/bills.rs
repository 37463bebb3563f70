//! Claims of generated families, billed by the demo payer's clinic.

use crate::domain::dates::{Date, plus_days};
use crate::proto::v1 as pb;

/// In the networks harbor and garden.
pub(super) const CLINIC: &str = "2000000010";
/// In no network.
pub(super) const OUTSIDER: &str = "2000000200";
/// Primary care in both.
pub(super) const PRIMARY_CARE: &str = "2000000028";
/// Everybody's, so that everybody fits an adult's checkup.
pub(super) const BIRTH: &str = "1980-02-03";

/// Who bills what when for a family.
#[derive(Clone, Debug)]
pub(super) struct Bill {
    pub number: u64,
    pub day: Date,
    pub billing: pb::BillingProvider,
    pub payer_id: String,
}

/// A provider of a folder as who bills.
pub(super) fn biller(folder: &pb::PayerFolder, npi: &str) -> pb::BillingProvider {
    let known = folder.providers.iter().find(|provider| provider.npi == npi).cloned().unwrap_or_default();
    pb::BillingProvider {
        npi: npi.to_owned(),
        tax_id: known.tax_id,
        name: known.provider_name,
        address: known.address,
        taxonomy_code: known.taxonomy_code,
        phone: String::new(),
    }
}

pub(super) fn member_id(number: u64) -> String {
    format!("WAYOUT{number:07}")
}

/// A name of its own for each: a digit is a letter.
pub(super) fn name(number: u64) -> pb::Name {
    let letters: String = number.to_string().bytes().map(|digit| char::from(digit - b'0' + b'a')).collect();
    pb::Name { last: format!("Trial{letters}"), first: "Adult".into(), ..Default::default() }
}

impl Bill {
    /// The same on another day.
    pub fn on(&self, day: Date) -> Bill {
        Bill { day, ..self.clone() }
    }

    /// The same, billed by somebody without a record of a contract.
    pub fn by(&self, npi: &str) -> Bill {
        let billing = pb::BillingProvider { npi: npi.to_owned(), tax_id: "690000199".into(), ..self.billing.clone() };
        Bill { billing, ..self.clone() }
    }

    /// A month before.
    pub fn earlier(&self, procedure: &str, diagnosis: &str) -> pb::ProfessionalClaim {
        self.on(plus_days(self.day, -30)).one(procedure, diagnosis, 12_000)
    }

    /// One service.
    pub fn one(&self, procedure: &str, diagnosis: &str, charge_cents: i64) -> pb::ProfessionalClaim {
        pb::ProfessionalClaim {
            patient_control_number: format!("WAYOUT{}", self.number),
            charge_cents,
            place_of_service: "11".into(),
            frequency_code: "1".into(),
            payer_id: self.payer_id.clone(),
            subscriber: Some(pb::Subscriber {
                member_id: member_id(self.number),
                name: Some(name(self.number)),
                birth_date: BIRTH.into(),
                sex: pb::Sex::Male.into(),
                payer_responsibility: "P".into(),
                ..Default::default()
            }),
            billing_provider: Some(self.billing.clone()),
            diagnoses: vec![pb::Diagnosis { code: diagnosis.to_owned(), qualifier: String::new() }],
            accepts_assignment: true,
            benefits_assigned: true,
            release_of_information: true,
            lines: vec![self.service(procedure, charge_cents)],
            ..Default::default()
        }
    }

    fn service(&self, procedure: &str, charge_cents: i64) -> pb::ServiceLine {
        pb::ServiceLine {
            procedure_code: procedure.to_owned(),
            charge_cents,
            units: "1".into(),
            diagnosis_pointers: vec![1],
            service_date: self.day.to_string(),
            ..Default::default()
        }
    }

    /// A new knee, in the hospital.
    pub fn knee(&self, charge_cents: i64) -> pb::ProfessionalClaim {
        pb::ProfessionalClaim { place_of_service: "21".into(), ..self.one("27447", "M1711", charge_cents) }
    }

    /// A further service of the day.
    pub fn also(&self, mut claim: pb::ProfessionalClaim, procedure: &str, cents: i64) -> pb::ProfessionalClaim {
        claim.lines.push(self.service(procedure, cents));
        claim.charge_cents += cents;
        claim
    }

    /// A further diagnosis that no line points to.
    pub fn with_diagnosis(&self, mut claim: pb::ProfessionalClaim, code: &str) -> pb::ProfessionalClaim {
        claim.diagnoses.push(pb::Diagnosis { code: code.to_owned(), qualifier: String::new() });
        claim
    }

    /// With a line changed.
    pub fn line(
        &self,
        mut claim: pb::ProfessionalClaim,
        at: usize,
        change: impl FnOnce(&mut pb::ServiceLine),
    ) -> pb::ProfessionalClaim {
        if let Some(line) = claim.lines.get_mut(at) {
            change(line);
        }
        claim
    }

    /// With the insured named otherwise.
    pub fn insured_as(
        &self,
        mut claim: pb::ProfessionalClaim,
        change: impl FnOnce(&mut pb::Subscriber),
    ) -> pb::ProfessionalClaim {
        if let Some(subscriber) = &mut claim.subscriber {
            change(subscriber);
        }
        claim
    }
}

//! Loops 2000A to 2010CA: what the levels above a claim say of its billing provider, subscriber, payer and patient.

use super::provider::{add_to_address, entity_name, has_known_name};
use super::{has_only, iso_date, text, unmapped};
use crate::proto::v1::claim::Billed;
use crate::proto::v1::{
    Address, BillingProvider, InstitutionalClaim, Patient, ProfessionalClaim, Sex, Subscriber, UnmappedSegment,
};
use crate::x12::segments::Segment;

/// What the open levels have said so far.
#[derive(Debug, Default)]
pub(super) struct Levels {
    billing_provider: BillingProvider,
    pay_to_address: Option<Address>,
    subscriber: Subscriber,
    payer_id: String,
    payer_name: String,
    patient: Option<Patient>,
    /// Of the billing provider's, the subscriber's and the patient's level.
    unmapped: [Vec<UnmappedSegment>; 3],
}

impl Levels {
    /// A professional claim as far as its levels make it.
    pub(super) fn professional(&self) -> Billed {
        Billed::Professional(ProfessionalClaim {
            payer_id: self.payer_id.clone(),
            payer_name: self.payer_name.clone(),
            subscriber: Some(self.subscriber.clone()),
            patient: self.patient.clone(),
            billing_provider: Some(self.billing_provider.clone()),
            pay_to_address: self.pay_to_address.clone(),
            unmapped_segments: self.unmapped.concat(),
            ..ProfessionalClaim::default()
        })
    }

    /// An institutional claim as far as its levels make it.
    pub(super) fn institutional(&self) -> Billed {
        Billed::Institutional(InstitutionalClaim {
            payer_id: self.payer_id.clone(),
            payer_name: self.payer_name.clone(),
            subscriber: Some(self.subscriber.clone()),
            patient: self.patient.clone(),
            billing_provider: Some(self.billing_provider.clone()),
            pay_to_address: self.pay_to_address.clone(),
            unmapped_segments: self.unmapped.concat(),
            ..InstitutionalClaim::default()
        })
    }

    /// Puts a segment of a level where it belongs.
    pub(super) fn add(&mut self, loop_id: &'static str, segment: &Segment) {
        let is_mapped = match loop_id {
            "2000A" => self.billing_level(segment),
            "2010AA" => self.billing_provider(segment),
            "2010AB" => segment.id() == "NM1" || add_to_address(self.pay_to_address.get_or_insert_default(), segment),
            "2000B" => self.subscriber_level(segment),
            "2010BA" => self.subscriber(segment),
            "2010BB" => self.payer(segment),
            "2000C" => self.patient_level(segment),
            "2010CA" => self.patient.as_mut().is_some_and(|patient| add_to_patient(patient, segment)),
            _ => false,
        };
        if !is_mapped {
            let level = match loop_id {
                "2000C" | "2010CA" => 2,
                "2000B" | "2010BA" | "2010BB" => 1,
                _ => 0,
            };
            if let Some(list) = self.unmapped.get_mut(level) {
                list.push(unmapped(loop_id.to_string(), segment));
            }
        }
    }

    fn billing_level(&mut self, segment: &Segment) -> bool {
        match segment.id() {
            "HL" => {
                *self = Levels::default();
                true
            }
            "PRV" => {
                self.billing_provider.taxonomy_code = text(segment, 3);
                true
            }
            _ => false,
        }
    }

    fn billing_provider(&mut self, segment: &Segment) -> bool {
        let provider = &mut self.billing_provider;
        match (segment.id(), segment.element(1)) {
            ("NM1", _) => {
                provider.name = Some(entity_name(segment));
                provider.npi = text(segment, 9);
                has_known_name(segment, "XX")
            }
            ("REF", "EI" | "SY") => {
                provider.tax_id = text(segment, 2);
                // That it is a social security number has no field.
                segment.element(1) == "EI"
            }
            ("PER", _) => {
                let phone = [3, 5, 7].into_iter().find(|kind| segment.element(*kind) == "TE").map(|kind| kind + 1);
                match phone {
                    Some(number) if provider.phone.is_empty() => {
                        provider.phone = text(segment, number);
                        has_only(segment, &[1, 3, 4]) && number == 4
                    }
                    _ => false,
                }
            }
            _ => add_to_address(provider.address.get_or_insert_default(), segment),
        }
    }

    fn subscriber_level(&mut self, segment: &Segment) -> bool {
        match segment.id() {
            "HL" => {
                (self.subscriber, self.patient) = (Subscriber::default(), None);
                (self.payer_id, self.payer_name) = Default::default();
                self.unmapped.iter_mut().skip(1).for_each(Vec::clear);
                true
            }
            "SBR" => {
                let subscriber = &mut self.subscriber;
                subscriber.payer_responsibility = text(segment, 1);
                subscriber.group_number = text(segment, 3);
                subscriber.group_name = text(segment, 4);
                subscriber.claim_filing_indicator = text(segment, 9);
                // SBR02 says that the subscriber is the patient; so does a claim without patient.
                has_only(segment, &[1, 2, 3, 4, 9])
            }
            _ => false,
        }
    }

    fn subscriber(&mut self, segment: &Segment) -> bool {
        let subscriber = &mut self.subscriber;
        match segment.id() {
            "NM1" => {
                subscriber.name = Some(entity_name(segment));
                subscriber.member_id = text(segment, 9);
                has_known_name(segment, "MI")
            }
            "DMG" => {
                subscriber.birth_date = iso_date(segment.element(2));
                subscriber.sex = sex(segment.element(3));
                true
            }
            "N3" | "N4" => add_to_address(subscriber.address.get_or_insert_default(), segment),
            _ => false,
        }
    }

    fn payer(&mut self, segment: &Segment) -> bool {
        if segment.id() != "NM1" {
            return false;
        }
        self.payer_name = text(segment, 3);
        self.payer_id = text(segment, 9);
        has_known_name(segment, "PI")
    }

    fn patient_level(&mut self, segment: &Segment) -> bool {
        match segment.id() {
            "HL" => {
                self.patient = Some(Patient::default());
                self.unmapped.iter_mut().skip(2).for_each(Vec::clear);
                true
            }
            "PAT" => {
                self.patient.get_or_insert_default().relationship_code = text(segment, 1);
                has_only(segment, &[1])
            }
            _ => false,
        }
    }
}

fn add_to_patient(patient: &mut Patient, segment: &Segment) -> bool {
    match segment.id() {
        "NM1" => {
            patient.name = Some(entity_name(segment));
            has_known_name(segment, "")
        }
        "DMG" => {
            patient.birth_date = iso_date(segment.element(2));
            patient.sex = sex(segment.element(3));
            true
        }
        "N3" | "N4" => add_to_address(patient.address.get_or_insert_default(), segment),
        _ => false,
    }
}

fn sex(code: &str) -> i32 {
    let sex = match code {
        "F" => Sex::Female,
        "M" => Sex::Male,
        "U" => Sex::Unknown,
        _ => Sex::Unspecified,
    };
    sex.into()
}

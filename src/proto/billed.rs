//! A claim as it was billed: what every kind of claim says.

use super::v1::claim::Billed;
use super::v1::submit_claim_request::Claim as Submitted;
use super::v1::{
    Address, BillingProvider, InstitutionalClaim, InstitutionalLine, Name, OtherPayer, Patient, ProfessionalClaim,
    ProviderReference, ServiceLine, Subscriber, UnitOfService,
};

/// Does the same with a claim of either kind.
macro_rules! of_any_kind {
    ($billed:expr, $claim:ident => $what:expr) => {
        match $billed {
            Billed::Professional($claim) => $what,
            Billed::Institutional($claim) => $what,
        }
    };
}

/// A line of any kind of claim. Its texts are empty where its kind does not have them.
#[derive(Clone, Copy, Debug, Default)]
pub struct BilledLine<'a> {
    pub line_control_number: &'a str,
    pub revenue_code: &'a str,
    pub procedure_qualifier: &'a str,
    pub procedure_code: &'a str,
    pub modifiers: &'a [String],
    pub charge_cents: i64,
    pub unit_of_service: UnitOfService,
    pub units: &'a str,
    pub service_date: &'a str,
    pub service_end_date: &'a str,
    pub authorization_number: &'a str,
    pub referral_number: &'a str,
}

impl Billed {
    /// The field of a request that holds such a claim.
    pub fn kind(&self) -> &'static str {
        match self {
            Billed::Professional(_) => "professional",
            Billed::Institutional(_) => "institutional",
        }
    }

    pub fn payer_id(&self) -> &str {
        of_any_kind!(self, claim => &claim.payer_id)
    }

    pub fn payer_name(&self) -> &str {
        of_any_kind!(self, claim => &claim.payer_name)
    }

    pub fn patient_control_number(&self) -> &str {
        of_any_kind!(self, claim => &claim.patient_control_number)
    }

    pub fn charge_cents(&self) -> i64 {
        of_any_kind!(self, claim => claim.charge_cents)
    }

    pub fn subscriber(&self) -> Option<&Subscriber> {
        of_any_kind!(self, claim => claim.subscriber.as_ref())
    }

    /// The subscriber's number; empty where there is none.
    pub fn member_id(&self) -> &str {
        self.subscriber().map_or("", |subscriber| &subscriber.member_id)
    }

    pub fn patient(&self) -> Option<&Patient> {
        of_any_kind!(self, claim => claim.patient.as_ref())
    }

    /// Who was treated: the patient, or else the subscriber.
    pub fn patient_name(&self) -> Option<&Name> {
        match self.patient() {
            Some(patient) => patient.name.as_ref(),
            None => self.subscriber()?.name.as_ref(),
        }
    }

    pub fn billing_provider(&self) -> Option<&BillingProvider> {
        of_any_kind!(self, claim => claim.billing_provider.as_ref())
    }

    pub fn pay_to_address(&self) -> Option<&Address> {
        of_any_kind!(self, claim => claim.pay_to_address.as_ref())
    }

    pub fn rendering_provider(&self) -> Option<&ProviderReference> {
        of_any_kind!(self, claim => claim.rendering_provider.as_ref())
    }

    /// Everybody whom the claim or a line names with a number, besides who bills.
    pub fn provider_references(&self) -> Vec<&ProviderReference> {
        let named = match self {
            Billed::Professional(claim) => {
                let lines = claim.lines.iter().flat_map(|line| {
                    [
                        &line.rendering_provider,
                        &line.ordering_provider,
                        &line.referring_provider,
                        &line.supervising_provider,
                        &line.purchased_service_provider,
                    ]
                });
                let of_claim = [
                    &claim.rendering_provider,
                    &claim.referring_provider,
                    &claim.primary_care_provider,
                    &claim.supervising_provider,
                ];
                of_claim.into_iter().chain(lines).collect::<Vec<_>>()
            }
            Billed::Institutional(claim) => {
                let lines = claim.lines.iter().flat_map(|line| {
                    [
                        &line.operating_provider,
                        &line.other_operating_provider,
                        &line.rendering_provider,
                        &line.referring_provider,
                    ]
                });
                let of_claim = [
                    &claim.attending_provider,
                    &claim.operating_provider,
                    &claim.other_operating_provider,
                    &claim.rendering_provider,
                    &claim.referring_provider,
                ];
                of_claim.into_iter().chain(lines).collect()
            }
        };
        named.into_iter().flatten().collect()
    }

    pub fn other_payers(&self) -> &[OtherPayer] {
        of_any_kind!(self, claim => &claim.other_payers)
    }

    pub fn clearinghouse_number(&self) -> &str {
        of_any_kind!(self, claim => &claim.clearinghouse_number)
    }

    pub fn authorization_number(&self) -> &str {
        of_any_kind!(self, claim => &claim.authorization_number)
    }

    pub fn referral_number(&self) -> &str {
        of_any_kind!(self, claim => &claim.referral_number)
    }

    /// Kind of facility, three characters without the leading zero; empty on a professional claim.
    pub fn type_of_bill(&self) -> &str {
        match self {
            Billed::Professional(_) => "",
            Billed::Institutional(claim) => without_zero(&claim.type_of_bill),
        }
    }

    /// Place of service, or the first two characters of the type of bill (X12 CLM05-1).
    pub fn facility_code(&self) -> &str {
        match self {
            Billed::Professional(claim) => &claim.place_of_service,
            Billed::Institutional(_) => self.type_of_bill().get(..2).unwrap_or_default(),
        }
    }

    /// Original, replacement, void or which part of a stay (X12 CLM05-3).
    pub fn frequency_code(&self) -> &str {
        match self {
            Billed::Professional(claim) if claim.frequency_code.is_empty() => "1",
            Billed::Professional(claim) => &claim.frequency_code,
            Billed::Institutional(_) => self.type_of_bill().get(2..).unwrap_or_default(),
        }
    }

    /// Number of the medical record; empty on a professional claim.
    pub fn medical_record_number(&self) -> &str {
        match self {
            Billed::Professional(_) => "",
            Billed::Institutional(claim) => &claim.medical_record_number,
        }
    }

    pub fn lines(&self) -> Vec<BilledLine<'_>> {
        match self {
            Billed::Professional(claim) => claim.lines.iter().map(BilledLine::from).collect(),
            Billed::Institutional(claim) => claim.lines.iter().map(BilledLine::from).collect(),
        }
    }

    /// First and last day of service; the statement's on an institutional claim. Empty where no day is told.
    pub fn service_days(&self) -> (&str, &str) {
        match self {
            Billed::Professional(claim) => {
                let first = |line: &'_ ServiceLine| !line.service_date.is_empty();
                let ends = claim.lines.iter().map(BilledLine::from).map(|line| line.last_day());
                let days = claim.lines.iter().filter(|line| first(line)).map(|line| line.service_date.as_str());
                (days.min().unwrap_or_default(), ends.max().unwrap_or_default())
            }
            Billed::Institutional(claim) => {
                let through = &claim.statement_through;
                (&claim.statement_from, if through.is_empty() { &claim.statement_from } else { through })
            }
        }
    }

    /// What an acknowledgment needs of a claim, so that a set of many claims stays small in memory.
    pub fn brief(&self) -> Billed {
        match self {
            Billed::Professional(claim) => Billed::Professional(ProfessionalClaim {
                patient_control_number: claim.patient_control_number.clone(),
                charge_cents: claim.charge_cents,
                place_of_service: claim.place_of_service.clone(),
                subscriber: claim.subscriber.clone(),
                patient: claim.patient.clone(),
                billing_provider: claim.billing_provider.clone(),
                clearinghouse_number: claim.clearinghouse_number.clone(),
                lines: claim.lines.iter().map(brief_service).collect(),
                ..Default::default()
            }),
            Billed::Institutional(claim) => Billed::Institutional(InstitutionalClaim {
                patient_control_number: claim.patient_control_number.clone(),
                charge_cents: claim.charge_cents,
                type_of_bill: claim.type_of_bill.clone(),
                statement_from: claim.statement_from.clone(),
                statement_through: claim.statement_through.clone(),
                subscriber: claim.subscriber.clone(),
                patient: claim.patient.clone(),
                billing_provider: claim.billing_provider.clone(),
                clearinghouse_number: claim.clearinghouse_number.clone(),
                lines: claim.lines.iter().map(brief_charge).collect(),
                ..Default::default()
            }),
        }
    }
}

fn without_zero(type_of_bill: &str) -> &str {
    if type_of_bill.len() == 4 { type_of_bill.strip_prefix('0').unwrap_or(type_of_bill) } else { type_of_bill }
}

fn brief_service(line: &ServiceLine) -> ServiceLine {
    ServiceLine {
        line_control_number: line.line_control_number.clone(),
        procedure_code: line.procedure_code.clone(),
        modifiers: line.modifiers.clone(),
        charge_cents: line.charge_cents,
        units: line.units.clone(),
        unit_of_service: line.unit_of_service,
        service_date: line.service_date.clone(),
        service_end_date: line.service_end_date.clone(),
        ..Default::default()
    }
}

fn brief_charge(line: &InstitutionalLine) -> InstitutionalLine {
    InstitutionalLine {
        line_control_number: line.line_control_number.clone(),
        revenue_code: line.revenue_code.clone(),
        procedure_code: line.procedure_code.clone(),
        procedure_qualifier: line.procedure_qualifier.clone(),
        modifiers: line.modifiers.clone(),
        charge_cents: line.charge_cents,
        units: line.units.clone(),
        unit_of_service: line.unit_of_service,
        service_date: line.service_date.clone(),
        service_end_date: line.service_end_date.clone(),
        ..Default::default()
    }
}

impl<'a> BilledLine<'a> {
    /// The last day of service; empty where none is told.
    pub fn last_day(&self) -> &'a str {
        if self.service_end_date.is_empty() { self.service_date } else { self.service_end_date }
    }
}

impl<'a> From<&'a ServiceLine> for BilledLine<'a> {
    fn from(line: &'a ServiceLine) -> BilledLine<'a> {
        BilledLine {
            line_control_number: &line.line_control_number,
            revenue_code: "",
            procedure_qualifier: "",
            procedure_code: &line.procedure_code,
            modifiers: &line.modifiers,
            charge_cents: line.charge_cents,
            unit_of_service: line.unit_of_service(),
            units: &line.units,
            service_date: &line.service_date,
            service_end_date: &line.service_end_date,
            authorization_number: &line.authorization_number,
            referral_number: &line.referral_number,
        }
    }
}

impl<'a> From<&'a InstitutionalLine> for BilledLine<'a> {
    fn from(line: &'a InstitutionalLine) -> BilledLine<'a> {
        BilledLine {
            line_control_number: &line.line_control_number,
            revenue_code: &line.revenue_code,
            procedure_qualifier: &line.procedure_qualifier,
            procedure_code: &line.procedure_code,
            modifiers: &line.modifiers,
            charge_cents: line.charge_cents,
            unit_of_service: line.unit_of_service(),
            units: &line.units,
            service_date: &line.service_date,
            service_end_date: &line.service_end_date,
            authorization_number: "",
            referral_number: "",
        }
    }
}

impl From<Submitted> for Billed {
    fn from(claim: Submitted) -> Billed {
        match claim {
            Submitted::Professional(claim) => Billed::Professional(claim),
            Submitted::Institutional(claim) => Billed::Institutional(claim),
        }
    }
}

impl From<Billed> for Submitted {
    fn from(claim: Billed) -> Submitted {
        match claim {
            Billed::Professional(claim) => Submitted::Professional(claim),
            Billed::Institutional(claim) => Submitted::Institutional(claim),
        }
    }
}

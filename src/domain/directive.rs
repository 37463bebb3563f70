//! Directives: which claims an instruction is for.

use super::claim::Claim;
use super::codes::{DiagnosisCode, Npi, ProcedureCode};
use super::dates::Date;

/// Which claims a directive is for: those that fit all that is set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Match {
    /// The subscriber's number as on the claim.
    pub member_id: Option<String>,
    /// The patient control number, or what it begins with.
    pub patient_control_number: Option<Text>,
    /// A line's procedure.
    pub procedure: Option<ProcedureCode>,
    /// Who bills, or performs a line.
    pub provider: Option<Npi>,
    /// A diagnosis.
    pub diagnosis: Option<DiagnosisCode>,
    /// First day of service on or after.
    pub service_from: Option<Date>,
    /// First day of service on or before.
    pub service_through: Option<Date>,
    /// Whether a facility bills.
    pub institutional: Option<bool>,
}

/// A text that is met whole, or by its beginning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Text {
    /// Whole.
    Whole(String),
    /// By its beginning.
    Beginning(String),
}

impl Text {
    fn is_met_by(&self, text: &str) -> bool {
        match self {
            Text::Whole(whole) => text.eq_ignore_ascii_case(whole),
            Text::Beginning(beginning) => {
                text.get(..beginning.len()).is_some_and(|start| start.eq_ignore_ascii_case(beginning))
            }
        }
    }
}

impl Match {
    /// Whether a claim fits.
    pub fn fits(&self, claim: &Claim) -> bool {
        let day = claim.service_from();
        let on_a_line = |fits: &dyn Fn(&super::claim::ServiceLine) -> bool| claim.lines.iter().any(fits);
        self.member_id.as_deref().is_none_or(|number| number.eq_ignore_ascii_case(&claim.subscriber.member_id))
            && self.patient_control_number.as_ref().is_none_or(|text| text.is_met_by(&claim.patient_control_number))
            && self.procedure.is_none_or(|procedure| on_a_line(&|line| line.procedure == procedure))
            && self.diagnosis.is_none_or(|diagnosis| claim.diagnoses.contains(&diagnosis))
            && self.institutional.is_none_or(|facility| facility == claim.institutional.is_some())
            && self.service_from.is_none_or(|from| day.is_some_and(|day| from <= day))
            && self.service_through.is_none_or(|through| day.is_some_and(|day| day <= through))
            && self.provider.is_none_or(|npi| claim.billing_npi == npi || on_a_line(&|line| line.rendering_npi == npi))
    }

    /// The zero-based lines that it is about; empty: all of them.
    pub fn lines(&self, claim: &Claim) -> Vec<usize> {
        let Some(procedure) = self.procedure else { return Vec::new() };
        let lines = claim.lines.iter().enumerate().filter(|(_, line)| line.procedure == procedure);
        lines.map(|(at, _)| at).collect()
    }
}

//! What a facility's claim (UB-04, 837I) says beyond a professional one.

use std::fmt;

use rust_decimal::Decimal;

use super::codes::{Code, DiagnosisCode, Drg, InpatientProcedureCode, Npi};
use super::dates::{Date, days_between};

/// The institutional part of a claim. Codes are as sent; whether they are good is for the edits to say.
#[derive(Clone, Debug, PartialEq)]
pub struct Institutional {
    /// Kind of facility and care, and which bill of the stay it is (CLM05).
    pub bill: TypeOfBill,
    /// First day that the bill covers (DTP*434).
    pub from: Date,
    /// Last day that the bill covers (DTP*434).
    pub through: Date,
    /// Day of admission or start of care (DTP*435).
    pub admission: Option<Date>,
    /// Hour of admission, `HHMM` (DTP*435).
    pub admission_hour: String,
    /// Hour of discharge, `HHMM` (DTP*096).
    pub discharge_hour: String,
    /// Priority of the admission (CL101).
    pub admission_type: Code<1>,
    /// Where the patient came from (CL102).
    pub admission_source: Code<1>,
    /// Where the patient was at the end of the bill (CL103).
    pub patient_status: Code<2>,
    /// Whether the principal and each other diagnosis was present on admission, in the order of the claim's diagnoses (HI01-9).
    pub present_on_admission: Vec<Code<1>>,
    /// Diagnosis on admission (HI*BJ).
    pub admitting: Option<DiagnosisCode>,
    /// Why the patient came (HI*PR).
    pub visit_reasons: Vec<DiagnosisCode>,
    /// External causes of injury (HI*BN).
    pub external_causes: Vec<DiagnosisCode>,
    /// ICD-10-PCS procedures, principal first (HI*BR, HI*BQ).
    pub procedures: Vec<InpatientProcedure>,
    /// Diagnosis-related group as given on the claim (HI*DR).
    pub drg: Option<Drg>,
    /// Value codes (HI*BE).
    pub values: Vec<(Code<2>, Decimal)>,
    /// Occurrences (HI*BH).
    pub occurrences: Vec<(Code<2>, Date)>,
    /// Spans of occurrences (HI*BI).
    pub occurrence_spans: Vec<(Code<2>, Date, Date)>,
    /// Conditions (HI*BG).
    pub conditions: Vec<Code<2>>,
    /// Who is responsible for the care (2310A).
    pub attending_npi: Option<Npi>,
    /// Who operated (2310B).
    pub operating_npi: Option<Npi>,
    /// Who else operated (2310C).
    pub other_operating_npi: Option<Npi>,
}

/// A procedure of a stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InpatientProcedure {
    /// ICD-10-PCS.
    pub code: InpatientProcedureCode,
    /// Day.
    pub date: Option<Date>,
}

/// Type of bill, three characters such as "111": facility, care, and frequency (CLM05-1, CLM05-3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TypeOfBill(Code<3>);

/// A set of codes of one length given as codes and ranges, such as `0110-0169`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CodeSet<const N: usize>(Vec<(Code<N>, Code<N>)>);

impl<const N: usize> CodeSet<N> {
    /// Reads codes and ranges of that many characters; `Err` names the first text that is neither.
    pub fn parse<'a>(texts: impl IntoIterator<Item = &'a str>, length: usize) -> Result<CodeSet<N>, &'a str> {
        let mut ranges = Vec::new();
        for text in texts {
            let (first, last) = text.split_once('-').unwrap_or((text, text));
            match (Code::parse(first), Code::parse(last)) {
                (Some(from), Some(to)) if from <= to && first.len() == length && last.len() == length => {
                    ranges.push((from, to));
                }
                _ => return Err(text),
            }
        }
        Ok(CodeSet(ranges))
    }

    /// Whether a code is in the set.
    pub fn contains(&self, code: Code<N>) -> bool {
        self.0.iter().any(|(first, last)| *first <= code && code <= *last)
    }

    /// First and last codes of each range.
    pub fn ranges(&self) -> &[(Code<N>, Code<N>)] {
        &self.0
    }

    /// Whether the two share a code.
    pub fn overlaps(&self, other: &CodeSet<N>) -> bool {
        self.0.iter().any(|(first, last)| other.0.iter().any(|(from, to)| first <= to && from <= last))
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Covered days (value code 80).
const COVERED_DAYS: Code<2> = Code::new("80");
/// Non-covered days (value code 81).
const NONCOVERED_DAYS: Code<2> = Code::new("81");

impl TypeOfBill {
    /// A type of bill that is a constant of the program.
    pub const fn new(text: &str) -> TypeOfBill {
        TypeOfBill(Code::new(text))
    }

    /// Reads three characters, or four of which the first is 0.
    pub fn parse(text: &str) -> Option<TypeOfBill> {
        let text = if text.len() == 4 { text.strip_prefix('0')? } else { text };
        Code::parse(text).filter(|code| code.as_str().len() == 3).map(TypeOfBill)
    }

    /// All three characters.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Facility and care, such as "11" (CLM05-1).
    pub fn kind(&self) -> &str {
        self.0.as_str().get(..2).unwrap_or("")
    }

    /// Which bill of the stay, such as "1" for the whole (CLM05-3).
    pub fn frequency(&self) -> &str {
        self.0.as_str().get(2..).unwrap_or("")
    }

    /// The type of the bill that a replacement (frequency 7) stands for: one of the whole (1). Any other is itself.
    #[must_use]
    pub fn as_first_sent(self) -> TypeOfBill {
        if self.frequency() != "7" {
            return self;
        }
        Code::parse(&format!("{}1", self.kind())).map_or(self, TypeOfBill)
    }

    /// Whether it bills a stay that one payment may answer: a hospital's inpatients, or a nursing facility's.
    pub fn is_inpatient(&self) -> bool {
        matches!(self.kind(), "11" | "18" | "21" | "41" | "51" | "65" | "66" | "86")
    }

    /// Whether it bills a hospital's own inpatients under the hospital's payment (not swing beds, not ancillaries).
    pub fn is_hospital_inpatient(&self) -> bool {
        matches!(self.kind(), "11" | "41")
    }

    /// Whether it is one of several bills of a stay, of which more are to come: first or continuing.
    pub fn is_interim(&self) -> bool {
        matches!(self.frequency(), "2" | "3")
    }
}

impl fmt::Display for TypeOfBill {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.0.as_str())
    }
}

impl Institutional {
    /// The number of a value code; the first of that code.
    pub fn value(&self, code: Code<2>) -> Option<Decimal> {
        self.values.iter().find(|(of, _)| *of == code).map(|(_, value)| *value)
    }

    /// Whether the claim carries a condition code.
    pub fn has_condition(&self, code: &str) -> bool {
        self.conditions.iter().any(|condition| condition.as_str() == code)
    }

    /// Nights of the statement period: the day of discharge or of leaving does not count, unless it is the day of admission,
    /// nor does the bill end there while the patient stays on (status 30).
    pub fn nights(&self) -> i32 {
        let stays_on = i32::from(self.patient_status == Code::new("30"));
        (days_between(self.from, self.through) + stays_on).max(1)
    }

    /// Days to be paid: those given as covered (value code 80), else the nights less those given as not covered (81).
    pub fn covered_days(&self) -> i32 {
        let whole = |value: Decimal| i32::try_from(value.trunc()).unwrap_or(0);
        let given = self.value(COVERED_DAYS).map(whole);
        given.unwrap_or_else(|| self.nights() - self.value(NONCOVERED_DAYS).map_or(0, whole)).max(0)
    }

    /// Day of discharge: the last of the statement.
    pub fn discharge(&self) -> Date {
        self.through
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_of_bill_is_read_with_and_without_its_leading_zero() {
        assert_eq!(TypeOfBill::parse("0111"), Some(TypeOfBill::new("111")));
        assert_eq!(TypeOfBill::parse("13A").unwrap().frequency(), "A");
        for text in ["", "11", "1111", "11*"] {
            assert_eq!(TypeOfBill::parse(text), None, "{text}");
        }
    }
}

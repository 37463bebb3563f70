//! Codes: short, fixed-size, compared without allocation.

use std::fmt;

/// A code of at most `N` visible ASCII characters, held in place.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code<const N: usize>([u8; N]);

/// CPT or HCPCS level II procedure code, five characters (X12 SV101-2).
pub type ProcedureCode = Code<5>;
/// Ambulatory payment classification, four digits.
pub type ApcCode = Code<4>;
/// ICD-10-CM code without its point (X12 HI).
pub type DiagnosisCode = Code<7>;
/// Procedure modifier (X12 SV101-3 to -6).
pub type Modifier = Code<2>;
/// CMS place of service code (X12 CLM05-1, SV105).
pub type PlaceOfService = Code<2>;
/// Revenue code, four digits; none on a professional line (X12 SV201).
pub type RevenueCode = Code<4>;
/// ICD-10-PCS code (X12 HI*BBR, HI*BBQ).
pub type InpatientProcedureCode = Code<7>;
/// Diagnosis-related group, three digits (X12 HI*DR).
pub type Drg = Code<4>;
/// Claim adjustment reason code (X12 list 139).
pub type Carc = Code<4>;
/// Remittance advice remark code (X12 list 411).
pub type Rarc = Code<5>;

impl<const N: usize> Code<N> {
    /// No code.
    pub const NONE: Code<N> = Code([0; N]);

    /// A code that is a constant of the program; characters past `N` are cut off.
    pub const fn new(text: &str) -> Code<N> {
        let bytes = text.as_bytes();
        let mut code = [0; N];
        let (mut rest, mut i) = (bytes, 0);
        while i < N {
            let Some((first, tail)) = rest.split_first() else { break };
            let (_, slot) = code.split_at_mut(i);
            if let Some(slot) = slot.first_mut() {
                *slot = *first;
            }
            rest = tail;
            i += 1;
        }
        Code(code)
    }

    /// Reads a code: one to `N` ASCII letters and digits, made upper case.
    pub fn parse(text: &str) -> Option<Code<N>> {
        let bytes = text.as_bytes();
        if bytes.is_empty() || bytes.len() > N || !bytes.iter().all(u8::is_ascii_alphanumeric) {
            return None;
        }
        let mut code = [0; N];
        for (slot, byte) in code.iter_mut().zip(bytes) {
            *slot = byte.to_ascii_uppercase();
        }
        Some(Code(code))
    }

    /// The code's characters.
    pub fn as_str(&self) -> &str {
        let end = self.0.iter().position(|b| *b == 0).unwrap_or(N);
        self.0.get(..end).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or("")
    }

    /// Whether this is no code.
    pub fn is_none(&self) -> bool {
        self.0.first().is_none_or(|b| *b == 0)
    }
}

impl<const N: usize> Default for Code<N> {
    fn default() -> Self {
        Self::NONE
    }
}
impl<const N: usize> fmt::Display for Code<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
impl<const N: usize> fmt::Debug for Code<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.as_str())
    }
}

/// A claim adjustment reason code as a constant.
pub const fn carc(text: &str) -> Carc {
    Carc::new(text)
}

/// A remittance advice remark code as a constant.
pub const fn rarc(text: &str) -> Rarc {
    Rarc::new(text)
}

/// Who is liable for an adjusted amount (X12 CAS01).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// CO: the provider, by contract or law; the patient may not be billed.
    ContractualObligation,
    /// PR: the patient.
    PatientResponsibility,
    /// OA: neither, such as another payer's payment or a duplicate.
    OtherAdjustment,
    /// PI: the payer's own reduction without a contract behind it.
    PayerInitiated,
}

impl Group {
    /// The two letters of X12.
    pub const fn code(self) -> &'static str {
        match self {
            Group::ContractualObligation => "CO",
            Group::PatientResponsibility => "PR",
            Group::OtherAdjustment => "OA",
            Group::PayerInitiated => "PI",
        }
    }
}

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

/// A national provider identifier: ten digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Npi(u64);

impl Npi {
    /// A number that is a constant of the program.
    pub const fn new(number: u64) -> Npi {
        Npi(number)
    }
    /// No number.
    pub const NONE: Npi = Npi(0);

    /// Reads ten digits; does not ask for the check digit (see [`Npi::check_digit_holds`]).
    pub fn parse(text: &str) -> Option<Npi> {
        (text.len() == 10 && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok().map(Npi)).flatten()
    }

    /// Luhn over `80840` and the number (45 CFR 162.406; ISO/IEC 7812).
    pub fn check_digit_holds(self) -> bool {
        // The prefix 80840 adds 24 to every sum.
        let mut sum = 24;
        let mut rest = self.0;
        for place in 0..10 {
            let digit = rest % 10;
            rest /= 10;
            sum += if place % 2 == 1 { if digit > 4 { digit * 2 - 9 } else { digit * 2 } } else { digit };
        }
        sum % 10 == 0
    }
}

impl fmt::Display for Npi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:010}", self.0)
    }
}
impl fmt::Debug for Npi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Whether it looks like the number of a laboratory's certificate (CLIA): two letters or digits of the state, D, seven digits.
pub fn is_clia_number(text: &str) -> bool {
    let (state, rest) = text.split_at_checked(2).unwrap_or(("", ""));
    let digits = rest.strip_prefix('D').unwrap_or("");
    let is = |text: &str, length, kind: fn(&u8) -> bool| text.len() == length && text.as_bytes().iter().all(kind);
    is(state, 2, u8::is_ascii_alphanumeric) && is(digits, 7, u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_keep_their_characters_and_refuse_others() {
        assert_eq!(ProcedureCode::parse("j3301").unwrap().as_str(), "J3301");
        assert_eq!(ProcedureCode::new("99213"), ProcedureCode::parse("99213").unwrap());
        assert_eq!(carc("29").as_str(), "29");
        for text in ["", "992133", "99 13", "99*13", "9é"] {
            assert_eq!(ProcedureCode::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn the_published_example_npi_passes_the_check_digit_and_its_neighbours_fail() {
        assert!(Npi::parse("1234567893").unwrap().check_digit_holds());
        assert!(!Npi::parse("1234567890").unwrap().check_digit_holds());
        assert!(!Npi::parse("1999996666").unwrap().check_digit_holds());
        assert_eq!(Npi::parse("123456789"), None);
    }
}

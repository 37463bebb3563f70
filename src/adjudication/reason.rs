//! Reasons: what an edit or a step may give for not paying, and who bears it.

use std::fmt;

use crate::domain::codes::{Carc, Group, Rarc, carc, rarc};

/// A reason that an edit or a step of the decision may give.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reason {
    /// Who bears it (835 CAS01).
    pub group: Group,
    /// Why (835 CAS02).
    pub carc: Carc,
    /// The remarks that may stand beside it, with spaces between (835 LQ, MOA, MIA).
    rarcs: &'static str,
    /// Who bears it and why, in a clause.
    pub liable: &'static str,
}

impl Reason {
    /// The provider bears it (CO).
    pub const fn contractual(code: &str, rarcs: &'static str, liable: &'static str) -> Reason {
        Reason { group: Group::ContractualObligation, carc: carc(code), rarcs, liable }
    }

    /// The patient bears it (PR).
    pub const fn patient(code: &str, rarcs: &'static str, liable: &'static str) -> Reason {
        Reason { group: Group::PatientResponsibility, carc: carc(code), rarcs, liable }
    }

    /// Neither bears it (OA).
    pub const fn other(code: &str, rarcs: &'static str, liable: &'static str) -> Reason {
        Reason { group: Group::OtherAdjustment, carc: carc(code), rarcs, liable }
    }

    /// The remarks that may stand beside it.
    pub fn rarcs(&self) -> impl Iterator<Item = Rarc> {
        self.rarcs.split_ascii_whitespace().map(rarc)
    }
}

impl fmt::Display for Reason {
    /// Such as "CO-29".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.group, self.carc)
    }
}

//! Floor 2, decisions: a claim file goes in, a determination comes out. Pure and total: no I/O, no errors.
//!
//! Edits ask whether a line may be paid; pricing, what it is worth; benefits, who pays; coordination, who pays first.

pub mod benefits;
pub mod claim_file;
pub mod coordination;
pub mod edits;
pub mod payer_revision;
pub mod pricing;
pub mod proceedings;

pub use claim_file::{ClaimFile, Patient};
pub use payer_revision::PayerRevision;
pub use proceedings::{Denial, Proceedings};

use crate::domain::determination::Determination;

/// Decides a claim. The same file gives the same determination, byte for byte.
pub fn adjudicate(file: &ClaimFile) -> Determination {
    let mut proceedings = Proceedings::open(&file.claim);
    edits::apply(file, &mut proceedings);
    if proceedings.pend.is_none() {
        pricing::apply(file, &mut proceedings);
        benefits::apply(file, &mut proceedings);
        coordination::apply(file, &mut proceedings);
    }
    proceedings.conclude(file)
}

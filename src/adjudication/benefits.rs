//! Benefits: who pays the allowed amount. Copay, deductible, coinsurance, never past the out-of-pocket maximum.

use super::{ClaimFile, Proceedings};

/// Splits the allowed amount of every line that no edit has denied.
pub fn apply(_file: &ClaimFile, _proceedings: &mut Proceedings) {}

//! Benefits: who pays the allowed amount. Copay, deductible, coinsurance, never past the out-of-pocket maximum.

use super::{Case, Proceedings};

/// Splits the allowed amount of every line that no edit has denied.
pub fn apply(_case: &Case<'_>, _proceedings: &mut Proceedings) {}

//! Coordination of benefits: what other payers' payments leave for this one.

use super::{Case, Proceedings};

/// Takes other payers' payments into account.
pub fn apply(_case: &Case<'_>, _proceedings: &mut Proceedings) {}

//! Floor 3: messages to domain and back, one file per proto file. Reading collects every violation, each with its field path.

mod violations;

mod appeal_terms;
pub mod appeals;
pub mod authorization_requests;
mod authorization_rules;
mod benefits;
mod claim_details;
mod claim_rules;
pub mod claims;
pub mod denials;
pub mod determination;
pub mod directives;
pub mod directory;
pub mod documents;
mod expressions;
mod facilities;
mod facility_rates;
mod fee_schedules;
pub mod institutional_claims;
pub mod markers;
mod other_coverage;
mod other_schedules;
pub mod payer_folder;
pub mod payer_revision;
mod payments;
mod plan_rules;
mod plans;
mod policies;
mod policy_conditions;
pub mod pricing;
pub mod references;
pub mod reversal;
pub mod reviews;
pub mod spelling;
mod standing;
mod tables;
mod value_sets;

use crate::domain::claim::Claim;
use crate::proto::v1 as pb;

pub use plans::FILING_INDICATORS;
pub use policies::wants;
pub use tables::PROCEDURES;
pub use violations::{Violation, Violations};

/// Reads a claim of any kind, or says everything that is wrong with it.
pub fn claim(billed: &pb::claim::Billed) -> Result<Claim, Vec<Violation>> {
    match billed {
        pb::claim::Billed::Professional(message) => claims::parse(message),
        pb::claim::Billed::Institutional(message) => institutional_claims::parse(message),
    }
}

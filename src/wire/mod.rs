//! Floor 3: messages to domain and back, one file per proto file. Reading collects every violation, each with its field path.

mod violations;

pub mod claims;
pub mod determination;
pub mod directory;
mod fee_schedules;
pub mod payer_folder;
pub mod payer_revision;
mod plans;
pub mod references;
mod tables;

pub use plans::FILING_INDICATORS;
pub use tables::PROCEDURES;
pub use violations::{Violation, Violations};

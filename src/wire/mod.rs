//! Floor 3: messages to domain and back, one file per proto file. Reading collects every violation, each with its field path.

mod violations;

pub mod directory;

pub use violations::{Violation, Violations};

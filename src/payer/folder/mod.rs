//! Payer folders: a whole payer in readable files that people copy, change and keep beside their own code.
//!
//! The files are the messages of `PayerFolder` written as TOML: its field `plans` is `plans.toml`, which holds `[[plans]]`,
//! and `payer.toml` is the Payer itself. Tables that they name (procedures, contracted amounts, CMS's files) lie beside them.
//! So the protos are the one description of the format. Enum values may be short (`sex = "female"`), dates bare or quoted.

mod document;
mod draft;
mod embedded;
mod load;
mod places;
mod release;
mod write;

use std::fmt;
use std::path::Path;

use crate::adjudication::PayerRevision;
use crate::proto::v1::PayerFolder;

pub use draft::{NOTES as DRAFT_NOTES, draft};
pub use embedded::{DEMO, demo};
pub use load::load;
pub use release::add_release;
pub use write::{write, write_with_notes};

/// One thing in a payer folder that is not as it must be.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mistake {
    /// File, with the folder's path as it was given.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// What is wrong, and what would be right.
    pub message: String,
}

impl Mistake {
    /// File, line, column.
    pub fn place(&self) -> (&str, usize, usize) {
        (&self.file, self.line, self.column)
    }
}

impl fmt::Display for Mistake {
    /// `file:line:column: message`, as editors understand it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: {}", self.file, self.line, self.column, self.message)
    }
}

/// What a payer folder holds, in figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// The payer's name.
    pub payer: String,
    /// Content hash of its revision.
    pub revision: String,
    /// What there is: its name for one and for many, and how many.
    pub counts: Vec<(&'static str, &'static str, usize)>,
}

impl Summary {
    /// Counts what a folder holds.
    pub fn of(folder: &PayerFolder, revision: &PayerRevision) -> Summary {
        let families = folder.members.iter().filter(|member| member.member_id == member.subscriber_id).count();
        Summary {
            payer: folder.payer.as_ref().map(|payer| payer.name.clone()).unwrap_or_default(),
            revision: revision.id.clone(),
            counts: vec![
                ("plan", "plans", folder.plans.len()),
                ("fee schedule", "fee schedules", folder.fee_schedules.len()),
                ("policy", "policies", folder.policies.len()),
                ("procedure", "procedures", revision.procedures.len()),
                ("family", "families", families),
                ("member", "members", folder.members.len()),
                ("provider", "providers", folder.providers.len()),
                ("authorization", "authorizations", folder.authorizations.len()),
            ],
        }
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let said = |(one, many, count): &(_, _, usize)| format!("{count} {}", if *count == 1 { one } else { many });
        let counts: Vec<String> = self.counts.iter().map(said).collect();
        write!(f, "{} (revision {}): {}", self.payer, self.revision, counts.join(", "))
    }
}

/// Reads a folder and says what it holds, or everything that is wrong with it, in order of place.
pub fn check(path: &Path) -> Result<Summary, Vec<Mistake>> {
    let (folder, seed) = load::load_seed(path)?;
    Ok(Summary::of(&folder, &seed.revision))
}

#[cfg(test)]
mod tests;

//! Why a call could not be answered. A denial or a rejection is never a failure.

use crate::store::{CommitError, StoreError};
use crate::wire::Violation;

/// A call that could not be answered.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The message is not what it must be: every field at once.
    #[error("{}", violations.first().map_or_else(String::new, |v| format!("{}: {}", v.field, v.description)))]
    Violations {
        /// Field by field.
        violations: Vec<Violation>,
    },
    /// The payer folder has mistakes.
    #[error("the payer has {} mistake(s); the first: {}", violations.len(), violations.first().map_or_else(String::new, |v| format!("{}: {}", v.field, v.description)))]
    PayerFolder {
        /// Field by field.
        violations: Vec<Violation>,
    },
    /// No such sandbox.
    #[error("there is no sandbox {0:?}: make it with `payersim sandbox create {0}` (Sandboxes.CreateSandbox)")]
    UnknownSandbox(String),
    /// No such thing in the sandbox.
    #[error("there is no {0:?}")]
    Unknown(String),
    /// The request id was used with another body.
    #[error(
        "request id {request_id:?} was used before with another body, for {claim}: choose a new id for a new claim"
    )]
    RequestIdReused {
        /// The id.
        request_id: String,
        /// The first claim's name.
        claim: String,
    },
    /// A sandbox of that name exists.
    #[error("{0} exists: choose another id, or reset it")]
    NameTaken(String),
    /// The clock cannot do that.
    #[error("{words} (the clock of this sandbox stands at {now})")]
    Clock {
        /// Why not, and what to do.
        words: String,
        /// Where the clock stands.
        now: String,
    },
    /// The claim does not stand where the call needs it.
    #[error("{claim} cannot be reversed: {words}")]
    ClaimState {
        /// Its name.
        claim: String,
        /// Where it stands.
        state: crate::proto::v1::ClaimState,
        /// Why not, and what to do first.
        words: String,
    },
    /// A decision is not opened again as was asked.
    #[error("{claim} is not reopened: {words}")]
    NotReopened {
        /// Its name.
        claim: String,
        /// Why not, by which law, and where to turn.
        words: String,
    },
    /// A review does not stand where the call needs it, or is another person's.
    #[error("{name} {words}")]
    ReviewState {
        /// Its name.
        name: String,
        /// Why not, and what to do first.
        words: String,
    },
    /// The appeal does not stand where the call needs it.
    #[error("{appeal}: {words}")]
    AppealState {
        /// Its name.
        appeal: String,
        /// Where it stands.
        state: crate::proto::v1::AppealState,
        /// Why not, and what to do.
        words: String,
    },
    /// A request for authorization does not stand where the call needs it.
    #[error("{name} {words}")]
    AuthorizationState {
        /// Its name.
        name: String,
        /// Why not, and what to do.
        words: String,
    },
    /// Too much.
    #[error("{words}")]
    Limit {
        /// What is too much and which setting raises the limit.
        words: String,
        /// The limit.
        limit: u64,
        /// The setting.
        setting: &'static str,
    },
    /// The history that was being followed ended.
    #[error("{0} was reset or deleted, and its history ended: follow it anew, without a cursor")]
    HistoryEnded(String),
    /// The page token is not one of this list.
    #[error("the page token is not one of this list: begin again without one")]
    PageToken,
    /// Somebody else changed the same thing too often.
    #[error("the state changed while the request was worked on: send it again")]
    Conflict,
    /// The server is stopping.
    #[error("the server is stopping: send the request again when it is back")]
    Stopping,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A stored record cannot be read.
    #[error("the record at {0} is damaged")]
    Damaged(String),
}

impl Failure {
    /// One bad field.
    pub fn field(field: impl Into<String>, description: impl Into<String>) -> Failure {
        Failure::Violations { violations: vec![Violation { field: field.into(), description: description.into() }] }
    }

    /// Bad fields of a message inside the request's.
    pub fn within(outer: &str, violations: Vec<Violation>) -> Failure {
        let path = |field: String| if field.is_empty() { outer.to_owned() } else { format!("{outer}.{field}") };
        let deeper = |v: Violation| Violation { field: path(v.field), description: v.description };
        Failure::Violations { violations: violations.into_iter().map(deeper).collect() }
    }
}

impl From<CommitError> for Failure {
    fn from(error: CommitError) -> Failure {
        match error {
            CommitError::Conflict { .. } => Failure::Conflict,
            CommitError::BadKey { .. } => Failure::field("", "an id in the request is too long: at most 128 bytes"),
            CommitError::Store(error) => Failure::Store(error),
        }
    }
}

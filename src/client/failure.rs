//! Why a command stopped, in words a person can act on, and the exit code that says it to a script.

use std::fmt::{self, Write as _};
use std::io;
use std::path::Path;

use tonic::{Code, Status};
use tonic_types::StatusExt;

use crate::api::ServeError;
use crate::payer::folder::Mistake;

/// Why a command stopped.
#[derive(Debug)]
pub enum Failure {
    /// An expectation did not hold; the report has been printed. Exit code 1.
    Expectation,
    /// What the user gave is wrong: a flag, a file, a JSON text. Exit code 2.
    Usage(String),
    /// No server answers. Exit code 3.
    Unreachable {
        /// The address tried.
        server: String,
        /// What the network said.
        cause: String,
    },
    /// The server answered with an error. Exit code 4.
    Answered(Box<Status>),
    /// Our own side failed, such as a full disk. Exit code 4.
    Broken(String),
    /// Whoever read our output has gone, as `head` does. No failure: exit code 0.
    ClosedPipe,
}

impl Failure {
    /// A file that cannot be read or written.
    pub fn file(path: &Path, error: &io::Error) -> Failure {
        Failure::Usage(format!("{}: {error}", path.display()))
    }

    /// Mistakes in a payer folder, one a line: `file:line:column: message`.
    pub fn mistakes(mistakes: &[Mistake]) -> Failure {
        let places: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
        let number = if places.len() == 1 { "one mistake".to_owned() } else { format!("{} mistakes", places.len()) };
        Failure::Usage(format!("the payer folder has {number}\n{}", places.join("\n")))
    }

    /// What the process ends with.
    pub fn exit_code(&self) -> u8 {
        match self {
            Failure::ClosedPipe => 0,
            Failure::Expectation => 1,
            Failure::Usage(_) => 2,
            Failure::Unreachable { .. } => 3,
            Failure::Answered(_) | Failure::Broken(_) => 4,
        }
    }
}

impl From<Status> for Failure {
    fn from(status: Status) -> Failure {
        Failure::Answered(Box::new(status))
    }
}

/// What keeps a server from starting is mostly a flag or a file.
impl From<ServeError> for Failure {
    fn from(error: ServeError) -> Failure {
        match error {
            ServeError::Folder(mistakes) => Failure::mistakes(&mistakes),
            ServeError::Store(_) | ServeError::Listen { .. } | ServeError::ReadyFile { .. } => {
                Failure::Usage(error.to_string())
            }
            _ => Failure::Broken(error.to_string()),
        }
    }
}

/// Errors of our own output; files name themselves through [`Failure::file`].
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Failure {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Failure::ClosedPipe,
            _ => Failure::Broken(error.to_string()),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::ClosedPipe | Failure::Expectation => Ok(()),
            Failure::Usage(words) | Failure::Broken(words) => f.write_str(words),
            Failure::Unreachable { server, cause } => {
                writeln!(f, "no payersim server answers at {server} ({cause})")?;
                writeln!(f, "  start one:     payersim serve --listen {server}")?;
                write!(f, "  or name yours: --server HOST:PORT, or PAYERSIM_SERVER=HOST:PORT")
            }
            Failure::Answered(status) => f.write_str(&in_words(status)),
        }
    }
}

/// A status with all that it carries: each violated field, the reason with its data, when to try again.
pub fn in_words(status: &Status) -> String {
    let details = status.get_error_details();
    let violations = details.bad_request().into_iter().flat_map(|bad| &bad.field_violations);
    let violations: Vec<String> =
        violations.map(|violation| format!("{}: {}", violation.field, violation.description)).collect();
    let mut words = code_name(status.code()).to_owned();
    // The message mostly repeats the first violation.
    if !violations.iter().any(|violation| violation == status.message()) {
        let _ = write!(words, ": {}", status.message());
    }
    for violation in violations {
        let _ = write!(words, "\n  {violation}");
    }
    if let Some(info) = details.error_info() {
        let _ = write!(words, "\n  reason: {}", info.reason);
        let mut metadata: Vec<_> = info.metadata.iter().collect();
        metadata.sort();
        for (key, value) in metadata {
            let _ = write!(words, "\n  {key}: {value}");
        }
    }
    if let Some(delay) = details.retry_info().and_then(|retry| retry.retry_delay) {
        let _ = write!(words, "\n  try again after {} ms", delay.as_millis());
    }
    words
}

/// A code as gRPC spells it: `INVALID_ARGUMENT`.
pub fn code_name(code: Code) -> &'static str {
    match code {
        Code::Ok => "OK",
        Code::Cancelled => "CANCELLED",
        Code::Unknown => "UNKNOWN",
        Code::InvalidArgument => "INVALID_ARGUMENT",
        Code::DeadlineExceeded => "DEADLINE_EXCEEDED",
        Code::NotFound => "NOT_FOUND",
        Code::AlreadyExists => "ALREADY_EXISTS",
        Code::PermissionDenied => "PERMISSION_DENIED",
        Code::ResourceExhausted => "RESOURCE_EXHAUSTED",
        Code::FailedPrecondition => "FAILED_PRECONDITION",
        Code::Aborted => "ABORTED",
        Code::OutOfRange => "OUT_OF_RANGE",
        Code::Unimplemented => "UNIMPLEMENTED",
        Code::Internal => "INTERNAL",
        Code::Unavailable => "UNAVAILABLE",
        Code::DataLoss => "DATA_LOSS",
        Code::Unauthenticated => "UNAUTHENTICATED",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tonic_types::ErrorDetails;

    #[test]
    fn every_violated_field_and_the_reason_are_told() {
        let mut details = ErrorDetails::with_error_info(
            "ERROR_REASON_FIELD_VIOLATION",
            "payersim",
            [("limit".to_owned(), "50".to_owned())],
        );
        details
            .add_bad_request_violation("professional.lines[0].charge_cents", "negative")
            .add_bad_request_violation("professional.payer_id", "missing");
        let status = Status::with_error_details(Code::InvalidArgument, "two fields", details);
        assert_eq!(
            in_words(&status),
            "INVALID_ARGUMENT: two fields\n  professional.lines[0].charge_cents: negative\n  \
             professional.payer_id: missing\n  reason: ERROR_REASON_FIELD_VIOLATION\n  limit: 50"
        );
    }

    // A reader who leaves early (`payersim claims | head`) is no failure of the command.
    #[test]
    fn a_closed_pipe_ends_quietly() {
        let failure = Failure::from(io::Error::from(io::ErrorKind::BrokenPipe));
        assert_eq!((failure.exit_code(), failure.to_string().as_str()), (0, ""));
    }
}

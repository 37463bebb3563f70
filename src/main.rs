//! The binary: flags to doors.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    payersim::cli::run().await
}

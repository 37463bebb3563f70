//! The flags that every client command takes: which server, which sandbox, for whom to print.

use clap::Args;

use super::output::Out;
use crate::client::{Client, Failure};

/// Where to, and how to answer.
#[derive(Debug, Args)]
pub(super) struct Target {
    /// Server to talk to
    #[arg(long, value_name = "HOST:PORT", env = "PAYERSIM_SERVER", default_value = "127.0.0.1:50051")]
    pub server: String,
    /// Sandbox to work in
    #[arg(long, value_name = "ID", env = "PAYERSIM_SANDBOX", default_value = "default")]
    pub sandbox: String,
    /// Print JSON, one value a line, with the field names of the protos; fields that are zero or empty are left out
    #[arg(long)]
    pub json: bool,
}

impl Target {
    pub async fn connect(&self) -> Result<Client, Failure> {
        Client::connect(&self.server, &self.sandbox).await
    }

    pub fn out(&self) -> Out {
        Out::stdout(self.json)
    }
}

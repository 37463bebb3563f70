//! `sandbox`: payers of one's own, each with its own clock.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::{Args, Subcommand};
use comfy_table::Row;

use super::clock::mode;
use super::decision::last_part;
use super::output::Out;
use super::target::Target;
use crate::client::Failure;
use crate::client::messages::typed_to_json;
use crate::payer::folder;
use crate::proto::v1;

/// Make, list, reset and delete sandboxes
#[derive(Debug, Subcommand)]
#[command(after_help = "\
Examples:
  payersim sandbox create pr-117 --clock-start 2026-07-15
  payersim submit clinic.edi --sandbox pr-117
  payersim sandbox delete pr-117")]
pub(super) enum Sandbox {
    /// Make a sandbox, in constant time
    Create(Create),
    /// List the sandboxes
    List(List),
    /// Return a sandbox to its seed: claims, money and changed records are gone, the clock stands at its start
    Reset(Named),
    /// Delete a sandbox with all it holds
    Delete(Named),
}

#[derive(Debug, Args)]
pub(super) struct Create {
    /// Its id: lower-case letters, digits and hyphens; one is chosen where not said
    id: Option<String>,
    /// Where its clock starts; the payer's own start where not said
    #[arg(long, value_name = "YYYY-MM-DD")]
    clock_start: Option<String>,
    /// Let its clock follow the wall clock
    #[arg(long)]
    follow: bool,
    /// Payer folder; the payer that the server was started with where not said
    #[arg(long, value_name = "DIR")]
    payer: Option<PathBuf>,
    /// Number that everything decided by chance depends on
    #[arg(long, default_value_t = 0)]
    seed: i64,
    #[command(flatten)]
    target: Target,
}

#[derive(Debug, Args)]
pub(super) struct List {
    #[command(flatten)]
    target: Target,
}

#[derive(Debug, Args)]
pub(super) struct Named {
    /// Its id
    id: String,
    #[command(flatten)]
    target: Target,
}

impl Sandbox {
    pub async fn run(self) -> Result<(), Failure> {
        match self {
            Sandbox::Create(command) => command.run().await,
            Sandbox::List(command) => command.run().await,
            Sandbox::Reset(command) => command.reset().await,
            Sandbox::Delete(command) => command.delete().await,
        }
    }
}

impl Create {
    async fn run(self) -> Result<(), Failure> {
        let payer = self.payer.as_deref().map(folder::load).transpose();
        let payer = payer.map_err(|mistakes| Failure::mistakes(&mistakes))?;
        let client = self.target.connect().await?;
        let mode = if self.follow { v1::ClockMode::Following } else { v1::ClockMode::Frozen };
        let request = v1::CreateSandboxRequest {
            sandbox_id: self.id.unwrap_or_default(),
            clock_start: self.clock_start.unwrap_or_default(),
            clock_mode: mode.into(),
            seed: self.seed,
            payer,
            ..Default::default()
        };
        let sandbox = client.sandboxes().create_sandbox(request).await?.into_inner();
        Ok(print(&mut self.target.out(), &[sandbox])?)
    }
}

impl List {
    async fn run(self) -> Result<(), Failure> {
        let client = self.target.connect().await?;
        let mut request = v1::ListSandboxesRequest { page_size: 1000, ..Default::default() };
        let mut found = Vec::new();
        loop {
            let page = client.sandboxes().list_sandboxes(request.clone()).await?.into_inner();
            found.extend(page.sandboxes);
            request.page_token = page.next_page_token;
            if request.page_token.is_empty() {
                return Ok(print(&mut self.target.out(), &found)?);
            }
        }
    }
}

impl Named {
    async fn reset(self) -> Result<(), Failure> {
        let client = self.target.connect().await?.with_sandbox(&self.id);
        let request = v1::ResetSandboxRequest { name: client.sandbox().to_owned() };
        let sandbox = client.sandboxes().reset_sandbox(request).await?.into_inner();
        Ok(print(&mut self.target.out(), &[sandbox])?)
    }

    async fn delete(self) -> Result<(), Failure> {
        let client = self.target.connect().await?.with_sandbox(&self.id);
        let request = v1::DeleteSandboxRequest { name: client.sandbox().to_owned() };
        client.sandboxes().delete_sandbox(request).await?;
        let mut out = self.target.out();
        if !out.json {
            writeln!(out, "{} is gone", client.sandbox())?;
        }
        Ok(())
    }
}

pub(super) fn print(out: &mut Out, sandboxes: &[v1::Sandbox]) -> io::Result<()> {
    if out.json {
        return sandboxes.iter().try_for_each(|sandbox| out.value(&typed_to_json("Sandbox", sandbox)));
    }
    let row = |sandbox: &v1::Sandbox| {
        let clock = sandbox.clock.clone().unwrap_or_default();
        let revision: String = sandbox.payer_revision.chars().take(12).collect();
        Row::from([last_part(&sandbox.name), &clock.now, mode(&clock), &sandbox.payer_name, &revision])
    };
    out.table(&["sandbox", "now", "clock", "payer", "revision"], &[], sandboxes.iter().map(row).collect())
}

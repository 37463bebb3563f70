//! `payer`: payer folders, checked, drafted, loaded, written back.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use super::decision::last_part;
use super::output::{Out, count};
use super::target::Target;
use crate::client::messages::typed_to_json;
use crate::client::{Client, Failure};
use crate::payer::folder;
use crate::proto::v1::claim::Billed;
use crate::proto::v1::{ExportPayerRequest, GetSandboxRequest, LoadPayerRequest, PayerFolder, Sandbox};
use crate::x12::claim_837::ClaimReader;
use crate::x12::examination::{Examination, Examined, SetReport};

/// Check, draft, load and export payer folders
#[derive(Debug, Subcommand)]
#[command(after_help = "\
Examples:
  payersim payer export my-payer                  the demo payer's folder, to change
  payersim payer check my-payer                   every mistake, by file and line
  payersim payer load my-payer                    into the running server, from the sandbox's date on
  payersim payer from-837 claims/*.edi --out my-payer")]
pub(super) enum PayerCommand {
    Check(Check),
    #[command(name = "from-837")]
    FromClaims(FromClaims),
    Load(Load),
    Export(Export),
    Show(Show),
}

/// Name every mistake of a payer folder by file, line and column; exit code 2 if there is one
#[derive(Debug, Args)]
pub(super) struct Check {
    /// Payer folder
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

/// Draft a payer folder from 837P and 837I files: their members, providers and codes, so that they are not all unknown
#[derive(Debug, Args)]
pub(super) struct FromClaims {
    /// 837P or 837I files
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Folder to write; it must not hold a payer yet
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

/// Give a sandbox another payer folder, for decisions from its date on
#[derive(Debug, Args)]
pub(super) struct Load {
    /// Payer folder
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    #[command(flatten)]
    target: Target,
}

/// Write the payer folder that a sandbox runs on, with its members, providers and authorizations as they are now
#[derive(Debug, Args)]
pub(super) struct Export {
    /// Folder to write; it must not hold a payer yet
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    #[command(flatten)]
    target: Target,
}

/// Say which payer a sandbox runs on
#[derive(Debug, Args)]
pub(super) struct Show {
    #[command(flatten)]
    target: Target,
}

impl PayerCommand {
    pub async fn run(self) -> Result<(), Failure> {
        match self {
            PayerCommand::Check(command) => command.run(),
            PayerCommand::FromClaims(command) => command.run(),
            PayerCommand::Load(command) => command.run().await,
            PayerCommand::Export(command) => command.run().await,
            PayerCommand::Show(command) => command.run().await,
        }
    }
}

impl Check {
    fn run(self) -> Result<(), Failure> {
        let summary = folder::check(&self.folder).map_err(|mistakes| Failure::mistakes(&mistakes))?;
        Ok(writeln!(Out::stdout(false), "{}: no mistakes. {summary}", self.folder.display())?)
    }
}

impl FromClaims {
    fn run(self) -> Result<(), Failure> {
        holds_no_payer(&self.out)?;
        let mut out = Out::stdout(false);
        let mut claims = Vec::new();
        for path in &self.files {
            let bytes = std::fs::read(path).map_err(|error| Failure::file(path, &error))?;
            let before = claims.len();
            read_claims(&bytes, &mut claims).map_err(|words| Failure::Usage(format!("{}: {words}", path.display())))?;
            let found = i64::try_from(claims.len() - before).unwrap_or(i64::MAX);
            writeln!(out, "{}: {}", path.display(), count(found, "claim"))?;
        }
        if claims.is_empty() {
            return Err(Failure::Usage("no 837P or 837I claims there; nothing is written".into()));
        }
        let draft = folder::draft(&claims);
        let written = folder::write_with_notes(&draft, folder::DRAFT_NOTES, &self.out);
        written.map_err(|error| Failure::file(&self.out, &error))?;
        let summary = folder::check(&self.out).map_err(|mistakes| Failure::mistakes(&mistakes))?;
        writeln!(out, "wrote {}: {summary}", self.out.display())?;
        Ok(writeln!(out, "try next: payersim serve --payer {}", self.out.display())?)
    }
}

/// Reads every claim of a file, also of sets that a payer would turn away: a draft is better for them.
fn read_claims(bytes: &[u8], claims: &mut Vec<Billed>) -> Result<(), String> {
    let mut examination = Examination::new(bytes);
    while let Some(examined) = examination.read().map_err(|error| error.to_string())? {
        if let Examined::Set(SetReport { trailer, delimiters, .. }) = examined {
            let mut reader = ClaimReader::new(bytes, trailer.span, delimiters);
            while let Some(read) = reader.read().map_err(|error| error.to_string())? {
                claims.push(read.claim);
            }
        }
    }
    Ok(())
}

impl Load {
    async fn run(self) -> Result<(), Failure> {
        let payer = folder::load(&self.folder).map_err(|mistakes| Failure::mistakes(&mistakes))?;
        let client = self.target.connect().await?;
        let request = LoadPayerRequest { name: client.sandbox().to_owned(), payer: Some(payer) };
        let sandbox = client.sandboxes().load_payer(request).await?.into_inner();
        let mut out = self.target.out();
        if out.json {
            return Ok(out.value(&typed_to_json("Sandbox", &sandbox))?);
        }
        Ok(writeln!(out, "{}", in_force(&sandbox))?)
    }
}

impl Export {
    async fn run(self) -> Result<(), Failure> {
        holds_no_payer(&self.folder)?;
        let client = self.target.connect().await?;
        let exported = export(&client).await?;
        folder::write(&exported, &self.folder).map_err(|error| Failure::file(&self.folder, &error))?;
        let summary = folder::check(&self.folder).map_err(|mistakes| Failure::mistakes(&mistakes))?;
        Ok(writeln!(self.target.out(), "wrote {}: {summary}", self.folder.display())?)
    }
}

impl Show {
    async fn run(self) -> Result<(), Failure> {
        let client = self.target.connect().await?;
        let request = GetSandboxRequest { name: client.sandbox().to_owned() };
        let sandbox = client.sandboxes().get_sandbox(request).await?.into_inner();
        let exported = export(&client).await?;
        let payer = exported.payer.clone().unwrap_or_default();
        let mut out = self.target.out();
        if out.json {
            return Ok(out.value(&typed_to_json("Payer", &payer))?);
        }
        writeln!(out, "{}", in_force(&sandbox))?;
        let ids: Vec<&str> = [&payer.payer_id].into_iter().chain(&payer.other_payer_ids).map(String::as_str).collect();
        writeln!(out, "  answers to      {}", ids.join(", "))?;
        writeln!(out, "  pays after      {}", count(payer.payment_days.into(), "day"))?;
        let plans: Vec<&str> = exported.plans.iter().map(|plan| plan.plan_id.as_str()).collect();
        writeln!(out, "  plans           {}", plans.join(", "))?;
        writeln!(out, "  members         {}", exported.members.len())?;
        writeln!(out, "  providers       {}", exported.providers.len())?;
        Ok(writeln!(out, "  authorizations  {}", exported.authorizations.len())?)
    }
}

async fn export(client: &Client) -> Result<PayerFolder, Failure> {
    let request = ExportPayerRequest { name: client.sandbox().to_owned() };
    Ok(client.sandboxes().export_payer(request).await?.into_inner())
}

fn in_force(sandbox: &Sandbox) -> String {
    let now = sandbox.clock.as_ref().map_or("", |clock| clock.now.as_str());
    format!(
        "{} runs on {} (revision {}); it is {now}",
        last_part(&sandbox.name),
        sandbox.payer_name,
        sandbox.payer_revision
    )
}

/// A folder that somebody may have worked on is not written over.
fn holds_no_payer(folder: &Path) -> Result<(), Failure> {
    if folder.join("payer.toml").exists() {
        return Err(Failure::Usage(format!("{} holds a payer already: choose another folder", folder.display())));
    }
    Ok(())
}

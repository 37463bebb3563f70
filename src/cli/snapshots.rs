//! `snapshot`: a sandbox's state under a name, to return to or to branch from.

use std::io::{self, Write};

use clap::{Args, Subcommand};
use comfy_table::Row;

use super::decision::last_part;
use super::output::Out;
use super::sandboxes;
use super::target::Target;
use crate::client::messages::typed_to_json;
use crate::client::{Client, Failure};
use crate::proto::v1;

/// Name a sandbox's state, branch from it, return to it
#[derive(Debug, Subcommand)]
#[command(after_help = "\
Examples:
  payersim snapshot create denied
  payersim snapshot branch denied --as what-if
  payersim submit corrected.edi --sandbox what-if
  payersim snapshot restore denied")]
pub(super) enum Snapshot {
    /// Name the present state of a sandbox
    Create(Create),
    /// List the snapshots of a sandbox
    List(List),
    /// Make a new sandbox from a snapshot: same time, same numbers onward
    Branch(Branch),
    /// Return the sandbox to a snapshot; its present state is gone unless it has one too
    Restore(Named),
    /// Delete a snapshot; what was branched from it stays
    Delete(Named),
}

#[derive(Debug, Args)]
pub(super) struct Create {
    /// Its id: lower-case letters, digits and hyphens; one is chosen where not said
    id: Option<String>,
    /// What it is for
    #[arg(long, default_value = "")]
    description: String,
    #[command(flatten)]
    target: Target,
}

#[derive(Debug, Args)]
pub(super) struct List {
    #[command(flatten)]
    target: Target,
}

#[derive(Debug, Args)]
pub(super) struct Branch {
    /// The snapshot's id
    id: String,
    /// Id of the new sandbox; one is chosen where not said
    #[arg(long = "as", value_name = "SANDBOX", default_value = "")]
    sandbox_id: String,
    #[command(flatten)]
    target: Target,
}

#[derive(Debug, Args)]
pub(super) struct Named {
    /// The snapshot's id
    id: String,
    #[command(flatten)]
    target: Target,
}

impl Snapshot {
    pub async fn run(self) -> Result<(), Failure> {
        match self {
            Snapshot::Create(command) => command.run().await,
            Snapshot::List(command) => command.run().await,
            Snapshot::Branch(command) => command.run().await,
            Snapshot::Restore(command) => command.restore().await,
            Snapshot::Delete(command) => command.delete().await,
        }
    }
}

impl Create {
    async fn run(self) -> Result<(), Failure> {
        let client = self.target.connect().await?;
        let request = v1::CreateSnapshotRequest {
            parent: client.sandbox().to_owned(),
            snapshot_id: self.id.unwrap_or_default(),
            description: self.description,
        };
        let snapshot = client.snapshots().create_snapshot(request).await?.into_inner();
        Ok(print(&mut self.target.out(), &[snapshot])?)
    }
}

impl List {
    async fn run(self) -> Result<(), Failure> {
        let client = self.target.connect().await?;
        let parent = client.sandbox().to_owned();
        let mut request = v1::ListSnapshotsRequest { parent, page_size: 1000, ..Default::default() };
        let mut found = Vec::new();
        loop {
            let page = client.snapshots().list_snapshots(request.clone()).await?.into_inner();
            found.extend(page.snapshots);
            request.page_token = page.next_page_token;
            if request.page_token.is_empty() {
                return Ok(print(&mut self.target.out(), &found)?);
            }
        }
    }
}

impl Branch {
    async fn run(self) -> Result<(), Failure> {
        let client = self.target.connect().await?;
        let request =
            v1::BranchSandboxRequest { name: client.name("snapshots", &self.id), sandbox_id: self.sandbox_id };
        let sandbox = client.snapshots().branch_sandbox(request).await?.into_inner();
        Ok(sandboxes::print(&mut self.target.out(), &[sandbox])?)
    }
}

impl Named {
    async fn connect(&self) -> Result<(Client, String), Failure> {
        let client = self.target.connect().await?;
        let name = client.name("snapshots", &self.id);
        Ok((client, name))
    }

    async fn restore(self) -> Result<(), Failure> {
        let (client, name) = self.connect().await?;
        let sandbox = client.snapshots().restore_snapshot(v1::RestoreSnapshotRequest { name }).await?.into_inner();
        Ok(sandboxes::print(&mut self.target.out(), &[sandbox])?)
    }

    async fn delete(self) -> Result<(), Failure> {
        let (client, name) = self.connect().await?;
        client.snapshots().delete_snapshot(v1::DeleteSnapshotRequest { name: name.clone() }).await?;
        let mut out = self.target.out();
        if !out.json {
            writeln!(out, "{name} is gone")?;
        }
        Ok(())
    }
}

fn print(out: &mut Out, snapshots: &[v1::Snapshot]) -> io::Result<()> {
    if out.json {
        return snapshots.iter().try_for_each(|snapshot| out.value(&typed_to_json("Snapshot", snapshot)));
    }
    let row = |snapshot: &v1::Snapshot| {
        let now = snapshot.clock.as_ref().map_or("", |clock| &clock.now);
        let records = snapshot.records.to_string();
        Row::from([last_part(&snapshot.name), now, &snapshot.payer_name, &records, &snapshot.description])
    };
    out.table(&["snapshot", "at", "payer", "records", "for"], &["records"], snapshots.iter().map(row).collect())
}

//! `serve`: the payer behind its gRPC port, until it is told to stop.

use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use clap::Args;
use tokio::signal;
use tracing_subscriber::EnvFilter;

use super::output::{Out, Tone};
use crate::api::{self, Ready, ServeOptions};
use crate::client::Failure;

const AFTER_HELP: &str = "\
Examples:
  payersim                                        the demo payer on 127.0.0.1:50051, its records in ./payersim-data
  payersim serve --payer my-payer --data my-data
  payersim serve --ephemeral --listen 127.0.0.1:0 --ready-file ready.txt
                                                  for CI: a free port, told in ready.txt; nothing is left behind";

/// A claim file to try, where we were started from the project's own folder.
const EXAMPLE: &str = "examples/office-visit.edi";

/// Serve the payer over gRPC; this is also what payersim does without a command
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(super) struct Serve {
    /// Address to listen on; port 0 takes a free one
    #[arg(long, value_name = "HOST:PORT", env = "PAYERSIM_LISTEN", default_value = "127.0.0.1:50051")]
    listen: SocketAddr,
    /// Folder that holds the records
    #[arg(long, value_name = "DIR", env = "PAYERSIM_DATA", default_value = "./payersim-data")]
    data: PathBuf,
    /// Payer folder; the demo payer where not said
    #[arg(long, value_name = "DIR", env = "PAYERSIM_PAYER")]
    payer: Option<PathBuf>,
    /// Keep the records in a temporary folder that is gone at the end
    #[arg(long)]
    ephemeral: bool,
    /// Write the address into this file once requests are taken
    #[arg(long, value_name = "FILE")]
    ready_file: Option<PathBuf>,
    /// Most megabytes of one file of interchanges
    #[arg(long, value_name = "MB", default_value_t = 1024)]
    max_interchange_mb: u64,
    /// Megabytes of memory for the store's cache
    #[arg(long, value_name = "MB", default_value_t = 64)]
    cache_mb: u64,
    /// Let the default sandbox, where it is made now, follow the wall clock
    #[arg(long)]
    follow_wall_clock: bool,
}

impl Serve {
    pub async fn run(self) -> Result<(), Failure> {
        let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
        let _ = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).try_init();
        let options = ServeOptions {
            listen: self.listen,
            data: (!self.ephemeral).then_some(self.data),
            payer: self.payer.clone(),
            ready_file: self.ready_file,
            max_interchange_bytes: self.max_interchange_mb << 20,
            cache_bytes: self.cache_mb << 20,
            follow_wall_clock: self.follow_wall_clock,
        };
        // Nobody may be reading; the server serves all the same.
        let on_ready = |ready: Ready| _ = announce(&mut Out::stdout(false), &ready, self.payer.as_deref());
        Ok(api::serve(options, on_ready, stop_signal()).await?)
    }
}

fn announce(out: &mut Out, ready: &Ready, payer: Option<&Path>) -> std::io::Result<()> {
    let source = payer.map_or_else(|| "the demo payer".to_owned(), |folder| folder.display().to_string());
    let data = match &ready.data {
        Some(folder) => folder.display().to_string(),
        None => "a temporary folder, gone at the end".to_owned(),
    };
    let server = if ready.address.port() == 50051 { String::new() } else { format!(" --server {}", ready.address) };
    let name = out.paint(Tone::Heading, "payersim");
    writeln!(out, "{name} {} serves gRPC on {}. Everything is simulated.", env!("CARGO_PKG_VERSION"), ready.address)?;
    let (plans, members, providers) = (ready.plans, ready.members, ready.providers);
    writeln!(out, "  payer  {} ({source}): {plans} plans, {members} members, {providers} providers", ready.payer_name)?;
    writeln!(out, "  clock  {}", ready.clock)?;
    writeln!(out, "  data   {data}")?;
    writeln!(out, "try next")?;
    let first = if Path::new(EXAMPLE).is_file() { format!("submit {EXAMPLE}") } else { "list members".to_owned() };
    for command in [first, "list edits".to_owned()] {
        writeln!(out, "  {} {command}{server}", program())?;
    }
    Ok(())
}

/// How the user starts us.
fn program() -> &'static str {
    if std::env::var_os("CARGO_MANIFEST_DIR").is_some() { "cargo run --release --" } else { "payersim" }
}

/// Control-C, or the signal by which service managers stop a process.
async fn stop_signal() {
    #[cfg(unix)]
    if let Ok(mut terminate) = signal::unix::signal(signal::unix::SignalKind::terminate()) {
        tokio::select! {
            _ = signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        }
        return;
    }
    let _ = signal::ctrl_c().await;
}

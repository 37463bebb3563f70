//! Floor 5, the bench: how fast the payer is, measured in one run against an empty gRPC echo of the same claims on the same machine.
//!
//! In order: the echo; SubmitClaim; SubmitClaims; the core alone, on one core; the store alone. Server and load share this process and
//! its processors, but talk over real sockets; the store is on disk and syncs. What counts is the ratio to the echo: it is what is left
//! of the transport's speed after the work is done and durable.

mod alone;
mod claims;
pub mod comparison;
mod echo;
mod load;
pub mod pairs;
pub mod policies;
pub mod remedies;
mod report;

use std::sync::Arc;
use std::time::Duration;

use indicatif::ProgressBar;

use crate::api::ServeOptions;
use crate::client::{Client, Failure, LocalServer};
use crate::payer::folder;
use crate::proto::v1::CreateSandboxRequest;

pub use alone::Core;
pub use claims::ClaimGenerator;
pub use load::Measured;
pub use report::Report;

/// What to measure.
#[derive(Clone, Debug)]
pub struct BenchOptions {
    /// How long each measurement lasts.
    pub duration: Duration,
    /// How many calls are under way at one time.
    pub callers: usize,
    /// How many connections they share.
    pub connections: usize,
    /// Of a thousand claims, how many are made to be denied.
    pub denials_per_mille: u64,
    /// What the claims depend on.
    pub seed: u64,
    /// How many families are insured.
    pub families: u64,
}

/// Sandbox in which the bench runs.
const SANDBOX: &str = "bench";
/// Claims of which the core alone decides.
const CORE_CLAIMS: u64 = 20_000;

/// Runs every measurement; `progress` says which one goes on.
pub async fn run(options: BenchOptions, progress: &ProgressBar) -> Result<Report, Failure> {
    let memory_at_start = report::resident_kib();
    let (folder, generator) = ClaimGenerator::new(folder::demo(), &options);
    let generator = Arc::new(generator);

    progress.set_message("the empty echo");
    let echo = echo::Echo::start().await?;
    let echoes = load::unary(&options, &connect(&echo.address, &options).await?, &generator).await?;

    progress.set_message("making the sandbox");
    let data = tempfile::Builder::new().prefix("payersim-bench-").tempdir()?;
    let server =
        LocalServer::start(ServeOptions { data: Some(data.path().to_owned()), ..ServeOptions::default() }).await?;
    let address = server.ready.address.to_string();
    let clients = connect(&address, &options).await?;
    let request =
        CreateSandboxRequest { sandbox_id: SANDBOX.into(), payer: Some(folder.clone()), ..Default::default() };
    server.client().await?.sandboxes().create_sandbox(request).await?;
    let memory_serving = report::resident_kib();

    progress.set_message("SubmitClaim");
    let unary = load::unary(&options, &clients, &generator).await?;
    progress.set_message("SubmitClaims");
    let streamed = load::streams(&options, &clients, &generator).await?;
    let memory_at_end = report::resident_kib();
    drop((clients, server));

    progress.set_message("the core alone");
    let (core_generator, core_options) = (Arc::clone(&generator), options.clone());
    let core = move || alone::Core::new(&folder, &core_generator, CORE_CLAIMS)?.run(core_options.duration);
    let core = tokio::task::spawn_blocking(core).await.map_err(|error| Failure::Broken(error.to_string()))??;
    progress.set_message("the store alone");
    let store = alone::store(&options, unary.answer_bytes()).await?;
    let memory_kib = [memory_at_start, memory_serving, memory_at_end];
    Ok(Report { options, echo: echoes, unary, streamed, core, store, memory_kib })
}

async fn connect(address: &str, options: &BenchOptions) -> Result<Vec<Client>, Failure> {
    let mut clients = Vec::new();
    for _ in 0..options.connections.max(1) {
        clients.push(Client::connect(address, SANDBOX).await?);
    }
    Ok(clients)
}

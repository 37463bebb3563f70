//! Serving: opens the store and the payer, binds the port, answers until told to stop.

use std::future::Future;
use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tonic::service::Routes;
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;
use tonic_health::ServingStatus;

use super::{Courier, Door};
use crate::payer::folder::{self, Mistake};
use crate::payer::{Failure, MachineClock, Opening, Payer};
use crate::proto::{self, v1 as pb};
use crate::store::{SledStore, Store, StoreError};

/// Largest request message: a payer folder with tens of thousands of members.
const MAX_MESSAGE_BYTES: usize = 64 << 20;
/// How often sandboxes that follow the wall clock are looked after.
const CATCH_UP_EVERY: Duration = Duration::from_secs(60);

/// What to serve, where.
#[derive(Clone, Debug)]
pub struct ServeOptions {
    /// Address to listen on; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Data folder; `None`: a temporary one, gone at the end.
    pub data: Option<PathBuf>,
    /// Payer folder; `None`: the demo payer.
    pub payer: Option<PathBuf>,
    /// File that gets the address once it is served.
    pub ready_file: Option<PathBuf>,
    /// Most bytes of one file of interchanges.
    pub max_interchange_bytes: u64,
    /// Memory for the store's cache.
    pub cache_bytes: u64,
    /// Whether the default sandbox, where it is made now, follows the wall clock.
    pub follow_wall_clock: bool,
}

impl Default for ServeOptions {
    fn default() -> Self {
        ServeOptions {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            data: None,
            payer: None,
            ready_file: None,
            max_interchange_bytes: 1 << 30,
            cache_bytes: SledStore::DEFAULT_CACHE_BYTES,
            follow_wall_clock: false,
        }
    }
}

/// What is being served.
#[derive(Clone, Debug)]
pub struct Ready {
    /// Where.
    pub address: SocketAddr,
    /// Name of the payer.
    pub payer_name: String,
    /// Its revision.
    pub revision: String,
    /// How many plans.
    pub plans: usize,
    /// How many members.
    pub members: usize,
    /// How many providers.
    pub providers: usize,
    /// Where the clock of the default sandbox stands.
    pub clock: String,
    /// The data folder; `None`: a temporary one.
    pub data: Option<PathBuf>,
}

/// Why nothing is served.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The payer folder has mistakes.
    #[error("the payer folder has {} mistake(s)", .0.len())]
    Folder(Vec<Mistake>),
    /// The data folder cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The payer cannot be opened.
    #[error(transparent)]
    Payer(#[from] Failure),
    /// The address cannot be had.
    #[error("cannot listen on {address}: {cause}; choose another with --listen")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why.
        cause: std::io::Error,
    },
    /// The ready file cannot be written.
    #[error("cannot write {}: {cause}", path.display())]
    ReadyFile {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: std::io::Error,
    },
    /// The transport failed.
    #[error("serving ended: {0}")]
    Transport(#[from] tonic::transport::Error),
    /// Reflection cannot be built.
    #[error("reflection cannot be offered: {0}")]
    Reflection(#[from] tonic_reflection::server::Error),
}

/// Serves until `stop` is done. `on_ready` is told what is served once requests are taken.
pub async fn serve(
    options: ServeOptions,
    on_ready: impl FnOnce(Ready),
    stop: impl Future<Output = ()>,
) -> Result<(), ServeError> {
    let listener = TcpListener::bind(options.listen).await;
    let listener = listener.map_err(|cause| ServeError::Listen { address: options.listen, cause })?;
    let address = listener.local_addr().map_err(|cause| ServeError::Listen { address: options.listen, cause })?;
    let payer = open(&options).await?;
    let routes = routes(Arc::clone(&payer)).await?;
    if let Some(path) = &options.ready_file {
        write_ready_file(path, address).map_err(|cause| ServeError::ReadyFile { path: path.clone(), cause })?;
    }
    on_ready(ready(&payer, address, options.data));
    let courier = tokio::spawn(Courier::new(Arc::clone(&payer)).run());
    let keeper = tokio::spawn(keep_up(Arc::clone(&payer)));
    let incoming = TcpIncoming::from(listener).with_nodelay(Some(true));
    // Whoever follows events would keep a server from stopping.
    let stop = async {
        stop.await;
        payer.stop_waiting();
    };
    let served = Server::builder().add_routes(routes).serve_with_incoming_shutdown(incoming, stop).await;
    keeper.abort();
    courier.abort();
    Ok(served?)
}

async fn open(options: &ServeOptions) -> Result<Arc<Payer>, ServeError> {
    let options = options.clone();
    let open = move || {
        let folder = match &options.payer {
            Some(path) => folder::load(path).map_err(ServeError::Folder)?,
            None => folder::demo(),
        };
        let store: Arc<dyn Store> = match &options.data {
            Some(path) => Arc::new(SledStore::open(path, options.cache_bytes)?),
            None => Arc::new(SledStore::ephemeral()?),
        };
        let opening = Opening {
            store,
            folder,
            follow_wall_clock: options.follow_wall_clock,
            wall: Arc::new(MachineClock),
            max_interchange_bytes: options.max_interchange_bytes,
        };
        Ok(Payer::open(opening)?)
    };
    tokio::task::spawn_blocking(open).await.unwrap_or(Err(ServeError::Payer(Failure::Stopping)))
}

/// All services of the API with health and reflection.
pub async fn routes(payer: Arc<Payer>) -> Result<Routes, ServeError> {
    let door = Door(payer);
    let (health, health_service) = tonic_health::server::health_reporter();
    for service in proto::pool().services() {
        health.set_service_status(service.full_name(), ServingStatus::Serving).await;
    }
    let reflection = || {
        tonic_reflection::server::Builder::configure()
            .register_encoded_file_descriptor_set(proto::DESCRIPTORS)
            .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
    };
    let mut routes = Routes::builder();
    routes
        .add_service(health_service)
        .add_service(reflection().build_v1()?)
        .add_service(reflection().build_v1alpha()?)
        .add_service(pb::appeals_server::AppealsServer::new(door.clone()))
        .add_service(pb::authorization_requests_server::AuthorizationRequestsServer::new(door.clone()))
        .add_service(pb::claim_status_server::ClaimStatusServer::new(door.clone()))
        .add_service(pb::claims_server::ClaimsServer::new(door.clone()))
        .add_service(
            pb::comparisons_server::ComparisonsServer::new(door.clone()).max_decoding_message_size(MAX_MESSAGE_BYTES),
        )
        .add_service(pb::corrections_server::CorrectionsServer::new(door.clone()))
        .add_service(pb::directives_server::DirectivesServer::new(door.clone()))
        .add_service(pb::denials_server::DenialsServer::new(door.clone()))
        .add_service(pb::directory_server::DirectoryServer::new(door.clone()))
        .add_service(pb::documents_server::DocumentsServer::new(door.clone()))
        .add_service(pb::eligibility_server::EligibilityServer::new(door.clone()))
        .add_service(pb::events_server::EventsServer::new(door.clone()))
        .add_service(pb::interchanges_server::InterchangesServer::new(door.clone()))
        .add_service(pb::letters_server::LettersServer::new(door.clone()))
        .add_service(pb::policies_server::PoliciesServer::new(door.clone()))
        .add_service(pb::pricing_server::PricingServer::new(door.clone()))
        .add_service(pb::references_server::ReferencesServer::new(door.clone()))
        .add_service(pb::remedies_server::RemediesServer::new(door.clone()))
        .add_service(pb::remittances_server::RemittancesServer::new(door.clone()))
        .add_service(pb::reviews_server::ReviewsServer::new(door.clone()))
        .add_service(pb::snapshots_server::SnapshotsServer::new(door.clone()))
        .add_service(
            pb::sandboxes_server::SandboxesServer::new(door.clone())
                .max_decoding_message_size(MAX_MESSAGE_BYTES)
                .max_encoding_message_size(MAX_MESSAGE_BYTES),
        )
        .add_service(pb::webhooks_server::WebhooksServer::new(door));
    Ok(routes.routes())
}

fn ready(payer: &Payer, address: SocketAddr, data: Option<PathBuf>) -> Ready {
    let in_force = payer.default_payer();
    let clock = payer.sandbox(&crate::payer::Caller::anyone(), "").map(|sandbox| payer.clock(&sandbox.read()).now);
    Ready {
        address,
        payer_name: in_force.payer().name,
        revision: in_force.revision.id.clone(),
        plans: in_force.folder.plans.len(),
        members: in_force.folder.members.len(),
        providers: in_force.folder.providers.len(),
        clock: clock.unwrap_or_default(),
        data,
    }
}

/// Whoever waits for the file sees the whole address or no file.
fn write_ready_file(path: &Path, address: SocketAddr) -> std::io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    writeln!(file, "{address}")?;
    file.persist(path)?;
    Ok(())
}

async fn keep_up(payer: Arc<Payer>) {
    let mut tick = tokio::time::interval(CATCH_UP_EVERY);
    loop {
        tick.tick().await;
        let payer = Arc::clone(&payer);
        if let Ok(Err(failure)) = tokio::task::spawn_blocking(move || payer.catch_up()).await {
            tracing::warn!(%failure, "due work of sandboxes that follow the wall clock waits for the next round");
        }
    }
}

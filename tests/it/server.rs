//! Servers for the tests: in this process, or the real binary in one of its own that can be killed.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use payersim::api::{self, ServeOptions};
use payersim::proto::v1 as pb;
use tokio::sync::oneshot;
use tonic::transport::Channel;

use crate::clinic;

/// A server of the clinic's payer in this process, on a port of its own, until it is dropped.
pub struct Server {
    pub address: SocketAddr,
    api: Api,
    _stop: oneshot::Sender<()>,
}

impl Server {
    /// With records that are gone at the end.
    pub async fn start() -> Server {
        Server::on(None).await
    }

    /// With records in a data folder, where one is given.
    pub async fn on(data: Option<PathBuf>) -> Server {
        let options = ServeOptions { data, payer: Some(clinic::path()), ..Default::default() };
        let (ready, served) = oneshot::channel();
        let (stop, stopped) = oneshot::channel::<()>();
        let on_ready = |served: api::Ready| ready.send(served.address).unwrap();
        let serving = tokio::spawn(api::serve(options, on_ready, async { _ = stopped.await }));
        match served.await {
            Ok(address) => Server { address, api: Api::connect(address).await, _stop: stop },
            Err(_) => panic!("not served: {:?}", serving.await),
        }
    }

    pub fn api(&self) -> Api {
        self.api.clone()
    }
}

/// Clients of every service, over one connection.
#[derive(Clone)]
pub struct Api(pub Channel);

impl Api {
    pub async fn connect(address: SocketAddr) -> Api {
        Api(Channel::from_shared(format!("http://{address}")).unwrap().connect().await.unwrap())
    }

    pub fn appeals(&self) -> pb::appeals_client::AppealsClient<Channel> {
        pb::appeals_client::AppealsClient::new(self.0.clone())
    }

    pub fn claims(&self) -> pb::claims_client::ClaimsClient<Channel> {
        pb::claims_client::ClaimsClient::new(self.0.clone())
    }

    pub fn comparisons(&self) -> pb::comparisons_client::ComparisonsClient<Channel> {
        pb::comparisons_client::ComparisonsClient::new(self.0.clone())
    }

    pub fn directives(&self) -> pb::directives_client::DirectivesClient<Channel> {
        pb::directives_client::DirectivesClient::new(self.0.clone())
    }

    pub fn directory(&self) -> pb::directory_client::DirectoryClient<Channel> {
        pb::directory_client::DirectoryClient::new(self.0.clone())
    }

    pub fn eligibility(&self) -> pb::eligibility_client::EligibilityClient<Channel> {
        pb::eligibility_client::EligibilityClient::new(self.0.clone())
    }

    pub fn events(&self) -> pb::events_client::EventsClient<Channel> {
        pb::events_client::EventsClient::new(self.0.clone())
    }

    pub fn interchanges(&self) -> pb::interchanges_client::InterchangesClient<Channel> {
        pb::interchanges_client::InterchangesClient::new(self.0.clone())
    }

    pub fn denials(&self) -> pb::denials_client::DenialsClient<Channel> {
        pb::denials_client::DenialsClient::new(self.0.clone())
    }

    pub fn policies(&self) -> pb::policies_client::PoliciesClient<Channel> {
        pb::policies_client::PoliciesClient::new(self.0.clone())
    }

    pub fn pricing(&self) -> pb::pricing_client::PricingClient<Channel> {
        pb::pricing_client::PricingClient::new(self.0.clone())
    }

    pub fn references(&self) -> pb::references_client::ReferencesClient<Channel> {
        pb::references_client::ReferencesClient::new(self.0.clone())
    }

    pub fn remittances(&self) -> pb::remittances_client::RemittancesClient<Channel> {
        pb::remittances_client::RemittancesClient::new(self.0.clone())
    }

    pub fn snapshots(&self) -> pb::snapshots_client::SnapshotsClient<Channel> {
        pb::snapshots_client::SnapshotsClient::new(self.0.clone())
    }

    pub fn webhooks(&self) -> pb::webhooks_client::WebhooksClient<Channel> {
        pb::webhooks_client::WebhooksClient::new(self.0.clone())
    }

    pub fn sandboxes(&self) -> pb::sandboxes_client::SandboxesClient<Channel> {
        pb::sandboxes_client::SandboxesClient::new(self.0.clone())
    }
}

/// The binary, serving from a process of its own.
pub struct Process {
    child: Child,
    pub address: SocketAddr,
}

impl Process {
    /// Starts it on a data folder and returns once requests are taken.
    pub fn start(data: &Path) -> Process {
        let folder = tempfile::tempdir().unwrap();
        let ready = folder.path().join("ready");
        let mut child = command(data).arg("--ready-file").arg(&ready).stdout(Stdio::piped()).spawn().unwrap();
        // The first line comes when the file is there; none comes if the process ends.
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = std::fs::read_to_string(&ready).unwrap_or_else(|_| panic!("not ready: {line:?}"));
        Process { child, address: address.trim().parse().unwrap() }
    }

    /// Ends it as `kill -9` does.
    pub fn kill(self) {
        drop(self);
    }
}

/// A test that fails leaves no server behind.
impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs the binary on a data folder that it cannot use, until it ends.
pub fn refused(data: &Path) -> Output {
    command(data).output().unwrap()
}

fn command(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_payersim"));
    command.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(data).arg("--payer").arg(clinic::path());
    command
}

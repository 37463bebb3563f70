//! Servers for the tests: in this process, or the real binary in one of its own that can be killed.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use payersim::api::{self, ServeError, ServeOptions};
use payersim::proto::v1 as pb;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tonic::transport::Channel;

use crate::clinic;

/// A server in this process, on a port of its own. The clinic's payer; dropped or stopped, it is gone.
pub struct Server {
    api: Api,
    stop: oneshot::Sender<()>,
    served: JoinHandle<Result<(), ServeError>>,
}

impl Server {
    /// With records that are gone at the end.
    pub async fn start() -> Server {
        Server::with(ServeOptions { payer: Some(clinic::path()), ..Default::default() }).await
    }

    pub async fn with(options: ServeOptions) -> Server {
        let (ready, served_at) = oneshot::channel();
        let (stop, stopped) = oneshot::channel::<()>();
        let served = tokio::spawn(async move {
            let on_ready = |served: api::Ready| ready.send(served.address).unwrap();
            api::serve(options, on_ready, async { _ = stopped.await }).await
        });
        match served_at.await {
            Ok(address) => Server { api: Api::connect(address).await, stop, served },
            Err(_) => panic!("not served: {:?}", served.await),
        }
    }

    pub fn api(&self) -> Api {
        self.api.clone()
    }

    /// Stops, and waits until no request is worked on any more.
    pub async fn stop(self) {
        drop(self.api);
        self.stop.send(()).unwrap();
        self.served.await.unwrap().unwrap();
    }
}

/// Clients of every service, over one connection.
#[derive(Clone)]
pub struct Api(pub Channel);

impl Api {
    pub async fn connect(address: SocketAddr) -> Api {
        Api(Channel::from_shared(format!("http://{address}")).unwrap().connect().await.unwrap())
    }

    pub fn claims(&self) -> pb::claims_client::ClaimsClient<Channel> {
        pb::claims_client::ClaimsClient::new(self.0.clone())
    }

    pub fn directory(&self) -> pb::directory_client::DirectoryClient<Channel> {
        pb::directory_client::DirectoryClient::new(self.0.clone())
    }

    pub fn eligibility(&self) -> pb::eligibility_client::EligibilityClient<Channel> {
        pb::eligibility_client::EligibilityClient::new(self.0.clone())
    }

    pub fn remittances(&self) -> pb::remittances_client::RemittancesClient<Channel> {
        pb::remittances_client::RemittancesClient::new(self.0.clone())
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
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
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

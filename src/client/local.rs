//! A server of our own, in this process but behind a real socket: for stories and the bench.

use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::{Client, Failure};
use crate::api::{self, Ready, ServeError, ServeOptions};

/// A server that ends with this value.
#[derive(Debug)]
pub struct LocalServer {
    /// What it serves, where.
    pub ready: Ready,
    _stop: oneshot::Sender<()>,
    _task: JoinHandle<Result<(), ServeError>>,
}

impl LocalServer {
    /// Serves until dropped; the default options take a free port, a temporary folder and the demo payer.
    pub async fn start(options: ServeOptions) -> Result<LocalServer, Failure> {
        let (told, ready) = oneshot::channel();
        let (stop, stopped) = oneshot::channel::<()>();
        let on_ready = |ready| _ = told.send(ready);
        let mut task = tokio::spawn(api::serve(options, on_ready, async { _ = stopped.await }));
        tokio::select! {
            Ok(ready) = ready => Ok(LocalServer { ready, _stop: stop, _task: task }),
            ended = &mut task => Err(match ended {
                Ok(Err(error)) => Failure::from(error),
                _ => Failure::Broken("the server ended before it served".into()),
            }),
        }
    }

    /// A client of it, in the default sandbox.
    pub async fn client(&self) -> Result<Client, Failure> {
        Client::connect(&self.ready.address.to_string(), "default").await
    }
}

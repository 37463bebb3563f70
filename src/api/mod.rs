//! The gRPC door: thin handlers that read a request, make one call of the payer, and write the answer.

mod appeals;
mod authorizations;
mod claim_status;
mod claims;
mod comparisons;
mod corrections;
mod denials;
mod directives;
mod directory;
mod documents;
mod eligibility;
mod events;
mod interchanges;
mod letters;
mod paging;
mod policies;
mod pricing;
mod references;
mod remedies;
mod remittances;
mod reviews;
mod sandboxes;
mod serve;
mod snapshots;
mod status;
mod webhooks;

pub use serve::{Ready, ServeError, ServeOptions, routes, serve};
pub use webhooks::Courier;

use std::sync::Arc;

use tonic::Status;

use crate::payer::{Failure, Payer};

/// A service of the API: the payer behind it.
#[derive(Clone)]
pub struct Door(pub(crate) Arc<Payer>);

impl Door {
    /// Runs a call that reads or writes the store away from the threads that serve connections, and answers once all
    /// that it may have seen is durable.
    async fn call<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Payer) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Status> {
        let payer = Arc::clone(&self.0);
        match tokio::task::spawn_blocking(move || work(&payer).and_then(|answer| payer.settle().map(|()| answer))).await
        {
            Ok(answer) => answer.map_err(status::of),
            Err(_) => Err(Status::internal("the call was cut off: send it again")),
        }
    }
}

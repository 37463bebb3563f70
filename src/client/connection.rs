//! A connection to a server, for one sandbox.

use std::error::Error;
use std::time::Duration;

use tonic::transport::{Channel, Endpoint};

use super::Failure;
use crate::proto::v1::appeals_client::AppealsClient;
use crate::proto::v1::authorization_requests_client::AuthorizationRequestsClient;
use crate::proto::v1::claim_status_client::ClaimStatusClient;
use crate::proto::v1::claims_client::ClaimsClient;
use crate::proto::v1::comparisons_client::ComparisonsClient;
use crate::proto::v1::corrections_client::CorrectionsClient;
use crate::proto::v1::denials_client::DenialsClient;
use crate::proto::v1::directives_client::DirectivesClient;
use crate::proto::v1::directory_client::DirectoryClient;
use crate::proto::v1::documents_client::DocumentsClient;
use crate::proto::v1::eligibility_client::EligibilityClient;
use crate::proto::v1::events_client::EventsClient;
use crate::proto::v1::interchanges_client::InterchangesClient;
use crate::proto::v1::letters_client::LettersClient;
use crate::proto::v1::policies_client::PoliciesClient;
use crate::proto::v1::pricing_client::PricingClient;
use crate::proto::v1::references_client::ReferencesClient;
use crate::proto::v1::remedies_client::RemediesClient;
use crate::proto::v1::remittances_client::RemittancesClient;
use crate::proto::v1::reviews_client::ReviewsClient;
use crate::proto::v1::sandboxes_client::SandboxesClient;
use crate::proto::v1::snapshots_client::SnapshotsClient;
use crate::proto::v1::webhooks_client::WebhooksClient;

/// How long to wait for a server to take the connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// A connected client. Cloning shares the connection.
#[derive(Clone, Debug)]
pub struct Client {
    channel: Channel,
    sandbox: String,
}

impl Client {
    /// Connects to `host:port` for a sandbox named by id (`default`) or in full (`sandboxes/default`).
    pub async fn connect(server: &str, sandbox: &str) -> Result<Client, Failure> {
        let address = if server.contains("://") { server.to_owned() } else { format!("http://{server}") };
        let endpoint = Endpoint::from_shared(address)
            .map_err(|error| Failure::Usage(format!("--server {server}: {error}; write HOST:PORT")))?
            .connect_timeout(CONNECT_TIMEOUT)
            .tcp_nodelay(true);
        let channel = endpoint
            .connect()
            .await
            .map_err(|error| Failure::Unreachable { server: server.to_owned(), cause: root_cause(&error) })?;
        Ok(Client { channel, sandbox: String::new() }.with_sandbox(sandbox))
    }

    /// The same connection for another sandbox.
    #[must_use]
    pub fn with_sandbox(&self, sandbox: &str) -> Client {
        let id = sandbox.strip_prefix("sandboxes/").unwrap_or(sandbox);
        Client { channel: self.channel.clone(), sandbox: format!("sandboxes/{id}") }
    }

    /// The sandbox's name, `sandboxes/default`.
    pub fn sandbox(&self) -> &str {
        &self.sandbox
    }

    /// A name within the sandbox: `claims` and `123` give `sandboxes/default/claims/123`; a whole name stays as it is.
    pub fn name(&self, kind: &str, id: &str) -> String {
        if id.starts_with("sandboxes/") { id.to_owned() } else { format!("{}/{kind}/{id}", self.sandbox) }
    }

    /// The connection itself.
    pub fn channel(&self) -> Channel {
        self.channel.clone()
    }

    /// The appeals service.
    pub fn appeals(&self) -> AppealsClient<Channel> {
        AppealsClient::new(self.channel()).max_decoding_message_size(usize::MAX)
    }

    /// The service of requests for authorization.
    pub fn authorization_requests(&self) -> AuthorizationRequestsClient<Channel> {
        AuthorizationRequestsClient::new(self.channel()).max_decoding_message_size(usize::MAX)
    }

    /// The claims service.
    pub fn claims(&self) -> ClaimsClient<Channel> {
        ClaimsClient::new(self.channel()).max_decoding_message_size(usize::MAX)
    }

    /// The comparisons service.
    pub fn comparisons(&self) -> ComparisonsClient<Channel> {
        ComparisonsClient::new(self.channel()).max_decoding_message_size(usize::MAX)
    }

    /// The corrections service.
    pub fn corrections(&self) -> CorrectionsClient<Channel> {
        CorrectionsClient::new(self.channel()).max_decoding_message_size(usize::MAX)
    }

    /// The directives service.
    pub fn directives(&self) -> DirectivesClient<Channel> {
        DirectivesClient::new(self.channel()).max_decoding_message_size(usize::MAX)
    }

    /// The claim status service.
    pub fn claim_status(&self) -> ClaimStatusClient<Channel> {
        ClaimStatusClient::new(self.channel()).max_decoding_message_size(usize::MAX)
    }

    /// The denials service.
    pub fn denials(&self) -> DenialsClient<Channel> {
        DenialsClient::new(self.channel()).max_decoding_message_size(usize::MAX)
    }

    /// The directory service.
    pub fn directory(&self) -> DirectoryClient<Channel> {
        DirectoryClient::new(self.channel()).max_decoding_message_size(usize::MAX)
    }

    /// The documents service.
    pub fn documents(&self) -> DocumentsClient<Channel> {
        DocumentsClient::new(self.channel()).max_decoding_message_size(usize::MAX)
    }

    /// The eligibility service.
    pub fn eligibility(&self) -> EligibilityClient<Channel> {
        EligibilityClient::new(self.channel()).max_decoding_message_size(usize::MAX)
    }

    /// The events service.
    pub fn events(&self) -> EventsClient<Channel> {
        EventsClient::new(self.channel()).max_decoding_message_size(usize::MAX)
    }

    /// The interchanges service.
    pub fn interchanges(&self) -> InterchangesClient<Channel> {
        InterchangesClient::new(self.channel()).max_decoding_message_size(usize::MAX)
    }

    /// The letters service.
    pub fn letters(&self) -> LettersClient<Channel> {
        LettersClient::new(self.channel()).max_decoding_message_size(usize::MAX)
    }

    /// The policies service.
    pub fn policies(&self) -> PoliciesClient<Channel> {
        PoliciesClient::new(self.channel()).max_decoding_message_size(usize::MAX)
    }

    /// The pricing service.
    pub fn pricing(&self) -> PricingClient<Channel> {
        PricingClient::new(self.channel()).max_decoding_message_size(usize::MAX)
    }

    /// The references service.
    pub fn references(&self) -> ReferencesClient<Channel> {
        ReferencesClient::new(self.channel()).max_decoding_message_size(usize::MAX)
    }

    /// The remedies service.
    pub fn remedies(&self) -> RemediesClient<Channel> {
        RemediesClient::new(self.channel()).max_decoding_message_size(usize::MAX)
    }

    /// The remittances service.
    pub fn remittances(&self) -> RemittancesClient<Channel> {
        RemittancesClient::new(self.channel()).max_decoding_message_size(usize::MAX)
    }

    /// The webhooks service.
    pub fn webhooks(&self) -> WebhooksClient<Channel> {
        WebhooksClient::new(self.channel()).max_decoding_message_size(usize::MAX)
    }

    /// The reviews service.
    pub fn reviews(&self) -> ReviewsClient<Channel> {
        ReviewsClient::new(self.channel()).max_decoding_message_size(usize::MAX)
    }

    /// The sandboxes service.
    pub fn sandboxes(&self) -> SandboxesClient<Channel> {
        SandboxesClient::new(self.channel()).max_decoding_message_size(usize::MAX)
    }

    /// The snapshots service.
    pub fn snapshots(&self) -> SnapshotsClient<Channel> {
        SnapshotsClient::new(self.channel()).max_decoding_message_size(usize::MAX)
    }
}

/// The innermost error, which is what the network said.
fn root_cause(error: &dyn Error) -> String {
    let mut cause = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}

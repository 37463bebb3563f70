//! Sending a file and learning what became of it: an 837 through the X12 door, a claim in JSON through the claims door.

use std::io::Seek;
use std::path::Path;

use futures::stream::{self, BoxStream, StreamExt, TryStreamExt};
use indicatif::ProgressBar;
use serde_json::Value as Json;
use tokio::io::AsyncReadExt;
use tokio::sync::oneshot;
use tonic::Status;

use super::output::byte_bar;
use crate::client::messages::typed_from_json;
use crate::client::{Client, Failure};
use crate::proto::v1::{
    Claim, GetClaimRequest, Interchange, ListClaimsRequest, SubmitClaimRequest, SubmitInterchangeRequest,
    submit_claim_request,
};

/// Bytes of one message of an upload.
const CHUNK: usize = 256 * 1024;
/// Claims asked for at one time.
const CONCURRENT: usize = 16;
/// Claims of a page where whole sandboxes are read.
const PAGE: i32 = 1000;

/// What a file turned out to hold.
pub(super) enum Submission {
    /// X12: its interchanges as the payer holds them.
    X12(Vec<Interchange>),
    /// JSON: a claim.
    Claim(Box<Claim>),
}

/// Sends a file; by its name, `.json` is a claim and anything else X12.
pub(super) async fn send(client: &Client, path: &Path) -> Result<Submission, Failure> {
    if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json")) {
        send_claim(client, path).await.map(|claim| Submission::Claim(Box::new(claim)))
    } else {
        send_x12(client, path).await.map(Submission::X12)
    }
}

async fn send_claim(client: &Client, path: &Path) -> Result<Claim, Failure> {
    let text = tokio::fs::read_to_string(path).await.map_err(|error| Failure::file(path, &error))?;
    let mut request = claim_request(&text).map_err(|fault| Failure::Usage(format!("{}: {fault}", path.display())))?;
    if request.parent.is_empty() {
        client.sandbox().clone_into(&mut request.parent);
    }
    Ok(client.claims().submit_claim(request).await?.into_inner())
}

/// Reads a `SubmitClaimRequest`, or a claim alone: an `InstitutionalClaim` where it has a type of bill.
pub(super) fn claim_request(text: &str) -> Result<SubmitClaimRequest, String> {
    let json: Json = serde_json::from_str(text).map_err(|error| error.to_string())?;
    if json.get("professional").is_some() || json.get("institutional").is_some() {
        return typed_from_json("SubmitClaimRequest", json);
    }
    let claim = if json.get("type_of_bill").is_some() {
        submit_claim_request::Claim::Institutional(typed_from_json("InstitutionalClaim", json)?)
    } else {
        submit_claim_request::Claim::Professional(typed_from_json("ProfessionalClaim", json)?)
    };
    Ok(SubmitClaimRequest { claim: Some(claim), ..Default::default() })
}

async fn send_x12(client: &Client, path: &Path) -> Result<Vec<Interchange>, Failure> {
    let fault = |error| Failure::file(path, &error);
    let file = match is_stdin(path) {
        true => standard_input().await.map_err(fault)?,
        false => tokio::fs::File::open(path).await.map_err(fault)?,
    };
    let size = file.metadata().await.map_err(fault)?.len();
    let bar = byte_bar(size, "sending");
    let (failed, failure) = oneshot::channel();
    let upload = Upload { file, parent: client.sandbox().to_owned(), bar: bar.clone(), failed: Some(failed) };
    let mut interchanges = client.interchanges();
    let answer = tokio::select! {
        answer = interchanges.submit_interchange(upload.chunks()) => answer?,
        // Dropping the call cancels it: half a file must not be taken for a whole one.
        Ok(error) = failure => return Err(fault(error)),
    };
    bar.finish_and_clear();
    Ok(answer.into_inner().interchanges)
}

/// Whether a file's name stands for standard input.
pub(super) fn is_stdin(path: &Path) -> bool {
    path == Path::new("-")
}

/// What comes on standard input, kept whole first: what sends it may ask the same server.
async fn standard_input() -> std::io::Result<tokio::fs::File> {
    let keep = || {
        let mut kept = tempfile::tempfile()?;
        std::io::copy(&mut std::io::stdin().lock(), &mut kept)?;
        kept.rewind()?;
        Ok(tokio::fs::File::from_std(kept))
    };
    tokio::task::spawn_blocking(keep).await.unwrap_or_else(|error| Err(std::io::Error::other(error)))
}

/// A file on its way out.
struct Upload {
    file: tokio::fs::File,
    parent: String,
    bar: ProgressBar,
    failed: Option<oneshot::Sender<std::io::Error>>,
}

impl Upload {
    fn chunks(self) -> impl futures::Stream<Item = SubmitInterchangeRequest> {
        stream::unfold(self, Upload::next)
    }

    async fn next(mut self) -> Option<(SubmitInterchangeRequest, Upload)> {
        let mut chunk = Vec::with_capacity(CHUNK);
        let limit = u64::try_from(CHUNK).unwrap_or(u64::MAX);
        match (&mut self.file).take(limit).read_to_end(&mut chunk).await {
            // An empty file is still sent once: the payer says what is wrong with it.
            Ok(0) if self.parent.is_empty() => {
                self.bar.set_message("sent; the claims are being decided");
                None
            }
            Ok(read) => {
                self.bar.inc(u64::try_from(read).unwrap_or(0));
                Some((SubmitInterchangeRequest { parent: std::mem::take(&mut self.parent), chunk }, self))
            }
            Err(error) => {
                if let Some(failed) = self.failed.take() {
                    let _ = failed.send(error);
                }
                futures::future::pending().await
            }
        }
    }
}

/// The claims of an interchange, in order. The interchange names the first thousand; of a larger one, all claims of the sandbox are looked through.
pub(super) fn claims_of<'a>(client: &'a Client, interchange: &'a Interchange) -> BoxStream<'a, Result<Claim, Status>> {
    let named = i64::try_from(interchange.claims.len()).unwrap_or(i64::MAX);
    if named >= interchange.claims_accepted + interchange.claims_rejected {
        let get = move |name: &String| {
            let request = GetClaimRequest { name: name.clone() };
            async move { client.claims().get_claim(request).await.map(tonic::Response::into_inner) }
        };
        return stream::iter(interchange.claims.iter().map(get)).buffered(CONCURRENT).boxed();
    }
    let all = all_claims(client, ListClaimsRequest { page_size: PAGE, ..Default::default() });
    all.try_filter(|claim| futures::future::ready(claim.interchange == interchange.name)).boxed()
}

/// Every claim that a request asks for, page after page.
pub(super) fn all_claims(client: &Client, mut request: ListClaimsRequest) -> BoxStream<'_, Result<Claim, Status>> {
    client.sandbox().clone_into(&mut request.parent);
    let pages = stream::try_unfold(Some(request), move |request| async move {
        let Some(mut request) = request else { return Ok(None) };
        let page = client.claims().list_claims(request.clone()).await?.into_inner();
        request.page_token.clone_from(&page.next_page_token);
        let next = (!page.next_page_token.is_empty()).then_some(request);
        Ok::<_, Status>(Some((stream::iter(page.claims.into_iter().map(Ok)), next)))
    });
    pages.try_flatten().boxed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_file_is_a_request_or_the_claim_alone() {
        for text in [
            r#"{ "professional": { "payer_id": "P" }, "request_id": "r" }"#,
            r#"{ "payer_id": "P", "frequency_code": "1" }"#,
        ] {
            let request = claim_request(text).unwrap();
            let Some(submit_claim_request::Claim::Professional(claim)) = request.claim else { panic!("no claim") };
            assert_eq!(claim.payer_id, "P");
        }
        assert!(claim_request("{").unwrap_err().contains("line 1"), "a JSON fault says its place");
        assert!(claim_request(r#"{ "payerid": "P" }"#).unwrap_err().contains("perhaps payer_id"));
    }
}

//! Every story of `stories/`, told to a server of our own through its front door.

use std::path::{Path, PathBuf};

use payersim::api::ServeOptions;
use payersim::client::{Client, LocalServer};
use payersim::proto::v1 as pb;
use payersim::stories::{self, Story};

use crate::declared::undeclared;

#[tokio::test(flavor = "multi_thread")]
async fn every_story_comes_out_as_it_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("stories");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let server = LocalServer::start(ServeOptions::default()).await.unwrap();
    let client = server.client().await.unwrap();
    let mut failed = Vec::new();
    for file in files {
        let story = Story::read(&file).unwrap_or_else(|faults| panic!("{faults:#?}"));
        let (outcome, sandbox) = stories::run_and_keep(&story, &client, None).await.unwrap();
        if !outcome.holds() {
            failed.push(outcome.to_string());
        }
        failed.extend(claims(&client, sandbox).await.iter().flat_map(undeclared));
    }
    assert!(failed.is_empty(), "\n{}", failed.join("\n"));
}

/// What the story has left.
async fn claims(client: &Client, parent: String) -> Vec<pb::Claim> {
    let request = pb::ListClaimsRequest { parent, page_size: 1_000, ..Default::default() };
    client.claims().list_claims(request).await.unwrap().into_inner().claims
}

//! Every story of `stories/`, told to a server of our own through its front door.

use std::path::{Path, PathBuf};

use payersim::api::ServeOptions;
use payersim::client::LocalServer;
use payersim::stories::{self, Story};

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
        let outcome = stories::run(&story, &client, None).await.unwrap();
        if !outcome.holds() {
            failed.push(outcome.to_string());
        }
    }
    assert!(failed.is_empty(), "\n{}", failed.join("\n"));
}

//! A file of claims whose server is killed while it works on it: every claim is decided once, and all that comes of it is
//! as if nothing had happened.

use payersim::proto::v1 as pb;
use tonic::Status;

use crate::checkers::judge;
use crate::clinic::{self, ADA, MAX, NORA, TESTA};
use crate::server::{Api, Process, Server};

const DAYS: u32 = 28;
const CLAIMS: usize = 4 * 28;

async fn submit(api: &Api, file: &str) -> Result<pb::Interchange, Status> {
    // Chunks end anywhere.
    let chunks = file.as_bytes().chunks(1_000);
    let chunks = chunks.map(|chunk| pb::SubmitInterchangeRequest { parent: String::new(), chunk: chunk.to_vec() });
    let chunks = tokio_stream::iter(chunks.collect::<Vec<_>>());
    let answer = api.interchanges().submit_interchange(chunks).await?.into_inner();
    assert_eq!(answer.interchanges.len(), 1);
    Ok(answer.interchanges.into_iter().next().unwrap())
}

async fn every_claim(api: &Api) -> Vec<pb::Claim> {
    let whole = pb::ListClaimsRequest { page_size: 1_000, ..Default::default() };
    api.claims().list_claims(whole).await.unwrap().into_inner().claims
}

/// The answers to an interchange, each whole.
async fn answers(api: &Api, name: &str) -> Vec<(String, String)> {
    let mut texts = Vec::new();
    for kind in [pb::AnswerKind::AnswerKind999, pb::AnswerKind::AnswerKind277ca] {
        let request = pb::StreamAnswersRequest { name: name.to_owned(), kind: kind.into() };
        let mut chunks = api.interchanges().stream_answers(request).await.unwrap().into_inner();
        let mut text = Vec::new();
        while let Some(chunk) = chunks.message().await.unwrap() {
            text.extend(chunk.chunk);
        }
        texts.push((format!("{}.edi", kind.as_str_name()), String::from_utf8(text).unwrap()));
    }
    texts
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interchange_is_gone_on_with_after_a_kill() {
    let file = clinic::interchange(&[ADA, TESTA, NORA, MAX], DAYS);
    let undisturbed = Server::start().await;
    let whole = submit(&undisturbed.api(), &file).await.unwrap();
    assert_eq!(whole.claims_accepted, i64::try_from(CLAIMS).unwrap(), "{:?} {}", whole.faults, whole.words);

    let data = tempfile::tempdir().unwrap();
    let process = Process::start(data.path());
    let api = Api::connect(process.address).await;
    let submission = tokio::spawn({
        let (api, file) = (api.clone(), file.clone());
        async move { submit(&api, &file).await }
    });
    // The first decision shows that it is being worked on.
    while every_claim(&api).await.is_empty() {}
    process.kill();
    let _ = submission.await.unwrap();

    let process = Process::start(data.path());
    let api = Api::connect(process.address).await;
    let again = submit(&api, &file).await.unwrap();
    assert_eq!(again, pb::Interchange { repeated: true, ..whole.clone() });
    assert_eq!(every_claim(&api).await, every_claim(&undisturbed.api()).await);
    let texts = answers(&api, &again.name).await;
    assert_eq!(texts, answers(&undisturbed.api(), &whole.name).await);
    judge(&texts);
    process.kill();
}

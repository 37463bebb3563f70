//! Official tables that are taken in: used at once, kept over a restart, refused with the place of what is wrong.

use payersim::proto::v1 as pb;
use tonic::{Code, Status};

use super::{adjustments, error, fields, paid, submit, words_about};
use crate::clinic::{ADA, NORA, request, visit};
use crate::server::{Api, Process, Server};

/// One unit of 99213 a line, in CMS's practitioner layout.
const LIMITS: &str = "\"A notice\nof two lines\"\n\"HCPCS/\nCPT Code\",Practitioner Services MUE Values,MUE Adjudication Indicator,MUE Rationale\n99213,1,1 Line Edit,Nature of Service\n";

fn asked(kind: &str, release: &str) -> pb::ImportReleaseRequest {
    pb::ImportReleaseRequest {
        kind: kind.into(),
        release: release.into(),
        from: "2026-01-01".into(),
        subset: true,
        file: "limits.csv".into(),
        ..Default::default()
    }
}

/// Sends a file in pieces of so many bytes.
async fn import(
    api: &Api,
    first: pb::ImportReleaseRequest,
    text: &str,
    piece: usize,
) -> Result<pb::ImportReleaseResponse, Status> {
    let file = first.file.clone();
    let pieces = text.as_bytes().chunks(piece).map(move |chunk| pb::ImportReleaseRequest {
        file: file.clone(),
        chunk: chunk.to_vec(),
        ..Default::default()
    });
    let requests: Vec<_> = std::iter::once(first).chain(pieces).collect();
    let answer = api.references().import_release(tokio_stream::iter(requests)).await?;
    Ok(answer.into_inner())
}

fn twice(number: &str, day: u32) -> pb::SubmitClaimRequest {
    let mut claim = visit(ADA, number, day);
    claim.lines[0].units = "2".into();
    request(number, claim)
}

async fn explained(api: &Api, claim: &pb::Claim) -> bool {
    let request = pb::ExplainClaimRequest { name: claim.name.clone(), include_passed: false };
    api.claims().explain_claim(request).await.unwrap().into_inner().reproduced
}

// 150.00, of which 120.00 are allowed, 100.00 deductible and a fifth of the rest: 16.00 are paid while nobody limits units.
#[tokio::test]
async fn a_release_is_used_from_the_moment_it_is_taken_in_and_after_a_restart() {
    let data = tempfile::tempdir().unwrap();
    let server = Process::start(data.path());
    let api = Api::connect(server.address).await;
    let before = submit(&api, twice("BEFORE", 2)).await;
    assert_eq!(paid(&before), 1_600);
    let answer = import(&api, asked("mue", "MCR 2026-07"), LIMITS, 7).await.unwrap();
    let release = answer.release.unwrap();
    assert_eq!((release.name.as_str(), release.rows), ("releases/mue.MCR 2026-07", 1));
    assert_eq!(release.files, ["limits.csv"]);
    let after = submit(&api, twice("AFTER", 3)).await;
    assert_eq!(adjustments(&after), [("CO-151".to_owned(), 15_000)]);
    let determination = after.determination.clone().unwrap();
    assert_eq!(determination.reference_releases, ["mue MCR 2026-07"]);
    assert_eq!(determination.payer_revision, answer.payer_revision);
    assert_ne!(before.determination.clone().unwrap().payer_revision, answer.payer_revision);
    server.kill();

    let server = Process::start(data.path());
    let api = Api::connect(server.address).await;
    let again = submit(&api, twice("AGAIN", 4)).await;
    assert_eq!(adjustments(&again), [("CO-151".to_owned(), 15_000)]);
    assert!(explained(&api, &before).await && explained(&api, &after).await);
}

#[tokio::test]
async fn what_the_server_has_is_used_elsewhere_without_its_bytes() {
    let server = Server::start().await;
    let api = server.api();
    let first = import(&api, asked("mue", "JULY"), LIMITS, 1_000).await.unwrap();
    // The same bytes under the same name are known; other bytes need another name.
    assert!(import(&api, asked("mue", "JULY"), LIMITS, 1_000).await.unwrap().known);
    let other = import(&api, asked("mue", "JULY"), &LIMITS.replace(",1,1", ",3,1"), 1_000).await.unwrap_err();
    assert_eq!(error(&other).0, Code::AlreadyExists);
    let sandbox = pb::CreateSandboxRequest { sandbox_id: "other".into(), ..Default::default() };
    api.sandboxes().create_sandbox(sandbox).await.unwrap();
    let used_by = |parent: &str| pb::ListReleasesRequest { used_by: parent.into(), ..Default::default() };
    let list = |request| async { api.references().list_releases(request).await.unwrap().into_inner().releases.len() };
    assert_eq!((list(used_by("")).await, list(used_by("sandboxes/other")).await), (1, 0));
    let request = pb::UseReleaseRequest { parent: "sandboxes/other".into(), name: "releases/mue.JULY".into() };
    let used = api.references().use_release(request).await.unwrap().into_inner();
    // One payer with one table is one revision, whoever runs on it.
    assert_eq!(used.payer_revision, first.payer_revision);
    assert_eq!(list(used_by("sandboxes/other")).await, 1);
}

#[tokio::test]
async fn a_row_that_cannot_be_taken_is_told_by_its_place_and_the_others_are_taken() {
    let server = Server::start().await;
    let text = format!("{LIMITS}99214,many,1 Line Edit,Nature of Service\n");
    let answer = import(&server.api(), asked("mue", "ONE BAD"), &text, 1_000).await.unwrap();
    let release = answer.release.unwrap();
    assert_eq!((release.rows, release.rows_refused), (1, 1));
    let [row] = &release.refused[..] else { panic!("{release:?}") };
    assert_eq!((row.file.as_str(), row.line), ("limits.csv", 6));
}

// The list here has one line, and no word of X12's.
#[tokio::test]
async fn reasons_are_told_in_the_words_of_the_users_own_list() {
    let server = Server::start().await;
    let api = server.api();
    let own = submit(&api, request("OWN", visit(ADA, "OWN", 2))).await;
    let list =
        "Code,Description,Start Date,Last Modified,Stop Date,Notes\n1,What the test calls a deductible,01/01/1995,,,\n";
    import(&api, asked("carc", "July"), list, 1_000).await.unwrap();
    let told = submit(&api, request("TOLD", visit(NORA, "TOLD", 2))).await;
    let words = |claim: &pb::Claim| {
        let lines = &claim.determination.as_ref().unwrap().lines;
        lines[0].adjustments.iter().map(|a| (a.carc.clone(), a.words.clone())).collect::<Vec<_>>()
    };
    let (own, told_words) = (words(&own), words(&told));
    // Codes that the list lacks keep the payer's words.
    assert_eq!(own.len(), told_words.len());
    for (own, told) in own.iter().zip(&told_words) {
        let same = own.0 != "1";
        assert_eq!(own.1 == told.1, same, "{own:?} {told:?}");
        assert!(same || told.1 == "What the test calls a deductible");
    }
    assert!(explained(&api, &told).await);
}

#[tokio::test]
async fn a_bad_release_is_refused_and_named_and_nothing_is_kept() {
    let server = Server::start().await;
    let api = server.api();
    let other = import(&api, asked("mue", "OTHER"), "MAC,Locality\n01112,05\n", 1_000).await.unwrap_err();
    assert_eq!(fields(&other), ["file"]);
    assert!(
        words_about(&other, "file").contains("limits.csv is no file of NCCI medically unlikely edits"),
        "{other:?}"
    );
    let whole = pb::ImportReleaseRequest { subset: false, ..asked("mue", "WHOLE") };
    let short = import(&api, whole, LIMITS, 1_000).await.unwrap_err();
    assert!(words_about(&short, "subset").contains("1 rows: a whole release of mue has at least"), "{short:?}");
    let kind = import(&api, asked("mui", "KIND"), LIMITS, 1_000).await.unwrap_err();
    assert!(words_about(&kind, "kind").ends_with("perhaps mue, mue-dme, mue-outpatient"), "{kind:?}");
    let checked = pb::ImportReleaseRequest { validate_only: true, ..asked("mue", "CHECK") };
    assert_eq!(import(&api, checked, LIMITS, 1_000).await.unwrap().release.unwrap().rows, 1);
    let releases = api.references().list_releases(pb::ListReleasesRequest::default()).await.unwrap().into_inner();
    assert_eq!(releases.releases, []);
}

//! Snapshots: what is branched from one goes on as the original would, and nothing is half copied, whoever commits or kills meanwhile.

use std::collections::BTreeSet;

use payersim::proto::store::v1::{SandboxRecord, SnapshotRecord};
use payersim::proto::v1 as pb;
use payersim::store::keys::{self, Space};
use payersim::store::{Commit, Pair, Read, SledStore, Store, prefix};
use prost::Message;

use crate::clinic::{ADA, ALAN, MAX, NORA, TESTA, from_blue, visit};
use crate::durability::Chains;
use crate::server::{Api, Process};

const ORIGINAL: &str = "sandboxes/default";
/// An id as long as the original's: see `Chains`.
const BRANCH: &str = "sandboxes/another";

async fn submit(api: &Api, sandbox: &str, member: &str, day: u32) -> pb::Claim {
    let number = format!("{member}-{day}");
    let claim = visit(member, &number, day);
    let claim = if member == MAX { from_blue(claim) } else { claim };
    let request = pb::SubmitClaimRequest {
        parent: sandbox.to_owned(),
        request_id: number,
        claim: Some(pb::submit_claim_request::Claim::Professional(claim)),
        ..Default::default()
    };
    api.claims().submit_claim(request).await.unwrap().into_inner()
}

async fn snapshot(api: &Api, id: &str) -> pb::Snapshot {
    let request = pb::CreateSnapshotRequest { snapshot_id: id.to_owned(), ..Default::default() };
    api.snapshots().create_snapshot(request).await.unwrap().into_inner()
}

async fn branch(api: &Api, id: &str) -> pb::Sandbox {
    let request = pb::BranchSandboxRequest {
        name: format!("{ORIGINAL}/snapshots/{id}"),
        sandbox_id: BRANCH.trim_start_matches("sandboxes/").to_owned(),
    };
    api.snapshots().branch_sandbox(request).await.unwrap().into_inner()
}

async fn pay(api: &Api, sandbox: &str) -> Vec<pb::Remittance> {
    let all = pb::RunPaymentsRequest { parent: sandbox.to_owned(), include_not_due: true, ..Default::default() };
    api.remittances().run_payments(all).await.unwrap().into_inner().remittances
}

async fn claims(api: &Api, sandbox: &str) -> Vec<pb::Claim> {
    let all = pb::ListClaimsRequest { parent: sandbox.to_owned(), page_size: 1_000, ..Default::default() };
    api.claims().list_claims(all).await.unwrap().into_inner().claims
}

async fn advance(api: &Api, sandbox: &str, days: i32) {
    let target = Some(pb::advance_clock_request::Target::Days(days));
    let turn = pb::AdvanceClockRequest { name: sandbox.to_owned(), target };
    let mut progress = api.sandboxes().advance_clock(turn).await.unwrap().into_inner();
    while progress.message().await.unwrap().is_some() {}
}

/// Everything a sandbox shows, under the original's name.
async fn shown(api: &Api, sandbox: &str) -> String {
    let all = pb::ListRemittancesRequest { parent: sandbox.to_owned(), page_size: 1_000, ..Default::default() };
    let remittances = api.remittances().list_remittances(all).await.unwrap().into_inner().remittances;
    format!("{:#?}{remittances:#?}", claims(api, sandbox).await).replace(sandbox, ORIGINAL)
}

#[tokio::test]
async fn a_branch_goes_on_as_the_original_does_and_the_original_returns() {
    let data = tempfile::tempdir().unwrap();
    let process = Process::start(data.path());
    let api = Api::connect(process.address).await;
    for member in [ADA, ALAN, TESTA, MAX] {
        submit(&api, ORIGINAL, member, 3).await;
    }
    pay(&api, ORIGINAL).await;
    let fifth = submit(&api, ORIGINAL, ADA, 5).await;
    let (before, kept) = (shown(&api, ORIGINAL).await, snapshot(&api, "kept").await);
    assert_eq!(kept.clock.unwrap().now, "2026-03-31T00:00:00");

    let made = branch(&api, "kept").await;
    assert_eq!((made.name.as_str(), made.branched_from.as_str()), (BRANCH, "sandboxes/default/snapshots/kept"));
    assert_eq!(shown(&api, BRANCH).await, before);
    // The same requests, in another order among the two: the same answers, numbers and money; what was answered before is answered alike.
    for sandbox in [BRANCH, ORIGINAL] {
        assert_eq!(submit(&api, sandbox, ADA, 5).await.name.replace(sandbox, ORIGINAL), fifth.name);
        for (member, day) in [(ALAN, 7), (NORA, 7), (ADA, 9)] {
            let claim = submit(&api, sandbox, member, day).await;
            assert!(claim.name.starts_with(&format!("{sandbox}/claims/")), "{}", claim.name);
        }
        advance(&api, sandbox, 30).await;
    }
    let later = shown(&api, ORIGINAL).await;
    assert_eq!(shown(&api, BRANCH).await, later);
    assert_ne!(later, before);

    // Returned to, the original is as it was and lives the same again; the branch is left alone.
    let restore = pb::RestoreSnapshotRequest { name: kept.name.clone() };
    let restored = api.snapshots().restore_snapshot(restore).await.unwrap().into_inner();
    assert_eq!(restored.clock.unwrap().now, "2026-03-31T00:00:00");
    assert_eq!(shown(&api, ORIGINAL).await, before);
    for (member, day) in [(ALAN, 7), (NORA, 7), (ADA, 9)] {
        submit(&api, ORIGINAL, member, day).await;
    }
    advance(&api, ORIGINAL, 30).await;
    assert_eq!(shown(&api, ORIGINAL).await, later);
    assert_eq!(shown(&api, BRANCH).await, later);

    // Deleted, it is gone, and the branch stays.
    let delete = pb::DeleteSnapshotRequest { name: kept.name.clone() };
    api.snapshots().delete_snapshot(delete.clone()).await.unwrap();
    assert_eq!(api.snapshots().delete_snapshot(delete).await.unwrap_err().code(), tonic::Code::NotFound);
    assert_eq!(shown(&api, BRANCH).await, later);
    process.kill();
    let store = SledStore::open(data.path(), SledStore::DEFAULT_CACHE_BYTES).unwrap();
    for sandbox in [ORIGINAL, BRANCH] {
        let chains = Chains::of_sandbox(&store, sandbox.trim_start_matches("sandboxes/"));
        assert_eq!(chains.check(), (4, 8), "{sandbox}");
    }
}

#[tokio::test]
async fn a_snapshot_is_of_one_moment_though_claims_come_in_meanwhile() {
    let data = tempfile::tempdir().unwrap();
    let process = Process::start(data.path());
    let api = Api::connect(process.address).await;
    let callers = [ADA, TESTA, NORA, MAX].map(|member| {
        let api = api.clone();
        tokio::spawn(async move {
            for day in 1..=20 {
                submit(&api, ORIGINAL, member, day).await;
            }
        })
    });
    let mut sizes = Vec::new();
    for round in 0..5 {
        sizes.push(snapshot(&api, &format!("round-{round}")).await.records);
    }
    for caller in callers {
        caller.await.unwrap();
    }
    sizes.push(snapshot(&api, "at-last").await.records);
    assert!(sizes.is_sorted(), "{sizes:?}");
    let at_last = claims(&api, ORIGINAL).await;
    assert_eq!(at_last.len(), 80);

    let page = pb::ListSnapshotsRequest { page_size: 4, ..Default::default() };
    let first = api.snapshots().list_snapshots(page.clone()).await.unwrap().into_inner();
    let next = pb::ListSnapshotsRequest { page_token: first.next_page_token, ..page };
    let second = api.snapshots().list_snapshots(next).await.unwrap().into_inner();
    assert_eq!((first.snapshots.len(), second.snapshots.len()), (4, 2));

    branch(&api, "round-2").await;
    let in_branch = claims(&api, BRANCH).await;
    // Each family is there up to one of its claims, and the chain of its events ends with that.
    for claim in &in_branch {
        assert!(at_last.iter().any(|known| known.name == claim.name.replace(BRANCH, ORIGINAL)), "{}", claim.name);
    }
    process.kill();
    let store = SledStore::open(data.path(), SledStore::DEFAULT_CACHE_BYTES).unwrap();
    assert_eq!(Chains::of_sandbox(&store, "another").check().1, in_branch.len());
}

#[tokio::test]
async fn a_kill_leaves_a_snapshot_whole_or_none_of_it() {
    let data = tempfile::tempdir().unwrap();
    let mut named = BTreeSet::new();
    for round in 0..4u32 {
        let process = Process::start(data.path());
        let api = Api::connect(process.address).await;
        for day in 1..=7 {
            submit(&api, ORIGINAL, ADA, round * 7 + day).await;
        }
        let before = claims(&api, ORIGINAL).await.len();
        let id = format!("round-{round}");
        let request = pb::CreateSnapshotRequest { snapshot_id: id.clone(), ..Default::default() };
        let copying = tokio::spawn({
            let api = api.clone();
            async move { api.snapshots().create_snapshot(request).await.is_ok() }
        });
        if round == 3 {
            assert!(copying.await.unwrap());
            named.insert(id.clone());
        } else {
            tokio::task::yield_now().await;
        }
        process.kill();

        let process = Process::start(data.path());
        let api = Api::connect(process.address).await;
        let listed = api.snapshots().list_snapshots(pb::ListSnapshotsRequest::default()).await.unwrap().into_inner();
        if listed.snapshots.iter().any(|snapshot| snapshot.name.ends_with(&id)) {
            branch(&api, &id).await;
            assert_eq!(claims(&api, BRANCH).await.len(), before);
            let delete = pb::DeleteSandboxRequest { name: BRANCH.to_owned() };
            api.sandboxes().delete_sandbox(delete).await.unwrap();
            named.insert(id);
        }
        process.kill();
    }
    // As a kill in the middle of a copy leaves it.
    let (half, there) = (Space(9_000), keys::sandbox("default"));
    {
        let store = SledStore::open(data.path(), SledStore::DEFAULT_CACHE_BYTES).unwrap();
        let record = below(&store, &there).remove(0).value;
        let writes = vec![
            (keys::copying(half), Some(Default::default())),
            (half.claim(keys::Lane(7), 1), Some(record.clone())),
            (keys::last_space(), Some(half.0.to_be_bytes().to_vec().into())),
        ];
        store.commit(vec![Commit { writes, ..Commit::default() }]).remove(0).unwrap();
    }
    let process = Process::start(data.path());
    let listed = Api::connect(process.address).await.snapshots();
    let listed = listed.clone().list_snapshots(pb::ListSnapshotsRequest::default()).await.unwrap().into_inner();
    let listed: BTreeSet<_> =
        listed.snapshots.iter().map(|snapshot| snapshot.name.rsplit('/').next().unwrap().to_owned()).collect();
    assert_eq!(listed, named);
    process.kill();
    let store = SledStore::open(data.path(), SledStore::DEFAULT_CACHE_BYTES).unwrap();
    assert_eq!(below(&store, b"c"), []);
    assert_eq!(spaces(&store).difference(&belonging(&store)).count(), 0);
}

fn below(store: &SledStore, start: &[u8]) -> Vec<Pair> {
    let (from, to) = prefix(start);
    store.read(&[Read::Range { from, to, reverse: false, limit: usize::MAX }]).unwrap().remove(0)
}

fn spaces(store: &SledStore) -> BTreeSet<u64> {
    below(store, b"s").iter().map(|pair| u64::from_be_bytes(pair.key[1..9].try_into().unwrap())).collect()
}

/// Spaces that a sandbox or a snapshot has, or that are to be swept.
fn belonging(store: &SledStore) -> BTreeSet<u64> {
    let sandboxes = below(store, b"r").into_iter().map(|pair| SandboxRecord::decode(pair.value).unwrap().space);
    let snapshots = below(store, b"z").into_iter().map(|pair| SnapshotRecord::decode(pair.value).unwrap().space);
    let swept = below(store, b"g").into_iter().map(|pair| u64::from_be_bytes(pair.key[1..9].try_into().unwrap()));
    sandboxes.chain(snapshots).chain(swept).collect()
}

//! The real binary, killed at any moment: nothing that it answered is lost, done twice or answered otherwise.

use std::collections::BTreeMap;

use payersim::proto::store::v1::{ClaimRecord, Event, FamilyHead, PayeeHead, SandboxRecord};
use payersim::proto::v1 as pb;
use payersim::store::keys::{self, Chain, Space};
use payersim::store::{Pair, Read, SledStore, Store, prefix};
use prost::Message;
use sha2::{Digest, Sha256};

use crate::clinic::{ADA, MAX, NORA, TESTA, from_blue, request, visit};
use crate::server::{Api, Process, refused};

/// The requests of a round: four families in turn, two payees.
fn requests(round: usize) -> Vec<pb::SubmitClaimRequest> {
    let days = (1..=25u32).flat_map(|day| [ADA, TESTA, NORA, MAX].map(|member| (member, day)));
    days.map(|(member, day)| {
        let number = format!("{round}-{day}");
        let claim = visit(member, &number, day);
        let claim = if member == MAX { from_blue(claim) } else { claim };
        request(&format!("{member}-{number}"), claim)
    })
    .collect()
}

/// Streams requests and kills the server after so many answers; gives every answer that came through.
async fn stream_and_kill(process: Process, requests: Vec<pb::SubmitClaimRequest>, after: usize) -> Vec<pb::Claim> {
    let api = Api::connect(process.address).await;
    let messages: Vec<_> = requests.into_iter().map(|r| pb::SubmitClaimsRequest { request: Some(r) }).collect();
    let mut answers = api.claims().submit_claims(tokio_stream::iter(messages)).await.unwrap().into_inner();
    let (mut answered, mut process) = (Vec::new(), Some(process));
    while let Ok(Some(answer)) = answers.message().await {
        answered.push(answer.claim.expect("every request is a claim"));
        if answered.len() == after {
            process.take().unwrap().kill();
        }
    }
    assert!(answered.len() >= after && process.is_none(), "ended after {} answers", answered.len());
    answered
}

async fn submit(api: &Api, request: pb::SubmitClaimRequest) -> pb::Claim {
    api.claims().submit_claim(request).await.unwrap().into_inner()
}

async fn every_claim(api: &Api) -> Vec<pb::Claim> {
    let whole = pb::ListClaimsRequest { page_size: 1_000, ..Default::default() };
    api.claims().list_claims(whole).await.unwrap().into_inner().claims
}

#[tokio::test]
async fn what_was_answered_before_a_kill_is_there_after_it() {
    let data = tempfile::tempdir().unwrap();
    let mut answered: BTreeMap<String, pb::Claim> = BTreeMap::new();
    for (round, after) in [1, 42, 99].into_iter().enumerate() {
        let process = Process::start(data.path());
        let before_kill = stream_and_kill(process, requests(round), after).await;
        answered.extend(before_kill.into_iter().map(|claim| (claim.request_id.clone(), claim)));

        let process = Process::start(data.path());
        let api = Api::connect(process.address).await;
        for claim in answered.values() {
            let get = pb::GetClaimRequest { name: claim.name.clone() };
            let kept = api.claims().get_claim(get).await.unwrap().into_inner();
            assert_eq!(kept.encode_to_vec(), claim.encode_to_vec());
        }
        // The whole round again: what had been answered is answered alike, the rest is taken in once.
        for request in requests(round) {
            let id = request.request_id.clone();
            let claim = submit(&api, request).await;
            let first = answered.entry(id).or_insert_with(|| claim.clone());
            assert_eq!(claim.encode_to_vec(), first.encode_to_vec());
        }
        assert_eq!(every_claim(&api).await.len(), answered.len());
        process.kill();
    }
    let store = SledStore::open(data.path(), SledStore::DEFAULT_CACHE_BYTES).unwrap();
    assert_eq!(Chains::of(&store).check(), (4, answered.len()));
}

#[tokio::test]
async fn what_was_paid_before_a_kill_is_not_paid_after_it() {
    let data = tempfile::tempdir().unwrap();
    let process = Process::start(data.path());
    let api = Api::connect(process.address).await;
    for member in [ADA, MAX] {
        submit(&api, requests(0).into_iter().find(|r| r.request_id.starts_with(member)).unwrap()).await;
    }
    let all = pb::RunPaymentsRequest { include_not_due: true, ..Default::default() };
    let issued = api.remittances().run_payments(all.clone()).await.unwrap().into_inner().remittances;
    process.kill();
    assert_eq!(issued.len(), 2);

    let process = Process::start(data.path());
    let api = Api::connect(process.address).await;
    assert!(api.remittances().run_payments(all).await.unwrap().into_inner().remittances.is_empty());
    for remittance in issued {
        let get = pb::GetRemittanceRequest { name: remittance.name.clone(), ..Default::default() };
        assert_eq!(api.remittances().get_remittance(get).await.unwrap().into_inner(), remittance);
    }
    process.kill();
    let store = SledStore::open(data.path(), SledStore::DEFAULT_CACHE_BYTES).unwrap();
    Chains::of(&store).check();
}

// Started again with the folder of the last time, the server leaves be what was changed over the API meanwhile.
#[tokio::test]
async fn what_was_changed_over_the_api_outlives_a_restart() {
    let data = tempfile::tempdir().unwrap();
    let process = Process::start(data.path());
    let api = Api::connect(process.address).await;
    let get = pb::GetPlanRequest { name: "sandboxes/default/plans/ppo".to_owned() };
    let mut plan = api.directory().get_plan(get.clone()).await.unwrap().into_inner();
    plan.name = "Another Name".to_owned();
    let upsert = pb::UpsertPlanRequest { parent: String::new(), plan: Some(plan.clone()) };
    api.directory().upsert_plan(upsert).await.unwrap();
    let member = crate::clinic::member("HC0501", "HC0501");
    let upsert = pb::UpsertMemberRequest { parent: String::new(), member: Some(member) };
    let member = api.directory().upsert_member(upsert).await.unwrap().into_inner();
    let days = Some(pb::advance_clock_request::Target::Days(3));
    let turn = pb::AdvanceClockRequest { name: String::new(), target: days };
    let turned =
        api.sandboxes().advance_clock(turn).await.unwrap().into_inner().message().await.unwrap().unwrap().clock;
    process.kill();

    let process = Process::start(data.path());
    let api = Api::connect(process.address).await;
    assert_eq!(api.directory().get_plan(get).await.unwrap().into_inner(), plan);
    let get = pb::GetMemberRequest { name: member.name.clone() };
    assert_eq!(api.directory().get_member(get).await.unwrap().into_inner(), member);
    let clock = api.sandboxes().get_clock(pb::GetClockRequest::default()).await.unwrap().into_inner();
    assert_eq!(Some(clock), turned);
    process.kill();
}

#[tokio::test]
async fn a_data_folder_serves_one_process_at_a_time() {
    let data = tempfile::tempdir().unwrap();
    let process = Process::start(data.path());
    let second = refused(data.path());
    let words = String::from_utf8_lossy(&second.stderr).into_owned();
    assert!(!second.status.success());
    for part in [data.path().to_str().unwrap(), "in use", "--data"] {
        assert!(words.contains(part), "{words}");
    }
    // The first goes on as if nothing had been.
    let api = Api::connect(process.address).await;
    assert_eq!(submit(&api, request("", visit(ADA, "A-1", 2))).await.state(), pb::ClaimState::Allowed);
    process.kill();
}

#[test]
fn a_data_folder_of_a_newer_version_is_left_alone() {
    let data = tempfile::tempdir().unwrap();
    let marker = data.path().join("payersim-format");
    std::fs::write(&marker, "999\n").unwrap();
    let output = refused(data.path());
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success());
    for part in [data.path().to_str().unwrap(), "999", "newer payersim", "--data"] {
        assert!(words.contains(part), "{words}");
    }
    assert_eq!(std::fs::read_to_string(&marker).unwrap(), "999\n");
    assert_eq!(std::fs::read_dir(data.path()).unwrap().count(), 1, "nothing was made beside it");
}

/// The event chains of a sandbox, read from the store behind the server's back.
pub struct Chains<'a> {
    store: &'a SledStore,
    space: Space,
}

impl Chains<'_> {
    fn of(store: &SledStore) -> Chains<'_> {
        Chains::of_sandbox(store, "default")
    }

    pub fn of_sandbox<'a>(store: &'a SledStore, sandbox: &str) -> Chains<'a> {
        let record = store.read(&[Read::Point(keys::sandbox(sandbox))]).unwrap().remove(0).remove(0);
        let record = SandboxRecord::decode(record.value).unwrap();
        Chains { store, space: Space(record.space) }
    }

    fn below(&self, start: &[u8]) -> Vec<Pair> {
        let (from, to) = prefix(start);
        self.store.read(&[Read::Range { from, to, reverse: false, limit: usize::MAX }]).unwrap().remove(0)
    }

    /// Follows every chain from its first event to its head; tells how many families and claims there are.
    pub fn check(&self) -> (usize, usize) {
        let heads = self.below(&self.space.families());
        // Below a family: `h` its head, `c` claims, `e` events, each behind the family's lane of eight bytes.
        let lane_ends = self.space.families().len() + 8;
        let (mut families, mut claims) = (0, 0);
        for head in heads.iter().filter(|pair| pair.key[lane_ends..] == *b"h") {
            let lane = keys::Lane(u64::from_be_bytes(head.key[lane_ends - 8..lane_ends].try_into().unwrap()));
            let head = FamilyHead::decode(head.value.clone()).unwrap();
            let contents = self.below(&self.space.claims_of_family(lane));
            assert_eq!(contents.len(), usize::try_from(head.sequence).unwrap());
            let events = self.below(&Chain::Family(lane).events(self.space));
            follow(&events, &contents, head.events, &head.last_event_hash);
            for (event, claim) in events.iter().zip(&contents) {
                let record = ClaimRecord::decode(claim.value.clone()).unwrap();
                let subject = Event::decode(event.value.clone()).unwrap().subject;
                assert_eq!(subject.rsplit('/').next(), record.claim.unwrap().name.rsplit('/').next());
            }
            families += 1;
            claims += contents.len();
        }
        for payee in ["2000000010-690000101", "2000000028-690000102"] {
            for head in self.below(&self.space.payee_head(payee)) {
                let head = PayeeHead::decode(head.value).unwrap();
                let events = self.below(&Chain::Payee(payee.to_owned()).events(self.space));
                follow(&events, &self.below(&self.space.remittances_of(payee)), head.events, &head.last_event_hash);
            }
        }
        (families, claims)
    }
}

/// A record as it was where its event happened, which may be another sandbox with an id of the same length.
fn where_it_happened(subject: &str, content: &[u8]) -> Vec<u8> {
    let Some(there) = subject.strip_prefix("sandboxes/").and_then(|rest| rest.split('/').next()) else {
        return content.to_vec();
    };
    let (mut content, mark) = (content.to_vec(), b"sandboxes/");
    for at in 0..content.len().saturating_sub(mark.len() + there.len()) {
        let id = at + mark.len();
        if content[at..].starts_with(mark) && content[id + there.len()] == b'/' {
            content[id..id + there.len()].copy_from_slice(there.as_bytes());
        }
    }
    content
}

/// Each event names the one before by its hash, its own hash is right, and it vouches for what was written.
fn follow(events: &[Pair], contents: &[Pair], last_number: u64, last_hash: &[u8]) {
    assert_eq!((events.len(), contents.len()), (usize::try_from(last_number).unwrap(), events.len()));
    let mut previous = Vec::new();
    for (number, (event, content)) in (1..).zip(events.iter().zip(contents)) {
        let event = Event::decode(event.value.clone()).unwrap();
        assert_eq!((event.number, &event.previous_hash[..]), (number, &previous[..]));
        assert_eq!(event.content_hash[..], Sha256::digest(where_it_happened(&event.subject, &content.value))[..]);
        let unsigned = Event { hash: Default::default(), ..event.clone() };
        assert_eq!(event.hash[..], Sha256::digest(unsigned.encode_to_vec())[..]);
        previous = event.hash.to_vec();
    }
    assert_eq!(previous, last_hash);
}

//! Bytes depend on the sandbox's seed, each family's own order of requests and the clock's turns, and on nothing else:
//! not on how families interleave, how many callers there are, which door each takes, or where the records are kept.

use futures::future::join_all;
use payersim::proto::v1 as pb;
use prost::Message;

use crate::clinic::{ADA, ALAN, MAX, NORA, TESTA, from_blue, line, member, request, visit};
use crate::server::{Api, Server};

/// Visits of each family and phase.
const VISITS: u32 = 20;

/// Families, each with those of it who come in turn. The last one is known to the directory only.
const FAMILIES: [&[&str]; 5] = [&[ADA, ALAN], &[TESTA], &[NORA], &[MAX], &["HC0501", "HC0502"]];

/// How the requests of a phase reach the server.
#[derive(Clone, Copy, Debug)]
enum Way {
    /// One after the other, family by family.
    OneByOne,
    /// On one stream, a claim of each family in turn.
    InTurn,
    /// On one stream, the families in reverse, one by one.
    Reversed,
    /// A stream for each family, over a connection of its own, all at once.
    AtOnce,
}

/// A family's requests of a phase, in order: dear and cheap visits, so that the order tells in deductibles.
fn family(at: usize, phase: u32) -> Vec<pb::SubmitClaimRequest> {
    let members = FAMILIES[at];
    let visit = |day: u32| {
        let who = members[usize::try_from(day).unwrap() % members.len()];
        let mut claim = visit(who, &format!("{at}-{phase}-{day}"), phase * VISITS / 2 + day % 10 + 1);
        claim.lines.push(line("80053", i64::from(day) * 111, 1 + day % 28));
        claim.charge_cents = claim.lines.iter().map(|line| line.charge_cents).sum();
        let claim = if day.is_multiple_of(3) { from_blue(claim) } else { claim };
        request(&format!("{at}-{phase}-{day}"), claim)
    };
    (0..VISITS).map(visit).collect()
}

/// What a family corrects of a phase: one claim voided, one replaced by a dearer one, and the latter named once more in vain.
fn corrections(claims: &[pb::Claim], at: usize, phase: u32) -> Vec<pb::SubmitClaimRequest> {
    let correction = |(day, frequency, more): (u32, &str, i64)| {
        let of = |claim: &&pb::Claim| claim.request_id == format!("{at}-{phase}-{day}");
        let original = claims.iter().find(of).unwrap();
        let Some(pb::claim::Billed::Professional(mut claim)) = original.billed.clone() else { panic!("a visit") };
        claim.lines[0].charge_cents += more;
        claim.charge_cents += more;
        (claim.frequency_code, claim.original_control_number) = (frequency.into(), original.control_number.clone());
        request(&format!("{at}-{phase}-{day}-{frequency}-{more}"), claim)
    };
    [(3, "8", 0), (4, "7", 1_000), (4, "7", 2_000)].into_iter().map(correction).collect()
}

async fn claims(api: &Api) -> Vec<pb::Claim> {
    let whole = pb::ListClaimsRequest { page_size: 1_000, ..Default::default() };
    api.claims().list_claims(whole).await.unwrap().into_inner().claims
}

async fn stream(api: &Api, requests: Vec<pb::SubmitClaimRequest>) {
    let count = requests.len();
    let messages: Vec<_> = requests.into_iter().map(|r| pb::SubmitClaimsRequest { request: Some(r) }).collect();
    let mut answers = api.claims().submit_claims(tokio_stream::iter(messages)).await.unwrap().into_inner();
    let mut answered = 0;
    while let Some(answer) = answers.message().await.unwrap() {
        assert!(answer.claim.is_some(), "{:?}", answer.faults);
        answered += 1;
    }
    assert_eq!(answered, count);
}

async fn send(server: &Server, way: Way, families: Vec<Vec<pb::SubmitClaimRequest>>) {
    let api = server.api();
    match way {
        Way::OneByOne => {
            for request in families.into_iter().flatten() {
                api.claims().submit_claim(request).await.unwrap();
            }
        }
        Way::InTurn => {
            let turn = |at: usize| families.iter().map(move |family| family[at].clone());
            stream(&api, (0..families[0].len()).flat_map(turn).collect()).await;
        }
        Way::Reversed => stream(&api, families.into_iter().rev().flatten().collect()).await,
        Way::AtOnce => {
            let address = server.address;
            let streams = families
                .into_iter()
                .map(|family| tokio::spawn(async move { stream(&Api::connect(address).await, family).await }));
            join_all(streams).await.into_iter().for_each(|ended| ended.unwrap());
        }
    }
}

async fn turn(api: &Api, to_date: &str) {
    let target = Some(pb::advance_clock_request::Target::ToDate(to_date.to_owned()));
    let request = pb::AdvanceClockRequest { name: String::new(), target };
    let mut progress = api.sandboxes().advance_clock(request).await.unwrap().into_inner();
    while progress.message().await.unwrap().is_some() {}
}

/// Two phases with a turn of the clock between them and one behind, each with corrections: the first before a remittance tells what they
/// correct, the second after it. Gives every claim and remittance with its 835.
async fn run(server: &Server, way: Way) -> (Vec<Vec<u8>>, Vec<pb::Remittance>) {
    let api = server.api();
    for (number, subscriber) in [("HC0501", "HC0501"), ("HC0502", "HC0501")] {
        let upsert = pb::UpsertMemberRequest { parent: String::new(), member: Some(member(number, subscriber)) };
        api.directory().upsert_member(upsert).await.unwrap();
    }
    for (phase, to_date) in [(0, "2026-04-03"), (1, "2026-04-20")] {
        send(server, way, (0..FAMILIES.len()).map(|at| family(at, phase)).collect()).await;
        turn(&api, to_date).await;
        let known = claims(&api).await;
        send(server, way, (0..FAMILIES.len()).map(|at| corrections(&known, at, phase)).collect()).await;
    }
    turn(&api, "2026-05-04").await;
    let claims = claims(&api).await;
    let whole = pb::StreamRemittancesRequest { view: pb::RemittanceView::X12.into(), ..Default::default() };
    let mut advices = api.remittances().stream_remittances(whole).await.unwrap().into_inner();
    let mut remittances = Vec::new();
    while let Some(remittance) = advices.message().await.unwrap() {
        remittances.push(remittance);
    }
    (claims.iter().map(Message::encode_to_vec).collect(), remittances)
}

#[tokio::test(flavor = "multi_thread")]
async fn neither_interleaving_nor_callers_nor_store_change_a_byte() {
    let (claims, remittances) = run(&Server::start().await, Way::OneByOne).await;
    assert_eq!(claims.len(), FAMILIES.len() * 2 * (usize::try_from(VISITS).unwrap() + 3));
    let decoded = claims.iter().map(|bytes| pb::Claim::decode(bytes.as_slice()).unwrap());
    let states: Vec<pb::ClaimState> = decoded.map(|claim| claim.state()).collect();
    let count = |state: pb::ClaimState| states.iter().filter(|of| **of == state).count();
    use pb::ClaimState::{Closed, Rejected, Reversed, Void};
    // Of each family two corrections a phase are taken in and one is not.
    assert_eq!([Closed, Reversed, Void, Rejected].map(count), [FAMILIES.len() * 2; 4]);
    // Two payees, paid on 7 and 10 April, and what was corrected behind.
    assert_eq!(remittances.len(), 6);
    assert!(remittances.iter().all(|remittance| remittance.x12.starts_with("ISA*")));
    let data = tempfile::tempdir().unwrap();
    for (way, data) in [(Way::InTurn, None), (Way::Reversed, Some(data.path().to_owned())), (Way::AtOnce, None)] {
        let (again, paid_again) = run(&Server::on(data).await, way).await;
        let differ = again.iter().zip(&claims).filter(|(one, other)| one != other).count();
        assert_eq!((again.len(), differ), (claims.len(), 0), "claims differ: {way:?}");
        assert_eq!(paid_again, remittances, "{way:?}");
    }
}

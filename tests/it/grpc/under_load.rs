//! Claims keep coming while the clock is turned, records change and payments run: each is decided on one state of
//! things, and paid once.

use std::collections::BTreeMap;

use payersim::proto::v1 as pb;

use super::{advance, bytes};
use crate::clinic::{self, ADA, MAX, NORA, TESTA, from_blue, member, request, visit};
use crate::server::{Api, Server};

const VISITS: u32 = 60;

/// A family's visits, one after the other, of every third the blue clinic's.
async fn visits(api: Api, member: &'static str) -> Vec<pb::Claim> {
    let mut answers = Vec::new();
    for number in 0..VISITS {
        let claim = visit(member, &format!("{member}-{number}"), number % 28 + 1);
        let claim = if number.is_multiple_of(3) { from_blue(claim) } else { claim };
        let answer = api.claims().submit_claim(request(&format!("{member}-{number}"), claim)).await;
        answers.push(answer.unwrap().into_inner());
    }
    answers
}

async fn all_visits(api: &Api) -> Vec<pb::Claim> {
    let families = [ADA, TESTA, NORA, MAX].map(|member| tokio::spawn(visits(api.clone(), member)));
    let mut answers = Vec::new();
    for family in families {
        answers.extend(family.await.unwrap());
    }
    answers
}

/// Pays everything and gives what every remittance paid for every claim.
async fn paid_by_claim(api: &Api) -> BTreeMap<String, i64> {
    let mut advices =
        api.remittances().stream_remittances(pb::StreamRemittancesRequest::default()).await.unwrap().into_inner();
    let mut paid = BTreeMap::new();
    while let Some(advice) = advices.message().await.unwrap() {
        let sum: i64 = advice.claims.iter().map(|claim| claim.determination.as_ref().unwrap().paid_cents).sum();
        assert_eq!(advice.paid_cents, sum);
        for claim in advice.claims {
            let before = paid.insert(claim.claim.clone(), claim.determination.unwrap().paid_cents);
            assert_eq!(before, None, "{} is paid twice", claim.claim);
        }
    }
    paid
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_turned_meanwhile_pays_every_claim_once() {
    let server = Server::start().await;
    let api = server.api();
    let turner = {
        let api = api.clone();
        tokio::spawn(async move {
            for day in 1..=30 {
                advance(&api, "", &format!("2026-04-{day:02}")).await.unwrap();
                api.remittances().run_payments(pb::RunPaymentsRequest::default()).await.unwrap();
            }
        })
    };
    let answers = all_visits(&api).await;
    turner.await.unwrap();
    advance(&api, "", "2026-06-01").await.unwrap();

    let week_later = |day: &str| {
        let day: jiff::civil::Date = day.parse().unwrap();
        day.checked_add(jiff::Span::new().days(7)).unwrap().to_string()
    };
    for answer in &answers {
        assert_eq!(answer.due_date, week_later(&answer.received_date));
        let explain = pb::ExplainClaimRequest { name: answer.name.clone(), include_passed: false };
        assert!(api.claims().explain_claim(explain).await.unwrap().into_inner().reproduced, "{}", answer.name);
    }
    let decided = answers.into_iter().map(|a| (a.name, a.determination.unwrap().paid_cents)).collect();
    assert_eq!(paid_by_claim(&api).await, decided);
}

// A change of the directory or the payer falls between two decisions, never into one: so each comes out again.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_changed_meanwhile_never_falls_into_a_decision() {
    let server = Server::start().await;
    let api = server.api();
    let changer = {
        let api = api.clone();
        tokio::spawn(async move {
            for turn in 0..20 {
                let mut max = member(MAX, MAX);
                max.coverages[0].through = if turn % 2 == 0 { "2026-03-10".to_owned() } else { String::new() };
                let upsert = pb::UpsertMemberRequest { parent: String::new(), member: Some(max) };
                api.directory().upsert_member(upsert).await.unwrap();
                let mut folder = clinic::folder();
                folder.payer.as_mut().unwrap().payment_days = turn;
                let load = pb::LoadPayerRequest { name: String::new(), payer: Some(folder) };
                api.sandboxes().load_payer(load).await.unwrap();
            }
        })
    };
    let answers = all_visits(&api).await;
    changer.await.unwrap();
    for answer in answers {
        let explain = pb::ExplainClaimRequest { name: answer.name.clone(), include_passed: false };
        let told = api.claims().explain_claim(explain).await.unwrap().into_inner();
        assert!(told.reproduced, "{}", answer.name);
        assert_eq!(bytes(&told.claim.unwrap()), bytes(&answer));
    }
}

// One id from many callers at once: one claim, and everybody hears of that one.
#[tokio::test(flavor = "multi_thread")]
async fn a_request_sent_by_many_at_once_is_one_claim() {
    let server = Server::start().await;
    let api = server.api();
    let callers: Vec<_> = (0..32)
        .map(|caller| {
            let api = api.clone();
            // Two families fight for the id; each caller of one family sends the same.
            let member = if caller % 2 == 0 { ADA } else { NORA };
            tokio::spawn(async move { api.claims().submit_claim(request("wanted", visit(member, "V", 2))).await })
        })
        .collect();
    let mut names = Vec::new();
    for caller in callers {
        match caller.await.unwrap() {
            Ok(claim) => names.push(claim.into_inner().name),
            Err(status) => names.push(super::error(&status).2["claim"].clone()),
        }
    }
    names.dedup();
    assert_eq!(names.len(), 1, "{names:?}");
    let whole = api.claims().list_claims(pb::ListClaimsRequest::default()).await.unwrap().into_inner().claims;
    assert_eq!(whole.len(), 1);
}

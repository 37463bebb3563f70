//! Remittances: what is paid, once, and as an 835 that balances.

use payersim::proto::v1 as pb;

use super::{claim, error, submit};
use crate::checkers::judge;
use crate::clinic::{ADA, BLUE, GREEN, NORA, TESTA, from_blue, request, visit};
use crate::server::{Api, Server};

async fn run(api: &Api, request: pb::RunPaymentsRequest) -> Vec<pb::Remittance> {
    api.remittances().run_payments(request).await.unwrap().into_inner().remittances
}

fn now() -> pb::RunPaymentsRequest {
    pb::RunPaymentsRequest { include_not_due: true, ..Default::default() }
}

async fn stream(api: &Api, request: pb::StreamRemittancesRequest) -> Vec<pb::Remittance> {
    let mut advices = api.remittances().stream_remittances(request).await.unwrap().into_inner();
    let mut told = Vec::new();
    while let Some(advice) = advices.message().await.unwrap() {
        told.push(advice);
    }
    told
}

// Green: a paid, a denied and a second paid claim, 16.00 + 0.00 + 96.00; blue: 16.00.
#[tokio::test]
async fn a_run_pays_each_payee_once() {
    let server = Server::start().await;
    let api = server.api();
    let mut green = Vec::new();
    for sent in [visit(ADA, "A-1", 2), visit("HC9999", "S-1", 2), visit(ADA, "A-2", 3)] {
        green.push(submit(&api, request("", sent)).await.name);
    }
    submit(&api, request("", from_blue(visit(NORA, "N-1", 2)))).await;
    assert!(run(&api, pb::RunPaymentsRequest::default()).await.is_empty(), "nothing is due yet");

    let issued = run(&api, now()).await;
    let told: Vec<(&str, i64, usize)> =
        issued.iter().map(|r| (r.payee.as_ref().unwrap().npi.as_str(), r.paid_cents, r.claims.len())).collect();
    assert_eq!(told, [(GREEN, 11_200, 3), (BLUE, 1_600, 1)]);
    assert!(issued.iter().all(|remittance| remittance.simulated && remittance.paid_date == "2026-03-31"));
    assert_ne!(issued[0].trace_number, issued[1].trace_number);
    for name in green {
        assert_eq!(claim(&api, &name).await.unwrap().remittance, issued[0].name);
    }
    assert!(run(&api, now()).await.is_empty(), "what is paid is paid");
}

#[tokio::test]
async fn a_run_for_one_payee_leaves_the_other_be() {
    let server = Server::start().await;
    let api = server.api();
    submit(&api, request("", visit(ADA, "A-1", 2))).await;
    submit(&api, request("", from_blue(visit(NORA, "N-1", 2)))).await;
    let only = |payee: &str| pb::RunPaymentsRequest { payee_ids: vec![payee.to_owned()], ..now() };
    assert!(run(&api, only("nobody")).await.is_empty());
    let issued = run(&api, only(&format!("{BLUE}-690000102"))).await;
    assert_eq!(issued.iter().map(|r| r.paid_cents).collect::<Vec<_>>(), [1_600]);
    assert_eq!(run(&api, now()).await[0].payee.as_ref().unwrap().npi, GREEN);
}

#[tokio::test]
async fn every_835_balances() {
    let server = Server::start().await;
    let api = server.api();
    let mut busy = visit(TESTA, "T-1", 4);
    busy.lines.extend([crate::clinic::line("80053", 4_321, 4), crate::clinic::line("99999", 1_000, 4)]);
    busy.charge_cents = 15_000 + 4_321 + 1_000;
    for sent in [visit(ADA, "A-1", 2), visit("HC9999", "S~1*", 2), busy, from_blue(visit(NORA, "N-1", 2))] {
        submit(&api, request("", sent)).await;
    }
    let issued = run(&api, now()).await;
    submit(&api, request("", visit(ADA, "A-2", 3))).await;
    run(&api, now()).await;

    let whole = pb::StreamRemittancesRequest { view: pb::RemittanceView::X12.into(), ..Default::default() };
    let advices = stream(&api, whole).await;
    assert_eq!(advices.len(), 3);
    for (name, view) in [(&issued[0].name, pb::RemittanceView::X12), (&issued[0].name, pb::RemittanceView::Message)] {
        let get = pb::GetRemittanceRequest { name: name.clone(), view: view.into() };
        let got = api.remittances().get_remittance(get).await.unwrap().into_inner();
        assert_eq!(got.x12.is_empty(), view == pb::RemittanceView::Message);
        assert_eq!(pb::Remittance { x12: String::new(), ..got }, issued[0]);
    }
    let texts: Vec<(String, String)> =
        advices.iter().enumerate().map(|(at, advice)| (format!("{at}.835"), advice.x12.clone())).collect();
    // ISA15: everything is a test.
    assert!(texts.iter().all(|(_, text)| text.lines().next().unwrap().ends_with("*T*:~")), "{texts:?}");
    judge(&texts);
}

#[tokio::test]
async fn advices_are_listed_and_streamed_from_where_one_stopped() {
    let server = Server::start().await;
    let api = server.api();
    for day in 2..=4 {
        submit(&api, request("", visit(ADA, &format!("A-{day}"), day))).await;
        run(&api, now()).await;
    }
    submit(&api, request("", from_blue(visit(NORA, "N-1", 2)))).await;
    run(&api, now()).await;

    let all = stream(&api, pb::StreamRemittancesRequest::default()).await;
    assert_eq!(all.len(), 4);
    for (at, advice) in all.iter().enumerate() {
        let after = pb::StreamRemittancesRequest { after: advice.name.clone(), ..Default::default() };
        assert_eq!(stream(&api, after).await, all[at + 1..]);
    }
    let mut listed = Vec::new();
    let mut request = pb::ListRemittancesRequest { page_size: 3, ..Default::default() };
    loop {
        let page = api.remittances().list_remittances(request.clone()).await.unwrap().into_inner();
        listed.extend(page.remittances);
        if page.next_page_token.is_empty() {
            break;
        }
        request.page_token = page.next_page_token;
    }
    let brief: Vec<pb::Remittance> = all.iter().map(|r| pb::Remittance { claims: vec![], ..r.clone() }).collect();
    assert_eq!(listed, brief);

    let blue = format!("{BLUE}-690000102");
    let only = pb::ListRemittancesRequest { payee_id: blue.clone(), ..Default::default() };
    assert_eq!(api.remittances().list_remittances(only).await.unwrap().into_inner().remittances, brief[3..]);
    let only = pb::StreamRemittancesRequest { payee_id: blue, ..Default::default() };
    assert_eq!(stream(&api, only).await, all[3..]);
}

#[tokio::test]
async fn an_advice_that_is_not_there_is_named() {
    let server = Server::start().await;
    let name = "sandboxes/default/remittances/2000000010-690000101-1".to_owned();
    let get = pb::GetRemittanceRequest { name: name.clone(), ..Default::default() };
    let (_, reason, metadata) = error(&server.api().remittances().get_remittance(get).await.unwrap_err());
    assert_eq!((reason.as_str(), &metadata["name"]), ("UNKNOWN_RESOURCE", &name));
}

//! Prices without a claim.

use payersim::client::LocalServer;
use payersim::proto::v1 as pb;
use tokio_stream::iter;

use super::{error, fields};
use crate::server::{Api, Server};

fn line(code: &str, modifiers: &[&str]) -> pb::ServiceLine {
    let modifiers = modifiers.iter().map(ToString::to_string).collect();
    pb::ServiceLine { procedure_code: code.to_owned(), modifiers, ..Default::default() }
}

fn ask(place: &str, services: Vec<pb::ServiceLine>) -> pb::PriceServicesRequest {
    pb::PriceServicesRequest {
        locality: "01112-05".to_owned(),
        service_date: "2026-07-15".to_owned(),
        place_of_service: place.to_owned(),
        services,
        ..Default::default()
    }
}

async fn price(api: &Api, request: pb::PriceServicesRequest) -> pb::PriceServicesResponse {
    api.pricing().price_services(request).await.unwrap().into_inner()
}

// CMS's payment amount file of 2026 for San Francisco: 117.58 in an office, 64.37 in a facility.
#[tokio::test]
async fn medicares_own_rates_need_no_contract_of_the_payer() {
    let server = Server::start().await;
    let api = server.api();
    let office = price(&api, ask("", vec![line("99213", &[])])).await;
    assert_eq!((office.fee_schedule.as_str(), office.fee_cents, office.allowed_cents), ("medicare", 11_758, 11_758));
    assert!(office.simulated && office.releases.iter().any(|release| release.starts_with("RVU26C")));
    // The charge is lower.
    let cheap = pb::ServiceLine { charge_cents: 5_000, ..line("99213", &[]) };
    let facility = price(&api, ask("22", vec![cheap, line("44970", &[]), line("99213", &["TC"])])).await;
    let [cheap, appendix, wrong] = facility.prices.as_slice() else { panic!("{facility:?}") };
    assert_eq!((cheap.fee_cents, cheap.allowed_cents), (6_437, 5_000));
    assert!(appendix.fee_cents > 0 && appendix.words.contains("01112-05, facility"));
    let denial = wrong.denial.as_ref().unwrap();
    assert_eq!((denial.group(), denial.carc.as_str(), wrong.fee_cents), (pb::GroupCode::Co, "4", 0));
}

// National amounts of 2026 (every index 1): 45385 223.45; of 45380 what passes the family's base, 177.69 - 164.67 = 13.02.
#[tokio::test]
async fn services_of_one_day_are_ranked_together_in_the_nation_too() {
    let server = Server::start().await;
    let both = vec![line("45385", &[]), line("45380", &[])];
    let asked = pb::PriceServicesRequest { locality: "national".to_owned(), ..ask("24", both) };
    let answer = price(&server.api(), asked).await;
    let allowed: Vec<i64> = answer.prices.iter().map(|price| price.allowed_cents).collect();
    assert_eq!((allowed, answer.allowed_cents), (vec![22_345, 1_302], 23_647));
    assert_eq!(answer.prices[1].reductions[0].carc, "59");
}

#[tokio::test]
async fn a_question_that_cannot_be_priced_names_its_fields() {
    let server = Server::start().await;
    let api = server.api();
    let refused = async |request| fields(&api.pricing().price_services(request).await.unwrap_err());
    let mut bad = ask("", vec![line("99213", &["2"]), pb::ServiceLine { units: "many".to_owned(), ..line("", &[]) }]);
    bad.locality = "San Francisco".to_owned();
    let named = ["locality", "services[0].modifiers", "services[1].procedure_code", "services[1].units"];
    assert_eq!(refused(bad).await, named);
    assert_eq!(refused(ask("", vec![])).await, ["services"]);
    let unknown = pb::PriceServicesRequest { fee_schedule: "none".to_owned(), ..ask("", vec![line("99213", &[])]) };
    assert_eq!(refused(unknown).await, ["fee_schedule"]);
    let elsewhere = pb::PriceServicesRequest { parent: "sandboxes/nowhere".to_owned(), ..Default::default() };
    assert_eq!(error(&api.pricing().price_services(elsewhere).await.unwrap_err()).1, "UNKNOWN_SANDBOX");
}

#[tokio::test]
async fn a_stream_goes_on_behind_a_question_that_is_none() {
    let server = Server::start().await;
    let batch = |id: &str, request| pb::PriceBatchRequest { request_id: id.to_owned(), request: Some(request) };
    let requests = [
        batch("a", ask("", vec![line("99213", &[])])),
        batch("b", ask("", vec![])),
        batch("c", ask("22", vec![line("99213", &[])])),
    ];
    let mut answers = server.api().pricing().price_batch(iter(requests)).await.unwrap().into_inner();
    let mut told = Vec::new();
    while let Some(answer) = answers.message().await.unwrap() {
        let faults = answer.faults.iter().map(|fault| fault.field.clone()).collect::<Vec<_>>();
        told.push((answer.request_id, answer.response.map(|response| response.fee_cents), faults));
    }
    let row = |id: &str, fee, faults: &[&str]| {
        (id.to_owned(), fee, faults.iter().map(ToString::to_string).collect::<Vec<_>>())
    };
    assert_eq!(told, [row("a", Some(11_758), &[]), row("b", None, &["services"]), row("c", Some(6_437), &[])]);
}

// 1.20 × 117.58 = 141.096 under the PPO's contract.
#[tokio::test]
async fn a_plan_names_its_fee_schedule() {
    let server = LocalServer::start(payersim::api::ServeOptions::default()).await.unwrap();
    let client = server.client().await.unwrap();
    let mut request = pb::PriceServicesRequest { plan: "ppo".to_owned(), ..ask("", vec![line("99213", &[])]) };
    let harbor = client.pricing().price_services(request.clone()).await.unwrap().into_inner();
    assert_eq!((harbor.fee_schedule.as_str(), harbor.fee_cents), ("harbor-2026", 14_110));
    (request.plan, request.network) = ("hmo".to_owned(), "out".to_owned());
    assert_eq!(fields(&client.pricing().price_services(request).await.unwrap_err()), ["network"]);
}

// CMS: a unit of anesthesia is 19.31 in Alabama in 2025, and 00840 has 6 base units: (6 + 6) × 19.31 = 231.72, half of it
// under direction. 99213 in San Francisco is 117.58: × 0.95 = 111.701, and × 1.0925 = 128.456 may be charged.
#[tokio::test]
async fn who_performs_and_for_how_long_makes_the_price() {
    let server = Server::start().await;
    let api = server.api();
    let minutes = |modifiers: &[&str]| pb::ServiceLine {
        unit_of_service: pb::UnitOfService::Minutes.into(),
        units: "90".to_owned(),
        ..line("00840", modifiers)
    };
    let mut asked = ask("22", vec![minutes(&["AA"])]);
    (asked.locality, asked.service_date) = ("10112-00".to_owned(), "2025-06-02".to_owned());
    assert_eq!(price(&api, asked.clone()).await.fee_cents, 23_172);
    asked.services = vec![minutes(&["QK"])];
    assert_eq!(price(&api, asked).await.fee_cents, 11_586);
    let outside = pb::PriceServicesRequest {
        participation: pb::Participation::NonParticipating.into(),
        ..ask("", vec![line("99213", &[])])
    };
    let answer = price(&api, outside).await;
    assert_eq!((answer.fee_cents, answer.prices[0].limiting_charge_cents), (11_170, 12_846));
    let nurse =
        pb::PriceServicesRequest { taxonomy_code: "363L00000X".to_owned(), ..ask("", vec![line("99213", &[])]) };
    assert_eq!(price(&api, nurse).await.fee_cents, 9_994);
}

// Medicare's own rates look into every table that the server was given: two tests of 10.56 are 21.12.
#[tokio::test]
async fn a_table_that_is_taken_in_prices_from_then_on() {
    let server = Server::start().await;
    let api = server.api();
    let two = || ask("", vec![pb::ServiceLine { units: "2".to_owned(), ..line("80053", &[]) }]);
    let before = price(&api, two()).await;
    assert_eq!(before.prices[0].denial.as_ref().unwrap().carc, "147");
    let fees =
        "YEAR,HCPCS,MOD,EFF_DATE,INDICATOR,RATE,SHORTDESC,LONGDESC,EXTENDEDLONGDESC\n2026,80053,,20260101,N,10.56,,,\n";
    let import = pb::ImportReleaseRequest {
        kind: "clfs".to_owned(),
        release: "CLFS2026".to_owned(),
        from: "2026-01-01".to_owned(),
        subset: true,
        file: "clfs.csv".to_owned(),
        chunk: fees.into(),
        ..Default::default()
    };
    api.references().import_release(iter([import])).await.unwrap();
    let after = price(&api, two()).await;
    assert_eq!((after.fee_cents, after.releases.contains(&"CLFS2026".to_owned())), (2_112, true));
}

//! Sandboxes: each a world of its own.

use payersim::proto::v1 as pb;
use tonic::{Code, Status};

use super::{advance, bytes, claim, error, fields, paid, submit};
use crate::clinic::{self, ADA, member, request_in, visit};
use crate::server::{Api, Server};

async fn create(api: &Api, request: pb::CreateSandboxRequest) -> Result<pb::Sandbox, Status> {
    api.sandboxes().create_sandbox(request).await.map(tonic::Response::into_inner)
}

fn named(id: &str) -> pb::CreateSandboxRequest {
    pb::CreateSandboxRequest { sandbox_id: id.to_owned(), ..Default::default() }
}

#[tokio::test]
async fn a_sandbox_is_made_as_it_was_asked_for() {
    let server = Server::start().await;
    let api = server.api();
    let mut folder = clinic::folder();
    folder.payer.as_mut().unwrap().name = "Another Payer".to_owned();
    let asked = pb::CreateSandboxRequest {
        clock_start: "2026-05-01".to_owned(),
        seed: 7,
        payer: Some(folder),
        ..named("east")
    };
    let made = create(&api, asked).await.unwrap();
    let clock = pb::Clock { mode: pb::ClockMode::Frozen.into(), now: "2026-05-01T00:00:00".to_owned(), epoch: 0 };
    assert_eq!((made.name.as_str(), made.payer_name.as_str(), made.seed), ("sandboxes/east", "Another Payer", 7));
    assert_eq!(made.clock, Some(clock.clone()));
    let get = pb::GetSandboxRequest { name: made.name.clone() };
    assert_eq!(api.sandboxes().get_sandbox(get).await.unwrap().into_inner(), made);
    let get = pb::GetClockRequest { name: made.name.clone() };
    assert_eq!(api.sandboxes().get_clock(get).await.unwrap().into_inner(), clock);

    let chosen = create(&api, named("")).await.unwrap();
    let list = pb::ListSandboxesRequest::default();
    let list = api.sandboxes().list_sandboxes(list).await.unwrap().into_inner().sandboxes;
    let mut names = vec!["sandboxes/default".to_owned(), made.name, chosen.name];
    names.sort();
    assert_eq!(list.into_iter().map(|sandbox| sandbox.name).collect::<Vec<_>>(), names);
}

#[tokio::test]
async fn what_cannot_be_a_sandbox_is_refused() {
    let server = Server::start().await;
    let api = server.api();
    create(&api, named("east")).await.unwrap();
    let (code, reason, metadata) = error(&create(&api, named("east")).await.unwrap_err());
    assert_eq!((code, reason.as_str()), (Code::AlreadyExists, "NAME_TAKEN"));
    assert_eq!(metadata["name"], "sandboxes/east");
    for id in ["East", "a b", "a/b", &"x".repeat(64)] {
        assert_eq!(fields(&create(&api, named(id)).await.unwrap_err()), ["sandbox_id"], "{id}");
    }
    let bad = pb::CreateSandboxRequest { clock_start: "2026-02-30".to_owned(), ..named("west") };
    assert_eq!(fields(&create(&api, bad).await.unwrap_err()), ["clock_start"]);
    let bad = pb::CreateSandboxRequest { payer: Some(pb::PayerFolder::default()), ..named("west") };
    let status = create(&api, bad).await.unwrap_err();
    assert_eq!(error(&status).1, "PAYER_FOLDER");
    assert!(fields(&status).contains(&"plans".to_owned()));
    let gone = api.sandboxes().get_sandbox(pb::GetSandboxRequest { name: "sandboxes/west".to_owned() }).await;
    assert_eq!(error(&gone.unwrap_err()).1, "UNKNOWN_SANDBOX");
}

// The same requests in two sandboxes meet in nothing: not in request ids, accumulators, duplicates, lists or money.
#[tokio::test]
async fn two_sandboxes_never_meet() {
    let server = Server::start().await;
    let api = server.api();
    let (east, west) = ("sandboxes/east", "sandboxes/west");
    create(&api, named("east")).await.unwrap();
    create(&api, named("west")).await.unwrap();
    let there = submit(&api, request_in(east, "same", visit(ADA, "A-1", 2))).await;
    let here = submit(&api, request_in(west, "same", visit(ADA, "A-1", 2))).await;
    assert_eq!((paid(&there), paid(&here)), (1_600, 1_600));
    // Both have the default seed, so that only the name tells them apart.
    let moved = pb::Claim { name: here.name.replace(west, east), ..here.clone() };
    assert_eq!(bytes(&moved), bytes(&there));

    // A claim only in the east is not seen in the west, nor is a member, a payment, a turn of the clock.
    let only_east = submit(&api, request_in(east, "other", visit(ADA, "A-2", 3))).await;
    let west_name = only_east.name.replace(east, west);
    assert_eq!(error(&claim(&api, &west_name).await.unwrap_err()).1, "UNKNOWN_RESOURCE");
    let add = pb::UpsertMemberRequest { parent: east.to_owned(), member: Some(member("HC0501", "HC0501")) };
    api.directory().upsert_member(add).await.unwrap();
    let get = pb::GetMemberRequest { name: format!("{west}/members/HC0501") };
    assert_eq!(error(&api.directory().get_member(get).await.unwrap_err()).1, "UNKNOWN_RESOURCE");
    advance(&api, east, "2026-04-07").await.unwrap();
    let paid_in = |parent: &str| pb::ListRemittancesRequest { parent: parent.to_owned(), ..Default::default() };
    assert_eq!(api.remittances().list_remittances(paid_in(east)).await.unwrap().into_inner().remittances.len(), 1);
    assert!(api.remittances().list_remittances(paid_in(west)).await.unwrap().into_inner().remittances.is_empty());
    assert_eq!(claim(&api, &here.name).await.unwrap(), here);
    let listed = pb::ListClaimsRequest { parent: west.to_owned(), ..Default::default() };
    assert_eq!(api.claims().list_claims(listed).await.unwrap().into_inner().claims, [here]);
}

#[tokio::test]
async fn a_reset_sandbox_is_as_it_was_made() {
    let server = Server::start().await;
    let api = server.api();
    let name = "sandboxes/east";
    let made = create(&api, named("east")).await.unwrap();
    let first = submit(&api, request_in(name, "same", visit(ADA, "A-1", 2))).await;
    submit(&api, request_in(name, "", visit(ADA, "A-2", 3))).await;
    let add = pb::UpsertMemberRequest { parent: name.to_owned(), member: Some(member("HC0501", "HC0501")) };
    api.directory().upsert_member(add).await.unwrap();
    let mut folder = clinic::folder();
    folder.payer.as_mut().unwrap().name = "Another Payer".to_owned();
    let load = pb::LoadPayerRequest { name: name.to_owned(), payer: Some(folder) };
    api.sandboxes().load_payer(load).await.unwrap();
    advance(&api, name, "2026-05-01").await.unwrap();

    let reset = pb::ResetSandboxRequest { name: name.to_owned() };
    let reset = api.sandboxes().reset_sandbox(reset).await.unwrap().into_inner();
    let clock = |sandbox: &pb::Sandbox| sandbox.clock.clone().unwrap();
    assert_eq!(clock(&reset).now, clock(&made).now);
    assert!(clock(&reset).epoch > clock(&made).epoch, "a turn before the reset must not fit after it");
    assert_eq!((&reset.payer_name, &reset.payer_revision), (&made.payer_name, &made.payer_revision));
    assert_eq!(error(&claim(&api, &first.name).await.unwrap_err()).1, "UNKNOWN_RESOURCE");
    let get = pb::GetMemberRequest { name: format!("{name}/members/HC0501") };
    assert_eq!(error(&api.directory().get_member(get).await.unwrap_err()).1, "UNKNOWN_RESOURCE");
    let advices = pb::ListRemittancesRequest { parent: name.to_owned(), ..Default::default() };
    assert!(api.remittances().list_remittances(advices).await.unwrap().into_inner().remittances.is_empty());

    // Request ids are free again, and numbers begin at the first: the same request gets the same bytes.
    let other = submit(&api, request_in(name, "new", visit(clinic::NORA, "N-1", 2))).await;
    assert!(other.control_number.ends_with("0001"));
    assert_eq!(bytes(&submit(&api, request_in(name, "same", visit(ADA, "A-1", 2))).await), bytes(&first));
}

#[tokio::test]
async fn a_deleted_sandbox_is_gone_with_all_it_held() {
    let server = Server::start().await;
    let api = server.api();
    let name = "sandboxes/east";
    create(&api, named("east")).await.unwrap();
    let first = submit(&api, request_in(name, "same", visit(ADA, "A-1", 2))).await;
    let delete = |name: &str| pb::DeleteSandboxRequest { name: name.to_owned() };
    api.sandboxes().delete_sandbox(delete(name)).await.unwrap();
    for status in [
        claim(&api, &first.name).await.unwrap_err(),
        api.claims().submit_claim(request_in(name, "", visit(ADA, "A-2", 3))).await.unwrap_err(),
        api.sandboxes().delete_sandbox(delete(name)).await.unwrap_err(),
        advance(&api, name, "2026-05-01").await.unwrap_err(),
    ] {
        assert_eq!(error(&status).1, "UNKNOWN_SANDBOX");
    }
    // Another of the same name has nothing of it.
    create(&api, named("east")).await.unwrap();
    assert_eq!(error(&claim(&api, &first.name).await.unwrap_err()).1, "UNKNOWN_RESOURCE");
    assert_eq!(fields(&api.sandboxes().delete_sandbox(delete("sandboxes/default")).await.unwrap_err()), ["name"]);
}

#[tokio::test]
async fn an_exported_payer_can_be_loaded_again_and_holds_what_was_changed() {
    let server = Server::start().await;
    let api = server.api();
    let export = pb::ExportPayerRequest { name: String::new() };
    assert_eq!(api.sandboxes().export_payer(export.clone()).await.unwrap().into_inner(), clinic::folder());
    let add = pb::UpsertMemberRequest { parent: String::new(), member: Some(member("HC0501", "HC0501")) };
    api.directory().upsert_member(add).await.unwrap();
    let folder = api.sandboxes().export_payer(export).await.unwrap().into_inner();
    assert_eq!(folder.members.len(), 6);
    create(&api, pb::CreateSandboxRequest { payer: Some(folder), ..named("copy") }).await.unwrap();
    assert_eq!(paid(&submit(&api, request_in("sandboxes/copy", "", visit("HC0501", "N-1", 2))).await), 1_600);
}

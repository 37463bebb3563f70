//! Lists of claims: filters, pages, tokens.

use payersim::proto::v1 as pb;
use tonic::Status;

use super::{advance, error, fields, submit};
use crate::clinic::{ADA, NORA, TESTA, from_blue, request, visit};
use crate::server::{Api, Server};

/// Five claims: three visits at the green clinic, one at the blue, and one of a stranger, received a day later.
async fn five_claims(api: &Api) -> Vec<String> {
    let mut names = Vec::new();
    for claim in [visit(ADA, "A-1", 2), visit(ADA, "A-2", 3), visit(TESTA, "T-1", 2), from_blue(visit(NORA, "N-1", 2))]
    {
        names.push(submit(api, request("", claim)).await.name);
    }
    advance(api, "", "2026-04-01").await.unwrap();
    names.push(submit(api, request("", visit("HC9999", "S-1", 2))).await.name);
    names
}

async fn list(
    api: &Api,
    page_size: i32,
    page_token: &str,
    filter: pb::ClaimFilter,
) -> Result<(Vec<String>, String), Status> {
    let page_token = page_token.to_owned();
    let request = pb::ListClaimsRequest { parent: String::new(), page_size, page_token, filter: Some(filter) };
    let page = api.claims().list_claims(request).await?.into_inner();
    Ok((page.claims.into_iter().map(|claim| claim.name).collect(), page.next_page_token))
}

#[tokio::test]
async fn every_filter_lets_through_what_fits_it() {
    let server = Server::start().await;
    let api = server.api();
    let names = five_claims(&api).await;
    let of = |places: &[usize]| {
        let mut chosen: Vec<&String> = places.iter().map(|at| &names[*at]).collect();
        chosen.sort();
        chosen.into_iter().cloned().collect::<Vec<_>>()
    };
    let member_id = ADA.to_owned();
    let cases = [
        (pb::ClaimFilter::default(), vec![0, 1, 2, 3, 4]),
        (pb::ClaimFilter { patient_control_number: "A-2".to_owned(), ..Default::default() }, vec![1]),
        (pb::ClaimFilter { patient_control_number: "A".to_owned(), ..Default::default() }, vec![]),
        (pb::ClaimFilter { member_id: member_id.clone(), ..Default::default() }, vec![0, 1]),
        (pb::ClaimFilter { member_id: "HC9999".to_owned(), ..Default::default() }, vec![4]),
        (pb::ClaimFilter { billing_npi: crate::clinic::BLUE.to_owned(), ..Default::default() }, vec![3]),
        (pb::ClaimFilter { state: pb::ClaimState::Denied.into(), ..Default::default() }, vec![4]),
        (pb::ClaimFilter { carc: "31".to_owned(), ..Default::default() }, vec![4]),
        (pb::ClaimFilter { carc: "45".to_owned(), ..Default::default() }, vec![0, 1, 2, 3]),
        (pb::ClaimFilter { received_from: "2026-04-01".to_owned(), ..Default::default() }, vec![4]),
        (pb::ClaimFilter { received_through: "2026-03-31".to_owned(), ..Default::default() }, vec![0, 1, 2, 3]),
        (pb::ClaimFilter { member_id, patient_control_number: "T-1".to_owned(), ..Default::default() }, vec![]),
    ];
    for (filter, fits) in cases {
        let (mut listed, next) = list(&api, 0, "", filter.clone()).await.unwrap();
        listed.sort();
        assert_eq!((listed, next), (of(&fits), String::new()), "{filter:?}");
    }
}

#[tokio::test]
async fn pages_of_any_size_make_up_the_whole_list() {
    let server = Server::start().await;
    let api = server.api();
    let mut all = five_claims(&api).await;
    // Newest control number last.
    all.sort();
    let at_green = pb::ClaimFilter { billing_npi: crate::clinic::GREEN.to_owned(), ..Default::default() };
    for (filter, count) in [(pb::ClaimFilter::default(), 5), (at_green, 4)] {
        let (whole, _) = list(&api, 1_000, "", filter.clone()).await.unwrap();
        assert_eq!(whole.len(), count);
        for size in 1..=5 {
            let (mut paged, mut token) = (Vec::new(), String::new());
            loop {
                let (page, next) = list(&api, size, &token, filter.clone()).await.unwrap();
                assert!(i32::try_from(page.len()).unwrap() <= size);
                paged.extend(page);
                if next.is_empty() {
                    break;
                }
                token = next;
            }
            assert_eq!(paged, whole, "pages of {size}");
        }
    }
    assert_eq!(list(&api, 0, "", pb::ClaimFilter::default()).await.unwrap().0, all);
}

#[tokio::test]
async fn a_page_token_fits_its_own_list_only() {
    let server = Server::start().await;
    let api = server.api();
    five_claims(&api).await;
    let (_, token) = list(&api, 2, "", pb::ClaimFilter::default()).await.unwrap();
    let denied = pb::ClaimFilter { state: pb::ClaimState::Denied.into(), ..Default::default() };
    let cut = token[..token.len() - 1].to_owned();
    for (token, filter) in [(&token, denied), (&"no token".to_owned(), Default::default()), (&cut, Default::default())]
    {
        let status = list(&api, 2, token, filter).await.unwrap_err();
        assert_eq!(error(&status).1, "PAGE_TOKEN", "{token}");
    }
    let members = pb::ListMembersRequest { page_token: token, ..Default::default() };
    let status = api.directory().list_members(members).await.unwrap_err();
    assert_eq!(error(&status).1, "PAGE_TOKEN");
    let negative = list(&api, -1, "", pb::ClaimFilter::default()).await.unwrap_err();
    assert_eq!(fields(&negative), ["page_size"]);
}

#[tokio::test]
async fn a_filter_by_a_day_that_does_not_exist_is_refused() {
    let server = Server::start().await;
    let filter = pb::ClaimFilter { received_from: "2026-02-31".to_owned(), ..Default::default() };
    assert_eq!(fields(&list(&server.api(), 0, "", filter).await.unwrap_err()), ["filter.received_from"]);
}

//! Every recipe of the demo payer through the front door: X12 in, 835 out, each with the reason that it was written for.

use std::collections::BTreeMap;
use std::sync::Arc;

use payersim::payer::payment_run::Run;
use payersim::payer::uploads::Upload;
use payersim::payer::{Caller, DEFAULT, MachineClock, Opening, Payer, folder};
use payersim::proto::v1 as pb;
use payersim::store::SledStore;
use payersim::x12::remittance_835;

use crate::checkers;

/// Reasons that the demo payer does not draw, and why nobody need be surprised. Everything else that is declared has a
/// recipe, or an excuse that the payer's own records give.
const NOT_DRAWN: &[(&str, &str)] = &[
    (
        "CO-96",
        "no trial finds an excluded code that the provider may not bill: those that Medicare excludes are the patient's",
    ),
    ("CO-108", "contracts price crutches and breathing machines themselves, and no trial rents anything for months"),
    ("PR-108", "the same, out of network"),
    ("PR-158", "no trial of care abroad draws it yet; the story of members' standing does, from a message"),
    ("CO-246", "no trial finds a code that Medicare only counts"),
];
/// Pairs of group and code that the demo payer must draw at least.
const LEAST_DRAWN: usize = 130;

fn demo() -> Arc<Payer> {
    let store = Arc::new(SledStore::ephemeral().unwrap());
    let (folder, wall) = (folder::demo(), Arc::new(MachineClock));
    let opening = Opening { store, folder, follow_wall_clock: false, wall, max_interchange_bytes: 1 << 30 };
    Payer::open(opening).unwrap()
}

/// The 835s of everything, due or not.
fn remittances(payer: &Arc<Payer>) -> Vec<String> {
    let run = Run { payee_ids: vec![], include_not_due: true };
    let issued = payer.run_payments(&Caller::anyone(), "", &run).unwrap();
    issued.iter().for_each(|remittance| remittance_835::balances(remittance).unwrap());
    issued.iter().map(remittance_835::print).collect()
}

/// The reasons of each claim of an 835, such as "CO-197", by its patient control number.
fn reasons(text: &str, into: &mut BTreeMap<String, Vec<String>>) {
    let mut claim = String::new();
    for segment in text.split('~').map(str::trim) {
        let elements: Vec<&str> = segment.split('*').collect();
        match elements[0] {
            "CLP" => claim = elements[1].to_owned(),
            "CAS" => {
                let told = into.entry(claim.clone()).or_default();
                told.extend(elements[2..].iter().step_by(3).map(|carc| format!("{}-{carc}", elements[1])));
            }
            _ => {}
        }
    }
}

#[test]
fn every_recipe_draws_its_reason_through_x12_in_and_835_out() {
    let payer = demo();
    let written = payer.write_recipes(&Caller::anyone(), &pb::WriteRecipesRequest::default()).unwrap();
    let mut upload = Upload::begin(&payer);
    upload.push(written.x12.as_bytes()).unwrap();
    let sandbox = payer.sandbox(&Caller::anyone(), DEFAULT).unwrap();
    let taken = payer.take_interchanges(&Caller::anyone(), &sandbox, &upload.finish().unwrap()).unwrap();
    let refused: Vec<&String> = taken.iter().flat_map(|interchange| &interchange.faults).collect();
    assert!(refused.is_empty(), "{refused:#?}");

    let mut told = BTreeMap::new();
    let advices = remittances(&payer);
    advices.iter().for_each(|text| reasons(text, &mut told));
    let (mut drawn, mut wrong, mut missing) = (Vec::new(), Vec::new(), Vec::new());
    for recipe in &written.recipes {
        match told.get(&recipe.reason) {
            _ if recipe.claims.is_empty() => missing.push(format!("{}: {}", recipe.reason, recipe.impossible)),
            Some(told) if told.contains(&recipe.reason) => drawn.push(recipe.reason.as_str()),
            other => wrong.push(format!("{} drew {other:?}", recipe.reason)),
        }
    }
    println!("{} of {} declared reasons drawn: {}", drawn.len(), written.recipes.len(), drawn.join(" "));
    println!("not drawn on the demo payer:\n  {}", missing.join("\n  "));
    assert!(wrong.is_empty(), "{wrong:#?}");
    let unexcused = |text: &&String| text.contains("claims that were tried");
    let surprising: Vec<&String> = missing
        .iter()
        .filter(unexcused)
        .filter(|text| NOT_DRAWN.iter().all(|(reason, _)| !text.starts_with(&format!("{reason}:"))))
        .collect();
    let overtaken: Vec<&&str> =
        drawn.iter().filter(|drawn| NOT_DRAWN.iter().any(|(reason, _)| reason == *drawn)).collect();
    assert!(overtaken.is_empty(), "excused, but drawn: {overtaken:?}");
    assert!(surprising.is_empty(), "neither drawn nor excused: {surprising:#?}");
    assert!(drawn.len() >= LEAST_DRAWN, "only {} drawn", drawn.len());

    let mut files = vec![("recipes.edi".to_owned(), written.x12)];
    files.extend(advices.into_iter().enumerate().map(|(at, text)| (format!("{at}.835.edi"), text)));
    checkers::judge(&files);
}

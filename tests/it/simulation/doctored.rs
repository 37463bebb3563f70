//! The auditor audited: true answers are doctored, and it must complain of each.

use bytes::Bytes;
use payersim::payer::Caller;
use payersim::payer::payment_run::Run;
use payersim::proto::v1 as pb;
use payersim::store::keys;
use payersim::x12::remittance_835;
use pb::GroupCode::{Co, Pr};

use super::auditor::Auditor;
use super::books::Books;
use super::chance::Chance;
use super::closing;
use super::life::{self, Act};
use super::payer::MadeUp;
use super::taken_back::decision_key;
use super::{ACTS, Life};

/// Lives, one claim at a time, until an answer fits: the auditor before it, the request, the answer.
fn answer(fits: impl Fn(&Books, &pb::Claim) -> bool) -> (Auditor, pb::SubmitClaimRequest, pb::Claim) {
    live(|life, act| {
        let Act::Submit(requests) = act else {
            life.act(act.clone());
            return None;
        };
        for request in requests {
            let Ok(claim) = life.house.submit(std::slice::from_ref(request)).remove(0) else { continue };
            let repeated = life.auditor.books[&request.parent].requests.contains_key(&request.request_id);
            if !repeated && fits(&life.auditor.books[&request.parent], &claim) {
                return Some((life.auditor.clone(), request.clone(), claim));
            }
            life.answered(request, &claim);
        }
        None
    })
}

/// Lives until a payment run has issued what fits: the auditor before it, the sandbox, the run, what was issued.
fn payment(
    fits: impl Fn(&Books, &Run, &[pb::Remittance]) -> bool,
) -> (Auditor, &'static str, Run, Vec<pb::Remittance>) {
    live(|life, act| {
        let Act::Pay { sandbox, run } = act else {
            life.act(act.clone());
            return None;
        };
        let issued = life.house.pay(sandbox, run);
        if fits(&life.auditor.books[*sandbox], run, &issued) {
            return Some((life.auditor.clone(), *sandbox, run.clone(), issued));
        }
        life.auditor.ran(sandbox, run, &issued);
        None
    })
}

fn live<T>(mut see: impl FnMut(&mut Life, &Act) -> Option<T>) -> T {
    for seed in 0..100 {
        let mut chance = Chance::new(seed);
        let payers = [MadeUp::new(&mut chance), MadeUp::new(&mut chance)];
        let mut life = Life::begin(payers, false);
        for number in 0..ACTS {
            let act = life::next(&mut chance, number, &life.auditor.books);
            if let Some(found) = see(&mut life, &act) {
                return found;
            }
            assert_eq!(life.auditor.complaints, [""; 0], "seed {seed}");
        }
    }
    panic!("no life has what fits");
}

#[track_caller]
fn complained(auditor: &Auditor, of: &str) {
    let found = auditor.complaints.iter().any(|complaint| complaint.contains(of));
    assert!(found, "{of:?} is not among {:#?}", auditor.complaints);
}

/// Nothing is found in the true answer, and this in the doctored one.
#[track_caller]
fn finds(of: &str, fits: impl Fn(&Books, &pb::Claim) -> bool, doctor: impl Fn(&mut pb::Claim)) {
    let (auditor, request, claim) = answer(fits);
    let mut truth = auditor.clone();
    truth.answered(&request, &claim);
    assert_eq!(truth.complaints, [""; 0]);
    let (mut auditor, mut doctored) = (auditor, claim);
    doctor(&mut doctored);
    auditor.answered(&request, &doctored);
    complained(&auditor, of);
}

fn decision(claim: &mut pb::Claim) -> &mut pb::Determination {
    claim.determination.as_mut().unwrap()
}

fn adjusts(claim: &pb::Claim, at: usize, group: pb::GroupCode, carc: &str) -> bool {
    let line = claim.determination.as_ref().and_then(|decision| decision.lines.get(at));
    let mut adjustments = line.iter().flat_map(|line| &line.adjustments);
    adjustments.any(|adjustment| adjustment.group() == group && adjustment.carc == carc)
}

/// Whether the claim takes from an account that has a limit.
fn is_capped(books: &Books, claim: &pb::Claim, account: &str) -> bool {
    let entries = claim.determination.iter().flat_map(|decision| &decision.accumulator_entries);
    let mut of_account = entries.filter(|entry| entry.accumulator.starts_with(account));
    of_account.any(|entry| books.limits(entry).iter().any(|(_, _, most)| most.is_some()))
}

fn pays(_: &Books, claim: &pb::Claim) -> bool {
    claim.determination.as_ref().is_some_and(|decision| decision.lines[0].paid_cents > 0)
}

fn denies(_: &Books, claim: &pb::Claim) -> bool {
    claim.state() == pb::ClaimState::Denied
        && claim.determination.as_ref().is_some_and(|decision| decision.charge_cents > 0 && decision.account.is_none())
}

fn pays_for_a_stay(_: &Books, claim: &pb::Claim) -> bool {
    claim.determination.as_ref().and_then(|decision| decision.account.as_ref()).is_some_and(|stay| stay.paid_cents > 0)
}

/// Whether the first of them pays, and tells every claim by its lines.
fn pays_by_lines(books: &Books, run: &Run, issued: &[pb::Remittance]) -> bool {
    let on_account = |claim: &pb::RemittanceClaim| claim.determination.as_ref().is_some_and(|d| d.account.is_some());
    pays_something(books, run, issued) && !issued[0].claims.iter().any(on_account)
}

fn pays_something(_: &Books, _: &Run, issued: &[pb::Remittance]) -> bool {
    issued.first().is_some_and(|first| first.paid_cents > 0)
}

#[test]
fn a_cent_is_missed() {
    finds("charge less adjustments", pays, |claim| decision(claim).lines[0].paid_cents -= 1);
    finds("the payment is", pays, |claim| decision(claim).paid_cents += 1);
    finds("the patient responsibility", pays, |claim| decision(claim).patient_responsibility_cents += 1);
    finds("the charge is", pays, |claim| decision(claim).charge_cents += 100);
}

#[test]
fn a_stay_is_audited_on_its_account() {
    fn account(claim: &mut pb::Claim) -> &mut pb::ClaimAccount {
        decision(claim).account.as_mut().unwrap()
    }
    finds("charge less adjustments", pays_for_a_stay, |claim| account(claim).paid_cents -= 1);
    finds("allowed is", pays_for_a_stay, |claim| account(claim).allowed_cents += 1);
    finds("the adjustments", pays_for_a_stay, |claim| {
        account(claim).adjustments.push(pb::Adjustment { carc: "253".into(), ..Default::default() });
    });
    finds("a line that explains what the account does", pays_for_a_stay, |claim| {
        decision(claim).lines[1].on_account = false;
    });
    finds("whether it stands on one account", pays_for_a_stay, |claim| decision(claim).account = None);
    finds("payable", pays_for_a_stay, |claim| decision(claim).steps.last_mut().unwrap().after_cents += 1);
    let withheld = |_: &Books, claim: &pb::Claim| adjusts(claim, 0, Co, "104");
    finds("the adjustments", withheld, |claim| {
        let line = &mut decision(claim).lines[0];
        let kept = line.adjustments.iter_mut().find(|adjustment| adjustment.carc == "104").unwrap();
        kept.carc = "253".into();
    });
}

/// Every sum holds; only the plan says otherwise.
#[test]
fn what_balances_and_is_wrong_is_found() {
    let both = |_: &Books, claim: &pb::Claim| adjusts(claim, 0, Co, "45") && adjusts(claim, 0, Pr, "1");
    finds("the adjustments", both, |claim| {
        let of = |carc: &'static str| move |adjustment: &&mut pb::Adjustment| adjustment.carc == carc;
        let line = &mut decision(claim).lines[0];
        line.adjustments.iter_mut().find(of("45")).unwrap().amount_cents += 1;
        line.adjustments.iter_mut().find(of("1")).unwrap().amount_cents -= 1;
        line.patient_responsibility_cents -= 1;
        decision(claim).patient_responsibility_cents -= 1;
    });
    finds("the adjustments", denies, |claim| decision(claim).lines[0].adjustments[0].carc = "B20".into());
    finds("denied is", denies, |claim| decision(claim).lines[0].denied = false);
    finds("paid is", denies, |claim| {
        let line = &mut decision(claim).lines[0];
        line.adjustments.clear();
        line.paid_cents = line.charge_cents;
    });
    finds("the payment of a denied line", denies, |claim| decision(claim).lines[0].paid_cents = 1);
}

#[test]
fn a_maximum_that_is_passed_is_found() {
    let capped = |account: &'static str| move |books: &Books, claim: &pb::Claim| is_capped(books, claim, account);
    let more = |account: &'static str| {
        move |claim: &mut pb::Claim| {
            let mut entries = decision(claim).accumulator_entries.iter_mut();
            entries.find(|entry| entry.accumulator.starts_with(account)).unwrap().amount += 1_000_000;
        }
    };
    finds("deductible is passed", capped("deductible"), more("deductible"));
    finds("maximum is passed", capped("out_of_pocket"), more("out_of_pocket"));
    finds("the visit limit is passed", capped("visits:"), more("visits:"));
    finds("the dollar limit is passed", capped("dollars:"), more("dollars:"));
    finds("the out-of-pocket taken", capped("out_of_pocket"), |claim| {
        decision(claim).accumulator_entries.retain(|entry| entry.accumulator != "out_of_pocket");
    });
    finds("network and year", capped("deductible"), |claim| {
        decision(claim).accumulator_entries[0].year_start = "2019-01-01".into();
    });
}

#[test]
fn numbers_dates_and_steps_are_looked_at() {
    finds("the sequence", pays, |claim| {
        let last = claim.name.pop().unwrap();
        claim.name.push(if last == '9' { '1' } else { '9' });
    });
    finds("the due date", pays, |claim| claim.due_date = "2026-01-01".into());
    finds("the state", pays, |claim| claim.set_state(pb::ClaimState::Denied));
    finds("payable", pays, |claim| decision(claim).steps[0].after_cents += 1);
    finds("simulated", pays, |claim| claim.simulated = false);
    finds("why it is rejected", |_, claim| !claim.rejections.is_empty(), |claim| claim.rejections.clear());
}

#[test]
fn another_answer_to_the_same_request_is_found() {
    let (mut auditor, request, mut claim) = answer(|books, claim| pays(books, claim) && !claim.request_id.is_empty());
    auditor.answered(&request, &claim);
    auditor.answered(&request, &claim);
    assert_eq!(auditor.complaints, [""; 0]);
    decision(&mut claim).steps[0].words.push('!');
    auditor.answered(&request, &claim);
    complained(&auditor, "the same request has another answer");
}

#[test]
fn the_cash_desk_is_watched() {
    let (before, sandbox, run, truly_issued) = payment(pays_something);
    let mut truth = before.clone();
    truth.ran(sandbox, &run, &truly_issued);
    assert_eq!(truth.complaints, [""; 0]);
    let check = |of: &str, doctor: &dyn Fn(&mut Vec<pb::Remittance>)| {
        let (mut auditor, mut issued) = (before.clone(), truly_issued.clone());
        doctor(&mut issued);
        auditor.ran(sandbox, &run, &issued);
        complained(&auditor, of);
    };
    check("what is paid is", &|issued| issued[0].paid_cents += 1);
    check("the interest is", &|issued| issued[0].claims[0].interest_cents += 1);
    check("who is paid which claims", &|issued| issued.truncate(0));
    check("who is paid which claims", &|issued| issued[0].claims.truncate(0));
    check("was paid before", &|issued| {
        let mut again = issued[0].clone();
        again.name.push('9');
        issued.push(again);
    });
    check("was issued before", &|issued| issued.push(issued[0].clone()));
    check("the decision on the remittance", &|issued| {
        issued[0].claims[0].determination.as_mut().unwrap().plan.push('!');
    });
    check("provider adjustments", &|issued| {
        let adjustment = pb::ProviderAdjustment { reason_code: "WO".into(), amount_cents: 1, ..Default::default() };
        issued[0].provider_adjustments.push(adjustment);
        issued[0].paid_cents -= 1;
    });
    check("the payee", &|issued| issued[0].payee.as_mut().unwrap().payee_id.push('9'));
}

/// The run paid early because it was asked to; told that nobody asked, the auditor complains.
#[test]
fn a_payment_before_its_day_is_found() {
    let early = |books: &Books, _: &Run, issued: &[pb::Remittance]| {
        let mut claims = issued.iter().flat_map(|remittance| &remittance.claims);
        claims.any(|claim| {
            books.due[&decision_key(&claim.claim, claim.determination.as_ref())].on > books.today.to_string()
        })
    };
    let (mut auditor, sandbox, run, issued) = payment(early);
    auditor.ran(sandbox, &Run { include_not_due: false, ..run }, &issued);
    complained(&auditor, "who is paid which claims");
}

#[test]
fn a_wrong_835_is_found() {
    let (auditor, _, _, issued) = payment(pays_by_lines);
    let text = remittance_835::print(&issued[0]);
    // One segment is doctored at a time: its first amount grows by a thousand dollars.
    for (segment, amount, of) in
        [("BPR", 2, "BPR02"), ("CLP", 3, "CLP03"), ("CLP", 4, "CLP04"), ("SVC", 2, "SVC03"), ("SVC", 3, "SVC03")]
    {
        let mut done = false;
        let doctored: Vec<String> = text
            .lines()
            .map(|line| {
                let mut elements: Vec<String> = line.trim_end_matches('~').split('*').map(str::to_owned).collect();
                if elements[0] == segment && !done {
                    done = true;
                    elements[amount] = format!("1000{}", elements[amount]);
                }
                elements.join("*") + "~"
            })
            .collect();
        let mut auditor = auditor.clone();
        auditor.printed(&issued[0], &doctored.join("\n"));
        complained(&auditor, of);
    }
    let (mut cut, segments) = (auditor.clone(), text.lines().filter(|line| !line.starts_with("CAS")));
    cut.printed(&issued[0], &segments.collect::<Vec<_>>().join("\n"));
    complained(&cut, "SE01");
}

#[test]
fn a_torn_history_is_found() {
    let sandbox = super::SANDBOXES[0];
    let longest = |life: &Life| {
        let histories = &life.auditor.books[sandbox].history;
        let (lane, history) = histories.iter().max_by_key(|(_, history)| history.len())?;
        (history.len() > 1).then(|| (lane.clone(), history.clone()))
    };
    let (life, (lane, history)) =
        (3..).map(Life::of).find_map(|life| longest(&life).map(|found| (life, found))).unwrap();
    let space = life.house.payer().sandbox(&Caller::anyone(), sandbox).unwrap().read().space();
    let lane = keys::Lane(lane.parse().unwrap());
    let events = closing::events(life.house.store(), |at| keys::Chain::Family(lane).event(space, at));
    let subjects: Vec<String> = history.iter().map(|(claim, _)| claim.clone()).collect();
    let records = closing::written(life.house.store(), space, lane, &history);
    let told = |doctor: &dyn Fn(&mut Vec<payersim::proto::store::v1::Event>, &mut Vec<Bytes>)| {
        let (mut auditor, mut events, mut records) = (Auditor::default(), events.clone(), records.clone());
        doctor(&mut events, &mut records);
        auditor.chain(sandbox, &events, &subjects, &records);
        auditor
    };
    assert_eq!(told(&|_, _| {}).complaints, [""; 0]);
    complained(&told(&|events, _| events[0].time.push('0')), "the hash is");
    complained(&told(&|events, _| events[1].previous_hash = Bytes::new()), "the hash before");
    complained(&told(&|_, records| records[0] = Bytes::from_static(b"another")), "the hash of what was written");
    complained(&told(&|events, _| drop(events.remove(0))), "the subjects of a history");
}

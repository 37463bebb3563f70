//! A life: what happens to a payer, one act after the other, by chance from a seed.

use std::collections::BTreeMap;

use jiff::civil::Date;
use payersim::payer::payment_run::Run;
use payersim::proto::v1 as pb;

use super::ACTS;
use super::books::Books;
use super::chance::Chance;
use super::contest::contest;
use super::corrected::corrected;
use super::desk::at_the_desk;
use super::folder::{address, tax_id};
use super::payer::{
    Authorization, MadeUp, Member, OTHER_PAYER, PAYER_ID, PROCEDURES, Plan, UNHEARD_OF, days_after, npi,
};
use super::stay::ROOM;
use super::told::{LINE_DENIED, MARKERS};

pub const SANDBOXES: [&str; 2] = ["sandboxes/default", "sandboxes/other"];

/// Something that happens.
#[derive(Clone, Debug)]
pub enum Act {
    /// Claims, sent at once.
    Submit(Vec<pb::SubmitClaimRequest>),
    /// A message that is no claim, to be refused.
    SubmitBroken(Box<pb::SubmitClaimRequest>),
    Advance {
        sandbox: &'static str,
        days: i64,
    },
    Pay {
        sandbox: &'static str,
        run: Run,
    },
    /// A claim is taken back.
    Reverse {
        sandbox: &'static str,
        request: pb::ReverseClaimRequest,
    },
    Reset(&'static str),
    /// The sandbox's state is kept under a name, in the place of what was kept before.
    Keep(&'static str),
    /// The sandbox returns to what was kept.
    Return(&'static str),
    Restart,
    /// A reviewer decides.
    Decide {
        sandbox: &'static str,
        request: Box<pb::DecideReviewRequest>,
    },
    /// Somebody appeals.
    Appeal {
        sandbox: &'static str,
        request: Box<pb::FileAppealRequest>,
    },
    DecideAppeal {
        sandbox: &'static str,
        request: Box<pb::DecideAppealRequest>,
    },
    Withdraw {
        sandbox: &'static str,
        request: pb::WithdrawAppealRequest,
    },
    /// A second person signs, or gives the decision back.
    SignOff {
        sandbox: &'static str,
        request: pb::SignOffReviewRequest,
    },
    Authorize {
        sandbox: &'static str,
        authorization: Authorization,
    },
    /// A plan's benefits change, for decisions from now on.
    Revise {
        sandbox: &'static str,
        at: usize,
        plan: Box<Plan>,
    },
    /// A member's coverage ends, or begins again.
    ChangeCoverage {
        sandbox: &'static str,
        member: Member,
    },
}

/// The next act, given what has happened.
pub fn next(chance: &mut Chance, number: usize, all: &BTreeMap<String, Books>) -> Act {
    let sandbox = chance.pick(&SANDBOXES);
    let books = &all[sandbox];
    match chance.below(70) {
        // Towards the end clocks are turned more, so that what was put off comes to its end.
        _ if number >= ACTS - 6 && chance.one_in(2) => Act::Advance { sandbox, days: chance.pick(&[14, 30]) },
        0..=22 if chance.one_in(30) => Act::Keep(sandbox),
        0..=22 if books.kept && chance.one_in(30) => Act::Return(sandbox),
        0..=22 => Act::Submit(burst(chance, number, all)),
        23..=25 => Act::Submit(vec![again(chance, number, books)]),
        26..=28 if !books.claims.is_empty() => Act::Submit(corrections(chance, number, books)),
        26..=28 => Act::Submit(vec![request(chance, format!("r-{number}"), books)]),
        29 => {
            let mut request = visit(chance, format!("broken-{number}"), books);
            break_it(chance, &mut request);
            Act::SubmitBroken(Box::new(request))
        }
        30..=34 => Act::Advance { sandbox, days: chance.pick(&[0, 1, 3, 14, 30, 70]) },
        35..=37 => {
            let payees = books.due.values().map(|due| due.payee.clone()).collect::<Vec<_>>();
            let one = if payees.is_empty() || chance.one_in(2) { vec![] } else { vec![chance.pick(&payees)] };
            Act::Pay { sandbox, run: Run { payee_ids: one, include_not_due: chance.one_in(2) } }
        }
        38 if chance.one_in(2) => Act::Reset(sandbox),
        38 => Act::Restart,
        39 => {
            let plans = &books.payer.plans;
            let at = chance.below(plans.len());
            let mut plan = plans[at].clone();
            plan.benefits.iter_mut().for_each(|benefit| benefit.reshare(chance));
            Act::Revise { sandbox, at, plan: Box::new(plan) }
        }
        44..=49 if !books.claims.is_empty() => Act::Reverse { sandbox, request: take_back(chance, number, books) },
        60..=69 => match contest(chance, number, sandbox, books) {
            Some(act) => act,
            None => Act::Submit(burst(chance, number, all)),
        },
        50..=59 => match at_the_desk(chance, number, sandbox, books) {
            Some(act) => act,
            None => Act::Submit(burst(chance, number, all)),
        },
        40..=41 => {
            let member = chance.below(books.payer.members.len());
            Act::Authorize { sandbox, authorization: books.payer.authorize(member, chance) }
        }
        _ => {
            let member = change_coverage(chance, &books.payer, books.today);
            Act::ChangeCoverage { sandbox, member }
        }
    }
}

/// A few claims at once, of one sandbox or of both.
fn burst(chance: &mut Chance, number: usize, all: &BTreeMap<String, Books>) -> Vec<pb::SubmitClaimRequest> {
    let mut requests: Vec<pb::SubmitClaimRequest> = Vec::new();
    for _ in 0..=chance.below(5) {
        let sandbox = chance.pick(&SANDBOXES);
        // The sandboxes use the same ids: what happens in one is nothing to the other.
        let at = requests.iter().filter(|request| request.parent == sandbox).count();
        let id = if chance.one_in(6) { String::new() } else { format!("r-{number}-{at}") };
        requests.push(request(chance, id, &all[sandbox]));
    }
    if chance.one_in(6) {
        // The same request twice, in the same breath.
        requests.push(requests[0].clone());
    }
    requests
}

/// A claim of the past is corrected, or two are in the same breath: perhaps the same one twice.
fn corrections(chance: &mut Chance, number: usize, books: &Books) -> Vec<pb::SubmitClaimRequest> {
    let first = corrected(chance, format!("c-{number}"), books);
    let second = match chance.below(4) {
        0 => Some(pb::SubmitClaimRequest { request_id: format!("d-{number}"), ..first.clone() }),
        1 => Some(corrected(chance, format!("d-{number}"), books)),
        _ => None,
    };
    [first].into_iter().chain(second).collect()
}

/// An earlier request again: the same, with another body, or the same claim under another id.
fn again(chance: &mut Chance, number: usize, books: &Books) -> pb::SubmitClaimRequest {
    let known: Vec<_> = books.requests.values().map(|(request, _)| request).collect();
    if known.is_empty() {
        return request(chance, format!("r-{number}"), books);
    }
    let mut again = chance.pick(&known).clone();
    match chance.below(3) {
        0 => {}
        1 => match again.claim.as_mut().unwrap() {
            pb::submit_claim_request::Claim::Institutional(stay) => stay.patient_control_number.push('X'),
            _ => professional(&mut again).patient_control_number.push('X'),
        },
        _ if matches!(again.claim, Some(pb::submit_claim_request::Claim::Institutional(_))) => {
            again.request_id = format!("r-{number}");
        }
        _ => {
            again.request_id = format!("r-{number}");
            let claim = professional(&mut again);
            if claim.other_payers.is_empty() && chance.one_in(2) {
                claim.lines.truncate(1);
                claim.lines[0].charge_cents += chance.pick(&[0, 100]);
                claim.charge_cents = claim.lines[0].charge_cents;
            }
            if chance.one_in(2) {
                claim.authorization_number = authorization(chance, &books.payer, "", false);
            }
        }
    }
    again
}

/// A claim to be taken back: mostly one that is paid.
fn take_back(chance: &mut Chance, number: usize, books: &Books) -> pb::ReverseClaimRequest {
    let paid = |claim: &&pb::Claim| !claim.remittance.is_empty() && claim.state() != pb::ClaimState::Reversed;
    let paid: Vec<_> = books.claims.iter().filter(paid).map(|claim| claim.name.clone()).collect();
    let any = chance.pick(&books.claims).name;
    let recoupment = if chance.one_in(2) { pb::Recoupment::Deferred } else { pb::Recoupment::Immediate };
    pb::ReverseClaimRequest {
        name: if paid.is_empty() || chance.one_in(10) { any } else { chance.pick(&paid) },
        reason: "found in error".into(),
        recoupment: recoupment.into(),
        request_id: format!("b-{number}"),
        redecide: chance.one_in(2),
    }
}

/// A member whose coverage ends, or begins again after it has ended.
fn change_coverage(chance: &mut Chance, payer: &MadeUp, today: Date) -> Member {
    let mut member = chance.pick(&payer.members);
    let (plan, from, through) = *member.coverages.last().unwrap();
    let day = days_after(today, -chance.between(0, 20));
    match through {
        Some(through) if through < day => member.coverages.push((plan, day, None)),
        None if from <= day => member.coverages.last_mut().unwrap().2 = Some(day),
        _ => {}
    }
    member
}

fn professional(request: &mut pb::SubmitClaimRequest) -> &mut pb::ProfessionalClaim {
    let Some(pb::submit_claim_request::Claim::Professional(claim)) = &mut request.claim else { unreachable!() };
    claim
}

/// A message that cannot be a claim.
fn break_it(chance: &mut Chance, request: &mut pb::SubmitClaimRequest) {
    let claim = professional(request);
    match chance.below(6) {
        0 => claim.lines.clear(),
        1 => claim.charge_cents = -1,
        2 => claim.lines[0].service_date = "2026-02-31".into(),
        3 => claim.subscriber = None,
        4 => claim.lines[0].charge_cents = i64::MAX,
        _ => claim.patient_control_number = "P\u{1}".into(),
    }
}

/// A claim of somebody in the sandbox, one in six from a hospital.
fn request(chance: &mut Chance, request_id: String, books: &Books) -> pb::SubmitClaimRequest {
    let visit = visit(chance, request_id, books);
    if chance.one_in(6) { stay(chance, visit, books.today) } else { visit }
}

/// The same patient and biller, for a stay of some nights: room and board, and what was used.
fn stay(chance: &mut Chance, mut request: pb::SubmitClaimRequest, today: Date) -> pb::SubmitClaimRequest {
    let claim = std::mem::take(professional(&mut request));
    let nights = chance.between(1, 6);
    let through = day(chance, today);
    let from = days_after(through, -nights).to_string();
    let line = |code: &str, units: i64, charge_cents| pb::InstitutionalLine {
        revenue_code: code.into(),
        units: units.to_string(),
        charge_cents,
        ..Default::default()
    };
    let lines = vec![
        line(ROOM, nights, chance.between(1, 60_000)),
        line("0250", chance.between(1, 9), chance.between(1, 40_000)),
    ];
    let off = i64::from(chance.one_in(40));
    // A stay stands on one account: no line of it is denied alone.
    let number = claim.patient_control_number.replace(LINE_DENIED, "");
    let stay = pb::InstitutionalClaim {
        patient_control_number: number,
        charge_cents: lines.iter().map(|line| line.charge_cents).sum::<i64>() + off,
        type_of_bill: if chance.one_in(40) { "117" } else { "111" }.into(),
        payer_id: claim.payer_id,
        subscriber: claim.subscriber,
        patient: claim.patient,
        billing_provider: claim.billing_provider,
        statement_from: from.clone(),
        statement_through: through.to_string(),
        admission_date: from,
        admission_hour: "0830".into(),
        discharge_hour: "1115".into(),
        admission_type: "3".into(),
        admission_source: "1".into(),
        patient_status: "01".into(),
        principal_diagnosis: Some(pb::InstitutionalDiagnosis { code: "I10".into(), ..Default::default() }),
        lines,
        ..Default::default()
    };
    request.claim = Some(pb::submit_claim_request::Claim::Institutional(stay));
    request
}

/// A claim of an office, in order or not quite.
fn visit(chance: &mut Chance, request_id: String, books: &Books) -> pb::SubmitClaimRequest {
    let payer = &books.payer;
    let member = chance.pick(&payer.members);
    let billing = provider(chance, payer);
    let visit = day(chance, books.today);
    let lines: Vec<_> = (0..=chance.below(4)).map(|at| line(chance, books, &member, visit, at)).collect();
    let mut claim = pb::ProfessionalClaim {
        patient_control_number: format!("PCN{}", chance.below(40)),
        charge_cents: lines.iter().map(|line| line.charge_cents).sum(),
        place_of_service: chance.pick(&["11", "11", "11", "22", "23"]).into(),
        payer_id: PAYER_ID.into(),
        billing_provider: Some(pb::BillingProvider {
            tax_id: tax_id(&billing),
            name: Some(pb::Name { last: format!("Practice {billing}"), ..Default::default() }),
            address: Some(address()),
            npi: billing,
            ..Default::default()
        }),
        diagnoses: vec![pb::Diagnosis { code: "I10".into(), ..Default::default() }],
        authorization_number: authorization(chance, payer, &member.id, false),
        referral_number: authorization(chance, payer, &member.id, true),
        lines,
        ..Default::default()
    };
    name_patient(chance, payer, &member, &mut claim);
    if chance.one_in(if member.insured_elsewhere { 2 } else { 12 }) {
        put_second(chance, &mut claim);
    }
    if chance.one_in(3) {
        let npi = provider(chance, payer);
        claim.rendering_provider = Some(pb::ProviderReference { npi, ..Default::default() });
    }
    match chance.below(40) {
        0 => claim.payer_id = "ELSEWHERE".into(),
        1 => claim.charge_cents += 1,
        2 => claim.frequency_code = "7".into(),
        3 => claim.subscriber.as_mut().unwrap().member_id = "NOBODY".into(),
        4 => claim.subscriber.as_mut().unwrap().birth_date = "1900-01-01".into(),
        _ => {}
    }
    if chance.one_in(8) {
        claim.patient_control_number.push_str(chance.pick(&MARKERS));
    }
    let claim = Some(pb::submit_claim_request::Claim::Professional(claim));
    pb::SubmitClaimRequest { parent: books.sandbox.clone(), request_id, claim, ..Default::default() }
}

/// Puts subscriber and patient on the claim; a dependent may come under the subscriber's number or its own.
fn name_patient(chance: &mut Chance, payer: &MadeUp, member: &Member, claim: &mut pb::ProfessionalClaim) {
    let name = |member: &Member| {
        Some(pb::Name { last: member.last.clone(), first: member.first.into(), ..Default::default() })
    };
    let own_number = member.id == member.subscriber || chance.one_in(4);
    let head = if own_number { member } else { payer.member(&member.subscriber).unwrap() };
    claim.subscriber = Some(pb::Subscriber {
        member_id: head.id.clone(),
        name: name(head),
        birth_date: head.birth.to_string(),
        ..Default::default()
    });
    if !own_number {
        claim.patient = Some(pb::Patient {
            name: name(member),
            birth_date: member.birth.to_string(),
            relationship_code: "19".into(),
            ..Default::default()
        });
    }
}

/// Makes another payer come first, which has decided every line or none.
fn put_second(chance: &mut Chance, claim: &mut pb::ProfessionalClaim) {
    claim.subscriber.as_mut().unwrap().payer_responsibility = "S".into();
    if chance.one_in(4) {
        return;
    }
    let adjustment = |group: pb::GroupCode, carc: &str, amount_cents| pb::Adjustment {
        group: group.into(),
        carc: carc.into(),
        amount_cents,
        ..Default::default()
    };
    for line in &mut claim.lines {
        let written_off = chance.between(0, line.charge_cents);
        let paid = chance.between(0, line.charge_cents - written_off);
        let patient = line.charge_cents - written_off - paid;
        line.other_payers = vec![pb::OtherPayerLine {
            payer_id: OTHER_PAYER.into(),
            paid_cents: paid,
            procedure_code: line.procedure_code.clone(),
            adjustments: vec![
                adjustment(pb::GroupCode::Co, "45", written_off),
                adjustment(pb::GroupCode::Pr, chance.pick(&["1", "2"]), patient),
            ],
            ..Default::default()
        }];
    }
    claim.other_payers = vec![pb::OtherPayer {
        payer_id: OTHER_PAYER.into(),
        payer_responsibility: "P".into(),
        paid_cents: Some(claim.lines.iter().flat_map(|line| &line.other_payers).map(|line| line.paid_cents).sum()),
        ..Default::default()
    }];
}

fn line(chance: &mut Chance, books: &Books, member: &Member, visit: Date, at: usize) -> pb::ServiceLine {
    let (code, _) = chance.pick(&PROCEDURES);
    let from = if chance.one_in(3) { day(chance, books.today) } else { visit };
    let modifiers: &[&str] = match chance.below(10) {
        0 => &["25"],
        1 => &["59"],
        2 => &["76", "25"],
        _ => &[],
    };
    let number = |chance: &mut Chance, referral| match chance.one_in(5) {
        true => authorization(chance, &books.payer, &member.id, referral),
        false => String::new(),
    };
    pb::ServiceLine {
        line_control_number: format!("L{at}"),
        procedure_code: if chance.one_in(30) { UNHEARD_OF } else { code }.into(),
        modifiers: modifiers.iter().map(|modifier| (*modifier).to_owned()).collect(),
        charge_cents: if chance.one_in(4) { 10_000 } else { chance.between(0, 25_000) },
        units: chance.pick(&["1", "1", "1", "2", "3"]).into(),
        place_of_service: chance.pick(&["", "", "", "11", "22", "23"]).into(),
        diagnosis_pointers: vec![1],
        service_date: from.to_string(),
        service_end_date: if chance.one_in(10) { days_after(from, 1).to_string() } else { String::new() },
        emergency: chance.one_in(25),
        rendering_provider: chance.one_in(6).then(|| {
            let npi = provider(chance, &books.payer);
            pb::ProviderReference { npi, ..Default::default() }
        }),
        authorization_number: number(chance, false),
        referral_number: number(chance, true),
        ..Default::default()
    }
}

/// One of few days, so that services meet; sometimes of long ago, sometimes not come yet.
fn day(chance: &mut Chance, today: Date) -> Date {
    match chance.below(60) {
        0 => days_after(today, 1),
        1..=4 => days_after(today, -chance.between(40, 200)),
        _ => days_after(today, -chance.between(0, 4)),
    }
}

/// A provider that the payer knows, or a stranger.
fn provider(chance: &mut Chance, payer: &MadeUp) -> String {
    if chance.one_in(8) {
        npi(299_999_999)
    } else {
        payer.providers[chance.pick(&[0, 0, 0, 0, 1, 2, 2, 2, 2, 3, 4])].npi.clone()
    }
}

/// A number of an authorization or referral: mostly one of the member's, sometimes another's, sometimes none.
fn authorization(chance: &mut Chance, payer: &MadeUp, member: &str, referral: bool) -> String {
    let fits = |found: &&Authorization| member.is_empty() || (found.member == member && found.referral == referral);
    let own: Vec<String> = payer.authorizations.iter().filter(fits).map(|found| found.number.clone()).collect();
    match chance.below(6) {
        0 => String::new(),
        1 if chance.one_in(3) => "AU999".into(),
        _ if own.is_empty() => String::new(),
        _ => chance.pick(&own),
    }
}

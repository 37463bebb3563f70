//! The explanation of benefits: what was charged, allowed and paid, and what the member may owe. For Original Medicare in the manner of
//! its summary notice.

use super::denial;
use super::parts::{amount, cents, empty, heading, paragraph, rights, row, table, text, total};
use super::reasons::Notes;
use super::rights as ways;
use super::scene::{Scene, Service};
use crate::letters::{long_date, money, telephone};
use crate::proto::v1 as pb;

/// Reasons of what the patient bears that have a column of their own: copay, deductible, coinsurance.
const SHARES: [&str; 3] = ["3", "1", "2"];
/// What other payers paid or took off.
const OTHER_PAYERS: &str = "23";
/// Types of bill that Medicare pays under Part A: stays in hospitals and skilled nursing facilities, home health, hospice.
const PART_A: [&str; 8] = ["11", "18", "21", "28", "32", "81", "82", "41"];

/// The body, for a decided claim; `progress` tells of deductibles and maxima.
pub(super) fn body(scene: &Scene<'_>, progress: Option<pb::LetterBlock>) -> Vec<pb::LetterBlock> {
    let Some(told) = scene.told() else { return Vec::new() };
    let services = scene.services();
    let notes = Notes::of(&services);
    let medicare = scene.medicare();
    let mut blocks = vec![
        paragraph(opening(scene, medicare)),
        amount(owes(medicare), told.patient_responsibility_cents, note_on_amount(scene)),
        heading("What was charged and what we paid"),
        what_was_paid(told, &services, &notes, medicare),
    ];
    blocks.extend(paid_when(scene, told));
    blocks.extend(notes.table());
    blocks.push(heading("What you may owe, and why"));
    blocks.push(what_is_owed(told, &services));
    if medicare {
        blocks.extend(denial::why(scene));
    }
    if let Some(progress) = progress {
        blocks.push(heading("Your deductible and your out-of-pocket maximum"));
        blocks.push(progress);
    }
    blocks.push(heading("If you do not agree"));
    if services.iter().any(|service| service.denied) && !medicare {
        let words = "Services of this claim were denied. A letter of its own tells why, what the decision rests on, and all your rights.";
        blocks.push(paragraph(words));
    }
    blocks.push(rights(ways::first_way(scene)));
    blocks.push(heading("Questions, and what looks wrong"));
    blocks.push(paragraph(questions(scene)));
    blocks
}

/// The title.
pub(super) fn title(scene: &Scene<'_>) -> String {
    if !scene.medicare() {
        return "Explanation of Benefits".to_owned();
    }
    let bill = scene.history.claim.billed.as_ref().map_or("", |billed| billed.type_of_bill());
    let part = if PART_A.iter().any(|start| bill.starts_with(start)) { "A" } else { "B" };
    format!("Summary Notice for Medicare Part {part}")
}

fn opening(scene: &Scene<'_>, medicare: bool) -> String {
    let provider = scene.provider();
    let what = format!("This is not a bill. It tells how we decided the claim that {provider} sent us");
    match medicare {
        true => format!("{what}. It is about this claim alone; it is also the notice of our initial determination."),
        false => format!("{what}, what we paid, and what you may owe."),
    }
}

fn owes(medicare: bool) -> &'static str {
    if medicare { "The most you may be billed" } else { "What you may owe" }
}

fn note_on_amount(scene: &Scene<'_>) -> String {
    let provider = scene.provider();
    let told = match scene.history.claim.billed.as_ref() {
        Some(pb::claim::Billed::Professional(claim)) => claim.patient_paid_cents,
        _ => 0,
    };
    let paid = match told {
        0 => "What you have paid counts toward it.".to_owned(),
        cents => format!("The claim says that you have paid {} already; that counts toward it.", money(cents)),
    };
    format!("Pay {provider}, not us, and not before it bills you. {paid}")
}

/// Line by line: charge, allowed, paid, share.
fn what_was_paid(told: &pb::Determination, services: &[Service<'_>], notes: &Notes, medicare: bool) -> pb::LetterBlock {
    let others = services.iter().any(|service| of_others(service) != 0);
    let mut columns = match medicare {
        true => vec!["Service", "Date", "Approved?", "$Charged", "$Medicare-approved", "$Medicare paid"],
        false => vec!["Service", "Date", "$Charged", "$Allowed", "$We paid"],
    };
    if others {
        columns.insert(columns.len() - 1, "$Other payers");
    }
    columns.extend([if medicare { "$Most you may be billed" } else { "$You may owe" }, "Notes"]);
    let line = |service: &Service<'_>| {
        let mut cells = vec![text(&service.words), text(long_date(&service.day))];
        if medicare {
            cells.push(text(if service.denied { "No" } else { "Yes" }));
        }
        cells.push(cents(service.charge_cents));
        if service.on_account {
            cells.extend((0..3 + usize::from(others)).map(|_| empty()));
            cells.push(text("see the last line"));
        } else {
            cells.push(cents(service.allowed_cents));
            cells.extend(others.then(|| cents(of_others(service))));
            cells.extend([cents(service.paid_cents), cents(service.patient_cents), text(notes.letters(service))]);
        }
        row(cells)
    };
    let mut rows: Vec<pb::LetterRow> = services.iter().map(line).collect();
    let mut sum = vec![text("Total"), empty()];
    sum.extend(medicare.then(empty));
    sum.extend([cents(told.charge_cents), cents(told.allowed_cents)]);
    sum.extend(others.then(|| cents(services.iter().map(of_others).sum())));
    sum.extend([cents(told.paid_cents), cents(told.patient_responsibility_cents), empty()]);
    rows.push(total(sum));
    table("Service by service", &columns, rows)
}

fn of_others(service: &Service<'_>) -> i64 {
    let of_others = service.adjustments.iter().filter(|adjustment| adjustment.carc == OTHER_PAYERS);
    of_others.map(|adjustment| adjustment.amount_cents).sum()
}

/// What the patient bears of a service: copay, deductible, coinsurance, and the rest.
fn shares(service: &Service<'_>) -> [i64; 4] {
    let borne = service.adjustments.iter().filter(|adjustment| adjustment.group() == pb::GroupCode::Pr);
    borne.fold([0; 4], |mut sums, adjustment| {
        let at = SHARES.iter().position(|carc| *carc == adjustment.carc).unwrap_or(SHARES.len());
        if let Some(sum) = sums.get_mut(at) {
            *sum += adjustment.amount_cents;
        }
        sums
    })
}

fn what_is_owed(told: &pb::Determination, services: &[Service<'_>]) -> pb::LetterBlock {
    if services.iter().flat_map(shares).all(|share| share == 0) {
        return paragraph("You owe nothing by this decision.");
    }
    let columns = [
        "Service",
        "$Copay",
        "$Deductible",
        "$Coinsurance",
        "$Not covered or above the allowed amount",
        "$You may owe",
    ];
    let borne = |service: &&Service<'_>| shares(service).iter().any(|share| *share != 0);
    let line = |service: &Service<'_>| {
        let shares = shares(service);
        let own = shares.into_iter().chain([shares.iter().sum()]).map(cents);
        row([text(service.phrase())].into_iter().chain(own).collect())
    };
    let mut rows: Vec<pb::LetterRow> = services.iter().filter(borne).map(line).collect();
    let column = |at: usize| services.iter().filter_map(|service| shares(service).get(at).copied()).sum::<i64>();
    let sums = (0..4).map(column).chain([told.patient_responsibility_cents]).map(cents);
    rows.push(total([text("Total")].into_iter().chain(sums).collect()));
    table("Your share", &columns, rows)
}

/// The payment, with what a bank or the provider finds it by.
fn paid_when(scene: &Scene<'_>, told: &pb::Determination) -> Option<pb::LetterBlock> {
    let paid = scene.decision.told.as_ref().filter(|_| told.paid_cents > 0)?;
    let (payee, day) = (scene.payee().name, long_date(&paid.paid_date));
    let how = match paid.payment_method.as_str() {
        "ACH" => " by electronic transfer",
        "CHK" => " by check",
        _ => "",
    };
    let (amount, trace) = (money(told.paid_cents), &paid.trace_number);
    Some(paragraph(format!("We paid {amount} to {payee} on {day}{how}, with trace number {trace}.")))
}

fn questions(scene: &Scene<'_>) -> String {
    let payer = scene.payer();
    let call = if payer.phone.is_empty() { String::new() } else { format!(" at {}", telephone(&payer.phone)) };
    format!(
        "Ask {}{call}; have the claim number at hand. If you did not receive a service that stands here, or do not know its \
         provider, tell us: it may be a mistake, or fraud. We tell you on request, and free of charge, the diagnosis and treatment codes of this claim and what they \
         mean.",
        payer.name
    )
}

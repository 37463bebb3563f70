//! A claim and its decision as a person reads them: line by line, each adjustment in words with its codes, and why.

use std::io::{self, Write};

use comfy_table::{Cell, Row};

use super::output::{Out, Tone, dollars, toned};
use crate::proto::BilledLine;
use crate::proto::v1::claim::Billed;
use crate::proto::v1::{
    Adjustment, Claim, ClaimAccount, ClaimState, Determination, LineDetermination, Name, Rejection, Step, StepOutcome,
    UnitOfService,
};

/// Prints one claim.
pub(super) fn print(out: &mut Out, claim: &Claim) -> io::Result<()> {
    heading(out, claim)?;
    for rejection in &claim.rejections {
        writeln!(out, "  {}", rejection_in_words(rejection))?;
    }
    let what = if claim.state() == ClaimState::Void { "voids" } else { "replaces" };
    for (what, other) in [(what, &claim.replaces), ("stands no longer: see", &claim.replaced_by)] {
        if !other.is_empty() {
            writeln!(out, "  {what} {}", last_part(other))?;
        }
    }
    let Some(determination) = claim.determination.as_ref().filter(|_| claim.state() != ClaimState::Void) else {
        return Ok(());
    };
    let lines = claim.billed.as_ref().map(Billed::lines).unwrap_or_default();
    let rows = determination.lines.iter().map(|line| line_row(&lines, line));
    let account = determination.account.as_ref().map(|account| account_row(claim, account));
    let rows = rows.chain(account).chain([totals_row(determination)]).collect();
    let header = ["line", "procedure", "on", "charge", "allowed", "adjustments", "patient", "paid"];
    out.table(&header, &["line", "charge", "allowed", "patient", "paid"], rows)?;
    for step in &determination.steps {
        if let Some(words) = why(step) {
            writeln!(out, "  {words}")?;
        }
    }
    for reversal in &claim.reversals {
        let carried = match reversal.remittance.as_str() {
            "" if reversal.unreported => "no remittance had told it".to_owned(),
            "" => format!("due {}", reversal.due_date),
            name => format!("on remittance {}", last_part(name)),
        };
        let paid = reversal.reversed.as_ref().map_or(0, |reversed| reversed.paid_cents);
        writeln!(
            out,
            "  reversed {}: {} taken back, {carried}: {}",
            reversal.reversed_date,
            dollars(paid),
            reversal.reason
        )?;
    }
    if !determination.pend_reason.is_empty() {
        writeln!(out, "  waits: {}", determination.pend_reason)?;
    }
    Ok(())
}

/// The first line of a claim: where it stands, its numbers, the patient, the plan.
pub(super) fn heading(out: &mut Out, claim: &Claim) -> io::Result<()> {
    let state = if claim.estimate {
        format!("ESTIMATE: {}", state_name(claim.state()))
    } else {
        state_name(claim.state()).to_owned()
    };
    let state = out.paint(tone(claim.state()), &state);
    let number = if claim.control_number.is_empty() { &claim.name } else { &claim.control_number };
    let mut parts = vec![format!("{state} {number}").trim_end().to_owned()];
    if let Some(billed) = &claim.billed {
        parts.push(format!("your number {}", billed.patient_control_number()));
        parts.push(format!("{} ({})", patient_name(billed), billed.member_id()));
        if !billed.type_of_bill().is_empty() {
            let (from, through) = billed.service_days();
            parts.push(format!("bill {} of {from} to {through}", billed.type_of_bill()));
        }
    }
    if let Some(paid) = claim.determination.as_ref().and_then(|determination| determination.facility_payment.as_ref())
        && !paid.drg.is_empty()
    {
        let weight = if paid.drg_weight.is_empty() { String::new() } else { format!(" of weight {}", paid.drg_weight) };
        parts.push(format!("DRG {}{weight}", paid.drg));
    }
    if let Some(determination) = claim.determination.as_ref().filter(|found| !found.plan.is_empty()) {
        let network = match determination.network.as_str() {
            "" => String::new(),
            "in" => ", in network".to_owned(),
            "out" => ", out of network".to_owned(),
            tier => format!(", in the tier {tier}"),
        };
        parts.push(format!("plan {}{network}", determination.plan));
    }
    match (&claim.remittance, &claim.due_date) {
        (remittance, _) if !remittance.is_empty() => parts.push(format!("on remittance {}", last_part(remittance))),
        (_, due) if !due.is_empty() => parts.push(format!("due {due}")),
        _ => {}
    }
    writeln!(out, "{}", parts.join("  "))
}

fn line_row(lines: &[BilledLine], line: &LineDetermination) -> Row {
    let at = usize::try_from(line.line).ok().and_then(|number| number.checked_sub(1));
    let billed = at.and_then(|at| lines.get(at)).copied().unwrap_or_default();
    if line.on_account {
        let mut row = Row::from(vec![line.line.to_string(), service(&billed), billed.service_date.to_owned()]);
        row.add_cell(Cell::new(dollars(line.charge_cents)));
        ["", "with the whole claim, below", "", ""].iter().for_each(|text| {
            row.add_cell(Cell::new(text));
        });
        return row;
    }
    let adjustments: Vec<String> = line.adjustments.iter().map(adjustment_in_words).collect();
    let paid = dollars(line.paid_cents);
    Row::from(vec![
        Cell::new(line.line),
        Cell::new(service(&billed)),
        Cell::new(billed.service_date),
        Cell::new(dollars(line.charge_cents)),
        Cell::new(dollars(line.allowed_cents)),
        Cell::new(adjustments.join("\n")),
        Cell::new(dollars(line.patient_responsibility_cents)),
        if line.denied { toned(paid, Tone::Bad) } else { Cell::new(paid) },
    ])
}

/// Revenue code, procedure, modifiers, units: `0450 99284 25 ×2`.
pub(super) fn service(billed: &BilledLine) -> String {
    let units = match (billed.units, billed.unit_of_service) {
        (minutes, UnitOfService::Minutes) => format!(" {minutes} min"),
        ("1", UnitOfService::Days) => " 1 day".to_owned(),
        (days, UnitOfService::Days) => format!(" {days} days"),
        ("" | "1", _) => String::new(),
        (units, _) => format!(" ×{units}"),
    };
    let codes =
        [billed.revenue_code, billed.procedure_code].into_iter().chain(billed.modifiers.iter().map(String::as_str));
    let codes: Vec<&str> = codes.filter(|code| !code.is_empty()).collect();
    format!("{}{units}", codes.join(" "))
}

/// What is decided on the claim as a whole.
fn account_row(claim: &Claim, account: &ClaimAccount) -> Row {
    let adjustments: Vec<String> = account.adjustments.iter().map(adjustment_in_words).collect();
    let paid = dollars(account.paid_cents);
    Row::from(vec![
        Cell::new("claim"),
        Cell::new(&account.benefit),
        Cell::new(claim.billed.as_ref().map_or("", |billed| billed.service_days().0)),
        Cell::new(dollars(account.charge_cents)),
        Cell::new(dollars(account.allowed_cents)),
        Cell::new(adjustments.join("\n")),
        Cell::new(dollars(account.patient_responsibility_cents)),
        if account.denied { toned(paid, Tone::Bad) } else { Cell::new(paid) },
    ])
}

fn totals_row(total: &Determination) -> Row {
    Row::from(vec![
        String::new(),
        "total".into(),
        String::new(),
        dollars(total.charge_cents),
        dollars(total.allowed_cents),
        String::new(),
        dollars(total.patient_responsibility_cents),
        dollars(total.paid_cents),
    ])
}

/// `CO-45 41.22 above the contracted fee (N130)`.
pub(super) fn adjustment_in_words(adjustment: &Adjustment) -> String {
    let remarks =
        if adjustment.rarcs.is_empty() { String::new() } else { format!(" ({})", adjustment.rarcs.join(", ")) };
    let reason = reason(adjustment);
    format!("{reason} {} {}{remarks}", dollars(adjustment.amount_cents), adjustment.words).replace("  ", " ")
}

/// `CO-45`.
pub(super) fn reason(adjustment: &Adjustment) -> String {
    format!("{}-{}", adjustment.group().as_str_name().trim_start_matches("GROUP_CODE_"), adjustment.carc)
}

/// A denial, in the words of the step that made it.
fn why(step: &Step) -> Option<String> {
    let outcome = match step.outcome() {
        StepOutcome::Denied => "denied",
        StepOutcome::Pended => "pended",
        _ => return None,
    };
    let place = if step.line == 0 { "claim".to_owned() } else { format!("line {}", step.line) };
    let authority = step.authority.first().map_or(String::new(), |citation| format!("; {}", citation.title));
    Some(format!("{place} {outcome}: {} [{}{authority}]", step.words, step.id))
}

/// A 277CA status in words: `A7:178 line 2, billing provider: …`.
pub(super) fn rejection_in_words(rejection: &Rejection) -> String {
    let category = match rejection.category_code.as_str() {
        "A3" => "returned as unprocessable",
        "A6" => "missing information",
        "A7" => "invalid information",
        "A8" => "conflicting information",
        _ => "rejected",
    };
    let entity = match rejection.entity_code.as_str() {
        "" => "",
        "41" => ", submitter",
        "40" => ", receiver",
        "85" => ", billing provider",
        "82" => ", rendering provider",
        "71" => ", attending provider",
        "72" => ", operating physician",
        "ZZ" => ", other operating physician",
        "DN" => ", referring provider",
        "77" => ", service facility",
        "IL" => ", subscriber",
        "QC" => ", patient",
        "PR" => ", payer",
        _ => ", another party",
    };
    let codes = [&rejection.category_code, &rejection.status_code, &rejection.entity_code];
    let codes: Vec<&str> = codes.into_iter().map(String::as_str).filter(|code| !code.is_empty()).collect();
    let line = if rejection.line == 0 { String::new() } else { format!(", line {}", rejection.line) };
    let field = if rejection.field.is_empty() { String::new() } else { format!(" [{}]", rejection.field) };
    format!("{} {category}{entity}{line}: {}{field}", codes.join(":"), rejection.words)
}

/// Who was treated: `Muster, Max`.
pub(super) fn patient_name(billed: &Billed) -> String {
    billed.patient_name().map(person_name).unwrap_or_default()
}

/// `Muster, Max`; an organisation's name alone.
pub(super) fn person_name(name: &Name) -> String {
    if name.first.is_empty() { name.last.clone() } else { format!("{}, {}", name.last, name.first) }
}

/// `DENIED`.
pub(super) fn state_name(state: ClaimState) -> &'static str {
    state.as_str_name().trim_start_matches("CLAIM_STATE_")
}

/// The colour of a state.
pub(super) fn tone(state: ClaimState) -> Tone {
    match state {
        ClaimState::Allowed => Tone::Good,
        ClaimState::Denied | ClaimState::Rejected => Tone::Bad,
        ClaimState::Pended | ClaimState::Reversed | ClaimState::Closed | ClaimState::Void | ClaimState::Unspecified => {
            Tone::Waiting
        }
    }
}

/// A state in its colour, and words behind it.
pub(super) fn toned_state(state: ClaimState, words: &str) -> Cell {
    toned(format!("{} {words}", state_name(state)), tone(state))
}

/// What stands behind the last slash of a name.
pub(super) fn last_part(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proto::v1::GroupCode;

    #[test]
    fn an_adjustment_says_who_is_liable_how_much_and_why() {
        let adjustment = Adjustment {
            group: GroupCode::Co.into(),
            carc: "16".into(),
            amount_cents: 4122,
            rarcs: vec!["M76".into()],
            words: "no such diagnosis".into(),
            ..Default::default()
        };
        assert_eq!(adjustment_in_words(&adjustment), "CO-16 41.22 no such diagnosis (M76)");
    }

    #[test]
    fn a_rejection_says_whose_fault_and_where() {
        let rejection = Rejection {
            category_code: "A7".into(),
            status_code: "562".into(),
            entity_code: "85".into(),
            words: "the check digit fails".into(),
            field: "professional.billing_provider.npi".into(),
            line: 0,
        };
        assert_eq!(
            rejection_in_words(&rejection),
            "A7:562:85 invalid information, billing provider: the check digit fails [professional.billing_provider.npi]"
        );
    }

    // A denied line names the edit and what it rests on; the lines below a claim answer "why".
    #[test]
    fn a_denied_claim_is_printed_with_its_reason() {
        let claim: Claim = crate::client::messages::typed_from_json(
            "Claim",
            serde_json::json!({
                "control_number": "7-0001", "state": "DENIED",
                "professional": { "patient_control_number": "VISIT-1", "lines": [{ "procedure_code": "70499", "units": "2" }] },
                "determination": {
                    "charge_cents": 10000,
                    "lines": [{ "line": 1, "charge_cents": 10000, "denied": true,
                        "adjustments": [{ "group": "CO", "carc": "181", "amount_cents": 10000, "words": "not valid on the day" }] }],
                    "steps": [{ "id": "invalid-procedure", "line": 1, "outcome": "DENIED", "words": "70499 is not a code",
                        "authority": [{ "title": "45 CFR 162.1002" }] }]
                }
            }),
        )
        .unwrap();
        let (mut out, text) = Out::captured();
        print(&mut out, &claim).unwrap();
        let text = String::from_utf8(text.lock().unwrap().clone()).unwrap();
        for part in [
            "DENIED 7-0001  your number VISIT-1",
            "70499 ×2",
            "CO-181 100.00 not valid on the day",
            "line 1 denied: 70499 is not a code [invalid-procedure; 45 CFR 162.1002]",
        ] {
            assert!(text.contains(part), "{part:?} is missing in\n{text}");
        }
    }
}

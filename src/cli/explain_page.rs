//! The page that explains a claim: for each line why it came out so, who bears it, the money from charge to payment, and the
//! steps with what they looked at.

use std::io::{self, Write};

use super::decision::{adjustment_in_words, heading, reason, rejection_in_words, service};
use super::output::{Out, Tone, dollars};
use crate::adjudication::edits::TABLE;
use crate::domain::codes::Group;
use crate::proto::v1::{
    Adjustment, Claim, ClaimState, Determination, ExplainClaimResponse, GroupCode, Step, StepOutcome,
};

/// Width of text that is broken into lines.
const WIDTH: usize = 116;

/// Prints the page.
pub(super) fn print(out: &mut Out, explained: &ExplainClaimResponse) -> io::Result<()> {
    let Some(claim) = &explained.claim else { return Ok(()) };
    heading(out, claim)?;
    for rejection in &claim.rejections {
        writeln!(out, "  turned away, not decided: {}", rejection_in_words(rejection))?;
    }
    let Some(determination) = &claim.determination else {
        let words = "Nothing was decided and nothing can be appealed: mend the claim and send it anew.";
        return writeln!(out, "  {words}");
    };
    if !determination.pend_reason.is_empty() {
        let waits = out.paint(Tone::Waiting, "waits");
        writeln!(out, "  {waits}: {}. Nothing is paid, and nobody owes anything yet.", determination.pend_reason)?;
    }
    for part in parts(claim, determination) {
        writeln!(out)?;
        print_part(out, &part, &explained.steps)?;
    }
    let of_claim: Vec<&Step> = explained.steps.iter().filter(|step| step.line == 0).collect();
    if !of_claim.is_empty() && determination.account.is_none() {
        writeln!(out)?;
        writeln!(out, "{}", out.paint(Tone::Heading, "of the claim as a whole"))?;
        print_steps(out, &of_claim)?;
    }
    writeln!(out)?;
    print_totals(out, claim, determination)?;
    let again = if explained.reproduced { "the same determination, byte for byte" } else { "another determination" };
    let told = format!("decided again from what was known then: {again}");
    writeln!(out, "{}", out.paint(Tone::Dim, &told))
}

/// A line, or the account of the whole claim.
struct Part<'a> {
    /// One-based; 0: the claim.
    line: i32,
    title: String,
    charge: i64,
    allowed: i64,
    paid: i64,
    owes: i64,
    denied: bool,
    waits: bool,
    adjustments: &'a [Adjustment],
    rarcs: &'a [String],
}

fn parts<'a>(claim: &Claim, determination: &'a Determination) -> Vec<Part<'a>> {
    let billed = claim.billed.as_ref().map(|billed| billed.lines()).unwrap_or_default();
    let waits = claim.state() == ClaimState::Pended;
    let mut parts = Vec::new();
    if let Some(account) = &determination.account {
        parts.push(Part {
            line: 0,
            title: "the whole claim, on one account".to_owned(),
            charge: account.charge_cents,
            allowed: account.allowed_cents,
            paid: account.paid_cents,
            owes: account.patient_responsibility_cents,
            denied: account.denied,
            waits,
            adjustments: &account.adjustments,
            rarcs: &determination.rarcs,
        });
    }
    for line in &determination.lines {
        let at = usize::try_from(line.line).ok().and_then(|number| number.checked_sub(1));
        let sent = at.and_then(|at| billed.get(at)).copied().unwrap_or_default();
        let whole = if line.on_account { ", within the account" } else { "" };
        parts.push(Part {
            line: line.line,
            title: format!("line {}  {}  of {}{whole}", line.line, service(&sent), sent.service_date),
            charge: line.charge_cents,
            allowed: line.allowed_cents,
            paid: line.paid_cents,
            owes: line.patient_responsibility_cents,
            denied: line.denied && !line.on_account,
            waits,
            adjustments: if line.on_account { &[] } else { &line.adjustments },
            rarcs: &determination.rarcs,
        });
    }
    parts
}

fn print_part(out: &mut Out, part: &Part<'_>, steps: &[Step]) -> io::Result<()> {
    let title = out.paint(Tone::Heading, &part.title);
    writeln!(out, "{title}  {}", headline(out, part))?;
    let of_part: Vec<&Step> = steps.iter().filter(|step| step.line == part.line).collect();
    for step in of_part.iter().filter(|step| matches!(step.outcome(), StepOutcome::Denied | StepOutcome::Pended)) {
        wrapped(out, "  ", &step.words)?;
    }
    if part.denied
        && let Some(first) = part.adjustments.first()
    {
        wrapped(out, "  ", &who_bears_it(first))?;
    }
    if !part.adjustments.is_empty() && !part.waits {
        ladder(out, part)?;
    }
    print_steps(out, &of_part)
}

/// What became of it, in one glance.
fn headline(out: &Out, part: &Part<'_>) -> String {
    if part.waits {
        return out.paint(Tone::Waiting, "waits");
    }
    if part.denied
        && let Some(first) = part.adjustments.first()
    {
        let whole = if part.line == 0 { part.rarcs.iter() } else { [].iter() };
        let remarks: Vec<&str> = first.rarcs.iter().chain(whole).map(String::as_str).collect();
        let remarks = if remarks.is_empty() { String::new() } else { format!(" with {}", remarks.join(", ")) };
        return out.paint(Tone::Bad, &format!("denied {}{remarks}: {}", reason(first), first.words));
    }
    if part.adjustments.is_empty() && part.charge != part.paid {
        return String::new();
    }
    let owes = if part.owes == 0 { String::new() } else { format!(", the patient owes {}", dollars(part.owes)) };
    out.paint(Tone::Good, &format!("paid {}{owes}", dollars(part.paid)))
}

/// Who bears a denied charge, and why: by the rule's own clause where it is one of this program.
fn who_bears_it(adjustment: &Adjustment) -> String {
    let (group, who) = match adjustment.group() {
        GroupCode::Co => (Group::ContractualObligation, "The provider bears it and may not bill the patient (CO)"),
        GroupCode::Pr => (Group::PatientResponsibility, "The patient owes it (PR)"),
        GroupCode::Oa => (Group::OtherAdjustment, "Neither provider nor patient owes it (OA)"),
        GroupCode::Pi | GroupCode::Unspecified => {
            (Group::PayerInitiated, "The payer took it off without a contract behind it (PI)")
        }
    };
    let of_edit = TABLE.iter().find(|edit| edit.id == adjustment.step);
    let mut reasons = of_edit.iter().flat_map(|edit| edit.reasons);
    let clause = reasons.find(|reason| reason.group == group && reason.carc.as_str() == adjustment.carc);
    clause.map_or_else(|| format!("{who}."), |reason| format!("{who}: {}.", reason.liable))
}

/// The money from charge to payment, a rung for each adjustment.
fn ladder(out: &mut Out, part: &Part<'_>) -> io::Result<()> {
    let words: Vec<(String, i64)> = part
        .adjustments
        .iter()
        .map(|adjustment| {
            let told = adjustment_in_words(adjustment);
            let amount = format!(" {} ", dollars(adjustment.amount_cents));
            (told.replacen(&amount, " ", 1), adjustment.amount_cents)
        })
        .collect();
    let width = words.iter().map(|(words, _)| words.chars().count()).max().unwrap_or(0).max(20);
    let mut rung =
        |sign: char, words: &str, cents: i64| writeln!(out, "    {sign} {words:<width$} {:>12}", dollars(cents));
    rung(' ', "charge", part.charge)?;
    let (mut left, mut told) = (part.charge, part.denied);
    for (adjustment, (words, amount)) in part.adjustments.iter().zip(&words) {
        if !told && left == part.allowed && adjustment.step != "pricing" && left != part.charge {
            rung('=', "allowed", left)?;
            told = true;
        }
        rung('−', words, *amount)?;
        left -= amount;
    }
    rung('=', "paid", left)
}

fn print_steps(out: &mut Out, steps: &[&Step]) -> io::Result<()> {
    for step in steps {
        let outcome = step.outcome().as_str_name().trim_start_matches("STEP_OUTCOME_").to_lowercase();
        let tone = match step.outcome() {
            StepOutcome::Denied | StepOutcome::Rejected => Tone::Bad,
            StepOutcome::Pended | StepOutcome::Overtaken => Tone::Waiting,
            StepOutcome::Adjusted => Tone::Good,
            _ => Tone::Dim,
        };
        let outcome = out.paint(tone, &format!("{outcome:<9}"));
        let money = match step.before_cents == step.after_cents {
            true => String::new(),
            false => format!("  {} → {}", dollars(step.before_cents), dollars(step.after_cents)),
        };
        let id = if step.policy_id.is_empty() { &step.id } else { &step.policy_id };
        writeln!(out, "  • {id:<22} {outcome}{money}")?;
        wrapped(out, "      ", &step.words)?;
        let inputs: Vec<String> = step.inputs.iter().map(|input| format!("{}: {}", input.name, input.value)).collect();
        if !inputs.is_empty() {
            dimmed(out, &format!("looked at {}", inputs.join(" · ")))?;
        }
        for citation in &step.authority {
            let link = if citation.href.is_empty() { String::new() } else { format!(" <{}>", citation.href) };
            dimmed(out, &format!("by {}{link}", citation.title))?;
        }
    }
    Ok(())
}

fn print_totals(out: &mut Out, claim: &Claim, total: &Determination) -> io::Result<()> {
    let money = format!(
        "charged {}, allowed {}, the patient owes {}, paid {}",
        dollars(total.charge_cents),
        dollars(total.allowed_cents),
        dollars(total.patient_responsibility_cents),
        dollars(total.paid_cents)
    );
    writeln!(out, "{money}")?;
    for reversal in &claim.reversals {
        let before = reversal.reversed.as_ref().map_or(0, |reversed| reversed.paid_cents);
        writeln!(
            out,
            "the decision before, which paid {}, was reversed on {}: {}",
            dollars(before),
            reversal.reversed_date,
            reversal.reason
        )?;
    }
    Ok(())
}

fn dimmed(out: &mut Out, words: &str) -> io::Result<()> {
    for line in broken(words, WIDTH) {
        let line = out.paint(Tone::Dim, &format!("      {line}"));
        writeln!(out, "{line}")?;
    }
    Ok(())
}

fn wrapped(out: &mut Out, indent: &str, words: &str) -> io::Result<()> {
    broken(words, WIDTH).iter().try_for_each(|line| writeln!(out, "{indent}{line}"))
}

/// Text broken at spaces into lines of at most so many characters; a longer word stands alone.
fn broken(words: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in words.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn explained(value: serde_json::Value) -> String {
        let explained = crate::client::messages::typed_from_json("ExplainClaimResponse", value).unwrap();
        let (mut out, text) = Out::captured();
        print(&mut out, &explained).unwrap();
        let bytes = text.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn a_denial_is_understood_from_its_first_lines() {
        let text = explained(serde_json::json!({
            "claim": {
                "control_number": "7-0001", "state": "DENIED",
                "professional": { "patient_control_number": "VISIT-1",
                    "lines": [{ "procedure_code": "70553", "units": "1", "service_date": "2026-07-10" }] },
                "determination": { "charge_cents": 120000, "lines": [{ "line": 1, "charge_cents": 120000, "denied": true,
                    "adjustments": [{ "group": "CO", "carc": "197", "amount_cents": 120000, "words": "no authorization",
                        "step": "authorization" }] }] }
            },
            "steps": [{ "id": "authorization", "line": 1, "outcome": "DENIED", "words": "The claim names none.",
                "before_cents": 120000, "inputs": [{ "name": "authorization", "value": "none named" }] }],
            "reproduced": true
        }));
        for part in [
            "line 1  70553  of 2026-07-10  denied CO-197: no authorization",
            "The claim names none.",
            "The provider bears it and may not bill the patient (CO): the provider must ask beforehand.",
            "1200.00 → 0.00",
            "looked at authorization: none named",
        ] {
            assert!(text.contains(part), "{part:?} is missing in\n{text}");
        }
    }

    #[test]
    fn money_goes_from_the_charge_over_what_is_allowed_to_what_is_paid() {
        let text = explained(serde_json::json!({
            "claim": {
                "control_number": "7-0001", "state": "ALLOWED", "professional": { "lines": [{ "procedure_code": "99213" }] },
                "determination": { "charge_cents": 15000, "allowed_cents": 14110, "paid_cents": 11610,
                    "patient_responsibility_cents": 2500,
                    "lines": [{ "line": 1, "charge_cents": 15000, "allowed_cents": 14110, "paid_cents": 11610,
                        "patient_responsibility_cents": 2500, "adjustments": [
                            { "group": "CO", "carc": "45", "amount_cents": 890, "words": "over the fee", "step": "pricing" },
                            { "group": "PR", "carc": "3", "amount_cents": 2500, "words": "copay", "step": "benefits" }] }] }
            }
        }));
        let amounts: Vec<&str> = text
            .lines()
            .filter(|line| line.starts_with("    ") && !line.contains('•'))
            .filter_map(|line| line.split_whitespace().last())
            .collect();
        assert_eq!(amounts, ["150.00", "8.90", "141.10", "25.00", "116.10"]);
    }

    #[test]
    fn a_claim_that_was_turned_away_is_said_not_to_be_decided() {
        let text = explained(serde_json::json!({ "claim": { "state": "REJECTED", "name": "sandboxes/default/claims/1",
            "rejections": [{ "category_code": "A7", "status_code": "178", "words": "the lines do not sum" }] } }));
        assert!(text.contains("A7:178 invalid information: the lines do not sum"), "{text}");
        assert!(text.contains("nothing can be appealed"), "{text}");
    }
}

//! An appeal, and the rights to appeal, as a person reads them.

use std::io::{self, Write};

use super::decision::last_part;
use super::output::{Out, Tone, dollars};
use crate::proto::v1;

/// What is appealed: the claim, or the request for authorization.
pub(super) fn subject(appeal: &v1::Appeal) -> &str {
    if appeal.claim.is_empty() { &appeal.authorization_request } else { &appeal.claim }
}

/// Prints one appeal.
pub(super) fn print(out: &mut Out, appeal: &v1::Appeal) -> io::Result<()> {
    let level = appeal.level.clone().unwrap_or_default();
    let state = out.paint(tone(appeal), state_name(appeal.state()));
    let filer = appeal.filer.as_ref().map_or("", |filer| filer.name.as_str());
    let what = if appeal.claim.is_empty() { "authorization request" } else { "claim" };
    let automatic = if appeal.automatic { "  went on by itself" } else { "" };
    writeln!(
        out,
        "{state} {}  {} of {what} {}{}  by {filer}{automatic}",
        last_part(&appeal.name),
        level.name,
        last_part(subject(appeal)),
        lines(&appeal.lines)
    )?;
    writeln!(out, "  heard by {}", level.heard_by)?;
    let until = if appeal.file_by.is_empty() { String::new() } else { format!(", in time through {}", appeal.file_by) };
    let decide =
        if appeal.decide_by.is_empty() { String::new() } else { format!("; to be decided by {}", appeal.decide_by) };
    writeln!(out, "  filed {}{until}{decide}", appeal.filed_date)?;
    let least = match appeal.amount_required_cents {
        0 => String::new(),
        cents => format!(", at least {} must be", dollars(cents)),
    };
    writeln!(out, "  in controversy {}{least}", dollars(appeal.amount_in_controversy_cents))?;
    if !appeal.reasons.is_empty() {
        writeln!(out, "  about {}", appeal.reasons.join(", "))?;
    }
    for given in &appeal.evidence {
        let note = if given.note.is_empty() { String::new() } else { format!(": {}", given.note) };
        writeln!(out, "  {} {}{note}", given.received_date, given.kind)?;
    }
    if let Some(answer) = &appeal.answer {
        print_answer(out, answer)?;
    }
    for refused in &appeal.not_heard {
        print_refused(out, refused)?;
    }
    if let Some(decision) = &appeal.decision {
        print_decision(out, decision)?;
    }
    for note in &appeal.notes {
        writeln!(out, "  {note}")?;
    }
    for step in &appeal.history {
        writeln!(out, "  {} {}: {}", step.date, step.act, step.words)?;
    }
    for (what, other) in [("after", &appeal.previous_appeal), ("next", &appeal.next_appeal)] {
        if !other.is_empty() {
            writeln!(out, "  {what}: {}", last_part(other))?;
        }
    }
    appeal.rights.iter().try_for_each(|right| print_right(out, right))
}

/// Prints what of a claim may be appealed, and what may not.
pub(super) fn print_rights(out: &mut Out, rights: &v1::ListAppealRightsResponse) -> io::Result<()> {
    let told = match rights.notice_date.as_str() {
        "" => "not told by a remittance yet".to_owned(),
        day => format!("told on {day}"),
    };
    writeln!(out, "{}  {}  {told}: {}", last_part(&rights.claim), rights.regime, rights.words)?;
    rights.rights.iter().try_for_each(|right| print_right(out, right))?;
    rights.not_appealable.iter().try_for_each(|refused| print_refused(out, refused))?;
    rights.appeals.iter().try_for_each(|appeal| writeln!(out, "  filed: {}", last_part(appeal)))
}

fn print_right(out: &mut Out, right: &v1::OpenAppeal) -> io::Result<()> {
    let level = right.level.clone().unwrap_or_default();
    let until = if right.file_by.is_empty() { String::new() } else { format!(" until {}", right.file_by) };
    let amount = match (right.amount_required_cents, right.amount_met) {
        (0, _) => String::new(),
        (cents, met) => {
            let enough = if met { "enough" } else { "not enough" };
            format!("; {} in controversy of {}: {enough}", dollars(right.amount_in_controversy_cents), dollars(cents))
        }
    };
    let name = out.paint(Tone::Good, &level.name);
    writeln!(out, "  may go on: {name} ({}){until}{}{amount}", level.id, lines(&right.lines))?;
    if !right.who.is_empty() {
        writeln!(out, "    by {}", right.who.join(", "))?;
    }
    writeln!(out, "    to {}", right.r#where)?;
    if !right.evidence.is_empty() {
        writeln!(out, "    what helps: {}", right.evidence.join(", "))?;
    }
    if !right.words.is_empty() {
        writeln!(out, "    {}", right.words)?;
    }
    Ok(())
}

fn print_refused(out: &mut Out, refused: &v1::NotAppealable) -> io::Result<()> {
    let place = if refused.line == 0 { String::new() } else { format!("line {} ", refused.line) };
    let reason = out.paint(Tone::Bad, &format!("{place}{}", refused.reason));
    writeln!(out, "  not appealable: {} {}{}", reason.trim(), refused.why, authority(&refused.authority))?;
    writeln!(out, "    instead: {}", refused.right_path)
}

fn print_answer(out: &mut Out, answer: &v1::AppealAnswer) -> io::Result<()> {
    writeln!(out, "  {}{}", answer.why, authority(&answer.authority))?;
    if !answer.missing_documents.is_empty() {
        writeln!(out, "    missing: {}", answer.missing_documents.join(", "))?;
    }
    let until = if answer.until.is_empty() { String::new() } else { format!(" (until {})", answer.until) };
    writeln!(out, "    {}{until}", answer.right_path)
}

fn print_decision(out: &mut Out, decision: &v1::AppealDecision) -> io::Result<()> {
    let how = match decision.how() {
        v1::AppealDecidedHow::Rule => "rule ",
        _ => "",
    };
    let rests = if decision.authority.is_empty() { String::new() } else { format!(" [{}]", decision.authority) };
    writeln!(
        out,
        "  {} on {} by {how}{}: {}{rests}",
        outcome_name(decision.outcome()),
        decision.decided_date,
        decision.decided_by,
        decision.rationale
    )?;
    for line in &decision.lines {
        let place = if line.line == 0 { "claim".to_owned() } else { format!("line {}", line.line) };
        let (before, after) = (line.reasons_before.join(", "), line.reasons_after.join(", "));
        let what =
            if line.overturned { format!("{before} overturned, now {after}") } else { format!("{before} stands") };
        writeln!(out, "    {place}: {what}")?;
    }
    writeln!(out, "    {}", decision.words)?;
    if decision.interest_cents != 0 {
        writeln!(out, "    with interest of {}", dollars(decision.interest_cents))?;
    }
    if !decision.effectuate_by.is_empty() {
        writeln!(out, "    to be paid by {}", decision.effectuate_by)?;
    }
    Ok(())
}

fn authority(authority: &[v1::Citation]) -> String {
    let titles: Vec<&str> = authority.iter().map(|citation| citation.title.as_str()).collect();
    if titles.is_empty() { String::new() } else { format!(" [{}]", titles.join("; ")) }
}

fn lines(lines: &[i32]) -> String {
    match lines {
        [] => String::new(),
        [line] => format!(", line {line}"),
        lines => format!(", lines {}", lines.iter().map(i32::to_string).collect::<Vec<_>>().join(", ")),
    }
}

/// `OPEN`.
pub(super) fn state_name(state: v1::AppealState) -> &'static str {
    state.as_str_name().trim_start_matches("APPEAL_STATE_")
}

/// `UPHELD`.
pub(super) fn outcome_name(outcome: v1::AppealOutcome) -> &'static str {
    outcome.as_str_name().trim_start_matches("APPEAL_OUTCOME_")
}

/// The colour of an appeal, seen by who filed it.
pub(super) fn tone(appeal: &v1::Appeal) -> Tone {
    let outcome = appeal.decision.as_ref().map(v1::AppealDecision::outcome).unwrap_or_default();
    match (appeal.state(), outcome) {
        (v1::AppealState::Decided, v1::AppealOutcome::Overturned | v1::AppealOutcome::PartlyOverturned) => Tone::Good,
        (v1::AppealState::Decided | v1::AppealState::Dismissed | v1::AppealState::Refused, _) => Tone::Bad,
        _ => Tone::Waiting,
    }
}

//! Part of a fee: what modifiers leave of it for an assistant, one of two surgeons, a part of the surgical package, and a
//! service that was less than whole.
//!
//! Medicare Claims Processing Manual, chapter 12, sections 20.4.3, 40.2, 40.4 and 40.8; the indicators are those of CMS's
//! relative value file. Who may not assist is told with 54, a document that is missing with 252, a modifier that does not fit
//! with 4.

use crate::adjudication::Denial;
use crate::domain::claim::ServiceLine;
use crate::domain::codes::carc;
use crate::reference::pprrvu::{GlobalPeriod, RelativeValue};

use super::medicare::DISCONTINUED;
use super::payment_rules::Sharing;
use super::procedure::Procedure;

/// A surgical package has care before and after in it.
const fn has_package(value: &RelativeValue) -> bool {
    matches!(value.global, GlobalPeriod::TenDays | GlobalPeriod::NinetyDays)
}

/// Takes every modifier of the line in turn. `before_apart`: another provider gives the care before the surgery (56).
pub(super) fn apply(procedure: &mut Procedure<'_>, before_apart: bool) -> Result<(), Denial> {
    let (line, value) = (procedure.billed.line, procedure.value());
    for modifier in line.modifiers() {
        match modifier.as_str() {
            "80" | "81" | "82" => assist(procedure, Sharing::Assistant)?,
            "AS" => assist(procedure, Sharing::NonphysicianAssistant)?,
            "62" => operate_together(procedure)?,
            "66" => team(procedure, value)?,
            "52" => share(procedure, Sharing::ReducedService, "a service less than whole"),
            "53" if value.modifier != Some(DISCONTINUED) => {
                share(procedure, Sharing::BrokenOff, "a procedure broken off");
            }
            "54" | "55" | "56" if !has_package(value) => return Err(no_package(line, modifier.as_str())),
            "54" if before_apart => procedure.leave(value.intra_op, "for the surgery without the care around it (54)"),
            "54" => procedure.leave(value.pre_op + value.intra_op, "for the surgery and the care before it (54)"),
            "55" => procedure.leave(value.post_op, "for the care after surgery (55)"),
            "56" => procedure.leave(value.pre_op, "for the care before surgery (56)"),
            "78" if has_package(value) => procedure.leave(value.intra_op, "for the surgery of a return (78)"),
            "22" => procedure.say("More work than usual (22): more than the fee is set by report."),
            _ => {}
        }
    }
    Ok(())
}

fn share(procedure: &mut Procedure<'_>, sharing: Sharing, whose: &str) {
    procedure.leave(procedure.unit.rules.part(sharing, procedure.billed.line.from), whose);
}

/// ASST SURG: 0 with documentation, 1 never, 2 payable, 9 the concept does not apply.
fn assist(procedure: &mut Procedure<'_>, sharing: Sharing) -> Result<(), Denial> {
    let line = procedure.billed.line;
    match procedure.value().assistant {
        0 if !line.attachment => return Err(undocumented(line, "an assistant at surgery")),
        1 => return Err(not_paid(line, "an assistant at surgery")),
        9 => return Err(unfit(line, "an assistant at surgery")),
        _ => {}
    }
    share(procedure, sharing, "for an assistant at surgery");
    Ok(())
}

/// CO-SURG: 0 never, 1 with documentation, 2 payable, 9 the concept does not apply.
fn operate_together(procedure: &mut Procedure<'_>) -> Result<(), Denial> {
    let line = procedure.billed.line;
    match procedure.value().co_surgeon {
        0 => return Err(not_paid(line, "a second surgeon")),
        1 if !line.attachment => return Err(undocumented(line, "a second surgeon")),
        9 => return Err(unfit(line, "a second surgeon")),
        _ => {}
    }
    share(procedure, Sharing::CoSurgeon, "for each of two surgeons");
    Ok(())
}

/// TEAM SURG: 0 never, else by report: a person sets the price.
fn team(procedure: &mut Procedure<'_>, value: &RelativeValue) -> Result<(), Denial> {
    let line = procedure.billed.line;
    match value.team {
        0 => Err(not_paid(line, "a surgical team")),
        9 => Err(unfit(line, "a surgical team")),
        _ => {
            procedure.by_report = Some("team surgery");
            procedure.say("A surgical team (66) is paid by report.");
            Ok(())
        }
    }
}

fn not_paid(line: &ServiceLine, whom: &str) -> Denial {
    Denial::contractual(carc("54"), format!("{} is not paid to {whom}.", line.procedure))
}

fn undocumented(line: &ServiceLine, whom: &str) -> Denial {
    let words = format!(
        "{} is paid to {whom} only with a document that shows the need; name the attachment on the claim.",
        line.procedure
    );
    Denial::contractual(carc("252"), words).remark("N706")
}

fn unfit(line: &ServiceLine, whom: &str) -> Denial {
    Denial::contractual(carc("4"), format!("{} is not surgery: it has no room for {whom}.", line.procedure))
        .remark("N519")
}

fn no_package(line: &ServiceLine, modifier: &str) -> Denial {
    let words = format!("{} has no surgical package to be split: modifier {modifier} does not fit.", line.procedure);
    Denial::contractual(carc("4"), words).remark("N519")
}

/// Whether a line is an assistant's.
pub(super) fn assists(line: &ServiceLine) -> bool {
    ["80", "81", "82", "AS"].iter().any(|modifier| line.has_modifier(modifier))
}

/// Whether a line is one of several surgeons'.
pub(super) fn is_of_several(line: &ServiceLine) -> bool {
    assists(line) || line.has_modifier("62") || line.has_modifier("66")
}

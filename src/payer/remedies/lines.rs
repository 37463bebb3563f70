//! Changes of one line.

use std::str::FromStr;

use rust_decimal::Decimal;

use super::changes::{Draft, named};
use crate::adjudication::remedies::Change;
use crate::proto::v1 as pb;
use crate::proto::v1::claim::Billed;

/// What a change sets on a line of either kind of claim.
struct Fields<'d> {
    procedure: &'d mut String,
    modifiers: &'d mut Vec<String>,
    units: &'d mut String,
    authorization: &'d mut String,
    referral: &'d mut String,
    attachments: Option<&'d mut Vec<pb::Attachment>>,
}

fn fields(billed: &mut Billed, line: usize) -> Option<Fields<'_>> {
    Some(match billed {
        Billed::Professional(claim) => {
            let line = claim.lines.get_mut(line)?;
            Fields {
                procedure: &mut line.procedure_code,
                modifiers: &mut line.modifiers,
                units: &mut line.units,
                authorization: &mut line.authorization_number,
                referral: &mut line.referral_number,
                attachments: Some(&mut line.attachments),
            }
        }
        Billed::Institutional(claim) => {
            // A facility names authorizations and referrals for the whole claim.
            let line = claim.lines.get_mut(line)?;
            Fields {
                procedure: &mut line.procedure_code,
                modifiers: &mut line.modifiers,
                units: &mut line.units,
                authorization: &mut claim.authorization_number,
                referral: &mut claim.referral_number,
                attachments: None,
            }
        }
    })
}

/// Carries out a change of a line.
pub(super) fn on_line(change: &Change, draft: &mut Draft) -> Option<()> {
    let (line, field, before, after, words) = match change {
        Change::Modifier(line, modifier) => {
            let modifiers = fields(&mut draft.billed, *line)?.modifiers;
            let before = modifiers.join(" ");
            modifiers.push(modifier.to_string());
            (*line, "modifiers", before, modifiers.join(" "), format!("append modifier {modifier}"))
        }
        Change::NoModifier(line, modifier) => {
            let modifiers = fields(&mut draft.billed, *line)?.modifiers;
            let before = modifiers.join(" ");
            modifiers.retain(|other| !other.eq_ignore_ascii_case(modifier.as_str()));
            (*line, "modifiers", before, modifiers.join(" "), format!("take modifier {modifier} off"))
        }
        Change::Procedure(line, code) => {
            let procedure = fields(&mut draft.billed, *line)?.procedure;
            let before = std::mem::replace(procedure, code.to_string());
            (*line, "procedure_code", before.clone(), code.to_string(), format!("bill {code} in place of {before}"))
        }
        Change::NoProcedure(line) => {
            let before = std::mem::take(fields(&mut draft.billed, *line)?.procedure);
            (*line, "procedure_code", before.clone(), String::new(), format!("bill the line without {before}"))
        }
        Change::Units(line, units) => {
            let place = fields(&mut draft.billed, *line)?.units;
            let before = std::mem::replace(place, units.normalize().to_string());
            (*line, "units", before, units.normalize().to_string(), format!("bill {} units", units.normalize()))
        }
        Change::Authorization(line, number) => {
            let place = fields(&mut draft.billed, *line)?.authorization;
            let before = std::mem::replace(place, number.clone());
            (*line, "authorization_number", before, number.clone(), format!("name authorization {number}"))
        }
        Change::Referral(line, number) => {
            let place = fields(&mut draft.billed, *line)?.referral;
            let before = std::mem::replace(place, number.clone());
            (*line, "referral_number", before, number.clone(), format!("name referral {number}"))
        }
        Change::Attachment(line) => {
            let control_number = format!("DOC{}", line + 1);
            let attachment = pb::Attachment {
                report_type_code: "OZ".into(),
                transmission_code: "EL".into(),
                control_number: control_number.clone(),
            };
            fields(&mut draft.billed, *line)?.attachments?.push(attachment);
            (*line, "attachments", String::new(), control_number, "send the document and name it".to_owned())
        }
        other => return of_professional(other, draft),
    };
    draft.tell(format!("lines[{line}].{field}"), before, after, format!("on line {}, {words}", line + 1));
    Some(())
}

/// What only a professional claim's line has.
fn of_professional(change: &Change, draft: &mut Draft) -> Option<()> {
    let Billed::Professional(claim) = &mut draft.billed else { return None };
    let (line, field, before, after, words) = match change {
        Change::Place(line, place) => {
            let of_line = &mut claim.lines.get_mut(*line)?.place_of_service;
            let before = std::mem::replace(of_line, place.to_string());
            let before = if before.is_empty() { claim.place_of_service.clone() } else { before };
            (*line, "place_of_service", before, place.to_string(), format!("bill place {place}"))
        }
        Change::Ordering(line, npi) => {
            let ordering = &mut claim.lines.get_mut(*line)?.ordering_provider;
            let before = ordering.as_ref().map_or_else(String::new, |provider| provider.npi.clone());
            *ordering = Some(named(&npi.to_string()));
            (*line, "ordering_provider", before, npi.to_string(), format!("name {npi} as who ordered"))
        }
        Change::Split(line, units, modifier) => {
            let first = claim.lines.get_mut(*line)?;
            let all = Decimal::from_str(&first.units).ok()?;
            let rest = all - *units;
            let mut second = first.clone();
            let charge = crate::domain::money::Money::from_cents(first.charge_cents).times(*units / all).cents();
            second.charge_cents = first.charge_cents - charge;
            first.charge_cents = charge;
            let before = std::mem::replace(&mut first.units, units.normalize().to_string());
            second.units = rest.normalize().to_string();
            second.modifiers.push(modifier.to_string());
            second.line_control_number.clear();
            claim.lines.push(second);
            let (units, rest) = (units.normalize(), rest.normalize());
            let words = format!("bill {units} units on it and {rest} on a line of their own with modifier {modifier}");
            (*line, "units", before, units.to_string(), words)
        }
        _ => return None,
    };
    draft.tell(format!("lines[{line}].{field}"), before, after, format!("on line {}, {words}", line + 1));
    Some(())
}

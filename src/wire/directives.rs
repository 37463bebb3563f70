//! Directives, and the instructions that claims keep of them. The codes of a forced outcome are held against their lists when it is
//! made, so that whatever is forced keeps their rules.

use rust_decimal::Decimal;

use super::claims::group_from;
use super::{Violation, Violations};
use crate::adjudication::{edits, instruction};
use crate::domain::codes::{Carc, Code, Group, Rarc, carc};
use crate::domain::directive::{Match, Text};
use crate::domain::instruction::{Act, Instruction, Order, Reduced};
use crate::proto::v1 as pb;
use crate::reference::claim_status_codes::{category_words, is_rejection, needs_entity, status_words};
use crate::reference::reason_codes::{allowed_groups, needs_remark, reason_code};
use pb::forced_outcome::Kind;

/// What a pended claim waits for where nothing else is said.
const REVIEW: &str = "review by instruction";
/// Longest reason to wait, in characters.
const MAX_REASON: usize = 80;
/// Longest delay, in days.
const MAX_DAYS: i32 = 3_650;
/// Reasons that tell a part of the price, the patient's share or another payer's: nothing is denied with them.
const NO_DENIALS: [&str; 10] = ["1", "2", "3", "23", "45", "66", "94", "104", "144", "253"];

/// Which claims a directive is for, and what it does, or everything that is wrong with it.
pub fn directive(m: &pb::Directive) -> Result<(Match, Act), Vec<Violation>> {
    let mut found = Violations::default();
    let matches = found.within("match", |found| matching(&m.r#match.clone().unwrap_or_default(), found));
    let act = match &m.outcome {
        Some(outcome) => found.within("outcome", |found| act(outcome, None, found)),
        None => {
            found.add("outcome", "is missing: deny, reduce, pend, reject, delay, waive or appeal");
            None
        }
    };
    if !(0..=1000).contains(&m.chance_per_mille) {
        found.add("chance_per_mille", format!("{} of a thousand: 1 to 1000, or 0 for each claim", m.chance_per_mille));
    }
    for (field, count) in [("nth_claim", m.nth_claim), ("every", m.every), ("times", m.times)] {
        found.limit(field, count);
    }
    found.date_if_any("from_date", &m.from_date);
    found.date_if_any("through_date", &m.through_date);
    found.visible("note", &m.note);
    if m.note.chars().count() > 250 {
        found.add("note", "at most 250 characters");
    }
    found.into_result(matches.zip(act))
}

fn matching(m: &pb::DirectiveMatch, found: &mut Violations) -> Option<Match> {
    let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let number = text(&m.patient_control_number).map(|number| match number.strip_suffix('*') {
        Some(beginning) => Text::Beginning(beginning.to_owned()),
        None => Text::Whole(number),
    });
    let institutional = match m.kind.as_str() {
        "" => None,
        "professional" => Some(false),
        "institutional" => Some(true),
        other => {
            found.add("kind", format!("{other:?}: \"professional\", \"institutional\" or empty"));
            None
        }
    };
    let procedure = code_if_any("procedure_code", &m.procedure_code, found);
    let diagnosis = code_if_any("diagnosis_code", &m.diagnosis_code.replace('.', ""), found);
    Some(Match {
        member_id: text(&m.member_id),
        patient_control_number: number,
        procedure,
        provider: found.npi_if_any("provider_npi", &m.provider_npi)?,
        diagnosis,
        service_from: found.date_if_any("service_from", &m.service_from)?,
        service_through: found.date_if_any("service_through", &m.service_through)?,
        institutional,
    })
}

fn code_if_any<const N: usize>(field: &str, text: &str, found: &mut Violations) -> Option<Code<N>> {
    if text.is_empty() { None } else { found.code(field, text) }
}

/// What becomes of a claim; `decide_on` is the day of a delayed decision, where it is known.
fn act(m: &pb::ForcedOutcome, decide_on: Option<&str>, found: &mut Violations) -> Option<Act> {
    match &m.kind {
        None => {
            found.add("", "is empty: deny, reduce, pend, reject, delay, waive or appeal");
            None
        }
        Some(Kind::Deny(denial)) => found.within("deny", |found| deny(denial, found)),
        Some(Kind::Reduce(reduction)) => found.within("reduce", |found| reduce(reduction, found)),
        Some(Kind::Pend(pend)) => found.within("pend", |found| {
            let reason = if pend.reason.is_empty() { REVIEW } else { found.visible("reason", &pend.reason)? };
            if reason.chars().count() > MAX_REASON {
                found.add("reason", format!("at most {MAX_REASON} characters"));
                return None;
            }
            Some(Act::Pend(reason.to_owned()))
        }),
        Some(Kind::Reject(rejection)) => found.within("reject", |found| reject(rejection, found)),
        Some(Kind::Delay(delay)) => found.within("delay", |found| {
            let (decide, pay) = (delay.decide_after_days, delay.pay_after_days);
            for (field, days) in [("decide_after_days", decide), ("pay_after_days", pay)] {
                if !(0..=MAX_DAYS).contains(&days) {
                    found.add(field, format!("{days} days: 0 to {MAX_DAYS}"));
                }
            }
            if decide == 0 && pay == 0 {
                found.add("", "delays nothing: decide_after_days, pay_after_days or both");
            }
            let decide_on = decide_on.filter(|day| !day.is_empty());
            let decide_on = decide_on.and_then(|day| found.date("decide_on", day));
            Some(Act::Delay { decide_on, pay_after_days: pay })
        }),
        Some(Kind::Appeal(told)) => found.within("appeal", |found| appeal(told, found)),
        Some(Kind::Waive(waived)) => found.within("waive", |found| {
            for (at, id) in waived.edits.iter().enumerate() {
                // What a test forces, or a person has decided, only a person sets aside.
                let ruled = decide_on.is_some() && [instruction::STEP, instruction::RULING].contains(&id.as_str());
                if !ruled && edits::TABLE.iter().all(|edit| edit.id != id) {
                    found.add(format_args!("edits[{at}]"), format!("there is no edit {id:?}: `payersim list edits`"));
                }
            }
            Some(Act::Waive(waived.edits.clone()))
        }),
    }
}

fn appeal(m: &pb::ForcedAppeal, found: &mut Violations) -> Option<Act> {
    use pb::AppealOutcome::{Overturned, Unspecified, Upheld};
    match (m.outcome(), m.late) {
        (Overturned | Upheld, false) | (Unspecified, true) => {}
        (_, true) => found.add("late", "nobody decides it, so there is no outcome: say one of the two"),
        (_, false) => found.add("outcome", "is missing: OVERTURNED or UPHELD, or late"),
    }
    if !(0..=MAX_DAYS).contains(&m.after_days) {
        found.add("after_days", format!("{} days: 0 to {MAX_DAYS}", m.after_days));
    }
    if !m.level.is_empty() && crate::appeals::level(&m.level).is_none() {
        found.add("level", format!("there is no level of appeal {:?}, such as redetermination", m.level));
    }
    Some(Act::Appeal)
}

fn deny(m: &pb::ForcedDenial, found: &mut Violations) -> Option<Act> {
    let (reason, rarcs) = (reason(&m.carc, found), remarks(&m.rarcs, found));
    let group = group_from(m.group());
    let (reason, rarcs) = (reason?, rarcs?);
    if NO_DENIALS.contains(&reason.as_str()) {
        let words = "tells a part of the price, a patient's share or another payer's part, and denies nothing";
        found.add("carc", format!("{reason} {words}"));
        return None;
    }
    let allowed: Vec<&str> = allowed_groups(reason).iter().map(|group| group.code()).collect();
    let Some(group) = group.filter(|group| allowed.contains(&group.code())) else {
        let given = group.map_or("no group", Group::code);
        found.add("group", format!("{reason} may not stand under {given}: {}", allowed.join(", ")));
        return None;
    };
    remarked(reason, &rarcs, found)?;
    Some(Act::Deny { group, carc: reason, rarcs })
}

fn reduce(m: &pb::ForcedReduction, found: &mut Violations) -> Option<Act> {
    use pb::forced_reduction::To;
    let to = match &m.to {
        Some(To::Percent(text)) => {
            let percent = found.decimal("percent", text)?;
            if !(Decimal::ZERO..=Decimal::ONE_HUNDRED).contains(&percent) {
                found.add("percent", format!("{text}: from 0 to 100"));
                return None;
            }
            Reduced::Part(percent / Decimal::ONE_HUNDRED)
        }
        Some(To::AmountCents(cents)) => Reduced::Amount(found.amount("amount_cents", *cents)?),
        None => {
            found.add("", "says not how far down: percent or amount_cents");
            return None;
        }
    };
    let reason = if m.carc.is_empty() { Some(carc("45")) } else { reason(&m.carc, found) };
    let (reason, rarcs) = (reason?, remarks(&m.rarcs, found)?);
    if !allowed_groups(reason).contains(&Group::ContractualObligation) {
        found.add("carc", format!("{reason} may not be borne by the provider (CO), as what is not allowed is"));
        return None;
    }
    remarked(reason, &rarcs, found)?;
    Some(Act::Reduce { to, carc: reason, rarcs })
}

fn reject(m: &pb::ForcedRejection, found: &mut Violations) -> Option<Act> {
    let (category, status) = (found.code("category_code", &m.category_code), found.code("status_code", &m.status_code));
    let (category, status) = (category?, status?);
    if !is_rejection(category) || category_words(category).is_none() {
        found.add("category_code", format!("{category} turns no claim away: A3, A4, A6, A7 or A8"));
    }
    if status_words(status).is_none() {
        found.add("status_code", format!("{status} is no claim status that this payer gives"));
    }
    let entity = m.entity_code.as_str();
    if entity.is_empty() && needs_entity(status) {
        found.add("entity_code", format!("is missing: {status} speaks of somebody, such as 85 for who bills"));
    } else if !entity.is_empty() && Code::<3>::parse(entity).is_none_or(|code| code.as_str().len() < 2) {
        found.add("entity_code", format!("{entity:?}: two or three letters or digits, such as 85 or IL"));
    }
    Some(Act::Reject)
}

fn reason(text: &str, found: &mut Violations) -> Option<Carc> {
    let code: Carc = found.code("carc", text)?;
    if reason_code(code).is_none() {
        found.add("carc", format!("{code} is no claim adjustment reason code that this payer knows"));
        return None;
    }
    Some(code)
}

/// Remark codes begin with M, MA or N, and go on with digits.
fn remarks(texts: &[String], found: &mut Violations) -> Option<Vec<Rarc>> {
    let read = |(at, text): (usize, &String)| {
        let code: Rarc = found.code(&format!("rarcs[{at}]"), text)?;
        let digits = code.as_str().strip_prefix("MA").or_else(|| code.as_str().strip_prefix(['M', 'N']));
        if digits.is_none_or(|digits| digits.is_empty() || digits.bytes().any(|b| !b.is_ascii_digit())) {
            found.add(format_args!("rarcs[{at}]"), format!("{code} is no remark code: such as N382, M127 or MA130"));
            return None;
        }
        Some(code)
    };
    texts.iter().enumerate().map(read).collect()
}

fn remarked(reason: Carc, rarcs: &[Rarc], found: &mut Violations) -> Option<()> {
    if needs_remark(reason) && rarcs.is_empty() {
        found.add("rarcs", format!("is empty, and {reason} says nothing without a remark code, such as N382"));
        return None;
    }
    Some(())
}

/// Whether an outcome can be forced, or everything that is wrong with it.
pub fn outcome(m: &pb::ForcedOutcome) -> Result<Act, Vec<Violation>> {
    let mut found = Violations::default();
    let act = act(m, None, &mut found);
    found.into_result(act)
}

/// What a claim was told.
pub fn instruction(m: &pb::Instruction) -> Result<Instruction, Vec<Violation>> {
    let mut found = Violations::default();
    let orders = found.each("orders", &m.orders, |order, found| {
        let zero_based = |line: &i32| usize::try_from(*line).ok().and_then(|line| line.checked_sub(1));
        let outcome = order.outcome.clone().unwrap_or_default();
        Some(Order {
            source: order.source.clone(),
            ruling: order.ruling.is_some(),
            lines: order.lines.iter().filter_map(zero_based).collect(),
            act: found.within("outcome", |found| act(&outcome, Some(&order.decide_on), found))?,
        })
    });
    found.into_result(Some(Instruction { orders, unread: m.unread_markers.clone() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn denial(group: pb::GroupCode, code: &str, rarcs: &[&str]) -> String {
        let rarcs = rarcs.iter().map(ToString::to_string).collect();
        let kind = Some(Kind::Deny(pb::ForcedDenial { group: group.into(), carc: code.into(), rarcs }));
        match outcome(&pb::ForcedOutcome { kind }) {
            Ok(Act::Deny { group, carc, rarcs }) => format!("{group}-{carc} {rarcs:?}"),
            Ok(other) => format!("{other:?}"),
            Err(violations) => violations.into_iter().map(|v| format!("{}: {}", v.field, v.description)).collect(),
        }
    }

    #[test]
    fn a_denial_keeps_to_the_groups_and_remarks_of_its_reason() {
        use pb::GroupCode::{Co, Pr, Unspecified};
        assert_eq!(denial(Co, "197", &[]), "CO-197 []");
        assert_eq!(denial(Co, "16", &["n382"]), "CO-16 [\"N382\"]");
        assert!(denial(Co, "16", &[]).starts_with("deny.rarcs: is empty, and 16 says nothing without"));
        assert_eq!(denial(Pr, "16", &["N382"]), "deny.group: 16 may not stand under PR: CO, PI");
        assert_eq!(denial(Unspecified, "18", &[]), "deny.group: 18 may not stand under no group: CO, OA");
        assert!(denial(Pr, "1", &[]).starts_with("deny.carc: 1 tells a part of the price"));
        assert!(denial(Co, "9999", &[]).starts_with("deny.carc: 9999 is no claim adjustment reason code"));
        assert!(denial(Co, "50", &["X1"]).starts_with("deny.rarcs[0]: X1 is no remark code"));
    }

    #[test]
    fn a_rejection_turns_away_and_names_whom_it_speaks_of() {
        let rejection = |category: &str, status: &str, entity: &str| {
            let [category_code, status_code, entity_code] = [category, status, entity].map(str::to_owned);
            let kind = Some(Kind::Reject(pb::ForcedRejection { category_code, status_code, entity_code }));
            let faults = outcome(&pb::ForcedOutcome { kind }).err().unwrap_or_default();
            faults.into_iter().map(|v| v.field).collect::<Vec<_>>()
        };
        assert!(rejection("A7", "562", "85").is_empty() && rejection("A7", "178", "").is_empty());
        assert_eq!(rejection("A2", "562", ""), ["reject.category_code", "reject.entity_code"]);
        assert_eq!(rejection("A7", "999", "8"), ["reject.status_code", "reject.entity_code"]);
    }

    #[test]
    fn a_directive_without_an_outcome_or_with_a_stray_count_is_refused_by_field() {
        let bad =
            pb::Directive { chance_per_mille: 1001, nth_claim: -1, from_date: "July".into(), ..Default::default() };
        let fields: Vec<String> = directive(&bad).unwrap_err().into_iter().map(|v| v.field).collect();
        assert_eq!(fields, ["outcome", "chance_per_mille", "nth_claim", "from_date"]);
    }
}

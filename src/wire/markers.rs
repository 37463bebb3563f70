//! Markers: outcomes that a test writes into the claim itself, behind the patient control number or the member's number.
//!
//! A marker begins with "+", so that it stays within X12's basic characters: `VISIT-7+CO197`. The syntax stands in `directives.proto`.

use super::directives;
use crate::domain::money::Money;
use crate::proto::v1 as pb;
use pb::forced_outcome::Kind;

/// What begins each marker.
const MARK: char = '+';

/// What a text says by its markers, and where they begin; `None` where it has none.
///
/// `member_id` is a number whose markers are no part of it: they are cut off only where each of them can be read.
pub fn read(patient_control_number: &str, member_id: &str) -> Option<pb::Instruction> {
    if !patient_control_number.contains(MARK) && !member_id.contains(MARK) {
        return None;
    }
    let mut told = pb::Instruction::default();
    markers(patient_control_number, &mut told);
    let mut of_member = pb::Instruction::default();
    markers(member_id, &mut of_member);
    if of_member.unread_markers.is_empty() {
        told.member_id_markers = member_id.find(MARK).and_then(|at| member_id.get(at..)).unwrap_or_default().to_owned();
        told.orders.extend(of_member.orders);
    }
    told.unread_markers.extend(of_member.unread_markers);
    Some(told)
}

fn markers(text: &str, into: &mut pb::Instruction) {
    for marker in text.split(MARK).skip(1) {
        match order(marker) {
            Ok(order) => into.orders.push(order),
            Err(why) => into.unread_markers.push(format!("+{marker}: {why}")),
        }
    }
}

fn order(marker: &str) -> Result<pb::ForcedOrder, String> {
    let text = marker.trim().to_ascii_uppercase();
    let (line, rest) = line(&text)?;
    let kind = kind(rest)?;
    if line.is_some() && !matches!(kind, Kind::Deny(_) | Kind::Reduce(_)) {
        return Err("only a denial or a reduction is about a line".to_owned());
    }
    let outcome = pb::ForcedOutcome { kind: Some(kind) };
    directives::outcome(&outcome).map_err(|violations| {
        violations.first().map_or_else(String::new, |v| {
            let field = v.field.rsplit('.').next().unwrap_or_default();
            format!("{field} {}", v.description)
        })
    })?;
    let source = format!("marker +{text}");
    Ok(pb::ForcedOrder { source, outcome: Some(outcome), lines: line.into_iter().collect(), ..Default::default() })
}

/// `L2` before a marker: it is about the second line.
fn line(text: &str) -> Result<(Option<i32>, &str), String> {
    let Some(after) = text.strip_prefix('L').filter(|_| text != "LATE") else { return Ok((None, text)) };
    let digits = after.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = after.split_at(digits);
    match number.parse() {
        Ok(line) if line > 0 => Ok((Some(line), rest)),
        _ => Err("L is followed by the number of a line, such as L2CO50".to_owned()),
    }
}

fn kind(text: &str) -> Result<Kind, String> {
    let number = |digits: &str, most: i32| {
        let number: Option<i32> = digits.parse().ok().filter(|number| (1..=most).contains(number));
        number.ok_or_else(|| format!("{digits:?} is no number from 1 to {most}"))
    };
    if let Some(codes) = text.strip_prefix("REJ.") {
        let mut codes = codes.split('.').map(str::to_owned);
        let mut next = || codes.next().unwrap_or_default();
        let (category_code, status_code, entity_code) = (next(), next(), next());
        return Ok(Kind::Reject(pb::ForcedRejection { category_code, status_code, entity_code }));
    }
    if text == "PEND" {
        return Ok(Kind::Pend(pb::ForcedPend::default()));
    }
    if text == "WAIVE" {
        return Ok(Kind::Waive(pb::WaivedEdits::default()));
    }
    if text == "LATE" {
        return Ok(Kind::Appeal(pb::ForcedAppeal { late: true, ..Default::default() }));
    }
    for (word, outcome) in [("OVERTURN", pb::AppealOutcome::Overturned), ("UPHOLD", pb::AppealOutcome::Upheld)] {
        if let Some(days) = text.strip_prefix(word) {
            let after_days = if days.is_empty() { 0 } else { number(days, 999)? };
            return Ok(Kind::Appeal(pb::ForcedAppeal { outcome: outcome.into(), after_days, ..Default::default() }));
        }
    }
    if let Some(days) = text.strip_prefix("DELAY") {
        let decide_after_days = number(days, 999)?;
        return Ok(Kind::Delay(pb::ForcedDelay { decide_after_days, pay_after_days: 0 }));
    }
    if let Some(days) = text.strip_prefix("DUE") {
        let pay_after_days = number(days, 999)?;
        return Ok(Kind::Delay(pb::ForcedDelay { decide_after_days: 0, pay_after_days }));
    }
    if let Some(percent) = text.strip_prefix("PAY") {
        let to = Some(pb::forced_reduction::To::Percent(percent.to_owned()));
        return Ok(Kind::Reduce(pb::ForcedReduction { to, ..Default::default() }));
    }
    if let Some(dollars) = text.strip_prefix("MAX") {
        let most = Money::parse(dollars).map_err(|error| format!("{dollars:?}: {error}"))?;
        let to = Some(pb::forced_reduction::To::AmountCents(most.cents()));
        return Ok(Kind::Reduce(pb::ForcedReduction { to, ..Default::default() }));
    }
    denial(text)
}

/// `CO16.N382.M127`: group and reason, and remarks.
fn denial(text: &str) -> Result<Kind, String> {
    let groups =
        [("CO", pb::GroupCode::Co), ("PR", pb::GroupCode::Pr), ("OA", pb::GroupCode::Oa), ("PI", pb::GroupCode::Pi)];
    let known = groups.iter().find_map(|(letters, group)| Some((group, text.strip_prefix(letters)?)));
    let Some((group, codes)) = known else {
        let words = "begins with none of CO, PR, OA, PI, PAY, MAX, PEND, REJ, DELAY, DUE and WAIVE";
        return Err(words.to_owned());
    };
    let mut codes = codes.trim_start_matches('-').split('.').map(str::to_owned);
    let carc = codes.next().unwrap_or_default();
    Ok(Kind::Deny(pb::ForcedDenial { group: (*group).into(), carc, rarcs: codes.collect() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(number: &str) -> String {
        let Some(told) = read(number, "") else { return "nothing".to_owned() };
        let order = |order: &pb::ForcedOrder| {
            let instruction = pb::Instruction { orders: vec![order.clone()], ..Default::default() };
            let act = format!("{:?}", directives::instruction(&instruction).unwrap().orders[0].act);
            format!("{:?} {act}", order.lines)
        };
        told.orders.iter().map(order).chain(told.unread_markers).collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn markers_are_read_in_any_case_and_one_after_another() {
        let denied = "Deny { group: ContractualObligation, carc: \"197\", rarcs: [] }";
        assert_eq!(told("VISIT-7+CO197"), format!("[] {denied}"));
        assert_eq!(told("VISIT-7+l2co-197+pend"), format!("[2] {denied}; [] Pend(\"review by instruction\")"));
        assert_eq!(told("V+CO16.N382"), "[] Deny { group: ContractualObligation, carc: \"16\", rarcs: [\"N382\"] }");
        assert_eq!(told("V+PAY80"), "[] Reduce { to: Part(0.80), carc: \"45\", rarcs: [] }");
        assert_eq!(told("V+MAX25.00"), "[] Reduce { to: Amount(Money(2500)), carc: \"45\", rarcs: [] }");
        assert_eq!(told("V+REJ.A7.562.85"), "[] Reject");
        assert_eq!(told("V+DUE9+WAIVE"), "[] Delay { decide_on: None, pay_after_days: 9 }; [] Waive([])");
    }

    #[test]
    fn what_is_no_marker_says_why_and_leaves_the_others_alone() {
        assert_eq!(told("VISIT-7"), "nothing");
        assert!(told("A+B").starts_with("+B: begins with none of CO, PR"));
        assert!(told("A+CO16").starts_with("+CO16: rarcs is empty, and 16 says nothing"));
        assert!(told("A+DELAY0").starts_with("+DELAY0: \"0\" is no number from 1 to 999"));
        assert!(told("A+L0CO50").starts_with("+L0CO50: L is followed by"));
        assert!(told("A+B+PEND").contains("Pend") && told("A+B+PEND").contains("+B"));
        assert!(told("A+L1PEND").contains("only a denial or a reduction"));
    }

    #[test]
    fn a_members_number_loses_its_markers_only_where_all_of_them_are_some() {
        let read = |member: &str| read("VISIT-7", member).unwrap();
        assert_eq!(read("DM100101+CO197+PEND").member_id_markers, "+CO197+PEND");
        assert_eq!(read("DM100101+CO197+PEND").orders.len(), 2);
        let other = read("DM1+X9");
        assert_eq!((other.member_id_markers.as_str(), other.orders.len(), other.unread_markers.len()), ("", 0, 1));
    }
}

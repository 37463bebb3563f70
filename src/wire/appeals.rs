//! Appeals: what a request says, held against what there is; and the law's words as messages.

use super::claims::group_from;
use super::{Violation, Violations};
use crate::appeals::evidence::Evidence;
use crate::appeals::filing::Denial;
use crate::appeals::{self, Element, EvidenceKind, Hearer, Level};
use crate::domain::codes::Code;
use crate::domain::dates::{Date, Period, parse_iso};
use crate::domain::money::Money;
use crate::proto::v1 as pb;

/// Longest text that a filer or a reviewer writes, in characters.
const MAX_TEXT: usize = 1_000;
/// Longest request id, in bytes.
const MAX_REQUEST_ID: usize = 128;
/// Most lines, papers or claims of one request.
const MOST: usize = 100;

/// What is wrong with a request to file.
pub fn check_filing(request: &pb::FileAppealRequest, today: Date) -> Result<(), Vec<Violation>> {
    let mut found = Violations::default();
    if request.subject.is_none() {
        found.add("claim", "is missing: name the claim, or an authorization request or overpaid claim instead");
    }
    check_lines("lines", &request.lines, &mut found);
    if !request.level.is_empty() && appeals::level(&request.level).is_none() {
        found.add("level", format!("there is no level {:?}: {}", request.level, levels()));
    }
    if let Some(filer) = &request.filer {
        found.within("filer", |found| {
            if filer.role() != pb::AppealRole::Provider && filer.role() != pb::AppealRole::Unspecified {
                found.required("name", &filer.name);
            }
            text("name", &filer.name, found);
            found.npi_if_any("npi", &filer.npi);
        });
    }
    if let Some(Some(day)) = found.date_if_any("notice_received_date", &request.notice_received_date)
        && day > today
    {
        found.add("notice_received_date", format!("{day} lies ahead: today is {today}"));
    }
    for (at, element) in request.left_out.iter().enumerate() {
        if element_of(*element).is_none() {
            found.add(format_args!("left_out[{at}]"), "names nothing that a request holds");
        }
    }
    for (field, said) in [("reason", &request.reason), ("good_cause", &request.good_cause)] {
        text(field, said, &mut found);
    }
    check_evidence(&request.evidence, today, &mut found);
    if request.aggregated_claims.len() > MOST {
        found.add("aggregated_claims", format!("at most {MOST}"));
    }
    request_id(&request.request_id, &mut found);
    found.into_result(Some(()))
}

/// What is wrong with a decision.
pub fn check_decision(request: &pb::DecideAppealRequest) -> Result<(), Vec<Violation>> {
    use pb::AppealOutcome::{PartlyOverturned, Unspecified};
    let mut found = Violations::default();
    if request.outcome() == Unspecified {
        found.add("outcome", "is missing: OVERTURNED, PARTLY_OVERTURNED, UPHELD or DISMISSED");
    }
    check_lines("overturned_lines", &request.overturned_lines, &mut found);
    match (request.outcome(), request.overturned_lines.is_empty()) {
        (PartlyOverturned, true) => found.add("overturned_lines", "is empty: name the lines that do not stand"),
        (PartlyOverturned, false) | (_, true) => {}
        (_, false) => found.add("overturned_lines", "is only said where some lines are overturned: PARTLY_OVERTURNED"),
    }
    for (field, said) in [("decided_by", &request.decided_by), ("rationale", &request.rationale)] {
        found.required(field, said);
        text(field, said, &mut found);
    }
    text("authority", &request.authority, &mut found);
    request_id(&request.request_id, &mut found);
    found.into_result(Some(()))
}

/// What is wrong with what is added to an appeal.
pub fn check_addition(request: &pb::AddAppealEvidenceRequest, today: Date) -> Result<(), Vec<Violation>> {
    let mut found = Violations::default();
    if request.evidence.is_empty() && request.completes.is_empty() {
        found.add("evidence", "is empty, and nothing is completed: say what is added");
    }
    check_evidence(&request.evidence, today, &mut found);
    found.into_result(Some(()))
}

/// What is wrong with a sentence that a request says.
pub fn check_sentence(field: &str, said: &str) -> Result<(), Vec<Violation>> {
    let mut found = Violations::default();
    text(field, said, &mut found);
    found.into_result(Some(()))
}

fn check_lines(field: &str, lines: &[i32], found: &mut Violations) {
    if lines.len() > MOST {
        found.add(field, format!("at most {MOST}"));
    }
    for (at, line) in lines.iter().enumerate() {
        if *line < 1 {
            found.add(format_args!("{field}[{at}]"), format!("{line}: lines count from 1"));
        } else if lines.iter().take(at).any(|before| before == line) {
            found.add(format_args!("{field}[{at}]"), format!("{line} is said twice"));
        }
    }
}

fn check_evidence(evidence: &[pb::AppealEvidence], today: Date, found: &mut Violations) {
    if evidence.len() > MOST {
        found.add("evidence", format!("at most {MOST}"));
    }
    found.each("evidence", evidence, |given, found| {
        let said_by_document = given.kind.is_empty() && !given.document.is_empty();
        if !said_by_document && EvidenceKind::named(&given.kind).is_none() {
            let kinds: Vec<&str> = EvidenceKind::ALL.iter().map(|(_, id, _)| *id).collect();
            found.add("kind", format!("there is no kind {:?}: {}", given.kind, kinds.join(", ")));
        }
        for (field, said) in [("note", &given.note), ("good_cause", &given.good_cause)] {
            text(field, said, found);
        }
        if let Some(Some(day)) = found.date_if_any("dated", &given.dated)
            && day > today
        {
            found.add("dated", format!("{day} lies ahead: today is {today}"));
        }
        let from = found.date_if_any("from_date", &given.from_date).flatten();
        let through = found.date_if_any("through_date", &given.through_date).flatten();
        if from.zip(through).is_some_and(|(from, through)| through < from) {
            found.add("through_date", "lies before from_date");
        }
        Some(())
    });
}

/// What a document is as evidence, by its kind of report (PWK01) and LOINC code.
pub fn kind_of(document: &pb::Document) -> EvidenceKind {
    match (document.report_type_code.as_str(), document.loinc.as_str()) {
        ("OB", _) | (_, "11504-8") => EvidenceKind::OperativeNote,
        ("EB", _) => EvidenceKind::PrimaryEob,
        ("OZ", _) => EvidenceKind::Other,
        _ => EvidenceKind::MedicalRecords,
    }
}

fn text(field: &str, said: &str, found: &mut Violations) {
    if said.chars().count() > MAX_TEXT {
        found.add(field, format!("at most {MAX_TEXT} characters"));
    }
    if said.chars().any(|letter| letter.is_control() && letter != '\n') {
        found.add(field, "holds a control character: letters, digits, blanks and punctuation only");
    }
}

fn request_id(id: &str, found: &mut Violations) {
    if id.len() > MAX_REQUEST_ID || id.chars().any(char::is_control) {
        found.add("request_id", format!("at most {MAX_REQUEST_ID} visible characters"));
    }
}

fn levels() -> String {
    let all = appeals::Regime::ALL.into_iter().flat_map(appeals::levels);
    all.map(|level| level.id).collect::<Vec<_>>().join(", ")
}

/// What a request must hold, each with its number in the message.
const ELEMENTS: [(Element, pb::AppealElement); 6] = [
    (Element::PatientName, pb::AppealElement::PatientName),
    (Element::MemberNumber, pb::AppealElement::MemberNumber),
    (Element::Services, pb::AppealElement::Services),
    (Element::PartyName, pb::AppealElement::PartyName),
    (Element::PriorDecider, pb::AppealElement::PriorDecider),
    (Element::Reason, pb::AppealElement::Reason),
];

/// What a number of the message stands for.
fn element_of(number: i32) -> Option<Element> {
    ELEMENTS.iter().find(|(_, message)| *message as i32 == number).map(|(element, _)| *element)
}

/// Its number in the message.
pub fn element_message(element: Element) -> i32 {
    let found = ELEMENTS.iter().find(|(known, _)| *known == element);
    found.map_or(pb::AppealElement::Unspecified, |(_, message)| *message).into()
}

/// What a request holds that leaves some of it out.
pub fn held(left_out: &[i32], gives_reason: bool) -> Vec<Element> {
    let all = ELEMENTS.iter().filter(|(_, message)| !left_out.contains(&i32::from(*message)));
    all.map(|(element, _)| *element).filter(|element| *element != Element::Reason || gives_reason).collect()
}

/// What a claim's decision gives as reasons on lines, one-based; none: on the whole claim's account. `last_day`: the last day on which a claim
/// for a day of service was in time.
pub fn denials(claim: &pb::Claim, lines: &[i32], last_day: impl Fn(Date) -> Option<Date>) -> Vec<Denial> {
    let (Some(decided), Some(billed)) = (&claim.determination, &claim.billed) else { return Vec::new() };
    let read = |line: i32, told: &pb::Adjustment, (from, through): (&str, &str)| {
        let service = Period { from: parse_iso(from)?, through: parse_iso(through) };
        let remarks = told.rarcs.iter().chain(&decided.rarcs);
        Some(Denial {
            line: u32::try_from(line).unwrap_or(0),
            group: group_from(told.group())?,
            carc: Code::parse(&told.carc)?,
            rarcs: remarks.filter_map(|remark| Code::parse(remark)).collect(),
            amount: Money::from_cents(told.amount_cents),
            service,
            last_day_to_file: last_day(service.through.unwrap_or(service.from)),
        })
    };
    if let Some(account) = &decided.account {
        let days = billed.service_days();
        return account.adjustments.iter().filter_map(|told| read(0, told, days)).collect();
    }
    let services = billed.lines();
    let of_line = |line: &pb::LineDetermination| {
        let at = usize::try_from(line.line).ok().and_then(|number| number.checked_sub(1));
        let service = at.and_then(|at| services.get(at)).copied().unwrap_or_default();
        let through = if service.service_end_date.is_empty() { service.service_date } else { service.service_end_date };
        let days = (service.service_date, through);
        line.adjustments.iter().filter_map(|told| read(line.line, told, days)).collect::<Vec<_>>()
    };
    decided.lines.iter().filter(|line| lines.contains(&line.line)).flat_map(of_line).collect()
}

/// What was given, as rules look at it; without days of its own it speaks of those of the service.
pub fn evidence(given: &pb::AppealEvidence, service: Period) -> Option<Evidence> {
    let from = parse_iso(&given.from_date).unwrap_or(service.from);
    let through = parse_iso(&given.through_date).or(service.through);
    Some(Evidence {
        kind: EvidenceKind::named(&given.kind)?,
        dated: parse_iso(&given.dated),
        in_force: Some(Period { from, through }),
        meets_policy: given.meets_policy,
    })
}

/// A level as a message.
pub fn level_message(level: &Level) -> pb::AppealLevel {
    pb::AppealLevel {
        id: level.id.to_owned(),
        name: level.name.to_owned(),
        number: level.number.into(),
        heard_by: level.heard_by_words.to_owned(),
        by_payer: level.heard_by == Hearer::Payer,
        authority: vec![citation(level.authority)],
    }
}

/// What something rests on, as a message.
pub fn citation(title: &str) -> pb::Citation {
    pb::Citation { title: title.to_owned(), href: href(title).unwrap_or_default() }
}

/// Where the first section that a citation names can be read: `42 CFR 405.940 to 405.958`.
fn href(title: &str) -> Option<String> {
    let (before, after) = title.split_once(" CFR ")?;
    let book = before.rsplit(' ').next().filter(|book| !book.is_empty() && book.bytes().all(|b| b.is_ascii_digit()))?;
    let is_number = |letter: char| letter.is_ascii_digit() || letter == '.' || letter == '-';
    let section = after.split(|letter| !is_number(letter)).next()?.trim_end_matches(['.', '-']);
    section.contains('.').then(|| format!("https://www.ecfr.gov/current/title-{book}/section-{section}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::dates::date;

    #[test]
    fn a_request_names_every_field_that_is_wrong() {
        let request = pb::FileAppealRequest {
            lines: vec![0, 2, 2],
            level: "first".into(),
            filer: Some(pb::AppealFiler { role: pb::AppealRole::Member.into(), ..Default::default() }),
            evidence: vec![pb::AppealEvidence {
                kind: "letter".into(),
                dated: "2027-01-01".into(),
                ..Default::default()
            }],
            ..Default::default()
        };
        let found = check_filing(&request, date(2026, 7, 15)).unwrap_err();
        let fields: Vec<&str> = found.iter().map(|violation| violation.field.as_str()).collect();
        let expected =
            ["claim", "lines[0]", "lines[2]", "level", "filer.name", "evidence[0].kind", "evidence[0].dated"];
        assert_eq!(fields, expected);
    }

    #[test]
    fn a_part_of_the_lines_is_named_exactly_where_only_they_are_overturned() {
        let fields = |outcome: pb::AppealOutcome, lines: &[i32]| {
            let request = pb::DecideAppealRequest {
                outcome: outcome.into(),
                overturned_lines: lines.to_vec(),
                decided_by: "R. Example".into(),
                rationale: "as the records show".into(),
                ..Default::default()
            };
            let found = check_decision(&request).err().unwrap_or_default();
            found.into_iter().map(|violation| violation.field).collect::<Vec<_>>()
        };
        use pb::AppealOutcome::{Overturned, PartlyOverturned, Unspecified, Upheld};
        assert!(fields(Overturned, &[]).is_empty() && fields(PartlyOverturned, &[1]).is_empty());
        assert_eq!(fields(PartlyOverturned, &[]), ["overturned_lines"]);
        assert_eq!(fields(Upheld, &[1]), ["overturned_lines"]);
        assert_eq!(fields(Unspecified, &[]), ["outcome"]);
    }

    #[test]
    fn a_citation_leads_to_its_first_section() {
        let read = |title: &str| citation(title).href;
        assert_eq!(read("42 CFR 405.940 to 405.958"), "https://www.ecfr.gov/current/title-42/section-405.940");
        assert_eq!(
            read("29 CFR 2560.503-1(h)(3) and (i)(2)"),
            "https://www.ecfr.gov/current/title-29/section-2560.503-1"
        );
        assert_eq!(read("the provider's contract with the payer"), "");
        assert_eq!(read("42 CFR part 405"), "");
    }

    #[test]
    fn a_request_holds_all_but_what_it_leaves_out() {
        let left_out = [element_message(Element::PartyName)];
        assert!(!held(&left_out, true).contains(&Element::PartyName));
        assert_eq!(held(&[], true).len() - held(&[], false).len(), 1);
    }
}

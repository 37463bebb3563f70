use std::sync::Arc;

use rust_decimal::Decimal;

use crate::adjudication::{ClaimFile, example};
use crate::domain::claim::Sex;
use crate::domain::code_list::Starts;
use crate::domain::codes::{Group, Modifier, PlaceOfService, ProcedureCode, carc};
use crate::domain::dates::{Period, date, plus_days};
use crate::domain::expression::{Comparison, Expression, Field, Operation};
use crate::domain::institutional::CodeSet;
use crate::domain::member::{Authorization, CodeRanges};
use crate::domain::money::Money;
use crate::domain::policy::{
    AgeIn, Condition, Counted, DiagnosesOf, Frequency, MedicalPolicies, MedicalPolicy, PolicyFinding, Window,
};

fn starts(texts: &[&str]) -> Starts {
    Starts::new(texts.iter().map(|text| (*text).to_owned()).collect())
}

fn codes(text: &str) -> CodeRanges {
    CodeRanges::parse([text]).unwrap()
}

fn number(text: &str) -> Expression {
    Expression::Number(text.parse().unwrap())
}

fn compare(left: Expression, comparison: Comparison, right: Expression) -> Expression {
    Expression::Compare(comparison, Box::new([left, right]))
}

/// Has a policy on office visits, denying CO-150.
fn govern(file: &mut ClaimFile, applies: Vec<Condition>, requires: Vec<Condition>) {
    // A file that was cloned shares its payer.
    file.payer = example::office_visit().payer;
    example::payer(file).policies = MedicalPolicies::new(vec![MedicalPolicy {
        policy_id: "MP-1".into(),
        title: String::new(),
        period: Period::since(date(2026, 1, 1)),
        rank: 0,
        plans: vec![],
        procedures: codes("99213"),
        revenue_codes: CodeSet::default(),
        bills: Starts::default(),
        applies,
        requires,
        finding: PolicyFinding::Deny {
            group: Group::ContractualObligation,
            carc: carc("150"),
            rarcs: vec![],
            patient_with_notice: false,
        },
        rationale: String::new(),
        href: String::new(),
    }]);
}

/// Whether a condition holds for a claim: "yes", "no", or "unknown".
fn holds(mut file: ClaimFile, condition: Condition) -> &'static str {
    govern(&mut file, vec![], vec![condition]);
    match (example::denial(&file).as_str(), example::words(&file, "medical-policy").as_str()) {
        ("CO-150", _) => "no",
        (_, "") => "yes",
        (_, words) => {
            assert!(words.starts_with("Whether MP-1 (since 2026-01-01) is met cannot be known"), "{words}");
            "unknown"
        }
    }
}

fn when(file: ClaimFile, expression: Expression) -> &'static str {
    holds(file, Condition::When(expression, "so".into()))
}

// Testa Muster, 45 and female, sees a family doctor in the office for M54.50: 1 unit, 150.00.
#[test]
fn conditions_hold_where_the_claim_and_the_patient_say_so() {
    let two = |text: &str| PlaceOfService::new(text);
    let table = [
        (Condition::Diagnoses(DiagnosesOf::Principal, starts(&["M54"])), "yes"),
        (Condition::Diagnoses(DiagnosesOf::Claim, starts(&["R51"])), "no"),
        (Condition::NotDiagnoses(starts(&["M54"])), "no"),
        (Condition::Age(AgeIn::Years, Some(45), Some(45)), "yes"),
        (Condition::Age(AgeIn::Years, Some(46), None), "no"),
        (Condition::Age(AgeIn::Days, None, Some(28)), "no"),
        (Condition::Sex(Sex::Female), "yes"),
        (Condition::Sex(Sex::Male), "no"),
        (Condition::Places(vec![two("11"), two("22")], true), "yes"),
        (Condition::Places(vec![two("11")], false), "no"),
        (Condition::Modifiers(vec![Modifier::new("25")], true), "no"),
        (Condition::Modifiers(vec![Modifier::new("25")], false), "yes"),
        (Condition::Units(Some(Decimal::ONE), Some(Decimal::ONE)), "yes"),
        (Condition::Units(None, Some(Decimal::ZERO)), "no"),
        (Condition::Charge(Money::from_cents(15_000), None), "yes"),
        (Condition::Charge(Money::ZERO, Some(Money::from_cents(14_999))), "no"),
        (Condition::Specialties(starts(&["207Q"]), true), "yes"),
        (Condition::Specialties(starts(&["207Q"]), false), "no"),
        (Condition::Bills(starts(&["13"])), "no"),
        (Condition::Institutional(false), "yes"),
        (Condition::Attachment, "no"),
        (Condition::Authorization, "no"),
        (Condition::Emergency(false), "yes"),
        (Condition::Networks(vec!["in".into()]), "yes"),
        (Condition::Networks(vec!["out".into()]), "no"),
        (Condition::Prior(codes("70551"), None, false), "yes"),
    ];
    for (condition, answer) in table {
        let told = format!("{condition:?}");
        assert_eq!(holds(example::office_visit(), condition), answer, "{told}");
    }
}

#[test]
fn what_is_not_known_denies_nobody() {
    let mut file = example::office_visit();
    file.family[0].person.birth = None;
    file.claim.subscriber.person.birth = None;
    assert_eq!(holds(file.clone(), Condition::Age(AgeIn::Years, Some(18), None)), "unknown");
    file.family[0].person.sex = Sex::Unknown;
    file.claim.subscriber.person.sex = Sex::Unknown;
    assert_eq!(holds(file.clone(), Condition::Sex(Sex::Male)), "unknown");
    file.claim.lines[0].rendering_npi = example::STRANGER;
    assert_eq!(holds(file, Condition::Specialties(starts(&["207Q"]), true)), "unknown");
}

#[test]
fn an_authorization_must_be_on_file_and_fit() {
    let mut file = example::office_visit();
    file.claim.lines[0].authorization_number = "A1".into();
    assert_eq!(holds(file.clone(), Condition::Authorization), "no");
    file.authorizations = vec![Authorization {
        number: "A1".into(),
        member_id: "M1".into(),
        procedures: codes("99213"),
        npi: None,
        period: Period::since(date(2026, 1, 1)),
        units: None,
        referral: false,
        denied: false,
        requested: None,
        retrospective: false,
        cancelled: false,
    }];
    assert_eq!(holds(file.clone(), Condition::Authorization), "yes");
    file.authorizations[0].procedures = codes("99214");
    assert_eq!(holds(file, Condition::Authorization), "no");
}

/// The example, and the same visit so many days before.
fn seen_before(days: i32) -> ClaimFile {
    let mut file = example::office_visit();
    let mut earlier = example::earlier(&file);
    earlier.from = plus_days(example::VISIT, -days);
    earlier.through = earlier.from;
    earlier.units = Decimal::from(2);
    file.history = Arc::new(vec![earlier]);
    file
}

fn at_most(most: i64, window: Window, count: Counted) -> Condition {
    Condition::Frequency(Frequency { most: most.into(), window, count, procedures: codes("99213") })
}

// Of 2026-03-02: 60 days before is 2026-01-01, 61 days before 2025-12-31.
#[test]
fn a_window_of_days_a_calendar_year_and_a_lifetime_count_what_lies_in_them() {
    for (days, window, answer) in [
        (29, Window::Days(30), "no"),
        (30, Window::Days(30), "yes"),
        (60, Window::CalendarYear, "no"),
        (61, Window::CalendarYear, "yes"),
        (3_000, Window::Lifetime, "no"),
    ] {
        assert_eq!(holds(seen_before(days), at_most(1, window, Counted::Services)), answer, "{days} {window:?}");
    }
}

// Two units before and one now are three; two services; two days.
#[test]
fn services_units_and_days_are_counted_and_denied_ones_are_not() {
    for (most, count, answer) in [
        (2, Counted::Services, "yes"),
        (1, Counted::Services, "no"),
        (3, Counted::Units, "yes"),
        (2, Counted::Units, "no"),
        (2, Counted::Days, "yes"),
        (1, Counted::Days, "no"),
    ] {
        assert_eq!(holds(seen_before(5), at_most(most, Window::Lifetime, count)), answer, "{most} {count:?}");
    }
    let mut denied = seen_before(5);
    Arc::make_mut(&mut denied.history)[0].denied = true;
    assert_eq!(holds(denied, at_most(1, Window::Lifetime, Counted::Services)), "yes");
}

#[test]
fn of_two_lines_on_a_claim_the_first_is_within_the_frequency_and_the_second_is_not() {
    let mut file = example::office_visit();
    file.claim.lines.push(example::further_line("99213", 10_000));
    govern(&mut file, vec![], vec![at_most(1, Window::Lifetime, Counted::Services)]);
    assert_eq!(example::denials(&file), ["", "CO-150"]);
}

#[test]
fn a_service_that_must_come_first_counts_in_history_and_on_the_claim() {
    let after = |days| Condition::Prior(codes("99213"), Some(days), true);
    assert_eq!(holds(seen_before(30), after(30)), "yes");
    assert_eq!(holds(seen_before(31), after(30)), "no");
    let mut file = example::office_visit();
    file.claim.lines.push(example::line("70551", 80_000));
    assert_eq!(holds(file.clone(), Condition::Prior(codes("70551"), Some(0), true)), "yes");
    assert_eq!(holds(file, Condition::Prior(codes("70551"), None, false)), "no");
}

#[test]
fn a_policy_looks_only_at_lines_to_which_it_applies() {
    let mut file = example::office_visit();
    govern(&mut file, vec![Condition::Sex(Sex::Male)], vec![Condition::Attachment]);
    assert_eq!(example::denial(&file), "");
    govern(&mut file, vec![Condition::Sex(Sex::Female)], vec![Condition::Attachment]);
    assert_eq!(example::denial(&file), "CO-150");
    // One that asks for nothing is never met.
    govern(&mut file, vec![Condition::Sex(Sex::Female)], vec![]);
    assert_eq!(example::denial(&file), "CO-150");
    assert_eq!(example::words(&file, "medical-policy"), "MP-1 (since 2026-01-01) does not cover 99213: with sex F.");
}

#[test]
fn expressions_are_exact_and_what_cannot_be_known_has_no_answer() {
    let units = |text: &str| {
        let mut file = example::office_visit();
        file.claim.lines[0].units = text.parse().unwrap();
        file
    };
    let sum = Expression::Arithmetic(Operation::Add, Box::new([number("0.1"), number("0.2")]));
    let field = Expression::Field;
    assert_eq!(when(units("0.3"), compare(field(Field::Units), Comparison::Equal, sum)), "yes");
    let halves = |file| {
        let days = Expression::DaysSincePrior(codes("99213"));
        let quotient = Expression::Arithmetic(Operation::Divide, Box::new([number("10"), days]));
        when(file, compare(quotient, Comparison::AtMost, number("2")))
    };
    assert_eq!((halves(seen_before(5)), halves(seen_before(4))), ("yes", "no"));
    assert_eq!(halves(seen_before(0)), "unknown", "a division by zero");
    assert_eq!(halves(example::office_visit()), "unknown", "never before");
    let huge =
        Expression::Arithmetic(Operation::Multiply, Box::new([number("79228162514264337593543950335"), number("9")]));
    assert_eq!(when(units("1"), compare(huge, Comparison::More, number("1"))), "unknown", "too large");
}

#[test]
fn and_and_or_answer_where_they_can_without_what_is_not_known() {
    let bill = || compare(Expression::Field(Field::Bill), Comparison::Equal, Expression::Text("131".into()));
    let both = |known| vec![bill(), Expression::Bool(known)];
    assert_eq!(when(example::office_visit(), Expression::And(both(false))), "no");
    assert_eq!(when(example::office_visit(), Expression::And(both(true))), "unknown");
    assert_eq!(when(example::office_visit(), Expression::Or(both(true))), "yes");
    assert_eq!(when(example::office_visit(), Expression::Or(both(false))), "unknown");
    assert_eq!(when(example::office_visit(), Expression::Not(Box::new(Expression::Has(Field::Bill)))), "yes");
}

#[test]
fn history_and_the_other_lines_answer_to_functions() {
    let is = |left, text: &str| compare(left, Comparison::Equal, number(text));
    assert_eq!(when(seen_before(7), is(Expression::CountPrior(codes("99213"), 7), "1")), "yes");
    assert_eq!(when(seen_before(8), is(Expression::CountPrior(codes("99213"), 7), "0")), "yes");
    assert_eq!(when(seen_before(7), is(Expression::UnitsPrior(codes("99213"), 7), "2")), "yes");
    let mut file = example::office_visit();
    file.claim.lines.push(example::line("70551", 80_000));
    assert_eq!(when(file.clone(), Expression::OnClaim(codes("70551-70553"))), "yes");
    assert_eq!(when(file, Expression::OnClaim(codes("99213"))), "no");
    let procedure = Expression::Text(ProcedureCode::new("99213").to_string());
    let named = compare(Expression::Field(Field::Procedure), Comparison::Equal, procedure);
    assert_eq!(when(example::office_visit(), named), "yes");
}

use rust_decimal::Decimal;

use super::*;
use crate::adjudication::example;
use crate::domain::authorization_request::{Action, AuthorizationRule, Category, RequestedService};
use crate::domain::code_list::Starts;
use crate::domain::codes::{Code, ProcedureCode};
use crate::domain::dates::date;
use crate::domain::member::CodeRanges;

const TODAY: Date = date(2026, 3, 2);

/// The clinic asks for three units of an image of the brain, of which the plan wants authorization; one rule certifies two at most.
fn image() -> RequestFile {
    let mut file = example::office_visit();
    example::benefit(&mut file, "imaging").authorization_required = true;
    let code = ProcedureCode::new("70551");
    let rule = AuthorizationRule {
        rule_id: "brain".into(),
        title: String::new(),
        plans: vec![],
        procedures: Some(CodeRanges::parse(["70551-70553"]).unwrap()),
        benefits: vec![],
        places: vec![],
        diagnoses: Starts::default(),
        referrals: false,
        action: Action::Certify,
        needs_diagnoses: Starts::default(),
        needs_reports: vec![],
        needs_specialties: Starts::default(),
        unmet: Action::Deny,
        most_units: Some(Decimal::TWO),
        most_days: None,
        review_more: false,
        reason: None,
        rationale: String::new(),
        href: String::new(),
    };
    let mut payer = file.payer;
    Arc::get_mut(&mut payer).unwrap().authorization_rules.rules = vec![rule];
    RequestFile {
        request: AuthorizationRequest {
            member_id: "M1".into(),
            category: Category::Services,
            extension: false,
            urgency: Urgency::Elective,
            place: None,
            diagnoses: vec!["R519".into()],
            requesting_npi: example::CLINIC,
            rendering_npi: example::CLINIC,
            services: vec![RequestedService {
                procedures: Some((code, code)),
                units: Some(Decimal::from(3)),
                from: TODAY,
                through: None,
            }],
            reports: vec![],
            previous_number: String::new(),
        },
        received: TODAY.at(9, 30, 0, 0),
        member: file.family.into_iter().next(),
        providers: file.providers,
        authorizations: vec![],
        payer,
    }
}

fn rule(file: &mut RequestFile) -> &mut AuthorizationRule {
    &mut Arc::get_mut(&mut file.payer).unwrap().authorization_rules.rules[0]
}

/// Outcome, reason and units of the one service.
fn of(file: &RequestFile) -> (Outcome, &'static str, Option<Decimal>) {
    let decided = authorize(file);
    assert_eq!(decided.rejections, []);
    let service = &decided.services[0];
    (service.outcome, service.reason, service.units)
}

#[test]
fn more_than_the_most_is_cut_or_reviewed_and_no_more_is_certified() {
    let mut file = image();
    assert_eq!(of(&file), (Outcome::Modified, "10", Some(Decimal::TWO)));
    file.request.services[0].units = Some(Decimal::TWO);
    assert_eq!(of(&file), (Outcome::Certified, "", Some(Decimal::TWO)));
    rule(&mut file).review_more = true;
    file.request.services[0].units = Some(Decimal::from(3));
    assert_eq!(of(&file).0, Outcome::Pended);
}

#[test]
fn what_the_rule_asks_must_be_met() {
    let mut file = image();
    rule(&mut file).needs_diagnoses = Starts::new(vec!["K35".into()]);
    assert_eq!(of(&file).1, "0R");
    file.request.diagnoses.push("K3580".into());
    assert_eq!(of(&file).0, Outcome::Modified);
    rule(&mut file).needs_reports = vec![Code::parse("RR").unwrap()];
    assert_eq!((of(&file).0, of(&file).1), (Outcome::Pended, "0U"));
    file.request.reports = vec![Code::parse("RR").unwrap()];
    assert_eq!(of(&file).0, Outcome::Modified);
    rule(&mut file).needs_specialties = Starts::new(vec!["ZZZ".into()]);
    assert_eq!((of(&file).0, of(&file).1), (Outcome::NotCertified, "0X"));
}

#[test]
fn without_a_rule_a_reviewer_decides_what_needs_authorization_and_nobody_the_rest() {
    let mut file = image();
    rule(&mut file).plans = vec!["another".into()];
    assert_eq!((of(&file).0, of(&file).1), (Outcome::Pended, "0V"));
    let visit = ProcedureCode::new("99213");
    file.request.services[0].procedures = Some((visit, visit));
    assert_eq!((of(&file).0, of(&file).1), (Outcome::NotNeeded, "0H"));
}

#[test]
fn after_the_service_only_an_emergency_is_taken_for_two_days() {
    let mut file = image();
    file.received = date(2026, 3, 4).at(0, 0, 0, 0);
    assert_eq!((of(&file).0, of(&file).1), (Outcome::NotCertified, "0N"));
    file.request.urgency = Urgency::Emergency;
    assert_eq!(of(&file).0, Outcome::Modified);
    assert!(authorize(&file).retrospective);
    file.received = date(2026, 3, 5).at(0, 0, 0, 0);
    assert_eq!(of(&file).1, "0N");
}

#[test]
fn what_waits_has_a_deadline_of_its_kind() {
    let mut file = image();
    rule(&mut file).action = Action::Review;
    let standard = authorize(&file).deadline.unwrap();
    assert_eq!((standard.decide_by, standard.missed_on), (date(2026, 3, 17).at(23, 59, 59, 0), date(2026, 3, 18)));
    file.request.urgency = Urgency::Urgent;
    let urgent = authorize(&file).deadline.unwrap();
    assert_eq!((urgent.decide_by, urgent.missed_on), (date(2026, 3, 5).at(9, 30, 0, 0), date(2026, 3, 6)));
    file.received = TODAY.at(0, 0, 0, 0);
    assert_eq!(authorize(&file).deadline.unwrap().missed_on, date(2026, 3, 5));
    Arc::get_mut(&mut file.payer).unwrap().authorization_rules.urgent_hours = Some(24);
    assert_eq!(authorize(&file).deadline.unwrap().missed_on, date(2026, 3, 3));
}

#[test]
fn who_is_not_known_or_not_covered_is_turned_away() {
    let mut file = image();
    file.request.diagnoses = vec!["QQQ".into()];
    file.request.previous_number = "A9".into();
    let codes: Vec<_> = authorize(&file).rejections.iter().map(|rejection| rejection.code).collect();
    assert_eq!(codes, ["AF", "AA"]);
    file.request.services[0].from = date(1999, 1, 1);
    assert_eq!(authorize(&file).rejections[0].code, "95");
    file.member = None;
    assert_eq!(authorize(&file).rejections[0].code, "75");
}

#[test]
fn a_referral_is_the_primary_care_providers_to_make() {
    let mut file = image();
    file.request.category = Category::Referral;
    let payer = Arc::get_mut(&mut file.payer).unwrap();
    payer.plans[0].referral_benefits = vec!["imaging".into()];
    assert_eq!(of(&file).0, Outcome::Certified);
    file.member.as_mut().unwrap().coverages[0].primary_care_npi = Some(example::STRANGER);
    assert_eq!((of(&file).0, of(&file).1), (Outcome::NotCertified, "0E"));
}

//! Appeals that come in, and what becomes of them. Every refusal is met once.

use std::sync::LazyLock;

use super::filing::*;
use super::*;
use crate::domain::codes::{Group, carc, rarc};
use crate::domain::dates::{Date, Period, date};
use crate::domain::money::Money;

static DISPUTE: LazyLock<DisputeTerms> = LazyLock::new(DisputeTerms::default);
static TWO_LEVELS: LazyLock<DisputeTerms> = LazyLock::new(|| DisputeTerms { levels: 2, ..DisputeTerms::default() });

const ALL: &[Element] = &[
    Element::PatientName,
    Element::MemberNumber,
    Element::Services,
    Element::PartyName,
    Element::PriorDecider,
    Element::Reason,
];

fn terms(regime: Regime) -> Terms<'static> {
    Terms { regime, internal_levels: 1, dispute: &DISPUTE, evidence: &[] }
}

fn denial(group: Group, reason: &str, remarks: &[&str]) -> Denial {
    Denial {
        line: 1,
        group,
        carc: carc(reason),
        rarcs: remarks.iter().map(|remark| rarc(remark)).collect(),
        amount: Money::from_cents(25_000),
        service: Period::between(date(2026, 7, 1), date(2026, 7, 1)),
        last_day_to_file: None,
    }
}

fn claim(denials: Vec<Denial>) -> ClaimSubject {
    ClaimSubject { standing: ClaimStanding::Decided, denials, contracted: false, surprise_protected: false }
}

/// Something of a request that was not certified.
fn request(medical_judgment: bool) -> Subject {
    Subject::Authorization { standing: RequestStanding::Against, medical_judgment }
}

/// A member's appeal of CO-50 at the first level, a month after the notice of 15 July 2026, with everything that it needs.
fn filing(level_id: &str) -> Filing<'static> {
    Filing {
        level: level(level_id).unwrap(),
        subject: Subject::Claim(claim(vec![denial(Group::ContractualObligation, "50", &[])])),
        filer: Filer::Member,
        filed: date(2026, 8, 14).at(9, 0, 0, 0),
        notice: Some(date(2026, 7, 15)),
        notice_received: None,
        holds: ALL,
        documents: &[],
        amount: Money::from_cents(25_000),
        aggregated: &[],
        expedite: Expedite::No,
        good_cause: None,
        prior: None,
    }
}

fn after(level_id: &str, prior_id: &str, outcome: PriorOutcome) -> Filing<'static> {
    Filing { prior: Some(Prior { level: level(prior_id).unwrap(), outcome }), ..filing(level_id) }
}

fn of(denial: Denial, level_id: &str) -> Filing<'static> {
    Filing { subject: Subject::Claim(claim(vec![denial])), ..filing(level_id) }
}

/// What becomes of it in the regime of its level.
fn becomes(filing: &Filing<'_>) -> Examined {
    examine(&terms(filing.level.regime), filing)
}

fn heard(examined: Examined) -> Hearing {
    match examined {
        Examined::Hear(hearing) => hearing,
        other => panic!("not heard: {other:?}"),
    }
}

/// The id of the refusal or dismissal.
fn id(examined: &Examined) -> &'static str {
    match examined {
        Examined::Hear(_) => "heard",
        Examined::Dismiss(dismissal) => dismissal.id,
        Examined::Refuse(refusal) => {
            assert!(!refusal.authority.is_empty() && !refusal.right_path.is_empty(), "{refusal:?}");
            refusal.id
        }
        Examined::Incomplete(_) => "incomplete",
    }
}

fn decide_on(hearing: &Hearing) -> Date {
    hearing.decide_by.as_ref().unwrap().day()
}

#[test]
fn levels_have_ids_of_their_own_and_stand_in_order() {
    let mut ids: Vec<&str> = Regime::ALL.into_iter().flat_map(levels).map(|level| level.id).collect();
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count);
    for regime in Regime::ALL {
        for (at, level) in (1..).zip(levels(regime)) {
            assert_eq!((level.regime, level.number), (regime, at), "{}", level.id);
        }
    }
}

// From 14 August: 60 days are 13 October (17 + 30 + 13), 30 days 13 September.
#[test]
fn each_first_level_is_decided_in_its_own_days() {
    let pre_service = |id| Filing { subject: request(true), ..filing(id) };
    for id in ["redetermination", "plan-reconsideration", "internal-appeal", "individual-internal-appeal"] {
        assert_eq!(decide_on(&heard(becomes(&filing(id)))), date(2026, 10, 13), "{id}");
    }
    for id in ["plan-reconsideration", "internal-appeal", "individual-internal-appeal"] {
        assert_eq!(decide_on(&heard(becomes(&pre_service(id)))), date(2026, 9, 13), "{id}");
    }
    let two = Terms { internal_levels: 2, ..terms(Regime::EmployerPlan) };
    assert_eq!(decide_on(&heard(examine(&two, &filing("internal-appeal")))), date(2026, 9, 13), "half of 60");
    assert_eq!(decide_on(&heard(examine(&two, &pre_service("internal-appeal")))), date(2026, 8, 29), "half of 30");
}

#[test]
fn a_dispute_runs_by_the_contract() {
    let provider = Filing { filer: Filer::Provider { contracted: true }, ..filing("provider-dispute") };
    let hearing = heard(examine(&terms(Regime::EmployerPlan), &provider));
    // 45 days from 14 August: 17 + 28. Three weeks of business days end on 4 September, before Labor Day.
    assert_eq!(decide_on(&hearing), date(2026, 9, 28));
    assert_eq!(hearing.acknowledge_by.unwrap().day(), date(2026, 9, 4));
    let late = Filing { filed: date(2027, 7, 16).at(0, 0, 0, 0), ..provider.clone() };
    assert_eq!(id(&examine(&terms(Regime::EmployerPlan), &late)), "filed-late", "365 days end on 15 July 2027");
    let second = Terms { dispute: &TWO_LEVELS, ..terms(Regime::EmployerPlan) };
    assert_eq!(second.ladder(Regime::ProviderDispute).len(), 2);
    assert_eq!(terms(Regime::EmployerPlan).ladder(Regime::ProviderDispute).len(), 1);
}

#[test]
fn a_late_appeal_is_dismissed_unless_the_law_lets_good_cause_count() {
    // The last day is 17 November 2026.
    let on_last = Filing { filed: date(2026, 11, 17).at(23, 0, 0, 0), ..filing("redetermination") };
    assert_eq!(id(&becomes(&on_last)), "heard");
    let late = Filing { filed: date(2026, 11, 18).at(0, 0, 0, 0), ..filing("redetermination") };
    let Examined::Dismiss(dismissal) = becomes(&late) else { panic!("late") };
    assert_eq!((dismissal.id, dismissal.refile_by), ("filed-late", None));
    // 180 days from 18 November: 12 + 31 + 31 + 28 + 31 + 30 = 163, 17 of May.
    assert_eq!(dismissal.vacate_by.unwrap().day(), date(2027, 5, 17));
    let excused = Filing { good_cause: Some("serious illness"), ..late };
    assert!(heard(becomes(&excused)).notes.iter().any(|note| note.authority == "42 CFR 405.942(b)"));
    let employer = Filing {
        good_cause: Some("serious illness"),
        filed: date(2027, 1, 12).at(0, 0, 0, 0),
        ..filing("internal-appeal")
    };
    assert_eq!(id(&becomes(&employer)), "filed-late", "29 CFR 2560.503-1 knows no good cause");
}

#[test]
fn an_incomplete_request_is_dismissed_by_medicare_and_mended_elsewhere() {
    let bare = |id| Filing { holds: &[Element::PatientName, Element::MemberNumber, Element::PartyName], ..filing(id) };
    let Examined::Dismiss(dismissal) = becomes(&bare("redetermination")) else { panic!("no services") };
    assert_eq!(dismissal.id, "invalid-request");
    assert_eq!(dismissal.refile_by.unwrap().day(), date(2026, 11, 17));
    assert_eq!(id(&becomes(&bare("plan-reconsideration"))), "invalid-request");
    let Examined::Incomplete(found) = becomes(&bare("internal-appeal")) else { panic!("no services") };
    assert_eq!(found.missing, [Element::Services]);
    assert_eq!(found.cure_by.unwrap().day(), date(2027, 1, 11), "while the 180 days run");
    // External review: 48 hours where the four months (to 16 November) end earlier.
    let short = Filing { filed: date(2026, 11, 16).at(12, 0, 0, 0), ..bare("external-review") };
    let short = Filing { prior: after("external-review", "internal-appeal", PriorOutcome::Upheld).prior, ..short };
    let Examined::Incomplete(found) = becomes(&short) else { panic!("no services") };
    assert_eq!(found.cure_by.unwrap().last, date(2026, 11, 18).at(12, 0, 0, 0));
}

#[test]
fn who_asks_for_somebody_else_shows_the_right_to() {
    let with = |id, filer, documents| Filing { filer, documents, ..filing(id) };
    let cure = |filing: &Filing<'_>| match becomes(filing) {
        Examined::Incomplete(found) => (found.documents, found.cure_by.unwrap().day()),
        other => panic!("{other:?}"),
    };
    let form = EvidenceKind::AppointmentOfRepresentative;
    for id in ["redetermination", "internal-appeal"] {
        assert_eq!(cure(&with(id, Filer::Representative, &[])).0, [form], "{id}");
        assert_eq!(id_of(with(id, Filer::Representative, &[EvidenceKind::AppointmentOfRepresentative])), "heard");
        assert_eq!(id_of(with(id, Filer::Other, &[])), "no-party");
    }
    // The Medicare Advantage plan waits for the paper as long as it would have had to decide: 60 days.
    let provider = Filer::Provider { contracted: false };
    let waiver = EvidenceKind::WaiverOfLiability;
    assert_eq!(cure(&with("plan-reconsideration", provider, &[])), (vec![waiver], date(2026, 10, 13)));
    assert_eq!(id_of(with("plan-reconsideration", provider, &[EvidenceKind::WaiverOfLiability])), "heard");
    assert_eq!(cure(&with("redetermination", Filer::Assignee, &[])).0, [EvidenceKind::TransferOfAppealRights]);
    assert_eq!(id_of(with("redetermination", provider, &[])), "no-party", "it did not accept assignment");
    assert_eq!(id_of(with("redetermination", Filer::Provider { contracted: true }, &[])), "heard");
    // An assignment alone is no authorization.
    assert_eq!(cure(&with("internal-appeal", Filer::Assignee, &[EvidenceKind::TransferOfAppealRights])).0, [form]);
}

fn id_of(filing: Filing<'_>) -> &'static str {
    id(&becomes(&filing))
}

#[test]
fn a_physician_expedites_what_is_still_to_be_given() {
    let urgent = |id, expedite, filer| Filing { subject: request(true), expedite, filer, ..filing(id) };
    for id in ["plan-reconsideration", "internal-appeal", "individual-internal-appeal"] {
        let hearing = heard(becomes(&urgent(id, Expedite::PhysicianSays, Filer::TreatingPhysician)));
        assert!(hearing.expedited, "{id}");
        assert_eq!(hearing.decide_by.unwrap().last, date(2026, 8, 17).at(9, 0, 0, 0), "72 hours");
    }
    let asked = heard(becomes(&urgent("plan-reconsideration", Expedite::Asked, Filer::Member)));
    assert!(!asked.expedited && asked.notes.iter().any(|note| note.authority == "42 CFR 422.584(c) and (d)"));
    let paid = heard(becomes(&Filing { expedite: Expedite::PhysicianSays, ..filing("plan-reconsideration") }));
    assert!(!paid.expedited, "payment cannot be urgent");
}

#[test]
fn levels_follow_one_another() {
    assert_eq!(id_of(filing("reconsideration")), "level-before-missing");
    assert_eq!(id_of(after("reconsideration", "redetermination", PriorOutcome::Open)), "level-before-missing");
    assert_eq!(id_of(after("reconsideration", "redetermination", PriorOutcome::Overturned)), "nothing-left");
    assert_eq!(id_of(after("reconsideration", "redetermination", PriorOutcome::Dismissed)), "dismissed-before");
    assert_eq!(id_of(after("reconsideration", "redetermination", PriorOutcome::PartlyOverturned)), "heard");
    assert_eq!(
        id_of(after("hearing", "redetermination", PriorOutcome::Upheld)),
        "level-before-missing",
        "one is left out"
    );
    // Nobody asks the independent review entity: the plan sends the case.
    assert_eq!(id_of(filing("independent-review")), "goes-by-itself");
    assert_eq!(id_of(after("independent-review", "plan-reconsideration", PriorOutcome::Late)), "heard");
    let external = after("external-review", "internal-appeal", PriorOutcome::Late);
    assert!(heard(becomes(&external)).notes.iter().any(|note| note.authority.starts_with("29 CFR 2560.503-1(l)")));
    assert_eq!(id_of(Filing { notice: None, ..filing("redetermination") }), "undecided-claim");
}

#[test]
fn a_hearing_asks_for_the_amount_of_the_year() {
    let hearing = |cents| Filing {
        amount: Money::from_cents(cents),
        ..after("hearing", "reconsideration", PriorOutcome::Upheld)
    };
    assert_eq!(id_of(hearing(20_000)), "heard", "200.00 in 2026");
    assert_eq!(id_of(hearing(19_999)), "amount-too-small");
    let other = Aggregated {
        amount: Money::from_cents(1),
        prior_notice: date(2026, 7, 15),
        same_prior_level: true,
        other_patient: false,
        related: true,
    };
    let together = [other];
    assert_eq!(id_of(Filing { aggregated: &together, ..hearing(19_999) }), "heard");
    let apart = [Aggregated { related: false, ..other }];
    assert_eq!(id_of(Filing { aggregated: &apart, ..hearing(19_999) }), "amount-too-small");
    let court = after("advantage-court", "advantage-council", PriorOutcome::Upheld);
    assert_eq!(id_of(court), "amount-too-small", "250.00 of 1,960.00");
}

#[test]
fn what_was_no_decision_is_not_appealed() {
    let standing = |standing| {
        let subject = ClaimSubject { standing, ..claim(vec![denial(Group::ContractualObligation, "50", &[])]) };
        Filing { subject: Subject::Claim(subject), ..filing("redetermination") }
    };
    assert_eq!(id_of(standing(ClaimStanding::Rejected)), "rejected-claim");
    assert_eq!(id_of(standing(ClaimStanding::Pended)), "undecided-claim");
    assert_eq!(id_of(standing(ClaimStanding::Replaced)), "replaced-claim");
    let unprocessable = denial(Group::ContractualObligation, "16", &["N286", "MA130"]);
    assert_eq!(id_of(of(unprocessable, "internal-appeal")), "unprocessable-claim");
    assert_eq!(id_of(of(denial(Group::ContractualObligation, "16", &["N286"]), "internal-appeal")), "heard");
    assert_eq!(id_of(of(denial(Group::ContractualObligation, "197", &["N83"]), "redetermination")), "no-appeal-rights");
    assert_eq!(
        id_of(Filing { documents: &[EvidenceKind::CorrectedClaim], ..filing("redetermination") }),
        "corrected-claim"
    );
    let with_records = &[EvidenceKind::CorrectedClaim, EvidenceKind::MedicalRecords];
    let hearing = heard(becomes(&Filing { documents: with_records, ..filing("redetermination") }));
    assert!(hearing.notes.iter().any(|note| note.words.starts_with("The corrected claim is not looked at")));
    let nothing = Filing { subject: Subject::Claim(claim(vec![])), ..filing("internal-appeal") };
    assert_eq!(id_of(nothing), "nothing-denied");
}

#[test]
fn original_medicare_does_not_hear_its_own_amounts_nor_that_a_claim_was_late() {
    let co = |reason| denial(Group::ContractualObligation, reason, &[]);
    assert_eq!(id_of(of(co("45"), "redetermination")), "fee-schedule-amount");
    assert_eq!(id_of(of(co("253"), "redetermination")), "fee-schedule-amount");
    assert_eq!(id_of(of(co("29"), "redetermination")), "filed-after-limit");
    assert_eq!(id_of(of(co("29"), "internal-appeal")), "heard", "other plans hear that");
    let both = Filing { subject: Subject::Claim(claim(vec![co("45"), co("50")])), ..filing("redetermination") };
    let hearing = heard(becomes(&both));
    assert_eq!((hearing.heard.as_slice(), hearing.not_heard[0].0), ([1].as_slice(), 0));
}

#[test]
fn members_contest_what_they_owe_and_not_what_is_between_provider_and_payer() {
    let contracted = |denial, level_id| Filing {
        subject: Subject::Claim(ClaimSubject { contracted: true, ..claim(vec![denial]) }),
        ..filing(level_id)
    };
    for reason in ["1", "2", "3"] {
        for level_id in ["redetermination", "plan-reconsideration", "internal-appeal", "individual-internal-appeal"] {
            let share = denial(Group::PatientResponsibility, reason, &[]);
            assert_eq!(id_of(contracted(share, level_id)), "heard", "{level_id}: PR-{reason}");
        }
    }
    let co = |reason| denial(Group::ContractualObligation, reason, &[]);
    assert_eq!(id_of(contracted(co("45"), "internal-appeal")), "contract-amount");
    assert_eq!(id_of(contracted(co("197"), "internal-appeal")), "heard");
    assert_eq!(id_of(contracted(co("197"), "plan-reconsideration")), "no-liability");
}

#[test]
fn external_review_looks_at_medical_judgment_rescission_and_surprise_bills_only() {
    let external = |subject| Filing { subject, ..after("external-review", "internal-appeal", PriorOutcome::Upheld) };
    let of = |reason: &str, surprise_protected| {
        let denial = denial(Group::PatientResponsibility, reason, &[]);
        external(Subject::Claim(ClaimSubject { surprise_protected, ..claim(vec![denial]) }))
    };
    assert_eq!(id_of(of("50", false)), "heard");
    assert_eq!(id_of(of("27", false)), "external-eligibility");
    assert_eq!(id_of(of("29", false)), "external-timely-filing");
    assert_eq!(id_of(of("204", false)), "external-no-medical-judgment");
    assert_eq!(id_of(of("2", true)), "heard", "cost sharing of a protected bill");
    assert_eq!(id_of(external(Subject::Rescission)), "heard");
    assert_eq!(id_of(external(request(true))), "heard");
    assert_eq!(id_of(external(request(false))), "external-no-medical-judgment");
    let hearing = heard(becomes(&of("50", false)));
    // 45 days from 14 August; five business days of preliminary review and one to tell: 24 August.
    assert_eq!((decide_on(&hearing), hearing.acknowledge_by.unwrap().day()), (date(2026, 9, 28), date(2026, 8, 24)));
}

#[test]
fn each_goes_by_the_regime_that_is_his() {
    let with = |id, filer| Filing { filer, ..filing(id) };
    let under = |regime, filing: Filing<'_>| match examine(&terms(regime), &filing) {
        Examined::Refuse(refusal) => (refusal.id, refusal.authority),
        other => panic!("{other:?}"),
    };
    let (ours, theirs) = (Filer::Provider { contracted: true }, Filer::Provider { contracted: false });
    assert_eq!(under(Regime::OriginalMedicare, with("provider-dispute", ours)), ("no-contract", "42 CFR 405.906"));
    assert_eq!(under(Regime::EmployerPlan, filing("redetermination")).0, "wrong-regime");
    assert_eq!(under(Regime::EmployerPlan, filing("provider-dispute")).0, "member-in-provider-dispute");
    for regime in [Regime::MedicareAdvantage, Regime::EmployerPlan, Regime::IndividualMarket] {
        assert_eq!(under(regime, with(levels(regime)[0].id, ours)).0, "contracted-provider");
    }
    let refused = |regime| under(regime, with("provider-dispute", theirs));
    assert_eq!(refused(Regime::MedicareAdvantage), ("provider-without-contract", "42 CFR 422.574(b)"));
    assert_eq!(refused(Regime::EmployerPlan), ("provider-without-contract", "29 CFR 2560.503-1(b)(4)"));
    let surprise =
        ClaimSubject { surprise_protected: true, ..claim(vec![denial(Group::ContractualObligation, "45", &[])]) };
    let surprise = Filing { subject: Subject::Claim(surprise), ..with("provider-dispute", theirs) };
    assert_eq!(under(Regime::EmployerPlan, surprise).1, "45 CFR 149.510");
}

#[test]
fn a_demand_that_is_appealed_in_time_is_not_recouped_meanwhile() {
    let demand =
        Filing { subject: Subject::Overpayment { demanded: Money::from_cents(50_000) }, ..filing("redetermination") };
    assert!(heard(becomes(&demand)).notes.iter().any(|note| note.authority == "42 CFR 405.379"));
}

#[test]
fn of_a_request_for_authorization_only_what_was_decided_against_it_is_appealed() {
    let refused = |id, standing| {
        let subject = Subject::Authorization { standing, medical_judgment: true };
        match becomes(&Filing { subject, ..filing(id) }) {
            Examined::Refuse(refusal) => refusal.id,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(refused("internal-appeal", RequestStanding::Pended), "undecided-request");
    assert_eq!(refused("plan-reconsideration", RequestStanding::NothingAgainst), "nothing-denied");
    assert_eq!(refused("redetermination", RequestStanding::Against), "no-initial-determination");
    assert_eq!(refused("provider-dispute", RequestStanding::Against), "nothing-billed");
}

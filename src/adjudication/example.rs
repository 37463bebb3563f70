//! An example for tests: Testa Muster, 45, sees a doctor of her PPO for low back pain. Nothing is wrong with the claim.
//!
//! A test breaks one thing and tells what follows.

use std::sync::{Arc, LazyLock};

use rust_decimal::Decimal;

use super::edits::TABLE;
use super::payer_revision::{Diagnoses, Editions, Procedure, ProcedureTable};
use super::pricing::facility::{BaseRate, FacilityMethod, MsDrg};
use super::pricing::{self, ContractedAmounts, FeeSchedule, Medicare, Method};
use super::{ClaimFile, PayerRevision, Reason, adjudicate};
use crate::domain::appeal_terms::{AppealSettings, AppealTerms};
use crate::domain::authorization_request::AuthorizationRules;
use crate::domain::claim::{
    Accident, Claim, ClaimDetails, Frequency, Insured, LineDetails, Person, Responsibility, ServiceLine, Sex,
};
use crate::domain::claim_checks::ClaimChecks;
use crate::domain::claim_rules::{ClaimRules, Provisions, ServiceRule};
use crate::domain::codes::{Code, DiagnosisCode, Drg, Modifier, Npi, PlaceOfService, ProcedureCode, Rarc, RevenueCode};
use crate::domain::dates::{Date, Period, date};
use crate::domain::determination::{Determination, EarlierClaim, HistoryLine};
use crate::domain::document::Documents;
use crate::domain::institutional::{Institutional, TypeOfBill};
use crate::domain::member::{Coverage, Member};
use crate::domain::money::Money;
use crate::domain::payer_order::Employment;
use crate::domain::payment::PaymentTerms;
use crate::domain::plan::{
    Benefit, BenefitShare, CoordinationMethod, CostShare, CrossAccumulation, DependentRules, Plan, SuspectDuplicates,
};
use crate::domain::policy::MedicalPolicies;
use crate::domain::provider::{Enrollment, Provider};
use crate::domain::standing::{MemberStanding, ProviderStanding};
use crate::reference::gpci::Gpcis;
use crate::reference::icd10cm::Icd10Cm;
use crate::reference::ms_drg::DrgWeights;
use crate::reference::pprrvu::RelativeValues;
use crate::reference::reason_codes::{allowed_groups, needs_remark};
use crate::reference::remark_codes;

/// The clinic that bills, in network "green".
pub(crate) const CLINIC: Npi = Npi::new(1_234_567_893);
/// Its doctor, in network "green".
pub(crate) const DOCTOR: Npi = Npi::new(1_000_000_004);
/// Somebody the payer has no record of.
pub(crate) const STRANGER: Npi = Npi::new(1_999_999_992);

/// The day of the visit.
pub(crate) const VISIT: Date = date(2026, 3, 2);

/// A handful of diagnoses, for the whole release takes a while to unpack: billable, and one header.
static DIAGNOSES: LazyLock<Arc<Icd10Cm>> = LazyLock::new(|| {
    let row =
        |(at, (code, billable)): (usize, (&str, u8))| format!("{at:05} {code:<7} {billable} {:<60} Title\n", "Title");
    let codes = [("K3580", 1), ("M545", 0), ("M5450", 1), ("R519", 1)];
    let text: String = codes.into_iter().enumerate().map(row).collect();
    let year = Period::between(date(2025, 10, 1), date(2026, 9, 30));
    Arc::new(
        Icd10Cm::parse_order_file("a few codes of FY2026", year, text.as_bytes()).expect("the order file's layout"),
    )
});

/// The example. One line: 99213 for M54.50, 150.00, on 2026-03-02 in the office; received three days later.
pub(crate) fn office_visit() -> ClaimFile {
    let testa =
        Person { last: "Muster".into(), first: "Testa".into(), birth: Some(date(1980, 6, 15)), sex: Sex::Female };
    ClaimFile {
        claim: Claim {
            patient_control_number: "VISIT-1".into(),
            charge: Money::from_cents(15_000),
            frequency: Frequency::Original,
            original_control_number: String::new(),
            payer_id: "EXAMPLE".into(),
            responsibility: Responsibility::Primary,
            subscriber: Insured { member_id: "M1".into(), person: testa.clone() },
            patient: None,
            billing_npi: CLINIC,
            billing_tax_id: "123456789".into(),
            service_facility_npi: None,
            referring_npi: None,
            primary_care_npi: None,
            diagnoses: vec![DiagnosisCode::new("M5450")],
            authorization_number: String::new(),
            referral_number: String::new(),
            delay_reason: String::new(),
            accident: Accident::default(),
            other_payers: vec![],
            lines: vec![line("99213", 15_000)],
            institutional: None,
            details: ClaimDetails::default(),
        },
        control_number: "ICN-1".into(),
        received: date(2026, 3, 5),
        processed: date(2026, 3, 5),
        payer: Arc::new(payer_revision()),
        family: vec![Member {
            member_id: "M1".into(),
            subscriber_id: "M1".into(),
            relationship: "18".into(),
            person: testa,
            coverages: vec![Coverage {
                plan_id: "ppo".into(),
                period: Period::since(date(2024, 1, 1)),
                primary_care_npi: None,
                employment: Employment::default(),
                year_begins: None,
            }],
            other_coverages: vec![],
            disabled: false,
            student: false,
            prior_credits: vec![],
            medicare_entitlement: None,
            other_coverage_unanswered: false,
            hospice_elections: vec![],
            standing: MemberStanding::default(),
        }],
        providers: vec![provider(CLINIC), provider(DOCTOR)],
        authorizations: vec![],
        history: Arc::default(),
        accumulators: Arc::default(),
        authorization_uses: Arc::default(),
        documents: Documents::default(),
        instruction: None,
    }
}

/// The example as a hospital's bill of that type: the clinic is the hospital, the line its laboratory's.
pub(crate) fn facility_bill(bill: &str) -> ClaimFile {
    let mut file = office_visit();
    let bill = TypeOfBill::parse(bill).expect("a type of bill");
    let stay = bill.is_inpatient();
    file.claim.institutional = Some(Box::new(Institutional {
        bill,
        from: VISIT,
        through: if stay { date(2026, 3, 5) } else { VISIT },
        admission: stay.then_some(VISIT),
        admission_hour: String::new(),
        discharge_hour: String::new(),
        admission_type: Code::new("3"),
        admission_source: Code::new("1"),
        patient_status: Code::new(if bill.is_interim() { "30" } else { "01" }),
        present_on_admission: vec![Code::new("Y")],
        admitting: None,
        visit_reasons: vec![],
        external_causes: vec![],
        procedures: vec![],
        drg: stay.then(|| Drg::new("399")),
        values: vec![],
        occurrences: vec![],
        occurrence_spans: vec![],
        conditions: vec![],
        attending_npi: Some(DOCTOR),
        operating_npi: None,
        other_operating_npi: None,
    }));
    file.claim.lines = vec![facility_line("0300", "80053", 15_000)];
    file
}

/// A line of a facility, by the hospital.
pub(crate) fn facility_line(revenue: &str, procedure: &str, cents: i64) -> ServiceLine {
    let mut line = line(procedure, cents);
    line.revenue = RevenueCode::new(revenue);
    line.place = PlaceOfService::new("22");
    line.rendering_npi = CLINIC;
    line
}

/// An appendectomy (group 399, weight 1.1447) of three nights at the national rates: room and board 10,000.00, pharmacy
/// 2,000.00.
pub(crate) fn hospital_stay() -> ClaimFile {
    let mut file = facility_bill("111");
    let mut room = facility_line("0120", "", 1_000_000);
    room.units = Decimal::from(3);
    file.claim.lines = vec![room, facility_line("0250", "", 200_000)];
    file.claim.charge = Money::from_cents(1_200_000);
    file.claim.diagnoses = vec![DiagnosisCode::new("K3580")];
    payer(&mut file).fee_schedules[0].method = Method::Facility(FacilityMethod::MsDrg(MsDrg {
        weights: DrgWeights::embedded().iter().cloned().map(Arc::new).collect(),
        base: BaseRate::National,
        percentage: Decimal::ONE,
        fixed_loss: None,
        transfers_in_full: false,
    }));
    file
}

/// What the claim's account was denied with, or the first line where it has none, and the remarks on the claim.
pub(crate) fn claim_denial(file: &ClaimFile) -> String {
    let decided = decide(file);
    let ledger = decided.account.as_ref().map_or(&decided.lines[0].ledger, |account| &account.ledger);
    let Some(adjustment) = ledger.adjustments().last().filter(|_| ledger.is_denied()) else { return String::new() };
    let denial = format!("{}-{}", adjustment.group, adjustment.carc);
    let of_line = adjustment.rarcs.iter().filter(|remark| !decided.rarcs.contains(remark));
    of_line.chain(&decided.rarcs).fold(denial, |text, remark| format!("{text} {remark}"))
}

/// A line of one unit on the day of the visit, by the doctor, in the office, for the first diagnosis.
pub(crate) fn line(procedure: &str, cents: i64) -> ServiceLine {
    ServiceLine {
        control_number: String::new(),
        procedure: ProcedureCode::new(procedure),
        revenue: RevenueCode::NONE,
        noncovered: Money::ZERO,
        modifiers: [Modifier::NONE; 4],
        charge: Money::from_cents(cents),
        units: Decimal::ONE,
        minutes: false,
        place: PlaceOfService::new("11"),
        pointers: vec![0],
        from: VISIT,
        through: VISIT,
        rendering_npi: DOCTOR,
        ordering_npi: None,
        referring_npi: None,
        authorization_number: String::new(),
        referral_number: String::new(),
        emergency: false,
        attachment: false,
        pickup_zip: String::new(),
        other_decisions: vec![],
        details: LineDetails::default(),
    }
}

/// A line for a further service of the kind (modifier 59), so that it is no duplicate.
pub(crate) fn further_line(procedure: &str, cents: i64) -> ServiceLine {
    modified(line(procedure, cents), "59")
}

/// The line with these modifiers, such as "26 59".
pub(crate) fn modified(mut line: ServiceLine, modifiers: &str) -> ServiceLine {
    line.modifiers = [Modifier::NONE; 4];
    modifiers.split_whitespace().zip(&mut line.modifiers).for_each(|(code, slot)| *slot = Modifier::new(code));
    line
}

/// Has the plan pay Medicare's rates, by the example codes of the embedded release.
pub(crate) fn pay_medicare_rates(file: &mut ClaimFile) {
    payer(file).fee_schedules[0].method = Method::Medicare(Medicare {
        percentage: Decimal::ONE,
        relative_values: RelativeValues::embedded().iter().cloned().map(Arc::new).collect(),
        gpcis: Gpcis::embedded().iter().cloned().map(Arc::new).collect(),
        otherwise_of_charge: Some(Decimal::ONE),
        rules: Box::default(),
        other: Box::default(),
    });
}

/// The claim's first line, as if an earlier claim (ICN-0) had brought it and was paid.
pub(crate) fn earlier(file: &ClaimFile) -> HistoryLine {
    let line = &file.claim.lines[0];
    HistoryLine {
        control_number: "ICN-0".into(),
        member_id: file.family[0].member_id.clone(),
        billing_npi: file.claim.billing_npi,
        rendering_npi: line.rendering_npi,
        procedure: line.procedure,
        revenue: line.revenue,
        bill: None,
        modifiers: line.modifiers,
        place: line.place,
        from: line.from,
        through: line.through,
        units: line.units,
        charge: line.charge,
        denied: false,
        unprocessable: false,
        benefit: Some("office".into()),
        claim: Arc::new(EarlierClaim {
            billing_tax_id: file.claim.billing_tax_id.clone(),
            diagnoses: file.claim.diagnoses.clone(),
            statement: None,
        }),
    }
}

/// A provider of network "green".
pub(crate) fn provider(npi: Npi) -> Provider {
    Provider {
        npi,
        tax_id: "123456789".into(),
        taxonomy: "207Q00000X".into(),
        enrollments: vec![Enrollment { period: Period::since(date(2020, 1, 1)), networks: vec!["green".into()] }],
        locality: None,
        non_participating: false,
        calendar: None,
        withholds: vec![],
        facility: None,
        standing: ProviderStanding::default(),
    }
}

/// The file's payer, to be changed.
pub(crate) fn payer(file: &mut ClaimFile) -> &mut PayerRevision {
    Arc::get_mut(&mut file.payer).expect("the example's payer belongs to one file")
}

/// The file's plan, to be changed.
pub(crate) fn plan(file: &mut ClaimFile) -> &mut Plan {
    &mut payer(file).plans[0]
}

/// The payer's rule on services, to be changed; it fits every one.
pub(crate) fn asks(file: &mut ClaimFile) -> &mut ServiceRule {
    let services = &mut payer(file).claim_rules.services;
    if services.is_empty() {
        services.push(ServiceRule::default());
    }
    &mut services[0]
}

/// The plan's benefit of that name, to be changed.
pub(crate) fn benefit<'a>(file: &'a mut ClaimFile, name: &str) -> &'a mut Benefit {
    plan(file).benefits.iter_mut().find(|benefit| &*benefit.name == name).expect("a benefit of the example's plan")
}

/// A benefit with nothing to say.
pub(crate) fn plain_benefit(name: &str) -> Benefit {
    Benefit {
        name: name.into(),
        service_types: vec![],
        exclusion: None,
        in_network: BenefitShare::default(),
        out_of_network: BenefitShare::default(),
        tiers: vec![],
        waiting_days: None,
        visits_per_year: None,
        dollars_per_year: None,
        authorization_required: false,
    }
}

/// A procedure with nothing to say, valid since 2020.
pub(crate) fn procedure(code: &str, benefit: &str) -> Procedure {
    Procedure {
        code: ProcedureCode::new(code),
        words: String::new(),
        benefit: benefit.into(),
        period: Period::since(date(2020, 1, 1)),
        sex: None,
        min_age: None,
        max_age: None,
        places: vec![],
    }
}

fn ppo() -> Plan {
    let share = CostShare {
        individual_deductible: Money::ZERO,
        family_deductible: None,
        aggregate_deductible: false,
        individual_out_of_pocket: None,
        family_out_of_pocket: None,
        fee_schedule: "all".into(),
        separate_deductibles: vec![],
    };
    Plan {
        plan_id: "ppo".into(),
        name: "Example PPO".into(),
        claim_filing_indicator: "12".into(),
        year_begins: (1, 1),
        networks: vec!["green".into()],
        in_network: share.clone(),
        out_of_network: Some(share),
        benefits: ["office", "imaging", "surgery", "laboratory", "other"].map(plain_benefit).into(),
        timely_filing_days: Some(180),
        referral_benefits: vec![],
        balance_billing: true,
        medicare: false,
        sequestration: false,
        coordination: CoordinationMethod::Standard,
        suspect_duplicates: SuspectDuplicates::Deny,
        tiers: vec![],
        deductible_accumulation: CrossAccumulation::None,
        out_of_pocket_accumulation: CrossAccumulation::None,
        limits: vec![],
        benefit_rules: vec![],
        deductible_carry_over: false,
        dependents: DependentRules::default(),
        newborn_days: None,
        fresh_start: false,
        facility_schedules: vec![],
        claim_checks: ClaimChecks::default(),
        provisions: Provisions::default(),
        appeals: AppealTerms::default(),
    }
}

fn payer_revision() -> PayerRevision {
    PayerRevision {
        id: "example".into(),
        payer_ids: vec!["EXAMPLE".into()],
        payment_days: 14,
        payments: PaymentTerms::default(),
        reviews: crate::domain::review::ReviewTerms::default(),
        plans: vec![ppo()],
        fee_schedules: vec![FeeSchedule {
            id: "all".into(),
            amounts: ContractedAmounts::default(),
            method: Method::PercentOfCharge(Decimal::ONE),
            ignore_lower_charge: false,
            rules_for_amounts: false,
            amounts_last: false,
        }],
        policies: MedicalPolicies::default(),
        procedures: ProcedureTable::new(
            [("99213", "office"), ("70551", "imaging"), ("44970", "surgery"), ("80053", "laboratory")]
                .map(|(code, benefit)| procedure(code, benefit))
                .into(),
            true,
        ),
        hcpcs: Editions::default(),
        diagnoses: Diagnoses(Editions::default().and_always(Some(Arc::clone(&DIAGNOSES)))),
        inpatient_procedures: Editions::default(),
        ncci: Editions::default(),
        mue: Editions::default(),
        outpatient_ncci: Editions::default(),
        outpatient_mue: Editions::default(),
        wage_indices: Editions::default(),
        grouper: None,
        core_combinations: Editions::default(),
        reason_texts: Editions::default(),
        releases: vec![],
        own_rates: FeeSchedule::medicare("medicare".into()),
        default_locality: "01112-05".into(),
        claim_rules: ClaimRules::default(),
        appeals: AppealSettings::default(),
        authorization_rules: AuthorizationRules::default(),
    }
}

/// Decides, and holds every denial against the rules of the codes: the edit declares the reason, the group may stand
/// with it, it has a remark if it needs one, and the program has words for each remark.
pub(crate) fn decide(file: &ClaimFile) -> Determination {
    let determination = adjudicate(file);
    // A line whose charge the claim's account has taken over explains nothing.
    for ledger in determination.ledgers().filter(|ledger| !ledger.adjustments().is_empty()) {
        let Some(id) = ledger.denied_by() else { continue };
        let denial = ledger.adjustments().last().expect("a denied line has an adjustment");
        assert!(allowed_groups(denial.carc).contains(&denial.group), "{}-{}", denial.group, denial.carc);
        if [super::instruction::STEP, super::instruction::RULING].contains(&id) {
            continue;
        }
        let edit = TABLE.iter().find(|edit| edit.id == id);
        let reasons = edit.map_or(pricing::REASONS, |edit| edit.reasons);
        assert!(edit.is_some() || id == "pricing", "only edits and pricing deny");
        let declared = |reason: &&Reason| (reason.group, reason.carc) == (denial.group, denial.carc);
        let declared: Vec<&Reason> = reasons.iter().filter(declared).collect();
        // A medical policy chooses its reason itself, among those that may stand: the folder's check holds it to them.
        let chosen = ["medical-policy", "excluded-service"].contains(&id);
        assert!(chosen || !declared.is_empty(), "{id} does not declare {}-{}", denial.group, denial.carc);
        let remarked = |code: &Rarc| declared.iter().any(|reason| reason.rarcs().any(|remark| remark == *code));
        assert!(chosen || denial.rarcs.iter().all(remarked), "{id} does not declare {:?}", denial.rarcs);
        let remarks = || denial.rarcs.iter().chain(&determination.rarcs);
        assert!(!needs_remark(denial.carc) || remarks().next().is_some(), "{} without a remark", denial.carc);
        assert!(remarks().all(|code| remark_codes::remark(*code).is_some()), "no words for {:?}", denial.rarcs);
    }
    determination
}

/// The visit with a line for each code, by a payer that does not hold its table of procedures for complete.
pub(crate) fn billed(codes: &[&str]) -> ClaimFile {
    let mut file = office_visit();
    payer(&mut file).procedures.complete = false;
    file.claim.lines = codes.iter().map(|code| line(code, 10_000)).collect();
    file
}

/// What each line was denied with, such as "CO-5 M77"; empty where it was not.
pub(crate) fn denials(file: &ClaimFile) -> Vec<String> {
    let denial = |line: &crate::domain::determination::LineDetermination| {
        let Some(adjustment) = line.ledger.adjustments().last().filter(|_| line.ledger.is_denied()) else {
            return String::new();
        };
        let remarks: String = adjustment.rarcs.iter().map(|remark| format!(" {remark}")).collect();
        format!("{}-{}{remarks}", adjustment.group, adjustment.carc)
    };
    decide(file).lines.iter().map(denial).collect()
}

/// What the first line was denied with, and the remarks on the claim; empty where it was not.
pub(crate) fn denial(file: &ClaimFile) -> String {
    let of_the_line = denials(file).swap_remove(0);
    decide(file).rarcs.iter().fold(of_the_line, |text, remark| format!("{text} {remark}"))
}

/// The words of the first step with that id.
pub(crate) fn words(file: &ClaimFile, id: &str) -> String {
    decide(file).steps.into_iter().find(|step| step.id == id).map(|step| step.words).unwrap_or_default()
}

#[test]
fn nothing_is_wrong_with_the_example() {
    let determination = decide(&office_visit());
    assert_eq!(determination.paid(), Money::from_cents(15_000));
    assert!(determination.steps.iter().all(|step| ["pricing", "benefits"].contains(&step.id)));
}

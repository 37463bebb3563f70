//! The printed 835 of institutional claims: a stay on one account, an outpatient bill by its lines; the checkers of others
//! find nothing, also not in the balance.

use payersim::proto::v1::{
    Adjustment, ClaimAccount, FacilityPayment, GroupCode, LineDetermination, ProviderAdjustment, Remittance,
    RemittanceClaim,
};
use payersim::x12::remittance_835::balances;

use crate::remittance_835::{claim, from, line, printed, remittance, usd};

use GroupCode::{Co, Pr};

/// A line whose charge the claim's account explains.
fn on_account(charge: &str) -> LineDetermination {
    LineDetermination { charge_cents: usd(charge), on_account: true, ..LineDetermination::default() }
}

/// A stay of three days: 21,375.50 charged, 12,354.35 allowed by its group; the patient owes a deductible of 1,408.00, so
/// 10,946.35 is paid, and 21,375.50 - 12,354.35 = 9,021.15 is the hospital's to write off.
fn stay() -> RemittanceClaim {
    let mut stay = claim(7, "1", vec![on_account("6000"), on_account("15375.50")]);
    (stay.place_of_service, stay.type_of_bill) = ("11".into(), "111".into());
    stay.medical_record_number = "MRN-77".into();
    (stay.service_from, stay.service_through) = ("2026-03-01".into(), "2026-03-04".into());
    for (service, revenue) in stay.services.iter_mut().zip(["0120", "0360"]) {
        (service.procedure_code, service.revenue_code) = (String::new(), revenue.into());
    }
    let adjustment = |group: GroupCode, carc: &str, amount: &str| Adjustment {
        group: group.into(),
        carc: carc.into(),
        amount_cents: usd(amount),
        ..Adjustment::default()
    };
    let account = ClaimAccount {
        charge_cents: usd("21375.50"),
        allowed_cents: usd("12354.35"),
        paid_cents: usd("10946.35"),
        adjustments: vec![adjustment(Co, "45", "9021.15"), adjustment(Pr, "1", "1408")],
        patient_responsibility_cents: usd("1408"),
        benefit: "inpatient".into(),
        ..ClaimAccount::default()
    };
    let decision = stay.determination.as_mut().unwrap();
    decision.allowed_cents = account.allowed_cents;
    decision.paid_cents = account.paid_cents;
    decision.patient_responsibility_cents = account.patient_responsibility_cents;
    decision.rarcs = vec!["MA02".into(), "N381".into()];
    decision.account = Some(account);
    decision.facility_payment = Some(FacilityPayment {
        drg: "280".into(),
        drg_weight: "1.6213".into(),
        covered_days: 3,
        operating_federal_cents: usd("11400"),
        capital_cents: usd("954.35"),
        drg_cents: usd("12354.35"),
        ..FacilityPayment::default()
    });
    stay
}

#[test]
fn a_stay_is_explained_once_on_the_claim_and_not_on_its_lines() {
    let segments = printed("stay", &remittance("CHK", "10946.35", vec![stay()]));
    assert_eq!(
        from(&segments, "CLP", 11),
        [
            "CLP*PCN-7*1*21375.5*10946.35*1408*12*2026000007*11*1**280*1.6213",
            "CAS*CO*45*9021.15",
            "CAS*PR*1*1408",
            "NM1*QC*1*SAMPLE*PETRA****MI*M0001",
            // Days; the group's amount; a remark; capital; the national amount; the second remark (MIA20).
            "MIA*3***12354.35*MA02***954.35********11400****N381",
            "REF*EA*MRN-77",
            "DTM*232*20260301",
            "DTM*233*20260304",
            "DTM*050*20260305",
            "AMT*AU*21375.5",
            "QTY*CA*3",
        ]
    );
    assert!(!segments.iter().any(|segment| segment.starts_with("SVC")));
}

// 700.00 charged and 412.00 allowed of the visit, 20 percent to the patient: 288.00 and 82.40 off, 329.60 paid. The supplies
// have no procedure; 55.00 is bundled. A tibia X-ray of 120.00 at 120.00. Together 329.60 + 120.00 = 449.60.
#[test]
fn an_outpatient_bill_is_explained_line_by_line_with_its_revenue_codes() {
    let visit = line("700", "412", "329.6", &[(Co, "45", "288"), (Pr, "2", "82.4")]);
    let visit = LineDetermination { apc: "5024".into(), ..visit };
    let supplies = line("55", "0", "0", &[(Co, "97", "55")]);
    let mut bill = claim(8, "1", vec![visit, supplies, line("120", "120", "120", &[])]);
    (bill.place_of_service, bill.type_of_bill) = ("13".into(), "131".into());
    for (service, (revenue, procedure)) in
        bill.services.iter_mut().zip([("0450", "99284"), ("0270", ""), ("0320", "73590")])
    {
        (service.revenue_code, service.procedure_code) = (revenue.into(), procedure.into());
    }
    bill.determination.as_mut().unwrap().facility_payment =
        Some(FacilityPayment { procedures_payable_cents: usd("532"), ..FacilityPayment::default() });
    let segments = printed("outpatient", &remittance("CHK", "449.6", vec![bill]));
    assert_eq!(from(&segments, "CLP", 1), ["CLP*PCN-8*1*875*449.6*82.4*12*2026000008*13*1"]);
    assert_eq!(from(&segments, "MOA", 1), ["MOA**532"]);
    assert_eq!(from(&segments, "SVC*HC:99284", 1), ["SVC*HC:99284*700*329.6*0450*1"]);
    assert_eq!(from(&segments, "REF*APC", 2), ["REF*APC*5024", "REF*6R*L1"]);
    assert_eq!(from(&segments, "SVC*NU", 1), ["SVC*NU:0270*55*0**0**1"]);
    assert_eq!(from(&segments, "SVC*HC:73590", 1), ["SVC*HC:73590*120*120*0320*1"]);
}

/// A stay on one account: charge, what is paid, and the one reduction.
fn account(number: u32, charge: &str, paid: &str, carc: &str, amount: &str) -> RemittanceClaim {
    let mut stay = stay();
    stay.control_number = format!("2026{number:06}");
    stay.services.truncate(1);
    let decision = stay.determination.as_mut().unwrap();
    decision.lines = vec![on_account(charge)];
    (decision.charge_cents, decision.allowed_cents, decision.paid_cents) = (usd(charge), usd(paid), usd(paid));
    (decision.patient_responsibility_cents, decision.facility_payment) = (0, None);
    let account = decision.account.as_mut().unwrap();
    (account.charge_cents, account.allowed_cents, account.paid_cents) = (usd(charge), usd(paid), usd(paid));
    account.patient_responsibility_cents = 0;
    account.adjustments.truncate(1);
    (account.adjustments[0].carc, account.adjustments[0].amount_cents) = (carc.into(), usd(amount));
    stay
}

// The guide's first example: 211,366.97 - 73,348.57 = 138,018.40; 15,000 - 3,019.67 = 11,980.33; and 1.27 that belong to no claim,
// told below zero, raise the payment: 138,018.40 + 11,980.33 + 1.27 = 150,000.
#[test]
fn the_guides_example_of_two_stays_comes_to_its_sum() {
    let claims =
        vec![account(1, "211366.97", "138018.4", "45", "73348.57"), account(2, "15000", "11980.33", "35", "3019.67")];
    let variation = ProviderAdjustment { reason_code: "CV".into(), reference: "CP".into(), amount_cents: usd("-1.27") };
    let advice = Remittance { provider_adjustments: vec![variation], ..remittance("ACH", "150000", claims) };
    assert_eq!(balances(&advice), Ok(()));
    let off_by_one = Remittance { paid_cents: advice.paid_cents - 1, ..advice.clone() };
    assert!(balances(&off_by_one).is_err());
    let segments = printed("two-stays", &advice);
    assert_eq!(from(&segments, "CLP", 2)[0], "CLP*PCN-7*1*211366.97*138018.4**12*2026000001*11*1");
    assert_eq!(from(&segments, "CAS", 1), ["CAS*CO*45*73348.57"]);
    assert_eq!(from(&segments, "PLB", 1), ["PLB*1234567893*20261231*CV:CP*-1.27"]);
}

#[test]
fn an_account_that_leaves_a_cent_unexplained_does_not_balance() {
    let check = |change: fn(&mut ClaimAccount), expected: &str| {
        let mut stay = stay();
        change(stay.determination.as_mut().unwrap().account.as_mut().unwrap());
        let found = balances(&remittance("CHK", "10946.35", vec![stay]));
        assert!(found.as_ref().is_err_and(|words| words.contains(expected)), "{found:?}");
    };
    check(|account| account.charge_cents += 1, "charge on account");
    check(|account| account.paid_cents -= 1, "paid on account");
    check(|account| account.adjustments[0].amount_cents += 1, "paid on account");
    check(|account| account.adjustments.truncate(1), "paid on account");
}

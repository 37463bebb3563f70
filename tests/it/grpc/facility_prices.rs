//! Facilities' prices over the socket: the releases that a payer uses, and decisions that are found again.

use payersim::proto::v1 as pb;
use pb::fee_schedule::Method;

use super::institutional::{bill, request};
use super::{adjustments, fields, submit};
use crate::clinic::{self, ADA, GREEN, NORA, TESTA};
use crate::server::{Api, Server};

/// Not CMS's numbers: so one sees whose are used.
const FILES: [(&str, &str, &str, &str, &str); 6] = [
    (
        "ms-drg",
        "2025-10-01",
        "2026-09-30",
        "groups.txt",
        "MS-DRG\tPA\tSP\tMDC\tTYPE\tTitle\tWeights before\tWeights with 10% cap\tGeometric mean LOS\tArithmetic\n399\tNo\tNo\t06\tSURG\t\t2.0000\t2.0000\t1.8\t2.3\n",
    ),
    (
        "opps-addendum-a",
        "2026-01-01",
        "2026-12-31",
        "a.csv",
        "APC,Group Title,SI,Relative Weight,Payment Rate,National Unadjusted Copayment,Minimum Unadjusted Copayment\n5012,Visits of ours,S,1.0,$100.00,.,$20.00\n",
    ),
    (
        "opps-addendum-b",
        "2026-01-01",
        "2026-12-31",
        "b.csv",
        "HCPCS Code,SI,APC,Relative Weight,Payment Rate,National Unadjusted Copayment,Minimum Unadjusted Copayment\n99213,S,5012,1.0,$100.00,.,$20.00\n",
    ),
    (
        "asc-addendum-aa",
        "2026-01-01",
        "2026-12-31",
        "aa.csv",
        "HCPCS Code,Subject to Multiple Procedure Discounting,Payment Indicator,Payment Weight,Payment Rate\n99213,Y,G2,1.7755,$100.00\n",
    ),
    (
        "asc-addendum-bb",
        "2026-01-01",
        "2026-12-31",
        "bb.csv",
        "HCPCS Code,Payment Indicator,Payment Weight,Payment Rate\n99214,N1,.,.\n",
    ),
    ("wage-index", "2025-10-01", "2026-09-30", "wages.csv", "CBSA,Wage Index,GAF\n41884,1.25,1.16\n"),
];

/// The clinic's payer, with the clinic as a hospital in area 41884, paid by whatever releases the payer uses.
fn folder() -> pb::PayerFolder {
    let mut folder = clinic::folder();
    let embedded = || vec![pb::DatedFile { file: "embedded".into(), ..Default::default() }];
    let methods = [
        ("11", Method::MsDrg(pb::MsDrgRates { weights: embedded(), ..Default::default() })),
        ("13", Method::Opps(pb::OppsMethod { rates: embedded(), ..Default::default() })),
        ("83", Method::Asc(pb::AscMethod { rates: embedded(), ..Default::default() })),
    ];
    for (bills, method) in methods {
        folder.fee_schedules.push(pb::FeeSchedule {
            fee_schedule_id: bills.into(),
            method: Some(method),
            ..Default::default()
        });
        folder.plans[0].facility_schedules.push(pb::FacilitySchedule {
            types_of_bill: vec![bills.into()],
            in_network: bills.into(),
            ..Default::default()
        });
    }
    for (kind, from, through, file, text) in FILES {
        folder.references.push(pb::Reference {
            kind: kind.into(),
            release: "ours".into(),
            from: from.into(),
            through: through.into(),
            files: vec![file.into()],
            subset: true,
            ..Default::default()
        });
        folder.tables.push(pb::TableFile { file: file.into(), text: text.into() });
    }
    let hospital = folder.providers.iter_mut().find(|provider| provider.npi == GREEN).unwrap();
    hospital.facility = Some(pb::Facility { cbsa: "41884".into(), ..Default::default() });
    folder
}

/// Decides a bill of that type in the sandbox, and has the decision explained.
async fn decided(api: &Api, parent: &str, member: &str, claim: pb::InstitutionalClaim) -> (pb::Claim, String) {
    let request = pb::SubmitClaimRequest { parent: parent.into(), ..request("", claim) };
    let claim = submit(api, request).await;
    let asked = pb::ExplainClaimRequest { name: claim.name.clone(), include_passed: false };
    let explained = api.claims().explain_claim(asked).await.unwrap().into_inner();
    assert!(explained.reproduced, "{member}");
    let words = explained.steps.iter().find(|step| step.id == "pricing").map(|step| step.words.clone());
    (claim, words.unwrap_or_default())
}

async fn sandbox(api: &Api, payer: pb::PayerFolder) -> String {
    let request = pb::CreateSandboxRequest { payer: Some(payer), ..Default::default() };
    api.sandboxes().create_sandbox(request).await.unwrap().into_inner().name
}

fn stay(member: &str) -> pb::InstitutionalClaim {
    let mut stay = bill(member, "STAY");
    stay.type_of_bill = "111".into();
    stay.statement_through = "2026-03-05".into();
    stay.admission_date = "2026-03-02".into();
    (stay.admission_type, stay.admission_source, stay.drg) = ("3".into(), "1".into(), "399".into());
    stay.charge_cents = 2_000_000;
    if let Some(diagnosis) = &mut stay.principal_diagnosis {
        diagnosis.present_on_admission = "Y".into();
    }
    stay.lines = vec![pb::InstitutionalLine {
        revenue_code: "0120".into(),
        charge_cents: 2_000_000,
        units: "3".into(),
        ..Default::default()
    }];
    stay
}

// Operating (4,456.72 × 1.25 + 2,295.89) = 7,866.79, capital 524.15 × 1.16 = 608.014; together × 2.0000 = 16,949.608. The deductible is
// 100.00, and the fifth of the rest ends at the year's 2,000.00.
#[tokio::test]
async fn a_stay_is_paid_by_the_weights_and_wages_that_the_payer_uses() {
    let server = Server::start().await;
    let parent = sandbox(&server.api(), folder()).await;
    let (claim, words) = decided(&server.api(), &parent, ADA, stay(ADA)).await;
    let decided = claim.determination.unwrap();
    let account = decided.account.unwrap();
    let told: Vec<_> = account.adjustments.iter().map(|a| (a.carc.as_str(), a.amount_cents)).collect();
    assert_eq!(told, [("45", 305_039), ("1", 10_000), ("2", 190_000)]);
    assert_eq!(account.allowed_cents, 1_694_961);
    let paid = decided.facility_payment.unwrap();
    assert_eq!((paid.drg_weight.as_str(), paid.operating_federal_cents), ("2", 1_573_358));
    assert!(words.contains("(ours)") && words.contains("Wage index 1.25 of area 41884"), "{words}");
    assert!(decided.lines.iter().all(|line| line.on_account && line.adjustments.is_empty()));
}

// A rate of 100.00: for outpatients the wages move three fifths, 100 × (0.6 × 1.25 + 0.4) = 115.00; for a surgical center half,
// 100 × (0.5 × 1.25 + 0.5) = 112.50. Of each 100.00 are the deductible, and a fifth of the rest the coinsurance.
#[tokio::test]
async fn outpatients_and_surgical_centers_are_paid_by_the_addenda_that_the_payer_uses() {
    let server = Server::start().await;
    let parent = sandbox(&server.api(), folder()).await;
    for (member, of_bill, allowed, coinsurance, told) in [
        (TESTA, "131", 11_500, 300, "APC 5012 Visits of ours (S) 115.00"),
        (NORA, "831", 11_250, 250, "99213 (G2) 112.50"),
    ] {
        let mut bill = bill(member, "VISIT");
        bill.type_of_bill = of_bill.into();
        let (claim, words) = decided(&server.api(), &parent, member, bill).await;
        let expected = [("CO-45", 15_000 - allowed), ("PR-1", 10_000), ("PR-2", coinsurance)];
        assert_eq!(adjustments(&claim), expected.map(|(code, cents)| (code.to_owned(), cents)));
        assert!(words.contains(told), "{words}");
    }
}

#[tokio::test]
async fn without_releases_the_reason_says_what_to_load() {
    let server = Server::start().await;
    let mut bare = folder();
    bare.references.clear();
    let parent = sandbox(&server.api(), bare).await;
    let (claim, words) = decided(&server.api(), &parent, TESTA, bill(TESTA, "VISIT")).await;
    assert_eq!(adjustments(&claim), [("CO-147".to_owned(), 15_000)]);
    assert!(words.contains("load Addendum B"), "{words}");
    // The weights of fiscal year 2026 come with the program; the area's wages do not.
    let (claim, words) = decided(&server.api(), &parent, ADA, stay(ADA)).await;
    assert_eq!(claim.determination.unwrap().account.unwrap().allowed_cents, 832_971);
    assert!(words.contains("No wage index of area 41884"), "{words}");
}

// As on a claim: 115.00 for an outpatient, 112.50 in a surgical center, where 99214 is within the surgery. A stay has no price by its lines.
#[tokio::test]
async fn a_price_is_asked_without_a_claim_by_the_type_of_bill() {
    let server = Server::start().await;
    let parent = sandbox(&server.api(), folder()).await;
    let ask = |bill: &str, codes: &[&str]| pb::PriceServicesRequest {
        parent: parent.clone(),
        plan: "ppo".into(),
        provider_npi: GREEN.into(),
        service_date: "2026-03-02".into(),
        type_of_bill: bill.into(),
        services: codes
            .iter()
            .map(|code| pb::ServiceLine { procedure_code: (*code).into(), ..Default::default() })
            .collect(),
        ..Default::default()
    };
    for (bill, codes, allowed) in
        [("131", vec!["99213"], vec![11_500]), ("831", vec!["99213", "99214"], vec![11_250, 0])]
    {
        let answer = server.api().pricing().price_services(ask(bill, &codes)).await.unwrap().into_inner();
        assert_eq!(answer.fee_schedule, bill[..2]);
        assert_eq!(answer.releases[0], "ours");
        assert_eq!(answer.prices.iter().map(|price| price.allowed_cents).collect::<Vec<_>>(), allowed);
    }
    let stay = server.api().pricing().price_services(ask("111", &["99213"])).await.unwrap().into_inner();
    assert_eq!(stay.prices[0].denial.as_ref().map(|denial| denial.carc.as_str()), Some("147"));
    let wrong = server.api().pricing().price_services(ask("13", &["99213"])).await.unwrap_err();
    assert_eq!(fields(&wrong), ["type_of_bill"]);
}

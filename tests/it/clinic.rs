//! The payer of `tests/data/clinic`, and claims for it: 80 % of the charge are allowed; of that a member pays 100.00 a
//! year, a family 150.00 together, then a fifth. Its clock starts on 2026-03-31; payment is due after seven days.

use std::path::{Path, PathBuf};

use payersim::payer::folder;
use payersim::proto::v1 as pb;

/// The subscriber of a family of two.
pub const ADA: &str = "HC0101";
/// Her husband.
pub const ALAN: &str = "HC0102";
/// Subscribers of one.
pub const TESTA: &str = "HC0201";
pub const NORA: &str = "HC0301";
pub const MAX: &str = "HC0401";

/// Two clinics in network.
pub const GREEN: &str = "2000000010";
pub const BLUE: &str = "2000000028";

/// Where the clock starts.
pub const START: &str = "2026-03-31";

/// Where the payer's folder is.
pub fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/clinic")
}

/// The payer.
pub fn folder() -> pb::PayerFolder {
    folder::load(&path()).expect("tests/data/clinic has no mistake")
}

/// A visit in March 2026: 99213 for M54.50 at the green clinic, 150.00.
pub fn visit(member_id: &str, number: &str, day: u32) -> pb::ProfessionalClaim {
    let (name, birth_date, sex) = person(member_id);
    pb::ProfessionalClaim {
        patient_control_number: number.to_owned(),
        charge_cents: 15_000,
        place_of_service: "11".to_owned(),
        payer_id: "CLINIC1".to_owned(),
        subscriber: Some(pb::Subscriber {
            member_id: member_id.to_owned(),
            name: Some(name),
            birth_date: birth_date.to_owned(),
            sex: sex.into(),
            claim_filing_indicator: "12".to_owned(),
            ..Default::default()
        }),
        billing_provider: Some(pb::BillingProvider {
            npi: GREEN.to_owned(),
            tax_id: "690000101".to_owned(),
            name: Some(pb::Name { last: "Green Sample Clinic".to_owned(), ..Default::default() }),
            address: Some(pb::Address {
                lines: vec!["1 Example Wharf".to_owned()],
                city: "San Francisco".to_owned(),
                state: "CA".to_owned(),
                zip: "941110001".to_owned(),
                ..Default::default()
            }),
            ..Default::default()
        }),
        diagnoses: vec![pb::Diagnosis { code: "M5450".to_owned(), ..Default::default() }],
        accepts_assignment: true,
        benefits_assigned: true,
        release_of_information: true,
        lines: vec![line("99213", 15_000, day)],
        ..Default::default()
    }
}

/// One service of a day in March 2026, for the first diagnosis.
pub fn line(procedure_code: &str, charge_cents: i64, day: u32) -> pb::ServiceLine {
    pb::ServiceLine {
        procedure_code: procedure_code.to_owned(),
        charge_cents,
        units: "1".to_owned(),
        diagnosis_pointers: vec![1],
        service_date: format!("2026-03-{day:02}"),
        ..Default::default()
    }
}

/// The same claim from the blue clinic.
pub fn from_blue(mut claim: pb::ProfessionalClaim) -> pb::ProfessionalClaim {
    if let Some(billing) = &mut claim.billing_provider {
        billing.npi = BLUE.to_owned();
        billing.tax_id = "690000102".to_owned();
        billing.name = Some(pb::Name { last: "Blue Sample Clinic".to_owned(), ..Default::default() });
    }
    claim
}

/// An 837P of such visits at the green clinic, a day each of the members in turn; claims are numbered from 0.
pub fn interchange(members: &[&str], days: u32) -> String {
    let mut segments: Vec<String> = [
        "ST*837*0001*005010X222A1",
        "BHT*0019*00*VISITS*20260331*0705*CH",
        "NM1*41*2*GREEN SAMPLE CLINIC*****46*GREEN",
        "PER*IC*FRONT DESK*TE*4155550101",
        "NM1*40*2*HEAD COUNT HEALTH*****46*CLINIC1",
        "HL*1**20*1",
        "NM1*85*2*GREEN SAMPLE CLINIC*****XX*2000000010",
        "N3*1 EXAMPLE WHARF",
        "N4*SAN FRANCISCO*CA*941110001",
        "REF*EI*690000101",
    ]
    .map(str::to_owned)
    .into();
    let visits = (1..=days).flat_map(|day| members.iter().map(move |member| (*member, day)));
    for (at, (member, day)) in visits.enumerate() {
        let (name, birth_date, sex) = person(member);
        let [last, first] = [name.last, name.first].map(|text| text.to_uppercase());
        let sex = if sex == pb::Sex::Female { "F" } else { "M" };
        segments.extend([
            format!("HL*{}*1*22*0", at + 2),
            "SBR*P*18*******12".to_owned(),
            format!("NM1*IL*1*{last}*{first}****MI*{member}"),
            "N3*2 NOWHERE LANE".to_owned(),
            "N4*SAN FRANCISCO*CA*941110001".to_owned(),
            format!("DMG*D8*{}*{sex}", birth_date.replace('-', "")),
            "NM1*PR*2*HEAD COUNT HEALTH*****PI*CLINIC1".to_owned(),
            format!("CLM*V-{at}*150***11:B:1*Y*A*Y*Y"),
            "HI*ABK:M5450".to_owned(),
            "LX*1".to_owned(),
            "SV1*HC:99213*150*UN*1***1".to_owned(),
            format!("DTP*472*D8*202603{day:02}"),
        ]);
    }
    segments.push(format!("SE*{}*0001", segments.len() + 1));
    let isa =
        "ISA*00*          *00*          *ZZ*GREEN          *ZZ*CLINIC1        *260331*0705*^*00501*000000001*0*T*:";
    let head = [isa, "GS*HC*GREEN*CLINIC1*20260331*0705*1*X*005010X222A1"].map(str::to_owned);
    let tail = ["GE*1*1", "IEA*1*000000001"].map(str::to_owned);
    head.into_iter().chain(segments).chain(tail).map(|segment| segment + "~\n").collect()
}

/// A request for the default sandbox; with an empty id it may not be repeated.
pub fn request(request_id: &str, claim: pb::ProfessionalClaim) -> pb::SubmitClaimRequest {
    request_in("", request_id, claim)
}

/// A request for a sandbox.
pub fn request_in(parent: &str, request_id: &str, claim: pb::ProfessionalClaim) -> pb::SubmitClaimRequest {
    pb::SubmitClaimRequest {
        parent: parent.to_owned(),
        request_id: request_id.to_owned(),
        claim: Some(pb::submit_claim_request::Claim::Professional(claim)),
        ..Default::default()
    }
}

/// A subscriber of one, for the directory; the number tells the name.
pub fn member(member_id: &str, subscriber_id: &str) -> pb::Member {
    let (name, birth_date, sex) = person(member_id);
    let relationship_code = if member_id == subscriber_id { "18" } else { "19" };
    pb::Member {
        member_id: member_id.to_owned(),
        subscriber_id: subscriber_id.to_owned(),
        relationship_code: relationship_code.to_owned(),
        person_name: Some(name),
        birth_date: birth_date.to_owned(),
        sex: sex.into(),
        coverages: vec![pb::Coverage {
            plan_id: "ppo".to_owned(),
            from: "2024-01-01".to_owned(),
            ..Default::default()
        }],
        ..Default::default()
    }
}

fn person(member_id: &str) -> (pb::Name, &'static str, pb::Sex) {
    let (last, first, birth_date, sex) = match member_id {
        ADA => ("Example", "Ada", "1980-06-15", pb::Sex::Female),
        ALAN => ("Example", "Alan", "1981-07-16", pb::Sex::Male),
        TESTA => ("Muster", "Testa", "1985-01-02", pb::Sex::Female),
        NORA => ("Nobody", "Nora", "1990-03-04", pb::Sex::Female),
        MAX => ("Placeholder", "Max", "1979-11-30", pb::Sex::Male),
        _ => ("Newcomer", "Nina", "1995-05-05", pb::Sex::Female),
    };
    (pb::Name { last: last.to_owned(), first: first.to_owned(), ..Default::default() }, birth_date, sex)
}

#[test]
fn the_clinics_payer_has_no_mistake() {
    assert_eq!(folder().members.len(), 5);
}

//! Official tables that are taken in over the API price from then on under the demo payer's schedule `medicare`, and
//! nobody edits a file of the payer's folder.

use payersim::client::{Client, LocalServer};
use payersim::proto::v1 as pb;
use tokio_stream::iter;

/// A code with its modifiers, such as "E0601 RR", so many units or minutes.
struct Asked {
    service: &'static str,
    units: &'static str,
    minutes: bool,
    locality: &'static str,
    date: &'static str,
}

const IN_2026: Asked = Asked { service: "", units: "1", minutes: false, locality: "10112-00", date: "2026-07-15" };

/// What is allowed, or the reason of a denial.
async fn allowed(client: &Client, asked: &Asked) -> String {
    let mut words = asked.service.split(' ').map(str::to_owned);
    let unit = if asked.minutes { pb::UnitOfService::Minutes } else { pb::UnitOfService::Units };
    let line = pb::ServiceLine {
        procedure_code: words.next().unwrap(),
        modifiers: words.collect(),
        units: asked.units.to_owned(),
        unit_of_service: unit.into(),
        ..Default::default()
    };
    let request = pb::PriceServicesRequest {
        locality: asked.locality.to_owned(),
        service_date: asked.date.to_owned(),
        services: vec![line],
        ..Default::default()
    };
    let answer = client.pricing().price_services(request).await.unwrap().into_inner();
    match &answer.prices[0].denial {
        Some(denial) => format!("CO-{}", denial.carc),
        None => format!("{}.{:02}", answer.allowed_cents / 100, answer.allowed_cents % 100),
    }
}

async fn import(client: &Client, kind: &str, year: &str, text: &str) -> pb::Release {
    let import = pb::ImportReleaseRequest {
        kind: kind.to_owned(),
        release: format!("{kind} {year} {}", text.len()),
        from: format!("{year}-01-01"),
        through: format!("{year}-12-31"),
        subset: true,
        file: "file".to_owned(),
        chunk: text.to_owned().into(),
        ..Default::default()
    };
    client.references().import_release(iter([import])).await.unwrap().into_inner().release.unwrap()
}

/// Takes a file in: the price before, and the price after.
async fn check(kind: &str, text: &str, asked: Asked, before: &str, after: &str) {
    let server = LocalServer::start(payersim::api::ServeOptions::default()).await.unwrap();
    let client = server.client().await.unwrap();
    assert_eq!(allowed(&client, &asked).await, before, "{kind}, before");
    let release = import(&client, kind, &asked.date[..4], text).await;
    assert_eq!((release.rows > 0, release.rows_refused), (true, 0), "{release:?}");
    assert_eq!(allowed(&client, &asked).await, after, "{kind}, after");
}

/// A row of the fixed-width file of relative values, each text at its place, counted from 1.
fn fixed(places: &[(usize, &str)]) -> String {
    let mut line = String::new();
    for (at, text) in places {
        line = format!("{line:<width$}{text}", width = at - 1);
    }
    format!("HDR  NATIONAL PHYSICIAN FEE SCHEDULE\r\n{line:<171}\r\n")
}

// A code of our own numbers: Alabama's indices of 2026 are 1.000, 0.875 and 0.566, of 2025 1.000, 0.869 and 0.575 in CMS's
// files. (2.00 × 1.000 + 4.00 × 0.875 + 0.50 × 0.566) × 33.4009 = 5.783 × 33.4009 = 193.157405.
#[tokio::test]
async fn relative_values_as_csv() {
    let row =
        "20552,,,A,,2.00,4.00,,3.00,,0.50,6.50,5.50,0,000,0.00,0.00,0.00,0,0,0,0,0,9,,33.4009,09,0,99,0.00,0.00,0.00";
    let file = format!("HCPCS{}\r\n{row}\r\n", ",".repeat(31));
    check("pprrvu", &file, Asked { service: "20552", ..IN_2026 }, "CO-147", "193.16").await;
    // One from the examples, whose work is doubled: the imported file goes before them.
    // (2.60 × 1.000 + 1.46 × 0.875 + 0.09 × 0.566) × 33.4009 = 3.92844 × 33.4009 = 131.213432.
    let row =
        "99213,,,A,,2.60,1.46,,0.33,,0.09,4.15,3.02,0,XXX,0.00,0.00,0.00,0,0,0,0,0,9,,33.4009,09,0,99,0.00,0.00,0.00";
    let file = format!("HCPCS{}\r\n{row}\r\n", ",".repeat(31));
    check("pprrvu", &file, Asked { service: "99213", ..IN_2026 }, "87.79", "131.21").await;
}

// National indices: (2.00 + 4.00 + 0.50) × 32.3465 = 210.25225.
#[tokio::test]
async fn relative_values_as_fixed_text() {
    let file = fixed(&[
        (1, "20552"),
        (58, "A"),
        (60, "  2.00"),
        (67, "  4.00"),
        (76, "  3.00"),
        (85, " 0.50"),
        (91, "  6.50"),
        (97, "  5.50"),
        (103, "0"),
        (104, "000"),
        (107, ".00.00.00"),
        (116, "00000"),
        (133, " 32.3465"),
        (142, "09"),
        (144, "0"),
        (146, "99"),
        (152, "  0.00"),
        (159, "  0.00"),
        (166, "  0.00"),
    ]);
    let asked = Asked { service: "20552", locality: "national", date: "2025-06-02", ..IN_2026 };
    check("pprrvu", &file, asked, "CO-147", "210.25").await;
}

// 95.19 is the national amount of 99213; where work, expense and malpractice cost twice as much, 2.85 × 2 × 33.4009 = 190.38513.
#[tokio::test]
async fn geographic_indices() {
    let file = "ADDENDUM E. FINAL CY 2026 GEOGRAPHIC PRACTICE COST INDICES\n\nMedicare Administrative Contractor (MAC),State,Locality Number,Locality Name,2026 PW GPCI (with 1.0 Floor),2026 PE GPCI,2026 MP GPCI\n99999,ZZ,77,NOWHERE,2.000,2.000,2.000\n";
    let asked = Asked { service: "99213", locality: "99999-77", ..IN_2026 };
    check("gpci", file, asked, "CO-147", "190.39").await;
}

// (6 + 90 ÷ 15) × 19.53, which CMS publishes for Alabama, = 234.36; and with 7 base units 13 × 19.31 = 251.03 in 2025.
#[tokio::test]
async fn anesthesia() {
    let asked = Asked { service: "00840 AA", units: "90", minutes: true, ..IN_2026 };
    let file = "Contractor,Locality,Locality Name,National Anes CF of 20.49754\n10112 ,00 ,ALABAMA,19.53 \n";
    check("anesthesia-factors", file, asked, "CO-147", "234.36").await;
    let asked = Asked { service: "00840 AA", units: "90", minutes: true, date: "2025-06-02", ..IN_2026 };
    check("anesthesia-units", "CPT CODE,BASE UNITS\n00840,7\n", asked, "231.72", "251.03").await;
}

// The relative values cap 70551-TC nowhere near; the published cap does.
#[tokio::test]
async fn caps_of_imaging() {
    let file =
        "HCPCS,MOD,PROCSTAT,CARRIER,LOCALITY,FACILITY PRICE,NON-FACILTY PRICE\r\n70551,TC,A,10112,00,80.00,90.00\r\n";
    let before = "111.44"; // (3.80 × 0.875 + 0.02 × 0.566) × 33.4009 = 3.33632 × 33.4009 = 111.436
    check("oppscap", file, Asked { service: "70551 TC", ..IN_2026 }, before, "90.00").await;
}

// The demo payer has 10.88 of its own for the test, 0.90 for the drug, 8.63 for a mile, 480.00 for the device: what is
// published goes first.
#[tokio::test]
async fn laboratory_drugs_equipment_and_ambulances() {
    let tests =
        "YEAR,HCPCS,MOD,EFF_DATE,INDICATOR,RATE,SHORTDESC,LONGDESC,EXTENDEDLONGDESC\n2026,80053,,20260101,N,10.56,,,\n";
    check("clfs", tests, Asked { service: "80053", units: "2", ..IN_2026 }, "21.76", "21.12").await;
    // 4 × 0.787 = 3.148
    let drugs =
        "HCPCS Code,Short Description,HCPCS Code Dosage,Payment Limit,Co-insurance Percentage\nJ1885,,15 MG,0.787,20\n";
    check("asp", drugs, Asked { service: "J1885", units: "4", ..IN_2026 }, "3.60", "3.15").await;
    let devices = "CY2026 DMEPOS Fee Schedule,,,,\n\nHCPCS,Mod,Mod2,JURIS,CATG,Ceiling,Floor,AL (NR),AL (R),Description\nE0601,RR,,D,CR,0.00,0.00,45.00,80.00,x\n";
    check("dmepos", devices, Asked { service: "E0601 RR", ..IN_2026 }, "480.00", "45.00").await;
    // 10 × 9.15
    let rides = "CONTRACTOR/CARRIER\tLOCALITY\tHCPCS\tRVU\tGPCI\tBASE RATE\tURBAN BASE RATE / URBAN MILEAGE\tRURAL BASE RATE / RURAL MILEAGE\tRURAL BASE RATE / LOWEST QUARTILE\tRURAL GROUND MILES 1-17*\r\n10112\t0\tA0425\tn/a\tn/a\tn/a\t9.15\t9.24\tn/a\t13.86\r\n";
    check("ambulance", rides, Asked { service: "A0425 RH", units: "10", ..IN_2026 }, "86.30", "91.50").await;
}

// What is not in the table that was taken in keeps the payer's own amount.
#[tokio::test]
async fn a_table_that_lacks_a_service_leaves_its_price() {
    let tests =
        "YEAR,HCPCS,MOD,EFF_DATE,INDICATOR,RATE,SHORTDESC,LONGDESC,EXTENDEDLONGDESC\n2026,80053,,20260101,N,10.56,,,\n";
    check("clfs", tests, Asked { service: "85025", ..IN_2026 }, "7.88", "7.88").await;
}

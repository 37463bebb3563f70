//! Amounts that CMS has published, asked of the server as a stream of questions.

use std::collections::BTreeMap;

use payersim::proto::v1 as pb;
use tokio_stream::iter;

use crate::server::{Api, Server};

/// Services of one question, such as "71046-26 99213", and what they are allowed: dollars, in their order.
struct Row {
    services: String,
    place: &'static str,
    locality: String,
    date: &'static str,
    allowed: String,
}

fn question(row: &Row) -> pb::PriceServicesRequest {
    let service = |text: &str| {
        let (text, minutes) = text.split_once(':').unwrap_or((text, ""));
        let mut parts = text.split('-').map(str::to_owned);
        let unit = if minutes.is_empty() { pb::UnitOfService::Units } else { pb::UnitOfService::Minutes };
        pb::ServiceLine {
            procedure_code: parts.next().unwrap(),
            modifiers: parts.collect(),
            unit_of_service: unit.into(),
            units: minutes.to_owned(),
            ..Default::default()
        }
    };
    pb::PriceServicesRequest {
        services: row.services.split(' ').map(service).collect(),
        place_of_service: row.place.to_owned(),
        locality: row.locality.clone(),
        service_date: row.date.to_owned(),
        ..Default::default()
    }
}

fn told(response: &pb::PriceServicesResponse) -> String {
    let price = |price: &pb::ServicePrice| match &price.denial {
        Some(denial) => format!("CO-{}", denial.carc),
        None => format!("{}.{:02}", price.allowed_cents / 100, price.allowed_cents % 100),
    };
    response.prices.iter().map(price).collect::<Vec<_>>().join(" ")
}

async fn answers(api: &Api, rows: &[Row]) -> Vec<String> {
    let requests: Vec<_> =
        rows.iter().map(|row| pb::PriceBatchRequest { request: Some(question(row)), ..Default::default() }).collect();
    let mut stream = api.pricing().price_batch(iter(requests)).await.unwrap().into_inner();
    let mut answers = Vec::with_capacity(rows.len());
    while let Some(answer) = stream.message().await.unwrap() {
        answers.push(answer.response.map_or_else(|| format!("{:?}", answer.faults), |response| told(&response)));
    }
    answers
}

async fn check(locality: &str, date: &'static str, rows: &[(&str, &'static str, &str)]) {
    let row = |(services, place, allowed): &(&str, &'static str, &str)| Row {
        services: (*services).to_owned(),
        place,
        locality: locality.to_owned(),
        date,
        allowed: (*allowed).to_owned(),
    };
    let rows: Vec<Row> = rows.iter().map(row).collect();
    let server = Server::start().await;
    for (row, answer) in rows.iter().zip(answers(&server.api(), &rows).await) {
        assert_eq!(answer, row.allowed, "{} at {} in {locality}", row.services, row.place);
    }
}

const SUMMER: &str = "2026-07-15";

/// 1,199 records of the quarterly file, both settings: every amount to the cent. Where the relative values say NA, CMS
/// prints the other setting's number; there is no fee there.
#[tokio::test]
async fn every_record_of_the_quarterly_file_of_2025() {
    let file = include_str!("../../../src/reference/data/pfs_cy2025_q4_published.csv");
    let mut rows = Vec::new();
    for record in csv::Reader::from_reader(file.as_bytes()).into_records().map(Result::unwrap) {
        let modifier = if record[4].is_empty() { String::new() } else { format!("-{}", &record[4]) };
        for (place, allowed) in [("11", &record[13]), ("22", &record[14])] {
            rows.push(Row {
                services: format!("{}{modifier}", &record[3]),
                place,
                locality: format!("{}-{}", &record[1], &record[2]),
                date: "2025-10-15",
                allowed: allowed.to_owned(),
            });
        }
    }
    let server = Server::start().await;
    let answers = answers(&server.api(), &rows).await;
    let mut wrong = Vec::new();
    let mut counts = BTreeMap::new();
    for (row, answer) in rows.iter().zip(&answers) {
        // 50688 is done in facilities only; of the others the technical part, and with it the whole, in offices only.
        let in_office_only = row.services.starts_with("76") && !row.services.ends_with("-26");
        let available = if row.place == "11" { row.services != "50688" } else { !in_office_only };
        let expected = if available { row.allowed.as_str() } else { "CO-5" };
        *counts.entry(available).or_insert(0) += 1;
        if answer != expected {
            wrong.push(format!("{} {} {}: {answer}, not {expected}", row.services, row.place, row.locality));
        }
    }
    assert_eq!(wrong, [""; 0]);
    assert_eq!((answers.len(), counts[&true], counts[&false]), (2_398, 1_308, 1_090));
}

/// CMS's payment amount file and look-up tool of 2026; 71046-26 and 29881 by two independent engines.
#[tokio::test]
async fn localities_of_2026() {
    check("01112-05", SUMMER, &[("99213", "11", "117.58"), ("99213", "22", "64.37")]).await;
    check("01112-09", SUMMER, &[("99213", "11", "119.71"), ("99213", "22", "65.29")]).await;
    check("04412-99", SUMMER, &[("99203", "11", "114.05")]).await;
    check("10112-00", SUMMER, &[("99214", "11", "125.23"), ("99214", "21", "80.51")]).await;
    let los_angeles = [
        ("99213", "11", "104.89"),
        ("99213", "02", "60.24"),
        ("99213", "10", "104.89"),
        ("99214", "11", "148.89"),
        ("29881", "24", "553.33"),
        ("71046-26", "11", "10.68"),
    ];
    check("01182-18", SUMMER, &los_angeles).await;
}

/// The amounts of RVU26 where every index is 1, as published from it.
#[tokio::test]
async fn the_nation_in_2026() {
    let rows = [
        ("99213", "11", "95.19"),
        ("99213", "22", "57.45"),
        ("99214", "11", "135.61"),
        ("99214", "22", "84.50"),
        ("99203", "11", "117.57"),
        ("99203", "22", "71.48"),
        ("99204", "11", "177.36"),
        ("99204", "22", "116.90"),
        ("44970", "22", "578.17"),
        ("47562", "22", "631.95"),
        ("29881", "24", "515.71"),
        ("70551", "11", "195.40"),
        ("70551-26", "22", "67.80"),
        ("70551-TC", "11", "127.59"),
        ("70552", "11", "268.88"),
        ("70553", "11", "316.97"),
        ("70553-26", "22", "105.21"),
        ("45378", "11", "378.10"),
        ("45378", "24", "164.67"),
        ("45380", "11", "479.97"),
        ("45380", "24", "177.69"),
        ("45385", "11", "500.01"),
        ("45385", "24", "223.45"),
        ("43239", "11", "418.85"),
        ("43239", "24", "123.58"),
        // Of the family of 45378: 177.69 - 164.67.
        ("45380 45385", "24", "13.02 223.45"),
        // Another family is ranked behind it: 123.58 ÷ 2.
        ("45385 43239 45380", "24", "223.45 61.79 13.02"),
        // 515.71 × 1.5 = 773.565, on one line or on two.
        ("29881-50", "24", "773.57"),
        ("29881-LT-RT", "24", "773.57"),
        ("29881-LT 29881-RT", "24", "515.71 257.86"),
        // Indicator 0: both sides are one fee, 18.13 × 33.4009 = 605.558317.
        ("44950-50", "22", "605.56"),
        // 578.17 × 0.16 = 92.5072, × 0.136 = 78.63112, × 0.625 = 361.35625.
        ("44970-80", "22", "92.51"),
        ("44970-AS", "22", "78.63"),
        ("44970-62", "22", "361.36"),
        // Two readings of images: the lower at 95 percent, 67.80 × 0.95 = 64.41; technical parts at a half, 127.59 ÷ 2.
        ("70551-26 70553-26", "11", "64.41 105.21"),
        ("70551-TC 70553-TC", "11", "63.80 211.76"),
        ("99213 44970-TC", "22", "57.45 CO-4"),
    ];
    check("national", SUMMER, &rows).await;
}

/// (6 + 90 ÷ 15) × 19.31, half of it under direction, 3 + 1 units of it under supervision of many.
#[tokio::test]
async fn anesthesia_in_alabama() {
    let rows = [
        ("00840-AA:90", "22", "231.72"),
        ("00840-QZ:90", "22", "231.72"),
        ("00840-QK:90", "22", "115.86"),
        ("00840-QX:90", "22", "115.86"),
        ("00840-QY:90", "22", "115.86"),
        ("00840-AD:90", "22", "77.24"),
    ];
    check("10112-00", "2025-06-02", &rows).await;
}

/// 88.95 is the amount of 2025: (1.30 + 1.35 + 0.10) × 32.3465 = 88.952875. No release speaks for other years.
#[tokio::test]
async fn the_year_is_that_of_the_service() {
    for (date, allowed) in
        [("2025-01-01", "88.95"), ("2025-12-31", "88.95"), ("2026-01-01", "95.19"), ("2026-12-31", "95.19")]
    {
        check("national", date, &[("99213", "11", allowed)]).await;
    }
    check("national", "2024-12-31", &[("99213", "11", "CO-147")]).await;
    check("national", "2027-01-01", &[("99213", "11", "CO-147")]).await;
}

//! Letters: that their amounts are the decision's, that they tell nobody else's business, that they stay as they were sent, and that a real
//! browser shows and prints them.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use payersim::api::ServeOptions;
use payersim::client::{Client, LocalServer};
use payersim::letters::money;
use payersim::proto::v1 as pb;
use pb::letter_block::Block;
use pb::letter_cell::Cell;

use crate::checkers;
use crate::clinic::request;

const EXAMPLES: [&str; 6] =
    ["office-visit", "wrong-codes", "right-codes", "mixed-batch", "hospital-stay", "emergency-room"];

async fn demo() -> (LocalServer, Client) {
    let server = LocalServer::start(ServeOptions::default()).await.unwrap();
    let client = server.client().await.unwrap();
    (server, client)
}

async fn pay(client: &Client) {
    let request = pb::RunPaymentsRequest { include_not_due: true, ..Default::default() };
    client.remittances().run_payments(request).await.unwrap();
}

/// Every example claim, decided and paid.
async fn examples(client: &Client) {
    for name in EXAMPLES {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name).with_extension("edi");
        let chunk = pb::SubmitInterchangeRequest { parent: String::new(), chunk: fs::read(path).unwrap() };
        client.interchanges().submit_interchange(tokio_stream::iter([chunk])).await.unwrap();
    }
    pay(client).await;
}

async fn list(client: &Client, request: pb::ListLettersRequest) -> Vec<pb::Letter> {
    let request = pb::ListLettersRequest { page_size: 1_000, ..request };
    client.letters().list_letters(request).await.unwrap().into_inner().letters
}

async fn letter(client: &Client, name: &str) -> pb::Letter {
    client.letters().get_letter(pb::GetLetterRequest { name: name.to_owned() }).await.unwrap().into_inner()
}

async fn render(client: &Client, name: &str, format: pb::LetterFormat) -> String {
    let request = pb::RenderLetterRequest { name: name.to_owned(), format: format.into() };
    client.letters().render_letter(request).await.unwrap().into_inner().content
}

async fn claim(client: &Client, name: &str) -> pb::Claim {
    client.claims().get_claim(pb::GetClaimRequest { name: name.to_owned() }).await.unwrap().into_inner()
}

/// A visit to the demo payer's clinic, on Testa Muster's PPO.
fn visit(diagnosis: &str) -> pb::ProfessionalClaim {
    let mut claim = crate::clinic::visit(crate::clinic::ADA, "LETTER-1", 10);
    claim.payer_id = "DEMO1".to_owned();
    claim.diagnoses[0].code = diagnosis.to_owned();
    claim.lines[0].service_date = "2026-07-10".to_owned();
    claim.subscriber = Some(pb::Subscriber {
        member_id: "DM100101".to_owned(),
        name: Some(pb::Name { last: "Muster".to_owned(), first: "Testa".to_owned(), ..Default::default() }),
        birth_date: "1984-03-12".to_owned(),
        sex: pb::Sex::Female.into(),
        ..Default::default()
    });
    claim
}

async fn submit(client: &Client, claim: pb::ProfessionalClaim) -> pb::Claim {
    client.claims().submit_claim(request("", claim)).await.unwrap().into_inner()
}

fn tables(letter: &pb::Letter) -> Vec<&pb::LetterTable> {
    let blocks = letter.blocks.iter().filter_map(|block| block.block.as_ref());
    blocks.filter_map(|block| if let Block::Table(table) = block { Some(table) } else { None }).collect()
}

fn amount(letter: &pb::Letter) -> i64 {
    let amounts = letter.blocks.iter().filter_map(|block| match block.block.as_ref() {
        Some(Block::Amount(amount)) => Some(amount.cents),
        _ => None,
    });
    amounts.sum()
}

fn cents(row: &pb::LetterRow) -> Vec<i64> {
    let cells = row.cells.iter().filter_map(|cell| cell.cell.as_ref());
    cells.filter_map(|cell| if let Cell::Cents(cents) = cell { Some(*cents) } else { None }).collect()
}

// Charge, allowed, paid and owed are the decision's, and each cent of the patient's stands in a column that says why.
#[tokio::test]
async fn what_was_paid_and_what_is_owed_add_up_to_the_decision() {
    let (_server, client) = demo().await;
    examples(&client).await;
    let (mut owing, mut read) = (0, 0);
    for head in list(&client, pb::ListLettersRequest::default()).await {
        if !matches!(head.kind(), pb::LetterKind::ExplanationOfBenefits | pb::LetterKind::MedicareSummary) {
            continue;
        }
        read += 1;
        let letter = letter(&client, &head.name).await;
        let told = claim(&client, &letter.re.as_ref().unwrap().claim).await.determination.unwrap();
        let adjusted = told.lines.iter().flat_map(|line| &line.adjustments);
        let adjusted = adjusted.chain(told.account.iter().flat_map(|account| &account.adjustments));
        let of_patient = adjusted.filter(|adjustment| adjustment.group() == pb::GroupCode::Pr);
        let owed: i64 = of_patient.map(|adjustment| adjustment.amount_cents).sum();
        assert_eq!((amount(&letter), owed), (told.patient_responsibility_cents, owed), "{}", head.name);

        let tables = tables(&letter);
        let services = tables.iter().find(|table| table.caption == "Service by service").unwrap();
        let sum = services.rows.last().filter(|row| row.total).map(cents).unwrap();
        assert_eq!(sum[..2], [told.charge_cents, told.allowed_cents], "{}", head.name);
        assert_eq!(sum[sum.len() - 2..], [told.paid_cents, owed], "{}", head.name);

        let Some(shares) = tables.iter().find(|table| table.caption == "Your share") else {
            assert_eq!(owed, 0, "{}", head.name);
            continue;
        };
        owing += 1;
        let mut columns = vec![0; 5];
        for row in shares.rows.iter().map(|row| (row.total, cents(row))) {
            let (is_total, row) = row;
            assert_eq!(row[..4].iter().sum::<i64>(), row[4], "{}", head.name);
            if is_total {
                assert_eq!(row, columns, "{}", head.name);
                assert_eq!(row[4], owed, "{}", head.name);
            } else {
                columns.iter_mut().zip(row).for_each(|(sum, cents)| *sum += cents);
            }
        }
    }
    assert!(read >= 15 && owing >= 5, "{owing} of {read}");
}

#[tokio::test]
async fn a_letter_tells_nobody_elses_business() {
    let (_server, client) = demo().await;
    examples(&client).await;
    let members = pb::ListMembersRequest { page_size: 1_000, ..Default::default() };
    let members = client.directory().list_members(members).await.unwrap().into_inner().members;
    let letters = list(&client, pb::ListLettersRequest::default()).await;
    assert!(letters.len() > 20, "{}", letters.len());
    for head in letters {
        let page = render(&client, &head.name, pb::LetterFormat::Html).await;
        let patient = head.re.as_ref().map(|re| re.member_id.clone()).unwrap();
        assert!(page.contains(&patient));
        for other in members.iter().filter(|member| member.member_id != patient) {
            let name = other.person_name.as_ref().map(|name| format!("{} {}", name.first, name.last)).unwrap();
            let same_name = head.re.as_ref().is_some_and(|re| re.patient == name);
            assert!(!page.contains(&other.member_id), "{} in {}", other.member_id, head.name);
            assert!(same_name || !page.contains(&format!(">{name}<")), "{name} in {}", head.name);
        }
    }
}

// 150.00 less 8.90 above the contract is 141.10, less the copay of 25.00 is 116.10. Taken back, the 116.10 are demanded.
#[tokio::test]
async fn a_decision_that_is_taken_back_is_told_and_what_was_sent_stays_as_it_was() {
    let (_server, client) = demo().await;
    let claim = submit(&client, visit("J069")).await;
    let about = pb::ListLettersRequest { claim: claim.name.clone(), ..Default::default() };
    assert_eq!(list(&client, about.clone()).await, vec![], "nothing is told before a remittance tells it");
    pay(&client).await;
    let ids = |letters: &[pb::Letter]| -> Vec<String> {
        letters.iter().map(|letter| letter.name.rsplit('/').next().unwrap_or_default().to_owned()).collect()
    };
    let first = list(&client, about.clone()).await;
    assert_eq!(ids(&first), [format!("eob-{}-1", claim.control_number)]);
    let before = render(&client, &first[0].name, pb::LetterFormat::Html).await;

    let reverse = pb::ReverseClaimRequest {
        name: claim.name.clone(),
        reason: "paid twice <by mistake>".to_owned(),
        recoupment: pb::Recoupment::Deferred.into(),
        ..Default::default()
    };
    client.claims().reverse_claim(reverse).await.unwrap();
    pay(&client).await;
    let all = list(&client, about).await;
    let number = &claim.control_number;
    assert_eq!(ids(&all), [format!("eob-{number}-1"), format!("demand-{number}-2"), format!("change-{number}-2")]);
    assert_eq!(render(&client, &first[0].name, pb::LetterFormat::Html).await, before);

    let demand = letter(&client, &all[1].name).await;
    assert_eq!((demand.kind(), amount(&demand)), (pb::LetterKind::OverpaymentDemand, 11_610));
    assert_eq!(
        demand.to.as_ref().map(|to| (to.role(), to.name.as_str())),
        Some((pb::LetterRole::Provider, "Green Sample Clinic"))
    );
    assert_eq!(demand.re.as_ref().unwrap().patient_control_number, "LETTER-1");
    assert!(render(&client, &demand.name, pb::LetterFormat::Html).await.contains("Paid twice &lt;by mistake&gt;."));

    let change = letter(&client, &all[2].name).await;
    let rows: Vec<Vec<i64>> = tables(&change)[0].rows.iter().map(cents).collect();
    assert_eq!(rows, [[14_110, 0, -14_110], [11_610, 0, -11_610], [25_00, 0, -25_00]]);
    assert_eq!(change.to.as_ref().map(|to| to.name.as_str()), Some("Testa Muster"));
}

#[tokio::test]
async fn a_hostile_name_stays_text() {
    let (_server, client) = demo().await;
    let hostile = "</title><script>alert(1)</script>";
    let mut claim = visit("K352");
    claim.billing_provider.as_mut().unwrap().name = Some(pb::Name { last: hostile.to_owned(), ..Default::default() });
    submit(&client, claim).await;
    pay(&client).await;
    let letters =
        list(&client, pb::ListLettersRequest { member_id: "DM100101".to_owned(), ..Default::default() }).await;
    let kinds: Vec<pb::LetterKind> = letters.iter().map(pb::Letter::kind).collect();
    assert_eq!(kinds, [pb::LetterKind::ExplanationOfBenefits, pb::LetterKind::AdverseDetermination]);
    for head in letters {
        let page = render(&client, &head.name, pb::LetterFormat::Html).await;
        assert!(!page.contains("<script"), "{page}");
        assert!(page.contains("&lt;script&gt;alert(1)"), "{page}");
    }
}

#[tokio::test]
async fn pages_put_together_are_the_list() {
    let (_server, client) = demo().await;
    examples(&client).await;
    let whole = list(&client, pb::ListLettersRequest::default()).await;
    let (mut paged, mut token) = (Vec::new(), String::new());
    loop {
        let request = pb::ListLettersRequest { page_size: 3, page_token: token, ..Default::default() };
        let page = client.letters().list_letters(request).await.unwrap().into_inner();
        paged.extend(page.letters);
        token = page.next_page_token;
        if token.is_empty() {
            break;
        }
    }
    assert_eq!(paged, whole);
    let of_kind = pb::ListLettersRequest { kind: pb::LetterKind::AdverseDetermination.into(), ..Default::default() };
    let denials = list(&client, of_kind).await;
    assert!(!denials.is_empty() && denials.iter().all(|letter| letter.name.contains("/letters/denial-")));
    let before = pb::ListLettersRequest { date_through: "2026-07-14".to_owned(), ..Default::default() };
    assert_eq!(list(&client, before).await, vec![]);
}

// In Chromium each page is whole, quiet, readable and alone in the world, and its print has the pages that it should have.
#[tokio::test]
async fn a_browser_shows_and_prints_letters() {
    let (_server, client) = demo().await;
    examples(&client).await;
    let letters = list(&client, pb::ListLettersRequest::default()).await;
    let folder = tempfile::tempdir().unwrap();
    let mut wanted = Vec::new();
    for kind in
        [pb::LetterKind::ExplanationOfBenefits, pb::LetterKind::MedicareSummary, pb::LetterKind::AdverseDetermination]
    {
        let head = letters.iter().find(|letter| letter.kind() == kind).unwrap();
        let file = folder.path().join(format!("{}.html", wanted.len()));
        fs::write(&file, render(&client, &head.name, pb::LetterFormat::Html).await).unwrap();
        wanted.push((file, letter(&client, &head.name).await));
    }
    let files: Vec<PathBuf> = wanted.iter().map(|(file, _)| file.clone()).collect();
    let seen = browse(&files);
    let printed = pages_of(&files);
    for (at, (_, letter)) in wanted.iter().enumerate() {
        let (seen, printed) = (&seen[at], printed[at].as_array().unwrap());
        let text = seen["text"].as_str().unwrap();
        assert_eq!(seen["faults"], serde_json::json!([]), "{}", letter.name);
        assert_eq!(seen["others"], serde_json::json!([]), "{}", letter.name);
        assert_eq!((&seen["lang"], &seen["scripts"]), (&"en".into(), &0.into()));
        assert_eq!((&seen["wide"], &seen["wideOnPhone"]), (&false.into(), &false.into()), "{}", letter.name);
        assert!(seen["contrast"].as_f64().unwrap() >= 4.5, "{}", seen["contrast"]);
        let headings: Vec<&str> = seen["headings"].as_array().unwrap().iter().filter_map(|h| h.as_str()).collect();
        assert_eq!(headings.iter().filter(|heading| **heading == "H1").count(), 1);
        assert_eq!(headings.first(), Some(&"H1"));
        for table in seen["tables"].as_array().unwrap() {
            assert_ne!(table["caption"], "");
            for row in table["rows"].as_array().unwrap() {
                assert_eq!((&row["cells"], &row["headed"]), (&table["columns"], &true.into()), "{table}");
            }
        }
        assert!(text.contains("SIMULATED"));
        for cents in tables(letter).into_iter().flat_map(|table| &table.rows).flat_map(cents) {
            assert!(text.contains(&money(cents)), "{} in {}", money(cents), letter.name);
        }
        assert!((2..=3).contains(&printed.len()), "{} pages of {}", printed.len(), letter.name);
        for page in printed {
            assert_eq!((page[0].as_f64(), page[1].as_f64()), (Some(612.0), Some(792.0)), "Letter paper");
            let text = page[2].as_str().unwrap();
            assert!(text.contains("SIMULATED") && text.len() > 300, "a page that is all but empty: {page}");
        }
    }
}

/// What a browser tells of each page; their prints stand beside them.
fn browse(files: &[PathBuf]) -> Vec<serde_json::Value> {
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    let playwright = env::var_os("PAYERSIM_PLAYWRIGHT").map_or_else(|| top.join("target/browser"), PathBuf::from);
    let chromium = env::var_os("PAYERSIM_CHROMIUM").map_or_else(|| PathBuf::from("/usr/bin/chromium"), PathBuf::from);
    for path in [&playwright, &chromium] {
        assert!(
            path.exists(),
            "{} is missing: run tests/run once, or name another by PAYERSIM_PLAYWRIGHT and PAYERSIM_CHROMIUM",
            path.display()
        );
    }
    let mut node = Command::new("node");
    node.arg(top.join("tests/browser/letters.mjs")).arg(playwright).arg(chromium).args(files);
    let output = node.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The pages of the prints: width, height, text.
fn pages_of(files: &[PathBuf]) -> Vec<serde_json::Value> {
    let prints = files.iter().map(|file| format!("{}.pdf", file.display()));
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/checkers/pdf_pages.py");
    let output = Command::new(checkers::python()).arg(script).args(prints).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

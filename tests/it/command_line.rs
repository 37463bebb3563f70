//! The binary as scripts see it: exit codes, and what it says where it cannot go on.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use payersim::api::ServeOptions;
use payersim::client::LocalServer;

fn payersim(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_payersim"));
    let clean = ["PAYERSIM_SERVER", "PAYERSIM_SANDBOX", "PAYERSIM_PAYER"];
    clean.iter().for_each(|name| _ = command.env_remove(name));
    command.args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap()
}

/// The same where a server in this process must answer meanwhile.
async fn payersim_at(server: &LocalServer, arguments: &[&str]) -> Output {
    let address = server.ready.address.to_string();
    let arguments: Vec<String> = arguments.iter().chain(&["--server", &address]).map(ToString::to_string).collect();
    let run = move || payersim(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    tokio::task::spawn_blocking(run).await.unwrap()
}

fn said(output: &Output) -> (i32, String) {
    (output.status.code().unwrap(), String::from_utf8_lossy(&output.stderr).into_owned())
}

fn written(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path
}

#[test]
fn wrong_use_and_wrong_files_end_with_2() {
    assert_eq!(payersim(&["claims", "--state", "PAID"]).status.code(), Some(2));
    let (code, words) = said(&payersim(&["call", "Claims/GetClam", "{}"]));
    assert!(code == 2 && words.contains("there is no method Claims/GetClam"), "{words}");
    let folder = tempfile::tempdir().unwrap();
    let story = written(folder.path(), "a.toml", "title = 'x'\n[[steps]]\npay = 1\n");
    let (code, words) = said(&payersim(&["test", story.to_str().unwrap()]));
    assert!(code == 2 && words.contains("a.toml:3: pay = true"), "{words}");
}

// Port 1 is reserved and nothing listens on it.
#[test]
fn no_server_ends_with_3_and_the_command_that_starts_one() {
    let (code, words) = said(&payersim(&["claims", "--server", "127.0.0.1:1"]));
    assert!(code == 3 && words.contains("payersim serve --listen 127.0.0.1:1"), "{words}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_error_of_the_server_ends_with_4_and_names_each_field() {
    let server = LocalServer::start(ServeOptions::default()).await.unwrap();
    let (code, words) = said(&payersim_at(&server, &["claims", "--sandbox", "nowhere"]).await);
    assert!(code == 4 && words.contains("NOT_FOUND"), "{words}");
    let folder = tempfile::tempdir().unwrap();
    let claim = written(folder.path(), "claim.json", r#"{ "charge_cents": -1, "lines": [{}] }"#);
    let (code, words) = said(&payersim_at(&server, &["submit", claim.to_str().unwrap()]).await);
    assert!(code == 4, "{words}");
    for field in ["professional.charge_cents", "professional.payer_id", "professional.lines[0].procedure_code"] {
        assert!(words.contains(field), "{field} is missing in {words}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_story_that_does_not_hold_ends_with_1_and_junit_tells_it() {
    let server = LocalServer::start(ServeOptions::default()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let steps = "[[steps]]\ncall = 'GetClock'\nexpect.now = '1999-01-01T00:00:00'\n";
    let story = written(folder.path(), "clock.toml", &format!("title = 'A clock'\n{steps}"));
    let junit = folder.path().join("junit.xml");
    let output = payersim_at(&server, &["test", story.to_str().unwrap(), "--junit", junit.to_str().unwrap()]).await;
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(1), "{printed}");
    assert!(printed.contains("clock.toml:4: now: expected \"1999-01-01T00:00:00\""), "{printed}");
    assert!(std::fs::read_to_string(junit).unwrap().contains("failures=\"1\""));
}

// 99213 in San Francisco in 2026: 117.58 in an office, 64.37 in a facility, as CMS publishes it.
#[tokio::test(flavor = "multi_thread")]
async fn a_batch_of_services_is_priced_row_by_row() {
    let server = LocalServer::start(ServeOptions::default()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let rows = "code,place,group,note\n99213,11,,a\n99213,22,g,b\n99213,22,g,c\nXX,11,,d\n99213,11,g,e\n99213,99x,,f\n";
    let rows = written(folder.path(), "rows.csv", rows);
    let arguments = ["price", "--batch", rows.to_str().unwrap(), "--locality", "01112-05", "--date", "2026-07-15"];
    let output = payersim_at(&server, &arguments).await;
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let printed: Vec<csv::StringRecord> =
        csv::Reader::from_reader(output.stdout.as_slice()).into_records().map(Result::unwrap).collect();
    let fees: Vec<&str> = printed.iter().map(|row| &row[4]).collect();
    assert_eq!(fees, ["117.58", "64.37", "64.37", "", "", ""]);
    assert!(printed.iter().map(|row| &row[3]).eq(["a", "b", "c", "d", "e", "f"]));
    let errors: Vec<&str> = printed.iter().map(|row| &row[8]).collect();
    assert!(errors[..3].iter().all(|error| error.is_empty()), "{errors:?}");
    assert!(errors[3].starts_with("CO-147: "), "{errors:?}");
    assert!(errors[4].contains("rows of one group stand together"), "{errors:?}");
    assert!(errors[5].starts_with("place_of_service: "), "{errors:?}");
}

// `payersim list edits | head` closes the pipe early: that is no failure, and nothing panics.
#[tokio::test(flavor = "multi_thread")]
async fn a_reader_who_leaves_early_is_no_failure() {
    let server = LocalServer::start(ServeOptions::default()).await.unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_payersim"));
    command.args(["list", "members", "--server", &server.ready.address.to_string()]);
    let run = move || {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        child.wait_with_output().unwrap()
    };
    let output = tokio::task::spawn_blocking(run).await.unwrap();
    assert_eq!(said(&output), (0, String::new()));
}

// What CI does: a free port, told in a file that is whole as soon as it is there, and nothing left behind.
#[test]
fn an_ephemeral_server_tells_its_address_and_is_used() {
    let folder = tempfile::tempdir().unwrap();
    let ready = folder.path().join("ready.txt");
    let mut server = Command::new(env!("CARGO_BIN_EXE_payersim"))
        .args(["serve", "--ephemeral", "--listen", "127.0.0.1:0", "--ready-file", ready.to_str().unwrap()])
        .current_dir(folder.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let first = BufReader::new(server.stdout.take().unwrap()).lines().next().unwrap().unwrap();
    let address = std::fs::read_to_string(&ready).unwrap().trim().to_owned();
    let clock = payersim(&["clock", "--server", &address]);
    server.kill().unwrap();
    server.wait().unwrap();
    assert!(first.contains(&address), "{first}");
    assert!(clock.status.success(), "{clock:?}");
    assert!(!folder.path().join("payersim-data").exists());
}

// 109 localities, by CMS's own file; a payer folder takes it in and goes on checking.
#[tokio::test(flavor = "multi_thread")]
async fn an_official_table_goes_into_a_server_or_a_payer_folder() {
    let server = LocalServer::start(ServeOptions::default()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let payer = folder.path().join("payer");
    let path = payer.to_str().unwrap();
    assert!(payersim_at(&server, &["payer", "export", path]).await.status.success());
    let import = ["import", "gpci", "src/reference/data/GPCI2026.csv", "--from", "2026-01-01"];
    let taken = payersim_at(&server, &import).await;
    let printed = String::from_utf8_lossy(&taken.stdout).into_owned();
    assert!(taken.status.success() && printed.contains("rows     109 taken, 0 refused"), "{taken:?}");
    let into_folder = payersim(&[&import[..], &["--payer", path]].concat());
    assert!(into_folder.status.success(), "{into_folder:?}");
    assert_eq!(payersim(&["payer", "check", path]).status.code(), Some(0));
    // A second time under the same name is a mistake, and so is a file of another kind.
    assert_eq!(payersim(&[&import[..], &["--payer", path]].concat()).status.code(), Some(2));
    let (code, words) =
        said(&payersim(&["import", "mue", "src/reference/data/GPCI2026.csv", "--from", "2026-01-01", "--payer", path]));
    assert!(code == 2 && words.contains("GPCI2026.csv"), "{words}");
    // The server's payer, written out, brings the table along.
    let second = folder.path().join("second");
    let path = second.to_str().unwrap();
    assert!(payersim_at(&server, &["payer", "export", path]).await.status.success());
    assert_eq!(payersim(&["payer", "check", path]).status.code(), Some(0));
    assert!(second.join("GPCI2026.csv").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_exported_payer_folder_checks_and_a_mistake_in_it_is_named_by_its_place() {
    let server = LocalServer::start(ServeOptions::default()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let payer = folder.path().join("payer");
    let path = payer.to_str().unwrap();
    assert!(payersim_at(&server, &["payer", "export", path]).await.status.success());
    assert_eq!(payersim(&["payer", "check", path]).status.code(), Some(0));
    // What somebody may have worked on is not written over.
    assert_eq!(payersim_at(&server, &["payer", "export", path]).await.status.code(), Some(2));
    let plans = std::fs::read_to_string(payer.join("plans.toml")).unwrap();
    std::fs::write(payer.join("plans.toml"), format!("colour = \"red\"\n{plans}")).unwrap();
    let (code, words) = said(&payersim(&["payer", "check", path]));
    assert!(code == 2 && words.contains("plans.toml:1:1: "), "{words}");
}

// A stay of group 280 alone: 10,000.00 x 1.6041 is allowed; 500.00 and 20 percent are more than the 3,000.00 a year that the
// patient pays at most, so 16,041.00 - 3,000.00 = 13,041.00 would be paid.
#[tokio::test(flavor = "multi_thread")]
async fn a_hospitals_bill_is_estimated_and_not_kept() {
    let server = LocalServer::start(ServeOptions::default()).await.unwrap();
    let output = payersim_at(&server, &["estimate", "examples/hospital-stay.edi"]).await;
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(said(&output), (0, String::new()), "{printed}");
    for word in ["16041.00", "13041.00", "3000.00", "DRG 280"] {
        assert!(printed.contains(word), "{word} is missing in {printed}");
    }
    let listed = payersim_at(&server, &["claims", "--json"]).await;
    assert_eq!((said(&listed), listed.stdout.len()), ((0, String::new()), 0));
}

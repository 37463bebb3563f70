//! Clients that others made: Python's gRPC with stubs generated from the protos, and buf.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::checkers::python;
use crate::server::Server;

/// Runs a command beside the server, which answers in this process meanwhile.
async fn beside(mut command: Command) -> Output {
    tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
}

fn in_project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

#[tokio::test]
async fn a_stock_python_client_can_do_its_work() {
    let server = Server::start().await;
    let mut client = Command::new(python());
    client.arg(in_project("tests/clients/contract.py")).arg(server.address.to_string()).arg(in_project("proto"));
    let output = beside(client).await;
    let [said, failed] = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    assert!(output.status.success(), "{said}\n{failed}");
    assert_eq!(said.lines().filter(|line| line.starts_with("OK ")).count(), 9, "{said}");
}

/// Runs `buf curl`, which learns the API by reflection; gives what it printed.
async fn buf_curl(address: SocketAddr, flags: &[&str], path: &str) -> String {
    let installed = std::env::var_os("PAYERSIM_BUF").map(PathBuf::from);
    let buf = installed.unwrap_or_else(|| in_project("target/buf/node_modules/.bin/buf"));
    assert!(buf.exists(), "no buf: run tests/run once, or set PAYERSIM_BUF to it");
    let mut command = Command::new(buf);
    command.args(["curl", "--protocol", "grpc", "--http2-prior-knowledge"]).args(flags);
    command.arg(format!("http://{address}{path}"));
    let output = beside(command).await;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[tokio::test]
async fn buf_curl_lists_the_methods_and_calls_them() {
    let server = Server::start().await;
    let listed = buf_curl(server.address, &["--list-methods"], "").await;
    for method in ["Claims/SubmitClaim", "Claims/SubmitClaims", "Sandboxes/AdvanceClock", "Directory/UpsertMember"] {
        assert!(listed.lines().any(|line| line == format!("payersim.v1.{method}")), "{method}: {listed}");
    }
    let clock = buf_curl(server.address, &["--data", "{}"], "/payersim.v1.Sandboxes/GetClock").await;
    assert!(clock.contains("2026-03-31T00:00:00"), "{clock}");
}

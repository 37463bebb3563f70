//! `call`: every RPC of the API, with JSON in and out.

use std::io::{Read, Write};

use clap::Args;
use comfy_table::Row;
use futures::stream;
use prost_reflect::{DynamicMessage, MethodDescriptor};
use serde_json::Value as Json;

use super::output::Out;
use super::target::Target;
use crate::client::messages::{Defaults, from_json, to_json};
use crate::client::{Failure, methods};

const AFTER_HELP: &str = "\
Examples:
  payersim call --list
  payersim call Claims/GetClaim '{\"name\": \"sandboxes/default/claims/03337259220001\"}'
  payersim call Directory/UpsertMember @member.json
  jq -c '{request: {professional: .}}' claims.json | payersim call Claims/SubmitClaims -

Field names are those of the protos or of proto JSON; enum values may be short (DENIED). Where a request takes a stream, the JSON is a sequence of
messages. A request that may name a sandbox and does not gets that of --sandbox.";

/// Call any method of the API with JSON
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(super) struct Call {
    /// Service and method, such as Claims/GetClaim
    #[arg(required_unless_present = "list")]
    method: Option<String>,
    /// The request in JSON, @FILE, or - for standard input
    #[arg(default_value = "{}")]
    request: String,
    /// List every method
    #[arg(long)]
    list: bool,
    #[command(flatten)]
    target: Target,
}

impl Call {
    pub async fn run(self) -> Result<(), Failure> {
        let mut out = self.target.out();
        let Some(method) = self.method.filter(|_| !self.list) else { return list(&mut out) };
        let method = methods::find(&method).map_err(Failure::Usage)?;
        let mut requests = requests(&method, &text(&self.request)?).map_err(Failure::Usage)?;
        let client = self.target.connect().await?;
        for request in &mut requests {
            methods::fill_sandbox(request, client.sandbox());
        }
        let mut answers = methods::call(client.channel(), &method, stream::iter(requests)).await?;
        while let Some(answer) = answers.message().await? {
            let answer = to_json(&answer, Defaults::LeftOut);
            // A stream is one answer a line; a single answer may take room.
            if self.target.json || method.is_server_streaming() {
                out.value(&answer)?;
            } else {
                writeln!(out, "{answer:#}")?;
            }
        }
        Ok(())
    }
}

fn list(out: &mut Out) -> Result<(), Failure> {
    let stream = |streams: bool| if streams { "stream " } else { "" };
    let kind = |method: &MethodDescriptor| {
        let (input, output) = (method.input(), method.output());
        let (sends, answers) = (stream(method.is_client_streaming()), stream(method.is_server_streaming()));
        format!("{sends}{} → {answers}{}", input.name(), output.name())
    };
    if out.json {
        let names = methods::all().map(|method| Json::from(methods::name(&method)));
        return Ok(names.into_iter().try_for_each(|name| out.value(&name))?);
    }
    let rows =
        methods::all().map(|method| Row::from([methods::name(&method), kind(&method), methods::comment(&method)]));
    Ok(out.table(&["method", "request → answer", "what it does"], &[], rows.collect())?)
}

/// The argument itself, what stands in a file, or what comes on standard input.
fn text(argument: &str) -> Result<String, Failure> {
    if argument == "-" {
        let mut text = String::new();
        std::io::stdin()
            .read_to_string(&mut text)
            .map_err(|error| Failure::Usage(format!("standard input: {error}")))?;
        return Ok(text);
    }
    match argument.strip_prefix('@') {
        Some(path) => std::fs::read_to_string(path).map_err(|error| Failure::file(path.as_ref(), &error)),
        None => Ok(argument.to_owned()),
    }
}

/// One request, or for a stream any number.
fn requests(method: &MethodDescriptor, text: &str) -> Result<Vec<DynamicMessage>, String> {
    let values: Vec<Json> = serde_json::Deserializer::from_str(text)
        .into_iter()
        .collect::<Result<_, _>>()
        .map_err(|error| format!("request: {error}"))?;
    if values.len() != 1 && !method.is_client_streaming() {
        return Err(format!("{} takes one request, not {}", methods::name(method), values.len()));
    }
    values.into_iter().map(|value| from_json(&method.input(), value)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_takes_many_requests_and_a_single_call_one() {
        let count = |method: &str, text: &str| requests(&methods::find(method).unwrap(), text).map(|found| found.len());
        assert_eq!(count("Claims/SubmitClaims", "{\"request\": {}}\n{}\n"), Ok(2));
        assert_eq!(count("Claims/GetClaim", "{} {}"), Err("Claims/GetClaim takes one request, not 2".into()));
        assert_eq!(count("Claims/GetClaim", ""), Err("Claims/GetClaim takes one request, not 0".into()));
        assert!(count("Claims/GetClaim", "{\"nam\": \"\"}").unwrap_err().contains("perhaps name"));
    }
}

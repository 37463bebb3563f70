//! Running a story: a sandbox of its own, then step by step through the front door.

use std::fs;
use std::path::Path;
use std::time::Instant;

use futures::stream;
use prost_reflect::DynamicMessage;
use serde_json::Value as Json;
use tonic::Status;

use super::expectation::{Difference, compare};
use super::placeholders::{Saved, fill};
use super::report::{StepOutcome, StoryOutcome, Verdict};
use super::story::{Expected, Sent, Step, Story, answer_shape};
use crate::client::failure::in_words;
use crate::client::messages::{Defaults, from_json, to_json};
use crate::client::{Client, Failure, methods};
use crate::proto::v1::advance_clock_request::Target;
use crate::proto::v1::{
    AdvanceClockRequest, ClockMode, CreateSandboxRequest, DeleteSandboxRequest, PayerFolder, SubmitInterchangeRequest,
};

/// Bytes of one message of an upload.
const CHUNK: usize = 256 * 1024;

/// Runs a story in a sandbox made for it, with the given payer or the one that the server has. The failure is only that no sandbox could be made.
pub async fn run(story: &Story, client: &Client, payer: Option<PayerFolder>) -> Result<StoryOutcome, Failure> {
    let (outcome, sandbox) = run_and_keep(story, client, payer).await?;
    // The sandbox has served; that it cannot be deleted is no fault of the story.
    let _ = client.sandboxes().delete_sandbox(DeleteSandboxRequest { name: sandbox }).await;
    Ok(outcome)
}

/// The same, and gives the name of the sandbox, which stays.
pub async fn run_and_keep(
    story: &Story,
    client: &Client,
    payer: Option<PayerFolder>,
) -> Result<(StoryOutcome, String), Failure> {
    tell(story, client, payer, None).await
}

/// The same in a sandbox whose clock follows the wall clock: where the story turns the clock, `turn` has the wall clock turned. What the
/// server says of its turn is not compared: nobody asked it to.
pub async fn run_following(
    story: &Story,
    client: &Client,
    payer: Option<PayerFolder>,
    turn: &Turn<'_>,
) -> Result<(StoryOutcome, String), Failure> {
    tell(story, client, payer, Some(turn)).await
}

/// Turns the wall clock.
pub type Turn<'a> = dyn Fn(Option<Target>) + Send + Sync + 'a;

async fn tell(
    story: &Story,
    client: &Client,
    payer: Option<PayerFolder>,
    turn: Option<&Turn<'_>>,
) -> Result<(StoryOutcome, String), Failure> {
    let start = Instant::now();
    let clock_mode = if turn.is_some() { ClockMode::Following } else { ClockMode::Frozen }.into();
    let clock_start = story.clock_start.clone();
    let request = CreateSandboxRequest { clock_start, payer, clock_mode, ..Default::default() };
    let sandbox = client.sandboxes().create_sandbox(request).await?.into_inner().name;
    let mut telling = Telling { client: client.with_sandbox(&sandbox), saved: Saved::new(), turn };
    telling.saved.insert("sandbox".into(), sandbox.clone().into());
    let mut steps = Vec::new();
    for step in &story.steps {
        let broken = steps.iter().any(|before: &StepOutcome| matches!(before.verdict, Verdict::Broke(_)));
        let start = Instant::now();
        let verdict = if broken { Verdict::Skipped } else { telling.step(step).await };
        steps.push(StepOutcome { say: step.say.clone(), line: step.line, time: start.elapsed(), verdict });
    }
    let outcome = StoryOutcome { file: story.file.clone(), title: story.title.clone(), time: start.elapsed(), steps };
    Ok((outcome, sandbox))
}

/// A story while it is told.
struct Telling<'a> {
    client: Client,
    saved: Saved,
    turn: Option<&'a Turn<'a>>,
}

impl Telling<'_> {
    async fn step(&mut self, step: &Step) -> Verdict {
        let requests = match self.requests(step) {
            Ok(requests) => requests,
            Err(words) => return Verdict::Broke(words),
        };
        if let Some(turn) = self.turn.filter(|_| step.method.name() == "AdvanceClock") {
            for request in requests {
                match request.transcode_to::<AdvanceClockRequest>() {
                    Ok(request) => turn(request.target),
                    Err(error) => return Verdict::Broke(error.to_string()),
                }
            }
            return Verdict::of(vec![]);
        }
        match (self.call(step, requests).await, &step.expected) {
            (Ok(answer), Expected::Answer(expected)) => {
                let expected = match fill(expected, &self.saved) {
                    Ok(expected) => expected,
                    Err((line, words)) => return Verdict::Broke(format!("line {line}: {words}")),
                };
                let differences = compare(Some(&answer), &expected, &answer_shape(&step.method, step.keeps_all));
                if !step.saved_as.is_empty() {
                    self.saved.insert(step.saved_as.clone(), answer);
                }
                Verdict::of(differences)
            }
            (Ok(answer), Expected::Error(expected)) => {
                let actual = answer.get("name").map_or_else(|| "an answer".into(), |name| format!("the answer {name}"));
                let wanted = if expected.code.is_empty() { "an error" } else { &expected.code };
                Verdict::of(vec![Difference {
                    line: expected.line,
                    path: "error code".into(),
                    expected: wanted.to_owned(),
                    actual,
                }])
            }
            (Err(status), Expected::Error(expected)) => Verdict::of(expected.compare(&status)),
            (Err(status), Expected::Answer(_)) => Verdict::Broke(in_words(&status)),
        }
    }

    fn requests(&self, step: &Step) -> Result<Vec<DynamicMessage>, String> {
        let input = step.method.input();
        let mut requests = match &step.sent {
            Sent::Requests(nodes) => nodes
                .iter()
                .map(|node| {
                    let filled = fill(node, &self.saved).map_err(|(line, words)| format!("line {line}: {words}"))?;
                    from_json(&input, filled.to_json())
                })
                .collect::<Result<_, _>>()?,
            Sent::File(path) => chunks(path)?
                .into_iter()
                .map(|chunk| {
                    let mut request = DynamicMessage::new(input.clone());
                    request.transcode_from(&chunk).map(|()| request).map_err(|error| error.to_string())
                })
                .collect::<Result<Vec<_>, _>>()?,
        };
        for request in &mut requests {
            methods::fill_sandbox(request, self.client.sandbox());
        }
        Ok(requests)
    }

    /// The last message of the answer, or where the step keeps all of them, the list.
    async fn call(&self, step: &Step, requests: Vec<DynamicMessage>) -> Result<Json, Status> {
        let mut answers = methods::call(self.client.channel(), &step.method, stream::iter(requests)).await?;
        let mut kept = Vec::new();
        while let Some(answer) = answers.message().await? {
            if !step.keeps_all {
                kept.clear();
            }
            kept.push(to_json(&answer, Defaults::Written));
        }
        Ok(if step.keeps_all { kept.into() } else { kept.pop().unwrap_or_default() })
    }
}

fn chunks(path: &Path) -> Result<Vec<SubmitInterchangeRequest>, String> {
    let bytes = fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let chunk = |bytes: &[u8]| SubmitInterchangeRequest { parent: String::new(), chunk: bytes.to_vec() };
    let mut chunks: Vec<_> = bytes.chunks(CHUNK).map(chunk).collect();
    if chunks.is_empty() {
        chunks.push(chunk(&[]));
    }
    Ok(chunks)
}

//! `test`: runs story files against a payer and reports like a test runner.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::Args;
use futures::stream::{self, StreamExt, TryStreamExt};
use indicatif::ProgressBar;

use super::output::{Out, Tone, count};
use crate::api::ServeOptions;
use crate::client::{Client, Failure, LocalServer};
use crate::payer::folder;
use crate::proto::v1::PayerFolder;
use crate::stories::document::Fault;
use crate::stories::{self, Report, Story};

/// Stories told at one time.
const CONCURRENT: usize = 4;

const AFTER_HELP: &str = "\
Examples:
  payersim test                                   every story below ./stories, against the demo payer
  payersim test stories --payer my-payer --junit report.xml
  payersim test copay.toml --server 127.0.0.1:50051

A story is a TOML file: claims, steps, and what each step must answer. Exit code 1 where an expectation does not hold, 2 where a story has a mistake.";

/// Run story files: claims with the decisions that must come of them
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(super) struct Test {
    /// Story files, and folders that hold them
    #[arg(value_name = "DIR|FILE", default_value = "stories")]
    paths: Vec<PathBuf>,
    /// Payer folder to test; the demo payer, or the server's own, where not said
    #[arg(long, value_name = "DIR", env = "PAYERSIM_PAYER")]
    payer: Option<PathBuf>,
    /// Server to run on; one is started for the run where not said
    #[arg(long, value_name = "HOST:PORT", env = "PAYERSIM_SERVER")]
    server: Option<String>,
    /// Also write the report as JUnit
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// Print the report as JSON
    #[arg(long)]
    json: bool,
}

impl Test {
    pub async fn run(self) -> Result<(), Failure> {
        let stories = read(&self.paths)?;
        let mut out = Out::stdout(self.json);
        let start = Instant::now();
        let mut report = match &self.server {
            Some(server) => {
                let payer = self.payer.as_deref().map(folder::load).transpose();
                let payer = payer.map_err(|mistakes| Failure::mistakes(&mistakes))?;
                let client = Client::connect(server, "default").await?;
                tell(&mut out, &stories, &client, payer.as_ref()).await?
            }
            None => {
                let server = LocalServer::start(ServeOptions { payer: self.payer, ..ServeOptions::default() }).await?;
                tell(&mut out, &stories, &server.client().await?, None).await?
            }
        };
        report.time = start.elapsed();
        if let Some(path) = &self.junit {
            let junit = report.junit().map_err(Failure::Broken)?;
            fs::write(path, junit).map_err(|error| Failure::file(path, &error))?;
        }
        if out.json {
            out.value(&report.to_json())?;
        } else {
            summary(&mut out, &report)?;
        }
        if report.failed() == 0 { Ok(()) } else { Err(Failure::Expectation) }
    }
}

/// Runs the stories, a few at a time, and prints each as it ends, in order.
async fn tell(
    out: &mut Out,
    stories: &[Story],
    client: &Client,
    payer: Option<&PayerFolder>,
) -> Result<Report, Failure> {
    let bar = ProgressBar::new(u64::try_from(stories.len()).unwrap_or(0));
    let mut report = Report::default();
    let runs = stories.iter().map(|story| stories::run(story, client, payer.cloned()));
    let mut outcomes = stream::iter(runs).buffered(CONCURRENT);
    while let Some(outcome) = outcomes.try_next().await? {
        bar.inc(1);
        if !out.json {
            let tone = if outcome.holds() { Tone::Good } else { Tone::Bad };
            let text = outcome.to_string();
            let (word, rest) = text.split_at(text.find(' ').unwrap_or(0));
            let word = out.paint(tone, word);
            bar.suspend(|| writeln!(out, "{word}{rest}"))?;
        }
        report.stories.push(outcome);
    }
    bar.finish_and_clear();
    Ok(report)
}

fn summary(out: &mut Out, report: &Report) -> io::Result<()> {
    let number = i64::try_from(report.stories.len()).unwrap_or(i64::MAX);
    let failed = match report.failed() {
        0 => out.paint(Tone::Good, "all ok"),
        failed => out.paint(Tone::Bad, &format!("{failed} FAILED")),
    };
    let word = if number == 1 { "1 story" } else { &format!("{number} stories") };
    writeln!(out, "{word}: {failed}, {} ms", report.time.as_millis())
}

/// Reads every story; if one has a mistake, tells all mistakes of all of them.
fn read(paths: &[PathBuf]) -> Result<Vec<Story>, Failure> {
    let mut files = Vec::new();
    for path in paths {
        find(path, &mut files).map_err(|error| Failure::file(path, &error))?;
    }
    if files.is_empty() {
        return Err(Failure::Usage("no story found: a story is a .toml file with [[steps]]".into()));
    }
    let (mut stories, mut faults) = (Vec::new(), Vec::<Fault>::new());
    for file in files {
        match Story::read(&file) {
            Ok(story) => stories.push(story),
            Err(found) => faults.extend(found),
        }
    }
    if faults.is_empty() {
        return Ok(stories);
    }
    let places: Vec<String> = faults.iter().map(ToString::to_string).collect();
    let number = count(i64::try_from(places.len()).unwrap_or(i64::MAX), "mistake");
    Err(Failure::Usage(format!("the stories have {number}\n{}", places.join("\n"))))
}

/// A file itself, or the `.toml` files below a folder, in order. A payer folder is no folder of stories.
fn find(path: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    if !path.is_dir() {
        fs::metadata(path)?;
        files.push(path.to_owned());
        return Ok(());
    }
    if path.join("payer.toml").is_file() {
        return Ok(());
    }
    let mut entries: Vec<PathBuf> =
        fs::read_dir(path)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    entries.sort();
    for entry in entries {
        if entry.is_dir() || entry.extension().is_some_and(|extension| extension == "toml") {
            find(&entry, files)?;
        }
    }
    Ok(())
}

//! `import`: official tables, from their publishers' files into a server or a payer folder.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use futures::{Stream, StreamExt, TryStreamExt, stream};
use tokio::io::AsyncReadExt;

use super::output::{Out, byte_bar, count};
use super::target::Target;
use crate::client::messages::typed_to_json;
use crate::client::{Client, Failure};
use crate::payer::folder;
use crate::proto::v1::{ImportReleaseRequest, ImportReleaseResponse, Release, UseReleaseRequest};
use crate::reference::import;
use crate::wire;

const AFTER_HELP: &str = "\
Examples:
  payersim import pprrvu PPRRVU2026_Jul.csv --release RVU26C --from 2026-01-01 --through 2026-12-31
  payersim import ncci-ptp ccipra-v322r0-f*.txt --release v322r0 --from 2026-07-01
  payersim import gpci GPCI2026.csv --from 2026-01-01 --payer my-payer       into a payer folder; no server is asked
  payersim import pprrvu --release RVU26C --sandbox other                    what the server has already
  payersim list release-kinds                                                every kind, with its layouts
Each sandbox uses a release from its clock's date on; a fee schedule uses it where its tables say \"embedded\".
Files of CMS that hold CPT codes are under CMS's and the AMA's licence: they are yours to bring.";

/// Bytes of one message of an upload.
const CHUNK: usize = 256 * 1024;

/// Take in an official table, such as CMS's relative values or NCCI's pairs
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(super) struct Import {
    /// Kind of table, such as pprrvu: see `payersim list release-kinds`
    kind: String,
    /// Its files, in order; none: what the server has already under the name of --release
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The publisher's name for it [default: the first file's name without its ending]
    #[arg(long)]
    release: Option<String>,
    /// For services from this day
    #[arg(long, value_name = "YYYY-MM-DD", required_unless_present = "release")]
    from: Option<String>,
    /// For services through this day; left out: no end
    #[arg(long, value_name = "YYYY-MM-DD")]
    through: Option<String>,
    /// The files are a part of a release only: few rows are no mistake, and a code that they lack may still be good
    #[arg(long)]
    subset: bool,
    /// Only check the files: nothing is kept or changed
    #[arg(long)]
    check: bool,
    /// Write into this payer folder instead of into a server
    #[arg(long, value_name = "DIR", conflicts_with = "check")]
    payer: Option<PathBuf>,
    #[command(flatten)]
    target: Target,
}

impl Import {
    pub async fn run(self) -> Result<(), Failure> {
        let mut out = self.target.out();
        if let Some(folder) = &self.payer {
            let release = folder::add_release(folder, &self.asked(""), &self.files).map_err(|mistakes| {
                mistakes.iter().for_each(|mistake| eprintln!("{mistake}"));
                Failure::Usage(format!("nothing was written: {}", count(as_count(mistakes.len()), "mistake")))
            })?;
            return print(
                &mut out,
                &ImportReleaseResponse { release: Some(release), ..Default::default() },
                "written into the folder",
            );
        }
        let client = self.target.connect().await?;
        if self.files.is_empty() {
            return self.use_known(&client, &mut out).await;
        }
        let answer = self.send(&client).await?;
        let told = match (answer.known, self.check) {
            (true, _) => "the server had it already",
            (_, true) => "checked; nothing was kept",
            _ => "taken in",
        };
        print(&mut out, &answer, told)
    }

    /// The request without bytes.
    fn asked(&self, parent: &str) -> ImportReleaseRequest {
        let stem = self.files.first().and_then(|file| file.file_stem()).map(|stem| stem.to_string_lossy().into_owned());
        ImportReleaseRequest {
            parent: parent.to_owned(),
            kind: self.kind.clone(),
            release: self.release.clone().or(stem).unwrap_or_default(),
            from: self.from.clone().unwrap_or_default(),
            through: self.through.clone().unwrap_or_default(),
            subset: self.subset,
            validate_only: self.check,
            ..Default::default()
        }
    }

    async fn use_known(&self, client: &Client, out: &mut Out) -> Result<(), Failure> {
        let parent = client.sandbox().to_owned();
        let name = wire::references::name(&self.kind, &self.asked("").release);
        let used =
            client.references().use_release(UseReleaseRequest { parent, name: name.clone() }).await?.into_inner();
        if out.json {
            return Ok(out.value(&typed_to_json("UseReleaseResponse", &used))?);
        }
        writeln!(out, "{name} is in use, payer revision {}", used.payer_revision)?;
        Ok(())
    }

    async fn send(&self, client: &Client) -> Result<ImportReleaseResponse, Failure> {
        let asked = self.asked(client.sandbox());
        let mut size = 0;
        for path in &self.files {
            size += tokio::fs::metadata(path).await.map_err(|error| Failure::file(path, &error))?.len();
        }
        let bar = byte_bar(size, "sending");
        // The first fault of a file ends the stream and is told here: half a file must not be taken for a whole one.
        let (failed, failure) = tokio::sync::oneshot::channel();
        let chunks = stream::iter(self.files.clone()).then(chunks_of).try_flatten();
        let named = stream::once(async move { Ok(asked) }).chain(chunks);
        let moving = bar.clone();
        let mut failed = Some(failed);
        let requests = named.filter_map(move |request: Result<ImportReleaseRequest, Failure>| {
            let request = match request {
                Ok(request) => {
                    moving.inc(u64::try_from(request.chunk.len()).unwrap_or(0));
                    Some(request)
                }
                Err(error) => {
                    _ = failed.take().map(|failed| failed.send(error));
                    None
                }
            };
            futures::future::ready(request)
        });
        let mut references = client.references();
        let answer = tokio::select! {
            biased;
            Ok(error) = failure => return Err(error),
            answer = references.import_release(requests) => answer?,
        };
        bar.finish_and_clear();
        Ok(answer.into_inner())
    }
}

/// The bytes of a file, message by message; an empty file is one message all the same.
async fn chunks_of(path: PathBuf) -> Result<impl Stream<Item = Result<ImportReleaseRequest, Failure>>, Failure> {
    let file = tokio::fs::File::open(&path).await.map_err(|error| Failure::file(&path, &error))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok(stream::try_unfold((file, path, name, true), |(mut file, path, name, first)| async move {
        let mut chunk = Vec::with_capacity(CHUNK);
        let limit = u64::try_from(CHUNK).unwrap_or(u64::MAX);
        let read = (&mut file).take(limit).read_to_end(&mut chunk).await;
        if read.map_err(|error| Failure::file(&path, &error))? == 0 && !first {
            return Ok(None);
        }
        let request = ImportReleaseRequest { file: name.clone(), chunk, ..Default::default() };
        Ok(Some((request, (file, path, name, false))))
    }))
}

fn print(out: &mut Out, answer: &ImportReleaseResponse, told: &str) -> Result<(), Failure> {
    if out.json {
        return Ok(out.value(&typed_to_json("ImportReleaseResponse", answer))?);
    }
    let release = answer.release.clone().unwrap_or_default();
    writeln!(out, "{}: {told}", title(&release))?;
    writeln!(out, "  files    {}", release.files.join(", "))?;
    writeln!(out, "  rows     {} taken, {} refused", release.rows, release.rows_refused)?;
    for row in &release.refused {
        writeln!(out, "           {}:{}: {}: {}", row.file, row.line, row.column, row.words)?;
    }
    let told_apart = as_count(release.refused.len());
    if release.rows_refused > told_apart {
        writeln!(out, "           and {} more", release.rows_refused - told_apart)?;
    }
    let through = if release.through.is_empty() { "on".to_owned() } else { format!("through {}", release.through) };
    writeln!(out, "  services from {} {through}", release.from)?;
    writeln!(out, "  sha-256  {}", release.sha256)?;
    for note in &release.notes {
        writeln!(out, "  note     {note}")?;
    }
    if !answer.payer_revision.is_empty() {
        writeln!(out, "  in use   payer revision {}", answer.payer_revision)?;
    }
    Ok(())
}

fn title(release: &Release) -> String {
    let what = import::kind(&release.kind).map_or("", |kind| kind.title);
    format!("{} {} ({what})", release.kind, release.release)
}

fn as_count(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

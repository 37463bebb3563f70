//! `documents`, `document`, `request-records` and `document-requests`: what is sent for claims, and what the payer asks for.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum};
use comfy_table::{Cell, Row};
use futures::stream;

use super::decision::{self, last_part};
use super::output::Out;
use super::target::Target;
use crate::client::messages::typed_to_json;
use crate::client::{Client, Failure};
use crate::proto::v1 as pb;

/// Bytes of a piece.
const PIECE: usize = 1 << 20;
/// Most rows of a list.
const MOST: i32 = 1_000;

/// List documents: of a claim, or all
#[derive(Debug, Args)]
pub(super) struct Documents {
    /// The claim: its control number, or its whole name; all where it is left out
    claim: Option<String>,
    /// Only those whose claim has not come yet
    #[arg(long)]
    unmatched: bool,
    #[command(flatten)]
    target: Target,
}

impl Documents {
    pub async fn run(self) -> Result<(), Failure> {
        let client = self.target.connect().await?;
        let request = pb::ListDocumentsRequest {
            parent: client.sandbox().to_owned(),
            claim: self.claim.map(|claim| client.name("claims", &claim)).unwrap_or_default(),
            unmatched: self.unmatched,
            page_size: MOST,
            ..Default::default()
        };
        let documents = client.documents().list_documents(request).await?.into_inner().documents;
        let mut out = self.target.out();
        if out.json {
            return Ok(documents.iter().try_for_each(|one| out.value(&typed_to_json("Document", one)))?);
        }
        let rows = documents.iter().map(|one| {
            let claim = if one.claim.is_empty() { "not there yet" } else { last_part(&one.claim) };
            Row::from([
                last_part(&one.name),
                claim,
                &one.report_type_code,
                &one.loinc,
                &one.control_number,
                &one.received_date,
                &one.size_bytes.to_string(),
                assessment(one.assessment()),
                &one.file_name,
            ])
        });
        let header = ["document", "claim", "kind", "LOINC", "number", "received", "bytes", "found", "file"];
        Ok(out.table(&header, &["bytes"], rows.collect())?)
    }
}

/// Send a document, fetch one, or say what one is
#[derive(Debug, Subcommand)]
pub(super) enum Document {
    Send(Send),
    Get(Get),
    Assess(Assess),
}

impl Document {
    pub async fn run(self) -> Result<(), Failure> {
        match self {
            Document::Send(command) => command.run().await,
            Document::Get(command) => command.run().await,
            Document::Assess(command) => command.run().await,
        }
    }
}

/// Send a document for a claim, for a request, or under the number that a claim names or will name
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  payersim document send note.pdf --claim 03337259220001 --kind OB
  payersim document send note.pdf --request D03337259220001 --loinc 11504-8
  payersim document send film.pdf --control HEART1 --npi 2000000036")]
pub(super) struct Send {
    /// The file
    file: PathBuf,
    /// The claim: its control number, or its whole name
    #[arg(long, group = "for")]
    claim: Option<String>,
    /// The request that it answers
    #[arg(long, group = "for")]
    request: Option<String>,
    /// The attachment control number (PWK06)
    #[arg(long, group = "for")]
    control: Option<String>,
    /// Who bills, where no claim names the number yet
    #[arg(long, requires = "control")]
    npi: Option<String>,
    /// Kind of report (PWK01), such as OB
    #[arg(long)]
    kind: Option<String>,
    /// LOINC code, such as 11504-8
    #[arg(long)]
    loinc: Option<String>,
    /// Media type
    #[arg(long = "type")]
    media_type: Option<String>,
    /// Who sends it
    #[arg(long, default_value = "provider")]
    sender: String,
    /// What the payer is to find of it when it comes in
    #[arg(long, value_name = "FOUND")]
    found: Option<Found>,
    #[command(flatten)]
    target: Target,
}

/// What a document is found to be.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Found {
    Complete,
    Incomplete,
    NotLegible,
    WrongClaim,
}

impl From<Found> for pb::DocumentAssessment {
    fn from(found: Found) -> pb::DocumentAssessment {
        match found {
            Found::Complete => pb::DocumentAssessment::Complete,
            Found::Incomplete => pb::DocumentAssessment::Incomplete,
            Found::NotLegible => pb::DocumentAssessment::NotLegible,
            Found::WrongClaim => pb::DocumentAssessment::WrongClaim,
        }
    }
}

impl Send {
    pub async fn run(self) -> Result<(), Failure> {
        let content = fs::read(&self.file).map_err(|error| Failure::file(&self.file, &error))?;
        let client = self.target.connect().await?;
        let file_name = self.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let metadata = pb::DocumentMetadata {
            claim: self.claim.map(|claim| client.name("claims", &claim)).unwrap_or_default(),
            document_request: self.request.map(|one| client.name("documentRequests", &one)).unwrap_or_default(),
            control_number: self.control.unwrap_or_default(),
            billing_npi: self.npi.unwrap_or_default(),
            report_type_code: self.kind.unwrap_or_default(),
            loinc: self.loinc.unwrap_or_default(),
            media_type: self.media_type.unwrap_or_else(|| media_type(&self.file).to_owned()),
            file_name,
            sender: self.sender,
            assessed_as: self.found.map_or(pb::DocumentAssessment::Unspecified, Into::into).into(),
            ..Default::default()
        };
        let parent = client.sandbox().to_owned();
        let first = pb::SubmitDocumentRequest { parent, metadata: Some(metadata), chunk: Vec::new() };
        let piece = |chunk: &[u8]| pb::SubmitDocumentRequest { chunk: chunk.to_vec(), ..Default::default() };
        let pieces: Vec<_> = std::iter::once(first).chain(content.chunks(PIECE).map(piece)).collect();
        let answer = client.documents().submit_document(stream::iter(pieces)).await?.into_inner();
        let mut out = self.target.out();
        if out.json {
            return Ok(out.value(&typed_to_json("SubmitDocumentResponse", &answer))?);
        }
        let name = answer.document.as_ref().map_or("", |document| last_part(&document.name));
        writeln!(out, "{name}: {}", answer.words)?;
        shown(&mut out, answer.claim.as_ref())
    }
}

/// Fetch a document's content
#[derive(Debug, Args)]
pub(super) struct Get {
    /// The document: F and its number, or its whole name
    document: String,
    /// Where to write it; the name that it came with where it is left out
    #[arg(short, long)]
    output: Option<PathBuf>,
    #[command(flatten)]
    target: Target,
}

impl Get {
    pub async fn run(self) -> Result<(), Failure> {
        let client = self.target.connect().await?;
        let name = client.name("documents", &self.document);
        let mut pieces = client.documents().download_document(pb::DownloadDocumentRequest { name }).await?.into_inner();
        let (mut content, mut document) = (Vec::new(), pb::Document::default());
        while let Some(piece) = pieces.message().await? {
            content.extend(piece.chunk);
            document = piece.document.unwrap_or(document);
        }
        let given = Path::new(&document.file_name).file_name().map(PathBuf::from);
        let path = self.output.or(given).unwrap_or_else(|| PathBuf::from(last_part(&document.name)));
        fs::write(&path, &content).map_err(|error| Failure::file(&path, &error))?;
        let mut out = self.target.out();
        if out.json {
            return Ok(out.value(&typed_to_json("Document", &document))?);
        }
        Ok(writeln!(out, "wrote {}: {} bytes, SHA-256 {}", path.display(), content.len(), document.sha256)?)
    }
}

/// Say what a document was found to be
#[derive(Debug, Args)]
pub(super) struct Assess {
    /// The document: F and its number, or its whole name
    document: String,
    /// What it is
    found: Found,
    /// Who says so
    #[arg(long, default_value = "reviewer")]
    by: String,
    /// Why
    #[arg(long, default_value = "")]
    because: String,
    #[command(flatten)]
    target: Target,
}

impl Assess {
    pub async fn run(self) -> Result<(), Failure> {
        let client = self.target.connect().await?;
        let request = pb::AssessDocumentRequest {
            name: client.name("documents", &self.document),
            assessment: pb::DocumentAssessment::from(self.found).into(),
            assessed_by: self.by,
            rationale: self.because,
        };
        let answer = client.documents().assess_document(request).await?.into_inner();
        let mut out = self.target.out();
        if out.json {
            return Ok(out.value(&typed_to_json("AssessDocumentResponse", &answer))?);
        }
        writeln!(out, "{}", answer.words)?;
        shown(&mut out, answer.claim.as_ref())
    }
}

/// Ask for records of a claim; it is denied where they do not come in time
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  payersim request-records 03337259220001 --loinc 11504-8 --days 30
  payersim request-records 03337259220001 --kind RR --carc 252 --because \"The picture's report is needed.\"
  payersim request-records 03337259220001 --patient")]
pub(super) struct RequestRecords {
    /// The claim: its control number, or its whole name
    claim: String,
    /// LOINC code of what is asked for; may be given several times
    #[arg(long)]
    loinc: Vec<String>,
    /// Kind of report that will do (PWK01); may be given several times
    #[arg(long)]
    kind: Vec<String>,
    /// The line, from 1; 0 is the claim
    #[arg(long, default_value_t = 0)]
    line: i32,
    /// Ask the patient
    #[arg(long)]
    patient: bool,
    /// Days in which it may come; as the payer's settings say where it is left out
    #[arg(long, default_value_t = 0)]
    days: i32,
    /// Last day on which it may come
    #[arg(long, conflicts_with = "days", value_name = "YYYY-MM-DD")]
    due: Option<String>,
    /// The reason where it does not come: 226 or 252
    #[arg(long)]
    carc: Option<String>,
    /// Why it is asked for
    #[arg(long, default_value = "")]
    because: String,
    /// Who asks
    #[arg(long, default_value = "reviewer")]
    by: String,
    #[command(flatten)]
    target: Target,
}

impl RequestRecords {
    pub async fn run(self) -> Result<(), Failure> {
        let client = self.target.connect().await?;
        let request = pb::CreateDocumentRequestRequest {
            claim: client.name("claims", &self.claim),
            loincs: self.loinc,
            report_types: self.kind,
            line: self.line,
            of_patient: self.patient,
            due_date: self.due.unwrap_or_default(),
            days: self.days,
            carc: self.carc.unwrap_or_default(),
            reason: self.because,
            requested_by: self.by,
            ..Default::default()
        };
        let made = client.documents().create_document_request(request).await?.into_inner();
        let mut out = self.target.out();
        if out.json {
            return Ok(out.value(&typed_to_json("DocumentRequest", &made))?);
        }
        let (id, due) = (last_part(&made.name), &made.due_date);
        writeln!(out, "{id} asks for {} until {due}; then {}", wanted(&made), made.carc)?;
        Ok(writeln!(out, "answer it with: payersim document send FILE --request {id}")?)
    }
}

/// List what the payer asked for
#[derive(Debug, Args)]
pub(super) struct DocumentRequests {
    /// The claim: its control number, or its whole name; all where it is left out
    claim: Option<String>,
    /// Only those that are open
    #[arg(long)]
    open: bool,
    /// Only those due on this day or before
    #[arg(long, value_name = "YYYY-MM-DD")]
    due: Option<String>,
    /// Only those for claims that this NPI bills
    #[arg(long)]
    npi: Option<String>,
    /// Print what is open as X12 instead: a 277 (005010X213) for each provider
    #[arg(long, conflicts_with_all = ["claim", "due", "json"])]
    x12: bool,
    #[command(flatten)]
    target: Target,
}

impl DocumentRequests {
    pub async fn run(self) -> Result<(), Failure> {
        let client = self.target.connect().await?;
        let mut out = self.target.out();
        if self.x12 {
            let request = pb::WriteDocumentRequestsRequest {
                parent: client.sandbox().to_owned(),
                billing_npi: self.npi.unwrap_or_default(),
                ..Default::default()
            };
            let written = client.documents().write_document_requests(request).await?.into_inner().written;
            return Ok(written.iter().try_for_each(|one| writeln!(out, "{}", one.x12))?);
        }
        let requests = self.list(&client).await?;
        if out.json {
            return Ok(requests.iter().try_for_each(|one| out.value(&typed_to_json("DocumentRequest", one)))?);
        }
        let rows = requests.iter().map(|one| {
            let of = if one.of_patient { "patient" } else { one.billing_npi.as_str() };
            Row::from(vec![
                Cell::new(last_part(&one.name)),
                Cell::new(last_part(&one.claim)),
                Cell::new(standing(one.state())),
                Cell::new(of),
                Cell::new(wanted(one)),
                Cell::new(&one.requested_date),
                Cell::new(&one.due_date),
                Cell::new(&one.carc),
                Cell::new(&one.words),
            ])
        });
        let header = ["request", "claim", "state", "asked of", "for", "on", "until", "then", "what came of it"];
        Ok(out.table(&header, &[], rows.collect())?)
    }

    async fn list(self, client: &Client) -> Result<Vec<pb::DocumentRequest>, Failure> {
        let open = if self.open { pb::DocumentRequestState::Open } else { pb::DocumentRequestState::Unspecified };
        let request = pb::ListDocumentRequestsRequest {
            parent: client.sandbox().to_owned(),
            claim: self.claim.map(|claim| client.name("claims", &claim)).unwrap_or_default(),
            state: open.into(),
            due_through: self.due.unwrap_or_default(),
            billing_npi: self.npi.unwrap_or_default(),
            page_size: MOST,
            ..Default::default()
        };
        Ok(client.documents().list_document_requests(request).await?.into_inner().document_requests)
    }
}

/// The claim with its decision, where it is there.
fn shown(out: &mut Out, claim: Option<&pb::Claim>) -> Result<(), Failure> {
    match claim {
        Some(claim) => Ok(decision::print(out, claim)?),
        None => Ok(()),
    }
}

fn wanted(request: &pb::DocumentRequest) -> String {
    let words: Vec<&str> = request.wants.iter().map(|want| want.words.as_str()).collect();
    match (words.is_empty(), request.control_number.is_empty()) {
        (_, false) => request.control_number.clone(),
        (true, true) => "documents".to_owned(),
        (false, true) => words.join(", "),
    }
}

fn assessment(found: pb::DocumentAssessment) -> &'static str {
    match found {
        pb::DocumentAssessment::Unspecified => "",
        pb::DocumentAssessment::Complete => "complete",
        pb::DocumentAssessment::Incomplete => "incomplete",
        pb::DocumentAssessment::NotLegible => "not legible",
        pb::DocumentAssessment::WrongClaim => "wrong claim",
    }
}

fn standing(state: pb::DocumentRequestState) -> &'static str {
    match state {
        pb::DocumentRequestState::Unspecified => "",
        pb::DocumentRequestState::Open => "open",
        pb::DocumentRequestState::Answered => "answered",
        pb::DocumentRequestState::Lapsed => "lapsed",
        pb::DocumentRequestState::Withdrawn => "withdrawn",
    }
}

/// The media type that a file's name tells.
fn media_type(file: &Path) -> &'static str {
    match file.extension().and_then(|extension| extension.to_str()) {
        Some("pdf") => "application/pdf",
        Some("txt") => "text/plain",
        Some("xml") => "application/xml",
        Some("png") => "image/png",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("tif" | "tiff") => "image/tiff",
        _ => "application/octet-stream",
    }
}

//! `submit`: sends claims and prints what became of them, with the money.

use std::collections::{BTreeSet, HashMap};
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use futures::TryStreamExt;
use serde_json::{Value as Json, json};

use super::answers::{self, Place};
use super::output::{Out, Tone, count, spinner};
use super::submission::{self, Submission};
use super::tally::Tally;
use super::target::Target;
use super::{correct, decision, remittances};
use crate::client::messages::typed_to_json;
use crate::client::{Client, Failure};
use crate::proto::v1::{Claim, Interchange, InterchangeState, Remittance, RunPaymentsRequest};

const AFTER_HELP: &str = "\
Examples:
  payersim submit clinic.edi                      send, print each claim, pay; writes clinic.999.edi, clinic.277ca.edi and clinic.835.edi
  payersim submit eligibility.edi                a 270; writes eligibility.271.edi (a 276: .277.edi; a 278: .278.edi)
  payersim submit *.edi --out answers --no-pay    leave the payment to its due date
  payersim recipe --all | payersim submit -       what comes on standard input; writes stdin.835.edi and so on
  payersim submit claim.json --json              a claim in the JSON of ProfessionalClaim or SubmitClaimRequest";

/// More claims than this are summed up instead of printed.
const PRINTED: usize = 50;

/// Send 837P, 837I, 270, 276 or 278 files (or claims in JSON) and print what became of them
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(super) struct Submit {
    /// 837P, 837I, 270, 276 or 278 files; with the ending .json, a claim in proto JSON; - reads X12 from standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Do not pay now; print the due dates instead
    #[arg(long)]
    no_pay: bool,
    /// Print every claim, however many
    #[arg(long)]
    all: bool,
    /// Write the answers into this folder instead of beside each file
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    #[command(flatten)]
    target: Target,
}

impl Submit {
    pub async fn run(self) -> Result<(), Failure> {
        let client = self.target.connect().await?;
        let mut out = self.target.out();
        if let Some(folder) = &self.out {
            std::fs::create_dir_all(folder).map_err(|error| Failure::file(folder, &error))?;
        }
        let mut tally = Tally::default();
        for file in &self.files {
            self.submit(&client, &mut out, file, &mut tally).await?;
        }
        if out.json {
            out.value(&json!({ "totals": tally.to_json() }))?;
        } else if self.tells_totals(&tally) {
            writeln!(out)?;
            tally.print(&mut out)?;
        }
        Ok(())
    }

    /// The totals of all files, unless what was printed of the only one says as much.
    fn tells_totals(&self, tally: &Tally) -> bool {
        let summed_up = !self.all && tally.claims() > i64::try_from(PRINTED).unwrap_or(i64::MAX);
        tally.claims() > 1 && (self.files.len() > 1 || !summed_up)
    }

    /// One file: send, fetch the claims, pay, print, write the answers.
    async fn submit(&self, client: &Client, out: &mut Out, file: &Path, total: &mut Tally) -> Result<(), Failure> {
        // The answers to what came on standard input are stdin.835.edi and so on.
        let of_answers = if submission::is_stdin(file) { Path::new("stdin.edi") } else { file };
        let place = Place::of(of_answers, self.out.as_deref());
        let (interchanges, alone) = match submission::send(client, file).await? {
            Submission::X12(interchanges) => (interchanges, None),
            Submission::Claim(claim) => (Vec::new(), Some(*claim)),
        };
        let waiting = spinner("fetching the answers");
        let mut tally = Tally::default();
        let mut printed = Vec::new();
        let mut take = |claim: Claim| {
            tally.add(&claim);
            total.add(&claim);
            if self.all || out.json || printed.len() <= PRINTED {
                printed.push(claim);
            }
        };
        alone.into_iter().for_each(&mut take);
        for interchange in &interchanges {
            let mut claims = submission::claims_of(client, interchange);
            while let Some(claim) = claims.try_next().await? {
                take(claim);
            }
        }
        let mut written = answers::acknowledgments(client, &interchanges, &place).await?;
        let paid = if self.no_pay { Vec::new() } else { pay(client, &tally).await? };
        name_remittances(&mut printed, &paid);
        let names = tally.remittances.iter().chain(paid.iter().map(|remittance| &remittance.name));
        let names: BTreeSet<&String> = names.collect();
        written.extend(answers::remittances(client, names, &place).await?);
        waiting.finish_and_clear();
        let mut originals = HashMap::new();
        for claim in &printed {
            if let Some(original) = correct::original(client, claim).await? {
                originals.insert(claim.name.clone(), original);
            }
        }
        let report = Report { file, interchanges, claims: printed, originals, tally, paid, written };
        if out.json { report.print_json(out) } else { report.print(out, self.all, self.no_pay) }
    }
}

/// Runs today's payments for the payees of some claims.
async fn pay(client: &Client, tally: &Tally) -> Result<Vec<Remittance>, Failure> {
    if tally.payees.is_empty() {
        return Ok(Vec::new());
    }
    let parent = client.sandbox().to_owned();
    let payee_ids = tally.payees.iter().cloned().collect();
    let request = RunPaymentsRequest { parent, payee_ids, include_not_due: true };
    Ok(client.remittances().run_payments(request).await?.into_inner().remittances)
}

/// Claims were read before they were paid: tells each the remittance that carries it.
fn name_remittances(claims: &mut [Claim], paid: &[Remittance]) {
    let carried =
        paid.iter().flat_map(|remittance| remittance.claims.iter().map(move |claim| (&claim.claim, &remittance.name)));
    let carried: HashMap<&String, &String> = carried.collect();
    for claim in claims {
        if let Some(remittance) = carried.get(&claim.name) {
            claim.remittance.clone_from(remittance);
        }
    }
}

/// What became of one file.
struct Report<'a> {
    file: &'a Path,
    interchanges: Vec<Interchange>,
    claims: Vec<Claim>,
    /// What a claim replaced or voided, by the name of that claim.
    originals: HashMap<String, Claim>,
    tally: Tally,
    paid: Vec<Remittance>,
    written: Vec<PathBuf>,
}

impl Report<'_> {
    fn print(&self, out: &mut Out, all: bool, no_pay: bool) -> Result<(), Failure> {
        let title = out.paint(Tone::Heading, &self.file.display().to_string());
        let inquiries: i64 = self.interchanges.iter().map(|interchange| interchange.inquiries_answered).sum();
        let claims = count(self.tally.claims(), "claim");
        match (inquiries, self.tally.claims()) {
            (0, _) => writeln!(out, "{title}: {claims}")?,
            (_, 0) => writeln!(out, "{title}: {} answered", asked(inquiries))?,
            _ => writeln!(out, "{title}: {claims}, {} answered", asked(inquiries))?,
        }
        for interchange in &self.interchanges {
            print_interchange(out, interchange)?;
        }
        if all || self.claims.len() <= PRINTED {
            for claim in &self.claims {
                writeln!(out)?;
                decision::print(out, claim)?;
                if let Some(original) = self.originals.get(&claim.name) {
                    decision::print(out, original)?;
                }
            }
        } else {
            self.tally.print(out)?;
            self.tally.print_reasons(out)?;
            writeln!(out, "each claim: payersim submit --all, or payersim claims")?;
        }
        writeln!(out)?;
        for remittance in &self.paid {
            writeln!(out, "{}", remittances::in_words(remittance))?;
        }
        if no_pay && !self.tally.due_dates.is_empty() {
            let days: Vec<&str> = self.tally.due_dates.iter().map(String::as_str).collect();
            writeln!(
                out,
                "payment falls due {}; to get there: payersim advance {}",
                days.join(", "),
                days.last().unwrap_or(&"")
            )?;
        }
        for path in &self.written {
            writeln!(out, "wrote {}", path.display())?;
        }
        Ok(())
    }

    fn print_json(&self, out: &mut Out) -> Result<(), Failure> {
        let file = self.file.display().to_string();
        for interchange in &self.interchanges {
            out.value(&json!({ "file": file, "interchange": typed_to_json("Interchange", interchange) }))?;
        }
        for claim in &self.claims {
            out.value(&json!({ "file": file, "claim": typed_to_json("Claim", claim) }))?;
        }
        for remittance in &self.paid {
            out.value(&json!({ "file": file, "remittance": typed_to_json("Remittance", remittance) }))?;
        }
        let written: Vec<Json> = self.written.iter().map(|path| path.display().to_string().into()).collect();
        Ok(out.value(&json!({ "file": file, "written": written }))?)
    }
}

fn asked(inquiries: i64) -> String {
    if inquiries == 1 { "1 inquiry".to_owned() } else { format!("{inquiries} inquiries") }
}

/// Says what was wrong with an interchange, if anything was, and whether it was known.
fn print_interchange(out: &mut Out, interchange: &Interchange) -> Result<(), Failure> {
    let number = &interchange.control_number;
    match interchange.state() {
        InterchangeState::Refused => {
            let refused = out.paint(Tone::Bad, "REFUSED");
            writeln!(out, "interchange {number} {refused} (TA1 {}): {}", interchange.note_code, interchange.words)?;
        }
        _ if interchange.repeated => {
            writeln!(out, "interchange {number} had been sent before; these are the answers of that time")?;
        }
        _ => {}
    }
    if interchange.sets_rejected > 0 {
        let rejected = out.paint(Tone::Bad, "REJECTED");
        writeln!(
            out,
            "interchange {number}: {rejected} {} (999)",
            count(interchange.sets_rejected, "transaction set")
        )?;
    }
    for fault in &interchange.faults {
        writeln!(out, "  {fault}")?;
    }
    if !interchange.failure.is_empty() {
        let failed = out.paint(Tone::Bad, "STOPPED");
        writeln!(out, "interchange {number} {failed} by a failure of the server: {}", interchange.failure)?;
    }
    Ok(())
}

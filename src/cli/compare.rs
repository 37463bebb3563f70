//! `compare`: what would have become of the claims on record under another payer.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use comfy_table::{Cell, Row};
use indicatif::ProgressBar;

use super::claims::Filter;
use super::decision::{last_part, reason, state_name};
use super::output::{Out, count, dollars, part_bar};
use super::target::Target;
use crate::client::Failure;
use crate::client::messages::typed_to_json;
use crate::payer::folder;
use crate::proto::v1;
use v1::compare_claims_response::Part;

/// Decide the claims on record again under another payer folder, and tell what changes
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  payersim compare ./next-year                          the payer in force against a folder
  payersim compare ./next-year --csv changed.csv        every changed line
  payersim compare ./draft --a ./current --carc 50      two folders, over the claims that carry 50

Nothing is kept. Each family's claims are decided in order, each on what the same payer has left so far.")]
pub(super) struct Compare {
    /// Payer folder B
    folder: PathBuf,
    /// Payer folder A; the payer in force in the sandbox where not said
    #[arg(long, value_name = "DIR")]
    a: Option<PathBuf>,
    /// Write every changed line to this file
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
    /// Print at most so many changed claims
    #[arg(long, value_name = "N", default_value_t = 20)]
    most: i32,
    #[command(flatten)]
    filter: Filter,
    #[command(flatten)]
    target: Target,
}

impl Compare {
    pub async fn run(self) -> Result<(), Failure> {
        let load = |path: &PathBuf| folder::load(path).map_err(|mistakes| Failure::mistakes(&mistakes));
        let (a, b) = (self.a.as_ref().map(load).transpose()?, load(&self.folder)?);
        let mut file = self.csv.as_deref().map(Lines::create).transpose()?;
        let client = self.target.connect().await?;
        let most = if file.is_some() { i32::MAX } else { self.most.max(1) };
        let request = v1::CompareClaimsRequest {
            parent: client.sandbox().to_owned(),
            a,
            b: Some(b),
            filter: Some(self.filter.message()),
            most,
            ..Default::default()
        };
        let bar = part_bar(1000, "comparing");
        let mut parts = client.comparisons().compare_claims(request).await?.into_inner();
        let mut out = self.target.out();
        let (mut shown, mut summary) = (Vec::new(), v1::ComparisonSummary::default());
        while let Some(answer) = parts.message().await? {
            match answer.part {
                Some(Part::Progress(progress)) => show(&bar, &progress),
                Some(Part::Claim(claim)) => {
                    if let Some(file) = &mut file {
                        file.write(&claim)?;
                    }
                    if i32::try_from(shown.len()).is_ok_and(|shown| shown < self.most) {
                        shown.push(claim);
                    }
                }
                Some(Part::Summary(last)) => summary = last,
                None => {}
            }
        }
        bar.finish_and_clear();
        if let Some(file) = file {
            file.finish()?;
        }
        if out.json {
            shown.iter().try_for_each(|claim| out.value(&typed_to_json("ChangedClaim", claim)))?;
            return Ok(out.value(&typed_to_json("ComparisonSummary", &summary))?);
        }
        print(&mut out, &shown, &summary)?;
        if let Some(path) = &self.csv {
            writeln!(out, "wrote {}", path.display())?;
        }
        Ok(())
    }
}

fn show(bar: &ProgressBar, progress: &v1::ComparisonProgress) {
    bar.set_position(u64::try_from(progress.per_mille).unwrap_or(0));
    bar.set_message(format!("{}, {} changed", count(progress.claims, "claim"), progress.changed));
}

fn print(out: &mut Out, shown: &[v1::ChangedClaim], summary: &v1::ComparisonSummary) -> Result<(), Failure> {
    let v1::ComparisonSummary { claims, changed_claims, lines, changed_lines, .. } = summary;
    writeln!(
        out,
        "{} compared, {changed_claims} changed; {changed_lines} of {} changed",
        count(*claims, "claim"),
        count(*lines, "line")
    )?;
    if *changed_claims > 0 {
        writeln!(out)?;
        let header = ["claim", "your number", "A", "B", "paid A", "paid B", "difference", "what changes"];
        out.table(&header, &["paid A", "paid B", "difference"], shown.iter().map(claim_row).collect())?;
        let left = changed_claims - i64::try_from(shown.len()).unwrap_or(0);
        if left > 0 {
            writeln!(out, " and {left} more: --csv FILE writes every changed line, --most N prints more")?;
        }
        writeln!(out)?;
        print_states(out, summary)?;
        writeln!(out)?;
        print_reasons(out, summary)?;
        writeln!(out)?;
        print_providers(out, summary)?;
    }
    writeln!(out)?;
    let total = |name: &str, a: i64, b: i64| Row::from([name.to_owned(), dollars(a), dollars(b), dollars(b - a)]);
    let rows = vec![
        total("paid", summary.a_paid_cents, summary.b_paid_cents),
        total("patients owe", summary.a_patient_responsibility_cents, summary.b_patient_responsibility_cents),
    ];
    let left_out = [(summary.rejected_claims, "turned away"), (summary.reversed_claims, "taken back")];
    out.table(&["in all", "under A", "under B", "difference"], &["under A", "under B", "difference"], rows)?;
    for (number, words) in left_out.into_iter().filter(|(number, _)| *number > 0) {
        writeln!(out, "{} {words}, not compared", count(number, "claim"))?;
    }
    Ok(())
}

fn claim_row(claim: &v1::ChangedClaim) -> Row {
    let (a, b) = (claim.a.clone().unwrap_or_default(), claim.b.clone().unwrap_or_default());
    let line = |line: &v1::ChangedLine| {
        let side = |side: &Option<v1::LineDetermination>| side.as_ref().map(reasons).unwrap_or_default();
        format!("{} {}: {} → {}", line.line, line.code, side(&line.a), side(&line.b))
    };
    let mut what: Vec<String> = claim.lines.iter().map(line).collect();
    if let Some((a, b)) = a.account.as_ref().zip(b.account.as_ref()).filter(|(a, b)| a != b) {
        what = vec![format!("the stay: {} → {}", told(&a.adjustments), told(&b.adjustments))];
    }
    if a.pend_reason != b.pend_reason {
        what.push([a.pend_reason.as_str(), b.pend_reason.as_str()].join(" → "));
    }
    Row::from(vec![
        Cell::new(last_part(&claim.claim)),
        Cell::new(&claim.patient_control_number),
        Cell::new(state_name(a.state()).to_lowercase()),
        Cell::new(state_name(b.state()).to_lowercase()),
        Cell::new(dollars(a.paid_cents)),
        Cell::new(dollars(b.paid_cents)),
        Cell::new(dollars(b.paid_cents - a.paid_cents)),
        Cell::new(what.join("\n")),
    ])
}

/// `CO-45 8.90, PR-3 25.00`.
fn reasons(line: &v1::LineDetermination) -> String {
    if line.adjustments.is_empty() { format!("paid {}", dollars(line.paid_cents)) } else { told(&line.adjustments) }
}

fn told(adjustments: &[v1::Adjustment]) -> String {
    let told = |adjustment: &v1::Adjustment| format!("{} {}", reason(adjustment), dollars(adjustment.amount_cents));
    adjustments.iter().map(told).collect::<Vec<_>>().join(", ")
}

fn print_states(out: &mut Out, summary: &v1::ComparisonSummary) -> Result<(), Failure> {
    let row = |state: &v1::ChangedState| {
        let name = |state: v1::ClaimState| state_name(state).to_lowercase();
        let (a, b) = (state.a_paid_cents, state.b_paid_cents);
        let words = format!("{} → {}", name(state.a()), name(state.b()));
        Row::from([words, state.claims.to_string(), dollars(a), dollars(b), dollars(b - a)])
    };
    let header = ["changed claims", "claims", "paid A", "paid B", "difference"];
    let rows = summary.states.iter().map(row).collect();
    Ok(out.table(&header, &["claims", "paid A", "paid B", "difference"], rows)?)
}

fn print_reasons(out: &mut Out, summary: &v1::ComparisonSummary) -> Result<(), Failure> {
    let differs = |reason: &&v1::ComparedReason| (reason.a_lines, reason.a_cents) != (reason.b_lines, reason.b_cents);
    let row = |reason: &v1::ComparedReason| {
        let group = reason.group().as_str_name().trim_start_matches("GROUP_CODE_");
        Row::from([
            format!("{group}-{}", reason.carc),
            reason.step.clone(),
            reason.a_lines.to_string(),
            reason.b_lines.to_string(),
            dollars(reason.a_cents),
            dollars(reason.b_cents),
            dollars(reason.b_cents - reason.a_cents),
        ])
    };
    let header = ["reason", "step", "lines A", "lines B", "dollars A", "dollars B", "difference"];
    let numbers = ["lines A", "lines B", "dollars A", "dollars B", "difference"];
    Ok(out.table(&header, &numbers, summary.reasons.iter().filter(differs).map(row).collect())?)
}

fn print_providers(out: &mut Out, summary: &v1::ComparisonSummary) -> Result<(), Failure> {
    let row = |provider: &v1::ComparedProvider| {
        let (a, b) = (provider.a_paid_cents, provider.b_paid_cents);
        let (claims, changed) = (provider.claims.to_string(), provider.changed_claims.to_string());
        Row::from([provider.billing_npi.clone(), claims, changed, dollars(a), dollars(b), dollars(b - a)])
    };
    let header = ["provider", "claims", "changed", "paid A", "paid B", "difference"];
    let rows = summary.providers.iter().map(row).collect();
    Ok(out.table(&header, &["claims", "changed", "paid A", "paid B", "difference"], rows)?)
}

/// The changed lines as CSV.
struct Lines {
    path: PathBuf,
    csv: csv::Writer<std::fs::File>,
}

/// The columns; amounts in dollars.
const COLUMNS: [&str; 19] = [
    "claim",
    "patient_control_number",
    "member_id",
    "billing_npi",
    "line",
    "code",
    "service_date",
    "charge",
    "a_state",
    "b_state",
    "a_allowed",
    "b_allowed",
    "a_patient",
    "b_patient",
    "a_paid",
    "b_paid",
    "paid_difference",
    "a_reasons",
    "b_reasons",
];

impl Lines {
    fn create(path: &Path) -> Result<Lines, Failure> {
        let file = std::fs::File::create(path).map_err(|error| Failure::file(path, &error))?;
        let mut lines = Lines { path: path.to_owned(), csv: csv::Writer::from_writer(file) };
        lines.row(&COLUMNS.map(str::to_owned))?;
        Ok(lines)
    }

    /// A row for each changed line; one for the whole claim where none is.
    fn write(&mut self, claim: &v1::ChangedClaim) -> Result<(), Failure> {
        let (a, b) = (claim.a.clone().unwrap_or_default(), claim.b.clone().unwrap_or_default());
        let whole = |decided: &v1::ComparedDecision| v1::LineDetermination {
            charge_cents: decided.account.as_ref().map_or(0, |account| account.charge_cents),
            allowed_cents: decided.allowed_cents,
            patient_responsibility_cents: decided.patient_responsibility_cents,
            paid_cents: decided.paid_cents,
            adjustments: decided.account.as_ref().map(|account| account.adjustments.clone()).unwrap_or_default(),
            ..Default::default()
        };
        let all = [v1::ChangedLine { a: Some(whole(&a)), b: Some(whole(&b)), ..Default::default() }];
        let lines = if claim.lines.is_empty() || a.account.is_some() { &all[..] } else { &claim.lines };
        for line in lines {
            let (left, right) = (line.a.clone().unwrap_or_default(), line.b.clone().unwrap_or_default());
            let number = if line.line == 0 { String::new() } else { line.line.to_string() };
            self.row(&[
                last_part(&claim.claim).to_owned(),
                claim.patient_control_number.clone(),
                claim.member_id.clone(),
                claim.billing_npi.clone(),
                number,
                line.code.clone(),
                if line.line == 0 { claim.service_from.clone() } else { line.service_date.clone() },
                dollars(left.charge_cents),
                state_name(a.state()).to_lowercase(),
                state_name(b.state()).to_lowercase(),
                dollars(left.allowed_cents),
                dollars(right.allowed_cents),
                dollars(left.patient_responsibility_cents),
                dollars(right.patient_responsibility_cents),
                dollars(left.paid_cents),
                dollars(right.paid_cents),
                dollars(right.paid_cents - left.paid_cents),
                reasons(&left),
                reasons(&right),
            ])?;
        }
        Ok(())
    }

    fn row(&mut self, fields: &[String]) -> Result<(), Failure> {
        self.csv.write_record(fields).map_err(|error| Failure::Usage(format!("{}: {error}", self.path.display())))
    }

    fn finish(mut self) -> Result<(), Failure> {
        self.csv.flush().map_err(|error| Failure::file(&self.path, &error))
    }
}

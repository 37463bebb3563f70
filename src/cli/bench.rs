//! `bench`: how fast the payer is on this machine.

use std::io::Write;
use std::time::Duration;

use clap::Args;
use comfy_table::Row;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::decision::state_name;
use super::output::{Out, spinner};
use crate::bench::comparison::{self, ComparisonReport};
use crate::bench::pairs::{self, PairsReport};
use crate::bench::policies::{self, PoliciesReport};
use crate::bench::remedies::{self, OfReason, Proof};
use crate::bench::{self, BenchOptions, Report};
use crate::client::Failure;

/// Measure claims a second against an empty gRPC echo of the same claims, in this process but over real sockets
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  payersim bench
  payersim bench --seconds 60 --callers 512 --denial-mix 0.5 --json
  payersim bench --pairs 4500000
  payersim bench --remedies 10000
  payersim bench --compare 200000
  payersim bench --policies 1000")]
pub(super) struct Bench {
    /// Seconds of each measurement
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// Calls under way at one time
    #[arg(long, default_value_t = 64)]
    callers: usize,
    /// Connections that they share
    #[arg(long, default_value_t = 4)]
    connections: usize,
    /// Part of the claims that is made to be denied
    #[arg(long, default_value = "0.2", value_parser = per_mille)]
    denial_mix: u64,
    /// What the claims depend on
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Families that are insured
    #[arg(long, default_value_t = 20_000)]
    families: u64,
    /// Measure instead how NCCI's pairs are read and looked up, with so many made-up ones (a release has 4,500,000)
    #[arg(long, value_name = "ROWS")]
    pairs: Option<u64>,
    /// Prove instead that remedies bring what they promise: so many claims with a realistic mix of denials
    #[arg(long, value_name = "CLAIMS")]
    remedies: Option<u64>,
    /// Measure instead how two payers are compared over so many generated claims
    #[arg(long, value_name = "CLAIMS", conflicts_with = "pairs")]
    compare: Option<u64>,
    /// Measure instead what deciding costs with 0, 10 and so many medical policies
    #[arg(long, value_name = "NUMBER", num_args = 0..=1, default_missing_value = "1000")]
    policies: Option<usize>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

fn per_mille(text: &str) -> Result<u64, String> {
    let fraction: Decimal = text.parse().map_err(|_| "not a number")?;
    let per_mille = (fraction * Decimal::ONE_THOUSAND).trunc().to_u64();
    per_mille.filter(|number| *number <= 1000).ok_or_else(|| "a part lies between 0 and 1".into())
}

impl Bench {
    pub async fn run(self) -> Result<(), Failure> {
        if let Some(rows) = self.pairs {
            return print_pairs(&mut Out::stdout(self.json), &pairs::run(rows, 1_000_000)?);
        }
        if let Some(claims) = self.remedies {
            let waiting = spinner("starting");
            let proof = remedies::run(claims, self.seed, &waiting).await?;
            waiting.finish_and_clear();
            return print_proof(&mut Out::stdout(self.json), &proof);
        }
        let options = BenchOptions {
            duration: Duration::from_secs(self.seconds),
            callers: self.callers,
            connections: self.connections,
            denials_per_mille: self.denial_mix,
            seed: self.seed,
            families: self.families,
        };
        if let Some(number) = self.policies {
            return print_policies(&mut Out::stdout(self.json), &policies::run(&options, &[0, 10, number])?);
        }
        let waiting = spinner("starting");
        if let Some(claims) = self.compare {
            let bar = waiting.clone();
            let run = tokio::task::spawn_blocking(move || comparison::run(claims, options, &bar));
            let report = run.await.map_err(|error| Failure::Broken(error.to_string()))??;
            waiting.finish_and_clear();
            return print_comparison(&mut Out::stdout(self.json), &report);
        }
        let report = bench::run(options, &waiting).await?;
        waiting.finish_and_clear();
        let mut out = Out::stdout(self.json);
        if out.json { Ok(out.value(&report.to_json())?) } else { print(&mut out, &report) }
    }
}

fn print(out: &mut Out, report: &Report) -> Result<(), Failure> {
    let ratio = |(name, ratio): (&str, u64)| Row::from([name.to_owned(), thousandths(ratio)]);
    out.table(&["ratio", "is"], &["is"], report.ratios().into_iter().map(ratio).collect())?;
    writeln!(out)?;
    let milliseconds = |time: Duration| format!("{} ms", thousandths(u64::try_from(time.as_micros()).unwrap_or(0)));
    let rows = report.rows().into_iter().map(|(name, rate, unit, latency)| {
        let [p50, p99] = latency.map_or_else(<[String; 2]>::default, |latency| latency.map(milliseconds));
        Row::from([name.to_owned(), format!("{} {unit}", grouped(rate)), p50, p99])
    });
    out.table(&["measured", "a second", "p50", "p99"], &["a second", "p50", "p99"], rows.collect())?;
    writeln!(out)?;
    let (claims, states) = report.outcomes();
    let states =
        states.into_iter().map(|(state, count)| format!("{} {}", grouped(count), state_name(state).to_lowercase()));
    writeln!(out, "{} claims decided: {}", grouped(claims), states.collect::<Vec<_>>().join(", "))?;
    let [start, serving, end] = report.memory_kib.map(|kib| format!("{} MiB", kib >> 10));
    writeln!(out, "memory: {start} at the start, {serving} with the payer loaded, {end} after all claims")?;
    let processors = std::thread::available_parallelism().map_or(0, usize::from);
    let options = &report.options;
    let (callers, connections, families) = (options.callers, options.connections, grouped(options.families));
    let (seconds, bytes) = (options.duration.as_secs(), grouped(report.unary.answer_bytes()));
    writeln!(
        out,
        "{callers} callers on {connections} connections, {seconds} s each, {families} families, seed {}; load and server share \
         {processors} processors; an answer has {bytes} bytes",
        options.seed
    )?;
    Ok(())
}

fn print_proof(out: &mut Out, proof: &Proof) -> Result<(), Failure> {
    let (denials, with_remedy) = (proof.denials(), proof.with_remedy());
    if out.json {
        let reasons: Vec<_> = proof.reasons.iter().map(|(reason, of)| {
            serde_json::json!({ "reason": reason, "denials": of.denials, "with_remedy": of.with_remedy })
        }).collect();
        let value = serde_json::json!({
            "claims": proof.claims, "denied_claims": proof.denied_claims, "denials": denials, "with_remedy": with_remedy,
            "applied": proof.applied, "exact": proof.exact, "decisions": proof.decisions, "otherwise": proof.otherwise,
            "reasons": reasons,
        });
        return Ok(out.value(&value)?);
    }
    let row =
        |(reason, of): (&String, &OfReason)| Row::from([reason.clone(), grouped(of.denials), grouped(of.with_remedy)]);
    let header = ["reason", "denials", "with a verified remedy"];
    out.table(&header, &["denials", "with a verified remedy"], proof.reasons.iter().map(row).collect())?;
    writeln!(out)?;
    let sums = [proof.claims, proof.denied_claims, denials, with_remedy, proof.applied, proof.exact, proof.decisions];
    let [claims, denied, denials, with_remedy, applied, exact, decisions] = sums.map(grouped);
    writeln!(
        out,
        "{claims} claims, {denied} of them with a denial or turned away; {denials} denials, {with_remedy} with a verified remedy"
    )?;
    writeln!(
        out,
        "{applied} remedies carried out, {exact} paid what was promised, to the cent; {decisions} decisions to find them"
    )?;
    writeln!(
        out,
        "mix after KFF, Claims Denials and Appeals in ACA Marketplace Plans in 2023: 19 percent of claims in network denied"
    )?;
    for words in proof.otherwise.iter().take(20) {
        writeln!(out, "  otherwise: {words}")?;
    }
    if proof.applied == proof.exact {
        Ok(())
    } else {
        Err(Failure::Broken("a remedy paid other than it promised".into()))
    }
}

fn print_policies(out: &mut Out, reports: &[PoliciesReport]) -> Result<(), Failure> {
    if out.json {
        for report in reports {
            let PoliciesReport { policies, claims_per_second, lines_per_second } = report;
            out.value(&serde_json::json!({
                "policies": policies, "claims_per_second": claims_per_second, "lines_per_second": lines_per_second,
            }))?;
        }
        return Ok(());
    }
    let row = |report: &PoliciesReport| {
        let policies = u64::try_from(report.policies).unwrap_or(u64::MAX);
        let rates = [report.claims_per_second, report.lines_per_second].map(grouped);
        Row::from([grouped(policies)].into_iter().chain(rates).collect::<Vec<_>>())
    };
    let header = ["policies", "claims a second", "lines a second"];
    out.table(&header, &header, reports.iter().map(row).collect())?;
    if let [.., few, many] = reports {
        let ratio = thousandths(policies::cost_ratio(many, few));
        writeln!(
            out,
            "with {} policies a claim costs {ratio} of what it does with {}; on one core",
            many.policies, few.policies
        )?;
    }
    Ok(())
}

fn print_pairs(out: &mut Out, report: &PairsReport) -> Result<(), Failure> {
    let PairsReport { rows, file_bytes, import, memory_kib: [before, peak], table_bytes, lookups, looking } = *report;
    let [lookups, active] = lookups;
    let nanoseconds = u64::try_from(looking.as_nanos()).unwrap_or(u64::MAX) / lookups.max(1);
    let bytes_a_row = table_bytes * 1_000 / rows.max(1);
    if out.json {
        let value = serde_json::json!({
            "rows": rows, "file_bytes": file_bytes, "import_ms": u64::try_from(import.as_millis()).unwrap_or(u64::MAX),
            "memory_before_kib": before, "memory_peak_kib": peak, "table_bytes": table_bytes,
            "lookups": lookups, "active": active, "lookup_ns": nanoseconds,
        });
        return Ok(out.value(&value)?);
    }
    let rows_of = |name: &str, value: String| Row::from([name.to_owned(), value]);
    let table = vec![
        rows_of("rows", grouped(rows)),
        rows_of("four files", format!("{} MiB", file_bytes >> 20)),
        rows_of("read in", format!("{} ms", grouped(u64::try_from(import.as_millis()).unwrap_or(u64::MAX)))),
        rows_of("memory before, at most", format!("{} MiB, {} MiB", before >> 10, peak >> 10)),
        rows_of("table", format!("{} MiB, {} bytes a row", table_bytes >> 20, thousandths(bytes_a_row))),
        rows_of("a lookup", format!("{nanoseconds} ns ({} of {} found active)", grouped(active), grouped(lookups))),
    ];
    out.table(&["measured", "is"], &["is"], table)?;
    Ok(())
}

fn print_comparison(out: &mut Out, report: &ComparisonReport) -> Result<(), Failure> {
    let (claims, changed, lines) = (report.summary.claims, report.summary.changed_claims, report.summary.lines);
    let [loaded, compared] = report.memory_kib;
    let (rate, processors) = (report.per_second(), std::thread::available_parallelism().map_or(0, usize::from));
    let milliseconds = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
    let million = 1_000_000_000 / rate.max(1);
    if out.json {
        let value = serde_json::json!({
            "claims": claims, "lines": lines, "changed_claims": changed, "loading_ms": milliseconds(report.loading),
            "comparing_ms": milliseconds(report.comparing), "claims_a_second": rate, "million_ms": million,
            "memory_loaded_kib": loaded, "memory_compared_kib": compared, "processors": processors,
        });
        return Ok(out.value(&value)?);
    }
    let number = |number: i64| grouped(u64::try_from(number).unwrap_or(0));
    let row = |name: &str, value: String| Row::from([name.to_owned(), value]);
    let table = vec![
        row("claims, lines", format!("{}, {}", number(claims), number(lines))),
        row("taken in", format!("{} s", thousandths(milliseconds(report.loading)))),
        row("compared", format!("{} s, each claim decided twice", thousandths(milliseconds(report.comparing)))),
        row("a second", format!("{} claims on {processors} processors", grouped(rate))),
        row("a million claims take", format!("{} s", thousandths(million))),
        row("changed", format!("{} claims, {} lines", number(changed), number(report.summary.changed_lines))),
        row("memory before, after", format!("{} MiB, {} MiB", loaded >> 10, compared >> 10)),
    ];
    Ok(out.table(&["measured", "is"], &["is"], table)?)
}

/// Thousandths as a decimal: `1234` is `1.234`.
fn thousandths(number: u64) -> String {
    format!("{}.{:03}", number / 1000, number % 1000)
}

/// `1234567` is `1,234,567`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().filter_map(|group| std::str::from_utf8(group).ok()).collect();
    groups.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_readable() {
        assert_eq!((grouped(1_234_567).as_str(), grouped(12).as_str()), ("1,234,567", "12"));
        assert_eq!((thousandths(350).as_str(), thousandths(12_005).as_str()), ("0.350", "12.005"));
    }

    #[test]
    fn a_mix_is_a_part_of_one() {
        assert_eq!((per_mille("0.2"), per_mille("1")), (Ok(200), Ok(1000)));
        assert!(per_mille("1.5").is_err() && per_mille("-0.1").is_err() && per_mille("x").is_err());
    }
}

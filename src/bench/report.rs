//! What the bench found: the ratios first, then the figures behind them.

use std::fs;
use std::time::Duration;

use serde_json::{Value as Json, json};

use super::alone::CoreMeasured;
use super::{BenchOptions, Measured};
use crate::proto::v1::ClaimState;

/// Everything that one run measured.
#[derive(Clone, Debug)]
pub struct Report {
    /// What was asked.
    pub options: BenchOptions,
    /// The empty echo.
    pub echo: Measured,
    /// `SubmitClaim`.
    pub unary: Measured,
    /// `SubmitClaims`.
    pub streamed: Measured,
    /// The core alone.
    pub core: CoreMeasured,
    /// The store alone.
    pub store: Measured,
    /// Resident memory at the start, once the payer is served, and after all its claims.
    pub memory_kib: [u64; 3],
}

impl Report {
    /// What was compared, and the ratio in thousandths.
    pub fn ratios(&self) -> [(&'static str, u64); 4] {
        let per_mille = |part: u64, whole: u64| part.saturating_mul(1000) / whole.max(1);
        let echo = self.echo.per_second();
        [
            ("SubmitClaim ÷ echo", per_mille(self.unary.per_second(), echo)),
            ("SubmitClaims ÷ echo", per_mille(self.streamed.per_second(), echo)),
            ("SubmitClaim ÷ store alone", per_mille(self.unary.per_second(), self.store.per_second())),
            ("SubmitClaim ÷ core on one core", per_mille(self.unary.per_second(), self.core.claims_per_second)),
        ]
    }

    /// What was measured, in order: name, things a second, what the things are, median and 99th percentile.
    pub fn rows(&self) -> [(&'static str, u64, &'static str, Option<[Duration; 2]>); 6] {
        [
            ("empty echo", self.echo.per_second(), "claims", Some(quantiles(&self.echo))),
            ("SubmitClaim", self.unary.per_second(), "claims", Some(quantiles(&self.unary))),
            ("SubmitClaims", self.streamed.per_second(), "claims", None),
            ("core alone, one core", self.core.claims_per_second, "claims", None),
            ("", self.core.lines_per_second, "lines", None),
            ("store alone", self.store.per_second(), "commits", Some(quantiles(&self.store))),
        ]
    }

    /// How many claims the payer decided, and how many of them came to each state.
    pub fn outcomes(&self) -> (u64, Vec<(ClaimState, u64)>) {
        let mut states = self.unary.states.clone();
        for (state, count) in &self.streamed.states {
            *states.entry(*state).or_default() += count;
        }
        let named = states.into_iter().map(|(state, count)| (ClaimState::try_from(state).unwrap_or_default(), count));
        (self.unary.count + self.streamed.count, named.collect())
    }

    /// The same for machines.
    pub fn to_json(&self) -> Json {
        let micros = |time: Duration| u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        let rows = self.rows().into_iter().map(|(name, rate, unit, latency)| {
            let [p50, p99] = latency.unwrap_or_default().map(micros);
            json!({ "name": name, "per_second": rate, "unit": unit, "p50_microseconds": p50, "p99_microseconds": p99 })
        });
        let ratios = self.ratios().into_iter().map(|(name, ratio)| (name.to_owned(), ratio.into()));
        let (claims, states) = self.outcomes();
        let states = states.into_iter().map(|(state, count)| (state.as_str_name().to_owned(), count.into()));
        json!({
            "ratios_per_mille": Json::Object(ratios.collect()),
            "measurements": rows.collect::<Json>(),
            "claims": claims, "states": Json::Object(states.collect()),
            "answer_bytes": self.unary.answer_bytes(), "memory_kib": self.memory_kib,
            "seconds": self.options.duration.as_secs(), "callers": self.options.callers,
            "connections": self.options.connections, "families": self.options.families,
            "denials_per_mille": self.options.denials_per_mille, "seed": self.options.seed,
        })
    }
}

fn quantiles(measured: &Measured) -> [Duration; 2] {
    [0.5, 0.99].map(|quantile| Duration::from_micros(measured.latency.value_at_quantile(quantile)))
}

/// Resident memory of this process; 0 where the system does not say.
pub(super) fn resident_kib() -> u64 {
    status_kib("VmRSS:")
}

/// The most memory that this process ever had, in KiB; 0 where the system does not say.
pub(super) fn peak_kib() -> u64 {
    status_kib("VmHWM:")
}

fn status_kib(name: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    line.and_then(|rest| rest.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

//! Parts alone: the core on one core, and the store's committer with records of the same size.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures::future::try_join_all;
use tokio::sync::oneshot;

use super::claims::FAMILY;
use super::load::per_second;
use super::{BenchOptions, ClaimGenerator, Measured};
use crate::adjudication::{ClaimFile, adjudicate};
use crate::client::Failure;
use crate::proto::v1::PayerFolder;
use crate::reference::official_tables::OfficialTables;
use crate::store::{Commit, Committer, SledStore};
use crate::wire;

/// Small records that go with each claim: family head, event, request id, and three indexes.
const SMALL_RECORDS: u8 = 6;

/// Claim files made beforehand, for the core alone.
pub struct Core {
    files: Vec<ClaimFile>,
}

/// What the core alone did on one core.
#[derive(Clone, Copy, Debug, Default)]
pub struct CoreMeasured {
    /// Claims decided a second.
    pub claims_per_second: u64,
    /// Service lines decided a second.
    pub lines_per_second: u64,
}

impl Core {
    /// Makes the files of the first claims of a generator. Each has what its family's earlier claims left: history and accumulators.
    pub fn new(folder: &PayerFolder, generator: &ClaimGenerator, claims: u64) -> Result<Core, Failure> {
        let faults = |violations: Vec<wire::Violation>| Failure::Broken(format!("{violations:?}"));
        let seed = wire::payer_folder::parse(folder, &OfficialTables::default()).map_err(faults)?;
        let payer = Arc::new(seed.revision);
        let (mut files, mut before) = (Vec::new(), HashMap::<u64, ClaimFile>::new());
        for number in 0..claims {
            let claim = wire::claims::parse(&generator.claim(number)).map_err(faults)?;
            let day = claim.lines.iter().map(|line| line.from).max().unwrap_or_default();
            let family = generator.family(number);
            let first = usize::try_from(family).unwrap_or(usize::MAX).saturating_mul(FAMILY);
            let file = before.entry(family).or_insert_with(|| ClaimFile {
                claim: claim.clone(),
                control_number: String::new(),
                received: day,
                processed: day,
                payer: Arc::clone(&payer),
                family: seed.members.iter().skip(first).take(FAMILY).cloned().collect(),
                providers: seed.providers.iter().filter(|known| known.npi == claim.billing_npi).cloned().collect(),
                authorizations: Vec::new(),
                history: Arc::default(),
                accumulators: Arc::default(),
                authorization_uses: Arc::default(),
                documents: Default::default(),
                instruction: None,
            });
            file.claim = claim;
            file.control_number = number.to_string();
            files.push(file.clone());
            let determination = wire::determination::message(&adjudicate(file), &payer);
            std::sync::Arc::make_mut(&mut file.history).extend(wire::determination::history(
                &file.claim,
                &file.control_number,
                &determination,
            ));
            std::sync::Arc::make_mut(&mut file.accumulators)
                .extend(wire::determination::accumulator_entries(&determination));
        }
        Ok(Core { files })
    }

    /// How many of the claims are denied.
    pub fn denied(&self) -> usize {
        self.files.iter().filter(|file| adjudicate(file).is_denied()).count()
    }

    /// Decides them over and over.
    pub fn run(&self, duration: Duration) -> Result<CoreMeasured, Failure> {
        let (mut claims, mut lines) = (0_u64, 0_u64);
        let start = Instant::now();
        while start.elapsed() < duration {
            for file in &self.files {
                let determination = std::hint::black_box(adjudicate(std::hint::black_box(file)));
                claims += 1;
                lines += determination.lines.len() as u64;
            }
        }
        let time = start.elapsed();
        Ok(CoreMeasured { claims_per_second: per_second(claims, time), lines_per_second: per_second(lines, time) })
    }
}

/// Durable commits of a claim-sized record and the small ones that go with it, by so many callers.
pub(super) async fn store(options: &BenchOptions, record_bytes: u64) -> Result<Measured, Failure> {
    let folder = tempfile::Builder::new().prefix("payersim-bench-").tempdir()?;
    let broken = |error: crate::store::StoreError| Failure::Broken(error.to_string());
    let store = SledStore::open(folder.path(), SledStore::DEFAULT_CACHE_BYTES).map_err(broken)?;
    let committer = Arc::new(Committer::start(Arc::new(store)).map_err(broken)?);
    let record = Bytes::from(vec![b'x'; usize::try_from(record_bytes).unwrap_or(0)]);
    let numbers = Arc::new(AtomicU64::new(0));
    let start = Instant::now();
    let deadline = start + options.duration;
    let callers = (0..options.callers.max(1)).map(|_| {
        let (committer, record, numbers) = (Arc::clone(&committer), record.clone(), Arc::clone(&numbers));
        tokio::spawn(async move {
            let mut measured = Measured::new()?;
            while Instant::now() < deadline {
                let commit = commit(numbers.fetch_add(1, Ordering::Relaxed), &record);
                let sent = Instant::now();
                let (told, answer) = oneshot::channel();
                committer.submit(vec![commit], move |answers| _ = told.send(answers));
                let answers = answer.await.map_err(|error| Failure::Broken(error.to_string()))?;
                for made in answers {
                    made.map_err(|error| Failure::Broken(error.to_string()))?;
                }
                measured.answered(sent);
            }
            Ok::<_, Failure>(measured)
        })
    });
    let parts = try_join_all(callers).await.map_err(|error| Failure::Broken(error.to_string()))?;
    let time = start.elapsed();
    Measured::sum(parts.into_iter().collect::<Result<_, _>>()?, time)
}

/// Keys are spread as those of families are.
fn commit(number: u64, record: &Bytes) -> Commit {
    let key = |kind: u8| {
        let spread = number.wrapping_mul(0x9E37_79B9_7F4A_7C15).to_be_bytes();
        [&[kind], spread.as_slice(), &number.to_be_bytes()].concat()
    };
    let small = (1..=SMALL_RECORDS).map(|kind| (key(kind), Some(Bytes::from_static(b"as small as an index"))));
    Commit {
        expected: Vec::new(),
        writes: small.chain([(key(0), Some(record.clone()))]).collect(),
        appends: vec![(b"log".to_vec(), Bytes::from_static(b"as small as a key"))],
    }
}

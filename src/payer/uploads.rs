//! Uploads: the bytes of a file as it comes in, kept in pieces, read again from any place.

use std::collections::BTreeSet;
use std::io;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use bytes::{Bytes, BytesMut};
use sha2::{Digest, Sha256};

use super::{Failure, Payer, records};
use crate::proto::store::v1::{DocumentRecord, InterchangeRecord, ReleaseRecord, SandboxRecord, SnapshotRecord};
use crate::store::keys::{self, Matter, Space};
use crate::store::{Commit, Pair, Read, Store, after};
use crate::x12::segments::Source;

/// Bytes of a piece.
const PIECE: usize = 64 * 1024;
/// Pieces of one commit.
const PIECES_PER_COMMIT: usize = 16;

/// A file that is coming in.
pub struct Upload {
    payer: Arc<Payer>,
    number: u64,
    length: u64,
    pieces: u64,
    waiting: BytesMut,
    limit: u64,
    setting: &'static str,
}

impl Upload {
    /// Begins.
    pub fn begin(payer: &Arc<Payer>) -> Upload {
        Upload::limited(payer, payer.max_interchange_bytes, "--max-interchange-mb")
    }

    /// Begins one of at most so many bytes, which a setting says.
    pub fn limited(payer: &Arc<Payer>, limit: u64, setting: &'static str) -> Upload {
        let number = payer.last_upload.fetch_add(1, Ordering::Relaxed) + 1;
        let (length, pieces, waiting) = (0, 0, BytesMut::new());
        Upload { payer: Arc::clone(payer), number, length, pieces, waiting, limit, setting }
    }

    /// Takes the next bytes.
    pub fn push(&mut self, chunk: &[u8]) -> Result<(), Failure> {
        self.length += u64::try_from(chunk.len()).unwrap_or(u64::MAX);
        let (limit, setting) = (self.limit, self.setting);
        if self.length > limit {
            self.payer.forget_upload(self.number)?;
            let most = if limit < 1 << 20 { format!("{limit} bytes") } else { format!("{} MiB", limit >> 20) };
            let words = format!(
                "the file is larger than the {most} that this server takes: raise {setting}, or split the file"
            );
            return Err(Failure::Limit { words, limit, setting });
        }
        self.waiting.extend_from_slice(chunk);
        if self.waiting.len() >= PIECE * PIECES_PER_COMMIT { self.write(false) } else { Ok(()) }
    }

    /// The whole file is here.
    pub fn finish(mut self) -> Result<StoredFile, Failure> {
        self.write(true)?;
        let store = Arc::clone(&self.payer.store);
        Ok(StoredFile { store, upload: self.number, span: 0..self.length })
    }

    fn write(&mut self, all: bool) -> Result<(), Failure> {
        let mut writes = Vec::new();
        while self.waiting.len() >= PIECE || (all && !self.waiting.is_empty()) {
            let piece = self.waiting.split_to(self.waiting.len().min(PIECE)).freeze();
            writes.push((keys::upload(self.number, self.pieces), Some(piece)));
            self.pieces += 1;
        }
        self.payer.commit_one(Commit { writes, ..Commit::default() })
    }
}

/// A stretch of a file that came in.
#[derive(Clone)]
pub struct StoredFile {
    store: Arc<dyn Store>,
    /// Which upload.
    pub upload: u64,
    /// Which of its bytes.
    pub span: Range<u64>,
}

impl StoredFile {
    /// A stretch of a known upload.
    pub(super) fn at(store: Arc<dyn Store>, upload: u64, span: Range<u64>) -> StoredFile {
        StoredFile { store, upload, span }
    }

    /// A stretch of this one.
    pub fn part(&self, span: &Range<u64>) -> StoredFile {
        let start = self.span.start + span.start;
        let end = (self.span.start + span.end).min(self.span.end);
        StoredFile { store: Arc::clone(&self.store), upload: self.upload, span: start..end }
    }

    /// SHA-256 of its bytes.
    pub fn hash(&self) -> Result<Bytes, Failure> {
        let mut hash = Sha256::new();
        let (mut buffer, mut offset) = (vec![0; PIECE], 0);
        loop {
            let count = self.read_at(offset, &mut buffer).map_err(|error| Failure::Damaged(error.to_string()))?;
            if count == 0 {
                return Ok(Bytes::copy_from_slice(&hash.finalize()));
            }
            hash.update(buffer.get(..count).unwrap_or_default());
            offset += u64::try_from(count).unwrap_or(0);
        }
    }
}

impl Source for StoredFile {
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let piece_bytes = u64::try_from(PIECE).unwrap_or(1);
        let from = self.span.start + offset;
        let wanted = u64::try_from(buffer.len()).unwrap_or(0);
        let to = from.saturating_add(wanted).min(self.span.end);
        if from >= to {
            return Ok(0);
        }
        let pieces = from / piece_bytes..=(to - 1) / piece_bytes;
        let reads: Vec<Read> = pieces.map(|piece| Read::Point(keys::upload(self.upload, piece))).collect();
        let found = self.store.read(&reads).map_err(io::Error::other)?;
        let mut rest = buffer;
        let mut skip = usize::try_from(from % piece_bytes).unwrap_or(0);
        let mut left = usize::try_from(to - from).unwrap_or(0);
        let mut count = 0;
        for pair in found.iter().flatten() {
            let bytes = pair.value.get(skip..).unwrap_or_default();
            let bytes = bytes.get(..left.min(bytes.len())).unwrap_or_default();
            let Some((now, later)) = rest.split_at_mut_checked(bytes.len()) else { break };
            now.copy_from_slice(bytes);
            (rest, skip, left, count) = (later, 0, left - bytes.len(), count + bytes.len());
        }
        if count == 0 { Err(io::Error::other("a piece of the file is missing")) } else { Ok(count) }
    }
}

impl Payer {
    /// Deletes the pieces of an upload that nothing refers to.
    pub(super) fn forget_upload(&self, upload: u64) -> Result<(), Failure> {
        loop {
            let pairs = records::slice(self.store.as_ref(), &keys::upload_prefix(upload), None, PIECES_PER_COMMIT)?;
            if pairs.is_empty() {
                return Ok(());
            }
            let writes = pairs.into_iter().map(|pair| (pair.key, None)).collect();
            self.commit_one(Commit { writes, ..Commit::default() })?;
        }
    }

    /// Deletes uploads up to a number that no interchange or release refers to: their clients hung up, their sandboxes are gone.
    pub(super) fn forget_stray_uploads(&self, last: u64) -> Result<(), Failure> {
        let kept = self.uploads_referred_to()?;
        let mut next = 0;
        loop {
            let (from, to) = (keys::upload_prefix(next), keys::upload_prefix(last.saturating_add(1)));
            let first = records::one(self.store.as_ref(), Read::Range { from, to, reverse: false, limit: 1 })?.pop();
            let Some(number) = first.and_then(|pair| pair.key.get(..9).and_then(keys::number_of)) else {
                return Ok(());
            };
            if !kept.contains(&number) {
                self.forget_upload(number)?;
            }
            next = number + 1;
        }
    }

    fn uploads_referred_to(&self) -> Result<BTreeSet<u64>, Failure> {
        let mut kept = BTreeSet::new();
        let store = self.store.as_ref();
        each(store, &keys::sandbox(""), |pair| {
            add_uploads_of(store, Space(records::decode::<SandboxRecord>(pair)?.space), &mut kept)
        })?;
        each(store, &keys::snapshots(), |pair| {
            add_uploads_of(store, Space(records::decode::<SnapshotRecord>(pair)?.space), &mut kept)
        })?;
        each(store, &keys::releases(), |pair| {
            kept.insert(records::decode::<ReleaseRecord>(pair)?.upload);
            Ok(())
        })?;
        Ok(kept)
    }

    /// Number of the last upload in a store.
    pub(super) fn last_upload_in(store: &dyn Store) -> Result<u64, Failure> {
        let (from, to) = crate::store::prefix(b"u");
        let last = records::one(store, Read::Range { from, to, reverse: true, limit: 1 })?;
        let number = last.first().and_then(|pair| pair.key.get(..9)).and_then(keys::number_of);
        Ok(number.unwrap_or(0))
    }
}

fn add_uploads_of(store: &dyn Store, space: Space, kept: &mut BTreeSet<u64>) -> Result<(), Failure> {
    each(store, &space.interchanges(), |pair| {
        kept.insert(records::decode::<InterchangeRecord>(pair)?.upload);
        Ok(())
    })?;
    each(store, &space.matters(Matter::Document), |pair| {
        let Some((lane, number)) = keys::claim_of(&pair.key) else { return Ok(()) };
        let record: Option<DocumentRecord> = records::get(store, space.matter(Matter::Document, lane, number))?;
        kept.extend(record.map(|record| record.upload));
        Ok(())
    })
}

/// Reads what lies below a prefix, one after another.
fn each(store: &dyn Store, place: &[u8], mut read: impl FnMut(&Pair) -> Result<(), Failure>) -> Result<(), Failure> {
    let mut from = None;
    while let Some(pair) = records::slice(store, place, from.take(), 1)?.pop() {
        read(&pair)?;
        from = Some(after(&pair.key));
    }
    Ok(())
}

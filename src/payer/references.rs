//! References: official tables that were taken in. Their bytes are kept once, in the pieces of an upload; a table is read
//! once, whoever uses it; a sandbox uses a release by naming it in its payer folder.

use std::io;
use std::sync::{Arc, PoisonError};

use sha2::{Digest, Sha256};

use super::in_force::{InForce, hex};
use super::uploads::{StoredFile, Upload};
use super::{Caller, Failure, Payer, records};
use crate::proto::store::v1::ReleaseRecord;
use crate::proto::v1 as pb;
use crate::reference::import::{self, Edition, File, Imported, Kind};
use crate::reference::layout::latin1;
use crate::reference::official_tables::{OfficialTable, OfficialTables};
use crate::store::{Commit, Key, after, keys};
use crate::wire;
use crate::x12::segments::Source;

/// Bytes read from the store at a time.
const BUFFER: usize = 64 * 1024;
/// Bytes of a release that is written out with a payer folder, which travels as one message.
const LARGEST_WRITTEN_OUT: u64 = 16 << 20;
/// Rows that were refused and are told one by one.
const REFUSED_TOLD: usize = 20;

/// A release that is coming in.
pub struct IncomingRelease {
    asked: pb::ImportReleaseRequest,
    upload: Upload,
    hash: Sha256,
    files: Vec<(String, u64)>,
}

impl IncomingRelease {
    /// Begins with the first message, whose bytes are still to be pushed.
    pub fn begin(payer: &Arc<Payer>, first: &pb::ImportReleaseRequest) -> Result<IncomingRelease, Failure> {
        let asked = pb::ImportReleaseRequest { chunk: Default::default(), ..first.clone() };
        payer.sandbox(&Caller::anyone(), &asked.parent)?;
        wire::references::asked(&asked).map_err(|violations| Failure::Violations { violations })?;
        Ok(IncomingRelease { asked, upload: Upload::begin(payer), hash: Sha256::new(), files: Vec::new() })
    }

    /// Takes the next bytes of a file.
    pub fn push(&mut self, file: &str, chunk: &[u8]) -> Result<(), Failure> {
        if file.is_empty() && chunk.is_empty() {
            return Ok(());
        }
        if self.files.last().is_none_or(|(name, _)| name != file) {
            self.files.push((file.to_owned(), 0));
        }
        if let Some((_, length)) = self.files.last_mut() {
            *length += u64::try_from(chunk.len()).unwrap_or(u64::MAX);
        }
        self.hash.update(chunk);
        self.upload.push(chunk)
    }
}

/// The stored bytes of one file of a release, read one after another.
struct Bytes {
    file: StoredFile,
    offset: u64,
}

impl io::Read for Bytes {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read_at(self.offset, buffer)?;
        self.offset += u64::try_from(count).unwrap_or(0);
        Ok(count)
    }
}

impl Payer {
    /// Reads a release whose bytes are all here, keeps it, and puts it into use.
    pub fn import_release(
        &self,
        caller: &Caller,
        incoming: IncomingRelease,
    ) -> Result<pb::ImportReleaseResponse, Failure> {
        let IncomingRelease { asked, upload, hash, files } = incoming;
        let stored = upload.finish()?;
        let answer = self.read_and_keep(caller, &asked, &stored, hex(&hash.finalize()), files);
        if !matches!(&answer, Ok((_, true))) {
            self.forget_upload(stored.upload)?;
        }
        answer.map(|(answer, _)| answer)
    }

    /// The answer, and whether the upload is kept.
    fn read_and_keep(
        &self,
        caller: &Caller,
        asked: &pb::ImportReleaseRequest,
        stored: &StoredFile,
        sha256: String,
        files: Vec<(String, u64)>,
    ) -> Result<(pb::ImportReleaseResponse, bool), Failure> {
        let (kind, edition) =
            wire::references::asked(asked).map_err(|violations| Failure::Violations { violations })?;
        let name = wire::references::name(kind.id, &asked.release);
        if let Some(known) = records::get::<ReleaseRecord>(self.store.as_ref(), keys::release(kind.id, &asked.release))?
        {
            let known = known.release.unwrap_or_default();
            let same = (&known.sha256, &known.from, &known.through, known.subset)
                == (&sha256, &asked.from, &asked.through, asked.subset);
            if !same {
                return Err(Failure::NameTaken(name));
            }
            let payer_revision =
                if asked.validate_only { String::new() } else { self.use_release(caller, &asked.parent, &name)? };
            return Ok((pb::ImportReleaseResponse { release: Some(known), payer_revision, known: true }, false));
        }
        let lengths: Vec<u64> = files.iter().map(|(_, length)| *length).collect();
        let names: Vec<String> = files.into_iter().map(|(name, _)| name).collect();
        let imported = read_release(kind, &edition, stored, &names, &lengths)?;
        let release = pb::Release {
            name: name.clone(),
            kind: kind.id.to_owned(),
            release: asked.release.clone(),
            from: asked.from.clone(),
            through: asked.through.clone(),
            files: names,
            sha256: sha256.clone(),
            bytes: i64::try_from(lengths.iter().sum::<u64>()).unwrap_or(i64::MAX),
            subset: asked.subset,
            ..wire::references::summary(&imported, REFUSED_TOLD)
        };
        if asked.validate_only {
            return Ok((pb::ImportReleaseResponse { release: Some(release), ..Default::default() }, false));
        }
        let record = ReleaseRecord { release: Some(release.clone()), upload: stored.upload, lengths };
        let key = keys::release(kind.id, &asked.release);
        match self.commit_one(Commit {
            expected: vec![(key.clone(), None)],
            writes: vec![(key, Some(records::encode(&record)))],
            appends: vec![],
        }) {
            Err(Failure::Conflict) => return Err(Failure::NameTaken(name)),
            other => other?,
        }
        self.remember(&name, imported.table);
        let payer_revision = self.use_release(caller, &asked.parent, &name)?;
        Ok((pb::ImportReleaseResponse { release: Some(release), payer_revision, known: false }, true))
    }

    /// Puts a release that the server has into use in a sandbox; the revision that uses it.
    pub fn use_release(&self, caller: &Caller, parent: &str, name: &str) -> Result<String, Failure> {
        let sandbox = self.sandbox(caller, parent)?;
        let release = self.release(name)?;
        let mut state = sandbox.write();
        let mut folder = state.in_force.folder.clone();
        folder.references.retain(|other| (&other.kind, &other.release) != (&release.kind, &release.release));
        folder.references.insert(
            0,
            pb::Reference {
                kind: release.kind,
                release: release.release,
                from: release.from,
                through: release.through,
                files: Vec::new(),
                subset: release.subset,
                sha256: release.sha256,
            },
        );
        let in_force = self.adopt(self.read_folder(folder)?)?;
        if state.in_force.hash != in_force.hash {
            self.put_in_force(caller, &sandbox, &mut state, in_force)?;
        }
        Ok(state.in_force.revision.id.clone())
    }

    /// A release by its name.
    pub fn release(&self, name: &str) -> Result<pb::Release, Failure> {
        self.release_record(name)?.release.ok_or_else(|| Failure::Damaged(name.to_owned()))
    }

    fn release_record(&self, name: &str) -> Result<ReleaseRecord, Failure> {
        let unknown = || Failure::Unknown(name.to_owned());
        let (kind, release) = name.strip_prefix("releases/").and_then(|id| id.split_once('.')).ok_or_else(unknown)?;
        records::get(self.store.as_ref(), keys::release(kind, release))?.ok_or_else(unknown)
    }

    /// The releases after a place, by kind and name, with their places; of a sandbox only those that it uses.
    pub fn releases(
        &self,
        caller: &Caller,
        request: &pb::ListReleasesRequest,
        from: Option<Key>,
        limit: usize,
    ) -> Result<Vec<(pb::Release, Key)>, Failure> {
        let used = match request.used_by.as_str() {
            "" => None,
            parent => Some(self.sandbox(caller, parent)?.read().in_force.folder.references.clone()),
        };
        let prefix = if request.kind.is_empty() { keys::releases() } else { keys::releases_of(&request.kind) };
        let mut from = from.map(|key| after(&key));
        let mut found = Vec::new();
        while found.len() < limit {
            let Some(pair) = records::slice(self.store.as_ref(), &prefix, from.take(), 1)?.pop() else { break };
            from = Some(after(&pair.key));
            let release = records::decode::<ReleaseRecord>(&pair)?.release.unwrap_or_default();
            let uses =
                |used: &Vec<pb::Reference>| used.iter().any(|r| r.kind == release.kind && r.sha256 == release.sha256);
            if used.as_ref().is_none_or(uses) {
                found.push((release, pair.key));
            }
        }
        Ok(found)
    }

    /// Reads a folder with the official tables that it names.
    pub(super) fn read_folder(&self, folder: pb::PayerFolder) -> Result<InForce, Failure> {
        let tables = self.official_tables(&folder)?;
        InForce::read(folder, &tables)
    }

    /// Puts the files of the releases that a folder uses into it, so that it can be read elsewhere. Very large ones stay
    /// behind: they are to be taken in there first.
    pub(super) fn write_out_releases(&self, folder: &mut pb::PayerFolder) -> Result<(), Failure> {
        let tables = &mut folder.tables;
        for reference in folder.references.iter_mut().filter(|reference| reference.files.is_empty()) {
            let record = self.release_record(&wire::references::name(&reference.kind, &reference.release))?;
            if record.lengths.iter().sum::<u64>() > LARGEST_WRITTEN_OUT {
                continue;
            }
            let names = record.release.map(|release| release.files).unwrap_or_default();
            let mut start = 0;
            for (name, length) in names.into_iter().zip(record.lengths) {
                let file = StoredFile::at(Arc::clone(&self.store), record.upload, start..start + length);
                start += length;
                let mut bytes = Vec::new();
                let read = io::Read::read_to_end(&mut Bytes { file, offset: 0 }, &mut bytes);
                read.map_err(|error| Failure::Damaged(error.to_string()))?;
                let taken = tables.iter().any(|table| table.file == name);
                let name = if taken { format!("{}-{name}", reference.release) } else { name };
                reference.files.push(name.clone());
                tables.push(pb::TableFile { file: name, text: latin1(&bytes).into_owned() });
            }
            reference.sha256.clear();
        }
        Ok(())
    }

    /// The tables that a folder names and the server has; one that it lacks is for the folder's check to say.
    fn official_tables(&self, folder: &pb::PayerFolder) -> Result<OfficialTables, Failure> {
        let mut tables = OfficialTables::default();
        for reference in folder.references.iter().filter(|reference| reference.files.is_empty()) {
            let name = wire::references::name(&reference.kind, &reference.release);
            if let Some(table) = self.table(&name)? {
                tables.add(&reference.kind, &reference.release, table);
            }
        }
        Ok(tables)
    }

    /// A release's table, from memory or else read again from its bytes.
    fn table(&self, name: &str) -> Result<Option<OfficialTable>, Failure> {
        if let Some(known) = self.tables.lock().unwrap_or_else(PoisonError::into_inner).get(name) {
            return Ok(Some(known.clone()));
        }
        let record = match self.release_record(name) {
            Err(Failure::Unknown(_)) => return Ok(None),
            record => record?,
        };
        let release = record.release.unwrap_or_default();
        let asked = pb::ImportReleaseRequest {
            kind: release.kind,
            release: release.release,
            from: release.from,
            through: release.through,
            subset: release.subset,
            ..Default::default()
        };
        let (kind, edition) =
            wire::references::asked(&asked).map_err(|violations| Failure::Violations { violations })?;
        let stored = StoredFile::at(Arc::clone(&self.store), record.upload, 0..record.lengths.iter().sum());
        let imported = read_release(kind, &edition, &stored, &release.files, &record.lengths)?;
        self.remember(name, imported.table.clone());
        Ok(Some(imported.table))
    }

    fn remember(&self, name: &str, table: OfficialTable) {
        self.tables.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned(), table);
    }
}

/// Reads a release from its stored bytes.
fn read_release(
    kind: &'static Kind,
    edition: &Edition,
    stored: &StoredFile,
    names: &[String],
    lengths: &[u64],
) -> Result<Imported, Failure> {
    let mut start = 0;
    let mut files = Vec::with_capacity(names.len());
    for (name, length) in names.iter().zip(lengths) {
        let file = stored.part(&(start..start + length));
        start += length;
        let bytes = io::BufReader::with_capacity(BUFFER, Bytes { file, offset: 0 });
        files.push(File { name: name.clone(), bytes: Box::new(bytes) });
    }
    import::read(kind, edition, files)
        .map_err(|refusal| Failure::Violations { violations: wire::references::violations(kind, &refusal) })
}

//! The data folder: whose it is now, and which format it has.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};

use super::StoreError;

/// Holds the number of the folder's format, and is locked by the process that has the folder open. Written when all
/// else of a new folder is there: before that, it is empty.
const MARKER: &str = "payersim-format";

/// An open data folder; nobody else has it open.
pub(super) struct Folder {
    path: PathBuf,
    marker: File,
    /// The format of what is in it; none yet in a new one.
    pub(super) format: Option<u32>,
}

impl Folder {
    /// Takes the folder, made new if it is not there, unless its format is above `known`.
    pub(super) fn open(path: &Path, known: u32) -> Result<Self, StoreError> {
        let unusable = |error: io::Error| StoreError::Unusable { path: path.into(), cause: error.to_string() };
        fs::create_dir_all(path).map_err(unusable)?;
        let path = path.canonicalize().map_err(unusable)?;
        let marker = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path.join(MARKER));
        let mut marker = marker.map_err(unusable)?;
        match marker.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(StoreError::InUse { path }),
            Err(TryLockError::Error(error)) => return Err(unusable(error)),
        }
        let mut text = String::new();
        marker.read_to_string(&mut text).map_err(unusable)?;
        match text.trim().parse() {
            Ok(found) if found > known => Err(StoreError::NewerVersion { path, found, known }),
            Ok(found @ 1..) => Ok(Self { path, marker, format: Some(found) }),
            _ if text.is_empty() => Ok(Self { path, marker, format: None }),
            _ => Err(StoreError::Damaged { path, cause: format!("{MARKER} holds {text:?} instead of a number") }),
        }
    }

    /// Where the folder is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Where the engine keeps its files.
    pub(super) fn engine(&self) -> PathBuf {
        self.path.join("sled")
    }

    /// Writes down, durably, that the folder has this format now.
    pub(super) fn set_format(&mut self, format: u32) -> Result<(), StoreError> {
        let written = self
            .marker
            .rewind()
            .and_then(|()| writeln!(self.marker, "{format}"))
            .and_then(|()| self.marker.sync_all())
            .and_then(|()| sync_names(&self.path))
            .and_then(|()| self.path.parent().map_or(Ok(()), sync_names));
        self.format = Some(format);
        written.map_err(|error| StoreError::Unusable { path: self.path.clone(), cause: error.to_string() })
    }
}

/// Makes it durable which files a directory has; syncing a file does not.
pub(super) fn sync_names(directory: &Path) -> io::Result<()> {
    // Only Unix opens directories, and only there it is needed.
    if cfg!(unix) { File::open(directory)?.sync_all() } else { Ok(()) }
}

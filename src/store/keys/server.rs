//! Keys of the server: what lies outside the spaces of sandboxes.

use super::{Key, Space, key};

/// The registry's entry for a sandbox.
pub fn sandbox(id: &str) -> Key {
    key(&[b"r", id.as_bytes()])
}

/// Number of the last space made.
pub fn last_space() -> Key {
    b"n".to_vec()
}

/// A payer folder by content hash.
pub fn payer_folder(hash: &str) -> Key {
    key(&[b"p", hash.as_bytes()])
}

/// The content hash of the payer folder that the server was last started with.
pub fn started_with() -> Key {
    b"o".to_vec()
}

/// A space whose keys are to go.
pub fn garbage(space: Space) -> Key {
    key(&[b"g", &space.0.to_be_bytes()])
}

/// A release of an official table.
pub fn release(kind: &str, release: &str) -> Key {
    key(&[&releases_of(kind), release.as_bytes()])
}

/// All releases of a kind of official table.
pub fn releases_of(kind: &str) -> Key {
    key(&[&releases(), kind.as_bytes(), &[0]])
}

/// All releases of official tables.
pub fn releases() -> Key {
    b"t".to_vec()
}

/// A piece of a file being taken in.
pub fn upload(upload: u64, piece: u64) -> Key {
    key(&[b"u", &upload.to_be_bytes(), &piece.to_be_bytes()])
}

/// All pieces of an upload.
pub fn upload_prefix(upload: u64) -> Key {
    key(&[b"u", &upload.to_be_bytes()])
}

/// An interchange that is not done yet.
pub fn unfinished(space: Space, interchange: u64) -> Key {
    key(&[b"k", &space.0.to_be_bytes(), &interchange.to_be_bytes()])
}

/// All interchanges of a space that are not done yet.
pub fn unfinished_of(space: Space) -> Key {
    key(&[b"k", &space.0.to_be_bytes()])
}

/// A space that is being copied into, and belongs to nobody yet.
pub fn copying(space: Space) -> Key {
    key(&[b"c", &space.0.to_be_bytes()])
}

/// A snapshot of a sandbox.
pub fn snapshot(sandbox: &str, id: &str) -> Key {
    key(&[&snapshots_of(sandbox), id.as_bytes()])
}

/// All snapshots of a sandbox.
pub fn snapshots_of(sandbox: &str) -> Key {
    key(&[b"z", sandbox.as_bytes(), &[0]])
}

/// All snapshots.
pub fn snapshots() -> Key {
    b"z".to_vec()
}

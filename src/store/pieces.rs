//! How a value lies in sled: whole if it is short, in pieces if it is long.
//!
//! sled keeps a page that outgrows 128 KiB in a file of its own under `blobs/`, and never syncs those files: a crash of
//! the machine would take acknowledged records with it. A page has about twenty records, so with none above 4 KiB
//! (and keys of at most 400 bytes) no page grows so far, and everything is in the one log that we sync.

use bytes::Bytes;
use sled::{Batch, IVec};

use super::{END, Key, Value};

/// The longest value, or piece of one, that sled gets.
const PIECE_BYTES: usize = 4096;

/// The first byte of a record that holds its value.
const WHOLE: u8 = 0;
/// The first byte of a record that holds its value's length in bytes, as a big-endian u64.
const IN_PIECES: u8 = 1;

/// Puts a value in place of the record that is there now.
pub(super) fn write(batch: &mut Batch, key: &[u8], value: Option<&Value>, before: Option<&IVec>) {
    let mut pieces = 0;
    match value {
        None => batch.remove(key),
        Some(value) if value.len() <= PIECE_BYTES => batch.insert(key, [&[WHOLE], value.as_ref()].concat()),
        Some(value) => {
            batch.insert(key, [[IN_PIECES].as_slice(), &(value.len() as u64).to_be_bytes()].concat());
            for piece in value.chunks(PIECE_BYTES) {
                batch.insert(piece_key(key, pieces), piece);
                pieces += 1;
            }
        }
    }
    let length_before = before.and_then(|record| length_in_pieces(record)).unwrap_or(0);
    for number in pieces..length_before.div_ceil(PIECE_BYTES as u64) {
        batch.remove(piece_key(key, number));
    }
}

/// The value of a record, or none if a part of it is missing. A short one is not copied.
pub(super) fn value(tree: &sled::Tree, key: &[u8], record: IVec) -> sled::Result<Option<Value>> {
    if record.first() == Some(&WHOLE) {
        return Ok(Some(Bytes::from_owner(record).split_off(1)));
    }
    let Some(length) = length_in_pieces(&record) else { return Ok(None) };
    let mut whole = Vec::new();
    for number in 0..length.div_ceil(PIECE_BYTES as u64) {
        let Some(piece) = tree.get(piece_key(key, number))? else { return Ok(None) };
        whole.extend_from_slice(&piece);
    }
    Ok(Some(whole.into()).filter(|whole: &Value| whole.len() as u64 == length))
}

/// The length of a value that is in pieces.
fn length_in_pieces(record: &[u8]) -> Option<u64> {
    let length = record.strip_prefix(&[IN_PIECES])?;
    Some(u64::from_be_bytes(length.try_into().ok()?))
}

/// Where a piece of a key's value lies: above all keys, and no two keys share one.
fn piece_key(key: &[u8], number: u64) -> Key {
    [&[END], key, &number.to_be_bytes()].concat()
}

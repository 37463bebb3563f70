//! Records: stored messages, read and written whole.

use std::collections::BTreeMap;

use bytes::Bytes;
use prost::Message;

use super::Failure;
use super::correction::Writes;
use crate::store::{Key, Pair, Read, Store};

/// Reads the message at a key.
pub fn get<M: Message + Default>(store: &dyn Store, key: Key) -> Result<Option<M>, Failure> {
    let found = store.read(&[Read::Point(key)])?;
    found.first().and_then(|pairs| pairs.first()).map(decode).transpose()
}

/// Reads the number at a key; 0 where there is none.
pub fn number(store: &dyn Store, key: Key) -> Result<u64, Failure> {
    let found = store.read(&[Read::Point(key)])?;
    Ok(found.first().and_then(|pairs| pairs.first()).map_or(0, |pair| number_in(&pair.value)))
}

/// The number that a value holds.
pub fn number_in(value: &[u8]) -> u64 {
    value.try_into().map_or(0, u64::from_be_bytes)
}

/// A number as a value.
pub fn of_number(number: u64) -> Bytes {
    Bytes::copy_from_slice(&number.to_be_bytes())
}

/// Reads a pair's message.
pub fn decode<M: Message + Default>(pair: &Pair) -> Result<M, Failure> {
    decode_value(&pair.key, pair.value.clone())
}

/// Reads the message that a key's value holds.
pub fn decode_value<M: Message + Default>(key: &[u8], value: Bytes) -> Result<M, Failure> {
    M::decode(value).map_err(|_| Failure::Damaged(key.escape_ascii().to_string()))
}

/// A message as a value.
pub fn encode(message: &impl Message) -> Bytes {
    Bytes::from(message.encode_to_vec())
}

/// One answer to one read.
pub fn one(store: &dyn Store, read: Read) -> Result<Vec<Pair>, Failure> {
    Ok(store.read(&[read])?.pop().unwrap_or_default())
}

/// Every pair below a prefix of which there are few.
pub fn all(store: &dyn Store, prefix: &[u8]) -> Result<Vec<Pair>, Failure> {
    slice(store, prefix, None, usize::MAX)
}

/// At most `limit` pairs below a prefix, from `from` on where given.
pub fn slice(store: &dyn Store, prefix: &[u8], from: Option<Key>, limit: usize) -> Result<Vec<Pair>, Failure> {
    let (first, to) = crate::store::prefix(prefix);
    one(store, Read::Range { from: from.unwrap_or(first), to, reverse: false, limit })
}

/// Every pair below a prefix of which there are few, as it will be once what is staged is written.
pub fn all_over(store: &dyn Store, prefix: &[u8], staged: &Writes) -> Result<Vec<Pair>, Failure> {
    let mut found: BTreeMap<Key, Bytes> = all(store, prefix)?.into_iter().map(|pair| (pair.key, pair.value)).collect();
    for (key, value) in staged.iter().filter(|(key, _)| key.starts_with(prefix)) {
        match value {
            Some(value) => found.insert(key.clone(), value.clone()),
            None => found.remove(key),
        };
    }
    Ok(found.into_iter().map(|(key, value)| Pair { key, value }).collect())
}

/// The message at a key, as it will be once what is staged is written.
pub fn get_over<M: Message + Default>(store: &dyn Store, key: &Key, staged: &Writes) -> Result<Option<M>, Failure> {
    match staged.iter().rev().find(|(written, _)| written == key) {
        Some((_, value)) => value.clone().map(|value| decode_value(key, value)).transpose(),
        None => get(store, key.clone()),
    }
}

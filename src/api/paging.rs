//! Pages: sizes, and tokens that only fit the list that gave them.

use sha2::{Digest, Sha256};

use crate::payer::Failure;
use crate::payer::in_force::hex;

const DEFAULT_PAGE: usize = 50;
const LARGEST_PAGE: usize = 1_000;
/// Hex digits that tell which list a token belongs to.
const MARK: usize = 16;

/// How many to answer with.
pub(super) fn size(asked: i32) -> Result<usize, Failure> {
    match usize::try_from(asked) {
        Ok(0) => Ok(DEFAULT_PAGE),
        Ok(size) => Ok(size.min(LARGEST_PAGE)),
        Err(_) => Err(Failure::field("page_size", format!("{asked} is negative"))),
    }
}

/// The token of the page that starts after a place; `list` is the request without size and token.
pub(super) fn token(list: &str, place: &[u8]) -> String {
    format!("{}{}", mark(list), hex(place))
}

/// The place of a token; `None` for the first page.
pub(super) fn place(list: &str, token: &str) -> Result<Option<Vec<u8>>, Failure> {
    if token.is_empty() {
        return Ok(None);
    }
    let digits = token.strip_prefix(mark(list).as_str()).ok_or(Failure::PageToken)?;
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let byte = |pair: &[u8]| match pair {
        [high, low] => Some(digit(*high)? << 4 | digit(*low)?),
        _ => None,
    };
    digits.as_bytes().chunks(2).map(byte).collect::<Option<Vec<u8>>>().map(Some).ok_or(Failure::PageToken)
}

/// The same for places that are ids.
pub(super) fn id(list: &str, token: &str) -> Result<String, Failure> {
    let place = place(list, token)?.unwrap_or_default();
    String::from_utf8(place).map_err(|_| Failure::PageToken)
}

fn mark(list: &str) -> String {
    hex(&Sha256::digest(list)).chars().take(MARK).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_fits_its_own_list_only() {
        let token = token("claims of A", b"\x00place");
        assert_eq!(place("claims of A", &token).unwrap().unwrap(), b"\x00place");
        assert!(matches!(place("claims of B", &token), Err(Failure::PageToken)));
        for bad in ["garbage\u{e9}", &token[..token.len() - 1], &format!("{token}+1")] {
            assert!(matches!(place("claims of A", bad), Err(Failure::PageToken)), "{bad}");
        }
        assert_eq!(place("claims of A", "").unwrap(), None);
    }

    #[test]
    fn sizes_have_a_default_and_an_end() {
        assert_eq!((size(0).unwrap(), size(7).unwrap(), size(100_000).unwrap()), (50, 7, 1_000));
        assert!(size(-1).is_err());
    }
}

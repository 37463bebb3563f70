//! Names in a copied space: what was stored under one sandbox's name is told under another's.
//!
//! Names are rewritten field by field where the message says that a field is text, and everything else stays byte for byte. Events stay as they are:
//! they tell what happened where it happened, and their chain holds. What they vouch for is the record under the name that their subject has.

use bytes::Bytes;
use prost::encoding::{WireType, decode_key, decode_varint, encode_key, encode_varint};
use prost_reflect::{Kind, MessageDescriptor};

use crate::payer::Failure;
use crate::proto;
use crate::store::keys::Matter;

/// What the claims that came in say is not ours to change.
const AS_SENT: [&str; 2] = ["payersim.v1.ProfessionalClaim", "payersim.v1.InstitutionalClaim"];

/// From which sandbox's name to which.
#[derive(Clone, Debug)]
pub(in crate::payer) struct Renaming {
    from: String,
    to: String,
}

/// What a key of a space holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Content {
    /// A message with names in it.
    Message(&'static str),
    /// A name.
    Name,
    /// Nothing that names the sandbox.
    Nameless,
}

impl Renaming {
    /// From one sandbox to another, by id.
    pub fn new(from: &str, to: &str) -> Renaming {
        Renaming { from: format!("sandboxes/{from}"), to: format!("sandboxes/{to}") }
    }

    /// A value of a space under its new name; `key` is without the space.
    pub fn value(&self, key: &[u8], value: Bytes) -> Result<Bytes, Failure> {
        let named = value.windows(self.from.len()).any(|part| part == self.from.as_bytes());
        match content(key) {
            _ if !named => Ok(value),
            Content::Nameless => Ok(value),
            Content::Name => Ok(self.text(&value).map_or(value, Bytes::from)),
            Content::Message(name) => {
                let damaged = || Failure::Damaged(key.escape_ascii().to_string());
                let message = proto::pool().get_message_by_name(name).ok_or_else(damaged)?;
                let mut renamed = Vec::with_capacity(value.len() + self.to.len());
                self.message(&message, &value, &mut renamed).ok_or_else(damaged)?;
                Ok(renamed.into())
            }
        }
    }

    /// Text that is the sandbox's name, or begins with it.
    fn text(&self, text: &[u8]) -> Option<Vec<u8>> {
        let rest = text.strip_prefix(self.from.as_bytes())?;
        (rest.is_empty() || rest.starts_with(b"/")).then(|| [self.to.as_bytes(), rest].concat())
    }

    /// Copies an encoded message, its names renamed; `None` where it is no such message.
    fn message(&self, message: &MessageDescriptor, mut bytes: &[u8], into: &mut Vec<u8>) -> Option<()> {
        while !bytes.is_empty() {
            let (number, wire_type) = decode_key(&mut bytes).ok()?;
            encode_key(number, wire_type, into);
            match wire_type {
                WireType::Varint => encode_varint(decode_varint(&mut bytes).ok()?, into),
                WireType::ThirtyTwoBit => into.extend_from_slice(bytes.split_off(..4)?),
                WireType::SixtyFourBit => into.extend_from_slice(bytes.split_off(..8)?),
                WireType::LengthDelimited => {
                    let length = usize::try_from(decode_varint(&mut bytes).ok()?).ok()?;
                    let part = bytes.split_off(..length)?;
                    let mut inner = Vec::new();
                    let renamed = match message.get_field(number).map(|field| field.kind()) {
                        Some(Kind::String) => self.text(part),
                        Some(Kind::Message(of)) if !AS_SENT.contains(&of.full_name()) => {
                            self.message(&of, part, &mut inner)?;
                            Some(inner)
                        }
                        _ => None,
                    };
                    let part = renamed.as_deref().unwrap_or(part);
                    encode_varint(u64::try_from(part.len()).ok()?, into);
                    into.extend_from_slice(part);
                }
                WireType::StartGroup | WireType::EndGroup => return None,
            }
        }
        Some(())
    }
}

/// What a key holds, without its space. What is not known here holds no names.
fn content(key: &[u8]) -> Content {
    match key {
        // A family: eight bytes of lane, then what it is.
        [b'f', rest @ ..] => match rest.get(8..) {
            Some([b'c', ..]) => Content::Message("payersim.store.v1.ClaimRecord"),
            Some([b'v', ..]) => Content::Message("payersim.store.v1.ReversalRecord"),
            Some([b'm', kind, ..]) => matter(*kind),
            _ => Content::Nameless,
        },
        [b'w', ..] => Content::Name,
        // A payee: its id, a zero, then what it is.
        [b'y', rest @ ..] => match rest.iter().position(|byte| *byte == 0).and_then(|zero| rest.get(zero + 1)) {
            Some(b'z') => Content::Message("payersim.v1.Remittance"),
            _ => Content::Nameless,
        },
        [b'j', b'h'] => Content::Message("payersim.store.v1.DirectivesRecord"),
        [b'j', b'q', ..] => Content::Message("payersim.store.v1.DirectiveRequest"),
        [b'm', b'm', ..] => Content::Message("payersim.v1.Member"),
        [b'm', b'p', ..] => Content::Message("payersim.v1.Provider"),
        [b'm', b'a', ..] => Content::Message("payersim.v1.Authorization"),
        [b'i', b'n', ..] => Content::Message("payersim.store.v1.InterchangeRecord"),
        _ => Content::Nameless,
    }
}

/// What the record of a matter is.
fn matter(letter: u8) -> Content {
    match Matter::ALL.into_iter().find(|kind| kind.letter() == letter) {
        Some(Matter::Review) => Content::Message("payersim.v1.Review"),
        Some(Matter::Appeal) => Content::Message("payersim.store.v1.AppealRecord"),
        Some(Matter::AuthorizationRequest) => Content::Message("payersim.v1.AuthorizationRequest"),
        Some(Matter::DocumentRequest) => Content::Message("payersim.v1.DocumentRequest"),
        Some(Matter::Document) => Content::Message("payersim.store.v1.DocumentRecord"),
        None => Content::Nameless,
    }
}

#[cfg(test)]
mod tests {
    use prost::Message;

    use super::*;
    use crate::payer::records;
    use crate::proto::store::v1::ClaimRecord;
    use crate::proto::v1 as pb;
    use crate::store::keys::{Lane, Space};

    fn record(sandbox: &str) -> ClaimRecord {
        let professional =
            pb::ProfessionalClaim { patient_control_number: "sandboxes/here/x".to_owned(), ..Default::default() };
        let claim = pb::Claim {
            name: format!("{sandbox}/claims/1"),
            remittance: format!("{sandbox}ly/remittances/1"),
            billed: Some(pb::claim::Billed::Professional(professional)),
            reversals: vec![pb::ClaimReversal { paid_by: format!("{sandbox}/remittances/7"), ..Default::default() }],
            ..Default::default()
        };
        ClaimRecord { claim: Some(claim), span_start: 300, ..Default::default() }
    }

    #[test]
    fn names_are_renamed_and_nothing_else_is() {
        let space = Space(1);
        let key = space.claim(Lane(9), 1);
        let key = key.get(space.prefix().len()..).unwrap();
        let renaming = Renaming::new("here", "there");
        let renamed = renaming.value(key, records::encode(&record("sandboxes/here"))).unwrap();
        let mut expected = record("sandboxes/there");
        expected.claim.as_mut().unwrap().remittance = "sandboxes/herely/remittances/1".to_owned();
        assert_eq!(ClaimRecord::decode(renamed.clone()).unwrap(), expected);
        // Byte for byte as if it had been written there, and back again as it was.
        assert_eq!(renamed, records::encode(&expected));
        let back = Renaming::new("there", "here").value(key, renamed).unwrap();
        assert_eq!(back, records::encode(&record("sandboxes/here")));
    }

    #[test]
    fn every_message_that_is_named_here_is_there() {
        for kind in Matter::ALL {
            if let Content::Message(name) = matter(kind.letter()) {
                assert!(proto::pool().get_message_by_name(name).is_some(), "{name}");
            }
        }
    }

    #[test]
    fn what_is_no_message_is_damaged() {
        let renaming = Renaming::new("here", "there");
        let family = [b"f".as_slice(), &[0; 8], b"c", &[0; 8]].concat();
        assert!(renaming.value(&family, Bytes::from_static(b"\x0b sandboxes/here")).is_err());
        assert_eq!(
            renaming.value(b"w", Bytes::from_static(b"sandboxes/here/remittances/1")).unwrap(),
            "sandboxes/there/remittances/1"
        );
    }
}

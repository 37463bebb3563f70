//! Hash-chained histories, and the log of a sandbox that tells in which order their events were written.

use super::{Key, Lane, Space, key};

/// A history with hashes of its own, each event of which holds the hash of the one before.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Chain {
    /// Of a family.
    Family(Lane),
    /// Of a payee.
    Payee(String),
    /// Of the directory: the event of a version has its number.
    Directory,
    /// Of the directives.
    Directives,
    /// Of the sandbox itself: its clock, its payer.
    Sandbox,
}

impl Chain {
    /// The place of its events in a space, without the space and the number.
    fn place(&self) -> Key {
        match self {
            Chain::Family(lane) => key(&[b"f", &lane.0.to_be_bytes(), b"e"]),
            Chain::Payee(payee) => key(&[b"y", payee.as_bytes(), &[0], b"e"]),
            Chain::Directory => b"me".to_vec(),
            Chain::Directives => b"je".to_vec(),
            Chain::Sandbox => b"c".to_vec(),
        }
    }

    /// Where its events stand.
    pub fn events(&self, space: Space) -> Key {
        space.at(&[&self.place()])
    }

    /// Where one of its events stands.
    pub fn event(&self, space: Space, number: u64) -> Key {
        space.at(&[&self.place(), &number.to_be_bytes()])
    }

    /// How the log refers to one of its events.
    pub fn reference(&self, number: u64) -> Key {
        key(&[&self.place(), &number.to_be_bytes()])
    }

    /// The chain and the number that a reference leads to.
    pub fn of_reference(reference: &[u8]) -> Option<(Chain, u64)> {
        let (place, number) = reference.split_at_checked(reference.len().checked_sub(8)?)?;
        let chain = match place {
            b"me" => Chain::Directory,
            b"je" => Chain::Directives,
            b"c" => Chain::Sandbox,
            [b'f', lane @ .., b'e'] => Chain::Family(Lane(u64::from_be_bytes(lane.try_into().ok()?))),
            [b'y', payee @ .., 0, b'e'] => Chain::Payee(std::str::from_utf8(payee).ok()?.to_owned()),
            _ => return None,
        };
        Some((chain, u64::from_be_bytes(number.try_into().ok()?)))
    }
}

impl Space {
    /// The log of its events, in the order in which they were written; the store numbers them.
    pub fn log(self) -> Key {
        self.at(&[b"z"])
    }

    /// An entry of the log.
    pub fn logged(self, number: u64) -> Key {
        self.at(&[b"z", &number.to_be_bytes()])
    }
}

/// A sandbox's webhook.
pub fn webhook(sandbox: &str, id: &str) -> Key {
    key(&[b"hw", sandbox.as_bytes(), &[0], id.as_bytes()])
}

/// All webhooks.
pub fn webhooks() -> Key {
    b"hw".to_vec()
}

/// What a webhook was sent, by number in the log.
pub fn deliveries(sandbox: &str, id: &str) -> Key {
    key(&[b"hd", sandbox.as_bytes(), &[0], id.as_bytes(), &[0]])
}

/// An event that a webhook was sent.
pub fn delivery(sandbox: &str, id: &str, number: u64) -> Key {
    key(&[&deliveries(sandbox, id), &number.to_be_bytes()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_leads_to_each_chain() {
        let chains = [
            Chain::Family(Lane(42)),
            Chain::Payee("2000000010-690000101".to_owned()),
            Chain::Directory,
            Chain::Directives,
            Chain::Sandbox,
        ];
        for chain in chains {
            assert_eq!(Chain::of_reference(&chain.reference(7)), Some((chain.clone(), 7)));
            assert_eq!(chain.event(Space(3), 7), [Space(3).prefix(), chain.reference(7)].concat());
            assert!(chain.event(Space(3), 7).starts_with(&chain.events(Space(3))));
        }
        for bad in [&b""[..], b"z", b"f1234567e12345678", &[b'q'; 12]] {
            assert_eq!(Chain::of_reference(bad), None);
        }
    }
}

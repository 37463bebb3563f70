//! Matters: what concerns a family besides its claims, and what waits for a day.
//!
//! ```text
//! s {space} k q {done} {priority} {due date} {lane} {number}   review in the queue               empty
//! s {space} k r {request id}                                   request that changed a review     RequestRecord
//! ```

use super::{DUE_DATE, Key, Lane, Space, claim_of, control_number, parse_control_number, to_claim};

/// Kinds of what concerns a family besides its claims, each numbered by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Matter {
    /// Review of a claim that waits.
    Review = b'R' as isize,
    /// Request for documents.
    DocumentRequest = b'D' as isize,
    /// Document that came in.
    Document = b'F' as isize,
    /// Appeal.
    Appeal = b'A' as isize,
    /// Request for an authorization or a referral.
    AuthorizationRequest = b'P' as isize,
}

impl Matter {
    /// Every kind.
    pub const ALL: [Matter; 5] =
        [Matter::Review, Matter::DocumentRequest, Matter::Document, Matter::Appeal, Matter::AuthorizationRequest];

    /// The letter that its ids begin with.
    pub fn letter(self) -> u8 {
        self as u8
    }

    /// Its id: the kind's letter, ten digits of lane, its number in the family.
    pub fn id(self, lane: Lane, number: u64) -> String {
        format!("{}{}", char::from(self.letter()), control_number(lane, number))
    }

    /// Reads an id of the kind.
    pub fn parse(self, id: &str) -> Option<(Lane, u64)> {
        parse_control_number(id.strip_prefix(char::from(self.letter()))?)
    }
}

impl Space {
    /// A request id under which authorization was asked for.
    pub fn authorization_request_id(self, request_id: &str) -> Key {
        self.at(&[b"kp", request_id.as_bytes()])
    }
}

/// A key of a space, without the space.
pub fn without_space(key: &[u8]) -> &[u8] {
    key.get(SPACE..).unwrap_or_default()
}

/// Whether a key is that of a matter of a kind.
pub fn is_matter(key: &[u8], kind: Matter) -> bool {
    matches!(without_space(key), [b'f', rest @ ..] if rest.get(8..10) == Some(&[b'm', kind.letter()]))
}

/// The letter of spaces and a space's number.
const SPACE: usize = 9;

/// What waits for a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waits {
    /// A claim, to be decided.
    Claim(Lane, u64),
    /// A matter, whose deadline it is.
    Matter(Matter, Lane, u64),
}

impl Waits {
    /// The key on its day.
    pub fn on(self, space: Space, date: &str) -> Key {
        match self {
            Waits::Claim(lane, sequence) => to_claim(space.held_until(date), lane, sequence),
            Waits::Matter(kind, lane, number) => {
                let mut key = to_claim(space.held_until(date), lane, number);
                key.push(kind.letter());
                key
            }
        }
    }

    /// What a key of a space leads to.
    pub fn of(key: &[u8], space: Space) -> Option<Waits> {
        let rest = key.strip_prefix(space.held().as_slice())?.get(DUE_DATE..)?;
        let (lane, number) = claim_of(rest.get(..16)?)?;
        match rest.get(16) {
            None => Some(Waits::Claim(lane, number)),
            Some(letter) => {
                let kind = Matter::ALL.into_iter().find(|kind| kind.letter() == *letter)?;
                Some(Waits::Matter(kind, lane, number))
            }
        }
    }
}

impl Space {
    /// The queue of reviews: what waits by priority and due date, behind it what is done.
    pub fn review_queue(self) -> Key {
        self.at(&[b"kq"])
    }

    /// A review's place in the queue.
    pub fn queued(self, done: bool, priority: u8, due: &str, (lane, number): (Lane, u64)) -> Key {
        to_claim(self.at(&[b"kq", &[u8::from(done), priority], due.as_bytes()]), lane, number)
    }

    /// A request that changed a review.
    pub fn review_request(self, request_id: &str) -> Key {
        self.at(&[b"kr", request_id.as_bytes()])
    }

    /// A request that made a matter of a kind.
    pub fn matter_request(self, kind: Matter, request_id: &str) -> Key {
        self.at(&[b"km", &[kind.letter()], request_id.as_bytes()])
    }
}

/// Where documents are found:
///
/// ```text
/// s {space} o d {lane} {sequence} {lane} {number}   document of a claim                                 empty
/// s {space} o r {lane} {sequence} {number}          request for documents of a claim                    empty
/// s {space} o u {number} 0 {npi} 0                  documents under a number whose claim has not come   UnmatchedDocuments
/// s {space} o a {number} 0 {npi} 0                  the last claim that names the number                its control number
/// ```
impl Space {
    /// All documents of a claim.
    pub fn documents_of(self, lane: Lane, sequence: u64) -> Key {
        self.at(&[b"od", &lane.0.to_be_bytes(), &sequence.to_be_bytes()])
    }

    /// All requests for documents of a claim.
    pub fn document_requests_of(self, lane: Lane, sequence: u64) -> Key {
        self.at(&[b"or", &lane.0.to_be_bytes(), &sequence.to_be_bytes()])
    }

    /// A request for documents of a claim.
    pub fn document_request_of(self, lane: Lane, sequence: u64, number: u64) -> Key {
        self.at(&[b"or", &lane.0.to_be_bytes(), &sequence.to_be_bytes(), &number.to_be_bytes()])
    }

    /// The documents under an attachment control number of a provider whose claim has not come yet.
    pub fn unmatched_documents(self, control_number: &str, npi: &str) -> Key {
        self.at(&[b"ou", control_number.as_bytes(), &[0], npi.as_bytes(), &[0]])
    }

    /// The last claim of a provider that names an attachment control number.
    pub fn claim_of_attachment(self, control_number: &str, npi: &str) -> Key {
        self.at(&[b"oa", control_number.as_bytes(), &[0], npi.as_bytes(), &[0]])
    }

    /// The claims of any provider that name an attachment control number.
    pub fn claims_of_attachment(self, control_number: &str) -> Key {
        self.at(&[b"oa", control_number.as_bytes(), &[0]])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waits_for_a_day_is_found_by_its_key_and_a_matter_by_its_id() {
        let (space, lane) = (Space(7), Lane(42));
        let matters = Matter::ALL.map(|kind| Waits::Matter(kind, lane, 3));
        for waits in matters.into_iter().chain([Waits::Claim(lane, 3)]) {
            let key = waits.on(space, "2026-07-15");
            assert_eq!(Waits::of(&key, space), Some(waits));
            assert!(key < waits.on(space, "2026-07-16"));
        }
        assert_eq!(Matter::Appeal.id(lane, 3), "A00000000420003");
        assert_eq!(Matter::Appeal.parse("A00000000420003"), Some((lane, 3)));
        assert_eq!(Matter::Appeal.parse("R00000000420003"), None);
        let document = space.matter(Matter::Document, lane, 3);
        assert!(is_matter(&document, Matter::Document) && !is_matter(&document, Matter::Review));
        assert!(!is_matter(&space.claim(lane, 3), Matter::Document));
    }
}

//! Every key layout of the store.
//!
//! ```text
//! r {sandbox id}                                sandbox                          SandboxRecord
//! n                                             number of the last space made    8 bytes
//! p {content hash}                              payer folder                     PayerFolder
//! o                                             folder of the last start         its content hash
//! g {space}                                     space whose keys are to go       empty
//! c {space}                                     space that is being copied into  empty
//! z {sandbox id} 0 {snapshot id}                snapshot                         SnapshotRecord
//! s {space} f {lane} h                          family's head                    FamilyHead
//! s {space} f {lane} c {sequence}               claim                            ClaimRecord
//! s {space} f {lane} e {number}                 family's event                   Event
//! s {space} f {lane} v {sequence} {number}      reversal of a claim              ReversalRecord
//! s {space} f {lane} m {kind} {number}          matter of the family             a record of the kind
//! s {space} k {kind} {lane} {number}            matter of a kind                 empty
//! s {space} q {request id}                      request                          RequestRecord
//! s {space} x p {patient control number} 0 {lane} {sequence}                     index, empty
//! s {space} x n {billing NPI} {service date} {lane} {sequence}                   index, empty
//! s {space} d {payee} 0 {due date} {lane} {sequence}                             due decision, empty
//! s {space} d {payee} 0 {due date} {lane} {sequence} {kind} {number}             what else is due, DueItem
//! s {space} w {lane} {sequence}                 claim's remittance               its name
//! s {space} w {lane} {sequence} {kind} {number} reversal's, recoupment's         its name
//! s {space} l                                   number of the last check         8 bytes
//! s {space} y {payee} 0 h                       payee's head                     PayeeHead
//! s {space} y {payee} 0 z {sequence}            remittance                       Remittance
//! s {space} y {payee} 0 e {number}              payee's event                    Event
//! s {space} h {date} {lane} {sequence}          claim to be decided on a day     empty
//! s {space} h {date} {lane} {number} {kind}     matter whose deadline is a day   empty
//! s {space} j h                                 directives                       DirectivesRecord
//! s {space} j e {number}                        event of the directives          Event
//! s {space} j q {request id}                    request that made a directive    DirectiveRequest
//! s {space} c {number}                          event of the sandbox             Event
//! s {space} z {number}                          log of all events                the event's key without its space
//! s {space} m e {directory version}             event of the directory           Event
//! s {space} m                                   directory's head                 8 bytes
//! s {space} m {kind} {id} 0 {directory version} directory record                 Member, Provider, Authorization
//! s {space} b {subscriber id} 0 {member id}     family of a changed member       empty
//! s {space} a {member id} 0 {number}            authorizations of a member       empty
//! s {space} i h                                 number of the last interchange   8 bytes
//! s {space} i n {number}                        interchange                      InterchangeRecord
//! s {space} i c {sender} 0 {receiver} 0 {control number} 0 {number}              index, empty
//! s {space} i k {number} {kind} {piece}         answer to an interchange         text
//! k {space} {number}                            interchange not done yet         sandbox id
//! t {kind} 0 {release}                          release of an official table     ReleaseRecord
//! h w {sandbox id} 0 {webhook id}               webhook                          WebhookRecord
//! h d {sandbox id} 0 {webhook id} 0 {number}    event that a webhook was sent    Delivery
//! u {upload} {piece}                            bytes of a file that came in     bytes
//! ```
//! A space belongs to one sandbox between two resets; numbers are big-endian, so that keys sort by number. `0` is a zero byte.

mod chain;
mod matter;
mod server;

pub use chain::{Chain, deliveries, delivery, webhook, webhooks};
pub use matter::{Matter, Waits, is_matter, without_space};
pub use server::{
    copying, garbage, last_space, payer_folder, release, releases, releases_of, sandbox, snapshot, snapshots,
    snapshots_of, started_with, unfinished, unfinished_of, upload, upload_prefix,
};

use super::Key;

/// A sandbox's part of the key space, another after each reset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Space(pub u64);

/// A family's lane: its place among all families, from the seed and the subscriber's number. At most [`LANES`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lane(pub u64);

/// Lanes are ten digits of a control number. Two families may share one; then they share its revision, nothing else.
pub const LANES: u64 = 10_000_000_000;

/// Longest text part of a key; longer ids are refused where they come in.
pub const MAX_ID_BYTES: usize = 128;

fn key(parts: &[&[u8]]) -> Key {
    parts.concat()
}

/// Kinds of directory records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Member.
    Member = b'm' as isize,
    /// Provider.
    Provider = b'p' as isize,
    /// Authorization.
    Authorization = b'a' as isize,
}

impl Space {
    /// All keys of the space.
    pub fn prefix(self) -> Key {
        self.at(&[])
    }

    fn at(self, parts: &[&[u8]]) -> Key {
        let mut key = Key::with_capacity(64);
        key.push(b's');
        key.extend_from_slice(&self.0.to_be_bytes());
        parts.iter().for_each(|part| key.extend_from_slice(part));
        key
    }

    fn family(self, lane: Lane, parts: &[&[u8]]) -> Key {
        let mut key = self.at(&[b"f", &lane.0.to_be_bytes()]);
        parts.iter().for_each(|part| key.extend_from_slice(part));
        key
    }

    /// A family's head.
    pub fn family_head(self, lane: Lane) -> Key {
        self.family(lane, &[b"h"])
    }

    /// A claim.
    pub fn claim(self, lane: Lane, sequence: u64) -> Key {
        self.family(lane, &[b"c", &sequence.to_be_bytes()])
    }

    /// All claims of a family.
    pub fn claims_of_family(self, lane: Lane) -> Key {
        self.family(lane, &[b"c"])
    }

    /// All that is a family's.
    pub fn records_of_family(self, lane: Lane) -> Key {
        self.family(lane, &[])
    }

    /// All families.
    pub fn families(self) -> Key {
        self.at(&[b"f"])
    }

    /// A reversal of a claim.
    pub fn reversal(self, lane: Lane, sequence: u64, number: u64) -> Key {
        self.family(lane, &[b"v", &sequence.to_be_bytes(), &number.to_be_bytes()])
    }

    /// All reversals of a claim.
    pub fn reversals_of(self, lane: Lane, sequence: u64) -> Key {
        self.family(lane, &[b"v", &sequence.to_be_bytes()])
    }

    /// All reversals of a family.
    pub fn reversals_of_family(self, lane: Lane) -> Key {
        self.family(lane, &[b"v"])
    }

    /// A matter of a family.
    pub fn matter(self, kind: Matter, lane: Lane, number: u64) -> Key {
        self.family(lane, &[&[b'm', kind.letter()], &number.to_be_bytes()])
    }

    /// All matters of a kind of a family.
    pub fn matters_of_family(self, kind: Matter, lane: Lane) -> Key {
        self.family(lane, &[&[b'm', kind.letter()]])
    }

    /// All matters of a kind, each leading to its lane and number as to a claim.
    pub fn matters(self, kind: Matter) -> Key {
        self.at(&[b"k", &[kind.letter()]])
    }

    /// A request that was made.
    pub fn request(self, request_id: &str) -> Key {
        self.at(&[b"q", request_id.as_bytes()])
    }

    /// The claims with a patient control number.
    pub fn by_patient_control_number(self, number: &str) -> Key {
        self.at(&[b"xp", number.as_bytes(), &[0]])
    }

    /// The claims billed under an NPI, by service date.
    pub fn by_billing_npi(self, npi: &str) -> Key {
        self.at(&[b"xn", npi.as_bytes()])
    }

    /// The claims billed under an NPI for a service date.
    pub fn by_billing_npi_and_date(self, npi: &str, service_date: &str) -> Key {
        self.at(&[b"xn", npi.as_bytes(), service_date.as_bytes()])
    }

    /// What is due, by payee.
    pub fn due(self) -> Key {
        self.at(&[b"d"])
    }

    /// What is due to a payee, by date.
    pub fn due_to(self, payee: &str) -> Key {
        self.at(&[b"d", payee.as_bytes(), &[0]])
    }

    /// What is due to a payee on a day.
    pub fn due_to_on(self, payee: &str, date: &str) -> Key {
        self.at(&[b"d", payee.as_bytes(), &[0], date.as_bytes()])
    }

    /// The remittance that carried a claim.
    pub fn remittance_of_claim(self, lane: Lane, sequence: u64) -> Key {
        self.at(&[b"w", &lane.0.to_be_bytes(), &sequence.to_be_bytes()])
    }

    /// The remittance that carried what came later of a claim.
    pub fn remittance_of_later(self, lane: Lane, sequence: u64, later: Later) -> Key {
        later.after(self.remittance_of_claim(lane, sequence))
    }

    /// Number of the last check.
    pub fn last_check(self) -> Key {
        self.at(&[b"l"])
    }

    /// All payees.
    pub fn payees(self) -> Key {
        self.at(&[b"y"])
    }

    /// A payee's head.
    pub fn payee_head(self, payee: &str) -> Key {
        self.at(&[b"y", payee.as_bytes(), &[0], b"h"])
    }

    /// A payee's remittance.
    pub fn remittance(self, payee: &str, sequence: u64) -> Key {
        self.at(&[b"y", payee.as_bytes(), &[0], b"z", &sequence.to_be_bytes()])
    }

    /// All remittances of a payee.
    pub fn remittances_of(self, payee: &str) -> Key {
        self.at(&[b"y", payee.as_bytes(), &[0], b"z"])
    }

    /// The directives.
    pub fn directives(self) -> Key {
        self.at(&[b"jh"])
    }

    /// A request that made a directive.
    pub fn directive_request(self, request_id: &str) -> Key {
        self.at(&[b"jq", request_id.as_bytes()])
    }

    /// What waits for a day, by day: see [`Waits`].
    pub fn held(self) -> Key {
        self.at(&[b"h"])
    }

    /// What waits for a day.
    pub fn held_until(self, date: &str) -> Key {
        self.at(&[b"h", date.as_bytes()])
    }

    /// The directory's head: its version.
    pub fn directory_head(self) -> Key {
        self.at(&[b"m"])
    }

    /// A directory record as of a version.
    pub fn record(self, kind: Kind, id: &str, version: u64) -> Key {
        self.at(&[b"m", &[kind as u8], id.as_bytes(), &[0], &version.to_be_bytes()])
    }

    /// All versions of a directory record.
    pub fn record_versions(self, kind: Kind, id: &str) -> Key {
        self.at(&[b"m", &[kind as u8], id.as_bytes(), &[0]])
    }

    /// All records of a kind.
    pub fn records(self, kind: Kind) -> Key {
        self.at(&[b"m", &[kind as u8]])
    }

    /// The changed members of a family.
    pub fn members_of(self, subscriber_id: &str) -> Key {
        self.at(&[b"b", subscriber_id.as_bytes(), &[0]])
    }

    /// The changed authorizations of a member.
    pub fn authorizations_of(self, member_id: &str) -> Key {
        self.at(&[b"a", member_id.as_bytes(), &[0]])
    }

    /// Number of the last interchange.
    pub fn last_interchange(self) -> Key {
        self.at(&[b"ih"])
    }

    /// An interchange.
    pub fn interchange(self, number: u64) -> Key {
        self.at(&[b"in", &number.to_be_bytes()])
    }

    /// All interchanges.
    pub fn interchanges(self) -> Key {
        self.at(&[b"in"])
    }

    /// The interchanges that came under a control number, between the same two.
    pub fn by_interchange_control(self, sender: &str, receiver: &str, control_number: &str) -> Key {
        self.at(&[b"ic", sender.as_bytes(), &[0], receiver.as_bytes(), &[0], control_number.as_bytes(), &[0]])
    }

    /// A piece of an answer to an interchange.
    pub fn answer(self, interchange: u64, kind: u8, piece: u64) -> Key {
        self.at(&[b"ik", &interchange.to_be_bytes(), &[kind], &piece.to_be_bytes()])
    }

    /// All pieces of the answers of a kind.
    pub fn answers(self, interchange: u64, kind: u8) -> Key {
        self.at(&[b"ik", &interchange.to_be_bytes(), &[kind]])
    }
}

/// What is due, or was carried, besides a claim's first decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Later {
    /// A reversal, with the decision made in its place, by number in the family.
    Reversal(u64),
    /// The deferred recoupment of a reversal, by number in the family.
    Recoupment(u64),
    /// A release of what was withheld, by number among the payee's events.
    Release(u64),
}

impl Later {
    /// The key of the claim, or of its due day, and then this.
    pub fn after(self, mut place: Key) -> Key {
        let (kind, number) = match self {
            Later::Reversal(number) => (b'r', number),
            Later::Recoupment(number) => (b's', number),
            Later::Release(number) => (b't', number),
        };
        place.push(kind);
        place.extend_from_slice(&number.to_be_bytes());
        place
    }
}

/// Lane of what is due to a payee and concerns no claim; behind all families.
pub const NO_FAMILY: Lane = Lane(u64::MAX);

/// The claim that a due key is about; `place` is where the payee's due keys begin.
pub fn due_of(key: &[u8], place: &[u8]) -> Option<(Lane, u64)> {
    let rest = key.strip_prefix(place)?.get(DUE_DATE..)?;
    claim_of(rest.get(..16)?)
}

/// The day that a due key stands on.
pub fn due_day<'a>(key: &'a [u8], place: &[u8]) -> Option<&'a str> {
    std::str::from_utf8(key.strip_prefix(place)?.get(..DUE_DATE)?).ok()
}

/// A due key moved to another day.
pub fn due_moved(key: &[u8], place: &[u8], date: &str) -> Option<Key> {
    let rest = key.strip_prefix(place)?.get(DUE_DATE..)?;
    Some([place, date.as_bytes(), rest].concat())
}

/// `YYYY-MM-DD`.
const DUE_DATE: usize = 10;

/// An index key: the entry's place, then the claim it leads to.
pub fn to_claim(mut place: Key, lane: Lane, sequence: u64) -> Key {
    place.extend_from_slice(&lane.0.to_be_bytes());
    place.extend_from_slice(&sequence.to_be_bytes());
    place
}

/// The claim that an index key leads to.
pub fn claim_of(index_key: &[u8]) -> Option<(Lane, u64)> {
    let tail = index_key.len().checked_sub(16).and_then(|at| index_key.get(at..))?;
    let (lane, sequence) = tail.split_at_checked(8)?;
    Some((Lane(u64::from_be_bytes(lane.try_into().ok()?)), u64::from_be_bytes(sequence.try_into().ok()?)))
}

/// The number at the end of a key.
pub fn number_of(key: &[u8]) -> Option<u64> {
    let tail = key.len().checked_sub(8).and_then(|at| key.get(at..))?;
    Some(u64::from_be_bytes(tail.try_into().ok()?))
}

/// A control number: ten digits of lane, then the sequence in it.
pub fn control_number(lane: Lane, sequence: u64) -> String {
    format!("{:010}{sequence:04}", lane.0)
}

/// Reads a control number.
pub fn parse_control_number(text: &str) -> Option<(Lane, u64)> {
    let (lane, sequence) = text.split_at_checked(10)?;
    let digits = |t: &str| (!t.is_empty() && t.bytes().all(|b| b.is_ascii_digit())).then(|| t.parse().ok()).flatten();
    let (lane, sequence) = (Lane(digits(lane)?), digits(sequence)?);
    (control_number(lane, sequence) == text).then_some((lane, sequence))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_control_number_reads_back_and_no_other_text_does() {
        for (lane, sequence) in [(0, 1), (4_829_137_700, 9_999), (LANES - 1, 123_456)] {
            assert_eq!(parse_control_number(&control_number(Lane(lane), sequence)), Some((Lane(lane), sequence)));
        }
        for text in ["", "1234567890", "12345678901", "000000000x0001", "00000000000000012"] {
            assert_eq!(parse_control_number(text), None, "{text}");
        }
    }

    #[test]
    fn an_index_key_leads_back_to_its_claim() {
        let key = to_claim(Space(7).by_patient_control_number("A\u{1}"), Lane(42), 3);
        assert_eq!(claim_of(&key), Some((Lane(42), 3)));
        assert_eq!(claim_of(b"short"), None);
    }

    #[test]
    fn what_is_due_leads_to_its_claim_and_keeps_it_on_another_day() {
        let (place, day) = (Space(7).due_to("P"), Space(7).due_to_on("P", "2026-07-15"));
        let first = to_claim(day, Lane(42), 3);
        for key in [first.clone(), Later::Reversal(9).after(first.clone()), Later::Recoupment(9).after(first)] {
            assert_eq!(due_of(&key, &place), Some((Lane(42), 3)));
            let moved = due_moved(&key, &place, "2026-07-16").unwrap();
            assert!(moved > key && moved.len() == key.len() && due_of(&moved, &place) == Some((Lane(42), 3)));
        }
        assert_eq!(due_of(b"short", &place), None);
    }

    #[test]
    fn no_key_of_one_space_begins_like_another_space() {
        assert!(Space(1).claim(Lane(1), 1).starts_with(&Space(1).prefix()));
        assert!(!Space(256).claim(Lane(1), 1).starts_with(&Space(1).prefix()));
    }
}

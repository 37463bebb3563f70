//! Reviews: a claim that waits for a person is put into a queue, with a day by which somebody decides it.
//!
//! A review is opened in the commit that leaves its claim waiting, and done in the commit that decides it: there is never a claim that waits
//! for a person without one. Each change is one event.

mod assign;
mod carry_out;
mod deadline;
mod decide;
mod metrics;
mod queue;
mod records;
mod sign_off;

use bytes::Bytes;
use sha2::{Digest, Sha256};

use super::claims::split_name;
use super::entry::{Draft, Entry};
use super::{Failure, Payer, Sandbox, State, documents, records as stored};
use crate::domain::dates::{Date, parse_iso, plus_days};
use crate::proto::store::v1::{OpenReview, RequestRecord};
use crate::proto::v1 as pb;
use crate::store::Key;
use crate::store::keys::{self, Lane, MAX_ID_BYTES, Matter, Space, Waits};
use crate::wire;
use pb::ReviewState as At;

const COLLECTION: &str = "reviews";
/// Who acts where nobody does.
const CLOCK: &str = "clock";
const PAYER: &str = "payer";

/// Whether somebody is still to do something.
fn waits(review: &pb::Review) -> bool {
    !matches!(review.state(), At::Decided | At::Closed)
}

/// Whether the clock comes back to it; to one that waits for records, their request does.
fn wakes(review: &pb::Review) -> bool {
    waits(review) && review.state() != At::AwaitingRecords
}

/// The lane and number in a review's name.
fn place(name: &str) -> Result<(&str, (Lane, u64)), Failure> {
    let unknown = || Failure::Unknown(name.to_owned());
    let (parent, id) = split_name(name, COLLECTION).ok_or_else(unknown)?;
    Ok((parent, Matter::Review.parse(id).ok_or_else(unknown)?))
}

/// The last part of a review's name.
fn id(review: &pb::Review) -> &str {
    review.name.rsplit('/').next().unwrap_or_default()
}

/// The name of a review at a place.
fn name_of(sandbox: &Sandbox, (lane, number): (Lane, u64)) -> String {
    format!("{}/{COLLECTION}/{}", sandbox.name(), Matter::Review.id(lane, number))
}

/// The lane and sequence of a review's claim.
fn claim_place(review: &pb::Review) -> Result<(Lane, u64), Failure> {
    let number = review.claim.rsplit('/').next().unwrap_or_default();
    keys::parse_control_number(number).ok_or_else(|| Failure::Damaged(review.name.clone()))
}

/// The day on which the clock comes back to it: the due date has passed.
fn wakes_on(review: &pb::Review) -> String {
    parse_iso(&review.due_date).map_or_else(String::new, |due| plus_days(due, 1).to_string())
}

fn queued(space: Space, review: &pb::Review, place: (Lane, u64)) -> Key {
    let priority = u8::try_from(review.priority).unwrap_or_default();
    space.queued(!waits(review), priority, &review.due_date, place)
}

/// An entry in a review's history.
struct Done<'a> {
    by: &'a str,
    action: &'a str,
    words: String,
    rationale: &'a str,
    authority: &'a str,
}

impl<'a> Done<'a> {
    fn new(by: &'a str, action: &'a str, words: impl Into<String>) -> Done<'a> {
        Done { by, action, words: words.into(), rationale: "", authority: "" }
    }

    fn because(self, rationale: &'a str, authority: &'a str) -> Done<'a> {
        Done { rationale, authority, ..self }
    }

    fn at(self, draft: &Draft<'_>) -> pb::ReviewEntry {
        pb::ReviewEntry {
            time: draft.payer.now(draft.state).to_string(),
            by: self.by.to_owned(),
            action: self.action.to_owned(),
            words: self.words,
            rationale: self.rationale.trim().to_owned(),
            authority: self.authority.trim().to_owned(),
        }
    }
}

/// After a decision: opens the review of a claim that waits for a person, goes on with the one that is open, or closes it.
pub(super) fn reconcile(draft: &mut Draft<'_>, sequence: u64, claim: &pb::Claim) -> Result<(), Failure> {
    let waits = claim.state() == pb::ClaimState::Pended;
    // What waits for documents only waits for no person.
    let for_documents =
        |decision: &pb::Determination| !decision.awaited_documents.is_empty() && grounds(decision).is_empty();
    let waiting = claim.determination.as_ref().filter(|decision| waits && !for_documents(decision));
    let is_its = |open: &&OpenReview| open.sequence == sequence;
    let open = draft.family.head.open_reviews.iter().find(is_its).map(|open| open.number);
    if let (Some(number), Some(decision), true) = (open, &claim.determination, waits)
        && let Some(review) = on_record(draft, number)?
        && review.state() == At::AwaitingRecords
        && records::are_awaited(&review, decision)
    {
        return Ok(());
    }
    match (open, waiting) {
        (None, None) => {}
        (None, Some(determination)) => begin(draft, sequence, claim, determination),
        (Some(number), Some(determination)) => go_on(draft, (sequence, number), determination)?,
        (Some(_), None) if waits => close(draft, sequence, "the claim waits for documents only")?,
        (Some(_), None) => close(draft, sequence, "the claim was decided")?,
    }
    Ok(())
}

/// A claim that was decided again and waits on has the review that it had.
fn go_on(
    draft: &mut Draft<'_>,
    (sequence, number): (u64, u64),
    determination: &pb::Determination,
) -> Result<(), Failure> {
    let Some(before) = on_record(draft, number)? else { return Ok(()) };
    let pend_reason = determination.pend_reason.clone();
    let mut after = pb::Review { grounds: grounds(determination), pend_reason: pend_reason.clone(), ..before.clone() };
    let mut done = ("decided-again", format!("the claim was decided again and waits on: {pend_reason}"));
    if before.state() == At::AwaitingRecords {
        done = records::back(draft, sequence, &before)?;
        after.state = if before.assignee.is_empty() { At::Open.into() } else { At::Assigned.into() };
        after.due_date = draft.payer.review_due_anew(draft.state, &before).to_string();
    }
    after.history.push(Done::new(PAYER, done.0, done.1).at(draft));
    keep(draft, number, Some(&before), &after, "continue-review");
    Ok(())
}

/// Opens the review of a claim that waits for a person.
fn begin(draft: &mut Draft<'_>, sequence: u64, claim: &pb::Claim, determination: &pb::Determination) {
    let reason = determination.pend_reason.as_str();
    let number = draft.next(Matter::Review);
    let (today, terms) = (draft.payer.today(draft.state), &draft.state.in_force.revision.reviews);
    let received = parse_iso(&claim.received_date).unwrap_or(today);
    let (due, priority) = (terms.due(reason, received, today), terms.priority(reason));
    let sandbox = split_name(&claim.name, "claims").map_or("", |(parent, _)| parent);
    let mut review = pb::Review {
        name: format!("{sandbox}/{COLLECTION}/{}", Matter::Review.id(draft.lane, number)),
        claim: claim.name.clone(),
        pend_reason: reason.to_owned(),
        grounds: grounds(determination),
        priority: wire::reviews::priority_message(priority).into(),
        opened_date: today.to_string(),
        due_date: due.to_string(),
        state: At::Open.into(),
        charge_cents: determination.charge_cents,
        received_date: received.to_string(),
        ..Default::default()
    };
    review.history.push(Done::new(PAYER, "opened", format!("the claim waits: {reason}")).at(draft));
    draft.family.head.open_reviews.push(OpenReview { sequence, number });
    keep(draft, number, None, &review, "open-review");
}

/// What pended a claim, but for documents that it waits for.
fn grounds(determination: &pb::Determination) -> Vec<pb::ReviewGround> {
    let pended = determination.steps.iter().filter(|step| step.outcome() == pb::StepOutcome::Pended);
    let ground = |step: &pb::Step| pb::ReviewGround {
        step: step.id.clone(),
        line: step.line,
        words: step.words.clone(),
        policy_id: step.policy_id.clone(),
        authority: step.authority.clone(),
    };
    pended.filter(|step| !documents::awaits(determination, step)).map(ground).collect()
}

/// Closes the open review of a claim, if there is one.
pub(super) fn close(draft: &mut Draft<'_>, sequence: u64, why: &str) -> Result<(), Failure> {
    let Some(number) = take_out(draft, sequence) else { return Ok(()) };
    let Some(before) = on_record(draft, number)? else { return Ok(()) };
    let mut after = pb::Review { state: At::Closed.into(), ..before.clone() };
    after.history.push(Done::new(PAYER, "closed", why).at(draft));
    keep(draft, number, Some(&before), &after, "close-review");
    Ok(())
}

/// A review as it stands, or as what is staged will leave it.
fn on_record(draft: &Draft<'_>, number: u64) -> Result<Option<pb::Review>, Failure> {
    let key = draft.space().matter(Matter::Review, draft.lane, number);
    match draft.writes.iter().rfind(|(written, _)| *written == key) {
        Some((_, value)) => value.clone().map(|value| stored::decode_value(&key, value)).transpose(),
        None => stored::get(draft.payer.store.as_ref(), key),
    }
}

/// The number of a claim's open review, which the family's head counts no longer.
fn take_out(draft: &mut Draft<'_>, sequence: u64) -> Option<u64> {
    let open = &mut draft.family.head.open_reviews;
    let at = open.iter().position(|review| review.sequence == sequence)?;
    Some(open.remove(at).number)
}

/// Writes a review as it stands now, with its place in the queue and the day on which the clock comes back to it.
fn keep(draft: &mut Draft<'_>, number: u64, before: Option<&pb::Review>, after: &pb::Review, cause: &str) {
    let (space, place) = (draft.space(), (draft.lane, number));
    let what = Waits::Matter(Matter::Review, draft.lane, number);
    if let Some(before) = before {
        if wakes(before) {
            draft.rest(&wakes_on(before), what);
        }
        draft.write(queued(space, before, place), None);
    }
    draft.put(Matter::Review, number, after);
    draft.write(queued(space, after, place), Some(Bytes::new()));
    if wakes(after) {
        draft.wake(&wakes_on(after), what);
    }
    draft.log(cause, &after.name, &stored::encode(after));
}

/// A request that changes a review.
struct Asked<'a> {
    id: &'a str,
    hash: Bytes,
}

impl<'a> Asked<'a> {
    fn new(id: &'a str, request: &impl prost::Message) -> Result<Asked<'a>, Failure> {
        if id.len() > MAX_ID_BYTES || id.chars().any(char::is_control) {
            return Err(Failure::field("request_id", format!("at most {MAX_ID_BYTES} visible characters")));
        }
        Ok(Asked { id, hash: Bytes::from(Sha256::digest(request.encode_to_vec()).to_vec()) })
    }

    /// The review that the same request changed before.
    fn answered(&self, payer: &Payer, state: &State) -> Result<Option<pb::Review>, Failure> {
        if self.id.is_empty() {
            return Ok(None);
        }
        let store = payer.store.as_ref();
        let Some(before) = stored::get::<RequestRecord>(store, state.space().review_request(self.id))? else {
            return Ok(None);
        };
        let review = payer.review_at(state, (Lane(before.lane), before.sequence))?;
        if before.request_hash == self.hash {
            return Ok(review);
        }
        let claim = review.unwrap_or_default().name;
        Err(Failure::RequestIdReused { request_id: self.id.to_owned(), claim })
    }

    /// Keeps it beside what it changes.
    fn keep(&self, entry: &mut Entry<'_>, number: u64) {
        if self.id.is_empty() {
            return;
        }
        let key = entry.space().review_request(self.id);
        let used = RequestRecord { lane: entry.lane.0, sequence: number, request_hash: self.hash.clone() };
        entry.expect(key.clone(), None);
        entry.write(key, Some(stored::encode(&used)));
    }
}

impl Payer {
    /// A review by its place.
    fn review_at(&self, state: &State, (lane, number): (Lane, u64)) -> Result<Option<pb::Review>, Failure> {
        stored::get(self.store.as_ref(), state.space().matter(Matter::Review, lane, number))
    }

    /// The day by which a review that is given back to the queue is due.
    fn review_due_anew(&self, state: &State, review: &pb::Review) -> Date {
        let today = self.today(state);
        let received = parse_iso(&review.received_date).unwrap_or(today);
        state.in_force.revision.reviews.due(&review.pend_reason, received, today)
    }
}

/// A failure that says how a review stands.
fn refuse<T>(review: &pb::Review, words: impl Into<String>) -> Result<T, Failure> {
    Err(Failure::ReviewState { name: review.name.clone(), words: words.into() })
}

/// A review that is done says so.
fn still_waits(review: &pb::Review) -> Result<(), Failure> {
    match review.state() {
        At::Decided => refuse(review, format!("was decided on {} by {}", review.decided_date, review.decided_by)),
        At::Closed => refuse(review, "is closed: its claim waits no longer"),
        _ => Ok(()),
    }
}

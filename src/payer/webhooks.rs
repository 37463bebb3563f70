//! Webhooks on record, and what is to be sent to them. Sending is for the door; it tells here what came of it. All of this goes by the clock
//! of the machine, and none of it reaches a decision or an X12 file.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use jiff::tz::TimeZone;

use super::claims::split_name;
use super::entry::attempts;
use super::wakes::{Wake, Wakes};
use super::{Caller, Failure, Payer, events, records};
use crate::proto::store::v1::WebhookRecord;
use crate::proto::v1 as pb;
use crate::store::keys;
use crate::store::{Commit, Key, Read, prefix};

const COLLECTION: &str = "webhooks";
const SECRET: &str = "whsec_";
const MAX_ID: usize = 63;
const MAX_URL: usize = 2_000;
/// Webhooks of a sandbox.
const MOST: usize = 20;
/// Deliveries that are kept of each.
const KEPT: usize = 200;
/// Entries of the log looked at in one read.
const SLICE: usize = 200;
/// Seconds until the first repetition; each further one takes twice as long.
const FIRST_DELAY: i64 = 5;
const LONGEST_DELAY: i64 = 6 * 3_600;
/// Seconds without anything taken, after which a webhook is disabled.
const GIVE_UP_AFTER: i64 = 5 * 24 * 3_600;
/// The status by which an endpoint says that it wants no more.
const GONE: i32 = 410;

/// An event that is to be sent now.
#[derive(Clone, Debug)]
pub struct Work {
    /// The webhook's name.
    pub webhook: String,
    /// Where to.
    pub url: String,
    /// Key of the signature.
    pub secret: Bytes,
    /// Tells the message from all others.
    pub id: String,
    /// What to send.
    pub event: pb::Event,
    /// Number in the log.
    place: u64,
    space: u64,
    /// It was asked for once more.
    again: bool,
}

/// What an endpoint answered: a status, or why there was none.
pub type Answer = Result<u16, String>;

/// A webhook as it stands.
struct Kept {
    sandbox: String,
    id: String,
    key: Key,
    stored: Bytes,
    record: WebhookRecord,
}

impl Payer {
    /// Seconds since 1970, by the clock outside.
    pub fn wall_seconds(&self) -> i64 {
        TimeZone::UTC.to_timestamp(self.wall.now()).map_or(0, |now| now.as_second())
    }

    /// Has something called whenever there may be something to send.
    pub fn wait_for_work(&self, call: impl Fn() + Send + Sync + 'static) -> Wake {
        Wakes::wait_for_all(&self.wakes, call)
    }

    /// Says that there may be something to send.
    pub fn nudge(&self) {
        self.wakes.nudge();
    }

    /// Makes a webhook; the answer holds its secret.
    pub fn create_webhook(&self, caller: &Caller, request: pb::CreateWebhookRequest) -> Result<pb::Webhook, Failure> {
        let sandbox = self.sandbox(caller, &request.parent)?;
        let asked = request.webhook.ok_or_else(|| Failure::field("webhook", "is missing"))?;
        check(&asked)?;
        let secret = secret(&asked.secret)?;
        let known = records::all(self.store.as_ref(), &keys::webhook(&sandbox.id, ""))?.len();
        if known >= MOST {
            return Err(Failure::field(
                "parent",
                format!("a sandbox has at most {MOST} webhooks: take one away first"),
            ));
        }
        let id = if request.webhook_id.is_empty() { format!("webhook-{}", known + 1) } else { request.webhook_id };
        let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        if id.len() > MAX_ID || !id.bytes().all(fits) {
            let words = format!("{id:?}: lower-case letters, digits and hyphens, at most {MAX_ID}");
            return Err(Failure::field("webhook_id", words));
        }
        let selection = self.select_events(caller, &sandbox.name(), None)?;
        let webhook = pb::Webhook {
            name: format!("{}/{COLLECTION}/{id}", sandbox.name()),
            url: asked.url,
            causes: asked.causes,
            disabled: asked.disabled,
            simulated: true,
            ..Default::default()
        };
        let record = WebhookRecord {
            webhook: Some(webhook.clone()),
            secret: secret.clone().into(),
            space: selection.space.0,
            position: self.last_logged(&selection)?,
            ..Default::default()
        };
        let key = keys::webhook(&sandbox.id, &id);
        let writes = vec![(key.clone(), Some(records::encode(&record)))];
        match self.commit_one(Commit { expected: vec![(key, None)], writes, ..Commit::default() }) {
            Err(Failure::Conflict) => Err(Failure::NameTaken(webhook.name)),
            Err(other) => Err(other),
            Ok(()) => Ok(pb::Webhook { secret: format!("{SECRET}{}", STANDARD.encode(secret)), ..webhook }),
        }
    }

    /// A webhook by its name.
    pub fn webhook(&self, caller: &Caller, name: &str) -> Result<pb::Webhook, Failure> {
        Ok(self.kept(caller, name)?.record.webhook.unwrap_or_default())
    }

    /// The webhooks of a sandbox.
    pub fn webhooks(&self, caller: &Caller, parent: &str) -> Result<Vec<pb::Webhook>, Failure> {
        let sandbox = self.sandbox(caller, parent)?;
        let found = records::all(self.store.as_ref(), &keys::webhook(&sandbox.id, ""))?;
        found.iter().map(|pair| Ok(records::decode::<WebhookRecord>(pair)?.webhook.unwrap_or_default())).collect()
    }

    /// Changes a webhook.
    pub fn update_webhook(&self, caller: &Caller, asked: Option<pb::Webhook>) -> Result<pb::Webhook, Failure> {
        let asked = asked.ok_or_else(|| Failure::field("webhook", "is missing"))?;
        check(&asked)?;
        let changed = self.change_webhook(caller, &asked.name, |record, webhook| {
            (webhook.url, webhook.causes) = (asked.url.clone(), asked.causes.clone());
            if webhook.disabled && !asked.disabled {
                record.failing_since = 0;
                (webhook.failed_attempts, webhook.next_attempt_seconds) = (0, 0);
                webhook.disabled_reason.clear();
            }
            webhook.disabled = asked.disabled;
            Vec::new()
        });
        self.nudge();
        changed
    }

    /// Takes a webhook away.
    pub fn delete_webhook(&self, caller: &Caller, name: &str) -> Result<(), Failure> {
        let kept = self.kept(caller, name)?;
        let writes = self.without_webhooks(&kept.sandbox, Some(&kept.id))?;
        self.commit_one(Commit { writes, ..Commit::default() })
    }

    /// What takes a sandbox's webhooks away, or one of them, with what they were sent.
    pub(super) fn without_webhooks(
        &self,
        sandbox: &str,
        only: Option<&str>,
    ) -> Result<Vec<(Key, Option<Bytes>)>, Failure> {
        let store = self.store.as_ref();
        let place = keys::webhook(sandbox, "");
        let mut gone = Vec::new();
        for pair in records::all(store, &place)? {
            let id = String::from_utf8_lossy(pair.key.get(place.len()..).unwrap_or_default()).into_owned();
            if only.is_none_or(|only| only == id) {
                let sent = records::all(store, &keys::deliveries(sandbox, &id))?;
                gone.extend(sent.into_iter().map(|pair| (pair.key, None)));
                gone.push((pair.key, None));
            }
        }
        Ok(gone)
    }

    /// What a webhook was sent, newest first.
    pub fn deliveries(&self, caller: &Caller, parent: &str) -> Result<Vec<pb::Delivery>, Failure> {
        let kept = self.kept(caller, parent)?;
        let (from, to) = prefix(&keys::deliveries(&kept.sandbox, &kept.id));
        let found = records::one(self.store.as_ref(), Read::Range { from, to, reverse: true, limit: KEPT })?;
        found.iter().map(records::decode).collect()
    }

    /// Has an event sent once more.
    pub fn redeliver(&self, caller: &Caller, name: &str) -> Result<pb::Delivery, Failure> {
        let unknown = || Failure::Unknown(name.to_owned());
        let (webhook, number) = name.split_once("/deliveries/").ok_or_else(unknown)?;
        let number: u64 = number.parse().map_err(|_| unknown())?;
        let kept = self.kept(caller, webhook)?;
        let key = keys::delivery(&kept.sandbox, &kept.id, number);
        let mut delivery: pb::Delivery = records::get(self.store.as_ref(), key.clone())?.ok_or_else(unknown)?;
        delivery.state = pb::DeliveryState::Waiting.into();
        self.change_webhook(caller, webhook, |record, _| {
            if !record.again.contains(&number) {
                record.again.push(number);
            }
            vec![(key.clone(), Some(records::encode(&delivery)))]
        })?;
        self.nudge();
        Ok(delivery)
    }

    /// A message that tries a webhook, and stands in no history.
    pub fn ping(&self, caller: &Caller, name: &str) -> Result<Work, Failure> {
        let kept = self.kept(caller, name)?;
        let sandbox = self.sandbox(caller, &kept.sandbox)?;
        let event_time = self.now(&sandbox.read()).to_string();
        let event = pb::Event {
            cause: "ping".to_owned(),
            subject: name.to_owned(),
            event_time,
            simulated: true,
            ..Default::default()
        };
        Ok(kept.work(event, 0, format!("ping-{}-{}", kept.id, self.wall_seconds())))
    }

    /// What is to be sent now, at most one event a webhook, and when to look again for what failed.
    pub fn work(&self) -> Result<(Vec<Work>, Option<i64>), Failure> {
        let (mut work, mut later) = (Vec::new(), None::<i64>);
        for pair in records::all(self.store.as_ref(), &keys::webhooks())? {
            let record: WebhookRecord = records::decode(&pair)?;
            let webhook = record.webhook.clone().unwrap_or_default();
            if webhook.disabled {
                continue;
            }
            let next = webhook.next_attempt_seconds;
            let waits = next > self.wall_seconds();
            if waits {
                later = Some(later.map_or(next, |later| later.min(next)));
            }
            match self.next_of(&webhook, waits) {
                Err(Failure::UnknownSandbox(_) | Failure::HistoryEnded(_)) => {}
                found => work.extend(found?),
            }
        }
        Ok((work, later))
    }

    /// The event that a webhook gets next.
    fn next_of(&self, webhook: &pb::Webhook, waits: bool) -> Result<Option<Work>, Failure> {
        let caller = Caller::anyone();
        let kept = self.kept(&caller, &webhook.name)?;
        let sandbox = format!("sandboxes/{}", kept.sandbox);
        let filter = pb::EventFilter { causes: webhook.causes.clone(), ..Default::default() };
        let selection = self.select_events(&caller, &sandbox, Some(&filter))?;
        let same = kept.record.space == selection.space.0;
        if let Some(again) = kept.record.again.first().filter(|_| same) {
            let all = self.select_events(&caller, &sandbox, None)?;
            let found =
                self.logged_events(&all, again.saturating_sub(1), 1)?.events.into_iter().find(|(at, _)| at == again);
            return Ok(found.map(|(place, event)| Work { again: true, ..kept.at(selection.space.0, place, event) }));
        }
        if waits {
            return Ok(None);
        }
        let mut behind = if same { kept.record.position } else { 0 };
        loop {
            let events::Slice { events, end } = self.logged_events(&selection, behind, SLICE)?;
            if let Some((place, event)) = events.into_iter().next() {
                return Ok(Some(kept.at(selection.space.0, place, event)));
            }
            let Some(end) = end else { return Ok(None) };
            behind = end;
            self.change_webhook(&caller, &webhook.name, |record, _| {
                (record.space, record.position) = (selection.space.0, end);
                Vec::new()
            })?;
        }
    }

    /// Keeps what an endpoint answered, and settles what is sent next and when.
    pub fn delivered(&self, work: &Work, answer: &Answer) -> Result<(), Failure> {
        let (caller, now) = (Caller::anyone(), self.wall_seconds());
        let kept = match self.kept(&caller, &work.webhook) {
            Err(Failure::Unknown(_) | Failure::UnknownSandbox(_)) => return Ok(()),
            kept => kept?,
        };
        let key = keys::delivery(&kept.sandbox, &kept.id, work.place);
        let before: Option<pb::Delivery> = records::get(self.store.as_ref(), key.clone())?;
        let status_code = answer.as_ref().map_or(0, |status| i32::from(*status));
        let taken = (200..300).contains(&status_code);
        let state = match (taken, work.again) {
            (true, _) => pb::DeliveryState::Delivered,
            (false, true) => pb::DeliveryState::Failed,
            (false, false) => pb::DeliveryState::Retrying,
        };
        let delivery = pb::Delivery {
            name: format!("{}/deliveries/{}", work.webhook, work.place),
            event: Some(work.event.clone()),
            state: state.into(),
            attempts: before.map_or(0, |before| before.attempts) + 1,
            status_code,
            error: answer.as_ref().err().cloned().unwrap_or_default(),
            attempt_seconds: now,
        };
        let sent = records::all(self.store.as_ref(), &keys::deliveries(&kept.sandbox, &kept.id))?;
        let oldest = sent.first().filter(|_| sent.len() >= KEPT).map(|pair| (pair.key.clone(), None));
        self.change_webhook(&caller, &work.webhook, |record, webhook| {
            if work.again {
                record.again.retain(|place| *place != work.place);
            } else if taken {
                (record.space, record.position, record.failing_since) = (work.space, work.place, 0);
                (webhook.failed_attempts, webhook.next_attempt_seconds) = (0, 0);
            } else {
                failed(record, webhook, status_code, now);
            }
            oldest.clone().into_iter().chain([(key.clone(), Some(records::encode(&delivery)))]).collect()
        })?;
        Ok(())
    }

    fn kept(&self, caller: &Caller, name: &str) -> Result<Kept, Failure> {
        let unknown = || Failure::Unknown(name.to_owned());
        let (parent, id) = split_name(name, COLLECTION).ok_or_else(unknown)?;
        let sandbox = self.sandbox(caller, parent)?.id.clone();
        let key = keys::webhook(&sandbox, id);
        let pair = records::one(self.store.as_ref(), Read::Point(key.clone()))?.pop().ok_or_else(unknown)?;
        Ok(Kept { sandbox, id: id.to_owned(), key, record: records::decode(&pair)?, stored: pair.value })
    }

    fn change_webhook(
        &self,
        caller: &Caller,
        name: &str,
        change: impl Fn(&mut WebhookRecord, &mut pb::Webhook) -> Vec<(Key, Option<Bytes>)>,
    ) -> Result<pb::Webhook, Failure> {
        attempts(|| {
            let Kept { key, stored, mut record, .. } = self.kept(caller, name)?;
            let mut webhook = record.webhook.take().unwrap_or_default();
            let mut writes = change(&mut record, &mut webhook);
            record.webhook = Some(webhook.clone());
            writes.push((key.clone(), Some(records::encode(&record))));
            self.commit_one(Commit { expected: vec![(key, Some(stored))], writes, ..Commit::default() })?;
            Ok(webhook)
        })
    }
}

impl Kept {
    fn work(&self, event: pb::Event, place: u64, id: String) -> Work {
        let webhook = self.record.webhook.clone().unwrap_or_default();
        let (secret, space) = (self.record.secret.clone(), self.record.space);
        Work { webhook: webhook.name, url: webhook.url, secret, id, event, place, space, again: false }
    }

    fn at(&self, space: u64, place: u64, event: pb::Event) -> Work {
        Work { space, ..self.work(event, place, format!("{}-{space}-{place}", self.sandbox)) }
    }
}

/// An event was not taken: when it is sent again, or that it is not.
fn failed(record: &mut WebhookRecord, webhook: &mut pb::Webhook, status: i32, now: i64) {
    if record.failing_since == 0 {
        record.failing_since = now;
    }
    let doubled = u32::try_from(webhook.failed_attempts).ok().and_then(|times| FIRST_DELAY.checked_shl(times.min(32)));
    webhook.failed_attempts += 1;
    webhook.next_attempt_seconds = now + doubled.unwrap_or(LONGEST_DELAY).min(LONGEST_DELAY);
    if status == GONE {
        webhook.disabled_reason = "it answered 410 Gone".to_owned();
    } else if now - record.failing_since >= GIVE_UP_AFTER {
        webhook.disabled_reason = "it took nothing for 5 days".to_owned();
    }
    webhook.disabled = !webhook.disabled_reason.is_empty();
}

fn check(webhook: &pb::Webhook) -> Result<(), Failure> {
    let refuse = |words: String| Err(Failure::field("webhook.url", words));
    let url = webhook.url.as_str();
    if url.starts_with("https://") {
        return refuse("https is not spoken: send to http on this machine, and let a proxy pass it on".to_owned());
    }
    let host = url.strip_prefix("http://").unwrap_or_default().split('/').next().unwrap_or_default();
    if host.is_empty() || url.len() > MAX_URL || url.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return refuse(format!("{url:?} is no URL: write http://HOST:PORT/PATH"));
    }
    match webhook.causes.iter().enumerate().find(|(_, cause)| !events::causes::known(cause)) {
        None => Ok(()),
        Some((at, cause)) => {
            let words = format!("there is no cause {cause:?}: Events.ListCauses lists them (`payersim list causes`)");
            Err(Failure::field(format!("webhook.causes[{at}]"), words))
        }
    }
}

/// The key that was given, or one that nobody can guess.
fn secret(given: &str) -> Result<Vec<u8>, Failure> {
    let refuse = |words: &str| Failure::field("webhook.secret", words);
    if given.is_empty() {
        let mut made = [0; 24];
        getrandom::fill(&mut made).map_err(|_| refuse("cannot be made up on this machine: give one"))?;
        return Ok(made.to_vec());
    }
    let bytes = given.strip_prefix(SECRET).and_then(|text| STANDARD.decode(text).ok());
    bytes
        .filter(|bytes| (24..=64).contains(&bytes.len()))
        .ok_or_else(|| refuse("\"whsec_\" and base 64 of 24 to 64 bytes"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_taken_is_sent_again_after_twice_as_long_until_five_days_have_passed() {
        let (mut record, mut webhook) = (WebhookRecord::default(), pb::Webhook::default());
        let mut delays = Vec::new();
        let mut now = 1_000_000;
        while !webhook.disabled {
            failed(&mut record, &mut webhook, 500, now);
            delays.push(webhook.next_attempt_seconds - now);
            now = webhook.next_attempt_seconds;
        }
        assert_eq!(delays[..4], [5, 10, 20, 40]);
        assert!(delays.iter().skip(13).all(|delay| *delay == LONGEST_DELAY), "{delays:?}");
        assert!(now - record.failing_since >= GIVE_UP_AFTER && webhook.disabled_reason.contains("5 days"));
        let mut webhook = pb::Webhook::default();
        failed(&mut WebhookRecord::default(), &mut webhook, GONE, now);
        assert!(webhook.disabled);
    }
}

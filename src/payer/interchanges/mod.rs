//! Interchanges: the one path for X12. A file is cut into interchanges; each is recorded, its claims go the way of all
//! claims, and its answers are kept. Request ids follow from the place in the interchange, so it can be gone on with.

mod attachments;
mod inquiries;
mod services_review;
mod work;

use std::sync::Arc;
use std::sync::atomic::Ordering;

use bytes::Bytes;
use jiff::civil::DateTime;

use self::work::Work;
use super::uploads::StoredFile;
use super::{Caller, Failure, Payer, Sandbox, records};
use crate::proto::store::v1::InterchangeRecord;
use crate::proto::v1 as pb;
use crate::store::keys::{self, Space};
use crate::store::{Commit, Key, Read, after, prefix};
use crate::x12::acknowledgments::{answer_to, ta1};
use crate::x12::envelope::EnvelopeReader;
use crate::x12::events::Event;
use crate::x12::isa::{InterchangeFault, Isa};

/// Most claims that an interchange's message names.
const MAX_CLAIMS: usize = 1_000;
/// Bytes of a piece of an answer.
const ANSWER_PIECE: usize = 64 * 1024;
/// Where the control numbers of later kinds of answers begin.
const LATER_KINDS: u64 = 800_000_000;
/// How often a number is asked for anew because somebody else was faster.
const MAX_ATTEMPTS: usize = 16;
/// TA105 of a control number that was used before.
const DUPLICATE: &str = "025";

/// The kinds of answers, in the order in which they are given.
pub const ANSWER_KINDS: [pb::AnswerKind; 6] = [
    pb::AnswerKind::Ta1,
    pb::AnswerKind::AnswerKind999,
    pb::AnswerKind::AnswerKind277ca,
    pb::AnswerKind::AnswerKind271,
    pb::AnswerKind::AnswerKind277,
    pb::AnswerKind::AnswerKind278,
];

/// An interchange found in a file: its header, its bytes, and what is wrong with its envelope.
struct Found {
    isa: Isa,
    file: StoredFile,
    fault: Option<InterchangeFault>,
}

impl Payer {
    /// Takes in every interchange of a file, in order, and says what became of each.
    pub fn take_interchanges(
        &self,
        caller: &Caller,
        sandbox: &Arc<Sandbox>,
        file: &StoredFile,
    ) -> Result<Vec<pb::Interchange>, Failure> {
        let damaged = |error: std::io::Error| Failure::Damaged(error.to_string());
        let mut reader = EnvelopeReader::new(file);
        let (mut header, mut outcomes, mut kept) = (None, Vec::new(), false);
        while let Some(event) = reader.read().map_err(damaged)? {
            match event {
                Event::Stray(stray) => outcomes.push(stray_bytes(&stray)),
                Event::InterchangeStart(isa) => header = Some(isa),
                Event::InterchangeEnd(trailer) => {
                    let Some(isa) = header.take() else { continue };
                    let found = Found { isa, file: file.part(&trailer.span), fault: trailer.fault };
                    let outcome = self.take_interchange(caller, sandbox, &found)?;
                    kept |= !outcome.repeated;
                    outcomes.push(outcome);
                }
                _ => {}
            }
        }
        if !kept {
            self.forget_upload(file.upload)?;
        }
        match outcomes.as_slice() {
            [] => Err(Failure::field("chunk", "the file is empty: send an X12 interchange, from ISA to IEA")),
            [only] if only.control_number.is_empty() => Err(Failure::field("chunk", only.words.clone())),
            _ => Ok(outcomes),
        }
    }

    fn take_interchange(
        &self,
        caller: &Caller,
        sandbox: &Arc<Sandbox>,
        found: &Found,
    ) -> Result<pb::Interchange, Failure> {
        let hash = found.file.hash()?;
        let before = self.under_control_number(sandbox, &found.isa)?;
        if let Some((number, record)) = before.iter().find(|(_, record)| record.hash == hash) {
            let mut interchange = match record.interchange.as_ref().map(pb::Interchange::state) {
                Some(pb::InterchangeState::Processing) => self.process_interchange(caller, sandbox, *number)?,
                _ => record.interchange.clone().unwrap_or_default(),
            };
            interchange.repeated = true;
            return Ok(interchange);
        }
        let settings = sandbox.read().x12();
        let production = || found.isa.production_fault().filter(|_| !settings.accept_production);
        let reused = || {
            let first = before.first().filter(|_| !settings.accept_reused_control_numbers)?;
            let words = format!(
                "control number {} came before with other bytes ({}): use a new ISA13, or set accept_reused_control_numbers",
                found.isa.control_number,
                first.1.interchange.as_ref().map_or("", |interchange| &interchange.name)
            );
            Some(InterchangeFault { note: DUPLICATE, words })
        };
        let fault = found.fault.clone().or_else(production).or_else(reused);
        let number = self.record_interchange(sandbox, found, hash, fault.as_ref())?;
        match fault {
            None => self.process_interchange(caller, sandbox, number),
            Some(_) => {
                let record = self.interchange_record(sandbox, number)?;
                Ok(record.interchange.unwrap_or_default())
            }
        }
    }

    /// What came under the same control number between the same two, oldest first.
    fn under_control_number(&self, sandbox: &Sandbox, isa: &Isa) -> Result<Vec<(u64, InterchangeRecord)>, Failure> {
        let space = sandbox.read().space();
        let places = space.by_interchange_control(&party(&isa.sender), &party(&isa.receiver), &isa.control_number);
        let pairs = records::slice(self.store.as_ref(), &places, None, MAX_CLAIMS)?;
        let numbers = pairs.iter().filter_map(|pair| keys::number_of(&pair.key));
        numbers.map(|number| Ok((number, self.interchange_record(sandbox, number)?))).collect()
    }

    fn interchange_record(&self, sandbox: &Sandbox, number: u64) -> Result<InterchangeRecord, Failure> {
        let key = sandbox.read().space().interchange(number);
        records::get(self.store.as_ref(), key)?.ok_or_else(|| Failure::Unknown(name(sandbox, number)))
    }

    /// Records an interchange before anything is done with it; one with a fault is answered with a TA1 at once.
    fn record_interchange(
        &self,
        sandbox: &Sandbox,
        found: &Found,
        hash: Bytes,
        fault: Option<&InterchangeFault>,
    ) -> Result<u64, Failure> {
        for _ in 0..MAX_ATTEMPTS {
            let state = sandbox.read();
            let (space, store) = (state.space(), self.store.as_ref());
            let last = records::one(store, Read::Point(space.last_interchange()))?.pop().map(|pair| pair.value);
            let number = last.as_ref().map_or(0, |value| records::number_in(value)) + 1;
            let now = self.now(&state);
            let mut interchange = pb::Interchange {
                name: name(sandbox, number),
                sender: party(&found.isa.sender),
                receiver: party(&found.isa.receiver),
                control_number: found.isa.control_number.clone(),
                state: pb::InterchangeState::Processing.into(),
                note_code: "000".to_owned(),
                size_bytes: i64::try_from(found.file.span.end - found.file.span.start).unwrap_or(i64::MAX),
                ..Default::default()
            };
            let places =
                space.by_interchange_control(&interchange.sender, &interchange.receiver, &interchange.control_number);
            let mut writes = vec![
                (space.last_interchange(), Some(records::of_number(number))),
                ([places, number.to_be_bytes().to_vec()].concat(), Some(Bytes::new())),
            ];
            if let Some(fault) = fault {
                interchange.state = pb::InterchangeState::Refused.into();
                interchange.note_code = fault.note.to_owned();
                interchange.words.clone_from(&fault.words);
                let header = answer_to(&found.isa, now, answer_number(number, pb::AnswerKind::Ta1));
                let text = ta1(&header, &found.isa, Some(fault));
                writes.push((space.answer(number, kind_byte(pb::AnswerKind::Ta1), 0), Some(text.into())));
            } else {
                writes.push((keys::unfinished(space, number), Some(sandbox.id.clone().into())));
            }
            let record = InterchangeRecord {
                interchange: Some(interchange),
                hash: hash.clone(),
                upload: found.file.upload,
                span_start: found.file.span.start,
                span_length: found.file.span.end - found.file.span.start,
                received_time: now.to_string(),
            };
            writes.push((space.interchange(number), Some(records::encode(&record))));
            let expected = vec![state.expected(&sandbox.id), (space.last_interchange(), last)];
            match self.commit_one(Commit { expected, writes, ..Commit::default() }) {
                Err(Failure::Conflict) => {}
                other => return other.map(|()| number),
            }
        }
        Err(Failure::Conflict)
    }

    /// Decides every claim of a recorded interchange and keeps the answers. Can be repeated after a kill.
    fn process_interchange(
        &self,
        caller: &Caller,
        sandbox: &Arc<Sandbox>,
        number: u64,
    ) -> Result<pb::Interchange, Failure> {
        let space = sandbox.read().space();
        let record = self.interchange_record(sandbox, number)?;
        let span = record.span_start..record.span_start + record.span_length;
        let file = StoredFile::at(Arc::clone(&self.store), record.upload, span);
        let at: DateTime = record.received_time.parse().map_err(|_| Failure::Damaged(name(sandbox, number)))?;
        let interchange = record.interchange.clone().unwrap_or_default();
        let mut work = Work { payer: self, caller, sandbox, space, number, file, at, interchange, answers: Vec::new() };
        work.examine()?;
        let Work { interchange, answers, .. } = work;
        self.keep_answers(sandbox, (space, number), record, &interchange, answers)?;
        Ok(interchange)
    }

    fn keep_answers(
        &self,
        sandbox: &Sandbox,
        (space, number): (Space, u64),
        record: InterchangeRecord,
        interchange: &pb::Interchange,
        answers: Vec<(pb::AnswerKind, Bytes)>,
    ) -> Result<(), Failure> {
        let keep = |writes| {
            let state = sandbox.read();
            if state.gone || state.space() != space {
                return Err(Failure::Unknown(name(sandbox, number)));
            }
            self.commit_one(Commit { expected: vec![state.expected(&sandbox.id)], writes, ..Commit::default() })
        };
        for (kind, mut text) in answers {
            for piece in 0.. {
                if text.is_empty() {
                    break;
                }
                let bytes = text.split_to(text.len().min(ANSWER_PIECE));
                keep(vec![(space.answer(number, kind_byte(kind), piece), Some(bytes))])?;
            }
        }
        let record = InterchangeRecord { interchange: Some(interchange.clone()), ..record };
        keep(vec![(space.interchange(number), Some(records::encode(&record))), (keys::unfinished(space, number), None)])
    }

    /// Goes on with what a kill interrupted, on a thread of its own, then clears away uploads that led to nothing.
    pub(super) fn resume_later(self: &Arc<Payer>) {
        let payer = Arc::clone(self);
        let last_upload = payer.last_upload.load(Ordering::Relaxed);
        let resume = move || {
            let resumed = payer.resume_interchanges().and_then(|()| payer.forget_stray_uploads(last_upload));
            if let Err(failure) = resumed {
                tracing::warn!(%failure, "an interrupted interchange waits for the next start");
            }
        };
        let _ = std::thread::Builder::new().name("resuming".into()).spawn(resume);
    }

    fn resume_interchanges(&self) -> Result<(), Failure> {
        for pair in records::slice(self.store.as_ref(), b"k", None, usize::MAX)? {
            let (Some(space), Some(number)) = (pair.key.get(..9).and_then(keys::number_of), keys::number_of(&pair.key))
            else {
                continue;
            };
            let id = String::from_utf8_lossy(&pair.value).into_owned();
            let caller = Caller::anyone();
            match self.sandbox(&caller, &id) {
                Ok(sandbox) if sandbox.read().space().0 == space => {
                    if let Err(failure) = self.process_interchange(&caller, &sandbox, number) {
                        tracing::warn!(%failure, number, "an interrupted interchange waits for the next start");
                    }
                }
                _ => self.commit_one(Commit { writes: vec![(pair.key, None)], ..Commit::default() })?,
            }
        }
        Ok(())
    }

    /// An interchange by its name.
    pub fn interchange(&self, caller: &Caller, name: &str) -> Result<pb::Interchange, Failure> {
        let (sandbox, number) = self.interchange_named(caller, name)?;
        Ok(self.interchange_record(&sandbox, number)?.interchange.unwrap_or_default())
    }

    fn interchange_named(&self, caller: &Caller, name: &str) -> Result<(Arc<Sandbox>, u64), Failure> {
        let unknown = || Failure::Unknown(name.to_owned());
        let (parent, number) = super::claims::split_name(name, "interchanges").ok_or_else(unknown)?;
        Ok((self.sandbox(caller, parent)?, number.parse().map_err(|_| unknown())?))
    }

    /// The interchanges after a place, in the order of arrival, with their places.
    pub fn interchanges(
        &self,
        caller: &Caller,
        parent: &str,
        from: Option<Key>,
        limit: usize,
    ) -> Result<Vec<(pb::Interchange, Key)>, Failure> {
        let places = self.sandbox(caller, parent)?.read().space().interchanges();
        let (first, to) = prefix(&places);
        let from = from.filter(|key| key.starts_with(&places)).map_or(first, |key| after(&key));
        let pairs = records::one(self.store.as_ref(), Read::Range { from, to, reverse: false, limit })?;
        let read = |pair: &crate::store::Pair| {
            let record: InterchangeRecord = records::decode(pair)?;
            Ok((record.interchange.unwrap_or_default(), pair.key.clone()))
        };
        pairs.iter().map(read).collect()
    }

    /// Tells the answers to an interchange piece by piece, until `tell` says stop.
    pub fn answers(
        &self,
        caller: &Caller,
        request: &pb::StreamAnswersRequest,
        tell: impl Fn(pb::AnswerChunk) -> bool,
    ) -> Result<(), Failure> {
        let (sandbox, number) = self.interchange_named(caller, &request.name)?;
        self.interchange_record(&sandbox, number)?;
        let space = sandbox.read().space();
        let wanted = |kind: &pb::AnswerKind| request.kind() == pb::AnswerKind::Unspecified || request.kind() == *kind;
        for kind in ANSWER_KINDS.into_iter().filter(wanted) {
            let mut from = None;
            while let Some(pair) =
                records::slice(self.store.as_ref(), &space.answers(number, kind_byte(kind)), from, 1)?.pop()
            {
                from = Some(after(&pair.key));
                if !tell(pb::AnswerChunk { kind: kind.into(), chunk: pair.value.to_vec() }) {
                    return Ok(());
                }
            }
        }
        Ok(())
    }
}

fn stray_bytes(stray: &crate::x12::events::Stray) -> pb::Interchange {
    pb::Interchange {
        state: pb::InterchangeState::Refused.into(),
        note_code: "024".to_owned(),
        words: stray.words.clone(),
        ..Default::default()
    }
}

fn name(sandbox: &Sandbox, number: u64) -> String {
    format!("{}/interchanges/{number}", sandbox.name())
}

fn party(party: &crate::x12::writer::Party) -> String {
    format!("{}:{}", party.qualifier, party.id)
}

fn kind_byte(kind: pb::AnswerKind) -> u8 {
    u8::try_from(i32::from(kind)).unwrap_or(0)
}

/// Control number of an answer: five to an interchange, and one of its own for kinds that came later, so that no two of ours are alike.
fn answer_number(interchange: u64, kind: pb::AnswerKind) -> u32 {
    let number = match kind_byte(kind) {
        kind @ 0..=5 => interchange.saturating_sub(1).saturating_mul(5) + u64::from(kind),
        _ => interchange.saturating_add(LATER_KINDS),
    };
    u32::try_from(number % 999_999_999).unwrap_or(1).max(1)
}

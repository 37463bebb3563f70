//! Why amounts were not paid, as notes that a member can read.

use super::parts::{row, sentence, table, text};
use super::scene::Service;
use crate::domain::codes::Rarc;
use crate::proto::v1 as pb;
use crate::reference::remark_codes::rarc_words;

/// Reasons, each told once and called by a letter.
#[derive(Default)]
pub(super) struct Notes(Vec<Note>);

struct Note {
    group: pb::GroupCode,
    carc: String,
    rarcs: Vec<String>,
    words: String,
}

impl Notes {
    /// The notes of services and of the claim as a whole.
    pub fn of(services: &[Service<'_>]) -> Notes {
        let mut notes = Notes::default();
        for adjustment in services.iter().flat_map(|service| service.adjustments) {
            if !notes.0.iter().any(|note| note.is(adjustment)) {
                notes.0.push(Note {
                    group: adjustment.group(),
                    carc: adjustment.carc.clone(),
                    rarcs: adjustment.rarcs.clone(),
                    words: adjustment.words.clone(),
                });
            }
        }
        notes
    }

    /// The letters of a service's notes: `a, c`.
    pub fn letters(&self, service: &Service<'_>) -> String {
        let told = self.0.iter().enumerate().filter(|(_, note)| service.adjustments.iter().any(|told| note.is(told)));
        told.map(|(at, _)| letter(at)).collect::<Vec<_>>().join(", ")
    }

    /// What the letters mean.
    pub fn table(&self) -> Option<pb::LetterBlock> {
        let rows = self.0.iter().enumerate().map(|(at, note)| {
            let remarks = note.rarcs.iter().map(|code| sentence(&remark(code)));
            let parts = [sentence(&note.words), bearer(note.group).to_owned()].into_iter().chain(remarks);
            row(vec![text(letter(at)), text(note.codes()), text(parts.collect::<Vec<_>>().join(" "))])
        });
        let rows: Vec<pb::LetterRow> = rows.collect();
        (!rows.is_empty()).then(|| table("What the notes mean", &["Note", "Code", "Meaning"], rows))
    }
}

impl Note {
    fn is(&self, adjustment: &pb::Adjustment) -> bool {
        self.group == adjustment.group() && self.carc == adjustment.carc && self.rarcs == adjustment.rarcs
    }

    fn codes(&self) -> String {
        codes(self.group, &self.carc, &self.rarcs)
    }
}

/// `CO-50, N115`.
pub(super) fn codes(group: pb::GroupCode, carc: &str, rarcs: &[String]) -> String {
    let group = group.as_str_name().rsplit('_').next().unwrap_or_default();
    [format!("{group}-{carc}")].into_iter().chain(rarcs.iter().cloned()).collect::<Vec<_>>().join(", ")
}

/// A remark in the payer's words.
pub(super) fn remark(code: &str) -> String {
    Rarc::parse(code).map_or("", rarc_words).to_owned()
}

/// Who bears an amount, in a sentence.
pub(super) fn bearer(group: pb::GroupCode) -> &'static str {
    match group {
        pb::GroupCode::Co => "The provider may not bill you for it.",
        pb::GroupCode::Pr => "You may owe it.",
        pb::GroupCode::Oa => "It is no part of what you may owe by this decision.",
        pb::GroupCode::Pi => {
            "We took it off without a contract that keeps the provider from billing it: ask us before you pay it."
        }
        pb::GroupCode::Unspecified => "",
    }
}

/// a to z, then aa to az and so on.
fn letter(at: usize) -> String {
    let last = (b'a'..=b'z').nth(at % 26).map_or('z', char::from);
    match at / 26 {
        0 => last.to_string(),
        before => letter(before - 1) + &last.to_string(),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_notes_never_run_out_of_letters() {
        let letters: Vec<String> = [0, 25, 26, 51, 52].into_iter().map(super::letter).collect();
        assert_eq!(letters, ["a", "z", "aa", "az", "ba"]);
    }
}

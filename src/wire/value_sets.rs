//! Value sets: lists of codes with a name, which policies write "@name". Messages to domain.

use std::collections::BTreeMap;

use super::Violations;
use super::spelling::meant;
use crate::domain::code_list::{CodeList, Starts};
use crate::domain::institutional::CodeSet;
use crate::domain::member::CodeRanges;
use crate::proto::v1 as pb;
use crate::proto::v1::ValueSetKind as Kind;

/// The value sets of a folder.
#[derive(Debug)]
pub(super) struct ValueSets<'m> {
    by_id: BTreeMap<&'m str, &'m pb::ValueSet>,
}

impl<'m> ValueSets<'m> {
    /// Reads them, and notes what is wrong.
    pub fn read(messages: &'m [pb::ValueSet], found: &mut Violations) -> ValueSets<'m> {
        let sets = found.each("value_sets", messages, |set, found| {
            let id = found.required("value_set_id", &set.value_set_id)?;
            if !id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') {
                found.add(
                    "value_set_id",
                    format!("{id:?}: lower-case letters, digits and hyphens, such as \"diabetes\""),
                );
            }
            if set.kind() == Kind::Unspecified {
                found.add("kind", "is missing: what the codes are, such as \"diagnosis\"");
            } else if set.codes.is_empty() {
                found.add("codes", "is missing: an empty set is of no use");
            }
            for (at, code) in set.codes.iter().enumerate() {
                check(set.kind(), &format!("codes[{at}]"), code, found);
            }
            Some((id, set))
        });
        found.distinct("value_sets", "value_set_id", messages.iter().map(|set| set.value_set_id.as_str()));
        ValueSets { by_id: sets.into_iter().collect() }
    }

    /// A set by its id, which must be of a kind.
    pub fn named(&self, id: &str, kind: Kind) -> Result<&'m pb::ValueSet, String> {
        let set = self.any(id)?;
        if set.kind() == kind {
            return Ok(set);
        }
        Err(format!("value set {id:?} is a list of {}, not of {}", words(set.kind()), words(kind)))
    }

    /// A set by its id.
    pub fn any(&self, id: &str) -> Result<&'m pb::ValueSet, String> {
        self.by_id.get(id).copied().ok_or_else(|| {
            let names: Vec<String> = self.by_id.keys().map(|id| (*id).to_owned()).collect();
            let near = if names.is_empty() { "; value_sets.toml has none".to_owned() } else { meant(id, &names) };
            format!("there is no value set {id:?}{near}")
        })
    }

    /// Codes with the sets among them written out, in capital letters and without points.
    pub fn codes(&self, kind: Kind, field: &str, texts: &[String], found: &mut Violations) -> Vec<String> {
        let mut codes = Vec::new();
        for (at, text) in texts.iter().enumerate() {
            let place = format!("{field}[{at}]");
            match text.strip_prefix('@') {
                None if check(kind, &place, text, found) => codes.push(plain(text)),
                None => {}
                Some(id) => match self.named(id, kind) {
                    Ok(set) => codes.extend(set.codes.iter().map(|code| plain(code))),
                    Err(why) => found.add(place, why),
                },
            }
        }
        codes
    }

    /// The same, as what codes start with.
    pub fn starts(&self, kind: Kind, field: &str, texts: &[String], found: &mut Violations) -> Starts {
        Starts::new(self.codes(kind, field, texts, found))
    }

    /// The same, as codes and ranges of procedures.
    pub fn procedures(&self, field: &str, texts: &[String], found: &mut Violations) -> CodeRanges {
        let codes = self.codes(Kind::Procedure, field, texts, found);
        // Each has been checked.
        CodeRanges::parse(codes.iter().map(String::as_str)).unwrap_or_default()
    }

    /// One text that stands for procedures: a code, a range, or a set such as "@imaging".
    pub fn procedures_of(&self, text: &str) -> Result<CodeRanges, String> {
        let codes: Vec<String> = match text.strip_prefix('@') {
            Some(id) => self.named(id, Kind::Procedure)?.codes.iter().map(|code| plain(code)).collect(),
            None => vec![plain(text)],
        };
        let why = |_| {
            format!(
                "{text:?} is no procedure code, nor a range such as \"70551-70553\", nor a set such as \"@imaging\""
            )
        };
        CodeRanges::parse(codes.iter().map(String::as_str)).map_err(why)
    }

    /// A whole set.
    pub fn list(&self, id: &str) -> Result<CodeList, String> {
        let set = self.any(id)?;
        let codes = set.codes.iter().map(|code| plain(code));
        Ok(match set.kind() {
            Kind::Diagnosis | Kind::Specialty | Kind::TypeOfBill => CodeList::Starts(Starts::new(codes.collect())),
            _ => CodeList::Ranges(
                codes
                    .map(|code| {
                        let (first, last) = code.split_once('-').unwrap_or((&code, &code));
                        (first.to_owned(), last.to_owned())
                    })
                    .collect(),
            ),
        })
    }
}

/// In capital letters; people write the point of a diagnosis, claims never carry it.
fn plain(code: &str) -> String {
    code.replace('.', "").to_ascii_uppercase()
}

/// Notes what is no code of its kind.
fn check(kind: Kind, field: &str, text: &str, found: &mut Violations) -> bool {
    let code = plain(text);
    let visible = |least: usize, most: usize| {
        (least..=most).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    let (fits, expected) = match kind {
        Kind::Unspecified => return true,
        Kind::Procedure => {
            let fits = CodeRanges::parse([code.as_str()]).is_ok() && code.split('-').all(|code| code.len() == 5);
            (fits, "no procedure code, nor a range such as \"70551-70553\"")
        }
        Kind::Diagnosis => (visible(1, 7), "not how a diagnosis code starts, such as \"E11\""),
        Kind::RevenueCode => {
            let fits = CodeSet::<4>::parse([code.as_str()], 4).is_ok();
            (fits, "no revenue code, nor a range such as \"0450-0459\"")
        }
        Kind::Place => (visible(2, 2), "no place of service, such as \"11\""),
        Kind::Modifier => (visible(2, 2), "no modifier, such as \"26\""),
        Kind::Specialty => (visible(2, 10), "not how a taxonomy code starts, such as \"207R\""),
        Kind::TypeOfBill => (visible(1, 3), "not how a type of bill starts, such as \"13\""),
    };
    if !fits {
        found.add(field, format!("{text:?} is {expected}"));
    }
    fits
}

fn words(kind: Kind) -> &'static str {
    match kind {
        Kind::Unspecified => "nothing",
        Kind::Procedure => "procedures",
        Kind::Diagnosis => "diagnoses",
        Kind::RevenueCode => "revenue codes",
        Kind::Place => "places",
        Kind::Modifier => "modifiers",
        Kind::Specialty => "specialties",
        Kind::TypeOfBill => "types of bill",
    }
}

//! Asks of each element whether it is there, may be there, and has a value of its kind.

use memchr::memchr;

use super::guide::{Codes, Element, Kind, SegmentUse, listed};
use super::segments::Segment;
use crate::domain::dates;
use crate::domain::money::{Money, MoneyError};

/// What is wrong with an element. The codes are those of 999 IK403.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ElementFault {
    /// Its number in the segment.
    pub element: u8,
    /// Its component; 0: the whole element.
    pub component: u8,
    /// Its number in X12's dictionary; 0: none.
    pub number: u16,
    /// IK403.
    pub code: &'static str,
    /// The value as it came.
    pub value: String,
    /// What is wrong and what would be right, without the element's name.
    pub words: String,
    /// What the element is.
    pub name: &'static str,
}

/// Adds what is wrong with the elements of a segment.
pub fn check(expected: &SegmentUse, segment: &Segment, faults: &mut Vec<ElementFault>) {
    let delimiters = segment.delimiters();
    let text = segment.text().as_bytes();
    let mut check = Check {
        faults,
        codes: expected.codes,
        plain: text.iter().all(|byte| (b' '..=b'~').contains(byte)),
        repetition: memchr(delimiters.repetition, text).map(|_| delimiters.repetition),
        component: delimiters.component,
    };
    let mut pattern = expected.elements;
    let mut before = "";
    let mut number: u8 = 0;
    while !pattern.is_empty() || usize::from(number) < segment.len() {
        number = match number.checked_add(1) {
            Some(next) => next,
            None => break,
        };
        let (usage, parts) = next_usage(&mut pattern);
        let value = segment.element(number.into());
        let Some(element) = expected.standard.elements.get(usize::from(number) - 1) else {
            if !value.is_empty() && number > expected.standard.length {
                let words = format!("is one too many: the segment has {} elements", expected.standard.length);
                check.add((number, 0), &UNKNOWN, "3", value, words);
            } else if !value.is_empty() {
                check.add((number, 0), &UNKNOWN, "I10", value, NOT_USED.into());
            }
            continue;
        };
        match element.kind {
            Kind::Composite(components) if !value.is_empty() && usage != b'.' => {
                check.composite(number, element, components, parts, value);
            }
            Kind::Ids if usage != b'.' => {
                for one in value.split(char::from(delimiters.repetition)) {
                    check.value((number, 0), usage, element, one, before);
                }
            }
            _ => check.value((number, 0), usage, element, value, before),
        }
        before = value;
    }
    if !expected.standard.relations.is_empty() {
        check.relations(expected, segment);
    }
}

const UNKNOWN: Element = Element { number: 0, kind: Kind::An, min: 0, max: 0, name: "unused" };
const NOT_USED: &str = "must be empty; the guide does not use it";

/// Takes one letter, and the components behind it, off the front of a usage pattern.
fn next_usage<'p>(pattern: &mut &'p str) -> (u8, &'p str) {
    let Some(usage) = pattern.bytes().next() else { return (b'.', "") };
    let rest = pattern.get(1..).unwrap_or("");
    let (parts, rest) = match rest.strip_prefix('(').and_then(|rest| rest.split_once(')')) {
        Some((parts, rest)) => (parts, rest),
        None => ("", rest),
    };
    *pattern = rest;
    (usage, parts)
}

struct Check<'f> {
    faults: &'f mut Vec<ElementFault>,
    codes: &'static [Codes],
    /// The segment holds printable ASCII only.
    plain: bool,
    /// The repetition separator, if the segment has one.
    repetition: Option<u8>,
    component: u8,
}

impl Check<'_> {
    fn add(&mut self, at: (u8, u8), element: &Element, code: &'static str, value: &str, words: String) {
        self.faults.push(ElementFault {
            element: at.0,
            component: at.1,
            number: element.number,
            code,
            value: value.chars().take(99).collect(),
            words,
            name: element.name,
        });
    }

    fn composite(&mut self, number: u8, element: &Element, parts: &[Element], mut pattern: &str, value: &str) {
        if self.repetition.is_some_and(|separator| value.as_bytes().contains(&separator)) {
            return self.add((number, 0), element, "12", value, "it may stand once, without repetitions".into());
        }
        let mut values = value.split(char::from(self.component));
        let mut before = "";
        for (component, part) in (1..).zip(parts) {
            let (usage, _) = next_usage(&mut pattern);
            let value = values.next().unwrap_or("");
            self.value((number, component), usage, part, value, before);
            before = value;
        }
        if values.any(|value| !value.is_empty()) {
            let words = format!("it has at most {} components", parts.len());
            self.add((number, 0), element, "13", value, words);
        }
    }

    fn value(&mut self, at: (u8, u8), usage: u8, element: &Element, value: &str, before: &str) {
        if value.is_empty() {
            if usage == b'R' {
                self.add(at, element, "1", "", "is missing; the guide requires it".into());
            }
            return;
        }
        let fault = if usage == b'.' {
            Some(("I10", NOT_USED.to_string()))
        } else {
            self.separators(value)
                .or_else(|| self.characters(value))
                .or_else(|| kind_fault(element, value, before))
                .or_else(|| length_fault(element, value))
                .or_else(|| self.code_fault(at, value))
        };
        if let Some((code, words)) = fault {
            self.add(at, element, code, value, words);
        }
    }

    fn separators(&self, value: &str) -> Option<(&'static str, String)> {
        if self.repetition.is_some_and(|separator| value.as_bytes().contains(&separator)) {
            return Some(("12", "may stand once, without repetitions".to_string()));
        }
        memchr(self.component, value.as_bytes())
            .map(|_| ("13", format!("has no components; {:?} may not stand in it", char::from(self.component))))
    }

    fn characters(&self, value: &str) -> Option<(&'static str, String)> {
        let foreign = |c: &char| !(' '..='~').contains(c);
        if !self.plain
            && let Some(character) = value.chars().find(foreign)
        {
            let words = match character {
                '\r' | '\n' => "holds a line end; lines may end only between segments".to_string(),
                _ => format!("holds the character {character:?}; only printable ASCII may be sent"),
            };
            return Some(("6", words));
        }
        (value.bytes().all(|byte| byte == b' '))
            .then(|| ("6", "holds only spaces; leave an element without value empty".to_string()))
    }

    fn code_fault(&self, at: (u8, u8), value: &str) -> Option<(&'static str, String)> {
        let (.., codes) = self.codes.iter().find(|(element, component, _)| (*element, *component) == at)?;
        (!listed(codes, value)).then(|| ("7", format!("is {value:?}; it must be one of {codes}")))
    }

    /// Which elements need, or shut out, each other.
    fn relations(&mut self, expected: &SegmentUse, segment: &Segment) {
        for relation in expected.standard.relations.split(' ') {
            let (kind, numbers) = relation.split_at(1);
            let numbers = || (0..numbers.len() / 2).filter_map(|i| numbers.get(2 * i..2 * i + 2)?.parse::<u8>().ok());
            let has = |number: &u8| !segment.element(usize::from(*number)).is_empty();
            let given = numbers().filter(has).count();
            let first = numbers().next().filter(has).is_some();
            let lacks = match kind {
                "P" => given > 0,
                "C" => first,
                "R" => given == 0,
                "L" => first && given == 1,
                _ => false,
            };
            if kind == "E" && given > 1 {
                self.relation_fault(expected, numbers().find(has), "10", "excludes another element that is there");
            } else if lacks {
                // Where one of several would do, the first of them is named.
                let wanted = if kind == "L" { numbers().nth(1) } else { numbers().find(|number| !has(number)) };
                self.relation_fault(expected, wanted, "2", "is missing; another element that is there needs it");
            }
        }
    }

    fn relation_fault(&mut self, expected: &SegmentUse, number: Option<u8>, code: &'static str, words: &str) {
        let Some(number) = number else { return };
        let element = expected.standard.elements.get(usize::from(number).saturating_sub(1)).unwrap_or(&UNKNOWN);
        // A required element that is missing has been told already.
        if !self.faults.iter().any(|fault| fault.element == number && fault.code == "1") {
            self.add((number, 0), element, code, "", words.into());
        }
    }
}

fn kind_fault(element: &Element, value: &str, before: &str) -> Option<(&'static str, String)> {
    match element.kind {
        Kind::An | Kind::Id | Kind::Ids | Kind::Composite(_) => None,
        Kind::N0 => {
            let digits = value.strip_prefix('-').unwrap_or(value);
            (digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()))
                .then(|| ("6", format!("is {value:?}; it must be a whole number")))
        }
        Kind::R => number_fault(value),
        Kind::Amount | Kind::Charge => number_fault(value).or_else(|| match Money::parse(value) {
            Ok(amount) if matches!(element.kind, Kind::Charge) && amount < Money::ZERO => {
                Some(("I12", format!("is {value}; a charge is zero or more")))
            }
            Ok(_) => None,
            Err(MoneyError::TooLarge) => Some(("5", format!("is {value}; {}", MoneyError::TooLarge))),
            Err(error) => Some(("I12", format!("is {value}; {error}"))),
        }),
        Kind::Dt => (dates::parse_d8(value).is_none()).then(|| ("8", no_date(value))),
        Kind::Tm => (!is_time(value)).then(|| ("9", format!("is {value:?}; it must be a time as HHMM or HHMMSS"))),
        Kind::Period => period_fault(value, before),
    }
}

fn number_fault(value: &str) -> Option<(&'static str, String)> {
    let digits = value.strip_prefix('-').unwrap_or(value);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let number = (!whole.is_empty() || !fraction.is_empty())
        && whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit());
    (!number).then(|| ("6", format!("is {value:?}; it must be a decimal number such as 12.5")))
}

fn no_date(value: &str) -> String {
    format!("is {value:?}; it must be a day of the calendar as CCYYMMDD")
}

fn is_time(value: &str) -> bool {
    let within = |range: std::ops::Range<usize>, limit: &str| value.get(range).is_none_or(|part| part < limit);
    [4, 6, 7, 8].contains(&value.len())
        && value.bytes().all(|byte| byte.is_ascii_digit())
        && within(0..2, "24")
        && within(2..4, "60")
        && within(4..6, "60")
}

/// The format stands in the element before: `D8` a day, `RD8` two days, `TM` a time, `DT` a day with its time.
fn period_fault(value: &str, format: &str) -> Option<(&'static str, String)> {
    match format {
        "D8" => dates::parse_d8(value).is_none().then(|| ("8", no_date(value))),
        "TM" => (!is_time(value)).then(|| ("9", format!("is {value:?}; it must be a time as HHMM"))),
        "DT" => {
            let right = value.len() == 12
                && value.get(..8).and_then(dates::parse_d8).is_some()
                && value.get(8..).is_some_and(is_time);
            (!right).then(|| ("8", format!("is {value:?}; it must be a day and a time as CCYYMMDDHHMM")))
        }
        "RD8" => {
            let days = value.split_once('-').map(|(from, to)| (dates::parse_d8(from), dates::parse_d8(to)));
            match days {
                Some((Some(from), Some(to))) if from <= to => None,
                Some((Some(_), Some(_))) => Some(("8", format!("is {value:?}; its second day lies before its first"))),
                _ => Some(("8", format!("is {value:?}; it must be two days of the calendar as CCYYMMDD-CCYYMMDD"))),
            }
        }
        _ => None,
    }
}

/// Signs and points do not count as characters of a number.
fn length_fault(element: &Element, value: &str) -> Option<(&'static str, String)> {
    let length = match element.kind {
        Kind::N0 | Kind::R | Kind::Amount | Kind::Charge => value.bytes().filter(u8::is_ascii_digit).count(),
        _ => value.len(),
    };
    if length < usize::from(element.min) {
        Some(("4", format!("is {value:?}, too short; it has at least {} characters", element.min)))
    } else if length > usize::from(element.max) {
        Some(("5", format!("is {length} characters long; it has at most {}", element.max)))
    } else {
        None
    }
}

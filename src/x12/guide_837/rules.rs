//! What the tables of guides cannot say: numbering, levels, and what one segment of an 837 asks of another.

use crate::x12::elements::ElementFault;
use crate::x12::guide::Loop;
use crate::x12::segments::Segment;
use crate::x12::syntax::{Errors, SyntaxError};
use crate::x12::walk::Place;

/// A hierarchical level that is open.
#[derive(Debug)]
struct Level {
    number: u32,
    code: String,
    /// HL04 says that levels follow below.
    announces_children: bool,
    has_children: bool,
    position: u32,
    inside: &'static Loop,
}

/// What the subscriber level has said so far.
#[derive(Debug, Default)]
struct Subscriber {
    is_patient: bool,
    sbr_position: u32,
    inside: Option<&'static Loop>,
    has_street: bool,
    has_city: bool,
    has_birth_date: bool,
    told: bool,
}

/// The rules of one set, fed with its placed segments.
#[derive(Debug, Default)]
pub(in crate::x12) struct Rules {
    levels: u32,
    path: Vec<Level>,
    subscriber: Subscriber,
    lines: u32,
    needs_accident_date: bool,
    stay: Stay,
}

/// What a claim for a stay has yet to say.
#[derive(Debug, Default)]
struct Stay {
    needs_admission: bool,
    needs_admitting_diagnosis: bool,
}

/// First two characters of the type of bill of an inpatient stay: hospital, swing bed, nursing facility, religious hospital.
const STAYS: [&str; 4] = ["11", "18", "21", "41"];

impl Rules {
    /// Takes the next segment that has a place.
    pub(in crate::x12) fn segment(&mut self, place: &Place, segment: &Segment, position: u32, errors: &mut Errors) {
        let at = At { inside: place.inside, segment, position };
        match (place.inside.id, segment.id()) {
            (_, "HL") => self.level(&at, errors),
            ("2000B", "SBR") => {
                self.subscriber = Subscriber {
                    is_patient: segment.element(2) == "18",
                    sbr_position: position,
                    inside: Some(place.inside),
                    ..Subscriber::default()
                };
            }
            ("2010BA", "NM1") if segment.element(2) == "1" && segment.element(9).is_empty() => {
                at.fault(9, 67, "2", "is missing; a person has a member number", errors);
            }
            ("2010BA", "N3") => self.subscriber.has_street = true,
            ("2010BA", "N4") => self.subscriber.has_city = true,
            ("2010BA", "DMG") => self.subscriber.has_birth_date = true,
            ("2300", "CLM") => self.claim(&at, errors),
            ("2300", "DTP") if segment.element(1) == "439" => self.needs_accident_date = false,
            ("2300", "DTP") if segment.element(1) == "435" => self.stay.needs_admission = false,
            ("2300", "HI") if ["ABJ", "BJ"].contains(&segment.component(1, 1)) => {
                self.stay.needs_admitting_diagnosis = false;
            }
            ("2400", "LX") => self.line(&at, errors),
            _ => {}
        }
        if segment.id() == "N4" {
            address(&at, errors);
        }
    }

    /// The set is at its end.
    pub(in crate::x12) fn finish(&mut self, errors: &mut Errors) {
        self.close_levels(0, errors);
    }

    fn level(&mut self, at: &At, errors: &mut Errors) {
        self.levels += 1;
        let number = at.segment.element(1);
        if number.parse() != Ok(self.levels) {
            let words = format!("is {number:?}; levels are numbered from 1 in each set, so this is {}", self.levels);
            at.fault(1, 628, "7", &words, errors);
        }
        let code = at.segment.element(3);
        // Claims have 20, 22, 23; eligibility 20, 21, 22, 23; claim status 20, 21, 19, 22, 23; reviews 20, 21, 22, 23, EV, SS.
        let above: &[&str] = match code {
            "21" => &["20"],
            "19" => &["21"],
            "22" => &["19", "21", "20"],
            "23" => &["22"],
            "EV" => &["23", "22"],
            "SS" => &["EV"],
            _ => &[],
        };
        let open = |code: &&str| self.path.iter().position(|level| level.code == *code);
        let parent = above.iter().find_map(open);
        self.close_levels(parent.map_or(0, |parent| parent + 1), errors);
        if let Some(parent) = self.path.last_mut() {
            parent.has_children = true;
            let named = at.segment.element(2);
            if named.parse() != Ok(parent.number) {
                let words = format!("is {named:?}; the level above is number {}", parent.number);
                at.fault(2, 734, "7", &words, errors);
            }
        }
        self.path.push(Level {
            number: self.levels,
            code: code.to_string(),
            announces_children: at.segment.element(4) == "1",
            has_children: false,
            position: at.position,
            inside: at.inside,
        });
    }

    /// Ends levels from a depth on; each must have had the children that its HL04 announced.
    fn close_levels(&mut self, depth: usize, errors: &mut Errors) {
        for level in self.path.drain(depth.min(self.path.len())..) {
            // HL04 of the billing provider has one code only; the table asks for it.
            if level.code == "22" && level.announces_children != level.has_children {
                let (value, words) = match level.has_children {
                    true => ("0", "is 0, but a patient level follows below; it must be 1"),
                    false => ("1", "is 1, but no patient level follows below; it must be 0"),
                };
                let fault = ElementFault {
                    element: 4,
                    component: 0,
                    number: 736,
                    code: "7",
                    value: value.into(),
                    words: words.into(),
                    name: "whether levels follow below",
                };
                errors.add_element("HL", level.position, level.inside, fault);
            }
        }
    }

    fn claim(&mut self, at: &At, errors: &mut Errors) {
        self.lines = 0;
        let is_stay = at.segment.component(5, 2) == "A" && STAYS.contains(&at.segment.component(5, 1));
        self.stay = Stay { needs_admission: is_stay, needs_admitting_diagnosis: is_stay };
        let causes = [at.segment.component(11, 1), at.segment.component(11, 2)];
        self.needs_accident_date = causes.iter().any(|cause| ["AA", "OA"].contains(cause));
        if causes.contains(&"AA") && at.segment.component(11, 4).is_empty() {
            let fault = ElementFault {
                element: 11,
                component: 4,
                number: 156,
                code: "2",
                value: String::new(),
                words: "is missing; an automobile accident needs its state".into(),
                name: "state of the accident",
            };
            errors.add_element("CLM", at.position, at.inside, fault);
        }
        if self.path.last().is_some_and(|level| level.code == "22") && !self.subscriber.told {
            self.subscriber.told = true;
            self.subscriber_as_patient(at, errors);
        }
    }

    /// A claim stands right below the subscriber: the subscriber is the patient, and more must be known of him.
    fn subscriber_as_patient(&self, at: &At, errors: &mut Errors) {
        let subscriber = &self.subscriber;
        if let (false, Some(inside)) = (subscriber.is_patient, subscriber.inside) {
            let fault = ElementFault {
                element: 2,
                component: 0,
                number: 1069,
                code: "2",
                value: String::new(),
                words:
                    "is missing; it must be 18, as the claim is for the subscriber (else a patient level is missing)"
                        .into(),
                name: "relationship",
            };
            return errors.add_element("SBR", subscriber.sbr_position, inside, fault);
        }
        let wanted = [("N3", subscriber.has_street), ("N4", subscriber.has_city), ("DMG", subscriber.has_birth_date)];
        for (id, _) in wanted.iter().filter(|(_, has)| !has) {
            let words = format!(
                "{id} is missing in loop 2010BA (subscriber); where the subscriber is the patient, it must be there"
            );
            at.missing(id, "2010BA", words, errors);
        }
    }

    fn line(&mut self, at: &At, errors: &mut Errors) {
        if std::mem::take(&mut self.needs_accident_date) {
            let words = "DTP*439 is missing in loop 2300 (claim); CLM11 names an accident, so its date must be there";
            at.missing("DTP", "2300", words.into(), errors);
        }
        let stay = std::mem::take(&mut self.stay);
        for (id, needed, what) in [
            ("DTP", stay.needs_admission, "DTP*435 is missing in loop 2300 (claim); a stay has a day of admission"),
            (
                "HI",
                stay.needs_admitting_diagnosis,
                "HI*ABJ is missing in loop 2300 (claim); a stay has an admitting diagnosis",
            ),
        ] {
            if needed {
                at.missing(id, "2300", what.into(), errors);
            }
        }
        self.lines += 1;
        let number = at.segment.element(1);
        if number.parse() != Ok(self.lines) {
            let words = format!("is {number:?}; lines are numbered from 1 in each claim, so this is {}", self.lines);
            at.fault(1, 554, "7", &words, errors);
        }
    }
}

/// A segment at its place.
struct At<'a> {
    inside: &'static Loop,
    segment: &'a Segment<'a>,
    position: u32,
}

impl At<'_> {
    fn fault(&self, element: u8, number: u16, code: &'static str, words: &str, errors: &mut Errors) {
        let fault = ElementFault {
            element,
            component: 0,
            number,
            code,
            value: self.segment.element(element.into()).to_string(),
            words: words.into(),
            name: name_of(number),
        };
        errors.add_element(self.segment.id(), self.position, self.inside, fault);
    }

    /// A segment that the situation asks for did not come; noticed here.
    fn missing(&self, id: &str, loop_id: &'static str, words: String, errors: &mut Errors) {
        errors.add(SyntaxError {
            segment: id.to_string(),
            position: self.position,
            loop_id,
            code: "I6",
            element: None,
            claim: String::new(),
            words,
        });
    }
}

fn name_of(number: u16) -> &'static str {
    match number {
        67 => "member number",
        116 => "ZIP code",
        156 => "state",
        554 => "line number",
        628 => "number",
        _ => "number of the level above",
    }
}

/// State and ZIP code must be there unless the address lies abroad.
fn address(at: &At, errors: &mut Errors) {
    if ["", "US", "CA"].contains(&at.segment.element(4)) {
        for (element, number) in [(2, 156), (3, 116)] {
            if at.segment.element(element.into()).is_empty() {
                let words = format!("is missing; an address in {} needs it", told_country(at.segment.element(4)));
                at.fault(element, number, "2", &words, errors);
            }
        }
    }
}

fn told_country(code: &str) -> &str {
    if code.is_empty() { "the United States" } else { code }
}

//! The interchange header: 106 bytes at fixed places, which also name the separators of all that follows.

use super::delimiters::Delimiters;
use super::writer::Party;
use crate::domain::dates;

/// Bytes of an ISA with its terminator.
pub const ISA_LENGTH: usize = 106;
/// What the ISA01 to ISA16 are called, and how many characters each has.
const ELEMENTS: [(&str, usize); 16] = [
    ("authorization qualifier", 2),
    ("authorization", 10),
    ("security qualifier", 2),
    ("security", 10),
    ("sender qualifier", 2),
    ("sender id", 15),
    ("receiver qualifier", 2),
    ("receiver id", 15),
    ("date", 6),
    ("time", 4),
    ("repetition separator", 1),
    ("version", 5),
    ("control number", 9),
    ("acknowledgment requested", 1),
    ("usage indicator", 1),
    ("component separator", 1),
];
/// ISA05 and ISA07 of the 5010 guides.
const ID_QUALIFIERS: [&str; 9] = ["01", "14", "20", "27", "28", "29", "30", "33", "ZZ"];

/// A fault of the interchange, as the TA1 reports it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InterchangeFault {
    /// TA105, three digits.
    pub note: &'static str,
    /// What is wrong and what would be right.
    pub words: String,
}

/// What the interchange header says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Isa {
    /// Who sent it (ISA05, ISA06).
    pub sender: Party,
    /// To whom (ISA07, ISA08).
    pub receiver: Party,
    /// `YYMMDD` as it came (ISA09).
    pub date: String,
    /// `HHMM` as it came (ISA10).
    pub time: String,
    /// `00501` (ISA12).
    pub version: String,
    /// Nine digits as they came (ISA13).
    pub control_number: String,
    /// `1` asks for a TA1 (ISA14).
    pub acknowledgment_requested: String,
    /// `T` test, `P` production (ISA15).
    pub usage: String,
    /// Its separators.
    pub delimiters: Delimiters,
    /// Where the interchange starts in the input.
    pub offset: u64,
    /// The first fault of the header, if it has one.
    pub fault: Option<InterchangeFault>,
}

/// Whether separators stand at all their fixed places: the bytes may well be an ISA.
pub(super) fn looks_like_isa(bytes: &[u8]) -> bool {
    bytes.len() >= ISA_LENGTH && bytes.starts_with(b"ISA") && misplaced(bytes).is_none()
}

/// The first element whose separator is not where it must be.
fn misplaced(bytes: &[u8]) -> Option<usize> {
    let separator = bytes.get(3)?;
    let mut at = 3;
    ELEMENTS.iter().enumerate().find_map(|(i, (_, width))| {
        let stands = bytes.get(at) == Some(separator);
        at += width + 1;
        (!stands).then_some(i)
    })
}

impl Isa {
    /// Reads the header from the first [`ISA_LENGTH`] bytes of an interchange; `Err` says what keeps it from being read.
    pub fn read(bytes: &[u8], offset: u64) -> Result<Isa, String> {
        let text = bytes.get(..ISA_LENGTH).ok_or_else(|| {
            format!("the input ends inside the ISA segment: {} of {ISA_LENGTH} bytes are there", bytes.len())
        })?;
        if let Some(i) = misplaced(text) {
            let before = i.checked_sub(1).and_then(|before| ELEMENTS.get(before));
            let (name, width) = before.copied().unwrap_or_default();
            return Err(format!(
                "ISA{i:02} ({name}) does not end where it must: it has exactly {width} characters; pad ids with spaces, \
                 numbers with zeros"
            ));
        }
        let Ok(text) = std::str::from_utf8(text) else {
            return Err("the ISA segment holds characters outside ASCII".to_string());
        };
        let byte = |at: usize| text.as_bytes().get(at).copied().unwrap_or(0);
        let delimiters =
            Delimiters { element: byte(3), repetition: byte(82), component: byte(104), terminator: byte(105) };
        let mut elements = text.split(char::from(delimiters.element)).map(str::to_string).skip(1);
        let mut next = || elements.next().unwrap_or_default();
        let [authorization, _, security, _] = [next(), next(), next(), next()];
        let mut party = || Party { qualifier: next(), id: next().trim_end().to_string() };
        let [sender, receiver] = [party(), party()];
        let mut isa = Isa {
            sender,
            receiver,
            date: next(),
            time: next(),
            version: {
                next();
                next()
            },
            control_number: next(),
            acknowledgment_requested: next(),
            usage: next(),
            delimiters,
            offset,
            fault: None,
        };
        isa.fault = isa.delimiter_fault().or_else(|| isa.header_fault(&authorization, &security));
        Ok(isa)
    }

    /// Whether the separators can be told from each other and from data; if not, nothing after the ISA can be read.
    pub fn delimiters_hold(&self) -> bool {
        self.delimiter_fault().is_none()
    }

    fn delimiter_fault(&self) -> Option<InterchangeFault> {
        let Delimiters { element, repetition, component, terminator } = self.delimiters;
        let places = [
            ("004", "the segment terminator (byte 106)", terminator),
            ("026", "the element separator (byte 4)", element),
            ("027", "the component separator (ISA16)", component),
            // The note codes have none for the repetition separator; 016 is the one for ISA11.
            ("016", "the repetition separator (ISA11)", repetition),
        ];
        let unfit = |byte: u8| !byte.is_ascii() || byte.is_ascii_alphanumeric() || byte == b' ' || byte == 0;
        places.iter().enumerate().find_map(|(i, (note, name, byte))| {
            let twice = places.iter().skip(i + 1).any(|(_, _, other)| other == byte);
            (unfit(*byte) || twice).then(|| InterchangeFault {
                note,
                words: format!(
                    "{name} is {:?}; it must be a character that is no letter, digit or space and has no other role",
                    char::from(*byte)
                ),
            })
        })
    }

    fn header_fault(&self, authorization: &str, security: &str) -> Option<InterchangeFault> {
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let checks: [(bool, &'static str, &str, &str, &str); 11] = [
            (["00", "03"].contains(&authorization), "010", "ISA01", authorization, "00 or 03"),
            (["00", "01"].contains(&security), "012", "ISA03", security, "00 or 01"),
            (
                ID_QUALIFIERS.contains(&self.sender.qualifier.as_str()),
                "005",
                "ISA05",
                &self.sender.qualifier,
                "such as ZZ or 30",
            ),
            (!self.sender.id.is_empty(), "006", "ISA06", "", "the sender's id"),
            (
                ID_QUALIFIERS.contains(&self.receiver.qualifier.as_str()),
                "007",
                "ISA07",
                &self.receiver.qualifier,
                "such as ZZ or 30",
            ),
            (!self.receiver.id.is_empty(), "008", "ISA08", "", "the receiver's id"),
            (self.version == "00501", "017", "ISA12", &self.version, "00501"),
            (dates::parse_d8(&format!("20{}", self.date)).is_some(), "014", "ISA09", &self.date, "a date as YYMMDD"),
            (
                digits(&self.time) && self.time.as_str() < "2400" && self.time.get(2..) < Some("60"),
                "015",
                "ISA10",
                &self.time,
                "a time as HHMM",
            ),
            (digits(&self.control_number), "018", "ISA13", &self.control_number, "nine digits"),
            (
                ["0", "1"].contains(&self.acknowledgment_requested.as_str()),
                "019",
                "ISA14",
                &self.acknowledgment_requested,
                "0 or 1",
            ),
        ];
        checks
            .into_iter()
            .find(|(holds, ..)| !holds)
            .map(|(_, note, element, value, right)| InterchangeFault {
                note,
                words: format!("{element} is {value:?}; it must be {right}"),
            })
            .or_else(|| self.usage_fault())
    }

    fn usage_fault(&self) -> Option<InterchangeFault> {
        (!["T", "P"].contains(&self.usage.as_str())).then(|| InterchangeFault {
            note: "020",
            words: format!("ISA15 is {:?}; it must be T (test) or P (production)", self.usage),
        })
    }

    /// The fault of a production interchange (ISA15 `P`), for a payer that takes test data only.
    pub fn production_fault(&self) -> Option<InterchangeFault> {
        (self.usage == "P").then(|| InterchangeFault {
            note: "020",
            words: "ISA15 is P (production), but this is a simulation: send T (test), or let the sandbox accept P"
                .into(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub const ISA: &str =
        "ISA*00*          *00*          *ZZ*SUBMITTER      *ZZ*PAYERSIM       *260309*0705*^*00501*000000012*0*T*:~";

    #[test]
    fn separators_and_ids_come_from_their_places() {
        let isa = Isa::read(ISA.replace('*', "|").replace('~', "\n").as_bytes(), 7).unwrap();
        assert_eq!(isa.delimiters, Delimiters { element: b'|', terminator: b'\n', ..Delimiters::USUAL });
        assert_eq!((isa.sender.id.as_str(), isa.control_number.as_str(), isa.offset), ("SUBMITTER", "000000012", 7));
        assert_eq!(isa.fault, None);
    }

    #[test]
    fn a_header_that_cannot_be_read_says_which_element_to_mend() {
        let short = Isa::read(ISA.replace("PAYERSIM  ", "PAYERSIM").as_bytes(), 0).unwrap_err();
        assert!(short.contains("the input ends inside the ISA segment: 104 of 106"), "{short}");
        let shifted = Isa::read(format!("{}GS*HC", ISA.replace("PAYERSIM  ", "PAYERSIM")).as_bytes(), 0).unwrap_err();
        assert!(shifted.contains("ISA08 (receiver id)") && shifted.contains("15 characters"), "{shifted}");
    }

    #[test]
    fn each_fault_of_the_header_has_its_note_code() {
        for (from, to, note) in [
            ("*260309*", "*260231*", "014"),
            ("*0705*", "*0765*", "015"),
            ("*00501*", "*00401*", "017"),
            ("*000000012*", "*00000001A*", "018"),
            ("*0*T*", "*2*T*", "019"),
            ("*0*T*", "*0*X*", "020"),
            ("*ZZ*SUBMITTER", "*AA*SUBMITTER", "005"),
            ("SUBMITTER", "         ", "006"),
            ("*ZZ*PAYERSIM", "*99*PAYERSIM", "007"),
            ("*00*          *00*", "*09*          *00*", "010"),
            ("*^*", "*U*", "016"),
            ("*:~", "*^~", "027"),
            ("*:~", "*::", "004"),
        ] {
            let isa = Isa::read(ISA.replacen(from, to, 1).as_bytes(), 0).unwrap();
            assert_eq!(isa.fault.unwrap().note, note, "{from} -> {to}");
        }
    }

    #[test]
    fn production_is_a_fault_only_where_asked() {
        let isa = Isa::read(ISA.replace("*T*", "*P*").as_bytes(), 0).unwrap();
        assert_eq!(isa.fault, None);
        assert_eq!(isa.production_fault().unwrap().note, "020");
    }
}

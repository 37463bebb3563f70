//! Attachments of a 275 (005010X210): who sends which bytes for which claim.

use std::ops::Range;

use super::delimiters::Delimiters;
use super::segments::{SegmentError, SegmentReader, Source};

/// A set: one claim's attachments.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Attachments {
    /// The payer's number (1000A NM109).
    pub payer_id: String,
    /// The provider's NPI (1000C NM109).
    pub npi: String,
    /// The payer's control number of the claim (REF*1K).
    pub claim_control_number: String,
    /// What is attached.
    pub attachments: Vec<Attachment>,
}

/// One attachment (2000A).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Attachment {
    /// It answers a request (TRN01 2), whose number it carries; else the number that the claim gives it.
    pub solicited: bool,
    /// TRN02.
    pub control_number: String,
    /// LOINC code of the question that it answers (STC01-2); empty: none is said.
    pub loinc: String,
    /// Format of what is attached, as CAT02 has it.
    pub format: String,
    /// Where its bytes stand in the source.
    pub content: Range<u64>,
}

/// Reads a set that the examination accepted, from its span in the source that was examined.
pub fn read<S: Source + ?Sized>(
    source: &S,
    span: Range<u64>,
    delimiters: Delimiters,
) -> Result<Attachments, SegmentError> {
    let mut segments = SegmentReader::new(source, span, delimiters);
    let mut set = Attachments::default();
    while let Some(segment) = segments.read()? {
        match (segment.id(), segment.element(1)) {
            ("NM1", "PR") => set.payer_id = segment.element(9).to_owned(),
            ("NM1", "1P") => set.npi = segment.element(9).to_owned(),
            ("REF", "1K") if set.attachments.is_empty() => set.claim_control_number = segment.element(2).to_owned(),
            ("LX", _) => set.attachments.push(Attachment::default()),
            _ => {}
        }
        let Some(attachment) = set.attachments.last_mut() else { continue };
        match segment.id() {
            "TRN" => {
                attachment.solicited = segment.element(1) == "2";
                attachment.control_number = segment.element(2).to_owned();
            }
            "STC" if segment.component(1, 4) == "LOI" => attachment.loinc = segment.component(1, 2).to_owned(),
            "CAT" => attachment.format = segment.element(2).to_owned(),
            "BIN" => attachment.content = segment.data(),
            _ => {}
        }
    }
    Ok(set)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attachment_is_read_whatever_its_bytes_are() {
        let text = "NM1*PR*2*PAYER*****PI*DEMO1~NM1*1P*2*CLINIC*****XX*2000000036~REF*1K*00000000420003~LX*1~TRN*2*D1~\
                    STC*R4:11504-8::LOI~CAT*AE*TX~BIN*9*a~b*c\r\n:^~LX*2~TRN*1*HEART1~BIN*1*x~SE*9*0001~";
        let read = read(text.as_bytes(), 0..u64::MAX, Delimiters::USUAL).unwrap();
        assert_eq!((read.payer_id.as_str(), read.npi.as_str()), ("DEMO1", "2000000036"));
        assert_eq!(read.claim_control_number, "00000000420003");
        let content = |at: usize| {
            let Range { start, end } = read.attachments[at].content.clone();
            &text[usize::try_from(start).unwrap()..usize::try_from(end).unwrap()]
        };
        assert_eq!((content(0), content(1)), ("a~b*c\r\n:^", "x"));
        let first = &read.attachments[0];
        assert_eq!((first.solicited, first.control_number.as_str(), first.loinc.as_str()), (true, "D1", "11504-8"));
        assert!(!read.attachments[1].solicited);
    }
}

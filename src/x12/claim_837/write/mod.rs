//! Claims as an 837P (005010X222A1) or 837I (005010X223A2): the reading, turned round.
//!
//! One interchange, one group and set for each run of claims of one kind, one billing provider level for each run of claims
//! of one provider. What a claim said in segments that have no field (`unmapped_segments`) is not written. Names that the
//! guide requires and the message leaves out are written as `UNKNOWN`.

mod institutional;
mod levels;
mod lines;
mod other_payers;
mod professional;
mod shared;

use super::super::writer::{InterchangeHeader, SegmentWriter};
use super::{guide_837i, guide_837p};
use crate::proto::v1::claim::Billed;

/// Most claims of a set (the guides' own limit).
const CLAIMS_OF_A_SET: usize = 5_000;

/// Who sends or receives, by name and id (loops 1000A and 1000B).
#[derive(Clone, Copy, Debug)]
pub struct Correspondent<'a> {
    /// Name.
    pub name: &'a str,
    /// Id (NM109).
    pub id: &'a str,
    /// Telephone of the contact; the sender's only.
    pub phone: &'a str,
}

/// An interchange with these claims, in their order.
pub fn write(header: &InterchangeHeader, from: Correspondent, to: Correspondent, claims: &[&Billed]) -> Vec<u8> {
    let mut out = SegmentWriter::new(header);
    let of_one_kind = claims.chunk_by(|a, b| a.kind() == b.kind());
    for (number, of_a_kind) in (header.control_number..).zip(of_one_kind) {
        let institutional = matches!(of_a_kind.first(), Some(Billed::Institutional(_)));
        let guide = if institutional { guide_837i::GUIDE.id } else { guide_837p::GUIDE.id };
        out.group("HC", from.id, to.id, number, guide);
        for (set, claims) in (1..).zip(of_a_kind.chunks(CLAIMS_OF_A_SET)) {
            out.set("837", set, guide);
            begin(&mut out, header, from, to);
            let mut levels = 0;
            for of_a_provider in claims.chunk_by(|a, b| levels::same_provider(a, b)) {
                levels::billing(&mut out, &mut levels, of_a_provider);
            }
        }
    }
    out.finish()
}

/// BHT, submitter and receiver.
fn begin(out: &mut SegmentWriter, header: &InterchangeHeader, from: Correspondent, to: Correspondent) {
    let date = crate::domain::dates::d8(header.at.date());
    let time = format!("{:02}{:02}", header.at.hour(), header.at.minute());
    out.segment("BHT", &["0019", "00", &header.control_number.to_string(), &date, &time, "CH"]);
    out.segment("NM1", &["41", "2", shared::or(from.name, "UNKNOWN"), "", "", "", "", "46", from.id]);
    out.segment("PER", &["IC", "CONTACT", "TE", shared::or(from.phone, "5555550100")]);
    out.segment("NM1", &["40", "2", shared::or(to.name, "UNKNOWN"), "", "", "", "", "46", to.id]);
}

#[cfg(test)]
mod tests;

//! TA1: whether the envelope of an interchange could be read.

use super::super::isa::{InterchangeFault, Isa};
use super::super::writer::{InterchangeHeader, SegmentWriter};

/// Writes an interchange that holds one TA1 and no group. An interchange with a fault is rejected whole.
pub fn ta1(header: &InterchangeHeader, isa: &Isa, fault: Option<&InterchangeFault>) -> Vec<u8> {
    let is_number = isa.control_number.bytes().all(|byte| byte.is_ascii_digit());
    let number = if is_number { &isa.control_number } else { "000000000" };
    let (code, note) = fault.map_or(("A", "000"), |fault| ("R", fault.note));
    let mut out = SegmentWriter::new(header);
    out.segment("TA1", &[number, &isa.date, &isa.time, code, note]);
    out.finish()
}

//! Answers to an interchange: was it readable (TA1), is it by the guide (999), is each claim taken in (277CA).

mod ack_277ca;
mod ack_999;
mod ta1;

use jiff::civil::DateTime;

pub use self::ack_277ca::{Ack277ca, Transmission};
pub use self::ack_999::Ack999;
pub use self::ta1::ta1;
use super::delimiters::Delimiters;
use super::isa::Isa;
use super::writer::InterchangeHeader;

/// The header of an answer: sender and receiver change sides, the separators stay if they can.
pub fn answer_to(isa: &Isa, at: DateTime, control_number: u32) -> InterchangeHeader {
    // Amounts, dates and our words need these.
    let in_our_data = *b".-,;'()\"";
    let fits = isa.delimiters_hold() && !in_our_data.iter().any(|byte| isa.delimiters.contains(*byte));
    InterchangeHeader {
        sender: isa.receiver.clone(),
        receiver: isa.sender.clone(),
        at,
        control_number,
        delimiters: if fits { isa.delimiters } else { Delimiters::USUAL },
    }
}

#[cfg(test)]
mod tests;

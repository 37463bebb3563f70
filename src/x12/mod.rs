//! Floor 3, X12 5010: bytes to messages and back. Pure: dates, times and control numbers come in as arguments.

pub mod delimiters;
pub mod envelope;
pub mod events;
pub mod isa;
pub mod remittance_835;
pub mod segments;
pub mod writer;

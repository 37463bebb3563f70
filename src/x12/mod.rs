//! Floor 3, X12 5010: bytes to messages and back. Pure: dates, times and control numbers come in as arguments.

pub mod acknowledgments;
pub mod ccd_plus;
pub mod claim_837;
pub mod delimiters;
mod dictionary;
pub mod elements;
pub mod envelope;
pub mod events;
pub mod examination;
pub mod guide;
mod guide_837;
pub mod guide_837i;
pub mod guide_837p;
pub mod isa;
pub mod remittance_835;
pub mod segments;
mod service_id;
pub mod syntax;
pub mod walk;
pub mod writer;

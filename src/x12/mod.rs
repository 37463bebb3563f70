//! Floor 3, X12 5010: bytes to messages and back. Pure: dates, times and control numbers come in as arguments.

pub mod acknowledgments;
pub mod ccd_plus;
pub mod claim_837;
pub mod claim_status_276;
pub mod claim_status_277;
pub mod delimiters;
mod dictionary;
pub mod elements;
pub mod eligibility_270;
pub mod eligibility_271;
pub mod envelope;
pub mod events;
pub mod examination;
pub mod guide;
pub mod guide_270;
pub mod guide_276;
mod guide_837;
pub mod guide_837i;
pub mod guide_837p;
mod inquiry;
pub mod isa;
pub mod remittance_835;
pub mod segments;
mod service_id;
pub mod syntax;
pub mod walk;
pub mod writer;

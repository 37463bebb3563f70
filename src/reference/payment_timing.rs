//! Days that Medicare's rules set for paying and taking back, counted from the day after receipt or after the demand.

use crate::domain::payment::PaymentWindow;

/// Claims that came electronically: paid on the 14th day at the earliest, with interest from the 31st (Medicare Claims Processing
/// Manual, chapter 1, sections 80.2.1.1 and 80.2.1.2; section 1842(c) of the Social Security Act).
pub const MEDICARE_ELECTRONIC: PaymentWindow = PaymentWindow { floor: 14, ceiling: Some(30) };

/// Claims that came on paper: paid on the 29th day at the earliest, with interest from the 31st (the same sections).
pub const MEDICARE_PAPER: PaymentWindow = PaymentWindow { floor: 29, ceiling: Some(30) };

/// An overpayment is recouped from the 41st day after the demand (42 CFR 405.379; Medicare Financial Management Manual, chapter 3,
/// section 200).
pub const MEDICARE_RECOUPMENT_DAYS: i32 = 41;

/// Most claims of one remittance: the 835 guide advises no more CLP segments in one transaction set (005010X221A1, section 1.3.2).
pub const MAX_CLAIMS_OF_REMITTANCE: i32 = 10_000;

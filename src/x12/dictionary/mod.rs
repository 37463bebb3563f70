//! Segments of the base standard 005010 that the guides use: data element numbers, kinds and lengths.
//! After a segment's id stands how many elements it has; those at its end that no guide here uses are not described.
//! The names are our own.

mod attachments;
mod inquiries;
mod parties;
mod services;
mod services_review;

pub(super) use attachments::{BGN, BIN, CAT, EFI, STC};
pub(super) use inquiries::{EQ, III, INS, SVC, TRN};
pub(super) use parties::{BHT, CUR, DMG, HL, N3, N4, NM1, PAT, PER, PRV, REF, SBR};
pub(super) use services::{
    AMT, CAS, CL1, CLM, CN1, CR1, CR2, CR3, CRC, CTP, DTP, FRM, HCP, HI, K3, LIN, LQ, LX, MEA, MIA, MOA, NTE, OI, PS1,
    PWK, QTY, SV1, SV2, SV5, SVD,
};

pub(super) use services_review::{HSD, MSG, UM};

use super::guide::Element;
use super::guide::Kind::Id;

/// Most segments tell their uses apart by their first element.
const FIRST: Option<(u8, u8)> = Some((1, 0));
const YES_NO: Element = super::guide::element(1073, Id, 1, 1, "yes or no");

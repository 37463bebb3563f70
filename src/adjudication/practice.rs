//! One practice: services by the same physician, or by physicians of one group and one specialty, whom Medicare treats as one.
//!
//! A group is a tax number of billers; a specialty is a taxonomy code on record. Who has none on record stands for himself.

use super::case::{Case, Service, provider};
use crate::domain::codes::Npi;
use crate::domain::determination::HistoryLine;

impl Case<'_> {
    /// Whether an earlier service was one practice's with a line of this claim.
    pub fn is_of_practice(&self, service: &Service<'_>, past: &HistoryLine) -> bool {
        past.rendering_npi == service.line.rendering_npi
            || (past.claim.billing_tax_id == self.file.claim.billing_tax_id
                && self.share_specialty(service, past.rendering_npi))
    }

    /// Whether two lines of this claim are of one practice.
    pub fn share_practice(&self, service: &Service<'_>, other: &Service<'_>) -> bool {
        let npi = other.line.rendering_npi;
        npi == service.line.rendering_npi || self.share_specialty(service, npi)
    }

    fn share_specialty(&self, service: &Service<'_>, other: Npi) -> bool {
        let Some(own) = service.rendering.filter(|own| !own.taxonomy.is_empty()) else { return false };
        provider(self.file, other).is_some_and(|other| other.taxonomy == own.taxonomy)
    }
}

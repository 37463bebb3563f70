//! Authorizations and referrals: name the one on file, or ask for one.

use rust_decimal::Decimal;

use super::{Change, Outlook, Path, Seen};
use crate::domain::member::Authorization;

/// The number is missing, wrong, or used up.
pub(super) fn authorization(seen: &Seen<'_, '_>) -> Outlook {
    let named = &seen.service.line.authorization_number;
    let mut outlook = Outlook::default();
    for found in on_file(seen, false).filter(|found| found.number != *named) {
        outlook = outlook.form(Change::Authorization(seen.at(), found.number.clone()));
    }
    let late = if seen.carc == "198" {
        "the payer authorizes the units beyond"
    } else {
        "the payer authorizes it after the fact"
    };
    outlook
        .only_if(Change::ObtainAuthorization(seen.at()), late)
        .advice(Path::Appeal, "Appeal with records that show why it could not be asked for in time, or an emergency; a reviewer may overturn it, which no decision here verifies.")
}

/// The plan is gated.
pub(super) fn referral(seen: &Seen<'_, '_>) -> Outlook {
    let named = &seen.service.line.referral_number;
    let mut outlook = Outlook::default();
    for found in on_file(seen, true).filter(|found| found.number != *named) {
        outlook = outlook.form(Change::Referral(seen.at(), found.number.clone()));
    }
    let outlook = outlook.only_if(
        Change::ObtainReferral(seen.at()),
        "the primary care provider referred, and the plan takes the referral after the fact",
    );
    if seen.patient_bears {
        return outlook.advice(Path::Patient, "The patient went without a referral and owes it.");
    }
    outlook
}

/// What is on file for the patient, procedure, day and provider, with something left of it.
fn on_file<'s>(seen: &'s Seen<'_, '_>, referral: bool) -> impl Iterator<Item = &'s Authorization> {
    let (file, line) = (seen.case.file, seen.service.line);
    let member = seen.case.member().map(|member| member.member_id.as_str());
    let fits = move |found: &&Authorization| {
        let by = |npi| npi == line.rendering_npi || npi == file.claim.billing_npi;
        let taken = file.authorization_uses.iter().filter(|taken| taken.number == found.number);
        let taken: Decimal = taken.map(|taken| taken.units).sum();
        found.referral == referral
            && Some(found.member_id.as_str()) == member
            && (found.procedures.ranges().is_empty() || found.procedures.contains(line.procedure))
            && found.period.contains(line.from)
            && found.period.contains(line.through)
            && found.npi.is_none_or(by)
            && found.units.is_none_or(|units| units > taken)
    };
    file.authorizations.iter().filter(fits)
}

//! Providers: enrolled, in the network, named where the payer asks for them.

use super::{Change, Outlook, Path, Seen};

/// Not enrolled on the day.
pub(super) fn ineligible(seen: &Seen<'_, '_>) -> Outlook {
    let (file, line) = (seen.case.file, seen.service.line);
    let mut outlook = Outlook::default();
    for npi in [line.rendering_npi, file.claim.billing_npi] {
        let known = file.providers.iter().find(|provider| provider.npi == npi);
        let not_then = known.is_some_and(|provider| provider.enrollment_on(line.from).is_none());
        if not_then && outlook.ideas.iter().all(|idea| idea.change != Change::Enroll(npi)) {
            outlook = outlook.only_if(Change::Enroll(npi), "the payer enrolls the provider back to that day");
        }
    }
    outlook.advice(
        Path::Dispute,
        "A dispute under the contract, with proof that the provider was enrolled or credentialed that day.",
    )
}

/// The plan pays nothing out of network.
pub(super) fn outside(seen: &Seen<'_, '_>) -> Outlook {
    let outlook = Outlook::default().advice(
        Path::Appeal,
        "If nobody in the network could have given the service in time, the member may appeal for an exception; a reviewer may grant it, which no decision here verifies.",
    );
    if seen.patient_bears { outlook.advice(Path::Patient, "Else the patient owes it.") } else { outlook }
}

/// A provider is not named.
pub(super) fn not_named(seen: &Seen<'_, '_>) -> Outlook {
    let own = seen.service.cover.and_then(|cover| cover.coverage.primary_care_npi);
    let billing = seen.case.file.claim.billing_npi;
    let mut outlook = Outlook::default();
    for npi in own.into_iter().chain([seen.service.line.rendering_npi, billing]) {
        outlook = outlook
            .only_if(Change::Ordering(seen.at(), npi), "that provider ordered it")
            .only_if(Change::Referring(npi), "that provider referred");
    }
    outlook.advice(Path::NewClaim, "Name the provider who ordered or referred, by NPI.")
}

/// Not for that kind of provider, or not for several of them.
pub(super) fn wrong_kind(seen: &Seen<'_, '_>) -> Outlook {
    let outlook = Outlook::default()
        .advice(Path::Nothing, "Nothing this provider can do would pay: the plan pays the service to providers of another kind.")
        .advice(Path::Dispute, "If the payer has the provider's specialty wrong, have the record corrected; then the claim is decided again.");
    if seen.patient_bears { outlook.advice(Path::Patient, "Else the patient owes it.") } else { outlook }
}

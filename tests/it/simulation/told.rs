//! What claims are told by markers, as the auditor reads them: what stands last in the provider's number, letter by letter.

use payersim::proto::v1 as pb;

/// Denied, all of it.
pub const DENIED: &str = "+CO50";
/// The first line denied.
pub const LINE_DENIED: &str = "+L1CO97";
/// Set aside for a person.
pub const PENDED: &str = "+PEND";
/// Turned away.
pub const TURNED_AWAY: &str = "+REJ.A7.562.85";
/// No more than 25.00 a line.
pub const AT_MOST: (&str, i64) = ("+MAX25.00", 2_500);
/// Due no sooner than so many days after the decision.
pub const DUE_LATER: (&str, i64) = ("+DUE40", 40);
/// No marker.
const NONSENSE: &str = "+OOPS";

/// All of them.
pub const MARKERS: [&str; 7] = [DENIED, LINE_DENIED, PENDED, TURNED_AWAY, AT_MOST.0, DUE_LATER.0, NONSENSE];

/// Whether a claim is told so.
pub fn is_told(claim: &pb::ProfessionalClaim, marker: &str) -> bool {
    claim.patient_control_number.ends_with(marker)
}

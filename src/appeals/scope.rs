//! What cannot be appealed: each refusal with what it rests on and the right path.

use super::filing::{ClaimStanding, ClaimSubject, Denial, Filer, Filing, Refusal, RequestStanding, Subject};
use super::{EvidenceKind, Hearer, Regime, Terms};
use crate::domain::appeal_terms::Regime::{
    EmployerPlan, IndividualMarket, MedicareAdvantage, OriginalMedicare, ProviderDispute,
};
use crate::domain::codes::{Carc, Group, Rarc, carc, rarc};

/// Reasons that rest on medical judgment: necessity, setting, level of care, effectiveness.
const MEDICAL_JUDGMENT: &[Carc] = &[
    carc("39"),
    carc("40"),
    carc("50"),
    carc("54"),
    carc("55"),
    carc("56"),
    carc("58"),
    carc("150"),
    carc("151"),
    carc("152"),
    carc("153"),
    carc("154"),
    carc("186"),
];
/// Reasons that rest on enrollment and eligibility.
const ELIGIBILITY: &[Carc] =
    &[carc("26"), carc("27"), carc("31"), carc("32"), carc("33"), carc("34"), carc("140"), carc("177"), carc("200")];
/// Cut of Medicare's payments that the law sets.
const SEQUESTRATION: Carc = carc("253");
const FEE_SCHEDULE: Carc = carc("45");
const LATE: Carc = carc("29");
const UNPROCESSABLE: Rarc = rarc("MA130");
const NO_RIGHTS: Rarc = rarc("N83");

/// Whether a denial rests on medical judgment (45 CFR 147.136(d)(1)).
pub fn is_medical_judgment(carc: Carc) -> bool {
    MEDICAL_JUDGMENT.contains(&carc)
}

/// Whether a reason of X12's list 886, why a request is not certified as asked for, rests on medical judgment: necessity, level of care, the
/// diagnosis, effectiveness, how much is needed.
pub fn request_rests_on_judgment(reason: &str) -> bool {
    ["0F", "0G", "0R", "0T", "10", "14"].contains(&reason)
}

/// Whether a denial says that the claim could not be processed: a new claim, not an appeal.
pub fn is_unprocessable(denial: &Denial) -> bool {
    denial.rarcs.contains(&UNPROCESSABLE)
}

/// Why the whole matter cannot be appealed at this level, if it cannot.
pub(super) fn refusal(terms: &Terms<'_>, filing: &Filing<'_>) -> Option<Refusal> {
    not_against_a_request(filing)
        .or_else(|| wrong_regime(terms, filing))
        .or_else(|| not_a_decision(filing))
        .or_else(|| outside_external_review(filing))
}

/// Why one denial of a claim cannot be appealed at this level, if it cannot.
pub(super) fn refusal_of(filing: &Filing<'_>, claim: &ClaimSubject, denial: &Denial) -> Option<Refusal> {
    let regime = filing.level.regime;
    if is_unprocessable(denial) {
        return Some(Refusal {
            id: "unprocessable-claim",
            why: format!(
                "{} with MA130 says that the claim could not be processed: nothing was decided.",
                named(denial)
            ),
            authority: not_a_claim(regime),
            right_path: "Send a new, complete claim.",
        });
    }
    if denial.rarcs.contains(&NO_RIGHTS) {
        return Some(Refusal {
            id: "no-appeal-rights",
            why: format!(
                "{} carries N83: decided by the terms of a demonstration project, without a right to appeal.",
                named(denial)
            ),
            authority: "the demonstration project (remark N83)",
            right_path: "Ask the contractor that runs the project.",
        });
    }
    match regime {
        OriginalMedicare => of_original_medicare(denial),
        MedicareAdvantage | EmployerPlan | IndividualMarket => {
            of_member_regimes(filing, claim, denial).or_else(|| of_external_review(filing, claim, denial))
        }
        ProviderDispute => None,
    }
}

fn of_original_medicare(denial: &Denial) -> Option<Refusal> {
    if [FEE_SCHEDULE, SEQUESTRATION].contains(&denial.carc) {
        return Some(Refusal {
            id: "fee-schedule-amount",
            why: format!("{} is Medicare's own amount, of general applicability.", named(denial)),
            authority: "42 CFR 405.926(c); 42 U.S.C. 1395w-4(i)(1)",
            right_path: "Where the code, locality, place or modifier that priced it was wrong, ask for a reopening to correct it (42 CFR 405.980), or appeal saying so.",
        });
    }
    (denial.carc == LATE).then(|| Refusal {
        id: "filed-after-limit",
        why: format!("{}: that a claim came in late is no initial determination (remark N211).", named(denial)),
        authority: "42 CFR 405.926(n)",
        right_path: "Ask for an exception to the time limit for one of the reasons of 42 CFR 424.44(b).",
    })
}

fn of_member_regimes(filing: &Filing<'_>, claim: &ClaimSubject, denial: &Denial) -> Option<Refusal> {
    let regime = filing.level.regime;
    if !claim.contracted || claim.surprise_protected || denial.group == Group::PatientResponsibility {
        return None;
    }
    // In Medicare Advantage every denial that a contracted provider bears leaves the enrollee without liability.
    (denial.carc == FEE_SCHEDULE || regime == MedicareAdvantage).then(|| Refusal {
        id: if denial.carc == FEE_SCHEDULE { "contract-amount" } else { "no-liability" },
        why: format!("{} is between provider and payer: the patient does not owe it.", named(denial)),
        authority: provider_not_member(regime),
        right_path: "The provider may dispute it under its contract (level \"provider-dispute\").",
    })
}

fn of_external_review(filing: &Filing<'_>, claim: &ClaimSubject, denial: &Denial) -> Option<Refusal> {
    let level = filing.level;
    let in_scope = claim.surprise_protected || is_medical_judgment(denial.carc);
    if level.heard_by != Hearer::Independent || level.regime == MedicareAdvantage || in_scope {
        return None;
    }
    let authority = external_scope(level.regime);
    Some(if ELIGIBILITY.contains(&denial.carc) {
        Refusal {
            id: "external-eligibility",
            why: format!(
                "{} rests on eligibility or enrollment, which external review does not look at.",
                named(denial)
            ),
            authority,
            right_path: "Mend the enrollment with the employer or the exchange; after that ask the payer to decide the claim again.",
        }
    } else if denial.carc == LATE {
        Refusal {
            id: "external-timely-filing",
            why: format!(
                "{} rests on the day on which the claim came in, which is no medical judgment.",
                named(denial)
            ),
            authority,
            right_path: "Show the payer proof of timely filing in an internal appeal or, as a contracted provider, in a dispute; else court.",
        }
    } else {
        Refusal {
            id: "external-no-medical-judgment",
            why: format!(
                "{} rests neither on medical judgment nor on a rescission nor on the No Surprises Act.",
                named(denial)
            ),
            authority,
            right_path: "The internal decision is the payer's last; a court may review it (29 U.S.C. 1132(a) for employers' plans).",
        }
    })
}

/// The level belongs to another regime than the plan's, or the filer to another than the level's.
fn wrong_regime(terms: &Terms<'_>, filing: &Filing<'_>) -> Option<Refusal> {
    let regime = filing.level.regime;
    let refuse = |id, why: String, authority, right_path| Some(Refusal { id, why, authority, right_path });
    if regime == ProviderDispute && terms.regime == OriginalMedicare {
        return refuse(
            "no-contract",
            "Original Medicare has no contracts on disputes: providers appeal as beneficiaries do.".into(),
            "42 CFR 405.906",
            "Ask for a redetermination.",
        );
    }
    if regime != ProviderDispute && regime != terms.regime {
        return refuse(
            "wrong-regime",
            format!("The plan's decisions are appealed as {} has it, not as {}.", terms.regime.words(), regime.words()),
            "the plan",
            "Ask for a level of the plan's own regime.",
        );
    }
    let by_provider = matches!(filing.filer, Filer::Provider { .. });
    if regime == ProviderDispute && !by_provider {
        return refuse(
            "member-in-provider-dispute",
            "A provider dispute is the provider's.".into(),
            "the provider's contract with the payer",
            "Members, and who represents them, appeal under the plan's own regime.",
        );
    }
    match (regime, filing.filer) {
        (MedicareAdvantage | EmployerPlan | IndividualMarket, Filer::Provider { contracted: true }) => refuse(
            "contracted-provider",
            "A contracted provider that asks for its own payment has no member's appeal.".into(),
            provider_not_member(regime),
            "Dispute the decision under the contract (level \"provider-dispute\"), or appeal for the member as its representative.",
        ),
        (ProviderDispute, Filer::Provider { contracted: false }) => no_contract(terms.regime, filing),
        _ => None,
    }
}

fn no_contract(plan: Regime, filing: &Filing<'_>) -> Option<Refusal> {
    let surprise = matches!(&filing.subject, Subject::Claim(claim) if claim.surprise_protected);
    let (authority, right_path) = match plan {
        _ if surprise => (
            "45 CFR 149.510",
            "Open negotiation within 30 business days of the payment, then independent dispute resolution.",
        ),
        MedicareAdvantage => ("42 CFR 422.574(b)", "Ask for a reconsideration, with a waiver of liability."),
        _ => ("29 CFR 2560.503-1(b)(4)", "Appeal for the member as its authorized representative."),
    };
    Some(Refusal {
        id: "provider-without-contract",
        why: "Without a contract there is no dispute under one.".into(),
        authority,
        right_path,
    })
}

/// What was no decision, or is none any more, or is not what an appeal is for.
fn not_a_decision(filing: &Filing<'_>) -> Option<Refusal> {
    let regime = filing.level.regime;
    let Subject::Claim(claim) = &filing.subject else { return None };
    let refuse = |id, why: &str, authority, right_path| Some(Refusal { id, why: why.into(), authority, right_path });
    match claim.standing {
        ClaimStanding::Rejected => {
            return refuse(
                "rejected-claim",
                "The claim was turned away before it was decided (999 or 277CA).",
                not_a_claim(regime),
                "Mend what the 277CA names and send the claim anew.",
            );
        }
        ClaimStanding::Pended => {
            return refuse(
                "undecided-claim",
                "The claim waits: nothing is decided yet.",
                no_decision_yet(regime),
                "Give what the payer has asked for; appeal when the decision is told.",
            );
        }
        ClaimStanding::Replaced => {
            return refuse(
                "replaced-claim",
                "The decision was taken back: another claim, or another decision, stands in its place.",
                no_decision_yet(regime),
                "Appeal the decision that stands now.",
            );
        }
        ClaimStanding::Decided => {}
    }
    let only_a_correction = filing.documents.contains(&EvidenceKind::CorrectedClaim)
        && filing.documents.iter().all(|kind| *kind == EvidenceKind::CorrectedClaim);
    if only_a_correction {
        let (authority, right_path) = match regime {
            OriginalMedicare => (
                "42 CFR 405.927 and 405.980(a)(3)",
                "Ask for a reopening of a clerical error, or send a new claim; Part B takes no replacement (frequency 7).",
            ),
            _ => (
                "the payer's rules on corrected claims",
                "Send a corrected claim: frequency 7, naming the first claim's number (REF*F8).",
            ),
        };
        return refuse(
            "corrected-claim",
            "A correction of what was billed is no dispute of what was decided.",
            authority,
            right_path,
        );
    }
    claim.denials.is_empty().then(|| Refusal {
        id: "nothing-denied",
        why: "Nothing of the claim was denied, reduced or left to the patient.".into(),
        authority: no_decision_yet(regime),
        right_path: "There is nothing to appeal; what was billed wrongly is corrected.",
    })
}

/// What of a request for authorization is no decision that is appealed.
fn not_against_a_request(filing: &Filing<'_>) -> Option<Refusal> {
    let Subject::Authorization { standing, .. } = &filing.subject else { return None };
    let regime = filing.level.regime;
    let refuse = |id, why: &str, authority, right_path| Some(Refusal { id, why: why.into(), authority, right_path });
    match standing {
        _ if regime == OriginalMedicare => refuse(
            "no-initial-determination",
            "Whether Original Medicare affirms an item beforehand is no initial determination.",
            "42 CFR 405.926(t)",
            "Ask again with what was missing, as often as needed; or give the item, send the claim, and appeal its denial.",
        ),
        _ if regime == ProviderDispute => refuse(
            "nothing-billed",
            "A dispute under the contract is about payment, and nothing has been billed.",
            "the provider's contract with the payer",
            "The treating physician may appeal for the member under the plan's own regime.",
        ),
        RequestStanding::Pended => refuse(
            "undecided-request",
            "The request waits: nothing is decided yet.",
            no_decision_yet(regime),
            "Give what the payer has asked for; appeal when it is decided.",
        ),
        RequestStanding::NothingAgainst => refuse(
            "nothing-denied",
            "Nothing of the request was refused or cut down.",
            no_decision_yet(regime),
            "There is nothing to appeal.",
        ),
        RequestStanding::Against => None,
    }
}

/// What external review does not look at, besides claims.
fn outside_external_review(filing: &Filing<'_>) -> Option<Refusal> {
    let level = filing.level;
    let external = level.heard_by == Hearer::Independent && matches!(level.regime, EmployerPlan | IndividualMarket);
    let in_scope = match filing.subject {
        Subject::Claim(_) | Subject::Rescission => true,
        Subject::Authorization { medical_judgment, .. } => medical_judgment,
        Subject::Overpayment { .. } => false,
    };
    (external && !in_scope).then(|| Refusal {
        id: "external-no-medical-judgment",
        why: "The decision rests neither on medical judgment nor on a rescission nor on the No Surprises Act.".into(),
        authority: external_scope(level.regime),
        right_path: "The internal decision is the payer's last; a court may review it.",
    })
}

fn named(denial: &Denial) -> String {
    let place = if denial.line == 0 { "The claim's".to_owned() } else { format!("Line {}'s", denial.line) };
    format!("{place} {}-{}", denial.group, denial.carc)
}

fn not_a_claim(regime: Regime) -> &'static str {
    match regime {
        OriginalMedicare => "42 CFR 405.926(s)",
        MedicareAdvantage => "42 CFR 422.566(b)",
        EmployerPlan | IndividualMarket => "29 CFR 2560.503-1(e)",
        ProviderDispute => "the provider's contract with the payer",
    }
}

fn no_decision_yet(regime: Regime) -> &'static str {
    match regime {
        OriginalMedicare => "42 CFR 405.940",
        MedicareAdvantage => "42 CFR 422.578",
        EmployerPlan | IndividualMarket => "29 CFR 2560.503-1(m)(4)",
        ProviderDispute => "the provider's contract with the payer",
    }
}

/// Payment between payer and contracted provider is no member's benefit.
fn provider_not_member(regime: Regime) -> &'static str {
    match regime {
        MedicareAdvantage => "42 CFR 422.562(c)(2) and 422.574",
        _ => "29 CFR 2560.503-1(e); Department of Labor, FAQ A-8 on the claims procedure regulation",
    }
}

pub(super) fn external_scope(regime: Regime) -> &'static str {
    match regime {
        IndividualMarket => "45 CFR 147.136(d)(1)",
        _ => "29 CFR 2590.715-2719(d)(1)",
    }
}

//! Who may appeal, and the papers that show it.

use super::calendar::{Deadline, after, filing_time, to_file};
use super::filing::{Dismissal, Examined, Expedite, Filer, Filing, Incompletion};
use super::hearing::decide_by;
use super::{EvidenceKind, Opens, Regime, Terms, Time, Timing};

/// Days in which a representative's paper that is missing may be given, where the law leaves them to whoever hears the appeal.
const DAYS_TO_CURE: Time = Time::Days(14);

/// What stands in the filer's way; `None`: nothing.
pub(super) fn objection(terms: &Terms<'_>, filing: &Filing<'_>) -> Option<Examined> {
    let timing = filing.subject.timing();
    let urgent = filing.expedite == Expedite::PhysicianSays;
    let paper = |kind, authority| missing(terms, filing, kind, authority);
    let no_party = |why: &str, authority, remedy: &str| {
        Some(Examined::Dismiss(Dismissal {
            id: "no-party",
            why: why.to_owned(),
            authority,
            remedy: remedy.to_owned(),
            refile_by: still_open(terms, filing),
            vacate_by: vacate_by(filing),
        }))
    };
    match (filing.level.regime, filing.filer) {
        (_, Filer::Member) | (Regime::ProviderDispute, _) => None,
        (_, Filer::Other) => no_party(
            "Who asks is neither a party to the decision nor represents one.",
            parties(filing.level.regime),
            "A party may ask, or appoint a representative.",
        ),
        (regime, Filer::Representative) => paper(EvidenceKind::AppointmentOfRepresentative, appointment(regime)),
        (Regime::OriginalMedicare, Filer::Provider { contracted: true }) => None,
        (Regime::OriginalMedicare, Filer::Provider { contracted: false }) => no_party(
            "A supplier that did not accept assignment is no party to the decision.",
            "42 CFR 405.906(a)(2) and 405.952(b)(1)",
            "The beneficiary may ask, or transfer the right to appeal (form CMS-20031, 42 CFR 405.912).",
        ),
        (Regime::OriginalMedicare, Filer::Assignee) => paper(EvidenceKind::TransferOfAppealRights, "42 CFR 405.912(c)"),
        (Regime::OriginalMedicare, Filer::TreatingPhysician) => {
            paper(EvidenceKind::AppointmentOfRepresentative, "42 CFR 405.910")
        }
        (Regime::MedicareAdvantage, Filer::TreatingPhysician) if timing == Timing::PreService => None,
        (Regime::MedicareAdvantage, Filer::TreatingPhysician | Filer::Assignee | Filer::Provider { .. }) => {
            waiver(timing, paper, no_party)
        }
        (Regime::EmployerPlan | Regime::IndividualMarket, Filer::TreatingPhysician) if urgent => None,
        (
            Regime::EmployerPlan | Regime::IndividualMarket,
            Filer::Provider { .. } | Filer::Assignee | Filer::TreatingPhysician,
        ) => paper(EvidenceKind::AppointmentOfRepresentative, appointment(filing.level.regime)),
    }
}

/// A provider without a contract may have a payment reconsidered if it promises not to bill the enrollee.
fn waiver(
    timing: Timing,
    paper: impl Fn(EvidenceKind, &'static str) -> Option<Examined>,
    no_party: impl Fn(&str, &'static str, &str) -> Option<Examined>,
) -> Option<Examined> {
    match timing {
        Timing::PostService => paper(EvidenceKind::WaiverOfLiability, "42 CFR 422.574(b)"),
        Timing::PreService => no_party(
            "Before the service a provider asks for the enrollee, as the treating physician or a representative.",
            "42 CFR 422.578",
            "The treating physician may ask on the enrollee's behalf.",
        ),
    }
}

fn missing(terms: &Terms<'_>, filing: &Filing<'_>, kind: EvidenceKind, authority: &'static str) -> Option<Examined> {
    if filing.documents.contains(&kind) {
        return None;
    }
    let level = filing.level;
    let cure_by = match level.regime {
        // The plan waits as long as it would have had to decide, and then dismisses.
        Regime::MedicareAdvantage => decide_by(terms, level, filing.subject.timing(), false, filing.filed),
        _ => later(after(filing.filed, DAYS_TO_CURE, false), still_open(terms, filing)),
    };
    Some(Examined::Incomplete(Incompletion {
        missing: vec![],
        documents: vec![kind],
        cure_by,
        why: format!("Who asks for somebody else must show the right to: the {} is missing.", kind.words()),
        authority,
        then: "dismissed: who asked has not shown the right to",
    }))
}

/// The last day to file, while it has not passed.
pub(super) fn still_open(terms: &Terms<'_>, filing: &Filing<'_>) -> Option<Deadline> {
    last_day(terms, filing).filter(|deadline| !deadline.missed(filing.filed))
}

/// The last day to file; `None`: there is none.
pub(super) fn last_day(terms: &Terms<'_>, filing: &Filing<'_>) -> Option<Deadline> {
    let Opens::Within(time) = filing.level.opens else { return None };
    to_file(filing.level, filing_time(time, terms.dispute), filing.notice?, filing.notice_received)
}

/// Until when a dismissal that is told on the day of filing may be vacated.
pub(super) fn vacate_by(filing: &Filing<'_>) -> Option<Deadline> {
    super::late::vacate_dismissal_by(filing.level, filing.filed)
}

/// The later of two, or the one that there is.
pub(super) fn later(one: Option<Deadline>, other: Option<Deadline>) -> Option<Deadline> {
    match (one, other) {
        (Some(one), Some(other)) => Some(if other.last > one.last { other } else { one }),
        (one, other) => one.or(other),
    }
}

fn parties(regime: Regime) -> &'static str {
    match regime {
        Regime::OriginalMedicare => "42 CFR 405.906(b) and 405.952(b)(1)",
        Regime::MedicareAdvantage => "42 CFR 422.574, 422.578 and 422.582(f)",
        Regime::EmployerPlan => "29 CFR 2560.503-1(b)(4) and (h)(1)",
        Regime::IndividualMarket => "45 CFR 147.136(a)(2) and (b)(3)",
        Regime::ProviderDispute => "the provider's contract with the payer",
    }
}

fn appointment(regime: Regime) -> &'static str {
    match regime {
        Regime::OriginalMedicare => "42 CFR 405.910(c) and (d)",
        Regime::MedicareAdvantage => "42 CFR 422.561 and 422.582(f)",
        // An assignment of benefits alone is no authorization to appeal.
        Regime::EmployerPlan => {
            "29 CFR 2560.503-1(b)(4); Department of Labor, FAQ B-2 on the claims procedure regulation"
        }
        Regime::IndividualMarket => "45 CFR 147.136(b)(3)(i), by 29 CFR 2560.503-1(b)(4)",
        Regime::ProviderDispute => "the provider's contract with the payer",
    }
}

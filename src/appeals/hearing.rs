//! Whether an appeal is heard, by when, and how fast.

use jiff::civil::DateTime;

use super::calendar::{Deadline, after, by_contract};
use super::filing::{
    Dismissal, Examined, Expedite, Filer, Filing, Hearing, Incompletion, Note, Prior, PriorOutcome, Refusal, Subject,
};
use super::{Element, EvidenceKind, Hearer, Level, Opens, Regime, Terms, Time, Timing, amounts, scope, standing};

/// How long a level may take over a decision.
pub fn time_to_decide(terms: &Terms<'_>, level: &Level, timing: Timing, expedited: bool) -> Time {
    if expedited && level.decide.expedited != Time::None {
        return level.decide.expedited;
    }
    let time = match timing {
        Timing::PreService => level.decide.service,
        Timing::PostService => level.decide.payment,
    };
    match time {
        // A plan with two levels has half the time for each (29 CFR 2560.503-1(i)(2)(ii) and (iii)).
        Time::Days(days) if level.id == "internal-appeal" && terms.internal_levels > 1 => Time::Days(days / 2),
        time => by_contract(time, terms.dispute.days_to_decide),
    }
}

/// Until when a level must decide what it received; `None`: no time is set.
pub fn decide_by(
    terms: &Terms<'_>,
    level: &Level,
    timing: Timing,
    expedited: bool,
    received: DateTime,
) -> Option<Deadline> {
    after(received, time_to_decide(terms, level, timing, expedited), false)
}

/// What a party's evidence that comes after the request adds to the time to decide: up to 14 days each time in a redetermination or reconsideration
/// (42 CFR 405.946(b), 405.970(b)(3)); otherwise nothing.
pub fn extended(level: &Level, decide_by: &Deadline, submissions: u32) -> Deadline {
    let extends = level.regime == Regime::OriginalMedicare && level.number <= 2 && submissions > 0;
    let days = i32::try_from(submissions).ok().and_then(|times| times.checked_mul(14)).filter(|_| extends);
    let later = days.and_then(|days| after(decide_by.last, Time::Days(days), false));
    later.map_or_else(
        || decide_by.clone(),
        |later| Deadline {
            last: later.last,
            reckoning: format!("{}; late evidence: {}", decide_by.reckoning, later.reckoning),
        },
    )
}

pub(super) fn examine(terms: &Terms<'_>, filing: &Filing<'_>) -> Examined {
    if let Some(refusal) = scope::refusal(terms, filing) {
        return Examined::Refuse(refusal);
    }
    let (heard, not_heard) = match denials(filing) {
        Ok(denials) => denials,
        Err(refusal) => return Examined::Refuse(refusal),
    };
    let mut notes = Vec::new();
    let objection = order(terms, filing, &mut notes)
        .or_else(|| in_time(terms, filing, &mut notes))
        .or_else(|| contents(terms, filing))
        .or_else(|| standing::objection(terms, filing))
        .or_else(|| amount(filing, &mut notes));
    if let Some(objection) = objection {
        return objection;
    }
    let level = filing.level;
    let expedited = expedited(filing, &mut notes);
    remarks(filing, &mut notes);
    Examined::Hear(Hearing {
        decide_by: decide_by(terms, level, filing.subject.timing(), expedited, filing.filed),
        acknowledge_by: acknowledge_by(terms, filing),
        expedited,
        heard,
        not_heard,
        notes,
    })
}

type Denials = (Vec<usize>, Vec<(usize, Refusal)>);

/// Which denials of a claim are heard; if none is, why the first is not.
fn denials(filing: &Filing<'_>) -> Result<Denials, Refusal> {
    let Subject::Claim(claim) = &filing.subject else { return Ok((vec![], vec![])) };
    let (mut heard, mut not_heard) = (vec![], vec![]);
    for (at, denial) in claim.denials.iter().enumerate() {
        match scope::refusal_of(filing, claim, denial) {
            Some(refusal) => not_heard.push((at, refusal)),
            None => heard.push(at),
        }
    }
    match not_heard.first() {
        Some((_, refusal)) if heard.is_empty() => Err(refusal.clone()),
        _ => Ok((heard, not_heard)),
    }
}

/// Whether it is this level's turn.
fn order(terms: &Terms<'_>, filing: &Filing<'_>, notes: &mut Vec<Note>) -> Option<Examined> {
    let level = filing.level;
    let refuse = |id, why: String, right_path| {
        Some(Examined::Refuse(Refusal { id, why, authority: level.authority, right_path }))
    };
    let sent_on = matches!(
        filing.prior,
        Some(Prior { outcome: PriorOutcome::Upheld | PriorOutcome::PartlyOverturned | PriorOutcome::Late, .. })
    );
    if level.opens == Opens::ByItself && !sent_on {
        let why = format!("{} is not asked for: the payer sends the case there by itself.", level.name);
        return refuse(
            "goes-by-itself",
            why,
            "Wait for the payer's decision; if it upholds or is late, the case goes on.",
        );
    }
    let before = terms.ladder(level.regime).into_iter().rfind(|before| before.number < level.number);
    let Some(before) = before else {
        if filing.notice.is_none() {
            return refuse(
                "undecided-claim",
                "Nothing has been decided yet.".into(),
                "Appeal when the decision is told.",
            );
        }
        return None;
    };
    let external = level.heard_by == Hearer::Independent && level.regime != Regime::OriginalMedicare;
    match filing.prior {
        Some(Prior { outcome: PriorOutcome::Overturned, .. }) => refuse(
            "nothing-left",
            format!("{} decided wholly for the appellant.", before.name),
            "There is nothing left to appeal.",
        ),
        Some(Prior { level, outcome: PriorOutcome::Upheld | PriorOutcome::PartlyOverturned }) if level == before => {
            None
        }
        Some(Prior { outcome: PriorOutcome::Late, .. }) => {
            notes.push(Note {
                words: format!("{} did not decide in time, so the case may go on without its decision.", before.name),
                authority: super::late::consequence(terms, before).authority,
            });
            None
        }
        Some(Prior { outcome: PriorOutcome::Open, .. }) if external && filing.expedite == Expedite::PhysicianSays => {
            notes.push(Note {
                words: "An urgent external review may run beside the internal appeal.".into(),
                authority: "45 CFR 147.136(d)(3); 29 CFR 2590.715-2719(d)(3)",
            });
            None
        }
        Some(Prior { outcome: PriorOutcome::Dismissed, .. }) => refuse(
            "dismissed-before",
            format!("{} was dismissed, not decided.", before.name),
            "Ask that the dismissal be vacated for good cause, or for a review of the dismissal alone.",
        ),
        _ => refuse(
            "level-before-missing",
            format!("{} comes first, and has not decided.", before.name),
            "Ask for the level before.",
        ),
    }
}

/// Whether it comes in time, or late for good cause.
fn in_time(terms: &Terms<'_>, filing: &Filing<'_>, notes: &mut Vec<Note>) -> Option<Examined> {
    let undecided = matches!(filing.prior, Some(Prior { outcome: PriorOutcome::Late | PriorOutcome::Open, .. }));
    let deadline = standing::last_day(terms, filing).filter(|_| !undecided)?;
    if !deadline.missed(filing.filed) {
        return None;
    }
    let level = filing.level;
    let extension = match (level.regime, level.number) {
        (Regime::OriginalMedicare, 1) => Some("42 CFR 405.942(b)"),
        (Regime::OriginalMedicare, 2) => Some("42 CFR 405.962(b)"),
        (Regime::OriginalMedicare | Regime::MedicareAdvantage, 3) => Some("42 CFR 405.1014(e)"),
        (Regime::OriginalMedicare | Regime::MedicareAdvantage, 4) => Some("42 CFR 405.1102(b)"),
        (Regime::OriginalMedicare | Regime::MedicareAdvantage, 5) => Some("42 CFR 405.1134"),
        (Regime::MedicareAdvantage, 1) => Some("42 CFR 422.582(c)"),
        _ => None,
    };
    if let (Some(authority), Some(cause)) = (extension, filing.good_cause) {
        let last = deadline.day();
        notes.push(Note { words: format!("Filed after {last}, heard for good cause: {cause}"), authority });
        return None;
    }
    Some(Examined::Dismiss(Dismissal {
        id: "filed-late",
        why: format!("Filed on {}; the last day was {} ({}).", filing.filed.date(), deadline.day(), deadline.reckoning),
        authority: match (level.regime, level.number) {
            (Regime::OriginalMedicare, 1) => "42 CFR 405.942(a) and 405.952(b)(3)",
            (Regime::OriginalMedicare, 2) => "42 CFR 405.962(a) and 405.972(b)(3)",
            (Regime::MedicareAdvantage, 1) => "42 CFR 422.582(b) and (f)",
            _ => level.authority,
        },
        remedy: match extension {
            Some(authority) => format!("Show good cause for filing late ({authority})."),
            None => "None is given by the law: the decision stands.".into(),
        },
        refile_by: None,
        vacate_by: standing::vacate_by(filing),
    }))
}

/// Whether the request holds what it must.
fn contents(terms: &Terms<'_>, filing: &Filing<'_>) -> Option<Examined> {
    let level = filing.level;
    let missing: Vec<Element> = level.request.iter().copied().filter(|must| !filing.holds.contains(must)).collect();
    if missing.is_empty() {
        return None;
    }
    let named: Vec<&str> = missing.iter().map(|element| element.words()).collect();
    let why = format!("The request lacks {}.", named.join(", "));
    let still_open = standing::still_open(terms, filing);
    let dismissed = match (level.regime, level.number) {
        (Regime::OriginalMedicare, 1) => Some("42 CFR 405.944(b) and 405.952(b)(2)"),
        (Regime::OriginalMedicare, 2) => Some("42 CFR 405.964(b) and 405.972(b)(2)"),
        (Regime::MedicareAdvantage, 1) => Some("42 CFR 422.582(a) and (f)"),
        _ => None,
    };
    if let Some(authority) = dismissed {
        return Some(Examined::Dismiss(Dismissal {
            id: "invalid-request",
            why,
            authority,
            remedy: "File a request that holds everything while the time to file runs.".into(),
            refile_by: still_open,
            vacate_by: standing::vacate_by(filing),
        }));
    }
    let external = level.heard_by == Hearer::Independent;
    // External review: the rest of the four months, or 48 hours if that is longer.
    let cure = if external { Time::Hours(48) } else { Time::Days(14) };
    Some(Examined::Incomplete(Incompletion {
        missing,
        documents: vec![],
        cure_by: standing::later(after(filing.filed, cure, false), still_open),
        why,
        authority: match level.regime {
            Regime::OriginalMedicare | Regime::MedicareAdvantage => "42 CFR 405.1014(a) and (b)",
            Regime::EmployerPlan if external => "29 CFR 2590.715-2719(d)(2)(ii)",
            Regime::IndividualMarket if external => "45 CFR 147.136(d)(2)(ii)",
            Regime::EmployerPlan | Regime::IndividualMarket => "29 CFR 2560.503-1(b)(3) and (h)",
            Regime::ProviderDispute => level.authority,
        },
        then: "returned as incomplete",
    }))
}

/// Whether enough is in controversy.
fn amount(filing: &Filing<'_>, notes: &mut Vec<Note>) -> Option<Examined> {
    const AUTHORITY: &str = "42 CFR 405.1006";
    let filed = filing.filed.date();
    let needed = amounts::needed(filing.level.amount, filed)?;
    if needed.year != filed.year() {
        let words =
            format!("The amount of {} is not known to the program; that of {} is taken.", filed.year(), needed.year);
        notes.push(Note { words, authority: AUTHORITY });
    }
    let (sum, left_out) = amounts::aggregate(filing.amount, filing.aggregated, filed);
    let left_out: Vec<String> =
        left_out.iter().map(|(at, why)| format!("claim {} does not count: {why}", at + 1)).collect();
    if sum >= needed.amount {
        if filing.amount < needed.amount {
            let words = format!("With the other claims {sum} is in controversy, of {} that must be.", needed.amount);
            notes.push(Note { words, authority: "42 CFR 405.1006(e)" });
        }
        return None;
    }
    let tail =
        if left_out.is_empty() { String::new() } else { format!(" Of the other claims: {}.", left_out.join("; ")) };
    Some(Examined::Dismiss(Dismissal {
        id: "amount-too-small",
        why: format!("{sum} is in controversy, {} must be in {}.{tail}", needed.amount, needed.year),
        authority: AUTHORITY,
        remedy: "Count claims together that were decided at the same level, are filed in time and are related (42 CFR 405.1006(e)).".into(),
        refile_by: None,
        vacate_by: standing::vacate_by(filing),
    }))
}

/// Whether it is expedited: care that is still to be given, and a physician who says why.
fn expedited(filing: &Filing<'_>, notes: &mut Vec<Note>) -> bool {
    let level = filing.level;
    let mut in_standard_time = |words: &str, authority| {
        notes.push(Note { words: format!("{words} It is decided in the standard time."), authority });
        false
    };
    match (filing.expedite, filing.subject.timing()) {
        (Expedite::No, _) => false,
        _ if level.decide.expedited == Time::None => {
            in_standard_time("This level has no expedited appeals.", level.authority)
        }
        (_, Timing::PostService) => in_standard_time(
            "The care has been given: payment cannot be urgent.",
            match level.regime {
                Regime::MedicareAdvantage => "42 CFR 422.584(a)",
                _ => "29 CFR 2560.503-1(m)(1)",
            },
        ),
        (Expedite::PhysicianSays, _) => true,
        (Expedite::Asked, _) => in_standard_time(
            "No physician says that the standard time would endanger life, health or recovery.",
            match level.regime {
                Regime::MedicareAdvantage => "42 CFR 422.584(c) and (d)",
                _ => "29 CFR 2560.503-1(m)(1)",
            },
        ),
    }
}

fn acknowledge_by(terms: &Terms<'_>, filing: &Filing<'_>) -> Option<Deadline> {
    let level = filing.level;
    match (level.regime, level.heard_by) {
        (Regime::ProviderDispute, _) => {
            after(filing.filed, Time::BusinessDays(terms.dispute.days_to_acknowledge?), false)
        }
        // The preliminary review of a request for external review: five business days, and one more to tell it.
        (Regime::EmployerPlan | Regime::IndividualMarket, Hearer::Independent) => {
            after(filing.filed, Time::BusinessDays(6), false)
        }
        _ => None,
    }
}

/// What else a letter or a user should know.
fn remarks(filing: &Filing<'_>, notes: &mut Vec<Note>) {
    let level = filing.level;
    let mut note = |words: &str, authority| notes.push(Note { words: words.into(), authority });
    if filing.documents.contains(&EvidenceKind::CorrectedClaim) {
        note("The corrected claim is not looked at: send it as a claim.", level.authority);
    }
    if level.id == "reconsideration" && matches!(filing.filer, Filer::Provider { .. } | Filer::Assignee) {
        note(
            "Evidence that a provider does not give here is not looked at later, but for good cause.",
            "42 CFR 405.966(a)(2) and 405.1028",
        );
    }
    if level.regime == Regime::OriginalMedicare
        && level.number <= 2
        && matches!(filing.subject, Subject::Overpayment { .. })
    {
        note("What is not recouped yet is not recouped while this appeal is decided.", "42 CFR 405.379");
    }
    if matches!(level.regime, Regime::EmployerPlan | Regime::IndividualMarket) && level.heard_by == Hearer::Payer {
        note(
            "Evidence or reasons that the payer newly relies on are given to the claimant in time to answer before the decision.",
            "29 CFR 2590.715-2719(b)(2)(ii)(C); 45 CFR 147.136(b)(3)(ii)(C)",
        );
    }
}

//! What a reader may do about a decision, by when and where: the law of appeals in the words of a letter.

use super::parts::law;
use super::scene::Scene;
use crate::appeals::filing::PriorOutcome;
use crate::appeals::hearing::time_to_decide;
use crate::appeals::rights::{Decided, Right, after};
use crate::appeals::{Controversy, Hearer, Level, Opens, Regime, Terms, Time, Timing, amounts};
use crate::domain::appeal_terms::AppealTerms;
use crate::domain::dates::{Date, parse_iso};
use crate::domain::money::Money;
use crate::letters::money;
use crate::proto::v1 as pb;

/// What holds where a claim fell under no plan.
static NO_PLAN: AppealTerms = AppealTerms { regime: Regime::EmployerPlan, internal_levels: 1, dispute: None };

/// What external review is open to, 29 CFR 2590.715-2719(d)(1) and 45 CFR 147.136(d)(1).
const EXTERNAL: &str = " It is open where the decision rests on a medical judgment, on the rescission of coverage, or on the rules against surprise \
                        bills; it costs you nothing, and its decision binds us.";

/// The terms under which decisions of the scene's plan are appealed.
pub(super) fn terms<'a>(scene: &'a Scene<'_>) -> Terms<'a> {
    Terms::of(scene.plan().map_or(&NO_PLAN, |plan| &plan.appeals), &scene.in_force.revision.appeals)
}

/// The first way, told beside what was decided.
pub(super) fn first_way(scene: &Scene<'_>) -> Vec<pb::LetterRight> {
    let (terms, places) = (terms(scene), scene.where_to());
    let way = way_after(&terms, terms.regime, None, &scene.date, Timing::PostService, &places);
    way.into_iter().collect()
}

/// All the ways, told with a denial.
pub(super) fn all_ways(scene: &Scene<'_>) -> Vec<pb::LetterRight> {
    let (terms, places) = (terms(scene), scene.where_to());
    ways_after(&terms, terms.regime, None, &scene.date, Timing::PostService, &places)
}

/// What follows a decision: the way that is open now, how it is gone fast, and what comes behind it.
pub(super) fn ways_after(
    terms: &Terms<'_>,
    regime: Regime,
    level: Option<&'static Level>,
    notice: &str,
    timing: Timing,
    places: &[String],
) -> Vec<pb::LetterRight> {
    let mut ways: Vec<pb::LetterRight> = way_after(terms, regime, level, notice, timing, places).into_iter().collect();
    let Some(next) = terms.next(regime, level) else { return ways };
    if next.decide.expedited != Time::None {
        ways.push(fast(next));
    }
    let Some(day) = parse_iso(notice) else { return ways };
    let behind = terms.ladder(regime).into_iter().filter(|level| level.number > next.number);
    ways.extend(behind.map(|level| later(level, day)));
    ways
}

/// The way that is open after a decision; none where it was the last.
pub(super) fn way_after(
    terms: &Terms<'_>,
    regime: Regime,
    level: Option<&'static Level>,
    notice: &str,
    timing: Timing,
    places: &[String],
) -> Option<pb::LetterRight> {
    let notice = parse_iso(notice)?;
    let decided = Decided { regime, level, outcome: PriorOutcome::Upheld, notice, amount: Money::ZERO };
    let right = after(terms, &decided)?;
    Some(way(&right, terms, timing, places))
}

fn way(right: &Right, terms: &Terms<'_>, timing: Timing, places: &[String]) -> pb::LetterRight {
    let level = right.level;
    let heard = level.heard_by_words;
    if right.by_itself {
        return pb::LetterRight {
            title: level.name.to_owned(),
            words: format!("You need do nothing: we send your case to {heard}, who decides it anew and tells you."),
            authority: Some(law(level.authority, "")),
            ..Default::default()
        };
    }
    let given = level.request.iter().map(|element| element.words()).collect::<Vec<_>>().join(", ");
    // Medicare Advantage counts from the date of the notice, 42 CFR 422.582(b).
    let dated = level.regime == Regime::MedicareAdvantage && level.receipt_presumed == 0;
    let start = if dated { "after the date of this letter" } else { "after you receive this letter" };
    let mut words = format!("Ask within {} {start}", opens_in(level, terms));
    if level.receipt_presumed > 0 {
        words +=
            &format!(", which counts as {} days after its date unless you show another day", level.receipt_presumed);
    }
    words += &format!(
        ". Use {}. Give {given}. Send whatever supports your case; somebody whom you appoint may act for you. ",
        form(level)
    );
    if let Some(needed) = right.amount_needed {
        words += &format!("At least {} must be in controversy. ", money(needed.amount.cents()));
    }
    words += &format!("It is heard by {heard}.");
    if is_external(level) {
        words += EXTERNAL;
    }
    let decides = time(time_to_decide(terms, level, timing, false), terms.dispute.days_to_decide);
    words += &decides.map_or_else(String::new, |time| format!(" The decision comes within {time}."));
    pb::LetterRight {
        title: title(level),
        words,
        deadline: right.until.as_ref().map_or_else(String::new, |until| until.day().to_string()),
        r#where: if goes_to_payer(level) { places.to_vec() } else { vec![super::parts::capital(heard)] },
        authority: Some(law(level.authority, "")),
    }
}

/// Whether it is the external review of commercial coverage.
fn is_external(level: &Level) -> bool {
    level.heard_by == Hearer::Independent && goes_to_payer(level)
}

/// Whether the payer takes the request in: its own levels, and external review, which it hands on.
fn goes_to_payer(level: &Level) -> bool {
    let commercial = matches!(level.regime, Regime::EmployerPlan | Regime::IndividualMarket);
    level.heard_by == Hearer::Payer || (commercial && level.heard_by == Hearer::Independent)
}

fn title(level: &Level) -> String {
    match level.heard_by {
        Hearer::Payer => format!("Ask us to decide again: {}", small(level.name)),
        _ => format!("Take it further: {}", small(level.name)),
    }
}

/// A name in the middle of a sentence, unless it is one of its own.
fn small(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().map(|first| first.to_lowercase().collect::<String>()).unwrap_or_default();
    if name.starts_with("Medicare") { name.to_owned() } else { first + letters.as_str() }
}

/// A form by its number with its article; other words as they are.
fn form(level: &Level) -> String {
    match level.form.starts_with(|letter: char| letter.is_ascii_uppercase()) {
        true => format!("form {}, or a letter that says the same", level.form),
        false => level.form.to_owned(),
    }
}

fn fast(level: &Level) -> pb::LetterRight {
    let words = "Where you still wait for care, and waiting could seriously harm your life, your health or your recovery, or leave you in severe \
                 pain, you or your physician may call us and ask for a fast decision";
    let time = match level.decide.expedited {
        Time::Hours(hours) => format!(": it is made within {hours} hours."),
        _ => ".".to_owned(),
    };
    pb::LetterRight {
        title: format!("If your health cannot wait: expedited {}", small(level.name)),
        words: words.to_owned() + &time,
        authority: Some(law(level.authority, "")),
        ..Default::default()
    }
}

/// A level behind the next one.
fn later(level: &Level, notice: Date) -> pb::LetterRight {
    let heard = level.heard_by_words;
    let needed = match level.amount {
        Controversy::Any => String::new(),
        Controversy::Hearing => {
            format!(" At least {} must be in controversy.", money(amounts::hearing(notice).amount.cents()))
        }
        Controversy::Court => {
            format!(" At least {} must be in controversy.", money(amounts::court(notice).amount.cents()))
        }
    };
    let words = match level.opens {
        Opens::ByItself => {
            format!("If the decision before is upheld, we send your case on to {heard}; you need do nothing.")
        }
        Opens::Within(time) => {
            let within =
                plain(time).map_or_else(String::new, |time| format!(" within {time} after you receive that decision"));
            format!(
                "If you do not agree with the decision before, you may ask{within}. It is heard by {heard}.{needed}"
            )
        }
    };
    let limits = if is_external(level) { EXTERNAL } else { "" };
    pb::LetterRight {
        title: format!("After that: {}", small(level.name)),
        words: words + limits,
        authority: Some(law(level.authority, "")),
        ..Default::default()
    }
}

fn opens_in(level: &Level, terms: &Terms<'_>) -> String {
    match level.opens {
        Opens::Within(of) => time(of, terms.dispute.days_to_file).unwrap_or_default(),
        Opens::ByItself => String::new(),
    }
}

/// A time in words, where the contract sets it with the contract's days.
fn time(time: Time, contract_days: i32) -> Option<String> {
    plain(if time == Time::Contract { Time::Days(contract_days) } else { time })
}

fn plain(time: Time) -> Option<String> {
    match time {
        Time::Hours(hours) => Some(format!("{hours} hours")),
        Time::Days(days) => Some(format!("{days} days")),
        Time::BusinessDays(days) => Some(format!("{days} business days")),
        Time::Months(months) => Some(format!("{months} months")),
        Time::Contract | Time::None => None,
    }
}

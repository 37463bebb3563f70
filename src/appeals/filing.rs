//! An appeal comes in: heard, dismissed, refused or sent back to be completed.

use jiff::civil::DateTime;

use super::calendar::Deadline;
use super::{Element, EvidenceKind, Level, Terms, Timing};
use crate::domain::codes::{Carc, Group, Rarc};
use crate::domain::dates::{Date, Period};
use crate::domain::money::Money;

/// An appeal as it comes in.
#[derive(Clone, Debug)]
pub struct Filing<'a> {
    /// The level asked for; it says the regime too.
    pub level: &'static Level,
    /// What is appealed.
    pub subject: Subject,
    /// Who asks.
    pub filer: Filer,
    /// When the request came in.
    pub filed: DateTime,
    /// The date of the notice of the decision that is appealed; `None`: there is none yet.
    pub notice: Option<Date>,
    /// When the notice is shown to have been received, against the presumption.
    pub notice_received: Option<Date>,
    /// What the request holds.
    pub holds: &'a [Element],
    /// Documents given.
    pub documents: &'a [EvidenceKind],
    /// What is in controversy.
    pub amount: Money,
    /// What other claims' appeals that are filed together put beside it.
    pub aggregated: &'a [Aggregated],
    /// Whether it is to be expedited, and who says so.
    pub expedite: Expedite,
    /// Why it is late, where the filer shows good cause.
    pub good_cause: Option<&'a str>,
    /// The decision of the level before; `None`: there was no level before.
    pub prior: Option<Prior>,
}

/// What is appealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A claim.
    Claim(ClaimSubject),
    /// A decision on an authorization or referral before the service.
    Authorization {
        /// How far it has come.
        standing: RequestStanding,
        /// Whether it rests on medical judgment.
        medical_judgment: bool,
    },
    /// A demand to pay back.
    Overpayment {
        /// How much.
        demanded: Money,
    },
    /// Coverage that was rescinded.
    Rescission,
}

impl Subject {
    /// Whether the care was given before the decision.
    pub const fn timing(&self) -> Timing {
        match self {
            Subject::Authorization { .. } => Timing::PreService,
            Subject::Claim(_) | Subject::Overpayment { .. } | Subject::Rescission => Timing::PostService,
        }
    }
}

/// A claim that is appealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimSubject {
    /// How far it has come.
    pub standing: ClaimStanding,
    /// What the appeal contests: reasons of its lines, one entry each.
    pub denials: Vec<Denial>,
    /// The provider has a contract with the payer.
    pub contracted: bool,
    /// The No Surprises Act protects the patient.
    pub surprise_protected: bool,
}

/// How far a request for authorization has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestStanding {
    /// It waits.
    Pended,
    /// Something of it was not certified as asked for.
    Against,
    /// Nothing was decided against it, or it was taken back.
    NothingAgainst,
}

/// How far a claim has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClaimStanding {
    /// Turned away on a 999 or 277CA.
    Rejected,
    /// It waits.
    Pended,
    /// Decided.
    Decided,
    /// Taken back or replaced by another claim.
    Replaced,
}

/// One reason for which money is not paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Denial {
    /// The line, from 1; 0: the whole claim.
    pub line: u32,
    /// Who bears it (CAS01).
    pub group: Group,
    /// Why (CAS02).
    pub carc: Carc,
    /// Remarks.
    pub rarcs: Vec<Rarc>,
    /// How much (CAS03).
    pub amount: Money,
    /// Days of service.
    pub service: Period,
    /// Last day on which the claim was filed in time, where there is a limit.
    pub last_day_to_file: Option<Date>,
}

/// Who files an appeal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filer {
    /// The patient: beneficiary, enrollee, claimant.
    Member,
    /// A representative of the patient.
    Representative,
    /// The provider that billed or gave the care, for itself.
    Provider {
        /// It has a contract with the payer (Original Medicare: it takes part or accepts assignment).
        contracted: bool,
    },
    /// A provider to which the patient transferred the right to appeal.
    Assignee,
    /// The treating physician, on the patient's behalf.
    TreatingPhysician,
    /// Somebody else.
    Other,
}

/// Whether an appeal is to be expedited.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Expedite {
    /// No.
    #[default]
    No,
    /// The member asks.
    Asked,
    /// A physician says, or supports, that the standard time may seriously jeopardize life, health or recovery.
    PhysicianSays,
}

/// Another claim whose amount is counted together with this one's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Aggregated {
    /// What is in controversy there.
    pub amount: Money,
    /// When the decision of the level before was made there.
    pub prior_notice: Date,
    /// The level before was the same there.
    pub same_prior_level: bool,
    /// It is another patient's.
    pub other_patient: bool,
    /// Its services are similar, or it shares issues of law and fact.
    pub related: bool,
}

/// What the level before decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prior {
    /// Which level.
    pub level: &'static Level,
    /// What it decided.
    pub outcome: PriorOutcome,
}

/// What a level decided, or that it did not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PriorOutcome {
    /// The denial stands.
    Upheld,
    /// A part of it does not.
    PartlyOverturned,
    /// It does not stand.
    Overturned,
    /// The appeal was dismissed.
    Dismissed,
    /// The time to decide ran out.
    Late,
    /// It is not decided, and the time runs.
    Open,
}

/// What becomes of an appeal that comes in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Examined {
    /// It is heard.
    Hear(Hearing),
    /// It is dismissed: it could be appealed, but not so.
    Dismiss(Dismissal),
    /// It cannot be appealed.
    Refuse(Refusal),
    /// It may be completed.
    Incomplete(Incompletion),
}

/// How an appeal is heard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hearing {
    /// Until when it is decided; `None`: no time is set.
    pub decide_by: Option<Deadline>,
    /// Until when its receipt is acknowledged; `None`: it need not be.
    pub acknowledge_by: Option<Deadline>,
    /// Whether it is expedited.
    pub expedited: bool,
    /// Denials of the claim that are heard, by their place in [`ClaimSubject::denials`].
    pub heard: Vec<usize>,
    /// Those that cannot be appealed, with the path for them.
    pub not_heard: Vec<(usize, Refusal)>,
    /// What else is to be known, each with what it rests on.
    pub notes: Vec<Note>,
}

/// Something to be known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// In words.
    pub words: String,
    /// What it rests on.
    pub authority: &'static str,
}

/// A dismissal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dismissal {
    /// Its id, such as "filed-late".
    pub id: &'static str,
    /// Why, in words.
    pub why: String,
    /// What it rests on.
    pub authority: &'static str,
    /// What the filer may do.
    pub remedy: String,
    /// Last day to file anew, if the time for it still runs.
    pub refile_by: Option<Deadline>,
    /// Last day on which the dismissal may be vacated for good and sufficient cause, where the law gives one.
    pub vacate_by: Option<Deadline>,
}

/// A refusal to hear what cannot be appealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Its id, such as "rejected-claim".
    pub id: &'static str,
    /// Why, in words.
    pub why: String,
    /// What it rests on.
    pub authority: &'static str,
    /// The right path.
    pub right_path: &'static str,
}

/// What is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incompletion {
    /// What the request must hold and does not.
    pub missing: Vec<Element>,
    /// Documents that it needs and that are not given.
    pub documents: Vec<EvidenceKind>,
    /// Until when it may be completed; `None`: the law sets no day.
    pub cure_by: Option<Deadline>,
    /// Why, in words.
    pub why: String,
    /// What it rests on.
    pub authority: &'static str,
    /// What becomes of it when it is not completed in time.
    pub then: &'static str,
}

/// Whether an appeal is heard, and if not, what its filer may do.
pub fn examine(terms: &Terms<'_>, filing: &Filing<'_>) -> Examined {
    super::hearing::examine(terms, filing)
}

//! `appeal`, `appeals` and `rights`: what may be appealed; filing, following and deciding appeals.

use std::io::Write;

use clap::{Args, Subcommand, ValueEnum};
use comfy_table::{Cell, Row};

use super::appeals_page::{outcome_name, print, print_rights, state_name, subject, tone};
use super::decision::last_part;
use super::output::{dollars, toned};
use super::target::Target;
use crate::client::messages::typed_to_json;
use crate::client::{Client, Failure};
use crate::proto::v1;
use v1::file_appeal_request::Subject;

/// Appeal a claim, or dispute it under the provider's contract
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  payersim rights 03337259220001                                  what may be appealed, until when, and what would help
  payersim appeal 03337259220001 --reason 'it was authorized' --evidence authorization-letter:DA10001
  payersim appeal 03337259220001 --as member --by 'Testa Muster' --reason 'it was needed' --evidence medical-records
  payersim appeal 03337259220001 --line 2 --level reconsideration --reason 'the records show it'
  payersim appeal 03337259220001 --evidence proof-of-timely-filing@2026-03-01 --reason 'it was sent in time'
  payersim appeal P03337259220001 --as physician --by 'Dr. E. Muster' --expedited --reason 'it cannot wait'")]
pub(super) struct Appeal {
    /// The claim: its control number, or its whole name; or a request for authorization, such as P03337259220001
    claim: String,
    /// Only this line, one-based; may be said again. None: every line that was denied, or paid less
    #[arg(long = "line", value_name = "N")]
    lines: Vec<i32>,
    /// In which role
    #[arg(long = "as", value_enum, default_value = "provider")]
    role: Role,
    /// Who asks; the billing provider where not said
    #[arg(long = "by", value_name = "NAME", default_value = "")]
    name: String,
    /// Why, in a sentence
    #[arg(long, value_name = "SENTENCE", default_value = "")]
    reason: String,
    /// What supports it: KIND, KIND:NOTE, KIND@DATE or KIND@FROM..THROUGH:NOTE; may be said again
    #[arg(long = "evidence", value_name = "KIND")]
    evidence: Vec<String>,
    /// The evidence shows all that the policy asks which denied the line
    #[arg(long)]
    meets_policy: bool,
    /// Ask for a fast decision
    #[arg(long)]
    expedited: bool,
    /// The level, such as redetermination; the next one where not said
    #[arg(long, default_value = "")]
    level: String,
    /// Why it comes late
    #[arg(long, value_name = "SENTENCE", default_value = "")]
    good_cause: String,
    /// Count the amount of this claim too; may be said again
    #[arg(long = "with", value_name = "CLAIM")]
    aggregated: Vec<String>,
    /// Appeal the demand to pay back what was paid on the claim
    #[arg(long)]
    overpayment: bool,
    #[command(flatten)]
    target: Target,
}

/// In which role somebody appeals.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Role {
    Provider,
    Member,
    Representative,
    Physician,
    Assignee,
    Other,
}

impl From<Role> for v1::AppealRole {
    fn from(role: Role) -> v1::AppealRole {
        match role {
            Role::Provider => v1::AppealRole::Provider,
            Role::Member => v1::AppealRole::Member,
            Role::Representative => v1::AppealRole::Representative,
            Role::Physician => v1::AppealRole::Physician,
            Role::Assignee => v1::AppealRole::Assignee,
            Role::Other => v1::AppealRole::Other,
        }
    }
}

impl Appeal {
    pub async fn run(self) -> Result<(), Failure> {
        let client = self.target.connect().await?;
        let subject = match last_part(&self.claim).starts_with('P') {
            true => Subject::AuthorizationRequest(client.name("authorizationRequests", &self.claim)),
            false if self.overpayment => Subject::OverpaidClaim(client.name("claims", &self.claim)),
            false => Subject::Claim(client.name("claims", &self.claim)),
        };
        let evidence = self.evidence.iter().map(|text| evidence(text, self.meets_policy)).collect::<Result<_, _>>()?;
        let request = v1::FileAppealRequest {
            subject: Some(subject),
            lines: self.lines,
            level: self.level,
            filer: Some(v1::AppealFiler {
                role: v1::AppealRole::from(self.role).into(),
                name: self.name,
                ..Default::default()
            }),
            reason: self.reason,
            evidence,
            expedited: self.expedited,
            good_cause: self.good_cause,
            aggregated_claims: self.aggregated.iter().map(|claim| client.name("claims", claim)).collect(),
            ..Default::default()
        };
        let appeal = client.appeals().file_appeal(request).await?.into_inner();
        answer(&self.target, &appeal)
    }
}

/// Reads `KIND[@DATE|@FROM..THROUGH][:NOTE]`.
fn evidence(text: &str, meets_policy: bool) -> Result<v1::AppealEvidence, Failure> {
    let (what, note) = text.split_once(':').unwrap_or((text, ""));
    let (kind, days) = what.split_once('@').unwrap_or((what, ""));
    if kind.is_empty() {
        return Err(Failure::Usage(format!("--evidence {text}: write KIND, KIND:NOTE or KIND@DATE")));
    }
    let mut given =
        v1::AppealEvidence { kind: kind.to_owned(), note: note.to_owned(), meets_policy, ..Default::default() };
    match days.split_once("..") {
        Some((from, through)) => {
            (given.from_date, given.through_date) = (from.to_owned(), through.to_owned());
        }
        None => days.clone_into(&mut given.dated),
    }
    Ok(given)
}

/// List appeals, show one, or do something with one
#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "\
Examples:
  payersim appeals --state OPEN                                    what is to be decided
  payersim appeals A03337259220001                                 one appeal with its decision and the rights that follow
  payersim appeals decide A03337259220001 overturn --as 'R. Example' --why 'the records show it'
  payersim appeals decide A03337259220001 overturn --line 2 --as 'R. Example' --why 'line 2 was needed'
  payersim appeals add A03337259220001 --evidence medical-records
  payersim appeals escalate A03337259220001"
)]
pub(super) struct Appeals {
    #[command(subcommand)]
    act: Option<Act>,
    #[command(flatten)]
    list: List,
}

#[derive(Debug, Args)]
struct List {
    /// Show this one: its id, or its whole name
    name: Option<String>,
    /// Only about this claim
    #[arg(long, value_name = "CLAIM")]
    claim: Option<String>,
    /// Only in this state: OPEN, INCOMPLETE, DISMISSED, REFUSED, DECIDED, WITHDRAWN or FORWARDED
    #[arg(long, value_parser = state)]
    state: Option<v1::AppealState>,
    /// Only at this level
    #[arg(long, default_value = "")]
    level: String,
    /// Only to be decided on or before this day
    #[arg(long, value_name = "YYYY-MM-DD", default_value = "")]
    due: String,
    #[command(flatten)]
    target: Target,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// Decide an open appeal
    Decide(Decide),
    /// Take an appeal back
    Withdraw(Withdraw),
    /// Add evidence, or what the request had left out
    Add(Add),
    /// Take an appeal that is late to the next level
    Escalate(Escalate),
}

#[derive(Debug, Args)]
struct Decide {
    /// The appeal
    name: String,
    /// What is decided
    #[arg(value_enum)]
    outcome: Outcome,
    /// Only this line is overturned; may be said again
    #[arg(long = "line", value_name = "N")]
    lines: Vec<i32>,
    /// Who decides
    #[arg(long = "as", value_name = "NAME")]
    decided_by: String,
    /// Why, in a sentence
    #[arg(long = "why", value_name = "SENTENCE")]
    rationale: String,
    /// What it rests on
    #[arg(long, value_name = "WORDS", default_value = "")]
    authority: String,
    #[command(flatten)]
    target: Target,
}

/// What is decided.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Outcome {
    Overturn,
    Uphold,
    Dismiss,
}

#[derive(Debug, Args)]
struct Withdraw {
    /// The appeal
    name: String,
    /// Why, in a sentence
    #[arg(long = "why", value_name = "SENTENCE", default_value = "")]
    reason: String,
    #[command(flatten)]
    target: Target,
}

#[derive(Debug, Args)]
struct Add {
    /// The appeal
    name: String,
    /// What supports it: KIND, KIND:NOTE, KIND@DATE or KIND@FROM..THROUGH:NOTE; may be said again
    #[arg(long = "evidence", value_name = "KIND", required = true)]
    evidence: Vec<String>,
    /// The evidence shows all that the policy asks which denied the line
    #[arg(long)]
    meets_policy: bool,
    #[command(flatten)]
    target: Target,
}

#[derive(Debug, Args)]
struct Escalate {
    /// The appeal
    name: String,
    #[command(flatten)]
    target: Target,
}

fn state(text: &str) -> Result<v1::AppealState, String> {
    let name = format!("APPEAL_STATE_{}", text.to_uppercase());
    v1::AppealState::from_str_name(&name)
        .filter(|state| *state != v1::AppealState::Unspecified)
        .ok_or_else(|| format!("{text} is none of OPEN, INCOMPLETE, DISMISSED, REFUSED, DECIDED, WITHDRAWN, FORWARDED"))
}

impl Appeals {
    pub async fn run(self) -> Result<(), Failure> {
        match self.act {
            None => self.list.run().await,
            Some(Act::Decide(act)) => act.run().await,
            Some(Act::Withdraw(act)) => act.run().await,
            Some(Act::Add(act)) => act.run().await,
            Some(Act::Escalate(act)) => act.run().await,
        }
    }
}

impl List {
    async fn run(self) -> Result<(), Failure> {
        let client = self.target.connect().await?;
        if let Some(name) = &self.name {
            let request = v1::GetAppealRequest { name: client.name("appeals", name) };
            return answer(&self.target, &client.appeals().get_appeal(request).await?.into_inner());
        }
        let appeals = self.all(&client).await?;
        let mut out = self.target.out();
        if out.json {
            return Ok(appeals.iter().try_for_each(|appeal| out.value(&typed_to_json("Appeal", appeal)))?);
        }
        if appeals.is_empty() {
            return Ok(writeln!(out, "no appeals")?);
        }
        let header = ["appeal", "state", "level", "of", "filed", "to be decided by", "in controversy", "outcome"];
        Ok(out.table(&header, &["in controversy"], appeals.iter().map(row).collect())?)
    }

    async fn all(&self, client: &Client) -> Result<Vec<v1::Appeal>, Failure> {
        let filter = v1::AppealFilter {
            claim: self.claim.as_ref().map(|claim| client.name("claims", claim)).unwrap_or_default(),
            state: self.state.unwrap_or_default().into(),
            level: self.level.clone(),
            decide_by_through: self.due.clone(),
        };
        let mut request = v1::ListAppealsRequest {
            parent: client.sandbox().to_owned(),
            page_size: 1000,
            filter: Some(filter),
            ..Default::default()
        };
        let mut all = Vec::new();
        loop {
            let page = client.appeals().list_appeals(request.clone()).await?.into_inner();
            all.extend(page.appeals);
            if page.next_page_token.is_empty() {
                return Ok(all);
            }
            request.page_token = page.next_page_token;
        }
    }
}

impl Decide {
    async fn run(self) -> Result<(), Failure> {
        let client = self.target.connect().await?;
        let outcome = match (self.outcome, self.lines.is_empty()) {
            (Outcome::Overturn, true) => v1::AppealOutcome::Overturned,
            (Outcome::Overturn, false) => v1::AppealOutcome::PartlyOverturned,
            (Outcome::Uphold, _) => v1::AppealOutcome::Upheld,
            (Outcome::Dismiss, _) => v1::AppealOutcome::Dismissed,
        };
        let request = v1::DecideAppealRequest {
            name: client.name("appeals", &self.name),
            outcome: outcome.into(),
            overturned_lines: self.lines,
            decided_by: self.decided_by,
            rationale: self.rationale,
            authority: self.authority,
            ..Default::default()
        };
        answer(&self.target, &client.appeals().decide_appeal(request).await?.into_inner())
    }
}

impl Withdraw {
    async fn run(self) -> Result<(), Failure> {
        let client = self.target.connect().await?;
        let request = v1::WithdrawAppealRequest { name: client.name("appeals", &self.name), reason: self.reason };
        answer(&self.target, &client.appeals().withdraw_appeal(request).await?.into_inner())
    }
}

impl Add {
    async fn run(self) -> Result<(), Failure> {
        let client = self.target.connect().await?;
        let evidence = self.evidence.iter().map(|text| evidence(text, self.meets_policy)).collect::<Result<_, _>>()?;
        let name = client.name("appeals", &self.name);
        let request = v1::AddAppealEvidenceRequest { name, evidence, completes: Vec::new() };
        answer(&self.target, &client.appeals().add_appeal_evidence(request).await?.into_inner())
    }
}

impl Escalate {
    async fn run(self) -> Result<(), Failure> {
        let client = self.target.connect().await?;
        let request = v1::EscalateAppealRequest { name: client.name("appeals", &self.name), reason: String::new() };
        answer(&self.target, &client.appeals().escalate_appeal(request).await?.into_inner())
    }
}

/// Tell what of a claim may be appealed, by whom and until when, and what may not
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  payersim rights 03337259220001")]
pub(super) struct Rights {
    /// The claim: its control number, or its whole name
    claim: String,
    #[command(flatten)]
    target: Target,
}

impl Rights {
    pub async fn run(self) -> Result<(), Failure> {
        let client = self.target.connect().await?;
        let request = v1::ListAppealRightsRequest { claim: client.name("claims", &self.claim) };
        let rights = client.appeals().list_appeal_rights(request).await?.into_inner();
        let mut out = self.target.out();
        if out.json {
            return Ok(out.value(&typed_to_json("ListAppealRightsResponse", &rights))?);
        }
        Ok(print_rights(&mut out, &rights)?)
    }
}

fn answer(target: &Target, appeal: &v1::Appeal) -> Result<(), Failure> {
    let mut out = target.out();
    if out.json {
        return Ok(out.value(&typed_to_json("Appeal", appeal))?);
    }
    Ok(print(&mut out, appeal)?)
}

fn row(appeal: &v1::Appeal) -> Row {
    let level = appeal.level.as_ref().map_or("", |level| level.name.as_str());
    let outcome = appeal.decision.as_ref().map_or("", |decision| outcome_name(decision.outcome()));
    Row::from(vec![
        Cell::new(last_part(&appeal.name)),
        toned(state_name(appeal.state()), tone(appeal)),
        Cell::new(level),
        Cell::new(last_part(subject(appeal))),
        Cell::new(&appeal.filed_date),
        Cell::new(&appeal.decide_by),
        Cell::new(dollars(appeal.amount_in_controversy_cents)),
        Cell::new(outcome),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evidence_is_a_kind_with_days_and_a_note() {
        let read = |text: &str| {
            let given = evidence(text, false).unwrap();
            [given.kind, given.dated, given.from_date, given.through_date, given.note]
        };
        assert_eq!(read("medical-records"), ["medical-records", "", "", "", ""]);
        assert_eq!(read("referral:by Petra: DR1"), ["referral", "", "", "", "by Petra: DR1"]);
        assert_eq!(read("proof-of-timely-filing@2026-03-01"), ["proof-of-timely-filing", "2026-03-01", "", "", ""]);
        let letter = read("authorization-letter@2026-06-01..2026-12-31:DA10001");
        assert_eq!(letter, ["authorization-letter", "", "2026-06-01", "2026-12-31", "DA10001"]);
        assert!(evidence(":note", false).is_err() && state("paid").is_err());
        assert_eq!(state("open"), Ok(v1::AppealState::Open));
    }
}

//! `authorize`, `authorizations` and `authorization`: prior authorization and referral are asked for, looked at, decided, taken back.

use std::io::Write;

use clap::{Args, Subcommand, ValueEnum};
use comfy_table::{Cell, Row};

use super::output::{Out, Tone, toned};
use super::target::Target;
use crate::client::messages::typed_to_json;
use crate::client::{Client, Failure};
use crate::proto::v1 as pb;
use crate::proto::v1::{AuthorizationVerdict, LevelOfService, RequestCategory, ReviewOutcome};

/// Where requests stand among the resources.
const COLLECTION: &str = "authorizationRequests";

/// Ask for prior authorization, referral or admission
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  payersim authorize --member DM100301 --provider 2000000028 --procedure 70551 --units 1 --diagnosis G43.909 --from 2026-07-20
  payersim authorize --member DM100302 --provider 2000000028 --rendering 2000000119 --kind referral --procedure 97110-97530 --units 12
  payersim authorize --member DM100301 --provider 2000000069 --procedure 70551 --level emergency --from 2026-07-14")]
pub(super) struct Authorize {
    /// Member number
    #[arg(long)]
    member: String,
    /// NPI of who asks
    #[arg(long, value_name = "NPI")]
    provider: String,
    /// NPI of who is to give the service
    #[arg(long, value_name = "NPI", default_value = "")]
    rendering: String,
    /// What is asked for
    #[arg(long, value_enum, default_value = "services")]
    kind: KindOfRequest,
    /// How urgent it is
    #[arg(long, value_enum, default_value = "elective")]
    level: Level,
    /// Procedure, or a range such as 97110-97530; may be given again, each with the units beside it
    #[arg(long)]
    procedure: Vec<String>,
    /// Units, visits or days, in the order of the procedures
    #[arg(long)]
    units: Vec<String>,
    /// Diagnosis; may be given again
    #[arg(long)]
    diagnosis: Vec<String>,
    /// Kind of report that comes with it, such as RR; may be given again
    #[arg(long)]
    report: Vec<String>,
    /// Place of service
    #[arg(long, default_value = "")]
    place: String,
    /// First day; the sandbox's date where it is left out
    #[arg(long, value_name = "YYYY-MM-DD", default_value = "")]
    from: String,
    /// Last day
    #[arg(long, value_name = "YYYY-MM-DD", default_value = "")]
    through: String,
    /// Number of the authorization that it extends
    #[arg(long, value_name = "NUMBER", default_value = "")]
    extends: String,
    #[command(flatten)]
    target: Target,
}

/// Kinds of requests.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum KindOfRequest {
    Services,
    Referral,
    Admission,
}

/// How urgent.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Level {
    Elective,
    Urgent,
    Emergency,
}

impl Authorize {
    pub async fn run(self) -> Result<(), Failure> {
        let client = self.target.connect().await?;
        let from = match self.from.as_str() {
            "" => today(&client).await?,
            from => from.to_owned(),
        };
        let none = vec![String::new()];
        let procedures = if self.procedure.is_empty() { &none } else { &self.procedure };
        let units = |at: usize| self.units.get(at).cloned().unwrap_or_default();
        let service = |(at, text): (usize, &String)| {
            let (first, last) = text.split_once('-').unwrap_or((text, ""));
            pb::RequestedService {
                procedure_code: first.to_owned(),
                through_procedure_code: last.to_owned(),
                units: units(at),
                from: from.clone(),
                through: self.through.clone(),
                ..Default::default()
            }
        };
        let category = match self.kind {
            KindOfRequest::Services => RequestCategory::Services,
            KindOfRequest::Referral => RequestCategory::Referral,
            KindOfRequest::Admission => RequestCategory::Admission,
        };
        let level = match self.level {
            Level::Elective => LevelOfService::Elective,
            Level::Urgent => LevelOfService::Urgent,
            Level::Emergency => LevelOfService::Emergency,
        };
        let extension =
            if self.extends.is_empty() { pb::CertificationType::Initial } else { pb::CertificationType::Extension };
        let asked = pb::AuthorizationRequest {
            member_id: self.member.clone(),
            category: category.into(),
            certification_type: extension.into(),
            level_of_service: level.into(),
            place_of_service: self.place.clone(),
            diagnoses: self.diagnosis.clone(),
            requesting_npi: self.provider.clone(),
            rendering_npi: self.rendering.clone(),
            services: procedures.iter().enumerate().map(service).collect(),
            reports: self.report.clone(),
            previous_number: self.extends.clone(),
            ..Default::default()
        };
        let request = pb::CreateAuthorizationRequestRequest {
            parent: client.sandbox().to_owned(),
            authorization_request: Some(asked),
            ..Default::default()
        };
        let made = client.authorization_requests().create_authorization_request(request).await?.into_inner();
        print(&mut self.target.out(), &made)
    }
}

async fn today(client: &Client) -> Result<String, Failure> {
    let request = pb::GetClockRequest { name: client.sandbox().to_owned() };
    let clock = client.sandboxes().get_clock(request).await?.into_inner();
    Ok(clock.now.get(..10).unwrap_or_default().to_owned())
}

/// List requests for authorization
#[derive(Debug, Args)]
pub(super) struct Authorizations {
    /// Only of this member
    #[arg(long, default_value = "")]
    member: String,
    /// Only those that wait
    #[arg(long)]
    waiting: bool,
    #[command(flatten)]
    target: Target,
}

impl Authorizations {
    pub async fn run(self) -> Result<(), Failure> {
        let client = self.target.connect().await?;
        let mut out = self.target.out();
        let outcome = if self.waiting { ReviewOutcome::Pended } else { ReviewOutcome::Unspecified };
        let (mut found, mut page_token) = (Vec::new(), String::new());
        loop {
            let request = pb::ListAuthorizationRequestsRequest {
                parent: client.sandbox().to_owned(),
                page_size: 1_000,
                page_token,
                member_id: self.member.clone(),
                outcome: outcome.into(),
            };
            let page = client.authorization_requests().list_authorization_requests(request).await?.into_inner();
            found.extend(page.authorization_requests);
            page_token = page.next_page_token;
            if page_token.is_empty() {
                break;
            }
        }
        if out.json {
            for request in &found {
                out.value(&typed_to_json("AuthorizationRequest", request))?;
            }
            return Ok(());
        }
        let rows = found.iter().map(|request| {
            let services: Vec<String> = request.services.iter().map(service_words).collect();
            Row::from(vec![
                Cell::new(id(&request.name)),
                toned(outcome_words(request.outcome()), tone(request.outcome())),
                Cell::new(&request.member_id),
                Cell::new(services.join(", ")),
                Cell::new(request.received_time.get(..10).unwrap_or_default()),
                Cell::new(&request.decide_by),
            ])
        });
        Ok(out.table(&["request", "outcome", "member", "services", "came", "decide by"], &[], rows.collect())?)
    }
}

/// Look at a request or an authorization; decide what waits; take it back
#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "\
Examples:
  payersim authorization P48291377000001           the request: decision, reason, rule, used and left, appeal
  payersim authorization DA10003                   any authorization by its number
  payersim authorization decide P48291377000001 --certify --by 'R. Reviewer'
  payersim authorization decide P48291377000001 --deny --reason 0F --because 'No sign of a pressed nerve.' --by 'R. Reviewer'
  payersim authorization cancel P48291377000001 --because 'The patient has moved.'"
)]
pub(super) struct Authorization {
    /// Id of the request, or number of the authorization
    name: Option<String>,
    #[command(subcommand)]
    act: Option<Act>,
    #[command(flatten)]
    target: Target,
}

/// What is done with a request.
#[derive(Debug, Subcommand)]
enum Act {
    Decide(Decide),
    Cancel(Cancel),
}

/// Decide what waits
#[derive(Debug, Args)]
struct Decide {
    /// Id of the request
    name: String,
    /// Certify
    #[arg(long, required_unless_present = "deny", conflicts_with = "deny")]
    certify: bool,
    /// Do not certify
    #[arg(long)]
    deny: bool,
    /// Only this line
    #[arg(long)]
    line: Option<i32>,
    /// Certify so many units instead of those asked for
    #[arg(long, default_value = "")]
    units: String,
    /// Certify from this day on
    #[arg(long, value_name = "YYYY-MM-DD", default_value = "")]
    from: String,
    /// Certify through this day
    #[arg(long, value_name = "YYYY-MM-DD", default_value = "")]
    through: String,
    /// Reason of a denial, a code of X12's list 886
    #[arg(long, default_value = "")]
    reason: String,
    /// Why, in a sentence; a denial must say
    #[arg(long, value_name = "SENTENCE", default_value = "")]
    because: String,
    /// Who decides
    #[arg(long, value_name = "WHO", default_value = "reviewer")]
    by: String,
    #[command(flatten)]
    target: Target,
}

/// Take a request back
#[derive(Debug, Args)]
struct Cancel {
    /// Id of the request
    name: String,
    /// Why, in a sentence
    #[arg(long, value_name = "SENTENCE", default_value = "")]
    because: String,
    #[command(flatten)]
    target: Target,
}

impl Authorization {
    pub async fn run(self) -> Result<(), Failure> {
        match (self.act, self.name) {
            (Some(Act::Decide(decide)), _) => decide.run().await,
            (Some(Act::Cancel(cancel)), _) => cancel.run().await,
            (None, Some(name)) => show(&self.target, &name).await,
            (None, None) => {
                Err(Failure::Usage("which one? Give an id such as P48291377000001, or a number".to_owned()))
            }
        }
    }
}

async fn show(target: &Target, name: &str) -> Result<(), Failure> {
    let client = target.connect().await?;
    let mut out = target.out();
    let request = name.split_once('-').map_or(name, |(request, _)| request);
    let whole = client.name(COLLECTION, request);
    let asked = pb::GetAuthorizationRequestRequest { name: whole };
    match client.authorization_requests().get_authorization_request(asked).await {
        Ok(found) => return print(&mut out, &found.into_inner()),
        Err(status) if status.code() != tonic::Code::NotFound => return Err(status.into()),
        Err(_) => {}
    }
    let asked = pb::InquireAuthorizationsRequest {
        parent: client.sandbox().to_owned(),
        number: name.to_owned(),
        ..Default::default()
    };
    let found = client.authorization_requests().inquire_authorizations(asked).await?.into_inner();
    for standing in &found.authorizations {
        if out.json {
            out.value(&typed_to_json("AuthorizationStanding", standing))?;
            continue;
        }
        let what = if standing.referral { "referral" } else { "authorization" };
        let for_what = if standing.procedures.is_empty() { "any".to_owned() } else { standing.procedures.join(", ") };
        let painted = out.paint(tone(standing.outcome()), outcome_words(standing.outcome()));
        writeln!(out, "{painted} {what} {} of {} for {for_what}", standing.number, standing.member_id)?;
        let run_out = if standing.expired { ", run out" } else { "" };
        writeln!(out, "  {} through {}{run_out}; {}", standing.from, standing.through, used(standing))?;
    }
    Ok(())
}

fn used(standing: &pb::AuthorizationStanding) -> String {
    match standing.certified_units.as_str() {
        "" => format!("no limit, {} used", standing.used_units),
        units => format!("{units} certified, {} used, {} left", standing.used_units, standing.left_units),
    }
}

impl Decide {
    async fn run(self) -> Result<(), Failure> {
        let client = self.target.connect().await?;
        let verdict = if self.certify { AuthorizationVerdict::Certify } else { AuthorizationVerdict::Deny };
        let ruling = pb::ServiceRuling {
            line: self.line.unwrap_or_default(),
            verdict: verdict.into(),
            units: self.units,
            from: self.from,
            through: self.through,
            reason_code: self.reason,
        };
        let (rulings, ruling) = match self.line {
            Some(_) => (vec![ruling], None),
            None => (Vec::new(), Some(ruling)),
        };
        let request = pb::DecideAuthorizationRequestRequest {
            name: client.name(COLLECTION, &self.name),
            rulings,
            ruling,
            decided_by: self.by,
            rationale: self.because,
        };
        let made = client.authorization_requests().decide_authorization_request(request).await?.into_inner();
        print(&mut self.target.out(), &made)
    }
}

impl Cancel {
    async fn run(self) -> Result<(), Failure> {
        let client = self.target.connect().await?;
        let name = client.name(COLLECTION, &self.name);
        let request = pb::CancelAuthorizationRequestRequest { name, reason: self.because };
        let made = client.authorization_requests().cancel_authorization_request(request).await?.into_inner();
        print(&mut self.target.out(), &made)
    }
}

fn id(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or_default()
}

fn outcome_words(outcome: ReviewOutcome) -> &'static str {
    match outcome {
        ReviewOutcome::Unspecified => "TURNED AWAY",
        ReviewOutcome::Certified => "CERTIFIED",
        ReviewOutcome::Partial => "PARTLY CERTIFIED",
        ReviewOutcome::NotCertified => "NOT CERTIFIED",
        ReviewOutcome::Pended => "WAITS",
        ReviewOutcome::Modified => "MODIFIED",
        ReviewOutcome::Cancelled => "CANCELLED",
        ReviewOutcome::NotNeeded => "NOT NEEDED",
    }
}

fn tone(outcome: ReviewOutcome) -> Tone {
    match outcome {
        ReviewOutcome::Certified | ReviewOutcome::NotNeeded => Tone::Good,
        ReviewOutcome::Pended | ReviewOutcome::Partial | ReviewOutcome::Modified => Tone::Waiting,
        ReviewOutcome::Unspecified | ReviewOutcome::NotCertified | ReviewOutcome::Cancelled => Tone::Bad,
    }
}

fn service_words(service: &pb::RequestedService) -> String {
    let codes = [&service.procedure_code, &service.through_procedure_code];
    let codes: Vec<&str> = codes.into_iter().filter(|code| !code.is_empty()).map(String::as_str).collect();
    let what = if codes.is_empty() { "any".to_owned() } else { codes.join("-") };
    if service.units.is_empty() { what } else { format!("{what} × {}", service.units) }
}

/// The page of a request.
fn print(out: &mut Out, request: &pb::AuthorizationRequest) -> Result<(), Failure> {
    if out.json {
        return Ok(out.value(&typed_to_json("AuthorizationRequest", request))?);
    }
    let painted = out.paint(tone(request.outcome()), outcome_words(request.outcome()));
    let plan = if request.plan_id.is_empty() { String::new() } else { format!("  plan {}", request.plan_id) };
    let came = request.received_time.get(..10).unwrap_or_default();
    writeln!(out, "{painted} {}  member {}{plan}  came {came}", id(&request.name), request.member_id)?;
    for rejection in &request.rejections {
        let resend = if rejection.follow_up == "N" { "do not send it again" } else { "correct it and send it again" };
        writeln!(out, "  AAA {} {} ({}): {resend}", rejection.reason_code, rejection.words, rejection.field)?;
    }
    if !request.decisions.is_empty() {
        let rows = request.services.iter().zip(&request.decisions).map(row).collect();
        let header = ["line", "service", "outcome", "number", "units", "used", "left", "from", "through", "why"];
        out.table(&header, &["line", "units", "used", "left"], rows)?;
    }
    if !request.decide_by.is_empty() {
        writeln!(out, "{}", request.late_consequence)?;
    }
    for words in [&request.claims_words].into_iter().filter(|words| !words.is_empty()) {
        writeln!(out, "{words}")?;
    }
    for claim in &request.reopened_claims {
        writeln!(out, "claim {} was reopened", id(claim))?;
    }
    if let Some(rights) = &request.appeal_rights {
        let fast = if rights.expedited { " The urgent way is open." } else { "" };
        writeln!(out, "notice of {}: {}{fast}", rights.notice_date, rights.words)?;
    }
    let heading = out.paint(Tone::Heading, "what was looked at");
    if !request.steps.is_empty() {
        writeln!(out, "{heading}")?;
    }
    for step in &request.steps {
        let of = if step.line == 0 { String::new() } else { format!("line {}, ", step.line) };
        let law: Vec<&str> = step.authority.iter().map(|citation| citation.title.as_str()).collect();
        let law = out.paint(Tone::Dim, &law.join("; "));
        writeln!(out, "  {of}{}: {}  {law}", step.id, step.words)?;
    }
    Ok(())
}

fn row((service, decision): (&pb::RequestedService, &pb::ServiceDecision)) -> Row {
    let by = if decision.decided_by.is_empty() { String::new() } else { format!(" ({})", decision.decided_by) };
    let code = if decision.reason_code.is_empty() {
        String::new()
    } else {
        format!("{} {}. ", decision.reason_code, decision.reason)
    };
    let run_out = if decision.expired { ", run out" } else { "" };
    Row::from(vec![
        Cell::new(decision.line),
        Cell::new(service_words(service)),
        toned(outcome_words(decision.outcome()), tone(decision.outcome())),
        Cell::new(&decision.certification_number),
        Cell::new(&decision.certified_units),
        Cell::new(&decision.used_units),
        Cell::new(&decision.left_units),
        Cell::new(&decision.from),
        Cell::new(format!("{}{run_out}", decision.through)),
        Cell::new(format!("{code}{}{by}", decision.rationale)),
    ])
}

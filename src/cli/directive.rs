//! `directive`: outcomes by instruction.

use std::io::Write;

use clap::{Args, Subcommand};
use comfy_table::Row;

use super::decision::last_part;
use super::output::{Out, dollars};
use super::target::Target;
use crate::client::Failure;
use crate::client::messages::typed_to_json;
use crate::domain::money::Money;
use crate::proto::v1;
use v1::forced_outcome::Kind;
use v1::forced_reduction::To;

/// Force what becomes of claims, for a test that needs it now
#[derive(Debug, Subcommand)]
#[command(after_help = "\
Examples:
  payersim directive add --member DM100101 --deny CO-197
  payersim directive add --procedure 99213 --nth 3 --deny CO-16.N382
  payersim directive add --number 'NEXT-*' --reject A7.562.85
  payersim directive add --provider 2000000010 --reduce 80 --chance 250
  payersim directive list
  payersim directive clear

The same in the claim itself, without any setup: VISIT-7+CO197 as its patient control number.")]
pub(super) enum Directive {
    /// Add a directive, behind those that are there
    Add(Box<Add>),
    /// List the directives, in order
    List(List),
    /// Take one away
    Remove(Named),
    /// Take all away
    Clear(List),
}

#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("outcome").required(true))]
pub(super) struct Add {
    /// Its id; one is chosen where not said
    #[arg(long)]
    id: Option<String>,
    /// Claims with this subscriber's number
    #[arg(long, value_name = "ID", help_heading = "Which claims (all that is said must fit)")]
    member: Option<String>,
    /// Claims with this patient control number; a * at its end stands for anything
    #[arg(long, value_name = "NUMBER", help_heading = "Which claims (all that is said must fit)")]
    number: Option<String>,
    /// Lines with this procedure code
    #[arg(long, value_name = "CODE", help_heading = "Which claims (all that is said must fit)")]
    procedure: Option<String>,
    /// Claims that this NPI bills or performs
    #[arg(long, value_name = "NPI", help_heading = "Which claims (all that is said must fit)")]
    provider: Option<String>,
    /// Claims with this diagnosis
    #[arg(long, value_name = "CODE", help_heading = "Which claims (all that is said must fit)")]
    diagnosis: Option<String>,
    /// Only the nth claim that fits, in each family
    #[arg(long, value_name = "N", default_value_t = 0, help_heading = "Which claims (all that is said must fit)")]
    nth: i32,
    /// Every nth claim that fits, in each family
    #[arg(long, value_name = "N", default_value_t = 0, help_heading = "Which claims (all that is said must fit)")]
    every: i32,
    /// At most so often in each family
    #[arg(long, value_name = "N", default_value_t = 0, help_heading = "Which claims (all that is said must fit)")]
    times: i32,
    /// By chance, so many of a thousand
    #[arg(
        long,
        value_name = "PER MILLE",
        default_value_t = 0,
        help_heading = "Which claims (all that is said must fit)"
    )]
    chance: i32,
    /// Deny: group and reason, with remarks behind points, such as CO-197 or CO-16.N382
    #[arg(long, value_name = "REASON", group = "outcome", help_heading = "What becomes of them")]
    deny: Option<String>,
    /// Allow so many percent of what would be allowed
    #[arg(long, value_name = "PERCENT", group = "outcome", help_heading = "What becomes of them")]
    reduce: Option<String>,
    /// Allow at most so many dollars a line
    #[arg(long, value_name = "DOLLARS", group = "outcome", help_heading = "What becomes of them")]
    at_most: Option<String>,
    /// Wait for a person, for a reason
    #[arg(long, value_name = "REASON", group = "outcome", num_args = 0..=1, default_missing_value = "", help_heading = "What becomes of them")]
    pend: Option<String>,
    /// Turn away on the 277CA: category, status and entity, such as A7.562.85
    #[arg(long, value_name = "CODES", group = "outcome", help_heading = "What becomes of them")]
    reject: Option<String>,
    /// Decide so many days later
    #[arg(long, value_name = "DAYS", group = "outcome", help_heading = "What becomes of them")]
    delay: Option<i32>,
    /// Pay so many days after the decision
    #[arg(long, value_name = "DAYS", group = "outcome", help_heading = "What becomes of them")]
    due: Option<i32>,
    /// Have these edits not look, or none where no id is said
    #[arg(long, value_name = "EDITS", group = "outcome", num_args = 0.., help_heading = "What becomes of them")]
    waive: Option<Vec<String>>,
    /// Have an appeal of them come out so: overturned, upheld, or late where nobody decides in time
    #[arg(long, value_name = "OUTCOME", group = "outcome", value_parser = ["overturned", "upheld", "late"], help_heading = "What becomes of them")]
    appeal: Option<String>,
    /// Decide the appeal so many days after it was filed
    #[arg(long, value_name = "DAYS", default_value_t = 0, requires = "appeal", help_heading = "What becomes of them")]
    after: i32,
    /// Only at this level of appeal, such as redetermination
    #[arg(long, value_name = "ID", default_value = "", requires = "appeal", help_heading = "What becomes of them")]
    level: String,
    /// What it is for
    #[arg(long, default_value = "")]
    note: String,
    #[command(flatten)]
    target: Target,
}

#[derive(Debug, Args)]
pub(super) struct List {
    #[command(flatten)]
    target: Target,
}

#[derive(Debug, Args)]
pub(super) struct Named {
    /// Its id
    id: String,
    #[command(flatten)]
    target: Target,
}

impl Directive {
    pub async fn run(self) -> Result<(), Failure> {
        match self {
            Directive::Add(command) => command.run().await,
            Directive::List(command) => command.list().await,
            Directive::Remove(command) => command.remove().await,
            Directive::Clear(command) => command.clear().await,
        }
    }
}

impl Add {
    async fn run(self) -> Result<(), Failure> {
        let kind = self.kind()?;
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let directive = v1::Directive {
            r#match: Some(v1::DirectiveMatch {
                member_id: text(&self.member),
                patient_control_number: text(&self.number),
                procedure_code: text(&self.procedure),
                provider_npi: text(&self.provider),
                diagnosis_code: text(&self.diagnosis),
                ..Default::default()
            }),
            outcome: Some(v1::ForcedOutcome { kind: Some(kind) }),
            chance_per_mille: self.chance,
            nth_claim: self.nth,
            every: self.every,
            times: self.times,
            note: self.note.clone(),
            ..Default::default()
        };
        let client = self.target.connect().await?;
        let request = v1::CreateDirectiveRequest {
            parent: client.sandbox().to_owned(),
            directive_id: self.id.unwrap_or_default(),
            directive: Some(directive),
            request_id: String::new(),
        };
        let made = client.directives().create_directive(request).await?.into_inner();
        print(&mut self.target.out(), &[made])
    }

    fn kind(&self) -> Result<Kind, Failure> {
        if let Some(text) = &self.deny {
            return deny(text);
        }
        if let Some(text) = &self.appeal {
            let outcome = match text.as_str() {
                "overturned" => v1::AppealOutcome::Overturned,
                "upheld" => v1::AppealOutcome::Upheld,
                _ => v1::AppealOutcome::Unspecified,
            };
            let (late, level) = (text == "late", self.level.clone());
            return Ok(Kind::Appeal(v1::ForcedAppeal { outcome: outcome.into(), after_days: self.after, late, level }));
        }
        if let Some(text) = &self.reject {
            let mut codes = text.split(['.', ':']).map(str::to_owned);
            let mut next = || codes.next().unwrap_or_default();
            let (category_code, status_code, entity_code) = (next(), next(), next());
            return Ok(Kind::Reject(v1::ForcedRejection { category_code, status_code, entity_code }));
        }
        let reduce = |to| Kind::Reduce(v1::ForcedReduction { to: Some(to), ..Default::default() });
        if let Some(percent) = &self.reduce {
            return Ok(reduce(To::Percent(percent.trim_end_matches('%').to_owned())));
        }
        if let Some(amount) = &self.at_most {
            let most = Money::parse(amount).map_err(|error| Failure::Usage(format!("--at-most {amount}: {error}")))?;
            return Ok(reduce(To::AmountCents(most.cents())));
        }
        if let Some(reason) = &self.pend {
            return Ok(Kind::Pend(v1::ForcedPend { reason: reason.clone() }));
        }
        if let Some(edits) = &self.waive {
            return Ok(Kind::Waive(v1::WaivedEdits { edits: edits.clone() }));
        }
        let (decide_after_days, pay_after_days) = (self.delay.unwrap_or(0), self.due.unwrap_or(0));
        Ok(Kind::Delay(v1::ForcedDelay { decide_after_days, pay_after_days }))
    }
}

/// `CO-16.N382`: group, reason and remarks.
fn deny(text: &str) -> Result<Kind, Failure> {
    let wrong = || Failure::Usage(format!("--deny {text}: write group and reason, such as CO-197 or CO-16.N382"));
    let upper = text.to_ascii_uppercase();
    let (group, codes) = upper.split_at_checked(2).ok_or_else(wrong)?;
    let group = v1::GroupCode::from_str_name(&format!("GROUP_CODE_{group}")).ok_or_else(wrong)?;
    let mut codes = codes.trim_start_matches('-').split('.').map(str::to_owned);
    let carc = codes.next().filter(|carc| !carc.is_empty()).ok_or_else(wrong)?;
    Ok(Kind::Deny(v1::ForcedDenial { group: group.into(), carc, rarcs: codes.collect() }))
}

impl List {
    async fn list(self) -> Result<(), Failure> {
        let client = self.target.connect().await?;
        let request = v1::ListDirectivesRequest {
            parent: client.sandbox().to_owned(),
            page_size: 1000,
            page_token: String::new(),
        };
        let found = client.directives().list_directives(request).await?.into_inner().directives;
        print(&mut self.target.out(), &found)
    }

    async fn clear(self) -> Result<(), Failure> {
        let client = self.target.connect().await?;
        let request = v1::ClearDirectivesRequest { parent: client.sandbox().to_owned() };
        let cleared = client.directives().clear_directives(request).await?.into_inner();
        let mut out = self.target.out();
        if out.json {
            return Ok(out.value(&typed_to_json("ClearDirectivesResponse", &cleared))?);
        }
        Ok(writeln!(out, "took {} away", cleared.cleared)?)
    }
}

impl Named {
    async fn remove(self) -> Result<(), Failure> {
        let client = self.target.connect().await?;
        let request = v1::DeleteDirectiveRequest { name: client.name("directives", &self.id) };
        client.directives().delete_directive(request).await?;
        let mut out = self.target.out();
        if out.json { Ok(()) } else { Ok(writeln!(out, "took {} away", self.id)?) }
    }
}

fn print(out: &mut Out, directives: &[v1::Directive]) -> Result<(), Failure> {
    if out.json {
        return Ok(directives.iter().try_for_each(|made| out.value(&typed_to_json("Directive", made)))?);
    }
    if directives.is_empty() {
        return Ok(writeln!(out, "no directives: every claim is decided by the rules")?);
    }
    let row = |made: &v1::Directive| Row::from([last_part(&made.name).to_owned(), whom(made), what(made), when(made)]);
    let rows = directives.iter().map(row).collect();
    Ok(out.table(&["directive", "claims", "outcome", "how often"], &[], rows)?)
}

fn whom(made: &v1::Directive) -> String {
    let Some(fits) = &made.r#match else { return "every claim".to_owned() };
    let said = [
        ("member", &fits.member_id),
        ("number", &fits.patient_control_number),
        ("procedure", &fits.procedure_code),
        ("provider", &fits.provider_npi),
        ("diagnosis", &fits.diagnosis_code),
        ("service from", &fits.service_from),
        ("service through", &fits.service_through),
        ("kind", &fits.kind),
    ];
    let said: Vec<String> =
        said.into_iter().filter(|(_, text)| !text.is_empty()).map(|(name, text)| format!("{name} {text}")).collect();
    if said.is_empty() { "every claim".to_owned() } else { said.join(", ") }
}

fn what(made: &v1::Directive) -> String {
    match made.outcome.as_ref().and_then(|outcome| outcome.kind.as_ref()) {
        Some(Kind::Deny(denial)) => {
            let group = denial.group().as_str_name().trim_start_matches("GROUP_CODE_");
            format!("denied {group}-{} {}", denial.carc, denial.rarcs.join(" ")).trim_end().to_owned()
        }
        Some(Kind::Reduce(reduction)) => match &reduction.to {
            Some(To::Percent(percent)) => format!("{percent} percent allowed"),
            Some(To::AmountCents(cents)) => format!("at most {} a line", dollars(*cents)),
            None => String::new(),
        },
        Some(Kind::Pend(pend)) => format!("pended {}", pend.reason).trim_end().to_owned(),
        Some(Kind::Reject(codes)) => {
            let codes = [&codes.category_code, &codes.status_code, &codes.entity_code].map(String::as_str);
            format!("rejected {}", codes.join(":")).trim_end_matches(':').to_owned()
        }
        Some(Kind::Delay(delay)) if delay.pay_after_days > 0 && delay.decide_after_days > 0 => {
            format!("decided {} days later, paid {} after", delay.decide_after_days, delay.pay_after_days)
        }
        Some(Kind::Delay(delay)) if delay.pay_after_days > 0 => format!("paid {} days later", delay.pay_after_days),
        Some(Kind::Delay(delay)) => format!("decided {} days later", delay.decide_after_days),
        Some(Kind::Waive(waived)) if waived.edits.is_empty() => "no edit looks".to_owned(),
        Some(Kind::Waive(waived)) => format!("{} do not look", waived.edits.join(", ")),
        Some(Kind::Appeal(told)) => appeal(told),
        None => String::new(),
    }
}

fn appeal(told: &v1::ForcedAppeal) -> String {
    let what = match told.outcome() {
        _ if told.late => "decided too late",
        v1::AppealOutcome::Overturned => "overturned",
        _ => "upheld",
    };
    let at = if told.level.is_empty() { String::new() } else { format!(" at {}", told.level) };
    let after = if told.after_days == 0 { String::new() } else { format!(" after {} days", told.after_days) };
    format!("appeal{at} {what}{after}")
}

fn when(made: &v1::Directive) -> String {
    let said = [
        (made.nth_claim, format!("claim {} of a family", made.nth_claim)),
        (made.every, format!("every {}. of a family", made.every)),
        (made.times, format!("{} times a family", made.times)),
        (made.chance_per_mille, format!("{} of 1000", made.chance_per_mille)),
        (i32::from(made.disabled), "set aside".to_owned()),
    ];
    let said: Vec<String> = said.into_iter().filter(|(number, _)| *number > 0).map(|(_, words)| words).collect();
    if said.is_empty() { "each".to_owned() } else { said.join(", ") }
}

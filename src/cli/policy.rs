//! `policy`: medical policies, read and tested.

use std::io::Write;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use comfy_table::Row;

use super::output::{Out, Tone, count};
use super::target::Target;
use crate::client::Failure;
use crate::client::messages::typed_to_json;
use crate::domain::expression::{FIELDS, FUNCTIONS};
use crate::payer::{InForce, folder, policy_examples};
use crate::proto::v1 as pb;
use crate::reference::official_tables::OfficialTables;

/// Read and test medical policies
#[derive(Debug, Subcommand)]
#[command(after_help = "\
Examples:
  payersim policy test my-payer                   decide the examples that the folder's policies carry
  payersim policy list --procedure 70551          which policies of the running server are about it
  payersim policy show MP-001
  payersim policy fields                          what expressions can ask")]
pub(super) enum PolicyCommand {
    Test(Test),
    List(List),
    Show(Show),
    Fields(Fields),
}

/// Decide the examples that policies carry; exit code 1 where one comes out otherwise
#[derive(Debug, Args)]
pub(super) struct Test {
    /// Payer folder; the demo payer where not said
    #[arg(value_name = "DIR")]
    folder: Option<PathBuf>,
    /// Only this policy's examples
    #[arg(long, value_name = "ID")]
    policy: Option<String>,
    /// Print JSON, one example a line
    #[arg(long)]
    json: bool,
}

/// List policies in the order in which they report
#[derive(Debug, Args)]
pub(super) struct List {
    /// Only those about this procedure
    #[arg(long, value_name = "CODE", default_value = "")]
    procedure: String,
    #[command(flatten)]
    target: Target,
}

/// Show a policy as JSON
#[derive(Debug, Args)]
pub(super) struct Show {
    /// The policy's id
    policy: String,
    /// The version that holds on this day
    #[arg(long, value_name = "DATE", default_value = "")]
    on: String,
    #[command(flatten)]
    target: Target,
}

/// Print the fields and functions of expressions
#[derive(Debug, Args)]
pub(super) struct Fields {}

impl PolicyCommand {
    pub async fn run(self) -> Result<(), Failure> {
        match self {
            PolicyCommand::Test(command) => command.run(),
            PolicyCommand::List(command) => command.run().await,
            PolicyCommand::Show(command) => command.run().await,
            PolicyCommand::Fields(command) => command.run(),
        }
    }
}

impl Test {
    fn run(self) -> Result<(), Failure> {
        let payer = match &self.folder {
            Some(path) => folder::load(path).map_err(|mistakes| Failure::mistakes(&mistakes))?,
            None => folder::demo(),
        };
        let in_force = InForce::read(payer, &OfficialTables::default());
        let in_force = in_force.map_err(|failure| Failure::Broken(failure.to_string()))?;
        let tests = policy_examples::test(&in_force, self.policy.as_deref().unwrap_or_default());
        if tests.is_empty() {
            return Err(Failure::Usage("no example found: policies carry them as [[policies.examples]]".into()));
        }
        let mut out = Out::stdout(self.json);
        let failed = tests.iter().filter(|test| !test.holds).count();
        for test in &tests {
            if out.json {
                out.value(&typed_to_json("PolicyTest", test))?;
            } else {
                print(&mut out, test)?;
            }
        }
        if !out.json {
            let number = i64::try_from(tests.len()).unwrap_or(i64::MAX);
            let told = match failed {
                0 => out.paint(Tone::Good, "all ok"),
                failed => out.paint(Tone::Bad, &format!("{failed} FAILED")),
            };
            writeln!(out, "{}: {told}", count(number, "example"))?;
        }
        if failed == 0 { Ok(()) } else { Err(Failure::Expectation) }
    }
}

fn print(out: &mut Out, test: &pb::PolicyTest) -> Result<(), Failure> {
    let pb::PolicyTest { policy_id, say, expect, got, words, .. } = test;
    if test.holds {
        let word = out.paint(Tone::Good, "ok");
        return Ok(writeln!(out, "{word}      {policy_id}: {say} ({got})")?);
    }
    let word = out.paint(Tone::Bad, "FAILED");
    writeln!(out, "{word}  {policy_id}: {say}")?;
    writeln!(out, "          expected {expect}, got {got}")?;
    if !words.is_empty() {
        writeln!(out, "          {words}")?;
    }
    Ok(())
}

impl List {
    async fn run(self) -> Result<(), Failure> {
        let client = self.target.connect().await?;
        let mut out = self.target.out();
        let (mut rows, mut page_token) = (Vec::new(), String::new());
        loop {
            let (parent, procedure) = (client.sandbox().to_owned(), self.procedure.clone());
            let request = pb::ListPoliciesRequest { parent, procedure, page_size: 1_000, page_token };
            let page = client.policies().list_policies(request).await?.into_inner();
            for policy in &page.policies {
                if out.json {
                    out.value(&typed_to_json("MedicalPolicy", policy))?;
                } else {
                    rows.push(row(policy));
                }
            }
            page_token = page.next_page_token;
            if page_token.is_empty() {
                break;
            }
        }
        if !out.json {
            out.table(&["policy", "title", "from", "through", "rank", "about", "gives"], &["rank"], rows)?;
        }
        Ok(())
    }
}

fn row(policy: &pb::MedicalPolicy) -> Row {
    let about: Vec<&str> = [&policy.procedures, &policy.revenue_codes, &policy.types_of_bill]
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect();
    Row::from([
        policy.policy_id.clone(),
        policy.title.clone(),
        policy.from.clone(),
        policy.through.clone(),
        policy.rank.to_string(),
        about.join(" "),
        gives(policy),
    ])
}

/// What a policy gives, in a few words.
fn gives(policy: &pb::MedicalPolicy) -> String {
    use pb::medical_policy::Finding;
    match &policy.finding {
        None => format!("CO-50 {}", policy.rarc).trim_end().to_owned(),
        Some(Finding::Deny(denial)) => {
            format!("{}-{} {}", denial.group, denial.carc, denial.rarcs.join(" ")).trim_end().to_owned()
        }
        Some(Finding::Pend(_)) => "pend".to_owned(),
        Some(Finding::Reduce(reduction)) => format!("less, {}", reduction.carc),
        Some(Finding::Records(_)) => "records".to_owned(),
        Some(Finding::Note(_)) => "note".to_owned(),
    }
}

impl Show {
    async fn run(self) -> Result<(), Failure> {
        let client = self.target.connect().await?;
        let request = pb::GetPolicyRequest { name: client.name("policies", &self.policy), on_date: self.on };
        let policy = client.policies().get_policy(request).await?.into_inner();
        let value = typed_to_json("MedicalPolicy", &policy);
        let mut out = self.target.out();
        if out.json {
            return Ok(out.value(&value)?);
        }
        let text = serde_json::to_string_pretty(&value).map_err(|error| Failure::Broken(error.to_string()))?;
        Ok(writeln!(out, "{text}")?)
    }
}

impl Fields {
    fn run(self) -> Result<(), Failure> {
        let mut out = Out::stdout(false);
        let row = |field: &crate::domain::expression::FieldRow| {
            let lacks = if field.may_lack { "may be unknown" } else { "" };
            Row::from([field.path, field.kind.as_str(), field.words, lacks])
        };
        out.table(&["field", "kind", "what it is", ""], &[], FIELDS.iter().map(row).collect())?;
        writeln!(out)?;
        let row = |function: &crate::domain::expression::FunctionRow| {
            Row::from([function.shape, function.kind.as_str(), function.words])
        };
        out.table(&["function", "kind", "what it says"], &[], FUNCTIONS.iter().map(row).collect())?;
        writeln!(out)?;
        writeln!(
            out,
            "operators: && || ! == != < <= > >= + - * / in ? :   literals: true 1 0.25 \"text\" [\"a\", \"b\"]"
        )?;
        Ok(())
    }
}

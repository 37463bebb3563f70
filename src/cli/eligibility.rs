//! `eligibility`: is a member covered, and what would the member pay.

use std::io::Write;

use clap::Args;
use comfy_table::{Cell, Row};

use super::output::{Out, Tone, dollars};
use super::target::Target;
use crate::client::Failure;
use crate::client::messages::typed_to_json;
use crate::proto::v1::{AccumulatorAnswer, BenefitAnswer, CheckEligibilityRequest, CheckEligibilityResponse};

/// Ask whether a member is covered, under which plan, and what the member pays
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  payersim eligibility DM100101
  payersim eligibility DM100101 --service office --provider 2000000010 --date 2026-08-01")]
pub(super) struct Eligibility {
    /// Number on the member's card
    member: String,
    /// Day of service; the sandbox's date where not said
    #[arg(long, value_name = "YYYY-MM-DD")]
    date: Option<String>,
    /// X12 service type code such as 98, or a benefit's name such as office; 30, the plan as a whole, where not said
    #[arg(long)]
    service: Option<String>,
    /// NPI of the provider who asks
    #[arg(long, value_name = "NPI")]
    provider: Option<String>,
    /// Family name, checked where given
    #[arg(long)]
    last_name: Option<String>,
    /// Birth date, checked where given
    #[arg(long, value_name = "YYYY-MM-DD")]
    birth_date: Option<String>,
    #[command(flatten)]
    target: Target,
}

impl Eligibility {
    pub async fn run(self) -> Result<(), Failure> {
        let client = self.target.connect().await?;
        let request = CheckEligibilityRequest {
            parent: client.sandbox().to_owned(),
            member_id: self.member,
            last_name: self.last_name.unwrap_or_default(),
            birth_date: self.birth_date.unwrap_or_default(),
            service_date: self.date.unwrap_or_default(),
            service_type: self.service.unwrap_or_default(),
            provider_npi: self.provider.unwrap_or_default(),
        };
        let answer = client.eligibility().check_eligibility(request).await?.into_inner();
        let mut out = self.target.out();
        if out.json {
            return Ok(out.value(&typed_to_json("CheckEligibilityResponse", &answer))?);
        }
        print(&mut out, &answer)
    }
}

fn print(out: &mut Out, answer: &CheckEligibilityResponse) -> Result<(), Failure> {
    if !answer.active {
        let reason =
            if answer.reject_reason.is_empty() { String::new() } else { format!(" (AAA {})", answer.reject_reason) };
        let headline = out.paint(Tone::Bad, "NOT COVERED");
        return Ok(writeln!(out, "{headline}: {}{reason}", answer.message)?);
    }
    let headline = out.paint(Tone::Good, "COVERED");
    let through = if answer.coverage_through.is_empty() {
        String::new()
    } else {
        format!(" through {}", answer.coverage_through)
    };
    writeln!(out, "{headline} by {} ({}) since {}{through}", answer.plan_name, answer.plan_id, answer.coverage_from)?;
    if !answer.provider_network.is_empty() {
        writeln!(out, "the provider is {} network", if answer.provider_network == "in" { "in" } else { "out of" })?;
    }
    if !answer.primary_payer.is_empty() {
        writeln!(out, "{} pays first", answer.primary_payer)?;
    }
    if !answer.message.is_empty() {
        writeln!(out, "{}", answer.message)?;
    }
    let header = ["benefit", "network", "copay", "coinsurance", "deductible", "authorization", "visits"];
    out.table(&header, &["copay", "coinsurance", "visits"], answer.benefits.iter().map(benefit_row).collect())?;
    let header = ["accumulator", "network", "whose", "limit", "met", "left"];
    Ok(out.table(&header, &["limit", "met", "left"], answer.accumulators.iter().map(accumulator_row).collect())?)
}

fn benefit_row(benefit: &BenefitAnswer) -> Row {
    if !benefit.covered {
        return Row::from([benefit.benefit.as_str(), benefit.network.as_str(), "not covered"]);
    }
    Row::from(vec![
        Cell::new(&benefit.benefit),
        Cell::new(&benefit.network),
        Cell::new(dollars(benefit.copay_cents)),
        Cell::new(if benefit.coinsurance.is_empty() { "0" } else { &benefit.coinsurance }),
        Cell::new(if benefit.deductible_applies { "applies" } else { "waived" }),
        Cell::new(if benefit.authorization_required { "required" } else { "no" }),
        Cell::new(match benefit.visits_per_year {
            0 => String::new(),
            limit => format!("{} of {limit}", benefit.visits_used),
        }),
    ])
}

fn accumulator_row(accumulator: &AccumulatorAnswer) -> Row {
    Row::from(vec![
        accumulator.accumulator.replace('_', " "),
        accumulator.network.clone(),
        if accumulator.family { "family" } else { "member" }.to_owned(),
        dollars(accumulator.limit_cents),
        dollars(accumulator.met_cents),
        dollars(accumulator.left_cents),
    ])
}

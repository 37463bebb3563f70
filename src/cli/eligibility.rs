//! `eligibility`: is a member covered, and what would the member pay.

use std::io::Write;

use clap::Args;
use comfy_table::{Cell, Row};

use super::output::{Out, Tone, dollars};
use super::target::Target;
use crate::client::Failure;
use crate::client::messages::typed_to_json;
use crate::proto::v1::{
    AccumulatorAnswer, BenefitAnswer, CheckEligibilityRequest, CheckEligibilityResponse, LimitAnswer, Name,
};

/// Ask whether a member is covered, under which plan, and what the member pays
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  payersim eligibility DM100101
  payersim eligibility DM100101 --service 98 --service PT
  payersim eligibility DM100101 --dependent --first-name Testina --birth-date 2012-06-30
  payersim eligibility DM100101 --service office --provider 2000000010 --date 2026-08-01")]
pub(super) struct Eligibility {
    /// Number on the member's card
    member: String,
    /// Day of service; the sandbox's date where not said
    #[arg(long, value_name = "YYYY-MM-DD")]
    date: Option<String>,
    /// X12 service type code such as 98, or a benefit's name such as office; 30, the plan as a whole, where not said.
    /// May be given several times
    #[arg(long)]
    service: Vec<String>,
    /// NPI of the provider who asks
    #[arg(long, value_name = "NPI")]
    provider: Option<String>,
    /// Procedure; asks about the benefit that it falls under
    #[arg(long, value_name = "CODE")]
    procedure: Option<String>,
    /// Family name, checked where given
    #[arg(long)]
    last_name: Option<String>,
    /// Given name, checked where given
    #[arg(long)]
    first_name: Option<String>,
    /// Birth date, checked where given
    #[arg(long, value_name = "YYYY-MM-DD")]
    birth_date: Option<String>,
    /// The names and the birth date are those of a dependent in the member's family
    #[arg(long)]
    dependent: bool,
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
            provider_npi: self.provider.unwrap_or_default(),
            service_types: self.service,
            first_name: self.first_name.unwrap_or_default(),
            dependent: self.dependent,
            procedure_code: self.procedure.unwrap_or_default(),
            ..Default::default()
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
        match answer.provider_network.as_str() {
            "in" => writeln!(out, "the provider is in network")?,
            "out" => writeln!(out, "the provider is out of network")?,
            tier => writeln!(out, "the provider is in the tier {tier}")?,
        }
    }
    print_persons(out, answer)?;
    if !answer.message.is_empty() {
        writeln!(out, "{}", answer.message)?;
    }
    let header = ["benefit", "network", "copay", "coinsurance", "deductible", "authorization", "visits"];
    out.table(&header, &["copay", "coinsurance", "visits"], answer.benefits.iter().map(benefit_row).collect())?;
    let header = ["accumulator", "network", "whose", "limit", "met", "left"];
    out.table(&header, &["limit", "met", "left"], answer.accumulators.iter().map(accumulator_row).collect())?;
    if answer.limits.is_empty() {
        return Ok(());
    }
    let header = ["limit", "benefits", "in", "gives", "used", "left"];
    Ok(out.table(&header, &["gives", "used", "left"], answer.limits.iter().map(limit_row).collect())?)
}

/// Who is insured, with whom, and who else pays or refers.
fn print_persons(out: &mut Out, answer: &CheckEligibilityResponse) -> Result<(), Failure> {
    let full = |name: &Option<Name>| {
        name.as_ref().map(|name| format!("{} {}", name.first, name.last).trim().to_owned()).unwrap_or_default()
    };
    if let Some(patient) = &answer.patient {
        let subscriber = answer.subscriber.as_ref().filter(|subscriber| subscriber.member_id != patient.member_id);
        let through = subscriber.map_or_else(String::new, |subscriber| format!(", through {}", full(&subscriber.name)));
        writeln!(out, "{} ({}), born {}{through}", full(&patient.name), patient.member_id, patient.birth_date)?;
    }
    if let Some(coverage) = &answer.coverage {
        let group = if coverage.group_number.is_empty() { "none" } else { &coverage.group_number };
        writeln!(
            out,
            "group {group}; benefit year {} through {}",
            coverage.benefit_year_from, coverage.benefit_year_through
        )?;
        if !coverage.primary_care_npi.is_empty() {
            let name = full(&coverage.primary_care_name);
            writeln!(out, "primary care provider: {name} ({})", coverage.primary_care_npi)?;
        }
    }
    for other in &answer.other_payers {
        let order = if other.first { "pays first" } else { "pays after this payer" };
        writeln!(out, "{} ({}) {order}", other.payer_name, other.payer_id)?;
    }
    for asked in answer.service_types.iter().filter(|asked| asked.benefits.is_empty()) {
        writeln!(out, "the plan does not tell service type {} apart", asked.service_type)?;
    }
    Ok(())
}

fn limit_row(limit: &LimitAnswer) -> Row {
    let amount = |number: i64| match limit.unit.as_str() {
        "dollars" => dollars(number),
        unit => format!("{number} {unit}"),
    };
    let benefits = if limit.benefits.is_empty() { "all".to_owned() } else { limit.benefits.join(", ") };
    let numbers = [limit.amount, limit.used, limit.left].map(amount);
    Row::from(
        [limit.limit.clone(), benefits, limit.period.replace('_', " ")].into_iter().chain(numbers).collect::<Vec<_>>(),
    )
}

fn benefit_row(benefit: &BenefitAnswer) -> Row {
    if !benefit.waiting_through.is_empty() {
        let waits = format!("not before the wait ends on {}", benefit.waiting_through);
        return Row::from([benefit.benefit.as_str(), benefit.network.as_str(), &waits]);
    }
    if !benefit.covered {
        return Row::from([benefit.benefit.as_str(), benefit.network.as_str(), "not covered"]);
    }
    Row::from(vec![
        Cell::new(&benefit.benefit),
        Cell::new(&benefit.network),
        Cell::new(match benefit.copay_per.as_str() {
            "" | "visit" => dollars(benefit.copay_cents),
            per => format!("{} a {per}", dollars(benefit.copay_cents)),
        }),
        Cell::new(if benefit.coinsurance.is_empty() { "0" } else { &benefit.coinsurance }),
        Cell::new(match (benefit.deductible_applies, benefit.separate_deductible.as_str()) {
            (false, _) => "waived",
            (true, "") => "applies",
            (true, own) => own,
        }),
        Cell::new(match (benefit.authorization_required, benefit.referral_required) {
            (true, true) => "required, and a referral",
            (true, false) => "required",
            (false, true) => "a referral",
            (false, false) => "no",
        }),
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

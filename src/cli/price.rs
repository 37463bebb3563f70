//! `price`: what a fee schedule allows for services, without a claim.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use comfy_table::Row;

use super::output::{Out, dollars};
use super::price_batch;
use super::target::Target;
use crate::client::Failure;
use crate::client::messages::typed_to_json;
use crate::domain::money::Money;
use crate::proto::v1::{
    Participation, PriceServicesRequest, PriceServicesResponse, ServiceLine, ServicePrice, UnitOfService,
};

const AFTER_HELP: &str = "\
Examples:
  payersim price 99213 --locality 01112-05 --place 11 --date 2026-07-15      Medicare's own rate in San Francisco
  payersim price 45385 45380 --place 24                                      several, ranked as on one claim
  payersim price 71046-26 J1885:4 --schedule harbor-2026                     a modifier, four units, a contract of the payer
  payersim price 00840-AA --minutes 90 --locality 10112-00 --date 2025-06-02  anesthesia
  payersim price 99213 --plan ppo --network out --charge 150.00
  payersim price 44970 80053 --plan ppo --type-of-bill 131 --provider 2000000309  a hospital's outpatients, on one bill
  payersim price --batch rows.csv --out priced.csv

A batch is a CSV file whose first line names its columns, in any order: code (the only one that must be there), modifiers (separated by blanks), units,
minutes, charge (dollars), place, date, locality, schedule, plan, network, provider, participating (yes or no), taxonomy, zip, group. What a row leaves empty is taken from the flags. Rows of one
group stand together and are priced as one claim; a row without a group stands alone. Each row is written back as it came, with the columns fee,
allowed, reductions, words and error behind it. A row that cannot be priced says why in error, and the others go on. Other columns are carried along.";

/// Ask what a fee schedule allows for services; Medicare's own rates where none is named
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(super) struct Price {
    /// Procedure codes, each with its modifiers and units if any: CODE[-MODIFIER]...[:UNITS]
    #[arg(required_unless_present = "batch", value_name = "CODE")]
    codes: Vec<String>,
    /// A CSV file of services to price, or - for standard input
    #[arg(long, value_name = "FILE", conflicts_with = "codes")]
    batch: Option<PathBuf>,
    /// Where the priced rows of a batch go; standard output where not said
    #[arg(long, value_name = "FILE", requires = "batch")]
    out: Option<PathBuf>,
    #[command(flatten)]
    terms: Terms,
    #[command(flatten)]
    target: Target,
}

/// What holds for every service that does not say otherwise.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct Terms {
    /// Fee schedule of the payer; "medicare", Medicare's own rates, where neither this nor a plan is named
    #[arg(long, value_name = "ID", conflicts_with = "plan")]
    pub schedule: Option<String>,
    /// Plan whose fee schedule counts
    #[arg(long, value_name = "ID")]
    pub plan: Option<String>,
    /// In the plan's networks or out of them
    #[arg(long, value_name = "in|out", value_parser = ["in", "out"])]
    pub network: Option<String>,
    /// NPI of the provider, whose record tells the locality
    #[arg(long, value_name = "NPI")]
    pub provider: Option<String>,
    /// Whether the provider takes part in Medicare; as its record says where not said
    #[arg(long, value_name = "yes|no", value_parser = ["yes", "no"])]
    pub participating: Option<String>,
    /// Taxonomy code of who performs, such as 363L00000X; the provider's where not said
    #[arg(long, value_name = "CODE")]
    pub taxonomy: Option<String>,
    /// Type of bill of a facility, such as 131: the plan's fee schedule for such bills counts
    #[arg(long, value_name = "CODE")]
    pub type_of_bill: Option<String>,
    /// ZIP code where an ambulance picks the patient up, or where equipment goes
    #[arg(long)]
    pub zip: Option<String>,
    /// Medicare locality, MAC and number, or "national"; the provider's or else the payer's where not said
    #[arg(long, value_name = "01112-05")]
    pub locality: Option<String>,
    /// Place of service; 11, an office, where not said
    #[arg(long, value_name = "CODE")]
    pub place: Option<String>,
    /// Day of service; the sandbox's date where not said
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub date: Option<String>,
    /// Modifier of every service; may be said up to four times
    #[arg(long = "modifier", value_name = "CODE")]
    pub modifiers: Vec<String>,
    /// Units of every service
    #[arg(long)]
    pub units: Option<String>,
    /// Minutes of anesthesia, instead of units
    #[arg(long, conflicts_with = "units")]
    pub minutes: Option<String>,
    /// Charge for each service in dollars; where not said, the fee is compared with none
    #[arg(long, value_name = "DOLLARS")]
    pub charge: Option<String>,
}

impl Price {
    pub async fn run(self) -> Result<(), Failure> {
        let services = self.codes.iter().map(|code| service(code, &self.terms)).collect::<Result<Vec<_>, _>>()?;
        let client = self.target.connect().await?;
        if let Some(batch) = &self.batch {
            return price_batch::run(&client, batch, self.out.as_deref(), self.terms).await;
        }
        let request = PriceServicesRequest { services, ..self.terms.request(client.sandbox()) };
        let codes: Vec<String> = request.services.iter().map(told).collect();
        let answer = client.pricing().price_services(request).await?.into_inner();
        let mut out = self.target.out();
        if out.json {
            return Ok(out.value(&typed_to_json("PriceServicesResponse", &answer))?);
        }
        print(&mut out, &codes, &answer)
    }
}

impl Terms {
    /// A request for services still to be named.
    pub fn request(&self, sandbox: &str) -> PriceServicesRequest {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        PriceServicesRequest {
            parent: sandbox.to_owned(),
            fee_schedule: text(&self.schedule),
            plan: text(&self.plan),
            network: text(&self.network),
            provider_npi: text(&self.provider),
            locality: text(&self.locality),
            service_date: text(&self.date),
            place_of_service: text(&self.place),
            services: Vec::new(),
            participation: match self.participating.as_deref() {
                Some("yes") => Participation::Participating,
                Some("no") => Participation::NonParticipating,
                _ => Participation::Unspecified,
            }
            .into(),
            taxonomy_code: text(&self.taxonomy),
            type_of_bill: text(&self.type_of_bill),
        }
    }

    /// A service of a code on these terms; the error names the flag.
    pub fn service(&self, code: &str) -> Result<ServiceLine, String> {
        let charge =
            self.charge.as_deref().map(|text| Money::parse(text).map_err(|error| format!("charge {text:?}: {error}")));
        Ok(ServiceLine {
            procedure_code: code.to_owned(),
            modifiers: self.modifiers.clone(),
            charge_cents: charge.transpose()?.map_or(0, Money::cents),
            unit_of_service: if self.minutes.is_some() { UnitOfService::Minutes } else { UnitOfService::Units }.into(),
            units: self.minutes.clone().or(self.units.clone()).unwrap_or_default(),
            pickup_zip: self.zip.clone().unwrap_or_default(),
            ..Default::default()
        })
    }
}

/// Reads `CODE[-MODIFIER]...[:UNITS]`.
fn service(text: &str, terms: &Terms) -> Result<ServiceLine, Failure> {
    let (code, units) = text.split_once(':').map_or((text, None), |(code, units)| (code, Some(units)));
    let mut parts = code.split('-');
    let mut line =
        terms.service(parts.next().unwrap_or_default()).map_err(|words| Failure::Usage(format!("--{words}")))?;
    line.modifiers.splice(0..0, parts.map(str::to_owned));
    if let Some(units) = units {
        units.clone_into(&mut line.units);
    }
    Ok(line)
}

/// `71046 26`.
fn told(line: &ServiceLine) -> String {
    [&line.procedure_code].into_iter().chain(&line.modifiers).map(String::as_str).collect::<Vec<_>>().join(" ")
}

/// Reductions, such as `CO-59 88.85`.
pub(super) fn reductions(price: &ServicePrice) -> String {
    let told = |a: &crate::proto::v1::Adjustment| {
        let group = a.group().as_str_name().trim_start_matches("GROUP_CODE_").to_owned();
        let remarks: String = a.rarcs.iter().map(|rarc| format!(" {rarc}")).collect();
        format!("{group}-{} {}{remarks}", a.carc, dollars(a.amount_cents))
    };
    price.reductions.iter().map(told).collect::<Vec<_>>().join("; ")
}

/// Why there is no price: `CO-147: the words`, or that a person must set it; empty where there is one.
pub(super) fn fault(price: &ServicePrice) -> String {
    match &price.denial {
        Some(denial) => {
            let group = denial.group().as_str_name().trim_start_matches("GROUP_CODE_");
            format!("{group}-{}: {}", denial.carc, price.words)
        }
        None => price.by_report.clone(),
    }
}

fn print(out: &mut Out, codes: &[String], answer: &PriceServicesResponse) -> Result<(), Failure> {
    let locality = if answer.locality.is_empty() { String::new() } else { format!(", locality {}", answer.locality) };
    writeln!(out, "fee schedule {}{locality}", answer.fee_schedule)?;
    if !answer.releases.is_empty() {
        writeln!(out, "releases: {}", answer.releases.join("; "))?;
    }
    let mut rows: Vec<Row> = codes.iter().zip(&answer.prices).map(|(code, price)| row(code, price)).collect();
    if rows.len() > 1 {
        rows.push(Row::from(vec!["total", &dollars(answer.fee_cents), "", &dollars(answer.allowed_cents), ""]));
    }
    Ok(out.table(&["service", "fee", "reductions", "allowed", "how"], &["fee", "allowed"], rows)?)
}

fn row(code: &str, price: &ServicePrice) -> Row {
    if price.denial.is_some() {
        return Row::from(vec![code, "", "", "", &fault(price)]);
    }
    let by_report = if price.by_report.is_empty() { String::new() } else { format!(" By report: {}", price.by_report) };
    let limit = match price.limiting_charge_cents {
        0 => String::new(),
        cents => format!(" Without assignment at most {} may be charged.", dollars(cents)),
    };
    Row::from(vec![
        code.to_owned(),
        dollars(price.fee_cents),
        reductions(price),
        dollars(price.allowed_cents),
        format!("{}{by_report}{limit}", price.words),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_may_carry_modifiers_and_units() {
        let terms = Terms { units: Some("2".into()), modifiers: vec!["GT".into()], ..Terms::default() };
        let line = service("71046-26-59:3", &terms).unwrap();
        assert_eq!((line.procedure_code.as_str(), line.units.as_str()), ("71046", "3"));
        assert_eq!(line.modifiers, ["26", "59", "GT"]);
        assert_eq!(service("71046", &terms).unwrap().units, "2");
        let bad = Terms { charge: Some("a lot".into()), ..Terms::default() };
        assert!(service("71046", &bad).unwrap_err().to_string().starts_with("--charge \"a lot\": not an amount"));
    }
}

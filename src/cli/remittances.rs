//! `remittances`, `remittance`, `pay`: what was paid, to whom, for which claims.

use std::io::Write;

use clap::Args;
use comfy_table::Row;

use super::decision::{adjustment_in_words, last_part, person_name};
use super::output::{Out, count, dollars};
use super::target::Target;
use crate::client::Failure;
use crate::client::messages::typed_to_json;
use crate::proto::v1;

/// List remittance advices
#[derive(Debug, Args)]
pub(super) struct Remittances {
    /// Only this payee's: NPI and tax number, joined by a hyphen
    #[arg(long, value_name = "NPI-TAXID")]
    payee: Option<String>,
    /// At most so many
    #[arg(long, default_value_t = 100)]
    limit: usize,
    #[command(flatten)]
    target: Target,
}

impl Remittances {
    pub async fn run(self) -> Result<(), Failure> {
        let client = self.target.connect().await?;
        let mut found = Vec::new();
        let mut request = v1::ListRemittancesRequest {
            parent: client.sandbox().to_owned(),
            page_size: 1000,
            payee_id: self.payee.unwrap_or_default(),
            ..Default::default()
        };
        while found.len() < self.limit {
            let page = client.remittances().list_remittances(request.clone()).await?.into_inner();
            found.extend(page.remittances);
            request.page_token = page.next_page_token;
            if request.page_token.is_empty() {
                break;
            }
        }
        found.truncate(self.limit);
        let mut out = self.target.out();
        if out.json {
            return Ok(found.iter().try_for_each(|found| out.value(&typed_to_json("Remittance", found)))?);
        }
        let row = |found: &v1::Remittance| {
            let payee = payee_name(found);
            let paid = dollars(found.paid_cents);
            Row::from([
                last_part(&found.name),
                &found.paid_date,
                &payee,
                &found.trace_number,
                &found.payment_method,
                &paid,
            ])
        };
        let header = ["remittance", "paid on", "payee", "trace", "by", "paid"];
        Ok(out.table(&header, &["paid"], found.iter().map(row).collect())?)
    }
}

/// Print one remittance advice, or its 835
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  payersim remittance 2000000010-690000101-1
  payersim remittance 2000000010-690000101-1 --x12 > payment.835.edi
  payersim remittance 2000000010-690000101-1 --ccd        the payment by ACH, as its bank receives it")]
pub(super) struct Remittance {
    /// The remittance: its last part, or its whole name
    name: String,
    /// Print the 835 as it is
    #[arg(long)]
    x12: bool,
    /// Print the payment as its bank receives it: a NACHA file of one CCD+ entry
    #[arg(long, conflicts_with = "x12")]
    ccd: bool,
    #[command(flatten)]
    target: Target,
}

impl Remittance {
    pub async fn run(self) -> Result<(), Failure> {
        let client = self.target.connect().await?;
        let view = match (self.x12, self.ccd) {
            (true, _) => v1::RemittanceView::X12,
            (_, true) => v1::RemittanceView::Ccd,
            _ => v1::RemittanceView::Message,
        };
        let request = v1::GetRemittanceRequest { name: client.name("remittances", &self.name), view: view.into() };
        let found = client.remittances().get_remittance(request).await?.into_inner();
        let mut out = self.target.out();
        if out.json {
            return Ok(out.value(&typed_to_json("Remittance", &found))?);
        }
        if self.x12 {
            return Ok(out.write_all(found.x12.as_bytes())?);
        }
        if self.ccd && !found.ccd.is_empty() {
            return Ok(out.write_all(found.ccd.as_bytes())?);
        }
        if self.ccd {
            writeln!(out, "there is no ACH entry: it was paid by {}", found.payment_method)?;
            return Ok(());
        }
        print(&mut out, &found)
    }
}

/// Run today's payments
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  payersim pay                                    everything that is due
  payersim pay --include-not-due                  also what falls due later
  payersim pay --payee 2000000010-690000101       one payee alone")]
pub(super) struct Pay {
    /// Only these payees: NPI and tax number, joined by a hyphen
    #[arg(long, value_name = "NPI-TAXID")]
    payee: Vec<String>,
    /// Also pay what falls due later
    #[arg(long)]
    include_not_due: bool,
    #[command(flatten)]
    target: Target,
}

impl Pay {
    pub async fn run(self) -> Result<(), Failure> {
        let client = self.target.connect().await?;
        let request = v1::RunPaymentsRequest {
            parent: client.sandbox().to_owned(),
            payee_ids: self.payee,
            include_not_due: self.include_not_due,
        };
        let issued = client.remittances().run_payments(request).await?.into_inner().remittances;
        let mut out = self.target.out();
        if out.json {
            return Ok(issued.iter().try_for_each(|found| out.value(&typed_to_json("Remittance", found)))?);
        }
        if issued.is_empty() {
            writeln!(out, "nothing is due today; --include-not-due also pays what falls due later")?;
        }
        Ok(issued.iter().try_for_each(|found| writeln!(out, "{}", in_words(found)))?)
    }
}

/// A remittance in one sentence.
pub(super) fn in_words(remittance: &v1::Remittance) -> String {
    let claims = count(i64::try_from(remittance.claims.len()).unwrap_or(i64::MAX), "claim");
    format!(
        "paid {} to {} on {} by {}, trace {}, for {claims}: {}",
        dollars(remittance.paid_cents),
        payee_name(remittance),
        remittance.paid_date,
        remittance.payment_method,
        remittance.trace_number,
        last_part(&remittance.name),
    )
}

fn print(out: &mut Out, remittance: &v1::Remittance) -> Result<(), Failure> {
    writeln!(out, "{}", in_words(remittance))?;
    let row = |claim: &v1::RemittanceClaim| {
        let total = claim.determination.as_ref();
        let adjustments = total.into_iter().flat_map(|total| &total.lines).flat_map(|line| &line.adjustments);
        Row::from(vec![
            claim.control_number.clone(),
            claim.patient_control_number.clone(),
            claim.patient_name.as_ref().map(person_name).unwrap_or_default(),
            claim.service_from.clone(),
            dollars(total.map_or(0, |total| total.charge_cents)),
            adjustments.map(adjustment_in_words).collect::<Vec<_>>().join("\n"),
            dollars(total.map_or(0, |total| total.paid_cents)),
        ])
    };
    let header = ["claim", "your number", "patient", "service", "charge", "adjustments", "paid"];
    out.table(&header, &["charge", "paid"], remittance.claims.iter().map(row).collect())?;
    for claim in remittance.claims.iter().filter(|claim| claim.interest_cents != 0) {
        writeln!(out, "{} of interest on {} (AMT*I)", dollars(claim.interest_cents), claim.control_number)?;
    }
    for adjustment in &remittance.provider_adjustments {
        let amount = dollars(-adjustment.amount_cents);
        let words = adjustment_words(&adjustment.reason_code, adjustment.amount_cents);
        writeln!(out, "{amount} {words} (PLB {} {})", adjustment.reason_code, adjustment.reference)?;
    }
    if let Some(account) = &remittance.to_account {
        writeln!(out, "to account {} at {}", account.account_number, account.routing_number)?;
    }
    Ok(())
}

/// What a provider adjustment is, by its sign: below zero it raises the payment.
fn adjustment_words(reason: &str, cents: i64) -> &'static str {
    match (reason, cents < 0) {
        ("FB", true) => "is owed by the payee and forwarded to the next remittance",
        ("FB", false) => "was forwarded from an earlier remittance and is taken",
        ("L6", true) => "of interest is paid",
        ("L6", false) => "of interest is taken back",
        ("WO", true) => "of an overpayment is left with the payee until later",
        ("WO", false) => "of an overpayment is collected",
        ("E3", true) => "that was withheld is released",
        _ => "belongs to no claim",
    }
}

fn payee_name(remittance: &v1::Remittance) -> String {
    let payee = remittance.payee.as_ref();
    payee.and_then(|payee| payee.name.as_ref()).map(person_name).unwrap_or_default()
}

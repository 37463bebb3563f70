//! `claims` and `claim`: what was submitted and what became of it.

use clap::Args;
use comfy_table::{Cell, Row};
use futures::{StreamExt, TryStreamExt};

use super::decision::{self, patient_name, state_name, tone};
use super::output::{dollars, toned};
use super::submission::all_claims;
use super::target::Target;
use crate::client::Failure;
use crate::client::messages::{descriptor, typed_to_json, whole_enum_name};
use crate::proto::v1;

/// List claims
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  payersim claims --state DENIED                  what was denied
  payersim claims --carc 45 --member DM100101 --json")]
pub(super) struct Claims {
    #[command(flatten)]
    filter: Filter,
    /// At most so many
    #[arg(long, default_value_t = 100)]
    limit: usize,
    #[command(flatten)]
    target: Target,
}

/// Which claims.
#[derive(Debug, Args)]
pub(super) struct Filter {
    /// Only in this state: REJECTED, PENDED, DENIED, ALLOWED, REVERSED, CLOSED or VOID
    #[arg(long, value_parser = state)]
    state: Option<v1::ClaimState>,
    /// Only with a line that carries this reason code, such as 45
    #[arg(long)]
    carc: Option<String>,
    /// Only billed for this member number
    #[arg(long)]
    member: Option<String>,
    /// Only billed by this NPI
    #[arg(long)]
    npi: Option<String>,
    /// Only with this patient control number
    #[arg(long)]
    number: Option<String>,
    /// Only received on or after this day
    #[arg(long, value_name = "YYYY-MM-DD")]
    from: Option<String>,
    /// Only received on or before this day
    #[arg(long, value_name = "YYYY-MM-DD")]
    through: Option<String>,
}

impl Filter {
    /// The same as a message.
    pub fn message(self) -> v1::ClaimFilter {
        v1::ClaimFilter {
            patient_control_number: self.number.unwrap_or_default(),
            member_id: self.member.unwrap_or_default(),
            billing_npi: self.npi.unwrap_or_default(),
            state: self.state.unwrap_or_default().into(),
            carc: self.carc.unwrap_or_default(),
            received_from: self.from.unwrap_or_default(),
            received_through: self.through.unwrap_or_default(),
        }
    }
}

fn state(text: &str) -> Result<v1::ClaimState, String> {
    let states = descriptor("Claim")?.get_field_by_name("state").map(|field| field.kind());
    let states = states.and_then(|kind| kind.as_enum().cloned()).ok_or("no states")?;
    whole_enum_name(&states, text)
        .and_then(|name| v1::ClaimState::from_str_name(&name))
        .ok_or_else(|| crate::client::messages::no_such_value(&states, text))
}

impl Claims {
    pub async fn run(self) -> Result<(), Failure> {
        let client = self.target.connect().await?;
        let filter = self.filter.message();
        let page_size = i32::try_from(self.limit.min(1000)).unwrap_or(1000);
        let request = v1::ListClaimsRequest { filter: Some(filter), page_size, ..Default::default() };
        let mut claims = all_claims(&client, request).take(self.limit);
        let mut out = self.target.out();
        let mut rows = Vec::new();
        while let Some(claim) = claims.try_next().await? {
            if out.json {
                out.value(&typed_to_json("Claim", &claim))?;
            } else {
                rows.push(row(&claim));
            }
        }
        if out.json {
            return Ok(());
        }
        let header =
            ["claim", "state", "your number", "patient", "received", "charge", "allowed", "patient pays", "paid"];
        Ok(out.table(&header, &["charge", "allowed", "patient pays", "paid"], rows)?)
    }
}

fn row(claim: &v1::Claim) -> Row {
    let billed = claim.billed.as_ref();
    let mut row = Row::from(vec![
        Cell::new(decision::last_part(&claim.name)),
        toned(state_name(claim.state()), tone(claim.state())),
        Cell::new(billed.map_or("", |billed| billed.patient_control_number())),
        Cell::new(billed.map(patient_name).unwrap_or_default()),
        Cell::new(&claim.received_date),
        Cell::new(dollars(billed.map_or(0, |billed| billed.charge_cents()))),
    ]);
    if let Some(total) = &claim.determination {
        for cents in [total.allowed_cents, total.patient_responsibility_cents, total.paid_cents] {
            row.add_cell(Cell::new(dollars(cents)));
        }
    }
    row
}

/// Print one claim with its decision
#[derive(Debug, Args)]
pub(super) struct Claim {
    /// The claim: its control number, or its whole name
    name: String,
    #[command(flatten)]
    target: Target,
}

impl Claim {
    pub async fn run(self) -> Result<(), Failure> {
        let client = self.target.connect().await?;
        let request = v1::GetClaimRequest { name: client.name("claims", &self.name) };
        let claim = client.claims().get_claim(request).await?.into_inner();
        let mut out = self.target.out();
        if out.json {
            return Ok(out.value(&typed_to_json("Claim", &claim))?);
        }
        Ok(decision::print(&mut out, &claim)?)
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_state_is_named_in_short_in_any_case() {
        assert_eq!(super::state("denied"), Ok(crate::proto::v1::ClaimState::Denied));
        assert!(super::state("paid").unwrap_err().contains("ALLOWED"));
    }
}

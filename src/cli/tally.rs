//! Totals over many claims: by outcome and by reason, in memory that does not grow with their number.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use comfy_table::{Cell, Row};
use serde_json::{Value as Json, json};

use super::decision::{reason, state_name, tone};
use super::output::{Out, dollars, toned};
use crate::proto::v1::claim::Billed;
use crate::proto::v1::{Claim, ClaimState};

/// What became of the claims seen so far.
#[derive(Debug, Default)]
pub(super) struct Tally {
    by_state: BTreeMap<i32, Amounts>,
    by_reason: BTreeMap<String, Reason>,
    /// Payees with something due or paid, as `RunPayments` names them.
    pub payees: BTreeSet<String>,
    /// Days on which payment falls due.
    pub due_dates: BTreeSet<String>,
    /// Remittances that carried the claims before.
    pub remittances: BTreeSet<String>,
}

#[derive(Debug, Default)]
struct Amounts {
    claims: i64,
    charge: i64,
    allowed: i64,
    patient: i64,
    paid: i64,
}

#[derive(Debug, Default)]
struct Reason {
    lines: i64,
    amount: i64,
    words: String,
}

impl Tally {
    pub fn add(&mut self, claim: &Claim) {
        let amounts = self.by_state.entry(claim.state).or_default();
        amounts.claims += 1;
        if let Some(determination) = &claim.determination {
            amounts.charge += determination.charge_cents;
            amounts.allowed += determination.allowed_cents;
            amounts.patient += determination.patient_responsibility_cents;
            amounts.paid += determination.paid_cents;
        } else if let Some(billed) = &claim.billed {
            amounts.charge += billed.charge_cents();
        }
        let of_lines = claim.determination.iter().flat_map(|found| &found.lines).flat_map(|line| &line.adjustments);
        let account = claim.determination.iter().flat_map(|found| &found.account);
        for adjustment in of_lines.chain(account.flat_map(|account| &account.adjustments)) {
            let entry = self.by_reason.entry(reason(adjustment)).or_default();
            entry.lines += 1;
            entry.amount += adjustment.amount_cents;
            if entry.words.is_empty() {
                entry.words.clone_from(&adjustment.words);
            }
        }
        if !claim.remittance.is_empty() {
            self.remittances.insert(claim.remittance.clone());
        } else if !claim.due_date.is_empty() {
            self.due_dates.insert(claim.due_date.clone());
        }
        let billing = claim.billed.as_ref().and_then(Billed::billing_provider);
        if let Some(billing) = billing.filter(|_| claim.determination.is_some()) {
            self.payees.insert(format!("{}-{}", billing.npi, billing.tax_id));
        }
    }

    /// How many claims there were.
    pub fn claims(&self) -> i64 {
        self.by_state.values().map(|amounts| amounts.claims).sum()
    }

    /// The totals by outcome.
    pub fn print(&self, out: &mut Out) -> io::Result<()> {
        let row = |state: Cell, amounts: &Amounts| {
            let mut row = Row::from(vec![state]);
            row.add_cell(Cell::new(amounts.claims));
            for cents in [amounts.charge, amounts.allowed, amounts.patient, amounts.paid] {
                row.add_cell(Cell::new(dollars(cents)));
            }
            row
        };
        let mut rows: Vec<Row> =
            self.states().map(|(state, sums)| row(toned(state_name(state), tone(state)), sums)).collect();
        if rows.len() > 1 {
            rows.push(row(Cell::new("all"), &self.sum()));
        }
        let header = ["outcome", "claims", "charge", "allowed", "patient", "paid"];
        out.table(&header, &["claims", "charge", "allowed", "patient", "paid"], rows)
    }

    /// The totals by reason.
    pub fn print_reasons(&self, out: &mut Out) -> io::Result<()> {
        let row = |(code, reason): (&String, &Reason)| {
            Row::from(vec![code.clone(), reason.lines.to_string(), dollars(reason.amount), reason.words.clone()])
        };
        out.table(
            &["reason", "lines", "amount", "for instance"],
            &["lines", "amount"],
            self.by_reason.iter().map(row).collect(),
        )
    }

    /// The same for machines.
    pub fn to_json(&self) -> Json {
        let states = self.states().map(|(state, sums)| (state_name(state).to_owned(), sums.to_json())).collect();
        let reasons = self
            .by_reason
            .iter()
            .map(|(code, reason)| (code.clone(), json!({ "lines": reason.lines, "amount_cents": reason.amount })));
        json!({ "all": self.sum().to_json(), "states": Json::Object(states), "reasons": Json::Object(reasons.collect()) })
    }

    fn states(&self) -> impl Iterator<Item = (ClaimState, &Amounts)> {
        self.by_state.iter().map(|(state, sums)| (ClaimState::try_from(*state).unwrap_or_default(), sums))
    }

    fn sum(&self) -> Amounts {
        self.by_state.values().fold(Amounts::default(), |sum, one| Amounts {
            claims: sum.claims + one.claims,
            charge: sum.charge + one.charge,
            allowed: sum.allowed + one.allowed,
            patient: sum.patient + one.patient,
            paid: sum.paid + one.paid,
        })
    }
}

impl Amounts {
    fn to_json(&self) -> Json {
        json!({
            "claims": self.claims, "charge_cents": self.charge, "allowed_cents": self.allowed,
            "patient_responsibility_cents": self.patient, "paid_cents": self.paid,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::messages::typed_from_json;

    fn claim(json: Json) -> Claim {
        typed_from_json("Claim", json).unwrap()
    }

    // A rejected claim has no determination: its charge still counts, but nobody is to be paid for it.
    #[test]
    fn charges_add_up_over_states_and_only_decided_claims_have_payees() {
        let billed = json!({ "charge_cents": 500, "billing_provider": { "npi": "1", "tax_id": "2" } });
        let mut tally = Tally::default();
        tally.add(&claim(json!({ "state": "REJECTED", "professional": billed })));
        assert!(tally.payees.is_empty());
        let adjustments = json!([{ "group": "CO", "carc": "45", "amount_cents": 100 }, { "group": "PR", "carc": "3", "amount_cents": 50 }]);
        tally.add(&claim(json!({
            "state": "ALLOWED", "professional": billed,
            "determination": { "charge_cents": 500, "allowed_cents": 400, "patient_responsibility_cents": 50, "paid_cents": 350,
                "lines": [{ "adjustments": adjustments }] },
        })));
        assert_eq!(tally.payees.iter().collect::<Vec<_>>(), ["1-2"]);
        let totals = tally.to_json();
        assert_eq!(
            totals["all"],
            json!({ "claims": 2, "charge_cents": 1000, "allowed_cents": 400, "patient_responsibility_cents": 50, "paid_cents": 350 })
        );
        assert_eq!(totals["reasons"]["CO-45"], json!({ "lines": 1, "amount_cents": 100 }));
    }
}

//! Code combinations: says in the trace which group and remarks of a decision lie outside the combinations of CAQH CORE.
//!
//! Asked only where the user's own table was taken in (kind "core-combinations"): the table itself is CAQH's and does not
//! ship. A decision stands as it is; a payer whose policies choose such codes learns it.

use super::{Case, Proceedings};
use crate::domain::adjustment::Adjustment;
use crate::domain::codes::Rarc;
use crate::reference::core_combinations::{CoreCombination, CoreCombinations};

/// Notes every combination outside the table of the day.
pub fn note(case: &Case<'_>, proceedings: &mut Proceedings) {
    let Some(table) = case.file.payer.core_combinations.on(case.file.processed) else { return };
    let lines = proceedings.lines.iter().enumerate().map(|(at, line)| (Some(at), line));
    let accounts = lines.chain(proceedings.claim.iter().map(|account| (None, account)));
    let told = accounts.flat_map(|(at, account)| {
        account.ledger.adjustments().iter().filter_map(move |adjustment| Some((at, outside(table, adjustment)?)))
    });
    let told: Vec<(Option<usize>, String)> = told.collect();
    told.into_iter().for_each(|(at, words)| proceedings.note("code-combinations", at, words));
}

/// Why a combination lies outside; `None` where it does not, or where the table does not know the reason.
fn outside(table: &CoreCombinations, adjustment: &Adjustment) -> Option<String> {
    let Adjustment { group, carc, rarcs, .. } = adjustment;
    let rows: Vec<&CoreCombination> = table.of(*carc).collect();
    let fits = |row: &&CoreCombination| {
        (row.groups.is_empty() || row.groups.contains(group)) && rarcs.iter().all(|remark| row.allows(*remark))
    };
    if rows.is_empty() || rows.iter().any(fits) {
        return None;
    }
    let remarks = rarcs.iter().map(Rarc::as_str).collect::<Vec<_>>().join(", ");
    let with = if remarks.is_empty() { String::new() } else { format!(" with {remarks}") };
    Some(format!("{group}-{carc}{with} is outside the CORE combinations of {}.", table.release()))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::adjudication::example;
    use crate::adjudication::payer_revision::Editions;
    use crate::domain::dates::{Period, date};
    use crate::reference::core_combinations;

    /// What the trace says of an office visit that comes after the filing limit (CO-29), under a table of these rows.
    fn noted(rows: &str) -> String {
        let mut file = example::office_visit();
        file.received = date(2027, 3, 1);
        assert_eq!(example::denial(&file), "CO-29");
        let text = format!("carc\tcore_scenario\tallowed_groups\tdefault_group\trarcs\n{rows}");
        let table = core_combinations::parse("v1", Period::since(date(2026, 1, 1)), text.as_bytes()).unwrap();
        example::payer(&mut file).core_combinations = Editions::default().and_always(Some(Arc::new(table)));
        let steps = example::decide(&file).steps;
        steps.iter().filter(|step| step.id == "code-combinations").map(|step| step.words.clone()).collect()
    }

    #[test]
    fn a_group_outside_the_table_is_noted_and_one_inside_is_not() {
        assert_eq!(noted("29\t3\tCO,PI\t\t\n"), "");
        assert_eq!(noted("29\t3\tPR\t\t\n"), "CO-29 is outside the CORE combinations of v1.");
    }

    #[test]
    fn a_reason_that_the_table_does_not_know_is_not_its_business() {
        assert_eq!(noted("50\t3\tPR\t\t\n"), "");
    }
}

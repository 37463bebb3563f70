//! Invalid procedure: the code did not exist on the day of service.

use super::{Case, Check, Denial, Edit, Finding, Proceedings, Service};
use crate::domain::codes::carc;
use crate::domain::dates::{Period, date};
use crate::domain::determination::Citation;

pub(super) const EDIT: Edit = Edit {
    id: "invalid-procedure",
    summary: "The procedure code was not valid on the day of service.",
    reasons: &[carc("181")],
    effective: Period::since(date(2010, 1, 1)),
    authority: &[Citation {
        title: "45 CFR 162.1002 (CPT and HCPCS as they stand on the day of service)",
        href: "https://www.ecfr.gov/current/title-45/section-162.1002",
    }],
    check: Check::Line(check),
};

fn check(case: &Case<'_>, _: &Proceedings, service: &Service<'_>) -> Finding {
    // A facility's line may be told by its revenue code alone.
    if service.procedure.is_some() || service.line.procedure.is_none() {
        return Finding::Pass;
    }
    let (code, day, table) = (service.line.procedure, service.line.from, &case.file.payer.procedures);
    let deny = |words| Finding::Deny(Denial::contractual(carc("181"), words).remark("N56"));
    let rows = table.rows_of(code);
    let ended = rows.iter().filter_map(|row| row.period.through).filter(|through| *through < day).max();
    let begins = rows.iter().map(|row| row.period.from).filter(|from| *from > day).min();
    match (ended, begins) {
        (Some(ended), _) => deny(format!("{code} was valid through {ended}, not on {day}.")),
        (None, Some(begins)) => deny(format!("{code} is valid from {begins}, not yet on {day}.")),
        (None, None) if table.complete => deny(format!("There is no procedure code {code}.")),
        (None, None) => Finding::Note(format!(
            "{code} is not among the {} codes this payer has loaded; import a complete table of procedures to have it judged.",
            table.len()
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adjudication::payer_revision::{Procedure, ProcedureTable};
    use crate::adjudication::{ClaimFile, example};

    fn billed(code: &str) -> ClaimFile {
        let mut file = example::office_visit();
        file.claim.lines = vec![example::line(code, 15_000)];
        file
    }

    #[test]
    fn codes_that_only_look_right_are_denied() {
        assert_eq!(example::denial(&billed("47115")), "CO-181 N56");
        assert_eq!(example::denial(&billed("70499")), "CO-181 N56");
        assert_eq!(example::denial(&billed("44970")), "");
        assert_eq!(example::denial(&billed("70551")), "");
    }

    #[test]
    fn a_code_that_ended_or_has_not_begun_is_denied_on_its_wrong_days_only() {
        let mut file = billed("99201");
        let row = Procedure {
            period: Period::between(date(2010, 1, 1), date(2026, 3, 1)),
            ..example::procedure("99201", "office")
        };
        example::payer(&mut file).procedures = ProcedureTable::new(vec![row], false);
        assert_eq!(example::denial(&file), "CO-181 N56");
        assert!(example::words(&file, "invalid-procedure").contains("through 2026-03-01"));
        file.claim.lines[0].from = date(2026, 3, 1);
        assert_eq!(example::denial(&file), "");
        let row = Procedure { period: Period::since(date(2026, 3, 3)), ..example::procedure("99201", "office") };
        let mut file = billed("99201");
        example::payer(&mut file).procedures = ProcedureTable::new(vec![row], false);
        assert_eq!(example::denial(&file), "CO-181 N56");
        assert!(example::words(&file, "invalid-procedure").contains("from 2026-03-03"));
    }

    #[test]
    fn a_table_that_is_not_complete_says_so_and_denies_nothing_by_absence() {
        let mut file = billed("47115");
        example::payer(&mut file).procedures.complete = false;
        assert_eq!(example::denial(&file), "");
        assert!(example::words(&file, "invalid-procedure").contains("not among the 4 codes"));
    }
}

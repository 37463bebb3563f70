//! Invalid procedure: the code did not exist on the day of service.

use super::{Case, Check, Denial, Edit, Fact, Finding, Proceedings, Reason, Service};
use crate::domain::codes::{ProcedureCode, carc};
use crate::domain::dates::{Date, Period, date};
use crate::domain::determination::Citation;
use crate::reference::hcpcs::{Hcpcs, HcpcsEntry};

pub(super) const EDIT: Edit = Edit {
    id: "invalid-procedure",
    summary: "The procedure code was not valid on the day of service.",
    reasons: &[Reason::contractual("181", "N56", "the provider named a code that is not valid")],
    effective: Period::since(date(2010, 1, 1)),
    authority: &[Citation {
        title: "45 CFR 162.1002 (CPT and HCPCS as they stand on the day of service)",
        href: "https://www.ecfr.gov/current/title-45/section-162.1002",
    }],
    looks_at: &[Fact::Procedure, Fact::ServiceDates],
    check: Check::Line(check),
};

fn check(case: &Case<'_>, _: &Proceedings, service: &Service<'_>) -> Finding {
    // A facility's line may be told by its revenue code alone.
    if service.procedure.is_some() || service.line.procedure.is_none() {
        return Finding::Pass;
    }
    let (code, day, table) = (service.line.procedure, service.line.from, &case.file.payer.procedures);
    let release = case.file.payer.hcpcs.on(day).filter(|_| is_level_two(code));
    let listed = release.and_then(|release| in_release(release, code, day));
    let deny = |words| Finding::Deny(Denial::contractual(carc("181"), words).remark("N56"));
    let rows = table.rows_of(code);
    let ended = rows.iter().filter_map(|row| row.period.through).filter(|through| *through < day).max();
    let begins = rows.iter().map(|row| row.period.from).filter(|from| *from > day).min();
    match (ended, begins) {
        (Some(ended), _) => deny(format!("{code} was valid through {ended}, not on {day}.")),
        (None, Some(begins)) => deny(format!("{code} is valid from {begins}, not yet on {day}.")),
        (None, None) if listed.is_some() => listed.map_or(Finding::Pass, |told| told.map_or_else(deny, Finding::Note)),
        (None, None) if table.complete => deny(format!("There is no procedure code {code}.")),
        (None, None) => Finding::Note(format!(
            "{code} is not among the {} codes this payer has loaded; import a complete table of procedures to have it judged.",
            table.len()
        )),
    }
}

/// Whether the code is CMS's own, which HCPCS Level II lists; the others are of the AMA (digits) and the ADA (D).
fn is_level_two(code: ProcedureCode) -> bool {
    code.as_str().starts_with(|c: char| c.is_ascii_uppercase() && c != 'D')
}

/// What a release says of a code: that it is valid, or why not; nothing where it lacks the code and is a part only.
fn in_release(release: &Hcpcs, code: ProcedureCode, day: Date) -> Option<Result<String, String>> {
    let name = release.release();
    match release.lookup(&code) {
        Some(entry) if entry.is_valid_on(day) => {
            Some(Ok(format!("{code} is in {name}; the payer's own table does not name it.")))
        }
        Some(HcpcsEntry { terminated: Some(last), .. }) if *last < day => {
            Some(Err(format!("{code} was valid through {last} ({name}), not on {day}.")))
        }
        Some(entry) => Some(Err(format!("{code} is valid from {} ({name}), not yet on {day}.", entry.added))),
        None => release.denies_absence_on(day).then(|| Err(format!("There is no procedure code {code} in {name}."))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    use crate::adjudication::payer_revision::{Editions, Procedure, ProcedureTable};
    use crate::adjudication::{ClaimFile, example};
    use crate::reference::hcpcs;
    use crate::reference::import::Edition;

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

    const HCPCS: &str =
        "HCPC,SEQNUM,RECID,LONG DESCRIPTION,SHORT DESCRIPTION,PRICE1,COV,TOS1,ADD DT,ACT EFF DT,TERM DT,ACTION CD
J3301,0100,3,x,x,51,C,1,20090101,20090101,,N
J9999,0100,3,x,x,51,C,1,20090101,20260101,20260228,D
Q9999,0100,3,x,x,51,C,1,20260401,20260401,,A
";

    /// The services are of 2026-03-02.
    #[test]
    fn hcpcs_speaks_for_codes_that_the_payer_does_not_name() {
        let year = Period::between(date(2026, 1, 1), date(2026, 12, 31));
        let edition = |subset| Edition { release: "HCPC2026".into(), period: year, subset };
        for (code, whole, part) in [
            ("J3301", "", ""),
            ("J9999", "CO-181 N56", "CO-181 N56"),
            ("Q9999", "CO-181 N56", "CO-181 N56"),
            ("J0000", "CO-181 N56", ""),
            // Not of Level II.
            ("99498", "", ""),
        ] {
            for (subset, expected) in [(false, whole), (true, part)] {
                let mut file = billed(code);
                let table = hcpcs::parse_edition(&edition(subset), HCPCS.as_bytes()).unwrap();
                let payer = example::payer(&mut file);
                payer.procedures.complete = false;
                payer.hcpcs = Editions::new([(year, Arc::new(table))]);
                assert_eq!(example::denial(&file), expected, "{code}, a part: {subset}");
            }
        }
        // A complete table of the payer's own leaves to HCPCS what is HCPCS's.
        let mut file = billed("J3301");
        example::payer(&mut file).hcpcs =
            Editions::new([(year, Arc::new(hcpcs::parse_edition(&edition(false), HCPCS.as_bytes()).unwrap()))]);
        assert_eq!(example::denial(&file), "");
        assert!(example::words(&file, "invalid-procedure").contains("is in HCPC2026"));
    }

    #[test]
    fn a_table_that_is_not_complete_says_so_and_denies_nothing_by_absence() {
        let mut file = billed("47115");
        example::payer(&mut file).procedures.complete = false;
        assert_eq!(example::denial(&file), "");
        assert!(example::words(&file, "invalid-procedure").contains("not among the 4 codes"));
    }
}

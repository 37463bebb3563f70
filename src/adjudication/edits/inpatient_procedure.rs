//! Inpatient procedure: an ICD-10-PCS code of a stay that does not exist, or is a header, in the release of the discharge.
//!
//! Asked only where a release of ICD-10-PCS is loaded for that day: none comes with the program.

use super::{Case, Check, Denial, Edit, Fact, Finding, Reason};
use crate::domain::codes::carc;
use crate::domain::dates::{Period, date};
use crate::domain::determination::Citation;

pub(super) const EDIT: Edit = Edit {
    id: "inpatient-procedure",
    summary: "An ICD-10-PCS code of the stay is not in the release of the day of discharge, or is a header.",
    reasons: &[Reason::contractual("16", "MA130 M67 MA66", "the provider left it out or got it wrong")],
    effective: Period::since(date(2015, 10, 1)),
    authority: &[Citation {
        title: "45 CFR 162.1002(c)(3) (ICD-10-PCS for hospital inpatients)",
        href: "https://www.ecfr.gov/current/title-45/section-162.1002",
    }],
    looks_at: &[Fact::InpatientProcedures, Fact::ServiceDates],
    check: Check::Claim(check),
};

fn check(case: &Case<'_>) -> Finding {
    let Some(stay) = &case.file.claim.institutional else { return Finding::Pass };
    let Some(release) = case.file.payer.inpatient_procedures.on(stay.through) else { return Finding::Pass };
    for (at, procedure) in stay.procedures.iter().enumerate() {
        let entry = release.lookup(procedure.code);
        if entry.is_some_and(|entry| entry.billable) {
            continue;
        }
        let fault = if entry.is_some() { "is a header, not billable," } else { "does not exist" };
        let words = format!("The procedure {} {fault} in {}.", procedure.code, release.release());
        let remark = if at == 0 { "MA66" } else { "M67" };
        return Finding::Deny(Denial::contractual(carc("16"), words).remark(remark).remark("MA130"));
    }
    Finding::Pass
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::adjudication::example;
    use crate::adjudication::payer_revision::Editions;
    use crate::domain::codes::InpatientProcedureCode;
    use crate::domain::institutional::InpatientProcedure;
    use crate::reference::icd10cm::Icd10Cm;

    #[test]
    fn a_procedure_must_be_billable_in_the_release_of_the_discharge_where_one_is_loaded() {
        let mut file = example::hospital_stay();
        let coded = |codes: &[&str]| {
            let procedure = |code: &&str| InpatientProcedure { code: InpatientProcedureCode::new(code), date: None };
            codes.iter().map(procedure).collect::<Vec<_>>()
        };
        let mut denial = |codes: &[&str], loaded: bool| {
            let order = "00001 0DTJ    0 Resection of appendix                                        Header\n\
                         00002 0DTJ4ZZ 1 Resection of appendix, endoscopic                            Title\n";
            let period = Period::since(date(2025, 10, 1));
            let release = Icd10Cm::parse_order_file("ICD-10-PCS, two codes", period, order.as_bytes()).unwrap();
            example::payer(&mut file).inpatient_procedures =
                if loaded { Editions::new([(period, Arc::new(release))]) } else { Editions::default() };
            file.claim.institutional.as_mut().unwrap().procedures = coded(codes);
            example::claim_denial(&file)
        };
        assert_eq!(denial(&["0DTJ4ZZ"], true), "");
        assert_eq!(denial(&["0DTJ"], true), "CO-16 MA66 MA130");
        assert_eq!(denial(&["0DTJ4ZZ", "0DTJ4Z9"], true), "CO-16 MA130 M67");
        assert_eq!(denial(&["0DTJ4Z9"], false), "");
    }
}

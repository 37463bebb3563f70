//! Type of bill: a facility bills by one that there is not, or that does not go with how it is paid.
//!
//! Late charges (frequency 5) of a stay that is paid as a whole change nothing: the whole bill is sent again, as a
//! replacement. Notices and bills that ask for no payment are no claims.

use super::{CLAIMS_MANUAL, Case, Check, Denial, Edit, Fact, Finding, Reason};
use crate::domain::codes::carc;
use crate::domain::dates::{Period, date};
use crate::domain::determination::Citation;
use crate::reference::type_of_bill::{bill_kind, frequency_words};

pub(super) const EDIT: Edit = Edit {
    id: "type-of-bill",
    summary: "The type of a facility's bill is none, or not one to be paid.",
    reasons: &[Reason::contractual("16", "MA30 MA130", "the provider left it out or got it wrong")],
    effective: Period::since(date(2010, 1, 1)),
    authority: &[Citation {
        title: "Medicare Claims Processing Manual, chapter 25, section 75.1 (form locator 4)",
        href: CLAIMS_MANUAL,
    }],
    looks_at: &[Fact::TypeOfBill],
    check: Check::Claim(check),
};

fn check(case: &Case<'_>) -> Finding {
    let Some(facility) = &case.file.claim.institutional else { return Finding::Pass };
    let bill = facility.bill;
    let deny = |words: String| Finding::Deny(Denial::contractual(carc("16"), words).remark("MA30").remark("MA130"));
    let Some(kind) = bill_kind(bill) else { return deny(format!("There is no type of bill {bill}.")) };
    let Some(words) = frequency_words(bill) else {
        return deny(format!("Type of bill {bill}: there is no frequency {:?}.", bill.frequency()));
    };
    match bill.frequency() {
        "0" | "A" | "B" | "C" | "D" | "E" => {
            deny(format!("Type of bill {bill} ({}, {words}) asks for no payment.", kind.words))
        }
        "5" if bill.is_hospital_inpatient() => deny(format!(
            "Type of bill {bill}: late charges of a stay are billed by sending the whole bill again, as a replacement ({}7).",
            bill.kind()
        )),
        _ => Finding::Pass,
    }
}

#[cfg(test)]
mod tests {
    use crate::adjudication::example;

    #[test]
    fn a_type_of_bill_that_there_is_not_cannot_be_processed() {
        for (bill, denial) in [
            ("111", ""),
            ("131", ""),
            ("191", "CO-16 MA30 MA130"),
            ("116", "CO-16 MA30 MA130"),
            ("110", "CO-16 MA30 MA130"),
            ("115", "CO-16 MA30 MA130"),
            ("135", ""),
        ] {
            assert_eq!(example::claim_denial(&example::facility_bill(bill)), denial, "{bill}");
        }
    }
}

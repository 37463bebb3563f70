//! Future service: the service is dated after the day on which its bill came in.
//!
//! Such claims are turned away at intake (A7:510), unless the payer has chosen to take them in and deny them.

use super::{Case, Check, Denial, Edit, Fact, Finding, Proceedings, Reason, Service};
use crate::domain::codes::carc;
use crate::domain::dates::{Period, date};
use crate::domain::determination::Citation;

pub(super) const EDIT: Edit = Edit {
    id: "future-service",
    summary: "The service is dated after the claim was received, and the payer denies such claims instead of rejecting them.",
    reasons: &[Reason::contractual("110", "M52", "the provider bills before the service")],
    effective: Period::since(date(2010, 1, 1)),
    authority: &[Citation::PLAN],
    looks_at: &[Fact::ReceivedDate, Fact::ServiceDates],
    check: Check::Line(check),
};

fn check(case: &Case<'_>, _: &Proceedings, service: &Service<'_>) -> Finding {
    let (line, received) = (service.line, case.file.received);
    if !case.file.payer.claim_rules.future_services_denied || line.from <= received {
        return Finding::Pass;
    }
    let words = format!("The claim came in on {received}, before the service of {}.", line.from);
    Finding::Deny(Denial::contractual(carc("110"), words).remark("M52"))
}

#[cfg(test)]
mod tests {
    use crate::adjudication::example;
    use crate::domain::dates::plus_days;

    #[test]
    fn a_bill_comes_on_the_day_of_service_or_later_where_the_payer_asks_it() {
        let mut file = example::office_visit();
        file.received = plus_days(example::VISIT, -1);
        assert_eq!(example::denial(&file), "");
        example::payer(&mut file).claim_rules.future_services_denied = true;
        assert_eq!(example::denial(&file), "CO-110 M52");
        file.received = example::VISIT;
        assert_eq!(example::denial(&file), "");
    }
}

//! Bundled service: Medicare's status letter says that the code is not paid on its own (B, P), or only where nothing else
//! of the provider is payable that day (T). It binds where Medicare's schedule prices the line, not where payer and
//! provider have agreed on an amount.

use super::{Case, Check, Denial, Edit, Fact, Finding, Proceedings, Reason, Service};
use crate::domain::codes::carc;
use crate::domain::dates::{Period, date};
use crate::domain::determination::Citation;
use crate::reference::pprrvu::Status;

pub(super) const EDIT: Edit = Edit {
    id: "bundled-service",
    summary: "Medicare pays the code within other services only.",
    reasons: &[Reason::contractual("97", "M15 N19 N20", "its payment is part of another, so nobody is billed for it")],
    effective: Period::since(date(2010, 1, 1)),
    authority: &[Citation {
        title: "CMS, physician fee schedule relative value file (status B, P and T)",
        href: "https://www.cms.gov/medicare/payment/fee-schedules/physician/pfs-relative-value-files",
    }],
    looks_at: &[Fact::Procedure, Fact::PaymentIndicators, Fact::FeeScheduleUsed, Fact::OtherLines],
    check: Check::Line(check),
};

fn check(case: &Case<'_>, proceedings: &Proceedings, service: &Service<'_>) -> Finding {
    let (line, Some(schedule)) = (service.line, service.cover.and_then(|cover| cover.schedule)) else {
        return Finding::Pass;
    };
    // The status letters are those of physicians' services.
    if case.file.claim.institutional.is_some() {
        return Finding::Pass;
    }
    let status = |code| schedule.relative_value(code, line.from).map(|value| value.status);
    let found = match status(line.procedure) {
        Some(found @ (Status::Bundled | Status::BundledOrExcluded | Status::PaidOnlyAlone)) => found,
        _ => return Finding::Pass,
    };
    if schedule.has_contracted_amount(line) {
        return Finding::Pass;
    }
    let deny = |words, remark| Finding::Deny(Denial::contractual(carc("97"), words).remark(remark));
    let code = line.procedure;
    if found != Status::PaidOnlyAlone {
        return deny(format!("{code} is {}.", found.words()), "M15");
    }
    let mut others = case.services.iter().filter(|other| {
        other.at != service.at
            && (other.line.from, other.line.rendering_npi) == (line.from, line.rendering_npi)
            && !proceedings.is_denied(other.at)
            && matches!(status(other.line.procedure), Some(Status::Active | Status::Restricted))
    });
    others.next().map_or(Finding::Pass, |other| {
        let words = format!("{code} is {}; line {} is payable.", found.words(), other.at + 1);
        deny(words, "N20")
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::adjudication::pricing::{ContractedAmount, ContractedAmounts, Method};
    use crate::adjudication::{ClaimFile, example};
    use crate::domain::codes::{Modifier, ProcedureCode};
    use crate::domain::money::Money;
    use crate::reference::pprrvu::RelativeValues;

    /// Lines of codes that Medicare's schedule prices; 99072 is bundled (B), 94760 is paid alone only (T).
    fn billed(codes: &[&str]) -> ClaimFile {
        let mut file = example::office_visit();
        example::pay_medicare_rates(&mut file);
        let Method::Medicare(medicare) = &mut example::payer(&mut file).fee_schedules[0].method else { panic!() };
        medicare.relative_values = vec![Arc::new(release())];
        example::payer(&mut file).procedures.complete = false;
        file.claim.lines = codes.iter().map(|code| example::line(code, 10_000)).collect();
        file
    }

    /// CMS's layout of 2026, with the rows of 99213, 99072 and 94760 as far as they matter here.
    fn release() -> RelativeValues {
        let heading = format!("HCPCS{}", ",".repeat(31));
        let row = |code, status| {
            format!(
                "{code},,-,{status},,1.30,1.46,,0.33,,0.09,2.85,1.72,0,XXX,0.00,0.00,0.00,0,0,0,0,0,9,,33.4009,09,0,99,0.00,0.00,0.00"
            )
        };
        let text = [heading, row("99213", "A"), row("99072", "B"), row("94760", "T")].join("\n");
        RelativeValues::parse("RVU test", Period::since(date(2026, 1, 1)), text.as_bytes()).unwrap()
    }

    #[test]
    fn a_bundled_code_is_never_paid_and_one_that_is_paid_alone_only_alone() {
        assert_eq!(example::denials(&billed(&["99072"])), ["CO-97 M15"]);
        assert_eq!(example::denials(&billed(&["94760"])), [""]);
        assert_eq!(example::denials(&billed(&["94760", "99213"])), ["CO-97 N20", ""]);
    }

    #[test]
    fn beside_a_denied_line_it_stands_alone() {
        let mut file = billed(&["94760", "99213"]);
        file.claim.lines[1].pointers = vec![];
        assert_eq!(example::denials(&file), ["", "CO-16 M76"]);
    }

    #[test]
    fn an_amount_that_was_agreed_on_is_paid() {
        let mut file = billed(&["99072"]);
        let amount = Money::from_cents(700);
        let row = ContractedAmount {
            code: ProcedureCode::new("99072"),
            modifier: Modifier::NONE,
            period: Period::since(date(2026, 1, 1)),
            facility: amount,
            non_facility: amount,
        };
        example::payer(&mut file).fee_schedules[0].amounts = ContractedAmounts::new(vec![row]);
        assert_eq!(example::denial(&file), "");
        assert_eq!(example::decide(&file).paid(), amount);
    }
}

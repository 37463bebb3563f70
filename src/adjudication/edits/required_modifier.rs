//! Required modifier: the payer asks for one of several modifiers on the service, and the line has none of them.

use super::{CLAIMS_MANUAL, Case, Check, Denial, Edit, Fact, Finding, Proceedings, Reason, Service};
use crate::domain::codes::carc;
use crate::domain::dates::{Period, date};
use crate::domain::determination::Citation;

pub(super) const EDIT: Edit = Edit {
    id: "required-modifier",
    summary: "The payer asks for one of several modifiers on the service, and the line has none of them.",
    reasons: &[Reason::contractual("4", "N517", "the provider left it out")],
    effective: Period::since(date(2010, 1, 1)),
    authority: &[
        Citation {
            title: "Medicare Claims Processing Manual, chapter 5, section 20.1 (GN, GO, GP on therapy)",
            href: CLAIMS_MANUAL,
        },
        Citation::PLAN,
    ],
    looks_at: &[Fact::Procedure, Fact::Modifiers],
    check: Check::Line(check),
};

fn check(_: &Case<'_>, _: &Proceedings, service: &Service<'_>) -> Finding {
    let line = service.line;
    let asked = service.rules.iter().map(|rule| &rule.modifiers).filter(|modifiers| !modifiers.is_empty());
    let lacking = asked.into_iter().find(|modifiers| !line.modifiers().any(|modifier| modifiers.contains(&modifier)));
    let Some(lacking) = lacking else { return Finding::Pass };
    let list: Vec<&str> = lacking.iter().map(|modifier| modifier.as_str()).collect();
    let words = format!("{} needs one of the modifiers {}.", line.billed(), list.join(", "));
    Finding::Deny(Denial::contractual(carc("4"), words).remark("N517"))
}

#[cfg(test)]
mod tests {
    use crate::adjudication::example;
    use crate::domain::codes::Modifier;

    #[test]
    fn one_of_the_modifiers_will_do_and_another_will_not() {
        let mut file = example::office_visit();
        example::asks(&mut file).modifiers = vec![Modifier::new("GP"), Modifier::new("GO")];
        let plain = file.claim.lines[0].clone();
        for (modifiers, expected) in [("", "CO-4 N517"), ("25", "CO-4 N517"), ("25 GO", "")] {
            file.claim.lines[0] = example::modified(plain.clone(), modifiers);
            assert_eq!(example::denial(&file), expected, "{modifiers}");
        }
    }
}

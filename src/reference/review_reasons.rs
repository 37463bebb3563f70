//! Why a request for authorization was decided so (X12 code list 886, 278 HCR03), and why one is turned away (278 AAA03), in our own
//! words, as far as this payer gives them.

/// Reasons of decisions.
const DECISION: &[(&str, &str)] = &[
    ("04", "more than may be authorized"),
    ("07", "taken back"),
    ("09", "the provider is out of network"),
    ("0C", "it is restricted who may be given it"),
    ("0D", "the primary care provider must refer"),
    ("0E", "who refers is not the member's primary care provider"),
    ("0F", "not medically necessary"),
    ("0G", "another level of care is appropriate"),
    ("0H", "needs no certification"),
    ("0J", "another organization reviews it"),
    ("0K", "a service of primary care"),
    ("0L", "more than the plan covers"),
    ("0M", "not covered"),
    ("0N", "asked for too late after the service"),
    ("0P", "what was asked for did not come"),
    ("0Q", "asked for already"),
    ("0R", "the service does not go with the diagnosis"),
    ("0T", "experimental"),
    ("0U", "more information on the patient is needed"),
    ("0V", "a reviewer must decide"),
    ("0W", "a decision is awaited"),
    ("0X", "the service does not go with the kind of provider"),
    ("0Y", "the service does not go with the age"),
    ("0Z", "the service does not go with the sex"),
    ("10", "fewer units or days than were asked for"),
    ("13", "authorized for another provider"),
    ("14", "the plan's guidelines are not followed"),
];

/// Reasons to turn a request away, and what to do: `C` correct and send again, `N` do not.
const REJECTION: &[(&str, &str, &str)] = &[
    ("15", "something that is needed is missing", "C"),
    ("33", "what was sent is malformed", "C"),
    ("43", "the provider's number is none", "C"),
    ("57", "the days of service are missing or none", "C"),
    ("71", "the birth date is not the one on file", "C"),
    ("72", "the member's number is missing", "C"),
    ("73", "the name is not the one on file", "C"),
    ("75", "the member is not known", "C"),
    ("79", "this is another payer", "C"),
    ("95", "the member is not covered on the day", "N"),
    ("AA", "there is no such authorization", "C"),
    ("AF", "a diagnosis is none", "C"),
    ("AG", "a procedure is none", "C"),
];

/// The words of a decision's reason; `None`: this payer does not give it.
pub fn decision_reason(code: &str) -> Option<&'static str> {
    DECISION.iter().find(|(known, _)| *known == code).map(|(_, words)| *words)
}

/// Every reason of decisions.
pub fn decision_reasons() -> impl Iterator<Item = &'static str> {
    DECISION.iter().map(|(code, _)| *code)
}

/// Words of a reason to turn a request away, and what to do.
pub fn rejection(code: &str) -> (&'static str, &'static str) {
    let found = REJECTION.iter().find(|(known, ..)| *known == code);
    found.map_or(("it cannot be taken in", "C"), |(_, words, follow_up)| (words, follow_up))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_code_stands_once_and_in_order() {
        assert!(DECISION.is_sorted_by(|a, b| a.0 < b.0) && REJECTION.is_sorted_by(|a, b| a.0 < b.0));
        assert_eq!(decision_reason("0F"), Some("not medically necessary"));
        assert_eq!(decision_reason("ZZ"), None);
        assert_eq!(rejection("95").1, "N");
    }
}

//! Which service a line is about, as SVC01 and SVC04 tell it in the 277CA and the 835.

use super::writer::composite;

/// SVC01, a procedure with its modifiers, and SVC04, the revenue code beside it. A facility's line that has no procedure
/// is told by its revenue code alone (SVC01 `NU`).
pub(super) fn service_id<'l>(
    qualifier: &str,
    procedure: &str,
    modifiers: &[String],
    revenue_code: &'l str,
) -> (String, &'l str) {
    if procedure.is_empty() && !revenue_code.is_empty() {
        return (composite(&["NU", revenue_code]), "");
    }
    let qualifier = if qualifier.is_empty() { "HC" } else { qualifier };
    let parts = [qualifier, procedure].into_iter().chain(modifiers.iter().map(String::as_str));
    (composite(&parts.collect::<Vec<_>>()), revenue_code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_told_by_its_procedure_or_else_by_its_revenue_code() {
        let check = |procedure: &str, revenue: &'static str, expected: (&str, &str)| {
            let (id, beside) = service_id("", procedure, &["25".to_owned()][..], revenue);
            assert_eq!((id.replace('\u{1f}', ":").as_str(), beside), expected);
        };
        check("99284", "0450", ("HC:99284:25", "0450"));
        check("99213", "", ("HC:99213:25", ""));
        check("", "0120", ("NU:0120", ""));
        assert_eq!(service_id("HP", "1AFKS", &[], "0023").0.replace('\u{1f}', ":"), "HP:1AFKS");
    }
}

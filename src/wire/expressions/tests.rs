use super::*;
use crate::wire::Violations;

/// What is said of an expression; empty where it can be lowered. There is one value set, of diagnoses.
fn said(source: &str) -> String {
    let set = crate::proto::v1::ValueSet {
        value_set_id: "diabetes".into(),
        kind: crate::proto::v1::ValueSetKind::Diagnosis.into(),
        codes: vec!["E11".into()],
        title: String::new(),
    };
    let sets = [set];
    let sets = ValueSets::read(&sets, &mut Violations::default());
    lower(source, &sets).err().unwrap_or_default()
}

#[test]
fn every_field_and_every_shape_in_the_tables_can_be_lowered() {
    for row in FIELDS.iter().filter(|row| row.kind != Kind::List) {
        assert_eq!(said(&format!("{0} == {0} || has({0})", row.path)), "");
    }
    for row in FUNCTIONS {
        let shape = row.shape.replace("\"imaging\"", "\"diabetes\"").replace("\"@imaging\"", "\"70551\"");
        let whole = if row.kind == Kind::Bool { shape } else { format!("{shape} == {shape}", shape = shape) };
        assert_eq!(said(&whole), "", "{}", row.name);
    }
}

#[test]
fn a_misspelt_field_is_told_with_its_place_and_what_it_may_mean() {
    assert_eq!(
        said("patient.age_years > 2 && line.unit > 3"),
        "at character 26: there is no field \"line.unit\"; did you mean \"line.units\"?\n    \
         patient.age_years > 2 && line.unit > 3\n                             ^"
    );
    assert!(said("cuont_prior(\"G0121\", 3) > 1").contains("did you mean \"count_prior\"?"));
    assert!(said("in_set(line.procedure, \"diabetis\")").contains("did you mean \"diabetes\"?"));
}

#[test]
fn kinds_must_fit_and_the_whole_must_be_true_or_false() {
    for (source, words) in [
        ("line.units", "it is a number; it must be true or false"),
        ("line.units == \"2\"", "a number is expected here, not a text"),
        ("line.place < \"12\"", "a text has no order"),
        ("line.modifiers == \"26\"", "line.modifiers is a list"),
        ("line.units + line.from > 1", "a number is expected here, not a date"),
        ("\"26\" in line.place", "line.place is a text, not a list"),
        ("size(line.place) > 1", "line.place is a text, not a list"),
        ("count_prior(\"G0121\", line.days) > 1", "a number of days is expected here"),
        ("date(\"2026-02-31\") < line.from", "is no date"),
        ("1 in [1, \"a\"]", "a number is expected here, not a text"),
        ("line.emergency ? 1 : 2", "it is a number"),
    ] {
        assert!(said(source).contains(words), "{source}: {}", said(source));
    }
}

#[test]
fn loops_maps_and_what_is_too_long_or_too_deep_are_refused() {
    let long = vec!["line.units > 1"; 100].join(" && ");
    let deep = format!("{}line.units > 1{}", "(".repeat(40), ")".repeat(40));
    let sums = format!("{} > 1", vec!["1"; 200].join(" - "));
    for (source, words) in [
        ("line.modifiers.exists(m, m == \"26\")", "there are no loops"),
        ("{\"a\": 1} == {\"a\": 1}", "there are no maps"),
        ("line.units % 2 == 1", "there is no %"),
        ("line.modifiers[0] == \"26\"", "there are no places in lists"),
        ("line.units > 1e3", "write the number in full"),
        ("line.place == null", "there is no null"),
        ("line.place == \"\u{e9}\"", "plain letters"),
        ("line.units >", "it cannot be read"),
        ("", "it cannot be read"),
        (&long, "characters, at most 1000"),
        (&deep, "nested deeper than 24"),
        (&sums, "nested deeper than 64"),
    ] {
        assert!(said(source).contains(words), "{source}: {}", said(source));
    }
}

// 0.1 has no double: a sum of three would not be 0.3.
#[test]
fn numbers_are_exact_decimals() {
    let sets = ValueSets::read(&[], &mut Violations::default());
    let lowered = lower("line.units == -0.1 || line.units == 0.30", &sets).unwrap();
    let text = format!("{lowered:?}");
    assert!(text.contains("Number(-0.1)") && text.contains("Number(0.30)"), "{text}");
}

proptest::proptest! {
    #[test]
    fn any_text_is_lowered_or_refused(source in "[a-z.0-9 ()\\[\\]&|!<>=+*/?:\",-]{0,80}") {
        let _ = said(&source);
    }
}

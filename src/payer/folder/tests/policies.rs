//! Policies that cannot be: each is refused at its line and column.

use super::check;

/// The small folder's policy with what it covers replaced by another text.
fn instead(to: &str, message: &str) {
    check("policies.toml", "covered_diagnoses = [\"G43\"]", to, message);
}

#[test]
fn an_expression_is_refused_at_its_line_with_a_mark_below_the_place() {
    instead(
        "requires = { when = ‸\"line.unit > 2\" }",
        "when: at character 1: there is no field \"line.unit\"; did you mean \"line.units\"?\n    line.unit > 2\n    ^",
    );
    instead(
        "applies = { min_age_years = 18, when = ‸\"patient.sex == 1\" }",
        "when: at character 16: a text is expected here, not a number\n    patient.sex == 1\n                   ^",
    );
}

#[test]
fn a_value_set_must_exist_and_be_of_the_right_kind() {
    let none = "there is no value set \"brain\"; value_sets.toml has none";
    check("policies.toml", "[\"70551-70553\"]", "[‸\"@brain\"]", &format!("procedures: {none}"));
    instead("requires = { diagnoses = [\"G43\", ‸\"@brain\"] }", &format!("diagnoses: {none}"));
}

#[test]
fn a_finding_must_be_such_as_an_835_may_carry() {
    instead("deny = { group = ‸\"PR\", carc = \"236\" }", "group: PR may not stand with CARC 236: CO, PI may");
    instead("deny = ‸{ group = \"CO\", carc = \"96\" }", "rarcs: is missing: CARC 96 says nothing without a remark");
    instead(
        "deny = { group = \"CO\", carc = \"197\", rarcs = [‸\"N83\"] }",
        "rarcs: N83 says that nobody may appeal, which no medical policy can: take it out",
    );
    instead(
        "deny = { group = \"CO\", carc = \"16\", rarcs = [\"MA130\", ‸\"N706\"] }",
        "rarcs: N706 asks for a document, which CARC 16 must not: use 252 for it",
    );
    instead(
        "deny = { group = \"CO\", carc = ‸\"999\" }",
        "carc: \"999\" is no reason that this program knows (CARC, X12 list 139)",
    );
    instead(
        "deny = { group = \"CO\", carc = \"50\", rarcs = [‸\"LCD\"] }",
        "rarcs: \"LCD\" is no remark (RARC), such as \"N115\", \"M25\" or \"MA130\"",
    );
    instead("reduce = ‸{ carc = \"150\" }", "percentage: or `most_units`, one of them, says how much is paid");
}

#[test]
fn two_versions_of_a_policy_must_not_hold_on_one_day() {
    check(
        "policies.toml",
        "plans = [\"ppo\"]\n",
        "\n[[policies]]\npolicy_id = \"MP-1\"\nprocedures = [\"70551\"]\ncovered_diagnoses = [\"R51\"]\nfrom = ‸2026-07-01\n",
        "from: two versions of MP-1 would hold on 2026-07-01: the one before is policies.toml:5; give it a `through` before this day",
    );
}

#[test]
fn conditions_must_say_something_that_can_be() {
    instead("requires = ‸{}", "requires: asks for nothing: write a condition, or leave it out");
    instead("requires = { min_age_years = 18, max_age_years = ‸17 }", "max_age_years: 17 is below the least age, 18");
    instead(
        "requires = { frequency = { most = 1, in_days = ‸30, lifetime = true } }",
        "in_days: or `per_calendar_year = true` or `lifetime = true`, one of them, says in which time",
    );
    instead("requires = { places = [‸\"office\"] }", "places: \"office\" is no place of service, such as \"11\"");
}

#[test]
fn an_example_must_be_a_claim_that_can_be_made() {
    let with = |example: &str| format!("covered_diagnoses = [\"G43\"]\nexamples = [{example}]");
    instead(&with("‸{ say = \"s\" }"), "expect: is missing");
    instead(
        &with("{ say = \"s\", expect = ‸\"CO50\" }"),
        "expect: \"CO50\": \"none\", \"pend\", \"note\", or a reason such as \"CO-50 N115\"",
    );
    instead(
        &with("{ say = \"s\", expect = \"none\", member_id = ‸\"T9\" }"),
        "member_id: there is no member \"T9\"; there is T1, T2",
    );
    instead(
        &with("{ say = \"s\", expect = \"none\", on = ‸\"2026-02-30\" }"),
        "on: \"2026-02-30\" is no date: write YYYY-MM-DD, a day that exists",
    );
}

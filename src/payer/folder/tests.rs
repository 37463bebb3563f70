//! A small folder without a mistake, then one mistake after another: each must be named at its line and column.

use std::io;

mod policies;

use super::load::read;

const PAYER: &str = r#"payer_id = "TINY1"
name = "Tiny Test Plan"
address = { lines = ["1 Sample Street"], city = "Testville", state = "CA", zip = "94105" }
contact_name = "Claims"
contact_phone = "5550100199"
originating_company_id = "999999999"
clock_start = "2026-07-15"
payment_days = 14
unknown_member = "deny"
procedures = { file = "procedures.csv", complete = true }
"#;

const PLANS: &str = r#"[[plans]]
plan_id = "ppo"
name = "Tiny PPO"
claim_filing_indicator = "12"
networks = ["north"]
timely_filing_days = 90

[plans.in_network]
individual_deductible_cents = 500_00
fee_schedule = "charges"

[[plans.benefits]]
benefit = "office"
in_network = { copay_cents = 25_00, coinsurance = "0.20" }
"#;

const FEE_SCHEDULES: &str = r#"[[fee_schedules]]
fee_schedule_id = "charges"
percent_of_charge = { percentage = "0.60" }
"#;

const POLICIES: &str = r#"[[policies]]
policy_id = "MP-1"
procedures = ["70551-70553"]
covered_diagnoses = ["G43"]
from = 2026-01-01
plans = ["ppo"]
"#;

const MEMBERS: &str = r#"[[members]]
member_id = "T1"
subscriber_id = "T1"
relationship_code = "18"
person_name = { last = "Muster", first = "Testa" }
birth_date = "1980-05-06"
sex = "female"
coverages = [
    { plan_id = "ppo", from = "2025-01-01", through = "2025-12-31" },
    { plan_id = "ppo", from = 2026-01-01, primary_care_npi = "1234567893" },
]

[[members]]
member_id = "T2"
subscriber_id = "T1"
relationship_code = "19"
person_name = { last = "Muster", first = "Testino" }
birth_date = 2015-02-28
sex = "male"
coverages = [{ plan_id = "ppo", from = "2026-01-01" }]
"#;

const PROVIDERS: &str = r#"[[providers]]
npi = "1234567893"
provider_name = { last = "Sample Clinic" }
tax_id = "999999998"
enrollments = [{ from = "2020-01-01", networks = ["north"] }]
"#;

const AUTHORIZATIONS: &str = r#"[[authorizations]]
number = "A1"
member_id = "T2"
procedures = ["70551"]
from = "2026-01-01"
through = "2026-12-31"
units = "2"
"#;

const PROCEDURES: &str = "code,words,benefit,from,through,sex,min_age,max_age,places
99213,Visit of a known patient,office,2020-01-01,,,,,11 22
70551,\"Brain, MRI without contrast\",other,2020-01-01,,,,,
";

const FILES: &[(&str, &str)] = &[
    ("payer.toml", PAYER),
    ("plans.toml", PLANS),
    ("fee_schedules.toml", FEE_SCHEDULES),
    ("policies.toml", POLICIES),
    ("members.toml", MEMBERS),
    ("providers.toml", PROVIDERS),
    ("authorizations.toml", AUTHORIZATIONS),
    ("procedures.csv", PROCEDURES),
];

/// The mistakes of the small folder after a text was replaced by another.
fn mistakes(file: &str, from: &str, to: &str) -> Vec<String> {
    let open = |name: &str| {
        let (_, text) = FILES.iter().find(|(known, _)| *known == name).ok_or(io::ErrorKind::NotFound)?;
        if name != file {
            return Ok(text.as_bytes().to_vec());
        }
        assert_eq!(text.matches(from).count(), 1, "{file} says {from:?} once");
        Ok(text.replace(from, to).into_bytes())
    };
    read(&open).err().unwrap_or_default().iter().map(ToString::to_string).collect()
}

/// One mistake and no other in the file, at the place that `‸` marks in the new text. Other files may lack what is wrong here.
fn check(file: &str, from: &str, to: &str, message: &str) {
    let (_, text) = FILES.iter().find(|(known, _)| *known == file).unwrap();
    let marked = text.replace(from, to);
    let before = marked.split('‸').next().unwrap();
    let (line, column) = (before.split('\n').count(), before.split('\n').next_back().unwrap().chars().count() + 1);
    let mut found = mistakes(file, from, &to.replace('‸', ""));
    found.retain(|mistake| mistake.starts_with(file));
    assert_eq!(found, [format!("{file}:{line}:{column}: {message}")]);
}

#[test]
fn the_small_folder_has_no_mistake() {
    assert_eq!(mistakes("payer.toml", "TINY1", "TINY2"), [""; 0]);
}

#[test]
fn what_the_format_does_not_know_is_named_with_what_may_be_meant() {
    check("plans.toml", "networks =", "‸network =", "there is no key \"network\" here; did you mean \"networks\"?");
    check(
        "members.toml",
        "sex = \"female\"",
        "sex = ‸\"femal\"",
        "sex: \"femal\" is none of female, male, unknown; did you mean \"female\"?",
    );
    check(
        "members.toml",
        "sex = \"male\"",
        "‸name = \"x\"",
        "there is no key \"name\" here; there is member_id, subscriber_id, relationship_code, person_name, birth_date, sex, address, coverages, other_coverages, disabled, student, prior_credits, medicare_entitlement, renal_coordination_from, other_coverage_unanswered, standing, hospice_elections",
    );
    check(
        "policies.toml",
        "[[policies]]",
        "[[‸policy]]",
        "there is no key \"policy\" here; did you mean \"policies\"?",
    );
}

#[test]
fn a_value_of_another_kind_is_named_with_the_right_one() {
    let number = "a whole number, such as cents: 1500_00 is expected here, not text";
    check("plans.toml", "500_00", "‸\"500\"", &format!("individual_deductible_cents: {number}"));
    let text = "text in quotation marks is expected here, not the number 0.20";
    check("plans.toml", "\"0.20\"", "‸0.20", &format!("coinsurance: {text}"));
    check("plans.toml", "[\"north\"]", "‸\"north\"", "networks: a list is expected: put it in brackets");
    let small = "payment_days: a whole number is expected here, not the number 99999999999";
    check("payer.toml", "payment_days = 14", "payment_days = ‸99999999999", small);
    check(
        "plans.toml",
        "[[plans.benefits]]",
        "‸[plans.benefits]",
        "benefits: a list is expected: write [[…benefits]], once for each",
    );
}

const MEDICARE: &str = r#"medicare = { percentage = "1", relative_values = [{ file = "embedded" }], geographic_indices = [{ file = "embedded" }] }"#;

#[test]
fn of_two_methods_only_one_may_stand() {
    let both = format!("{MEDICARE}\n‸percent_of_charge");
    let message = "percent_of_charge: only one of medicare and percent_of_charge may stand here";
    check("fee_schedules.toml", "percent_of_charge", &both, message);
}

#[test]
fn medicares_rates_need_a_locality_of_cms() {
    let with = |locality: &str| {
        let open = |name: &str| {
            let (_, text) = FILES.iter().find(|(known, _)| *known == name).ok_or(io::ErrorKind::NotFound)?;
            let text = text.replace("percent_of_charge = { percentage = \"0.60\" }", MEDICARE);
            Ok(text.replace("payment_days", &format!("default_locality = \"{locality}\"\npayment_days")).into_bytes())
        };
        read(&open).err().unwrap_or_default().iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(with("01112-05"), [""; 0]);
    assert_eq!(
        with("01112-99"),
        ["payer.toml:8:20: default_locality: there are no geographic indices for \"01112-99\""]
    );
    assert_eq!(
        with("1112-5"),
        ["payer.toml:8:20: default_locality: \"1112-5\" is no locality: MAC and locality such as \"01112-05\""]
    );
}

#[test]
fn official_files_are_named_by_line_too() {
    let pairs =
        "\nColumn 1\tColumn 2\t*\tEffective\tDeletion\tModifier\tRationale\n45385\t45380\t\t20260231\t*\t1\tx\n";
    let open = |name: &str| match FILES.iter().find(|(known, _)| *known == name) {
        Some((_, text)) if name == "payer.toml" => Ok((text.to_string() + "ncci_file = \"pairs.txt\"\n").into_bytes()),
        Some((_, text)) => Ok(text.as_bytes().to_vec()),
        None if name == "pairs.txt" => Ok(pairs.as_bytes().to_vec()),
        None => Err(io::ErrorKind::NotFound.into()),
    };
    let mistakes: Vec<String> = read(&open).unwrap_err().iter().map(ToString::to_string).collect();
    assert_eq!(mistakes, ["pairs.txt:3:1: Effective Date: expected a date YYYYMMDD, found \"20260231\""]);
}

#[test]
fn broken_toml_is_named_alone() {
    check("plans.toml", "\"ppo\"", "‸ppo", "string values must be quoted, expected literal string");
    check("plans.toml", "timely_filing_days = 90", "‸name = \"again\"", "duplicate key");
}

#[test]
fn what_is_missing_is_named_where_it_belongs() {
    check("plans.toml", "[[plans]]\nplan_id = \"ppo\"\nname", "‸[[plans]]\nname", "plan_id: is missing");
}

#[test]
fn dates_must_exist_and_be_in_order() {
    let no_date = "is no date: write YYYY-MM-DD, a day that exists";
    check("members.toml", "\"1980-05-06\"", "‸\"1980-02-31\"", &format!("birth_date: \"1980-02-31\" {no_date}"));
    check("payer.toml", "\"2026-07-15\"", "‸\"15.7.2026\"", &format!("clock_start: \"15.7.2026\" {no_date}"));
    check(
        "authorizations.toml",
        "\"2026-12-31\"",
        "‸\"2025-12-31\"",
        "through: 2025-12-31 lies before the first day, 2026-01-01",
    );
}

#[test]
fn names_that_nothing_has_are_named_with_those_that_exist() {
    check(
        "plans.toml",
        "\"charges\"",
        "‸\"charge\"",
        "fee_schedule: there is no fee schedule \"charge\"; there is charges",
    );
    check("policies.toml", "\"ppo\"", "‸\"hmo\"", "plans: there is no plan \"hmo\"; there is ppo");
    check(
        "members.toml",
        "\"ppo\", from = \"2026",
        "‸\"hmo\", from = \"2026",
        "plan_id: there is no plan \"hmo\"; there is ppo",
    );
    check(
        "providers.toml",
        "\"north\"",
        "‸\"south\"",
        "networks: there is no plan's network \"south\"; there is north",
    );
    check("payer.toml", "\"procedures.csv\"", "‸\"codes.csv\"", "file: there is no file \"codes.csv\"");
    check("payer.toml", "\"procedures.csv\"", "‸\"../codes.csv\"", "file: is no plain file name: \"../codes.csv\"");
    check(
        "procedures.csv",
        "patient,office",
        "patient,‸ofice",
        "benefit: there is no plan's benefit \"ofice\"; there is office, other",
    );
    check(
        "plans.toml",
        "timely_filing_days",
        "referral_benefits = [\"office\", ‸\"imaging\"]\ntimely_filing_days",
        "referral_benefits: there is no procedure's benefit \"imaging\"; there is office, other",
    );
    check(
        "members.toml",
        "subscriber_id = \"T1\"\nrelationship_code = \"19\"",
        "subscriber_id = ‸\"T9\"\nrelationship_code = \"19\"",
        "subscriber_id: there is no member \"T9\"",
    );
    check("authorizations.toml", "\"T2\"", "‸\"T3\"", "member_id: there is no member \"T3\"");
    check("members.toml", "\"1234567893\"", "‸\"1992999983\"", "primary_care_npi: there is no provider \"1992999983\"");
}

#[test]
fn what_is_there_twice_names_both_lines() {
    check(
        "members.toml",
        "\"T2\"\nsubscriber_id = \"T1\"\nrelationship_code = \"19\"",
        "‸\"T1\"\nsubscriber_id = \"T1\"\nrelationship_code = \"18\"",
        "member_id: \"T1\" is there already: members.toml:2",
    );
    check(
        "members.toml",
        "\"2025-12-31\" },\n    {",
        "\"2026-12-31\" },\n    ‸{",
        "coverages: since 2026-01-01 shares days with members.toml:9",
    );
    check(
        "procedures.csv",
        "\n70551",
        "\n‸99213,Again,office,2025-01-01,,,,,\n70551",
        "code: 99213 is there already for some of these days: procedures.csv:2",
    );
}

#[test]
fn amounts_rates_and_numbers_keep_their_bounds() {
    check(
        "plans.toml",
        "500_00",
        "‸-500_00",
        "individual_deductible_cents: -50000 is negative: an amount of cents, 0 or more",
    );
    check(
        "fee_schedules.toml",
        "\"0.60\"",
        "‸\"60\"",
        "percentage: 60 is no fraction: from 0 through 1, such as \"0.20\" for 20 percent",
    );
    check("plans.toml", "\"0.20\"", "‸\"20%\"", "coinsurance: \"20%\" is no decimal number: write it such as \"0.20\"");
    check(
        "authorizations.toml",
        "\"2\"",
        "‸\"0\"",
        "units: 0 units authorize nothing: more than 0, or nothing for no limit",
    );
    check("payer.toml", "\"TINY1\"", "‸\"\"", "payer_id: is missing");
}

#[test]
fn a_contracts_own_payment_rules_are_parts_of_a_fee() {
    let rates =
        |rules: &str| MEDICARE.replace(" }], geo", " }], payment_rules = { RULES }, geo").replace("RULES", rules);
    for (rules, words) in [
        ("assistant = ‸\"16\"", "assistant: 16 is no fraction: from 0 through 1, such as \"0.20\" for 20 percent"),
        ("both_sides = ‸\"0.5\"", "both_sides: 0.5: from 1 through 2 fees for both sides, such as \"1.5\""),
        ("multiple_surgeries = [\"1\", ‸\"\"]", "multiple_surgeries: is empty: a part of the fee, such as \"0.5\""),
    ] {
        check("fee_schedules.toml", "percent_of_charge = { percentage = \"0.60\" }", &rates(rules), words);
    }
}

#[test]
fn a_provider_number_must_hold_its_check_digit_unless_the_payer_takes_others() {
    // 1234567893 is the published example of a number that holds.
    check("providers.toml", "\"1234567893\"", "‸\"1234567894\"", "npi: 1234567894 fails the check digit of NPIs");
    let open = |name: &str| {
        let (_, text) = FILES.iter().find(|(known, _)| *known == name).ok_or(io::ErrorKind::NotFound)?;
        let settings = if name == "payer.toml" { "x12 = { accept_failing_npis = true }\n" } else { "" };
        Ok((text.replace("1234567893", "1234567894") + settings).into_bytes())
    };
    assert!(read(&open).is_ok());
}

#[test]
fn rows_of_tables_are_named_by_line_and_column() {
    check("procedures.csv", "2020-01-01,,,,,11 22", "2020-01-01,,‸W,,,11 22", "sex: \"W\": F, M or nothing");
    check("procedures.csv", "99213,Visit", "‸99213,One,Visit", "10 columns where the heading has 9");
    check(
        "procedures.csv",
        "code,words",
        "‸code,word",
        "the heading must be code,words,benefit,from,through,sex,min_age,max_age,places",
    );
}

#[test]
fn mistakes_of_all_files_are_told_at_once() {
    let open = |name: &str| {
        let (_, text) = FILES.iter().find(|(known, _)| *known == name).ok_or(io::ErrorKind::NotFound)?;
        Ok(text.replace("\"2026-01-01\"", "\"2026-31-01\"").replace("\"18\"", "18").into_bytes())
    };
    let mistakes = read(&open).unwrap_err();
    let places: Vec<(&str, usize)> = mistakes.iter().map(|mistake| (mistake.file.as_str(), mistake.line)).collect();
    assert_eq!(places, [("authorizations.toml", 5), ("members.toml", 4), ("members.toml", 20)]);
}

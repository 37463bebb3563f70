//! What may be said of money: every combination of group, reason and remark, of the program and of the demo payer's
//! policies, held against CORE's own table.

use payersim::adjudication::catalogue::{self, GivenBy};
use payersim::domain::codes::{Carc, Group, Rarc};
use payersim::domain::dates::{Period, date};
use payersim::payer::folder;
use payersim::reference::core_combinations;
use payersim::reference::official_tables::OfficialTables;
use payersim::wire::payer_folder;

/// Combinations outside the table of June 2016, each with the reason: the code came later, or law and practice moved on.
const OUTSIDE_CORE: &[(&str, &str)] = &[
    ("16 MA130", "Medicare's manual wants it on every unprocessable claim (Pub. 100-04, chapter 1, section 80.3.2)"),
    (
        "29 N211",
        "an alert, which the table does not list: Original Medicare hears no appeal of a late claim (42 CFR 424.44)",
    ),
    ("32 N30", "says that the dependent is not eligible, as with 26 and 27"),
    ("208 N290", "says which provider is not on file, as N257 does of the one who bills"),
    ("149 N640", "says which kind of maximum, as with 119"),
    ("35 N640", "says which kind of maximum, as with 119"),
    ("45 N644", "tells of a rule for the fee; 45 is no denial and stands in no scenario"),
    ("45 N670", "tells of a rule for the fee; 45 is no denial and stands in no scenario"),
    ("94 N644", "tells of a rule for the fee; 94 is no denial and stands in no scenario"),
    ("94 N670", "tells of a rule for the fee; 94 is no denial and stands in no scenario"),
    ("OA-109", "Medicare's contractors give OA: nobody owes what another contractor will decide"),
];

/// `PAYERSIM_CORE_TABLE` names a table of CORE's combinations (kind "core-combinations"), which does not ship.
#[test]
fn every_combination_lies_inside_the_table_of_core_or_is_a_named_exception() {
    let Some(path) = std::env::var_os("PAYERSIM_CORE_TABLE") else {
        println!("PAYERSIM_CORE_TABLE names no table: combinations are not held against CORE's");
        return;
    };
    let bytes = std::fs::read(path).unwrap();
    let table = core_combinations::parse("of the environment", Period::since(date(2016, 6, 1)), &bytes).unwrap();
    let demo = payer_folder::parse(&folder::demo(), &OfficialTables::default()).unwrap().revision;
    let mut given: Vec<(String, Group, Carc, Vec<Rarc>)> = catalogue::given()
        .map(|GivenBy { giver, reason }| (giver.id.to_owned(), reason.group, reason.carc, reason.rarcs().collect()))
        .collect();
    let by_policy =
        |by: catalogue::PolicyReason<'_>| (by.policy.policy_id.clone(), by.group, by.carc, by.rarcs.to_vec());
    let chosen = catalogue::of_policies(&demo.policies).map(by_policy);
    given.extend(chosen);
    let mut outside = Vec::new();
    for (giver, group, carc, rarcs) in given {
        let rows: Vec<_> = table.of(carc).collect();
        if rows.is_empty() {
            continue;
        }
        let mut tell = |what: String| {
            let named = OUTSIDE_CORE.iter().any(|(known, _)| *known == what);
            if !named && !outside.contains(&format!("{what} ({giver})")) {
                outside.push(format!("{what} ({giver})"));
            }
        };
        if !rows.iter().any(|row| row.groups.is_empty() || row.groups.contains(&group)) {
            tell(format!("{group}-{carc}"));
        }
        for remark in rarcs.into_iter().filter(|code| !rows.iter().any(|row| row.allows(*code))) {
            tell(format!("{carc} {remark}"));
        }
        let scenarios: Vec<_> = rows.iter().filter_map(|row| row.scenario).collect();
        let ours = catalogue::entry(carc).and_then(|entry| entry.scenario);
        if !scenarios.is_empty() && !ours.is_some_and(|ours| scenarios.contains(&ours)) {
            tell(format!("{carc} scenario {ours:?}"));
        }
    }
    assert!(outside.is_empty(), "outside: {outside:#?}");
}

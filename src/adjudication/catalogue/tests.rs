//! The catalogue held against what is declared, against the tables of codes and, where there is one, against CORE's table.

use super::*;
use crate::domain::codes::{Group, Rarc, rarc};
use crate::reference::reason_codes::{allowed_groups, needs_remark, reason_code, reason_codes};
use crate::reference::remark_codes;

/// Reasons of professional and institutional claims that every payer's staff knows, the commonest first: each is given, or
/// there is a reason of its own why not.
const USUAL: &str = "1 2 3 45 16 18 22 27 26 200 31 140 50 96 97 197 29 109 181 4 11 119 151 204 234 236 252 163 250 251 15 198 B7 B15 170 171 172 185 242 243 206 207 208 5 6 7 9 10 8 49 55 56 58 40 59 24 23 107 129 146 182 199 19 20 21 39 210 95 226 227 253 B9 B11 B13 B14 B16 B20 193 288 201 A1 125 148 237 267 136 257 229 238 275 249 150 152 296 302";

#[test]
fn every_code_is_told_once_and_has_words() {
    for (at, entry) in all().enumerate() {
        assert!(all().skip(at + 1).all(|other| other.carc != entry.carc), "{} stands twice", entry.carc);
        assert!(reason_code(entry.carc).is_some(), "{} has no row in reference::reason_codes", entry.carc);
    }
    let untold: Vec<String> =
        reason_codes().iter().filter(|row| entry(row.code).is_none()).map(|row| row.code.to_string()).collect();
    assert!(untold.is_empty(), "no entry in the catalogue: {}", untold.join(" "));
}

#[test]
fn what_is_given_has_advice_and_what_is_not_has_an_excuse() {
    let given: Vec<_> = pairs().into_iter().map(|(carc, _)| carc).collect();
    for entry in all() {
        if given.contains(&entry.carc) {
            let told = !entry.advice.is_empty() && !entry.remedies.is_empty();
            assert!(told, "{} is given: say in the catalogue what the biller should do", entry.carc);
        } else {
            assert!(!entry.excuse().is_empty(), "{} is not given: say in the catalogue why", entry.carc);
        }
    }
    assert!(given.iter().all(|carc| entry(*carc).is_some()));
    let excused = all().filter(|entry| !given.contains(&entry.carc)).count();
    println!("{} pairs of group and CARC, {} CARCs given, {excused} excused", pairs().len(), {
        let mut codes = given.clone();
        codes.dedup();
        codes.len()
    });
}

/// Codes of [`USUAL`] that nothing of the program gives. The demo payer's policies choose some of them.
const NOT_BY_AN_EDIT: &str = "234 55 56 40 193 201 A1 125 148 237 229 238 275 150 152 296 302";

#[test]
fn every_usual_reason_is_given_or_excused_by_words_of_its_own() {
    let given: Vec<_> = pairs().into_iter().map(|(carc, _)| carc).collect();
    let missing: Vec<&str> = USUAL.split(' ').filter(|code| !given.contains(&carc(code))).collect();
    assert_eq!(missing.join(" "), NOT_BY_AN_EDIT);
    for code in missing {
        let excuse = entry(carc(code)).map_or("", Entry::excuse);
        assert!(excuse.len() > 20, "{code} is neither given nor excused: {excuse:?}");
    }
}

#[test]
fn every_declared_reason_stands_under_a_group_it_may_and_has_a_remark_if_it_needs_one() {
    for GivenBy { giver, reason } in given() {
        assert!(allowed_groups(reason.carc).contains(&reason.group), "{}: {reason}", giver.id);
        assert!(
            !needs_remark(reason.carc) || reason.rarcs().next().is_some(),
            "{}: {reason} without a remark",
            giver.id
        );
        assert!(!reason.liable.is_empty(), "{}: {reason}", giver.id);
        for remark in reason.rarcs() {
            assert!(remark_codes::remark(remark).is_some(), "{}: {reason} with {remark}, which has no words", giver.id);
        }
    }
}

/// N83 and N211 say that nobody may appeal. Only a late claim of Original Medicare is so.
#[test]
fn no_remark_takes_away_an_appeal_by_mistake() {
    let taking: Vec<_> =
        given().filter(|given| given.reason.rarcs().any(|code| [rarc("N83"), rarc("N211")].contains(&code))).collect();
    assert!(taking.iter().all(|given| given.reason.carc == carc("29") && given.giver.id == "timely-filing"));
    let documents: Vec<Rarc> = ["N705", "N706", "M127", "N463"].map(rarc).into();
    let asked = given_by(Group::ContractualObligation, carc("16")).flat_map(|given| given.reason.rarcs());
    assert!(asked.into_iter().all(|code| !documents.contains(&code)), "16 is never for documents: 252");
}

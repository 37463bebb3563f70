//! Whether somebody is who the inquiry says, and which dependent is meant.

use super::Rejected;
use crate::domain::dates::Date;
use crate::domain::member::Member;
use crate::proto::v1::CheckEligibilityRequest;

/// Relationship of the subscriber to itself.
const SELF: &str = "18";

/// Holds what the inquiry says of a member against the records.
pub(super) fn is_member(member: &Member, asked: &CheckEligibilityRequest, birth: Option<Date>) -> Result<(), Rejected> {
    if birth.is_some() && member.person.birth.is_some() && birth != member.person.birth {
        return Err(("71", "the birth date is not the member's".to_owned()));
    }
    if !same(&asked.last_name, &member.person.last) {
        return Err(("73", "the family name is not the member's".to_owned()));
    }
    if !same(&asked.first_name, &member.person.first) {
        return Err(("73", "the given name is not the member's".to_owned()));
    }
    Ok(())
}

/// Finds the dependent of a family who is meant.
pub(super) fn dependent<'f>(
    family: &'f [Member],
    asked: &CheckEligibilityRequest,
    birth: Option<Date>,
) -> Result<&'f Member, Rejected> {
    let dependents = || family.iter().filter(|member| member.relationship != SELF);
    let named =
        |member: &&Member| same(&asked.first_name, &member.person.first) && same(&asked.last_name, &member.person.last);
    let born = |member: &&Member| birth.is_none() || member.person.birth.is_none() || member.person.birth == birth;
    let mut found = dependents().filter(named).filter(born);
    match (found.next(), found.next()) {
        (Some(one), None) => Ok(one),
        (Some(_), Some(_)) if birth.is_none() => {
            Err(("58", "several dependents fit; the birth date tells them apart".to_owned()))
        }
        (Some(_), Some(_)) => Err(("65", "several dependents fit; the given name tells them apart".to_owned())),
        (None, _) if dependents().any(|member| named(&member)) => {
            Err(("71", "the birth date is not the dependent's".to_owned()))
        }
        (None, _) if birth.is_some() && dependents().any(|member| member.person.birth == birth) => {
            Err(("65", "the name is not the dependent's".to_owned()))
        }
        (None, _) => Err(("67", "the family has no such dependent".to_owned())),
    }
}

/// Whether a name that came, if one came, is the one on record.
fn same(came: &str, known: &str) -> bool {
    came.is_empty() || came.trim().eq_ignore_ascii_case(known.trim())
}

//! The auditor looks at what waits: nothing is passed silently, and whatever waits has a day to come.

use std::collections::BTreeSet;

use payersim::payer::Caller;
use payersim::proto::v1 as pb;
use payersim::store::{Read, prefix};

use super::auditor::Auditor;
use super::house::House;

/// `YYYY-MM-DD`.
const DATE: usize = 10;
const CONTROL_NUMBER_LANE: usize = 10;

impl Auditor {
    /// After a turn no deadline lies on or before the clock's day, and each claim that waits has something of its family's to wait for.
    pub fn waits(&mut self, house: &House, sandbox: &str, today: &str) {
        let space = house.payer().sandbox(&Caller::anyone(), sandbox).unwrap().read().space();
        let place = space.held();
        let (from, to) = prefix(&place);
        let read = Read::Range { from, to, reverse: false, limit: usize::MAX };
        let held = house.store().read(&[read]).unwrap().remove(0);
        let mut lanes = BTreeSet::new();
        for pair in held {
            let rest = &pair.key[place.len()..];
            let day = String::from_utf8_lossy(&rest[..DATE]).into_owned();
            self.same(sandbox, &format!("a deadline of {day} passed by {today}"), day.as_str() > today, true);
            lanes.insert(u64::from_be_bytes(rest[DATE..DATE + 8].try_into().unwrap()));
        }
        for claim in house.claims(sandbox).iter().filter(|claim| claim.state() == pb::ClaimState::Pended) {
            let lane: u64 = claim.control_number[..CONTROL_NUMBER_LANE].parse().unwrap();
            self.same(&claim.name, "something to wait for", lanes.contains(&lane), true);
        }
    }
}

//! Deciding what waits: by a reviewer, by the clock, on appeal; and taking requests back.

use super::{COLLECTION, KIND, certification_number, grant, is_certified};
use crate::adjudication::PayerRevision;
use crate::adjudication::authorization_request::{law, missed_on};
use crate::domain::dates::parse_iso;
use crate::payer::claims::split_name;
use crate::payer::entry::Entry;
use crate::payer::{Caller, Failure, Payer, Sandbox, records};
use crate::proto::v1 as pb;
use crate::proto::v1::ReviewOutcome;
use crate::reference::review_reasons::decision_reason;
use crate::store::keys::{Lane, Waits};
use crate::store::{Key, Read};
use crate::wire::Violations;
use crate::wire::authorization_requests::{self as wire, Ruled};

/// What is said of claims where something is certified after the service.
const REOPEN: &str = "Claims that were denied for want of it can be reopened now: `payersim reopen --member` (Corrections.ReopenClaims).";

impl Payer {
    /// Decides, as a reviewer, what waits of a request.
    pub fn decide_authorization_request(
        &self,
        caller: &Caller,
        request: &pb::DecideAuthorizationRequestRequest,
    ) -> Result<pb::AuthorizationRequest, Failure> {
        let (sandbox, place) = self.authorization_place(caller, &request.name)?;
        let ruled = ruled(request)?;
        let made = self.change_authorizations(
            caller,
            &sandbox,
            |_| Ok(place.0),
            |entry| {
                let (mut made, lines) = (self.known(entry, place, &request.name)?, ruled.as_slice());
                let waits: Vec<i32> = waiting(&made).collect();
                if waits.is_empty() {
                    let words = "waits for no decision: ask anew, or appeal".to_owned();
                    return Err(Failure::AuthorizationState { name: request.name.clone(), words });
                }
                let of =
                    |line: i32| lines.iter().find(|(at, _)| at.is_none_or(|at| at == line)).map(|(_, ruled)| ruled);
                if let Some((Some(other), _)) = lines.iter().find(|(at, _)| at.is_some_and(|at| !waits.contains(&at))) {
                    let words = format!("has no line {other} that waits; there is {waits:?}");
                    return Err(Failure::AuthorizationState { name: request.name.clone(), words });
                }
                let today = self.today(entry.state).to_string();
                for line in waits {
                    let Some(ruled) = of(line) else { continue };
                    decide(&mut made, line, ruled, (&request.decided_by, &request.rationale), &today);
                }
                self.keep(entry, place.1, made, "decide-authorization")
            },
        )?;
        self.reopened_after(caller, &sandbox, made)
    }

    /// Takes a request back. What claims have used stays as it is.
    pub fn cancel_authorization_request(
        &self,
        caller: &Caller,
        request: &pb::CancelAuthorizationRequestRequest,
    ) -> Result<pb::AuthorizationRequest, Failure> {
        let (sandbox, place) = self.authorization_place(caller, &request.name)?;
        self.change_authorizations(
            caller,
            &sandbox,
            |_| Ok(place.0),
            |entry| {
                let mut made = self.known(entry, place, &request.name)?;
                let state = |words: String| Failure::AuthorizationState { name: request.name.clone(), words };
                for decision in made.decisions.iter().filter(|decision| is_certified(decision)) {
                    let number = &decision.certification_number;
                    let used = entry.family.authorization_uses.iter().filter(|used| used.number == *number);
                    let units: rust_decimal::Decimal = used.map(|used| used.units).sum();
                    if !units.is_zero() {
                        let words = format!(
                            "is used: claims have taken {} units of {number}; it runs out by itself",
                            units.normalize()
                        );
                        return Err(state(words));
                    }
                }
                let today = self.today(entry.state).to_string();
                let open = |decision: &&mut pb::ServiceDecision| {
                    is_certified(decision) || decision.outcome() == ReviewOutcome::Pended
                };
                let mut cancelled = 0;
                for decision in made.decisions.iter_mut().filter(open) {
                    decision.outcome = ReviewOutcome::Cancelled.into();
                    decision.reason_code = "07".to_owned();
                    decision.reason = decision_reason("07").unwrap_or_default().to_owned();
                    decision.decided_date.clone_from(&today);
                    "requester".clone_into(&mut decision.decided_by);
                    decision.rationale.clone_from(&request.reason);
                    cancelled += 1;
                }
                if cancelled == 0 {
                    return Err(state("has nothing left to take back".to_owned()));
                }
                self.keep(entry, place.1, made, "cancel-authorization")
            },
        )
    }

    /// What comes of a request that nobody has decided in time.
    pub(in crate::payer) fn authorization_deadline(
        &self,
        caller: &Caller,
        sandbox: &Sandbox,
        key: &Key,
        place: (Lane, u64),
    ) -> Result<(), Failure> {
        let made = self.change_authorizations(
            caller,
            sandbox,
            |_| Ok(place.0),
            |entry| {
                let Some(waits) = records::one(self.store.as_ref(), Read::Point(key.clone()))?.pop() else {
                    return Ok((None, Vec::new()));
                };
                entry.expect(key.clone(), Some(waits.value));
                entry.write(key.clone(), None);
                let name = KIND.id(place.0, place.1);
                let mut made = self.known(entry, place, &name)?;
                let certify = entry.state.in_force.revision.authorization_rules.late_is_certified;
                let today = self.today(entry.state).to_string();
                let lines: Vec<i32> = waiting(&made).collect();
                if lines.is_empty() {
                    return Ok((None, Vec::new()));
                }
                let words = made.late_consequence.clone();
                for line in lines {
                    let came = made.decisions.iter().find(|decision| decision.line == line);
                    let reason = if came.is_some_and(|decision| decision.reason_code == "0U") { "0P" } else { "0V" };
                    let ruled = Ruled { certify, units: None, from: None, through: None, reason };
                    decide(&mut made, line, &ruled, ("clock", &words), &today);
                }
                let (made, granted) = self.keep(entry, place.1, made, "miss-authorization-deadline")?;
                Ok((Some(made), granted))
            },
        )?;
        match made {
            Some(made) => self.reopened_after(caller, sandbox, made).map(|_| ()),
            None => Ok(()),
        }
    }

    /// Certifies on appeal what was not certified as asked for; none of `lines`: all of it. To be made within `change_authorizations`,
    /// which is handed the authorizations that it answers.
    pub(in crate::payer) fn overturn_authorization(
        &self,
        entry: &mut Entry<'_>,
        number: u64,
        lines: &[i32],
        (decided_by, rationale): (&str, &str),
    ) -> Result<(pb::AuthorizationRequest, Vec<pb::Authorization>), Failure> {
        let place = (entry.lane, number);
        let mut made = self.known(entry, place, &KIND.id(entry.lane, number))?;
        let today = self.today(entry.state).to_string();
        let against = |decision: &&pb::ServiceDecision| {
            let adverse = matches!(decision.outcome(), ReviewOutcome::NotCertified | ReviewOutcome::Modified);
            adverse && (lines.is_empty() || lines.contains(&decision.line))
        };
        let overturned: Vec<i32> = made.decisions.iter().filter(against).map(|decision| decision.line).collect();
        for line in overturned {
            let lined = made.services.iter().zip(&mut made.decisions).find(|(_, decision)| decision.line == line);
            if let Some((service, decision)) = lined {
                let days = [(&service.from, &mut decision.from), (&service.through, &mut decision.through)];
                days.into_iter().filter(|(asked, _)| !asked.is_empty()).for_each(|(asked, day)| day.clone_from(asked));
            }
            let ruled = Ruled { certify: true, units: None, from: None, through: None, reason: "" };
            decide(&mut made, line, &ruled, (decided_by, rationale), &today);
        }
        self.keep(entry, number, made, "overturn-authorization")
    }

    /// Changes the record of a request and nothing else.
    pub(super) fn change_request(
        &self,
        caller: &Caller,
        sandbox: &Sandbox,
        name: &str,
        cause: &str,
        change: impl Fn(&mut pb::AuthorizationRequest) -> Result<(), Failure>,
    ) -> Result<pb::AuthorizationRequest, Failure> {
        let (_, place) = self.authorization_place(caller, name)?;
        self.change_authorizations(
            caller,
            sandbox,
            |_| Ok(place.0),
            |entry| {
                let mut made = self.known(entry, place, name)?;
                change(&mut made)?;
                let (made, _) = self.keep(entry, place.1, made, cause)?;
                Ok((made, Vec::new()))
            },
        )
    }

    pub(super) fn authorization_place(
        &self,
        caller: &Caller,
        name: &str,
    ) -> Result<(std::sync::Arc<Sandbox>, (Lane, u64)), Failure> {
        let unknown = || Failure::Unknown(name.to_owned());
        let (parent, id) = split_name(name, COLLECTION).ok_or_else(unknown)?;
        let place = KIND.parse(id).ok_or_else(unknown)?;
        Ok((self.sandbox(caller, parent)?, place))
    }

    fn known(&self, entry: &Entry<'_>, place: (Lane, u64), name: &str) -> Result<pb::AuthorizationRequest, Failure> {
        let known = self.authorization_at(entry.state, place.0, place.1)?;
        known.ok_or_else(|| Failure::Unknown(name.to_owned()))
    }

    /// Keeps a request as it stands now, with its event; the clock need not come back where nothing waits.
    fn keep(
        &self,
        entry: &mut Entry<'_>,
        number: u64,
        mut made: pb::AuthorizationRequest,
        cause: &str,
    ) -> Result<(pb::AuthorizationRequest, Vec<pb::Authorization>), Failure> {
        let before = self.authorization_at(entry.state, entry.lane, number)?.unwrap_or_default();
        let damaged = || Failure::Damaged(made.name.clone());
        if waiting(&made).next().is_none() && !made.decide_by.is_empty() {
            let day = missed_on(made.decide_by.parse().map_err(|_| damaged())?);
            let waits = Waits::Matter(KIND, entry.lane, number);
            entry.draft().rest(&day.to_string(), waits);
            made.decide_by.clear();
        }
        settle(&mut made, &entry.state.in_force.revision);
        let bytes = records::encode(&made);
        let mut draft = entry.draft();
        draft.put(KIND, number, &made);
        draft.log(cause, &made.name, &bytes);
        let granted = grant::of(&made, |decision| !before.decisions.contains(decision));
        Ok((made, granted))
    }
}

/// Lines that wait.
fn waiting(made: &pb::AuthorizationRequest) -> impl Iterator<Item = i32> + '_ {
    made.decisions.iter().filter(|decision| decision.outcome() == ReviewOutcome::Pended).map(|decision| decision.line)
}

/// Each ruling with its line; `None`: all that wait.
fn ruled(request: &pb::DecideAuthorizationRequestRequest) -> Result<Vec<(Option<i32>, Ruled)>, Failure> {
    let mut found = Violations::default();
    found.required("decided_by", &request.decided_by);
    let mut read = found
        .each("rulings", &request.rulings, |message, found| Some((Some(message.line), wire::ruling(message, found)?)));
    match &request.ruling {
        Some(message) => {
            let all = found.within("ruling", |found| wire::ruling(message, found));
            read.extend(all.map(|ruled| (None, ruled)));
        }
        None if request.rulings.is_empty() => found.add("ruling", "is missing: how what waits is decided"),
        None => {}
    }
    if read.iter().any(|(_, ruled)| !ruled.certify) {
        found.required("rationale", &request.rationale);
    }
    found.into_result(Some(read)).map_err(|violations| Failure::Violations { violations })
}

/// Decides a line.
fn decide(made: &mut pb::AuthorizationRequest, line: i32, ruled: &Ruled, (by, why): (&str, &str), today: &str) {
    let id = made.name.rsplit('/').next().unwrap_or_default().to_owned();
    let lines = made.services.len();
    let lined = made.services.iter().zip(&mut made.decisions).find(|(_, decision)| decision.line == line);
    let Some((service, decision)) = lined else { return };
    let at = usize::try_from(line).unwrap_or(1).saturating_sub(1);
    decision.certification_number = certification_number(&id, lines, at);
    today.clone_into(&mut decision.decided_date);
    by.clone_into(&mut decision.decided_by);
    why.clone_into(&mut decision.rationale);
    let mut outcome = ReviewOutcome::NotCertified;
    let mut reason = ruled.reason;
    decision.certified_units.clear();
    if ruled.certify {
        decision.certified_units = ruled.units.map_or_else(|| service.units.clone(), |units| wire::text(Some(units)));
        let mut other = decision.certified_units != service.units;
        for (day, told) in [(&mut decision.from, ruled.from), (&mut decision.through, ruled.through)] {
            if let Some(told) = told {
                other |= parse_iso(day) != Some(told);
                *day = told.to_string();
            }
        }
        outcome = if other { ReviewOutcome::Modified } else { ReviewOutcome::Certified };
        reason = if other { "10" } else { "" };
    }
    decision.outcome = outcome.into();
    reason.clone_into(&mut decision.reason_code);
    decision.reason = decision_reason(reason).unwrap_or_default().to_owned();
}

/// What follows from the lines: how the whole stands, what may be appealed, what it means for claims.
pub(super) fn settle(made: &mut pb::AuthorizationRequest, payer: &PayerRevision) {
    made.outcome = wire::together(&made.decisions).into();
    let adverse = |decision: &&pb::ServiceDecision| {
        matches!(decision.outcome(), ReviewOutcome::NotCertified | ReviewOutcome::Modified)
    };
    let against: Vec<&pb::ServiceDecision> = made.decisions.iter().filter(adverse).collect();
    let notice = against.iter().map(|decision| decision.decided_date.clone()).max();
    let lines = against.iter().map(|decision| decision.line).collect();
    let urgent = matches!(made.level_of_service(), pb::LevelOfService::Urgent | pb::LevelOfService::Emergency);
    let words = payer.plan(&made.plan_id).map_or("", |plan| law(plan).appeal()).to_owned();
    made.appeal_rights = notice.map(|notice_date| pb::AppealRights {
        notice_date,
        member_id: made.member_id.clone(),
        plan_id: made.plan_id.clone(),
        lines,
        expedited: urgent,
        words,
    });
    let granted_afterwards = made.retrospective && made.decisions.iter().any(is_certified);
    made.claims_words = if granted_afterwards { REOPEN.to_owned() } else { String::new() };
}

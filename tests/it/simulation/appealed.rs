//! Appeals in the auditor's own books: in time or not, by whom, decided by when, and what the claim pays after one is won.

use std::collections::BTreeSet;

use jiff::civil::Date;
use payersim::payer::{Caller, Failure};
use payersim::proto::v1 as pb;
use pb::AppealState as At;
use pb::file_appeal_request::Subject;

use super::auditor::Auditor;
use super::books::Books;
use super::house::House;
use super::payer::days_after;
use super::ruled::{Ruled, What};
use super::taken_back::decision_key;

/// What an appeal can set aside, so that the auditor knows what a claim comes to without it: the step, and the reasons it gives.
const LIFTED: [(&str, &[&str]); 11] = [
    ("authorization", &["197", "15", "198"]),
    ("duplicate", &["18"]),
    ("excluded-service", &["204", "96"]),
    ("ineligible-provider", &["B7", "208"]),
    ("instruction", &["50", "97"]),
    ("invalid-procedure", &["181"]),
    ("referral", &["243"]),
    ("ruling", &["50", "204", "197"]),
    ("same-day-visit", &["B14"]),
    ("timely-filing", &["29"]),
    ("waiting-period", &["179"]),
];

fn step(id: &str) -> Option<&'static str> {
    LIFTED.into_iter().find(|(step, _)| *step == id).map(|(step, _)| step)
}

impl Books {
    /// The first day through another on which a dispute that nobody has decided is won.
    pub fn dispute_is_won(&self, through: Date) -> Option<Date> {
        let wins = self.payer.contest.when_late == pb::LateDispute::Overturned;
        let waiting = self.appeals.values().filter(|appeal| wins && is_open_dispute(appeal));
        let day = |appeal: &pb::Appeal| days_after(appeal.decide_by.parse().unwrap(), 1).max(days_after(self.today, 1));
        waiting.map(day).filter(|day| *day <= through).min()
    }

    /// Whether a remittance has told what is decided of a claim.
    fn is_told(&self, claim: &pb::Claim) -> bool {
        let decided = matches!(claim.state(), pb::ClaimState::Allowed | pb::ClaimState::Denied);
        decided && self.remitted.contains_key(&decision_key(&claim.name, claim.determination.as_ref()))
    }

    fn claim(&self, name: &str) -> pb::Claim {
        self.claims.iter().find(|claim| claim.name == name).cloned().unwrap()
    }
}

fn is_open_dispute(appeal: &pb::Appeal) -> bool {
    appeal.state() == At::Open && appeal.regime == "provider-dispute" && !appeal.late
}

impl Auditor {
    /// Somebody has filed; this was the answer.
    pub fn appeal_filed(
        &mut self,
        sandbox: &str,
        request: &pb::FileAppealRequest,
        answer: Result<pb::Appeal, Failure>,
    ) {
        let Some(Subject::Claim(name)) = &request.subject else { return };
        let appeal = match answer {
            Ok(appeal) => appeal,
            // It fell under no plan, or all levels were asked.
            Err(failure) => return self.complain(name, format!("its appeal was not answered: {failure}")),
        };
        let books = &self.books[sandbox];
        let (claim, today) = (books.claim(name), books.today);
        let told = books.is_told(&claim);
        let by = request.filer.as_ref().map(pb::AppealFiler::role).unwrap_or_default();
        let same = books.appeals.values().any(|other| {
            let level = |appeal: &pb::Appeal| appeal.level.as_ref().map(|level| level.id.clone());
            let lines: BTreeSet<_> = other.lines.iter().collect();
            let shares = other.lines.is_empty() || appeal.lines.is_empty();
            other.claim == *name
                && level(other) == level(&appeal)
                && matches!(other.state(), At::Open | At::Incomplete | At::Decided)
                && (shares || appeal.lines.iter().any(|line| lines.contains(line)))
        });
        let late = !appeal.file_by.is_empty() && appeal.file_by < today.to_string();
        let heard = matches!(appeal.state(), At::Open | At::Incomplete | At::Decided);
        let why_not: Vec<&str> = [
            (!told, "nothing was told"),
            (same, "asked before"),
            (late, "late"),
            (by == pb::AppealRole::Other, "by the wrong person"),
        ]
        .into_iter()
        .filter_map(|(is, why)| is.then_some(why))
        .collect();
        if heard && !why_not.is_empty() && appeal.state() != At::Incomplete {
            self.complain(&appeal.name, format!("is heard: {why_not:?}"));
        }
        why_not.iter().for_each(|why| self.meet(format!("appeal {why}")));
        self.meet(format!("{} {}", appeal.regime, appeal.state().as_str_name()));
        self.days_of(sandbox, &appeal, &claim);
        self.take_further(sandbox, &appeal);
    }

    /// An appeal as it stands now; the one below it says so.
    fn take_further(&mut self, sandbox: &str, appeal: &pb::Appeal) {
        let books = self.book(sandbox);
        if let Some(below) = books.appeals.get_mut(&appeal.previous_appeal) {
            below.next_appeal.clone_from(&appeal.name);
        }
        books.appeals.insert(appeal.name.clone(), appeal.clone());
    }

    /// The days to file and to decide of first levels.
    fn days_of(&mut self, sandbox: &str, appeal: &pb::Appeal, claim: &pb::Claim) {
        let books = &self.books[sandbox];
        let contest = &books.payer.contest;
        let plan = claim.determination.as_ref().map_or("", |decided| decided.plan.as_str());
        let two = books.payer.plans.iter().any(|of| of.id == plan && of.law.1 > 1);
        let level = appeal.level.clone().unwrap_or_default();
        let (file, decide) = match level.id.as_str() {
            "provider-dispute" => (contest.days_to_file, contest.days_to_decide),
            "internal-appeal" => (180, if two { 30 } else { 60 }),
            "individual-internal-appeal" => (180, 60),
            _ => return,
        };
        let filed: Date = appeal.filed_date.parse().unwrap();
        if appeal.state() == At::Open {
            self.same(
                &appeal.name,
                "the day to decide",
                appeal.decide_by.clone(),
                days_after(filed, decide).to_string(),
            );
        }
        let told = self.books[sandbox].remittances.get(&claim.remittance).map(|paid| paid.paid_date.clone());
        if let Some(told) = told.filter(|_| !appeal.file_by.is_empty()) {
            let last = days_after(told.parse().unwrap(), file).to_string();
            self.same(&appeal.name, "the last day to file", &appeal.file_by, &last);
        }
    }

    /// Somebody was to decide an appeal; this was the answer.
    pub fn appeal_decided(
        &mut self,
        house: &House,
        sandbox: &str,
        request: &pb::DecideAppealRequest,
        answer: Result<pb::Appeal, Failure>,
    ) {
        let name = &request.name;
        let own = self.books[sandbox].appeals[name].clone();
        let claim = self.books[sandbox].claim(&own.claim);
        let untold = matches!(claim.state(), pb::ClaimState::Allowed | pb::ClaimState::Denied)
            && !self.books[sandbox].is_told(&claim);
        match answer {
            Ok(appeal) if own.state() == At::Open => {
                let told = appeal.decision.clone().unwrap_or_default();
                self.same(name, "what was decided", told.outcome(), request.outcome());
                let today = self.books[sandbox].today;
                self.won(house, sandbox, &appeal, today);
                self.meet(format!("appeal {}", request.outcome().as_str_name()));
                self.went_on(house, sandbox, &appeal);
            }
            Ok(_) => self.complain(name, "was decided and could not be"),
            Err(Failure::AppealState { .. }) if own.state() != At::Open => self.meet("appeal not to be decided"),
            Err(Failure::ClaimState { .. }) if untold => self.meet("appeal of what is not told"),
            Err(other) => self.complain(name, format!("was not decided: {other}")),
        }
    }

    /// An appeal was to be taken back; this was the answer.
    pub fn appeal_withdrawn(
        &mut self,
        sandbox: &str,
        request: &pb::WithdrawAppealRequest,
        answer: Result<pb::Appeal, Failure>,
    ) {
        match answer {
            Ok(appeal) => {
                self.same(&request.name, "the state", appeal.state(), At::Withdrawn);
                self.take_further(sandbox, &appeal);
                self.meet("appeal withdrawn");
            }
            Err(failure) => self.complain(&request.name, format!("was not taken back: {failure}")),
        }
    }

    /// What an appeal became, and the one that it went on as by itself.
    fn went_on(&mut self, house: &House, sandbox: &str, appeal: &pb::Appeal) {
        self.take_further(sandbox, appeal);
        if !appeal.next_appeal.is_empty() && !self.books[sandbox].appeals.contains_key(&appeal.next_appeal) {
            let next = house.payer().appeal(&Caller::anyone(), &appeal.next_appeal).unwrap();
            self.meet(format!("went on to {}", next.level.clone().unwrap_or_default().id));
            self.take_further(sandbox, &next);
        }
    }

    /// The clock went through a day: what was open is decided, late or forwarded where its day has passed; nothing is silent.
    pub fn appeals_passed(&mut self, house: &House, sandbox: &str, through: &str) {
        let caller = Caller::anyone();
        let known = self.books[sandbox].appeals.clone();
        for (name, before) in known.iter().filter(|(_, appeal)| matches!(appeal.state(), At::Open | At::Incomplete)) {
            let now = house.payer().appeal(&caller, name).unwrap();
            let beyond = now.level.as_ref().is_some_and(|level| !level.by_payer);
            let day = days_after(through.parse().unwrap(), 0);
            match now.state() {
                At::Open if before.state() == At::Open => {
                    let passed = !now.decide_by.is_empty() && now.decide_by.as_str() < through;
                    // What no remittance has told yet cannot be decided anew.
                    let waits =
                        is_open_dispute(&now) && !self.books[sandbox].is_told(&self.books[sandbox].claim(&now.claim));
                    if passed && !now.late && !waits {
                        self.complain(
                            name,
                            format!("was to be decided by {} and is silent on {through}", now.decide_by),
                        );
                    }
                    if passed && beyond {
                        self.complain(name, "is stuck beyond the payer");
                    }
                    if now.late && !before.late {
                        self.same(
                            name,
                            "what says that it is late",
                            now.history.iter().any(|step| step.act == "late"),
                            true,
                        );
                        self.meet("appeal decision late");
                    }
                }
                At::Decided => {
                    let by = now.decision.as_ref().map(pb::AppealDecision::how).unwrap_or_default();
                    self.same(name, "how it was decided", by, pb::AppealDecidedHow::Clock);
                    self.meet(format!("clock {}", now.decision.clone().unwrap_or_default().outcome().as_str_name()));
                    self.won(house, sandbox, &now, day);
                }
                At::Forwarded => self.meet("appeal forwarded"),
                At::Dismissed if before.state() == At::Incomplete => self.meet("appeal not completed"),
                At::Incomplete => {
                    let until = now.answer.as_ref().map_or("", |answer| answer.until.as_str());
                    self.same(name, "an incomplete appeal's day", until.is_empty() || until >= through, true);
                }
                other => self.complain(name, format!("became {other:?} by itself")),
            }
            self.went_on(house, sandbox, &now);
        }
        // What went on by itself may have come to its own end meanwhile.
        if self.books[sandbox].appeals.len() > known.len() {
            self.appeals_passed(house, sandbox, through);
        }
    }

    /// What an appeal overturns: the findings that said no are set aside, and the claim is decided again.
    fn won(&mut self, house: &House, sandbox: &str, appeal: &pb::Appeal, day: Date) {
        let decision = appeal.decision.clone().unwrap_or_default();
        let name = &appeal.claim;
        let claim = self.books[sandbox].claim(name);
        let stands = matches!(claim.state(), pb::ClaimState::Allowed | pb::ClaimState::Denied | pb::ClaimState::Pended);
        let mut ruled = Vec::new();
        for line in decision.lines.iter().filter(|line| line.overturned) {
            for told in &line.set_aside {
                let Some(step) = step(told) else {
                    self.lost = true;
                    return;
                };
                let reasons = LIFTED.into_iter().find(|(id, _)| *id == step).unwrap().1;
                let given =
                    line.reasons_before.iter().any(|of| of.split_once('-').is_some_and(|(_, r)| reasons.contains(&r)));
                let lowers = matches!(step, "instruction" | "ruling");
                self.same(
                    &appeal.name,
                    &format!("whether {step} said no on line {}", line.line),
                    given || lowers,
                    true,
                );
                let lines = usize::try_from(line.line).unwrap().checked_sub(1).into_iter().collect();
                ruled.push(Ruled { lines, what: What::Waive(step) });
            }
        }
        if ruled.is_empty() || !stands {
            return;
        }
        self.meet("appeal won");
        self.book(sandbox).rulings.entry(name.clone()).or_default().splice(0..0, ruled);
        if claim.state() == pb::ClaimState::Pended {
            return self.decided_at_last(house, sandbox, name, day);
        }
        let now = house.payer().claim(&Caller::anyone(), name).unwrap();
        let request = pb::ReverseClaimRequest { name: name.clone(), redecide: true, ..Default::default() };
        self.undone(sandbox, &request, &claim, &now, Some(day));
    }
}

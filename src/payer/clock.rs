//! The clock: turned forward, it runs what falls due on the way, in order of date. A turn that was interrupted is gone on
//! with by turning again: what was paid is paid, and the clock stands where it got to.

use std::sync::PoisonError;
use std::thread;

use super::payment_run::Run;
use super::{Caller, Failure, Payer, Sandbox};
use crate::domain::dates::{Date, days_between, parse_iso, plus_days};
use crate::proto::v1 as pb;
use crate::store::Commit;
use pb::advance_clock_request::Target;

impl Payer {
    /// Turns a frozen clock forward, telling its progress.
    pub fn advance_clock(
        &self,
        caller: &Caller,
        request: &pb::AdvanceClockRequest,
        progress: impl FnMut(pb::AdvanceClockResponse),
    ) -> Result<(), Failure> {
        let sandbox = self.sandbox(caller, &request.name)?;
        let goal = self.goal(&sandbox, request.target.as_ref())?;
        self.run_until(caller, &sandbox, goal, progress)
    }

    /// Runs what falls due until a day, each thing as of the day on which it falls due.
    fn run_until(
        &self,
        caller: &Caller,
        sandbox: &Sandbox,
        goal: Date,
        mut progress: impl FnMut(pb::AdvanceClockResponse),
    ) -> Result<(), Failure> {
        let (mut remittances, mut paid_cents, mut decided, mut deadlines) = (0, 0, 0, 0);
        loop {
            let stop = {
                let state = sandbox.read();
                let due = self.next_due_date(&state)?.as_deref().and_then(parse_iso);
                let held = self.next_held_date(&state)?;
                due.into_iter().chain(held).min().map(|due| due.max(state.now.date())).filter(|due| *due <= goal)
            };
            self.turn(caller, sandbox, stop.unwrap_or(goal))?;
            if stop.is_some() {
                let met = self.meet_held(caller, sandbox)?;
                (decided, deadlines) = (decided + met.decided, deadlines + met.deadlines);
                for remittance in self.run_payments_in(caller, sandbox, &Run::default())? {
                    remittances += 1;
                    paid_cents += remittance.paid_cents;
                }
            }
            let clock = Some(self.clock(&sandbox.read()));
            let done = stop.is_none();
            progress(pb::AdvanceClockResponse { clock, remittances, paid_cents, done, decided, deadlines });
            if stop.is_none() {
                return Ok(());
            }
        }
    }

    fn goal(&self, sandbox: &Sandbox, target: Option<&Target>) -> Result<Date, Failure> {
        let state = sandbox.read();
        let refuse = |words: &str| Err(Failure::Clock { words: words.to_owned(), now: self.now(&state).to_string() });
        if state.follows() {
            return refuse("this clock follows the wall clock and cannot be turned: make a sandbox with a frozen one");
        }
        let today = state.now.date();
        let goal = match target {
            None => return Err(Failure::field("target", "is missing: to_date or days")),
            Some(Target::Days(days)) if *days < 0 => {
                return refuse("a clock does not go back: reset the sandbox instead");
            }
            Some(Target::Days(days)) => match plus_days(today, *days) {
                goal if days_between(today, goal) == *days => goal,
                end => return Err(Failure::field("days", format!("{days} days from {today} lie past {end}"))),
            },
            Some(Target::ToDate(text)) => match parse_iso(text) {
                Some(date) => date,
                None => return Err(Failure::field("to_date", format!("{text:?} is no date: write YYYY-MM-DD"))),
            },
        };
        if goal < today { refuse("a clock does not go back: reset the sandbox instead") } else { Ok(goal) }
    }

    /// Puts a clock at the start of a day; stays where it is already that day.
    fn turn(&self, caller: &Caller, sandbox: &Sandbox, day: Date) -> Result<(), Failure> {
        let mut state = sandbox.write();
        if state.now.date() == day {
            return Ok(());
        }
        let mut record = state.record.clone();
        if let Some(clock) = record.sandbox.as_mut().and_then(|sandbox| sandbox.clock.as_mut()) {
            clock.now = day.at(0, 0, 0, 0).to_string();
            clock.epoch += 1;
        }
        let in_force = std::sync::Arc::clone(&state.in_force);
        self.replace((caller, "turn-clock"), sandbox, &mut state, (record, in_force), Commit::default())
    }

    /// Runs what is due in sandboxes whose clock follows the wall clock; called now and then by the server.
    pub fn catch_up(&self) -> Result<(), Failure> {
        let caller = Caller::anyone();
        let mut after = String::new();
        loop {
            let page = self.list_sandboxes(&after, 100)?;
            let Some(last) = page.last() else { return Ok(()) };
            after = last.name.trim_start_matches("sandboxes/").to_owned();
            for sandbox in page {
                let sandbox = self.sandbox_as_it_stands(&caller, &sandbox.name)?;
                if sandbox.follows {
                    self.catch_up_with(&sandbox, self.wall.now().date())?;
                }
            }
        }
    }

    /// Where a day has passed outside, runs what fell due since: day by day, as a turn of the clock does.
    pub(super) fn follow(&self, sandbox: &Sandbox) -> Result<(), Failure> {
        let today = self.wall.now().date();
        let behind = || sandbox.read().now.date() < today;
        let catcher = *sandbox.catcher.lock().unwrap_or_else(PoisonError::into_inner);
        if catcher == Some(thread::current().id()) || !behind() { Ok(()) } else { self.catch_up_with(sandbox, today) }
    }

    fn catch_up_with(&self, sandbox: &Sandbox, today: Date) -> Result<(), Failure> {
        let _alone = sandbox.catching_up.lock().unwrap_or_else(PoisonError::into_inner);
        let catcher = |thread| *sandbox.catcher.lock().unwrap_or_else(PoisonError::into_inner) = thread;
        // A wall clock that was set back does not turn ours back.
        let goal = today.max(sandbox.read().now.date());
        catcher(Some(thread::current().id()));
        let done = self.run_until(&Caller::anyone(), sandbox, goal, |_| ());
        catcher(None);
        done
    }
}

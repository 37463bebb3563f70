//! Remedies of a claim: changes that its reasons suggest, each verified by deciding the changed claim on the records of now.

mod changes;
mod lines;
mod rejected;
mod told;

use std::sync::Arc;

use changes::{Draft, Ground};
use told::{Outcome, finding, remedy};

use super::amended::Amended;
use super::claims::split_name;
use super::processing::{Job, Span};
use super::rehearsal::Rehearsal;
use super::{Caller, Failure, Payer, Sandbox, State};
use crate::adjudication::remedies::{self as core, Change, MOST_DECISIONS, Path, Search};
use crate::adjudication::{self, Case, ClaimFile};
use crate::domain::claim::Person;
use crate::domain::dates::Date;
use crate::domain::determination::Determination;
use crate::proto::v1 as pb;
use crate::proto::v1::claim::Billed;
use crate::wire;

/// A claim whose remedies are looked for.
struct Subject {
    /// As it was decided, or as it would be.
    claim: pb::Claim,
    sandbox: Arc<Sandbox>,
    paper: bool,
}

impl Payer {
    /// What would have paid a claim that the payer holds, or that is not sent yet.
    pub fn find_remedies(
        &self,
        caller: &Caller,
        request: pb::FindRemediesRequest,
    ) -> Result<pb::FindRemediesResponse, Failure> {
        let Some(request) = request.request else { return self.remedies_of(caller, &request.name) };
        let paper = request.paper;
        let submission = pb::SubmitClaimRequest { request_id: String::new(), ..request };
        let (_, job) = self.job(caller, submission, Span::default()).map_err(|failure| match failure {
            Failure::Violations { violations } => Failure::within("request", violations),
            other => other,
        })?;
        let state = job.sandbox.read();
        let mut rehearsal = Rehearsal::open(self, &state);
        let rehearsed = rehearsal.decide(&job, self.today(&state))?;
        let claim = pb::Claim { control_number: String::new(), ..rehearsed.claim };
        let subject = Subject { claim, sandbox: Arc::clone(&job.sandbox), paper };
        self.search(caller, &state, rehearsal, &subject, rehearsed.file)
    }

    fn remedies_of(&self, caller: &Caller, name: &str) -> Result<pb::FindRemediesResponse, Failure> {
        let claim = self.claim(caller, name)?;
        let unknown = || Failure::Unknown(name.to_owned());
        let (parent, _) = split_name(name, "claims").ok_or_else(unknown)?;
        let sandbox = self.sandbox(caller, parent)?;
        let file = self.file_of(caller, name)?;
        let state = sandbox.read();
        let paper = claim.paper;
        let subject = Subject { claim, sandbox: Arc::clone(&sandbox), paper };
        self.search(caller, &state, Rehearsal::open(self, &state), &subject, file)
    }

    fn search(
        &self,
        caller: &Caller,
        state: &State,
        rehearsal: Rehearsal<'_>,
        subject: &Subject,
        file: Option<ClaimFile>,
    ) -> Result<pb::FindRemediesResponse, Failure> {
        let Some(billed) = subject.claim.billed.clone() else { return Err(Failure::Conflict) };
        let today = self.today(state);
        let path = Path::NewClaim;
        let mut bench = Bench { payer: self, caller, state, rehearsal, subject, path, today, decisions: 0 };
        let mut answer = match (&subject.claim.state(), file) {
            (pb::ClaimState::Rejected, _) => bench.rejected(billed)?,
            (pb::ClaimState::Denied | pb::ClaimState::Allowed, Some(file)) => bench.denied(&billed, file)?,
            _ => pb::FindRemediesResponse::default(),
        };
        answer.decisions = i32::try_from(bench.decisions).unwrap_or(i32::MAX);
        answer.family_revision = bench.revision(&subject.claim)?;
        answer.claim = Some(subject.claim.clone());
        Ok(answer)
    }
}

/// A claim as changed, its answer, and what was looked at.
type Decided = (Draft, pb::Claim, Option<ClaimFile>);

/// Where changed claims are decided.
struct Bench<'a> {
    payer: &'a Payer,
    caller: &'a Caller,
    state: &'a State,
    rehearsal: Rehearsal<'a>,
    subject: &'a Subject,
    /// Which way a changed claim goes.
    path: Path,
    today: Date,
    decisions: usize,
}

impl Bench<'_> {
    /// The ways out of the denials of a claim's lines.
    fn denied(&mut self, billed: &Billed, mut file: ClaimFile) -> Result<pb::FindRemediesResponse, Failure> {
        let determination = adjudication::adjudicate(&file);
        let path = self.path(&determination);
        self.path = path;
        let base = again(billed, path, &self.subject.claim.control_number);
        if file.family.is_empty() {
            file.family = self.people_like(file.claim.patient());
        }
        let (payer, state) = (self.payer, self.state);
        let control_number = self.subject.claim.control_number.clone();
        let ground = Ground { payer, state, file: &file, control_number: &control_number };
        let denied: Vec<usize> =
            (0..determination.lines.len()).filter(|line| core::is_denied(&determination, *line)).collect();
        let mut outcomes: Vec<Outcome> = Vec::new();
        let mut left = MOST_DECISIONS;
        for line in &denied {
            if outcomes.iter().any(|outcome| outcome.mends(*line)) {
                continue;
            }
            let mut failure = None;
            let mut decide = |changes: &[Change]| match self.decide(&ground, &base, changes) {
                Ok(decided) => decided.and_then(|(_, _, file)| {
                    let determination = adjudication::adjudicate(file.as_ref()?);
                    Some((file?, determination))
                }),
                Err(found) => {
                    failure = Some(found);
                    None
                }
            };
            let mut search = Search { left, decide: &mut decide };
            let found = search.line(&file, &determination, *line);
            left = search.left;
            if let Some(failure) = failure {
                return Err(failure);
            }
            for found in found {
                outcomes.extend(self.outcome(&ground, &base, found.changes, &found.only_if, &denied)?);
            }
        }
        if let Some(together) = self.together(&ground, &base, &outcomes, &denied)? {
            outcomes.push(together);
        }
        let one_account = determination.account.is_some();
        told::rank(&mut outcomes);
        let case = Case::open(&file);
        let shown = if one_account { denied.get(..1).unwrap_or(&[]) } else { &denied };
        let findings = shown.iter().map(|line| {
            let outlook = core::outlook(&case, &determination, *line);
            let mended = outcomes.iter().any(|outcome| outcome.mends(*line));
            let advice = if outlook.advice.is_empty() && !mended { outlook.otherwise } else { outlook.advice };
            finding(&determination, *line, one_account, &outcomes, advice, path)
        });
        let all = if one_account { 0..1 } else { 0..determination.lines.len() };
        let less = all.filter_map(|line| told::less(&determination, line, one_account));
        Ok(pb::FindRemediesResponse {
            findings: findings.chain(less).collect(),
            remedies: (1..)
                .zip(&outcomes)
                .map(|(number, outcome)| remedy(number, outcome, path, self.paid()))
                .collect(),
            ..Default::default()
        })
    }

    /// The best ways out of each line, taken together.
    fn together(
        &mut self,
        ground: &Ground<'_>,
        base: &Billed,
        outcomes: &[Outcome],
        denied: &[usize],
    ) -> Result<Option<Outcome>, Failure> {
        let (mut changes, mut only_if, mut mended): (Vec<Change>, Vec<&'static str>, usize) = (vec![], vec![], 0);
        for line in denied {
            let Some(best) = outcomes.iter().find(|outcome| outcome.mends(*line)) else { continue };
            mended += 1;
            for change in &best.changes {
                if !changes.contains(change) {
                    changes.push(change.clone());
                }
            }
            for words in &best.only_if {
                if !only_if.contains(words) {
                    only_if.push(words);
                }
            }
        }
        if mended < 2 || outcomes.iter().any(|outcome| outcome.changes == changes) {
            return Ok(None);
        }
        let together = self.outcome(ground, base, changes, &only_if, denied)?;
        Ok(together.filter(|together| outcomes.iter().all(|one| one.lines.len() < together.lines.len())))
    }

    /// Decides the claim as changed; `None` where a change has no place on it, or the claim would be turned away.
    fn decide(&mut self, ground: &Ground<'_>, base: &Billed, changes: &[Change]) -> Result<Option<Decided>, Failure> {
        let mut draft = Draft::of(base.clone());
        for change in changes {
            if ground.carry_out(change, &mut draft)?.is_none() {
                return Ok(None);
            }
        }
        let Some(amended) = draft.amended() else { return Ok(None) };
        let decided = self.rehearse(&draft, amended)?;
        Ok(decided.map(|(claim, file)| (draft, claim, file)))
    }

    /// Decides a draft on the records of now and those that go with it.
    fn rehearse(&mut self, draft: &Draft, amended: Amended) -> Result<Option<(pb::Claim, Option<ClaimFile>)>, Failure> {
        if self.path == Path::Reopening {
            return self.rehearse_reopening(draft, &amended);
        }
        let Ok(job) = Job::unsent(self.state, &self.subject.sandbox, draft.billed.clone(), self.subject.paper) else {
            return Ok(None);
        };
        self.rehearsal.amend(amended);
        self.decisions += 1;
        let rehearsed = self.rehearsal.decide(&job, self.today)?;
        self.rehearsal.amend(Amended::default());
        Ok(Some((rehearsed.claim, rehearsed.file)))
    }

    /// Opens the decision again with a draft, and keeps nothing. What has to change in the payer's records is no clerical error of the biller's.
    fn rehearse_reopening(
        &mut self,
        draft: &Draft,
        amended: &Amended,
    ) -> Result<Option<(pb::Claim, Option<ClaimFile>)>, Failure> {
        let Some(request) = told::reopening(&self.subject.claim.name, draft).filter(|_| amended.is_empty()) else {
            return Ok(None);
        };
        self.decisions += 1;
        let rehearsed = self.payer.rehearse_reopening(self.caller, &self.subject.sandbox, self.state, &request)?;
        Ok(rehearsed.map(|(claim, file)| (claim, Some(file))))
    }

    fn outcome(
        &mut self,
        ground: &Ground<'_>,
        base: &Billed,
        changes: Vec<Change>,
        only_if: &[&'static str],
        denied: &[usize],
    ) -> Result<Option<Outcome>, Failure> {
        let Some((draft, claim, Some(file))) = self.decide(ground, base, &changes)? else { return Ok(None) };
        let again = adjudication::adjudicate(&file);
        if again.pend.is_some() {
            return Ok(None);
        }
        let stands = |line: &&usize| **line < again.lines.len() && !core::is_denied(&again, **line);
        let lines: Vec<usize> = denied.iter().filter(stands).copied().collect();
        let request = self.request(&draft);
        Ok((!lines.is_empty()).then(|| Outcome { changes, only_if: only_if.to_vec(), lines, draft, claim, request }))
    }

    fn request(&self, draft: &Draft) -> pb::SubmitClaimRequest {
        pb::SubmitClaimRequest {
            parent: self.subject.sandbox.name(),
            claim: Some(match draft.billed.clone() {
                Billed::Professional(claim) => pb::submit_claim_request::Claim::Professional(claim),
                Billed::Institutional(claim) => pb::submit_claim_request::Claim::Institutional(claim),
            }),
            paper: self.subject.paper,
            ..Default::default()
        }
    }

    /// Which way a changed claim goes.
    fn path(&self, determination: &Determination) -> Path {
        let claim = &self.subject.claim;
        let unprocessable =
            determination.is_denied() && determination.rarcs.iter().any(|code| code.as_str() == "MA130");
        // A claim for somebody unknown belongs to no family in which another could replace it.
        let unknown = determination.claim_status == "4";
        if claim.control_number.is_empty() || claim.estimate || unprocessable || unknown {
            return Path::NewClaim;
        }
        let plan = determination.plan_id.as_ref().and_then(|plan| self.state.in_force.revision.plan(plan));
        let professional = matches!(claim.billed, Some(Billed::Professional(_)));
        if professional && plan.is_some_and(|plan| plan.medicare) {
            return Path::Reopening;
        }
        Path::CorrectedClaim
    }

    /// What the claim pays as it stands.
    fn paid(&self) -> i64 {
        let claim = &self.subject.claim;
        if claim.control_number.is_empty() || claim.estimate {
            return 0;
        }
        claim.determination.as_ref().map_or(0, |determination| determination.paid_cents)
    }

    /// Members of that name and birth date, whatever their number.
    fn people_like(&self, named: &Person) -> Vec<crate::domain::member::Member> {
        let same = |a: &str, b: &str| a.eq_ignore_ascii_case(b);
        let birth = named.birth.map(|birth| birth.to_string());
        let like = |member: &&pb::Member| {
            let name = member.person_name.clone().unwrap_or_default();
            birth.as_deref() == Some(member.birth_date.as_str())
                && same(&name.last, &named.last)
                && same(&name.first, &named.first)
        };
        let seeded = self.state.in_force.folder.members.iter().filter(like);
        let now =
            seeded.filter_map(|seed| self.payer.record_in::<pb::Member>(self.state, &seed.member_id).ok().flatten());
        now.filter_map(|member| wire::directory::member(&member).ok()).collect()
    }

    fn revision(&mut self, claim: &pb::Claim) -> Result<i64, Failure> {
        let Some(billed) = &claim.billed else { return Ok(0) };
        let Ok(job) = Job::unsent(self.state, &self.subject.sandbox, billed.clone(), self.subject.paper) else {
            return Ok(0);
        };
        let version = self.state.directory_version;
        let subscriber =
            self.payer.subscriber_of(self.state, &self.state.in_force, &job.claim.subscriber.member_id, version)?;
        let lane = super::family::lane(self.state.seed(), &subscriber);
        Ok(i64::try_from(self.rehearsal.revision(lane)?).unwrap_or(i64::MAX))
    }
}

/// The claim as it is sent again: as a new one, or in the place of the one that was decided.
fn again(billed: &Billed, path: Path, control_number: &str) -> Billed {
    let mut billed = billed.clone();
    let (frequency, original) = match path {
        Path::CorrectedClaim => ("7", control_number),
        _ => ("1", ""),
    };
    match &mut billed {
        Billed::Professional(claim) => {
            frequency.clone_into(&mut claim.frequency_code);
            original.clone_into(&mut claim.original_control_number);
        }
        Billed::Institutional(claim) => {
            original.clone_into(&mut claim.original_control_number);
            if path == Path::CorrectedClaim {
                claim.type_of_bill.pop();
                claim.type_of_bill.push('7');
            }
        }
    }
    billed
}

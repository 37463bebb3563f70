//! The kitchen: tries claims until each wanted reason is drawn.

use std::fmt;
use std::sync::Arc;

use super::scene::{Pantry, Practice, Scene, before, is_person};
use super::trials::{self, Trial};
use super::{aims, excuses, facility, histories, other_payers, practices, x12};
use crate::domain::codes::{Carc, Group, Rarc};
use crate::domain::dates::{Date, age_on, parse_iso};
use crate::payer::family::Family;
use crate::payer::processing::Job;
use crate::payer::rehearsal::{Rehearsal, Rehearsed};
use crate::payer::{Failure, Payer, Sandbox, State};
use crate::proto::v1 as pb;
use crate::proto::v1::claim::Billed;
use crate::store::keys::Lane;
use crate::x12::claim_837::ClaimReader;
use crate::x12::examination::{Examination, Examined};

/// Most procedures tried to find an everyday claim of a member.
const FIRST_TRIES: usize = 24;
/// Claims after which what is not drawn is given up.
const MOST_TRIED: usize = 8_000;
/// Days between the recipes of one family, so that they are no follow-up of each other.
const APART: i32 = 4;

/// A reason that is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    pub group: Group,
    pub carc: Carc,
    /// A remark that must stand with it.
    pub remark: Option<Rarc>,
}

impl fmt::Display for Wanted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.group, self.carc)?;
        self.remark.map_or(Ok(()), |remark| write!(f, ":{remark}"))
    }
}

impl Wanted {
    fn is(&self, drawn: &Drawn) -> bool {
        self.group.code() == drawn.group
            && self.carc.as_str() == drawn.carc
            && self.remark.is_none_or(|remark| drawn.rarcs.iter().any(|code| code == remark.as_str()))
    }
}

/// Claims that draw a reason.
pub(super) struct Dish {
    pub wanted: Wanted,
    pub words: String,
    pub rarcs: Vec<String>,
    pub given_by: String,
    pub claims: Vec<Billed>,
}

/// What is tried, in this order: the cheap and likely first.
#[derive(Clone, Copy)]
enum Course {
    Days,
    Claims,
    Facility,
    Procedures,
    Limits,
    Detail,
    Following,
    Pairs,
}

/// Makes trials of a scene.
type List = fn(&Pantry<'_>, &Scene<'_>) -> Vec<Trial>;

fn facility_bills(pantry: &Pantry<'_>, scene: &Scene<'_>) -> Vec<Trial> {
    facility::trials(pantry, scene.member, scene.day())
}

/// Tries claims on a rehearsal of the sandbox.
pub(super) struct Kitchen<'a> {
    payer: &'a Payer,
    state: &'a State,
    sandbox: Arc<Sandbox>,
    today: Date,
    rehearsal: Rehearsal<'a>,
    /// What is not drawn yet.
    wanted: Vec<Wanted>,
    dishes: Vec<Dish>,
    /// How many recipes each family has.
    used: Vec<(String, i32)>,
    tried: usize,
}

impl<'a> Kitchen<'a> {
    pub fn open(payer: &'a Payer, state: &'a State, sandbox: &Arc<Sandbox>, wanted: Vec<Wanted>) -> Kitchen<'a> {
        let (today, rehearsal) = (payer.today(state), Rehearsal::open(payer, state));
        // What the records cannot draw need not be tried.
        let may = |wanted: &Wanted| excuses::why_not(&state.in_force, wanted).is_none();
        let wanted = wanted.into_iter().filter(may).collect();
        Kitchen {
            payer,
            state,
            sandbox: Arc::clone(sandbox),
            today,
            rehearsal,
            wanted,
            dishes: vec![],
            used: vec![],
            tried: 0,
        }
    }

    pub fn dishes(&self) -> &[Dish] {
        &self.dishes
    }

    /// How many claims were tried.
    pub fn tried(&self) -> usize {
        self.tried
    }

    /// Draws what can be drawn.
    pub fn cook(&mut self) -> Result<(), Failure> {
        let in_force = &self.state.in_force;
        let pantry = Pantry::open(in_force, self.today);
        let scenes = self.scenes(&pantry)?;
        self.aim(&pantry, &scenes)?;
        let every = scenes.len();
        // How many scenes each course is tried on.
        let courses = [
            (Course::Days, 2),
            (Course::Claims, 1),
            (Course::Procedures, 5),
            (Course::Facility, 1),
            (Course::Claims, 5),
            (Course::Days, every),
            (Course::Limits, 2),
            (Course::Detail, 1),
            (Course::Following, 1),
            (Course::Pairs, 1),
        ];
        for (course, most) in courses {
            for scene in scenes.iter().take(most) {
                if self.is_done() {
                    return Ok(());
                }
                self.serve(&pantry, scene, course)?;
            }
        }
        Ok(())
    }

    /// Tries what the payer's records say will draw certain reasons, as long as one of them is wanted.
    fn aim(&mut self, pantry: &Pantry<'a>, scenes: &[Scene<'a>]) -> Result<(), Failure> {
        for aim in aims::aims(pantry, scenes) {
            let pair = |wanted: &Wanted| format!("{}-{}", wanted.group, wanted.carc);
            let is_wanted = |wanted: &Wanted| aim.reasons.contains(&pair(wanted));
            if self.wanted.iter().any(is_wanted) {
                self.try_out(aim.member, &aim.trial)?;
            }
        }
        Ok(())
    }

    /// Tries a course on a scene, moved to a day on which its family has no recipe yet.
    fn serve(&mut self, pantry: &Pantry<'a>, scene: &Scene<'a>, course: Course) -> Result<(), Failure> {
        let menu: &[List] = match course {
            Course::Days => &[trials::days, other_payers::trials],
            Course::Claims => &[
                trials::headers,
                trials::documents,
                trials::lines,
                practices::known,
                practices::strangers,
                histories::sequences,
            ],
            Course::Facility => &[facility_bills],
            Course::Procedures => &[trials::procedures],
            Course::Limits => &[histories::used_up],
            Course::Detail => &[trials::procedures_in_detail],
            Course::Following => &[histories::twice, histories::after_another],
            Course::Pairs => &[trials::pairs],
        };
        for list in menu {
            let mut at = 0;
            loop {
                let scene = self.on_a_free_day(pantry, scene);
                let mut drawn = false;
                for trial in list(pantry, &scene).into_iter().skip(at) {
                    at += 1;
                    if self.is_done() {
                        return Ok(());
                    }
                    drawn = self.try_out(scene.member, &trial)?;
                    if drawn {
                        break;
                    }
                }
                // What was drawn stays: what is tried next is of another day, not to follow on it.
                if !drawn {
                    break;
                }
            }
        }
        Ok(())
    }

    /// Whether all is drawn, or enough was tried.
    fn is_done(&self) -> bool {
        self.wanted.is_empty() || self.tried >= MOST_TRIED
    }

    fn recipes_of(&self, member: &pb::Member) -> i32 {
        self.used.iter().find(|(family, _)| *family == member.subscriber_id).map_or(0, |(_, count)| *count)
    }

    fn on_a_free_day(&self, pantry: &Pantry<'a>, scene: &Scene<'a>) -> Scene<'a> {
        let days = self.recipes_of(scene.member) * APART;
        if days == 0 {
            return scene.clone();
        }
        let code = scene.claim.lines.first().map_or("", |line| line.procedure_code.as_str());
        let (practice, diagnosis) = (trials::practice(pantry, scene), trials::diagnosis(scene));
        Scene::visit(pantry, scene.member, practice, code, diagnosis, before(scene.day(), days))
    }

    /// Decides the claims of a trial one after another; keeps them as a recipe where one draws what is wanted.
    fn try_out(&mut self, member: &pb::Member, trial: &Trial) -> Result<bool, Failure> {
        let single = trial.claims.len() == 1;
        let mut taken: Vec<(Lane, Family)> = Vec::new();
        for at in 0..trial.claims.len() {
            let Some(billed) = trial.claims.get(at) else { break };
            let Some(rehearsed) = self.decide(billed)? else { break };
            if let Some((wanted, drawn)) = self.wanted_of(&rehearsed) {
                self.undo(&mut taken);
                let claims = trial.claims.get(..=at).unwrap_or_default();
                return self.keep(member, wanted, drawn, claims, &trial.words);
            }
            if single {
                break;
            }
            let before = self.rehearsal.family_of(rehearsed.lane)?;
            if taken.iter().all(|(lane, _)| *lane != rehearsed.lane) {
                taken.push((rehearsed.lane, before));
            }
            self.rehearsal.take_in(&rehearsed)?;
        }
        self.undo(&mut taken);
        Ok(false)
    }

    fn undo(&mut self, taken: &mut Vec<(Lane, Family)>) {
        for (lane, family) in taken.drain(..) {
            self.rehearsal.put_back(lane, family);
        }
    }

    /// Decides a claim; `None` where it is no claim.
    fn decide(&mut self, billed: &Billed) -> Result<Option<Rehearsed>, Failure> {
        self.tried += 1;
        let Ok(job) = Job::unsent(self.state, &self.sandbox, billed.clone(), false) else { return Ok(None) };
        self.rehearsal.decide(&job, self.today).map(Some)
    }

    /// What the decision draws of what is wanted.
    fn wanted_of(&self, rehearsed: &Rehearsed) -> Option<(Wanted, Drawn)> {
        let drawn = drawn(&rehearsed.claim);
        drawn.into_iter().find_map(|drawn| Some((*self.wanted.iter().find(|wanted| wanted.is(&drawn))?, drawn)))
    }

    /// Decides the claims again as they read back from X12, and keeps them if they draw the same.
    fn keep(
        &mut self,
        member: &pb::Member,
        wanted: Wanted,
        drawn: Drawn,
        claims: &[Billed],
        words: &str,
    ) -> Result<bool, Failure> {
        let named = name(&wanted, claims);
        let text = x12(&self.state.in_force.payer(), self.payer.now(self.state), &named.iter().collect::<Vec<_>>());
        let Some(read) = read_back(&text).filter(|read| read.len() == named.len()) else { return Ok(false) };
        let mut taken: Vec<(Lane, Family)> = Vec::new();
        let last = read.len().saturating_sub(1);
        for (at, billed) in read.iter().enumerate() {
            let Some(rehearsed) = self.decide(billed)? else { break };
            let before = self.rehearsal.family_of(rehearsed.lane)?;
            if taken.iter().all(|(lane, _)| *lane != rehearsed.lane) {
                taken.push((rehearsed.lane, before));
            }
            let draws = at == last && self::drawn(&rehearsed.claim).iter().any(|drawn| wanted.is(drawn));
            if at == last && !draws {
                break;
            }
            self.rehearsal.take_in(&rehearsed)?;
            if draws {
                self.wanted.retain(|other| *other != wanted);
                match self.used.iter_mut().find(|(family, _)| *family == member.subscriber_id) {
                    Some((_, count)) => *count += 1,
                    None => self.used.push((member.subscriber_id.clone(), 1)),
                }
                let words = format!("{words}; {}", member.member_id);
                let Drawn { rarcs, given_by, .. } = drawn;
                self.dishes.push(Dish { wanted, words, rarcs, given_by, claims: read });
                return Ok(true);
            }
        }
        self.undo(&mut taken);
        Ok(false)
    }

    /// An everyday claim of each member: one that is paid, where there is one. Those come first, one of each plan in turn.
    fn scenes(&mut self, pantry: &Pantry<'a>) -> Result<Vec<Scene<'a>>, Failure> {
        let mut everyday: Vec<(usize, Scene<'a>)> = Vec::new();
        let mut others = Vec::new();
        let mut of_plans: Vec<(String, usize)> = Vec::new();
        for member in &pantry.in_force.folder.members {
            let (scene, paid) = self.scene(pantry, member)?;
            if paid {
                let plan = scene.plan.map(|plan| plan.plan_id.clone()).unwrap_or_default();
                let place = match of_plans.iter_mut().find(|(known, _)| *known == plan) {
                    Some((_, count)) => {
                        *count += 1;
                        *count
                    }
                    None => {
                        of_plans.push((plan, 0));
                        0
                    }
                };
                everyday.push((place, scene));
            } else {
                others.push(scene);
            }
        }
        everyday.sort_by_key(|(place, _)| *place);
        Ok(everyday.into_iter().map(|(_, scene)| scene).chain(others).collect())
    }

    fn scene(&mut self, pantry: &Pantry<'a>, member: &'a pb::Member) -> Result<(Scene<'a>, bool), Failure> {
        let day = before(self.today, 5);
        let plan = pantry.plan_of(member, day);
        let people = || pantry.practices.iter().filter(|practice| is_person(practice.rendering));
        let in_network = people().find(|p| plan.is_some_and(|plan| pantry.is_in_network(p.rendering, plan)));
        let practice = in_network.or(pantry.practices.first()).copied().unwrap_or(Practice::nobody());
        let adult = parse_iso(&member.birth_date).is_none_or(|birth| age_on(birth, day) >= 18);
        let diagnosis = if adult { "M5450" } else { "J069" };
        let visits = pantry.procedures.iter().filter(|code| code.starts_with("992"));
        let others = pantry.procedures.iter().filter(|code| !code.starts_with("992"));
        let mut first = None;
        for code in visits.chain(others).take(FIRST_TRIES) {
            let scene = Scene::visit(pantry, member, practice, code, diagnosis, day);
            let decided = self.decide(&scene.with(|_| ()))?;
            let is_paid = |claim: &pb::Claim| {
                claim.state() != pb::ClaimState::Pended
                    && claim.determination.as_ref().is_some_and(|d| d.lines.iter().all(|line| !line.denied))
                    && claim.rejections.is_empty()
            };
            if decided.is_some_and(|rehearsed| is_paid(&rehearsed.claim)) {
                return Ok((scene, true));
            }
            first.get_or_insert(scene);
        }
        let scene = first.unwrap_or_else(|| Scene::visit(pantry, member, practice, "99213", diagnosis, day));
        Ok((scene, false))
    }
}

/// A reason that a decision gives.
#[derive(Clone, Debug)]
pub(super) struct Drawn {
    group: &'static str,
    carc: String,
    rarcs: Vec<String>,
    given_by: String,
}

/// The reasons of a decision: the one of a denial, where all that is denied is so for one; else those of what is adjusted.
fn drawn(claim: &pb::Claim) -> Vec<Drawn> {
    let Some(determination) = &claim.determination else { return vec![] };
    if claim.state() == pb::ClaimState::Pended || !claim.rejections.is_empty() {
        return vec![];
    }
    let of = |adjustment: &pb::Adjustment| Drawn {
        group: match adjustment.group() {
            pb::GroupCode::Co => "CO",
            pb::GroupCode::Pr => "PR",
            pb::GroupCode::Oa => "OA",
            pb::GroupCode::Pi => "PI",
            pb::GroupCode::Unspecified => "",
        },
        carc: adjustment.carc.clone(),
        rarcs: adjustment.rarcs.iter().chain(&determination.rarcs).cloned().collect(),
        given_by: adjustment.step.clone(),
    };
    let account = determination.account.as_ref();
    let lines = determination.lines.iter().map(|line| (line.denied, &line.adjustments));
    let accounts: Vec<(bool, &Vec<pb::Adjustment>)> =
        lines.chain(account.map(|account| (account.denied, &account.adjustments))).collect();
    let mut denied: Vec<Drawn> = Vec::new();
    for adjustment in accounts.iter().filter(|(denied, _)| *denied).flat_map(|(_, adjustments)| adjustments.iter()) {
        let drawn = of(adjustment);
        if denied.iter().all(|known| (known.group, &known.carc) != (drawn.group, &drawn.carc)) {
            denied.push(drawn);
        }
    }
    match denied.len() {
        0 => accounts.into_iter().flat_map(|(_, adjustments)| adjustments).map(of).collect(),
        1 => denied,
        _ => vec![],
    }
}

/// The claims with numbers that say the reason: the last has it, those before it "1-", "2-" before.
fn name(wanted: &Wanted, claims: &[Billed]) -> Vec<Billed> {
    let reason = wanted.to_string().replace(':', "-");
    let last = claims.len().saturating_sub(1);
    let named = |(at, claim): (usize, &Billed)| {
        let number = if at == last { reason.clone() } else { format!("{}-{reason}", at + 1) };
        let mut claim = claim.clone();
        match &mut claim {
            Billed::Professional(claim) => claim.patient_control_number = number,
            Billed::Institutional(claim) => claim.patient_control_number = number,
        }
        claim
    };
    claims.iter().enumerate().map(named).collect()
}

/// The claims of an interchange, if its guides let all of it through.
fn read_back(text: &str) -> Option<Vec<Billed>> {
    let mut examination = Examination::new(text.as_bytes());
    let mut claims = Vec::new();
    while let Some(examined) = examination.read().ok()? {
        let Examined::Set(report) = examined else { continue };
        if !report.is_accepted() {
            return None;
        }
        let mut reader = ClaimReader::new(text.as_bytes(), report.trailer.span, report.delimiters);
        while let Some(read) = reader.read().ok()? {
            claims.push(read.claim);
        }
    }
    Some(claims)
}

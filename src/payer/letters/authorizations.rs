//! The decision on a request for authorization or referral: certified, in part, or not, with what then may be done.

use super::parts::{self, heading, paragraph, row, sentence, table, text};
use super::rights;
use super::scene::{OF_AGE, spoken};
use crate::appeals::{Terms, Timing};
use crate::domain::appeal_terms::AppealTerms;
use crate::domain::codes::ProcedureCode;
use crate::domain::dates::{age_on, parse_iso};
use crate::letters::{address_lines, long_date};
use crate::payer::{Failure, Payer, State, records};
use crate::proto::v1 as pb;
use crate::store::Read;
use crate::store::keys::{Lane, Matter, claim_of};

impl Payer {
    /// The letters about requests for authorization that fit, in order of the requests.
    pub(super) fn letters_on_authorizations(
        &self,
        state: &State,
        parent: &str,
        fits: impl Fn(&pb::Letter) -> bool,
    ) -> Result<Vec<pb::Letter>, Failure> {
        let mut found = Vec::new();
        for pair in records::all(self.store.as_ref(), &state.space().matters(Matter::AuthorizationRequest))? {
            let Some((lane, number)) = claim_of(&pair.key) else { continue };
            let of_request = self.letters_on_authorization(state, parent, lane, number)?;
            found.extend(of_request.into_iter().filter(&fits));
        }
        Ok(found)
    }

    /// The letters about one request: one for each day on which something was decided.
    pub(super) fn letters_on_authorization(
        &self,
        state: &State,
        parent: &str,
        lane: Lane,
        number: u64,
    ) -> Result<Vec<pb::Letter>, Failure> {
        let key = state.space().matter(Matter::AuthorizationRequest, lane, number);
        let Some(pair) = records::one(self.store.as_ref(), Read::Point(key))?.pop() else { return Ok(Vec::new()) };
        let request: pb::AuthorizationRequest = records::decode(&pair)?;
        let Some(member) = self.member_message(state, &request.member_id)? else { return Ok(Vec::new()) };
        let mut days: Vec<&str> = request.decisions.iter().map(|decided| decided.decided_date.as_str()).collect();
        days.retain(|day| !day.is_empty());
        days.sort_unstable();
        days.dedup();
        let provider = self.provider_message(state, &request.requesting_npi)?;
        let provider = provider.and_then(|known| known.provider_name).as_ref().map(spoken);
        let letter = |(at, day): (usize, &&str)| {
            let about = About { request: &request, member: &member, state, day };
            let id = format!("authorization-{}-{}", Matter::AuthorizationRequest.id(lane, number), at + 1);
            about.letter(format!("{parent}/letters/{id}"), provider.clone().unwrap_or_default())
        };
        Ok(days.iter().enumerate().map(letter).collect())
    }
}

struct About<'a> {
    request: &'a pb::AuthorizationRequest,
    member: &'a pb::Member,
    state: &'a State,
    day: &'a str,
}

impl About<'_> {
    fn letter(&self, name: String, provider: String) -> pb::Letter {
        let payer = self.state.in_force.payer();
        let patient = self.member.person_name.as_ref().map(spoken).unwrap_or_default();
        let dates = parse_iso(&self.member.birth_date).zip(parse_iso(self.day));
        let child = dates.is_some_and(|(birth, day)| age_on(birth, day) < OF_AGE);
        let plan = self.state.in_force.revision.plan(&self.request.plan_id);
        let days = self.request.services.iter().map(|service| service.from.as_str());
        pb::Letter {
            name,
            kind: pb::LetterKind::AuthorizationDecision.into(),
            date: self.day.to_owned(),
            title: self.title().to_owned(),
            from: Some(pb::LetterParty {
                role: pb::LetterRole::Payer.into(),
                name: payer.name.clone(),
                address: payer.address.clone(),
                phone: payer.contact_phone.clone(),
            }),
            to: Some(pb::LetterParty {
                role: pb::LetterRole::Member.into(),
                name: if child { format!("Parent or guardian of {patient}") } else { patient.clone() },
                address: self.member.address.clone(),
                phone: String::new(),
            }),
            re: Some(pb::LetterSubject {
                patient,
                member_id: self.member.member_id.clone(),
                service_from: days.filter(|day| !day.is_empty()).min().unwrap_or_default().to_owned(),
                provider: provider.clone(),
                plan: plan.map(|plan| plan.name.clone()).unwrap_or_default(),
                ..Default::default()
            }),
            blocks: self.body(&provider, &payer),
            simulated: true,
        }
    }

    /// What was decided on the day.
    fn decided(&self) -> impl Iterator<Item = (&pb::RequestedService, &pb::ServiceDecision)> {
        let pairs = self.request.services.iter().zip(&self.request.decisions);
        pairs.filter(|(_, decided)| decided.decided_date == self.day)
    }

    /// Whether something was not certified as it was asked for.
    fn adverse(&self) -> bool {
        self.decided().any(|(_, decided)| {
            matches!(decided.outcome(), pb::ReviewOutcome::NotCertified | pb::ReviewOutcome::Modified)
        })
    }

    fn title(&self) -> &'static str {
        if self.adverse() {
            "Notice of Adverse Benefit Determination"
        } else {
            "Decision on a Request for Authorization"
        }
    }

    fn body(&self, provider: &str, payer: &pb::Payer) -> Vec<pb::LetterBlock> {
        let number = self.request.name.rsplit('/').next().unwrap_or_default();
        let mut blocks = vec![paragraph(format!(
            "{provider} asked us on {} to authorize care for you (request {number}). This letter tells what we decided; {provider} is told the same.",
            long_date(self.request.received_time.get(..10).unwrap_or_default())
        ))];
        blocks.push(table(
            "What was asked for and decided",
            &["Service", "Decision", "Units", "From", "Through", "Number"],
            self.rows(),
        ));
        blocks.push(paragraph(
            "An authorization says that the care is needed. It is no promise to pay: what is paid depends on your coverage on the day of the care.",
        ));
        let mut said = Vec::new();
        for (service, decided) in self.decided() {
            let why: Vec<String> = [&decided.reason, &decided.rationale]
                .into_iter()
                .filter(|w| !w.is_empty())
                .map(|w| sentence(w))
                .collect();
            if !why.is_empty() {
                said.push(paragraph(format!("{}: {}", self.words(service), why.join(" "))));
            }
        }
        if !said.is_empty() {
            blocks.push(heading("Why"));
            blocks.extend(said);
        }
        blocks.extend(self.rests_on());
        if self.adverse() {
            blocks.extend(self.rights(payer));
        }
        blocks
    }

    fn rows(&self) -> Vec<pb::LetterRow> {
        let line = |(service, decided): (&pb::RequestedService, &pb::ServiceDecision)| {
            let certified = matches!(decided.outcome(), pb::ReviewOutcome::Certified | pb::ReviewOutcome::Modified);
            let units = match (certified, decided.certified_units.as_str()) {
                (false, _) => String::new(),
                (true, "") => "no limit".to_owned(),
                (true, units) => units.to_owned(),
            };
            let day = |day: &str| if certified { long_date(day) } else { String::new() };
            row(vec![
                text(self.words(service)),
                text(outcome(decided.outcome())),
                text(units),
                text(day(&decided.from)),
                text(day(&decided.through)),
                text(&decided.certification_number),
            ])
        };
        self.decided().map(line).collect()
    }

    fn words(&self, service: &pb::RequestedService) -> String {
        let day = parse_iso(&service.from).or_else(|| parse_iso(self.day));
        let procedures = &self.state.in_force.revision.procedures;
        let code = ProcedureCode::parse(&service.procedure_code);
        let known = code.zip(day).and_then(|(code, day)| procedures.lookup(code, day));
        let words = known.map_or_else(|| "Care asked for".to_owned(), |known| parts::capital(&known.words));
        match (service.procedure_code.as_str(), service.revenue_code.as_str()) {
            ("", "") => words,
            ("", revenue) => format!("{words} (revenue code {revenue})"),
            (code, _) => format!("{words} ({code})"),
        }
    }

    fn rests_on(&self) -> Vec<pb::LetterBlock> {
        let lines: Vec<i32> = self.decided().map(|(_, decided)| decided.line).collect();
        let steps = self.request.steps.iter().filter(|step| step.line == 0 || lines.contains(&step.line));
        let mut authority: Vec<pb::Citation> = Vec::new();
        for citation in steps.flat_map(|step| &step.authority) {
            if !authority.contains(citation) {
                authority.push(citation.clone());
            }
        }
        if authority.is_empty() {
            return Vec::new();
        }
        vec![heading("What it rests on"), parts::citations(authority)]
    }

    fn rights(&self, payer: &pb::Payer) -> Vec<pb::LetterBlock> {
        let revision = &self.state.in_force.revision;
        let default = AppealTerms::default();
        let terms =
            Terms::of(revision.plan(&self.request.plan_id).map_or(&default, |plan| &plan.appeals), &revision.appeals);
        let address = payer.address.as_ref().map(address_lines).unwrap_or_default();
        let places: Vec<String> = [payer.name.clone(), "Appeals".to_owned()].into_iter().chain(address).collect();
        let ways = rights::ways_after(&terms, terms.regime, None, self.day, Timing::PreService, &places);
        vec![
            heading("Your right to appeal"),
            parts::rights(ways),
            paragraph(
                "On request and free of charge we send you the rule, guideline or clinical criteria that the decision rests on, and all records that bear \
                 on it.",
            ),
        ]
    }
}

fn outcome(outcome: pb::ReviewOutcome) -> &'static str {
    match outcome {
        pb::ReviewOutcome::Certified => "Authorized",
        pb::ReviewOutcome::Modified => "Authorized, not as asked for",
        pb::ReviewOutcome::Partial => "Authorized in part",
        pb::ReviewOutcome::NotCertified => "Not authorized",
        pb::ReviewOutcome::Pended => "Waits",
        pb::ReviewOutcome::Cancelled => "Taken back",
        pb::ReviewOutcome::NotNeeded => "Needs no authorization",
        pb::ReviewOutcome::Unspecified => "",
    }
}

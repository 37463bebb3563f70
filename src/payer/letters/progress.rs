//! How far a member has come with deductibles and maxima, once a decision stood.

use super::parts::{cents, row, table, text};
use super::scene::Scene;
use crate::adjudication::benefits::{Progress, Scope, separate, standing};
use crate::domain::dates::{Date, parse_iso};
use crate::domain::determination::AccumulatorEntry;
use crate::domain::plan::{Network, year_start};
use crate::letters::long_date;
use crate::payer::{Failure, Payer, State};
use crate::proto::v1 as pb;
use crate::wire;

impl Payer {
    /// What the year's deductibles and maxima are and what is used of them, this decision included; none where the plan has none.
    pub(super) fn progress(&self, state: &State, scene: &Scene<'_>) -> Result<Option<pb::LetterBlock>, Failure> {
        let Some((told, member, plan)) = scene.told().zip(scene.member.as_ref()).zip(scene.plan()).map(flat) else {
            return Ok(None);
        };
        if told.network.is_empty() {
            return Ok(None);
        }
        let Some(day) = parse_iso(scene.service_from()) else { return Ok(None) };
        let begins = self.year_begins(state, scene, day)?.unwrap_or(plan.year_begins);
        let year_start = year_start(begins, day);
        let entries = self.entries_with(state, scene, told)?;
        let network = Network::named(&told.network);
        let scope = Scope { plan, network, year_start, member_id: &member.member_id };
        let Some(standing) = standing(&scope, &entries) else { return Ok(None) };
        let mut rows = Vec::new();
        let mut add = |words: &str, progress: Progress| {
            let Some((limit, left)) = progress.limit.zip(progress.left()) else { return };
            let used = limit.cents() - left.cents();
            rows.push(row(vec![text(words), cents(limit.cents()), cents(used), cents(left.cents())]));
        };
        add("Your deductible", standing.deductible.individual);
        add("Your family's deductible", standing.deductible.family);
        let shares = plan.cost_share(network);
        for own in shares.into_iter().flat_map(|share| &share.separate_deductibles) {
            if let Some(deductible) = separate(&scope, own.name, &entries) {
                add(&format!("Your deductible for {}", own.name), deductible.individual);
                add(&format!("Your family's deductible for {}", own.name), deductible.family);
            }
        }
        add("Your out-of-pocket maximum", standing.individual_out_of_pocket);
        add("Your family's out-of-pocket maximum", standing.family_out_of_pocket);
        if rows.is_empty() {
            return Ok(None);
        }
        let since = long_date(&year_start.to_string());
        let where_ = if told.network == "out" { "out of network" } else { "in network" };
        let caption = format!("Where you stood after this claim, {where_}, in the benefit year that began on {since}");
        Ok(Some(table(&caption, &["What", "$Amount", "$Used", "$Left"], rows)))
    }

    /// What the family had used before the decision, and what the decision used.
    fn entries_with(
        &self,
        state: &State,
        scene: &Scene<'_>,
        told: &pb::Determination,
    ) -> Result<Vec<AccumulatorEntry>, Failure> {
        let family = self.family_until(state, scene.history.lane, scene.decision.until)?;
        let mut entries = family.accumulators.to_vec();
        if let Some(reversal) = scene.decision.taken_back().and_then(|back| back.reversal.as_ref()) {
            entries.extend(wire::determination::accumulator_entries(reversal));
        }
        entries.extend(wire::determination::accumulator_entries(told));
        let version = scene.decision.directory_version;
        let subscriber = scene.member.as_ref().map_or("", |member| member.subscriber_id.as_str());
        let members = self.family(state, &scene.in_force, subscriber, version)?;
        entries.extend(members.iter().flat_map(|member| member.prior_credits.clone()));
        Ok(entries)
    }

    /// Month and day on which the year of the member's group begins, where it has one of its own.
    fn year_begins(&self, state: &State, scene: &Scene<'_>, day: Date) -> Result<Option<(i8, i8)>, Failure> {
        let (version, plan) = (scene.decision.directory_version, scene.told().map_or("", |told| told.plan.as_str()));
        let number = scene.member.as_ref().map_or("", |member| member.member_id.as_str());
        let Some(member) = self.member(state, &scene.in_force, number, version)? else { return Ok(None) };
        let covers = member.coverages.iter().find(|covers| covers.plan_id == plan && covers.period.contains(day));
        Ok(covers.and_then(|covers| covers.year_begins))
    }
}

fn flat<A, B, C>(((a, b), c): ((A, B), C)) -> (A, B, C) {
    (a, b, c)
}

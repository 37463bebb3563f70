//! Who appeals by chance, on what terms, and how it is decided.

use payersim::proto::v1 as pb;
use pb::AppealOutcome::{Dismissed, Overturned, PartlyOverturned, Upheld};
use pb::file_appeal_request::Subject;

use super::books::Books;
use super::chance::Chance;
use super::life::Act;

/// What a made-up payer's contracts and plans say of appeals.
#[derive(Clone, Debug)]
pub struct Contest {
    pub days_to_file: i64,
    pub levels: i32,
    pub days_to_decide: i64,
    pub when_late: pb::LateDispute,
}

impl Contest {
    pub fn new(chance: &mut Chance) -> Contest {
        Contest {
            days_to_file: chance.pick(&[10, 60, 365]),
            levels: chance.pick(&[1, 2]),
            days_to_decide: chance.pick(&[5, 20, 45]),
            when_late: chance.pick(&[pb::LateDispute::MayGoOn, pb::LateDispute::Overturned, pb::LateDispute::Upheld]),
        }
    }

    pub fn settings(&self) -> pb::AppealSettings {
        let count = |days: i64| i32::try_from(days).unwrap();
        let dispute = pb::DisputeTerms {
            days_to_file: count(self.days_to_file),
            levels: self.levels,
            days_to_decide: count(self.days_to_decide),
            when_late: self.when_late.into(),
            ..Default::default()
        };
        pb::AppealSettings { provider_dispute: Some(dispute), ..Default::default() }
    }

    /// The law of a plan's members, and its internal levels.
    pub fn law(chance: &mut Chance) -> (pb::AppealRegime, i32) {
        use pb::AppealRegime::{EmployerPlan, IndividualMarket, MedicareAdvantage};
        let regime = chance.pick(&[EmployerPlan, EmployerPlan, IndividualMarket, MedicareAdvantage]);
        (regime, if regime == EmployerPlan { chance.pick(&[1, 2]) } else { 0 })
    }
}

/// Somebody files, or an open appeal is decided or taken back.
pub fn contest(chance: &mut Chance, number: usize, sandbox: &'static str, books: &Books) -> Option<Act> {
    let open: Vec<&pb::Appeal> =
        books.appeals.values().filter(|appeal| appeal.state() == pb::AppealState::Open).collect();
    let all: Vec<&pb::Appeal> = books.appeals.values().collect();
    match chance.below(10) {
        0..=2 => {}
        3 if !all.is_empty() => {
            let one = chance_of(chance, &all);
            return Some(decide(chance, number, sandbox, one));
        }
        4 if !open.is_empty() => {
            let request =
                pb::WithdrawAppealRequest { name: chance_of(chance, &open).name.clone(), reason: "settled".into() };
            return Some(Act::Withdraw { sandbox, request });
        }
        _ if !open.is_empty() => {
            let one = chance_of(chance, &open);
            return Some(decide(chance, number, sandbox, one));
        }
        _ => {}
    }
    file(chance, number, sandbox, books)
}

fn chance_of<'a>(chance: &mut Chance, of: &[&'a pb::Appeal]) -> &'a pb::Appeal {
    of[chance.below(of.len())]
}

fn file(chance: &mut Chance, number: usize, sandbox: &'static str, books: &Books) -> Option<Act> {
    let told = |claim: &&pb::Claim| !claim.remittance.is_empty() && claim.state() != pb::ClaimState::Reversed;
    let denied = |claim: &&pb::Claim| {
        let decided = claim.determination.as_ref();
        decided.is_some_and(|d| d.account.as_ref().is_some_and(|a| a.denied) || d.lines.iter().any(|line| line.denied))
    };
    let fit: Vec<&pb::Claim> = books.claims.iter().filter(|claim| told(claim) && denied(claim)).collect();
    let claim = match chance.one_in(12) {
        true if !books.claims.is_empty() => chance.pick(&books.claims).name,
        _ if fit.is_empty() => return None,
        _ => fit[chance.below(fit.len())].name.clone(),
    };
    let role = match chance.below(8) {
        0..=3 => pb::AppealRole::Provider,
        4..=6 => pb::AppealRole::Member,
        _ => pb::AppealRole::Other,
    };
    let name = if role == pb::AppealRole::Provider { String::new() } else { "S. Omebody".into() };
    let request = pb::FileAppealRequest {
        parent: books.sandbox.clone(),
        request_id: format!("a-{number}"),
        subject: Some(Subject::Claim(claim)),
        filer: Some(pb::AppealFiler { role: role.into(), name, ..Default::default() }),
        left_out: match chance.one_in(10) {
            true => vec![pb::AppealElement::MemberNumber.into()],
            false => vec![],
        },
        reason: "it was right".into(),
        ..Default::default()
    };
    Some(Act::Appeal { sandbox, request: Box::new(request) })
}

fn decide(chance: &mut Chance, number: usize, sandbox: &'static str, appeal: &pb::Appeal) -> Act {
    let outcome = chance.pick(&[Overturned, Overturned, Upheld, Upheld, PartlyOverturned, Dismissed]);
    let outcome = if outcome == PartlyOverturned && appeal.lines.len() < 2 { Upheld } else { outcome };
    let lines = if outcome == PartlyOverturned { vec![chance.pick(&appeal.lines)] } else { vec![] };
    let request = pb::DecideAppealRequest {
        name: appeal.name.clone(),
        outcome: outcome.into(),
        overturned_lines: lines,
        decided_by: chance.pick(&["A. Vier", "A. Fuenf"]).to_owned(),
        rationale: "heard".into(),
        authority: "the plan".into(),
        request_id: format!("h-{number}"),
    };
    Act::DecideAppeal { sandbox, request: Box::new(request) }
}

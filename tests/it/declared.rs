//! Every adjustment is one that its step declares: group, reason and remarks.

use payersim::adjudication::catalogue::Giver;
use payersim::proto::v1 as pb;

/// Steps whose reasons others choose: whoever forces an outcome, who writes a policy, and the plan that excludes a service.
const CHOSEN: [&str; 4] = ["instruction", "ruling", "medical-policy", "excluded-service"];

/// What a claim's decisions and reversals adjust that no step declares, each in words; empty: nothing.
pub fn undeclared(claim: &pb::Claim) -> Vec<String> {
    let of_reversals = claim.reversals.iter().flat_map(|made| [made.reversed.as_ref(), made.reversal.as_ref()]);
    let decisions = of_reversals.chain([claim.determination.as_ref()]).flatten();
    let found = decisions.flat_map(|decision| {
        let of_account = decision.account.iter().flat_map(|account| &account.adjustments).map(|told| (0, told));
        let of_lines = decision.lines.iter().flat_map(|line| line.adjustments.iter().map(|told| (line.line, told)));
        of_lines.chain(of_account).filter(|(line, told)| !declares(told) && !is_lowered(decision, *line, told))
    });
    found.map(|(_, told)| in_words(&claim.name, told)).collect()
}

/// Whether somebody forced less to be allowed on the line, with remarks beside pricing's own 45.
fn is_lowered(decision: &pb::Determination, line: i32, adjustment: &pb::Adjustment) -> bool {
    let forced = |step: &pb::Step| {
        ["instruction", "ruling"].contains(&step.id.as_str()) && (step.line == 0 || step.line == line)
    };
    adjustment.step == "pricing" && adjustment.carc == "45" && decision.steps.iter().any(forced)
}

fn declares(adjustment: &pb::Adjustment) -> bool {
    let group = adjustment.group().as_str_name().trim_start_matches("GROUP_CODE_");
    let given = format!("{group}-{}", adjustment.carc);
    let Some(giver) = Giver::all().find(|giver| giver.id == adjustment.step) else {
        return CHOSEN.contains(&adjustment.step.as_str());
    };
    let reasons = giver.reasons.iter().filter(|reason| reason.to_string() == given);
    let remarks: Vec<String> = reasons.clone().flat_map(|reason| reason.rarcs()).map(|rarc| rarc.to_string()).collect();
    let declared = reasons.count() > 0 && adjustment.rarcs.iter().all(|remark| remarks.contains(remark));
    declared || CHOSEN.contains(&giver.id)
}

fn in_words(claim: &str, adjustment: &pb::Adjustment) -> String {
    let pb::Adjustment { carc, rarcs, step, .. } = adjustment;
    format!("{claim}: {step} does not declare {:?} {carc} {rarcs:?}", adjustment.group())
}

#[test]
fn what_no_step_declares_is_found() {
    let adjusted = |step: &str, carc: &str, rarcs: &[&str]| {
        let rarcs = rarcs.iter().map(|remark| (*remark).to_owned()).collect();
        let group = pb::GroupCode::Co.into();
        let adjustment = pb::Adjustment { group, carc: carc.into(), rarcs, step: step.into(), ..Default::default() };
        let line = pb::LineDetermination { adjustments: vec![adjustment], ..Default::default() };
        let determination = Some(pb::Determination { lines: vec![line], ..Default::default() });
        undeclared(&pb::Claim { name: "C".into(), determination, ..Default::default() })
    };
    assert_eq!(adjusted("timely-filing", "29", &[]), [""; 0]);
    assert_eq!(adjusted("instruction", "50", &["N115"]), [""; 0]);
    assert_eq!(adjusted("timely-filing", "29", &["M15"]), [r#"C: timely-filing does not declare Co 29 ["M15"]"#]);
    assert_eq!(adjusted("timely-filing", "27", &[]), ["C: timely-filing does not declare Co 27 []"]);
    assert_eq!(adjusted("nobody", "29", &[]), ["C: nobody does not declare Co 29 []"]);
    assert_eq!(adjusted("", "45", &[]).len(), 1, "a step is named");
}

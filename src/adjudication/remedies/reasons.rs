//! Which reason has which remedies.

use super::{
    Advice, Outlook, Path, Seen, authorization, clinical, diagnosis, facility, ledger_of, member, modifier,
    other_payer, provider, service,
};
use crate::adjudication::catalogue::{self, Appeals, Entry, Remedy};
use crate::adjudication::{Case, instruction};
use crate::domain::codes::{Carc, Group};
use crate::domain::determination::Determination;

/// Codes, and what leads out of a denial that gives one.
type Row = (&'static [&'static str], fn(&Seen<'_, '_>) -> Outlook);

/// By code. A code that is in no row has the catalogue's words only.
const TABLE: &[Row] = &[
    (&["197", "15", "198", "210", "39"], authorization::authorization),
    (&["243", "287", "288"], authorization::referral),
    (&["146"], diagnosis::invalid),
    (&["50", "55", "56", "167", "A1"], diagnosis::unsupported),
    (&["9", "10", "11"], clinical::misfit),
    (&["B9"], clinical::hospice),
    (&["B20"], clinical::paid_to_another),
    (&["B15", "107"], clinical::add_on),
    (&["60", "190", "249", "B13"], clinical::of_a_stay),
    (&["267"], clinical::by_the_month),
    (&["4", "182"], modifier::unfit),
    (&["236", "97", "231", "234", "B10"], modifier::bundled),
    (&["18"], modifier::duplicate),
    (&["B14"], modifier::visit),
    (&["B16"], service::new_patient),
    (&["151", "150", "222"], service::units),
    (&["5", "58"], service::place),
    (&["181", "199"], codes),
    (&["31", "140"], member::unknown),
    (&["26", "27", "200", "32", "33", "34"], member::not_covered),
    (&["177", "178", "180", "257"], member::not_eligible),
    (&["6", "7"], member::unfit),
    (&["109"], member::wrong_payer),
    (&["22"], other_payer::first),
    (&["B11"], other_payer::elsewhere),
    (&["19", "20", "21"], other_payer::liable),
    (&["B7", "185"], provider::ineligible),
    (&["8", "54", "170", "171", "172"], provider::wrong_kind),
    (&["242", "208"], provider::outside),
    (&["206", "207", "183", "184"], provider::not_named),
    (&["29"], service::late),
    (&["96", "204", "49", "157", "158", "159", "160"], service::not_covered),
    (&["95", "136"], member::rules_not_followed),
    (&["119", "149", "35"], service::used_up),
    (&["179"], service::waiting),
    (&["252", "226", "227", "163", "250", "251"], service::document),
    (&["135"], facility::interim),
    (&["16"], incomplete),
];

/// What the reason for a line's denial leaves open; nothing where the line is not denied.
pub fn outlook(case: &Case<'_>, determination: &Determination, line: usize) -> Outlook {
    let (Some(service), Some(ledger)) = (case.services.get(line), ledger_of(determination, line)) else {
        return Outlook::default();
    };
    let Some(adjustment) = ledger.adjustments().last().filter(|_| ledger.is_denied()) else {
        return Outlook::default();
    };
    if ledger.denied_by() == Some(instruction::STEP) {
        return Outlook::nothing(
            "It was denied by an instruction of this sandbox: take the directive or the marker away.",
        );
    }
    if ledger.denied_by() == Some(instruction::RULING) {
        return Outlook::nothing("A person has decided it: ask for another look, in an appeal.");
    }
    let remarks = adjustment.rarcs.iter().chain(&determination.rarcs);
    let seen = Seen {
        case,
        service,
        carc: adjustment.carc.as_str(),
        patient_bears: adjustment.group == Group::PatientResponsibility,
        remarks: remarks.map(ToString::to_string).collect(),
    };
    let found = TABLE.iter().find(|(codes, _)| codes.contains(&seen.carc)).map(|(_, remedies)| remedies(&seen));
    let mut outlook = found.unwrap_or_default();
    outlook.otherwise = by_catalogue(&seen, adjustment.carc);
    if outlook.ideas.is_empty() && outlook.advice.is_empty() {
        outlook.advice.clone_from(&outlook.otherwise);
    }
    outlook
}

/// 16 says that something is missing; its remarks say what.
fn incomplete(seen: &Seen<'_, '_>) -> Outlook {
    if seen.has_remark("M76") || seen.has_remark("MA63") {
        diagnosis::invalid(seen)
    } else if seen.has_remark("MA04") {
        other_payer::unbalanced(seen)
    } else if ["N286", "N264", "N265", "N285"].iter().any(|code| seen.has_remark(code)) {
        provider::not_named(seen)
    } else if ["MA61", "MA27", "N382"].iter().any(|code| seen.has_remark(code)) {
        member::unknown(seen)
    } else if seen.has_remark("M53") {
        service::without_units(seen)
    } else {
        facility::incomplete(seen)
    }
}

fn codes(seen: &Seen<'_, '_>) -> Outlook {
    if seen.carc == "199" { facility::revenue(seen) } else { service::procedure(seen) }
}

/// What the catalogue says that the biller should do.
fn by_catalogue(seen: &Seen<'_, '_>, code: Carc) -> Vec<Advice> {
    let (path, words) = match catalogue::entry(code).filter(|entry| !entry.advice.is_empty()) {
        Some(entry) => (path_of(entry), entry.advice),
        None => (
            Path::Appeal,
            "Read the reason and its remarks; what the claim says wrongly is corrected, what the payer sees wrongly is appealed with records.",
        ),
    };
    let outlook = Outlook::default().advice(path, words);
    if seen.patient_bears && path != Path::Patient {
        outlook.advice(Path::Patient, "Else the patient owes it.").advice
    } else {
        outlook.advice
    }
}

/// The way that the likeliest remedy of an entry goes.
fn path_of(entry: &Entry) -> Path {
    match entry.remedies.first() {
        None => Path::Appeal,
        Some(Remedy::Appeal | Remedy::SendDocuments) if matches!(entry.appeals, Appeals::Dispute) => Path::Dispute,
        Some(Remedy::Appeal | Remedy::SendDocuments) => Path::Appeal,
        Some(Remedy::Dispute) => Path::Dispute,
        Some(Remedy::BillOtherPayer | Remedy::BillPrimaryFirst) => Path::OtherPayer,
        Some(Remedy::BillPatient | Remedy::AskThePatient) => Path::Patient,
        Some(Remedy::WriteOff | Remedy::None) => Path::Nothing,
        Some(Remedy::NewClaim) => Path::NewClaim,
        Some(_) => Path::CorrectedClaim,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adjudication::{adjudicate, example};
    use crate::domain::code_list::Starts;
    use crate::domain::codes::carc;
    use crate::domain::dates::{Period, date};
    use crate::domain::institutional::CodeSet;
    use crate::domain::member::CodeRanges;
    use crate::domain::policy::{MedicalPolicies, MedicalPolicy, PolicyFinding};

    /// A policy that denies every office visit.
    fn denies(group: Group, carc: Carc) -> MedicalPolicy {
        MedicalPolicy {
            policy_id: "MP-1".into(),
            title: String::new(),
            period: Period::since(date(2026, 1, 1)),
            rank: 0,
            plans: vec![],
            procedures: CodeRanges::parse(["99213"]).unwrap(),
            revenue_codes: CodeSet::default(),
            bills: Starts::default(),
            applies: vec![],
            requires: vec![],
            finding: PolicyFinding::Deny { group, carc, rarcs: vec![], patient_with_notice: false },
            rationale: String::new(),
            href: String::new(),
        }
    }

    /// Without remarks and whoever gives it: the words of a remedy depend on the code only.
    #[test]
    fn whatever_a_line_is_denied_for_there_are_words_on_what_to_do() {
        for (carc, group) in catalogue::pairs() {
            let mut file = example::office_visit();
            example::payer(&mut file).policies = MedicalPolicies::new(vec![denies(group, carc)]);
            let determination = adjudicate(&file);
            assert!(super::super::is_denied(&determination, 0), "{group}-{carc}");
            let outlook = outlook(&Case::open(&file), &determination, 0);
            assert!(!(outlook.ideas.is_empty() && outlook.advice.is_empty()), "{group}-{carc}");
            let advice = catalogue::entry(carc).unwrap().advice;
            assert_eq!(outlook.otherwise[0].words, advice, "{group}-{carc}: for when no idea holds");
        }
    }

    /// 153 has no row of its own: the catalogue says to check the dose.
    #[test]
    fn a_code_without_a_row_has_the_advice_of_the_catalogue() {
        assert!(TABLE.iter().all(|(codes, _)| !codes.contains(&"153")));
        let mut file = example::office_visit();
        let policy = denies(Group::PatientResponsibility, carc("153"));
        example::payer(&mut file).policies = MedicalPolicies::new(vec![policy]);
        let outlook = outlook(&Case::open(&file), &adjudicate(&file), 0);
        let words: Vec<(Path, &str)> = outlook.advice.iter().map(|told| (told.path, told.words.as_str())).collect();
        let advice = catalogue::entry(carc("153")).unwrap().advice;
        assert_eq!(words, [(Path::CorrectedClaim, advice), (Path::Patient, "Else the patient owes it.")]);
    }
}

//! Which reason has which remedies.

use super::{
    Outlook, Path, Seen, authorization, clinical, diagnosis, facility, ledger_of, member, modifier, other_payer,
    provider, service,
};
use crate::adjudication::{Case, instruction};
use crate::domain::codes::Group;
use crate::domain::determination::Determination;

/// Codes, and what leads out of a denial that gives one.
type Row = (&'static [&'static str], fn(&Seen<'_, '_>) -> Outlook);

/// By code. A code that is in no row has words of its own only.
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
    (&["B15", "107"], service::without_its_primary),
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
    let remarks = adjustment.rarcs.iter().chain(&determination.rarcs);
    let seen = Seen {
        case,
        service,
        carc: adjustment.carc.as_str(),
        patient_bears: adjustment.group == Group::PatientResponsibility,
        remarks: remarks.map(ToString::to_string).collect(),
    };
    let found = TABLE.iter().find(|(codes, _)| codes.contains(&seen.carc)).map(|(_, remedies)| remedies(&seen));
    found.unwrap_or_else(|| unknown(&seen))
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

fn unknown(seen: &Seen<'_, '_>) -> Outlook {
    let words = "Read the reason and its remarks; what the claim says wrongly is corrected, what the payer sees wrongly is appealed with records.";
    let outlook = Outlook::default().advice(Path::Appeal, words);
    if seen.patient_bears { outlook.advice(Path::Patient, "Else the patient owes it.") } else { outlook }
}

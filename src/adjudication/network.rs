//! Which tier of a plan a service falls under: where its providers belong, or where the law puts it.

use super::case::{self, Service};
use super::claim_file::ClaimFile;
use crate::domain::codes::PlaceOfService;
use crate::domain::dates::{Period, date};
use crate::domain::plan::{Network, Plan};
use crate::domain::provider::Provider;

/// A tier, and why.
pub(super) struct Met {
    /// Whose terms apply.
    pub network: Network,
    /// The law that says so, in a sentence, where a provider out of network is met on the network's terms.
    pub protection: Option<&'static str>,
    /// Whether the provider may bill the patient what is not allowed.
    pub balance_billing: bool,
}

/// Services from 2022 on: the No Surprises Act holds for plan years that begin then (Pub. L. 116-260, division BB, 102).
const NO_SURPRISES: Period = Period::since(date(2022, 1, 1));
/// Facilities where the network's terms hold for whoever treats: hospitals, their outpatient departments and ambulatory
/// surgical centers (45 CFR 149.30).
const FACILITIES: [PlaceOfService; 4] =
    [PlaceOfService::new("19"), PlaceOfService::new("21"), PlaceOfService::new("22"), PlaceOfService::new("24")];
/// Land ambulance.
const LAND_AMBULANCE: PlaceOfService = PlaceOfService::new("41");
/// Ground ambulance services and mileage (HCPCS A0425 to A0434, without A0430, A0431 and A0435, which fly).
const GROUND_AMBULANCE: [&str; 8] = ["A0425", "A0426", "A0427", "A0428", "A0429", "A0432", "A0433", "A0434"];

const EMERGENCY: &str = "An emergency: on the network's terms, and nothing beyond is the patient's (45 CFR 149.110).";
const AT_FACILITY: &str =
    "At a facility in network: on the network's terms, and nothing beyond is the patient's (45 CFR 149.120).";

/// The best tier of the rendering and the billing provider. Out of network, emergencies are met in network, and so is what
/// is done at a facility that belongs there; ground ambulances are not, unless the plan would pay them nothing.
pub(super) fn met(file: &ClaimFile, plan: &Plan, service: &Service<'_>, billing: Option<&Provider>) -> Met {
    let tier = |provider: Option<&Provider>| {
        let enrollment = provider.and_then(|provider| provider.enrollment_on(service.line.from));
        enrollment.and_then(|enrollment| plan.tier_of(&enrollment.networks))
    };
    let open = plan.networks.is_empty().then_some(Network::In);
    let place = |network: &Network| plan.networks_paid().position(|other| other == *network);
    let own = [tier(service.rendering), tier(billing), open].into_iter().flatten().min_by_key(place);
    if let Some(network) = own {
        return Met { network, protection: None, balance_billing: false };
    }
    let inside = |protection| Met { network: Network::In, protection, balance_billing: false };
    if is_ground_ambulance(service) {
        let out = plan.out_of_network.is_some() || !service.is_emergency();
        let network = if out { Network::Out } else { Network::In };
        return Met { network, protection: None, balance_billing: !out || plan.balance_billing };
    }
    if service.is_emergency() {
        return inside(Some(EMERGENCY));
    }
    let facility = file.claim.service_facility_npi.and_then(|npi| case::provider(file, npi));
    let at_facility = FACILITIES.contains(&service.line.place) && NO_SURPRISES.contains(service.line.from);
    match tier(facility).filter(|_| at_facility) {
        Some(network) => Met { network, ..inside(Some(AT_FACILITY)) },
        None => Met { network: Network::Out, protection: None, balance_billing: plan.balance_billing },
    }
}

fn is_ground_ambulance(service: &Service<'_>) -> bool {
    service.line.place == LAND_AMBULANCE || GROUND_AMBULANCE.contains(&service.line.procedure.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adjudication::{Case, ClaimFile, example};
    use crate::domain::plan::Tier;
    use crate::domain::provider::Provider;

    /// A stranger bills and treats.
    fn stranger() -> ClaimFile {
        let mut file = example::office_visit();
        file.claim.billing_npi = example::STRANGER;
        file.claim.lines[0].rendering_npi = example::STRANGER;
        file
    }

    fn network(file: &ClaimFile) -> String {
        Case::open(file).services[0].cover.map_or_else(String::new, |cover| {
            let billed = if cover.balance_billing { ", balance billed" } else { "" };
            format!("{}{billed}", cover.network)
        })
    }

    #[test]
    fn the_better_tier_of_the_two_providers_counts() {
        let mut file = example::office_visit();
        let cost_share = example::plan(&mut file).in_network.clone();
        let preferred = Network::named("preferred");
        example::plan(&mut file).tiers = vec![Tier { network: preferred, networks: vec!["gold".into()], cost_share }];
        assert_eq!(network(&file), "in");
        file.providers[1].enrollments[0].networks.push("gold".into());
        assert_eq!(network(&file), "preferred");
        assert_eq!(network(&ClaimFile { claim: stranger().claim, ..file }), "out, balance billed");
    }

    #[test]
    fn an_emergency_by_its_own_word_place_or_revenue_code_is_met_in_network_and_never_balance_billed() {
        assert_eq!(network(&stranger()), "out, balance billed");
        type Change = fn(&mut ClaimFile);
        let changes: [Change; 3] = [
            |file| file.claim.lines[0].emergency = true,
            |file| file.claim.lines[0].place = PlaceOfService::new("23"),
            |file| file.claim.lines[0].revenue = crate::domain::codes::RevenueCode::new("0450"),
        ];
        for change in changes {
            let mut file = stranger();
            change(&mut file);
            assert_eq!(network(&file), "in");
        }
    }

    #[test]
    fn a_stranger_at_a_facility_of_the_network_is_met_on_its_terms_since_2022() {
        const HOSPITAL: crate::domain::codes::Npi = crate::domain::codes::Npi::new(1_111_111_112);
        let mut file = stranger();
        file.providers.push(Provider { npi: HOSPITAL, ..example::provider(HOSPITAL) });
        file.claim.service_facility_npi = Some(HOSPITAL);
        assert_eq!(network(&file), "out, balance billed", "an office is no facility");
        file.claim.lines[0].place = PlaceOfService::new("22");
        assert_eq!(network(&file), "in");
        file.providers[2].enrollments[0].networks = vec!["red".into()];
        assert_eq!(network(&file), "out, balance billed");
        file.providers[2].enrollments[0].networks = vec!["green".into()];
        file.family[0].coverages[0].period.from = date(2020, 1, 1);
        file.claim.lines[0].from = date(2021, 12, 31);
        assert_eq!(network(&file), "out, balance billed");
    }

    #[test]
    fn a_ground_ambulance_is_not_protected_and_a_closed_plan_pays_it_in_an_emergency_all_the_same() {
        let mut file = stranger();
        file.claim.lines[0].emergency = true;
        file.claim.lines[0].place = LAND_AMBULANCE;
        assert_eq!(network(&file), "out, balance billed");
        example::plan(&mut file).out_of_network = None;
        assert_eq!(network(&file), "in, balance billed");
        file.claim.lines[0].emergency = false;
        example::plan(&mut file).balance_billing = false;
        assert_eq!(network(&file), "out");
    }
}

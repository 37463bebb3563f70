//! Pricing: services of a request to lines that are priced, and their prices as messages.

use super::claims::{self, MAX_LINES};
use super::determination::group_message;
use super::{Violation, Violations};
use crate::adjudication::Denial;
use crate::adjudication::pricing::{Quote, Reduction};
use crate::domain::claim::ServiceLine;
use crate::domain::codes::{Carc, Group, Npi, Rarc, carc};
use crate::domain::dates::Date;
use crate::domain::institutional::TypeOfBill;
use crate::domain::money::Money;
use crate::domain::plan::Network;
use crate::proto::v1 as pb;
use crate::reference::gpci::Locality;
use crate::reference::reason_codes;

/// Stands for a charge that was not told: no fee is above it.
const NO_CHARGE: Money = Money::MAX_CHARGE;
/// Stands for the nation as a whole.
const NATIONAL: &str = "national";
/// Where a service is given, if a request does not say.
const OFFICE: &str = "11";

/// What a request asks, read.
#[derive(Debug)]
pub struct Asked {
    /// The provider, where one is named.
    pub provider: Option<Npi>,
    /// In the plan's networks or not.
    pub network: Network,
    /// The locality, where one is told.
    pub locality: Option<String>,
    /// Type of bill of a facility, where one is told.
    pub bill: Option<TypeOfBill>,
    /// The services.
    pub lines: Vec<ServiceLine>,
}

/// Reads a request, or says everything that is wrong with it.
pub fn parse(message: &pb::PriceServicesRequest, today: Date) -> Result<Asked, Vec<Violation>> {
    let mut found = Violations::default();
    let asked = read(message, today, &mut found);
    found.into_result(asked)
}

fn read(m: &pb::PriceServicesRequest, today: Date, found: &mut Violations) -> Option<Asked> {
    let provider = found.npi_if_any("provider_npi", &m.provider_npi);
    let network = match m.network.as_str() {
        "" | "in" => Network::In,
        "out" => Network::Out,
        other => {
            found.add("network", format!("{other:?}: \"in\" or \"out\""));
            Network::In
        }
    };
    if !m.plan.is_empty() && !m.fee_schedule.is_empty() {
        found.add("plan", "`fee_schedule` is named too: name one of them");
    }
    let national = m.locality.eq_ignore_ascii_case(NATIONAL);
    let place = Locality::from_text(&m.locality);
    if !m.locality.is_empty() && !national && place.is_none() {
        let words = format!("{:?}: five and two digits such as \"01112-05\", or \"{NATIONAL}\"", m.locality);
        found.add("locality", words);
    }
    let bill = TypeOfBill::parse(&m.type_of_bill);
    if bill.is_none() && !m.type_of_bill.is_empty() {
        found.add("type_of_bill", format!("{:?}: three characters such as \"131\"", m.type_of_bill));
    }
    let day = found.date_if_any("service_date", &m.service_date);
    if m.services.is_empty() || m.services.len() > MAX_LINES {
        found.add("services", format!("has {}: 1 to {MAX_LINES} services are priced together", m.services.len()));
    }
    let day = day?.unwrap_or(today).to_string();
    let lines = found.each("services", m.services.get(..MAX_LINES).unwrap_or(&m.services), |line, found| {
        let or = |own: &str, whole: &str| if own.is_empty() { whole.to_owned() } else { own.to_owned() };
        let whole_place = or(&m.place_of_service, OFFICE);
        let line = pb::ServiceLine {
            service_date: or(&line.service_date, &day),
            place_of_service: or(&line.place_of_service, &whole_place),
            ..line.clone()
        };
        // A spreadsheet takes the zero of 02 away, and 2 would pass for an office.
        if line.place_of_service.len() == 1 {
            found.add("place_of_service", format!("{:?}: two characters, such as \"02\"", line.place_of_service));
        }
        let charge_told = line.charge_cents != 0;
        let line = claims::lone_line(&line, found)?;
        Some(if charge_told { line } else { ServiceLine { charge: NO_CHARGE, ..line } })
    });
    let locality = match m.locality.as_str() {
        "" => None,
        _ if national => Some(format!("{}-{}", Locality::NATION.mac, Locality::NATION.number)),
        locality => Some(locality.to_owned()),
    };
    Some(Asked { provider: provider?, network, locality, bill, lines })
}

/// A locality as it is told: such as "01112-05", or "national".
pub fn locality_text(locality: &str) -> &str {
    let place = Locality::from_text(locality);
    if place == Some(Locality::NATION) { NATIONAL } else { locality }
}

/// A price, or why there is none: also where the fee is a part of a charge that was not told.
pub fn message(schedule: &str, line: &ServiceLine, quote: Result<Quote, Denial>) -> pb::ServicePrice {
    match quote {
        Ok(quote) if quote.of_charge && line.charge == NO_CHARGE => {
            let words = format!("{schedule} pays a part of the charge for {}: tell the charge.", line.procedure);
            refused(Denial::contractual(carc("147"), words))
        }
        Ok(quote) => pb::ServicePrice {
            fee_cents: quote.fee.cents(),
            reductions: quote.reductions.iter().map(reduction).collect(),
            allowed_cents: quote.allowed.cents(),
            words: quote.words,
            by_report: quote.by_report.unwrap_or_default().to_owned(),
            denial: None,
            limiting_charge_cents: quote.limiting_charge.map_or(0, Money::cents),
        },
        Err(denial) => refused(denial),
    }
}

fn refused(denial: Denial) -> pb::ServicePrice {
    let told = adjustment(denial.group, denial.carc, &denial.rarcs, Money::ZERO);
    pb::ServicePrice { words: denial.words, denial: Some(told), ..Default::default() }
}

fn reduction(reduction: &Reduction) -> pb::Adjustment {
    adjustment(Group::ContractualObligation, reduction.carc, &reduction.rarcs, reduction.amount)
}

fn adjustment(group: Group, carc: Carc, rarcs: &[Rarc], amount: Money) -> pb::Adjustment {
    pb::Adjustment {
        group: group_message(group).into(),
        carc: carc.to_string(),
        amount_cents: amount.cents(),
        rarcs: rarcs.iter().map(ToString::to_string).collect(),
        step: "pricing".to_owned(),
        words: reason_codes::carc_words(carc).to_owned(),
    }
}

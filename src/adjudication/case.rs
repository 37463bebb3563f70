//! The case: a claim file opened for a decision. What every step asks about the patient and the lines is looked up once.

use crate::domain::claim::{Claim, Frequency, Person, ServiceLine};
use crate::domain::claim_rules::{ServiceNeed, ServiceRule};
use crate::domain::codes::{Drg, Npi, PlaceOfService, ProcedureCode, RevenueCode};
use crate::domain::dates::Date;
use crate::domain::determination::HistoryLine;
use crate::domain::institutional::Institutional;
use crate::domain::member::{Coverage, Member, OtherCoverage};
use crate::domain::plan::{Benefit, CostShare, Network, Plan};
use crate::domain::provider::Provider;
use crate::reference::pprrvu::RelativeValue;
use crate::reference::revenue_codes;
use crate::reference::type_of_bill::bill_kind;

use super::claim_file::ClaimFile;
use super::coordination::order::{Insured, Order, order};
use super::network::{self, Met};
use super::payer_revision::Procedure;
use super::pricing::FeeSchedule;
use super::{benefit_rules, coverage};

/// Benefit of procedures that the payer's table does not name.
const OTHER: &str = "other";

/// Emergency room of a hospital.
const EMERGENCY_ROOM: PlaceOfService = PlaceOfService::new("23");

/// Revenue codes of emergency rooms, 0450 to 0459, begin so.
const EMERGENCY_REVENUE: &str = "045";

/// A claim file, opened.
#[derive(Debug)]
pub struct Case<'a> {
    /// The file.
    pub file: &'a ClaimFile,
    /// Who the patient is.
    pub patient: Patient<'a>,
    /// The billing provider's record.
    pub billing: Option<&'a Provider>,
    /// The lines, in the order of the claim.
    pub services: Vec<Service<'a>>,
    /// The claim as one line, where it may stand on one account: a facility's stay, its days, all its charges.
    pub stay: Option<ServiceLine>,
    /// Lines of the patient's earlier claims, without unprocessable ones and those of the claim that this one replaces.
    pub history: Vec<&'a HistoryLine>,
}

/// Who the patient is among the family.
#[derive(Clone, Copy, Debug)]
pub enum Patient<'a> {
    /// This member.
    Found(&'a Member),
    /// The number is known, but nobody of that name and birth date belongs to it.
    Differs(&'a Member),
    /// The number is not known.
    Unknown,
}

/// A service line and what it falls under.
#[derive(Clone, Debug)]
pub struct Service<'a> {
    /// Zero-based place on the claim.
    pub at: usize,
    /// The line.
    pub line: &'a ServiceLine,
    /// Row of the payer's table for the procedure on the day.
    pub procedure: Option<&'a Procedure>,
    /// The rendering provider's record.
    pub rendering: Option<&'a Provider>,
    /// What covers it; `None` where nothing does on its first day.
    pub cover: Option<Cover<'a>>,
    /// The payer's rules on services that fit it.
    pub rules: Vec<&'a ServiceRule>,
}

/// What covers a line.
#[derive(Clone, Copy, Debug)]
pub struct Cover<'a> {
    /// The member's period of coverage.
    pub coverage: &'a Coverage,
    /// The plan.
    pub plan: &'a Plan,
    /// Whose terms apply: the best tier of rendering and billing provider; in network where the law says so.
    pub network: Network,
    /// The law that puts a provider out of network on the network's terms, in a sentence.
    pub protection: Option<&'static str>,
    /// Whether the provider may bill the patient what is not allowed.
    pub balance_billing: bool,
    /// The cost share on those terms; `None`: not covered there.
    pub share: Option<&'a CostShare>,
    /// The fee schedule that it names.
    pub schedule: Option<&'a FeeSchedule>,
    /// The benefit; `None` where the plan has none for it, nor one for all others.
    pub benefit: Option<&'a Benefit>,
}

impl<'a> Case<'a> {
    /// Opens a file.
    pub fn open(file: &'a ClaimFile) -> Case<'a> {
        let patient = patient(file);
        let member = match patient {
            Patient::Found(member) => Some(member),
            Patient::Differs(_) | Patient::Unknown => None,
        };
        let billing = provider(file, file.claim.billing_npi);
        let service = |(at, line): (usize, &'a ServiceLine)| {
            let mut service = Service {
                at,
                line,
                procedure: file.payer.procedures.lookup(line.procedure, line.from),
                rendering: if line.rendering_npi == file.claim.billing_npi {
                    billing
                } else {
                    provider(file, line.rendering_npi)
                },
                cover: None,
                rules: Vec::new(),
            };
            service.cover = member.and_then(|member| service.covered(file, member, billing));
            service.rules = service.rules_of(file);
            service
        };
        let replaces = file.claim.frequency == Frequency::Replacement;
        let belongs = |earlier: &&HistoryLine| {
            member.is_some_and(|member| member.member_id == earlier.member_id)
                && !earlier.unprocessable
                && !(replaces && earlier.control_number == file.claim.original_control_number)
        };
        Case {
            file,
            patient,
            billing,
            stay: file.claim.institutional.as_deref().and_then(|facility| stay(&file.claim, facility)),
            services: file.claim.lines.iter().enumerate().map(service).collect(),
            history: file.history.iter().filter(belongs).collect(),
        }
    }

    /// The patient's record, where found.
    pub fn member(&self) -> Option<&'a Member> {
        match self.patient {
            Patient::Found(member) => Some(member),
            Patient::Differs(_) | Patient::Unknown => None,
        }
    }

    /// The diagnosis-related group of a stay: the payer's grouper's where it has one, else the claim's own.
    pub fn drg(&self) -> Option<Drg> {
        let grouped = self.file.payer.grouper.as_ref().and_then(|grouper| (grouper.drg_of)(&self.file.claim));
        grouped.or_else(|| self.file.claim.institutional.as_ref()?.drg)
    }

    /// Whether one ledger stands over all the claim's charges: where its fee schedule pays the stay as a whole, or where
    /// nothing prices a stay.
    pub fn stands_on_one_account(&self) -> bool {
        let Some(facility) = &self.file.claim.institutional else { return false };
        match self.services.iter().find_map(|service| service.cover?.schedule) {
            Some(schedule) => schedule.method.is_by_claim(),
            None => facility.bill.is_inpatient(),
        }
    }

    /// The patient's other coverages on the line's day that have a bearing, and whether each pays before this payer.
    pub fn payers_on_record(&self, service: &Service<'a>) -> Vec<(&'a OtherCoverage, Order)> {
        let (Some(member), Some(cover)) = (self.member(), service.cover) else { return vec![] };
        let insured = Insured {
            member,
            family: &self.file.family,
            coverage: cover.coverage,
            plan: cover.plan,
            accident: self.file.claim.accident,
            day: service.line.from,
        };
        member.other_coverages.iter().filter_map(|other| Some((other, order(&insured, other)?))).collect()
    }
}

impl<'a> Service<'a> {
    /// Whether it was an emergency, by its place, its revenue code or its own word.
    pub fn is_emergency(&self) -> bool {
        let line = self.line;
        line.emergency || line.place == EMERGENCY_ROOM || line.revenue.as_str().starts_with(EMERGENCY_REVENUE)
    }

    /// The payer's rules that fit the line, under its plan.
    fn rules_of(&self, file: &'a ClaimFile) -> Vec<&'a ServiceRule> {
        let Some(plan) = self.cover.map(|cover| cover.plan) else { return Vec::new() };
        let (line, rules) = (self.line, &file.payer.claim_rules.services);
        let fits = |rule: &&ServiceRule| rule.fits(line.procedure, &plan.plan_id, line.from, line.place);
        rules.iter().filter(fits).collect()
    }

    /// The first rule on it that asks for this.
    pub fn needs(&self, need: ServiceNeed) -> Option<&'a ServiceRule> {
        self.rules.iter().copied().find(|rule| rule.needs(need))
    }

    fn covered(&self, file: &'a ClaimFile, member: &'a Member, billing: Option<&'a Provider>) -> Option<Cover<'a>> {
        let day = coverage_day(&file.claim, self.line);
        let coverage = coverage::coverage_on(&file.payer, &file.family, member, day).ok()?;
        let plan = file.payer.plan(&coverage.plan_id)?;
        let Met { network, protection, balance_billing } = network::met(file, plan, self, billing);
        let named = match &file.claim.institutional {
            Some(facility) => facility_benefit(&file.claim, facility, self.procedure),
            None => self.procedure.map_or(OTHER, |procedure| &procedure.benefit),
        };
        let benefit = plan.benefit(benefit_rules::choose(file, plan, self, named));
        let share = plan.cost_share(network);
        let schedule = share.and_then(|share| {
            let id = match &file.claim.institutional {
                Some(facility) => plan.facility_schedule(facility.bill, network, share),
                None => &share.fee_schedule,
            };
            file.payer.fee_schedule(id)
        });
        Some(Cover { coverage, plan, network, protection, balance_billing, share, schedule, benefit })
    }
}

impl<'a> Cover<'a> {
    /// Month and day on which benefit years begin: the group's own, or the plan's.
    pub fn year_begins(&self) -> (i8, i8) {
        self.coverage.year_begins.unwrap_or(self.plan.year_begins)
    }

    /// Medicare's row of relative values and payment rules for a procedure, where the fee schedule is built on Medicare's.
    pub fn relative_value(&self, code: ProcedureCode, day: Date) -> Option<&'a RelativeValue> {
        self.schedule?.relative_value(code, day)
    }
}

/// The day that decides who is covered and in which network: the line's; a hospital stay's is that of its beginning.
pub(super) fn coverage_day(claim: &Claim, line: &ServiceLine) -> Date {
    match &claim.institutional {
        Some(facility) if facility.bill.is_hospital_inpatient() => facility.from,
        _ => line.from,
    }
}

/// The benefit of a facility's line: a stay's or a home's own, an emergency room's or an operating room's for all of the
/// claim, and else the procedure's.
fn facility_benefit<'a>(claim: &Claim, facility: &Institutional, procedure: Option<&'a Procedure>) -> &'a str {
    let of_bill = bill_kind(facility.bill).map_or(OTHER, |kind| kind.benefit);
    if of_bill != "outpatient" {
        return of_bill;
    }
    let anywhere = |is: fn(RevenueCode) -> bool| claim.lines.iter().any(|line| is(line.revenue));
    if anywhere(revenue_codes::is_emergency_room) {
        "emergency"
    } else if anywhere(revenue_codes::is_operating_room) {
        "outpatient-surgery"
    } else {
        procedure.map_or(of_bill, |procedure| &procedure.benefit)
    }
}

/// All of a facility's claim as one line: the first, with the statement's days, the claim's charge and the days paid.
fn stay(claim: &Claim, facility: &Institutional) -> Option<ServiceLine> {
    let first = claim.lines.first()?;
    Some(ServiceLine {
        procedure: ProcedureCode::NONE,
        charge: claim.lines.iter().map(|line| line.charge).sum(),
        units: facility.covered_days().into(),
        from: facility.from,
        through: facility.through,
        ..first.clone()
    })
}

pub(super) fn provider(file: &ClaimFile, npi: Npi) -> Option<&Provider> {
    file.providers.iter().find(|provider| provider.npi == npi)
}

fn patient(file: &ClaimFile) -> Patient<'_> {
    let named = file.claim.patient();
    let Some(any) = file.family.first() else { return Patient::Unknown };
    // Twins may be called Jo and Joan: the whole name goes before one that is cut short.
    let alike = || file.family.iter().filter(|member| same_person(&member.person, named));
    if let Some(member) =
        alike().find(|member| same_letters(&member.person.first, &named.first)).or_else(|| alike().next())
    {
        return Patient::Found(member);
    }
    let by_number = file.family.iter().find(|member| member.member_id == file.claim.subscriber.member_id);
    Patient::Differs(by_number.unwrap_or(any))
}

/// Same birth date and names; letter case, spaces and punctuation do not count, and a given name may be cut short.
pub(super) fn same_person(record: &Person, named: &Person) -> bool {
    let births_agree = match (record.birth, named.birth) {
        (Some(a), Some(b)) => a == b,
        _ => true,
    };
    births_agree && same_letters(&record.last, &named.last) && starts_alike(&record.first, &named.first)
}

fn letters(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase)
}

fn same_letters(a: &str, b: &str) -> bool {
    letters(a).eq(letters(b))
}

fn starts_alike(a: &str, b: &str) -> bool {
    let mut pairs = letters(a).zip(letters(b));
    pairs.all(|(x, y)| x == y)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adjudication::example;
    use crate::domain::claim::Sex;
    use crate::domain::dates::date;

    fn person(last: &str, first: &str, year: i16) -> Person {
        Person { last: last.into(), first: first.into(), birth: Some(date(year, 1, 1)), sex: Sex::Unknown }
    }

    #[test]
    fn names_agree_by_letters_and_birth_date() {
        let record = person("O'Testa-Muster", "Maximilian", 1980);
        assert!(same_person(&record, &person("OTESTA MUSTER", "MAX", 1980)));
        assert!(!same_person(&record, &person("OTESTA MUSTER", "MAX", 1981)));
        assert!(!same_person(&record, &person("MUSTER", "MAX", 1980)));
        assert!(!same_person(&record, &person("OTESTA MUSTER", "MINNA", 1980)));
    }

    #[test]
    fn twins_are_told_apart_though_one_name_begins_like_the_other() {
        let mut file = example::office_visit();
        let mut twin = file.family[0].clone();
        twin.member_id = "M2".into();
        (file.family[0].person.first, twin.person.first) = ("Joan".into(), "Jo".into());
        file.family.push(twin);
        for (named, member_id) in [("JOAN", "M1"), ("JO", "M2")] {
            file.claim.subscriber.person.first = named.into();
            assert_eq!(Case::open(&file).member().unwrap().member_id, member_id);
        }
    }

    #[test]
    fn a_stranger_is_out_of_network_but_not_in_an_emergency() {
        let network = |file: &ClaimFile| Case::open(file).services[0].cover.unwrap().network;
        let mut file = example::office_visit();
        assert_eq!(network(&file), Network::In);
        file.claim.billing_npi = example::STRANGER;
        file.claim.lines[0].rendering_npi = example::STRANGER;
        assert_eq!(network(&file), Network::Out);
        file.claim.lines[0].emergency = true;
        assert_eq!(network(&file), Network::In);
    }

    #[test]
    fn history_leaves_out_others_what_was_unprocessable_and_what_the_claim_replaces() {
        let mut file = example::office_visit();
        let earlier = example::earlier(&file);
        let mut unprocessable = earlier.clone();
        unprocessable.unprocessable = true;
        let mut of_a_sibling = earlier.clone();
        of_a_sibling.member_id = "somebody else".into();
        file.history = vec![earlier.clone(), unprocessable, of_a_sibling].into();
        assert_eq!(Case::open(&file).history, [&earlier]);
        file.claim.original_control_number.clone_from(&earlier.control_number);
        assert_eq!(Case::open(&file).history, [&earlier]);
        file.claim.frequency = Frequency::Replacement;
        assert!(Case::open(&file).history.is_empty());
    }
}

//! The made-up payer as a payer folder.

use std::fmt::Write as _;

use jiff::civil::Date;
use payersim::proto::v1 as pb;

use super::payer::{
    Authorization, BENEFITS, Benefit, MadeUp, Member, OTHER_PAYER, PAYER_ID, PROCEDURES, Plan, Provider, Schedule,
    Share, Terms,
};
use super::taken_back::RECOUPED_AFTER;

impl MadeUp {
    /// The folder that says the same.
    pub fn folder(&self) -> pb::PayerFolder {
        let mut tables = vec![pb::TableFile { file: "procedures.csv".into(), text: procedures() }];
        let terms = || self.plans.iter().flat_map(|plan| [Some(&plan.inside), plan.outside.as_ref()]).flatten();
        tables.extend(terms().map(|terms| terms.schedule.table()));
        pb::PayerFolder {
            authorization_rules: None,
            payer: Some(self.settings()),
            plans: self.plans.iter().map(Plan::message).collect(),
            fee_schedules: terms()
                .map(|terms| terms.schedule.message())
                .chain(self.plans.iter().map(Plan::for_stays))
                .collect(),
            policies: Vec::new(),
            value_sets: Vec::new(),
            references: Vec::new(),
            members: self.members.iter().map(|member| member.message(self)).collect(),
            providers: self.providers.iter().map(Provider::message).collect(),
            authorizations: self.authorizations.iter().map(Authorization::message).collect(),
            tables,
        }
    }

    fn settings(&self) -> pb::Payer {
        let unknown = if self.rejects_strangers { pb::UnknownMember::Reject } else { pb::UnknownMember::Deny };
        pb::Payer {
            payer_id: PAYER_ID.into(),
            name: "Simulated Mutual".into(),
            address: Some(address()),
            contact_name: "Claims Desk".into(),
            contact_phone: "5555550100".into(),
            originating_company_id: "690000001".into(),
            clock_start: self.clock_start.to_string(),
            payment_days: self.payment_days,
            unknown_member: unknown.into(),
            payments: Some(pb::PaymentSettings {
                recoupment_days: i32::try_from(RECOUPED_AFTER).unwrap(),
                recoupment_of_replaced: match self.defers_replaced {
                    true => pb::Recoupment::Deferred.into(),
                    false => pb::Recoupment::Unspecified.into(),
                },
                minimum_payment_cents: self.minimum,
                prompt_pay: self.prompt_pay.map(prompt_pay).into_iter().collect(),
                ..Default::default()
            }),
            reviews: Some(self.desk.message()),
            appeals: Some(self.contest.settings()),
            procedures: Some(pb::ProcedureTable { file: "procedures.csv".into(), complete: self.complete }),
            ..Default::default()
        }
    }
}

/// Interest from the first day after so many, at so much percent a year.
fn prompt_pay((days, percent): (i64, i64)) -> pb::PromptPay {
    pb::PromptPay {
        electronic_days: i32::try_from(days).unwrap(),
        rates: vec![pb::InterestRate { from: "2020-01-01".into(), annual_rate: fraction(percent) }],
        ..Default::default()
    }
}

impl Plan {
    /// What stays are paid by.
    fn for_stays(&self) -> pb::FeeSchedule {
        pb::FeeSchedule {
            fee_schedule_id: format!("{}-stays", self.id),
            method: Some(self.stays.method()),
            ..Default::default()
        }
    }

    pub fn message(&self) -> pb::Plan {
        pb::Plan {
            plan_id: self.id.clone(),
            name: format!("Plan {}", self.id),
            claim_filing_indicator: "12".into(),
            benefit_year: format!("{:02}-{:02}", self.year_begins.0, self.year_begins.1),
            networks: self.networks.clone(),
            in_network: Some(self.inside.message()),
            out_of_network: self.outside.as_ref().map(Terms::message),
            benefits: self.benefits.iter().map(Benefit::message).collect(),
            timely_filing_days: self.filing_days,
            referral_benefits: self.referred.iter().map(|name| (*name).to_owned()).collect(),
            balance_billing: self.balance_billing,
            suspect_duplicates: self.suspects.into(),
            deductible_accumulation: self.deductibles.into(),
            out_of_pocket_accumulation: self.maxima.into(),
            appeals: Some(pb::PlanAppeals {
                regime: self.law.0.into(),
                internal_levels: self.law.1,
                ..Default::default()
            }),
            facility_schedules: vec![pb::FacilitySchedule {
                types_of_bill: vec!["11".into()],
                in_network: format!("{}-stays", self.id),
                out_of_network: format!("{}-stays", self.id),
            }],
            ..Default::default()
        }
    }
}

impl Terms {
    fn message(&self) -> pb::CostShare {
        pb::CostShare {
            individual_deductible_cents: self.deductible,
            family_deductible_cents: self.family_deductible,
            aggregate_deductible: self.aggregate,
            individual_out_of_pocket_cents: self.most,
            family_out_of_pocket_cents: self.family_most,
            fee_schedule: self.schedule.id.clone(),
            ..Default::default()
        }
    }
}

impl Schedule {
    fn file(&self) -> String {
        format!("{}.csv", self.id)
    }

    fn table(&self) -> pb::TableFile {
        let mut text = "code,modifier,from,through,facility,non_facility\n".to_owned();
        for (code, facility, elsewhere) in &self.amounts {
            writeln!(text, "{code},,2020-01-01,,{},{}", dollars(*facility), dollars(*elsewhere)).unwrap();
        }
        pb::TableFile { file: self.file(), text }
    }

    fn message(&self) -> pb::FeeSchedule {
        let percentage = fraction(self.of_charge);
        pb::FeeSchedule {
            fee_schedule_id: self.id.clone(),
            amounts_file: self.file(),
            ignore_lower_charge: self.above_charge,
            method: Some(pb::fee_schedule::Method::PercentOfCharge(pb::PercentOfCharge { percentage })),
            ..pb::FeeSchedule::default()
        }
    }
}

impl Benefit {
    fn message(&self) -> pb::Benefit {
        pb::Benefit {
            benefit: self.name.into(),
            excluded: self.excluded.is_some(),
            exclusion_carc: self.excluded.unwrap_or_default().into(),
            in_network: Some(self.inside.message()),
            out_of_network: Some(self.outside.message()),
            visits_per_year: i32::try_from(self.visits).unwrap(),
            dollars_per_year_cents: self.dollars,
            authorization_required: self.authorized,
            waiting_days: i32::try_from(self.waiting).unwrap(),
            ..Default::default()
        }
    }
}

impl Share {
    fn message(&self) -> pb::BenefitShare {
        pb::BenefitShare {
            copay_cents: self.copay,
            coinsurance: if self.coinsurance == 0 { String::new() } else { fraction(self.coinsurance) },
            deductible_waived: self.no_deductible,
            no_cost_share: self.free,
            deductible_first: self.deductible_first,
            coinsurance_maximum_cents: self.coinsurance_most,
            ..Default::default()
        }
    }
}

impl Member {
    pub fn message(&self, payer: &MadeUp) -> pb::Member {
        let coverage = |(plan, from, through): &(usize, Date, Option<Date>)| pb::Coverage {
            plan_id: payer.plans[*plan].id.clone(),
            from: from.to_string(),
            through: through.map_or_else(String::new, |day| day.to_string()),
            primary_care_npi: self.primary_care.clone().unwrap_or_default(),
            ..Default::default()
        };
        pb::Member {
            member_id: self.id.clone(),
            subscriber_id: self.subscriber.clone(),
            relationship_code: if self.id == self.subscriber { "18" } else { "19" }.into(),
            person_name: Some(pb::Name { last: self.last.clone(), first: self.first.into(), ..Default::default() }),
            birth_date: self.birth.to_string(),
            coverages: self.coverages.iter().map(coverage).collect(),
            other_coverages: self.insured_elsewhere.then(other_coverage).into_iter().collect(),
            ..Default::default()
        }
    }
}

impl Provider {
    fn message(&self) -> pb::Provider {
        pb::Provider {
            npi: self.npi.clone(),
            provider_name: Some(pb::Name { last: format!("Practice {}", self.npi), ..Default::default() }),
            tax_id: tax_id(&self.npi),
            enrollments: vec![pb::Enrollment {
                from: self.from.to_string(),
                through: self.through.map_or_else(String::new, |day| day.to_string()),
                networks: self.networks.clone(),
            }],
            withholds: (self.withheld > 0).then(|| self.withhold()).into_iter().collect(),
            ..Default::default()
        }
    }
}

impl Provider {
    fn withhold(&self) -> pb::Withhold {
        pb::Withhold { from: "2020-01-01".into(), rate: fraction(self.withheld), ..Default::default() }
    }
}

impl Authorization {
    pub fn message(&self) -> pb::Authorization {
        pb::Authorization {
            number: self.number.clone(),
            member_id: self.member.clone(),
            procedures: self.codes.iter().map(|code| (*code).to_owned()).collect(),
            npi: self.npi.clone().unwrap_or_default(),
            from: self.from.to_string(),
            through: self.through.to_string(),
            units: if self.units == 0 { String::new() } else { self.units.to_string() },
            referral: self.referral,
            ..Default::default()
        }
    }
}

fn other_coverage() -> pb::OtherCoverage {
    pb::OtherCoverage {
        payer_id: OTHER_PAYER.into(),
        payer_name: "First Pretend Insurance".into(),
        primary: true,
        from: "2020-01-01".into(),
        ..Default::default()
    }
}

/// The tax number of a practice: made of its NPI.
pub fn tax_id(npi: &str) -> String {
    format!("69{}", &npi[3..])
}

pub fn address() -> pb::Address {
    let lines = vec!["1 Pretend Plaza".to_owned()];
    let [city, state, zip] = ["Springfield", "IL", "62701"].map(str::to_owned);
    pb::Address { lines, city, state, zip, ..Default::default() }
}

fn procedures() -> String {
    let mut text = "code,words,benefit,from,through,sex,min_age,max_age,places\n".to_owned();
    for (code, benefit) in PROCEDURES {
        writeln!(text, "{code},service {code},{},2020-01-01,,,,,", BENEFITS[benefit]).unwrap();
    }
    text
}

fn dollars(cents: i64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

fn fraction(percent: i64) -> String {
    format!("{}.{:02}", percent / 100, percent % 100)
}

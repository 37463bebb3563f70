//! Terms of payment: messages to domain.

use super::Violations;
use crate::domain::dates::{Date, Period};
use crate::domain::payment::{Calendar, PaymentTerms, PaymentWindow, PromptPay};
use crate::domain::provider::Withhold;
use crate::proto::v1 as pb;
use crate::reference::payment_timing::{
    MAX_CLAIMS_OF_REMITTANCE, MEDICARE_ELECTRONIC, MEDICARE_PAPER, MEDICARE_RECOUPMENT_DAYS,
};

const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
/// Longest check number.
const MAX_CHECK_NUMBER: i64 = 999_999_999_999_999;
/// Longest account number that a NACHA entry holds (field 5 of the entry detail record).
const MAX_ACCOUNT: usize = 17;
/// What the digits of a routing number count in its check digit.
const ROUTING_WEIGHTS: [u32; 9] = [3, 7, 1, 3, 7, 1, 3, 7, 1];

/// Reads a payer's settings; what they do not say is as the law or the guides have it.
pub(super) fn terms(settings: &pb::PaymentSettings, found: &mut Violations) -> PaymentTerms {
    account(settings.account.as_ref(), found);
    if !(0..=MAX_CHECK_NUMBER).contains(&settings.first_check_number) {
        found.add("first_check_number", format!("{} is none: at most 15 digits", settings.first_check_number));
    }
    let days = |at: usize, text: &String, found: &mut Violations| found.date(&format!("holidays[{at}]"), text);
    let mut holidays: Vec<_> =
        settings.holidays.iter().enumerate().filter_map(|(at, text)| days(at, text, found)).collect();
    holidays.sort_unstable();
    let max_claims = count("max_claims", settings.max_claims, found).unwrap_or(MAX_CLAIMS_OF_REMITTANCE);
    PaymentTerms {
        calendar: calendar(settings.calendar.as_ref(), found).unwrap_or_default(),
        holidays,
        minimum: found.amount("minimum_payment_cents", settings.minimum_payment_cents).unwrap_or_default(),
        max_claims: usize::try_from(max_claims).unwrap_or(usize::MAX),
        recoupment_days: count("recoupment_days", settings.recoupment_days, found).unwrap_or(MEDICARE_RECOUPMENT_DAYS),
        first_check_number: u64::try_from(settings.first_check_number).ok().filter(|number| *number > 0),
        defer_replaced: settings.recoupment_of_replaced() == pb::Recoupment::Deferred,
        reopens_on_retro_change: settings.reopen_on_retro_change,
        defer_reopened: settings.recoupment_of_reopened() == pb::Recoupment::Deferred,
        prompt_pay: found.each("prompt_pay", &settings.prompt_pay, prompt_pay),
    }
}

/// A count that may be left out, which 0 says.
fn count(field: &str, count: i32, found: &mut Violations) -> Option<i32> {
    found.limit(field, count).flatten()
}

/// Reads a calendar, if there is one.
pub(super) fn calendar(message: Option<&pb::PaymentCalendar>, found: &mut Violations) -> Option<Calendar> {
    let message = message?;
    found.within("calendar", |found| {
        let mut weekdays = Vec::new();
        for (at, text) in message.weekdays.iter().enumerate() {
            match (0..).zip(WEEKDAYS).find(|(_, name)| name == text) {
                Some((number, _)) => weekdays.push(number),
                None => found.add(format_args!("weekdays[{at}]"), format!("{text:?} is no weekday: \"monday\"")),
            }
        }
        let mut days_of_month = Vec::new();
        for (at, day) in message.days_of_month.iter().enumerate() {
            match i8::try_from(*day).ok().filter(|day| (1..=31).contains(day)) {
                Some(day) => days_of_month.push(day),
                None => found.add(format_args!("days_of_month[{at}]"), format!("{day} is no day of a month: 1 to 31")),
            }
        }
        let every = match count("every_days", message.every_days, found) {
            Some(days) => found.date("counted_from", &message.counted_from).map(|from| (days, from)),
            None => None,
        };
        Some(Calendar { weekdays, every, days_of_month, business_days: message.business_days })
    })
}

fn prompt_pay(message: &pb::PromptPay, found: &mut Violations) -> Option<PromptPay> {
    if !message.state.is_empty()
        && (message.state.len() != 2 || !message.state.bytes().all(|byte| byte.is_ascii_uppercase()))
    {
        found.add("state", format!("{:?} is no state: two capital letters, such as \"CA\"", message.state));
    }
    let from = found.date_if_any("from", &message.from);
    let through = found.date_if_any("through", &message.through);
    let mut window = |floor: (&str, i32), ceiling: (&str, i32), law: PaymentWindow| {
        let law = if message.medicare { law } else { PaymentWindow::default() };
        let (first, last) = (count(floor.0, floor.1, found), count(ceiling.0, ceiling.1, found).or(law.ceiling));
        let first = first.unwrap_or(law.floor);
        if last.is_some_and(|last| last < first) {
            found.add(ceiling.0, format!("a claim may not be paid before day {first}, and must be by day {last:?}"));
        }
        PaymentWindow { floor: first, ceiling: last }
    };
    let electronic = window(
        ("electronic_floor_days", message.electronic_floor_days),
        ("electronic_days", message.electronic_days),
        MEDICARE_ELECTRONIC,
    );
    let paper =
        window(("paper_floor_days", message.paper_floor_days), ("paper_days", message.paper_days), MEDICARE_PAPER);
    let mut rates = found.each("rates", &message.rates, |rate, found| {
        let from = found.date("from", &rate.from);
        let annual = found
            .required("annual_rate", &rate.annual_rate)
            .and_then(|text| found.fraction_if_any("annual_rate", text));
        Some((from?, annual??))
    });
    rates.sort_by_key(|(from, _)| *from);
    let minimum_interest = found.amount("minimum_interest_cents", message.minimum_interest_cents);
    Some(PromptPay {
        state: message.state.clone(),
        plans: message.plans.clone(),
        period: Period { from: from?.unwrap_or(Date::MIN), through: through? },
        electronic,
        paper,
        rates,
        minimum_interest: minimum_interest?,
    })
}

/// Checks an account, if there is one: it is printed and paid to.
pub(super) fn account(message: Option<&pb::BankAccount>, found: &mut Violations) {
    let Some(account) = message else { return };
    found.within("account", |found| {
        let digits: Vec<u32> = account.routing_number.chars().filter_map(|digit| digit.to_digit(10)).collect();
        let sum: u32 = digits.iter().zip(ROUTING_WEIGHTS).map(|(digit, weight)| digit * weight).sum();
        if digits.len() != 9 || account.routing_number.len() != 9 || !sum.is_multiple_of(10) {
            let number = &account.routing_number;
            found.add("routing_number", format!("{number:?} is none: nine digits, the last a check digit"));
        }
        let number = &account.account_number;
        if number.is_empty() || number.len() > MAX_ACCOUNT || !number.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            found.add("account_number", format!("{number:?} is none: at most {MAX_ACCOUNT} letters and digits"));
        }
    });
}

/// Reads what a contract withholds.
pub(super) fn withhold(message: &pb::Withhold, found: &mut Violations) -> Option<Withhold> {
    let period = found.period(&message.from, &message.through);
    let rate = found.required("rate", &message.rate).and_then(|text| found.fraction_if_any("rate", text));
    Some(Withhold { period: period?, rate: rate??, networks: message.networks.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::money::Money;

    fn faults(settings: pb::PaymentSettings) -> Vec<String> {
        let mut found = Violations::default();
        terms(&settings, &mut found);
        found.into_result(Some(())).err().unwrap_or_default().into_iter().map(|violation| violation.field).collect()
    }

    #[test]
    fn what_is_not_said_is_as_the_law_and_the_guides_have_it() {
        let terms = terms(&pb::PaymentSettings::default(), &mut Violations::default());
        assert_eq!((terms.max_claims, terms.recoupment_days), (10_000, 41));
        assert_eq!((terms.first_check_number, terms.minimum), (None, Money::ZERO));
        let medicare = pb::PromptPay { medicare: true, paper_days: 45, ..Default::default() };
        let rule = prompt_pay(&medicare, &mut Violations::default()).unwrap();
        assert_eq!(rule.window(false), PaymentWindow { floor: 14, ceiling: Some(30) });
        assert_eq!(rule.window(true), PaymentWindow { floor: 29, ceiling: Some(45) });
    }

    // 011000015 is a routing number of the Federal Reserve: 3x(0+0+0) + 7x(1+0+1) + 1x(1+0+5) = 20.
    #[test]
    fn every_mistake_is_named() {
        let account = |routing: &str, number: &str| {
            Some(pb::BankAccount { routing_number: routing.into(), account_number: number.into(), savings: false })
        };
        assert_eq!(faults(pb::PaymentSettings { account: account("011000015", "12"), ..Default::default() }), [""; 0]);
        let settings = pb::PaymentSettings {
            account: account("011000016", ""),
            first_check_number: -1,
            calendar: Some(pb::PaymentCalendar {
                weekdays: vec!["friday".into(), "Freitag".into()],
                every_days: 7,
                days_of_month: vec![15, 32],
                ..Default::default()
            }),
            holidays: vec!["2026-02-31".into()],
            minimum_payment_cents: -1,
            max_claims: -1,
            prompt_pay: vec![pb::PromptPay {
                state: "California".into(),
                electronic_days: 10,
                electronic_floor_days: 14,
                rates: vec![pb::InterestRate { from: "2026-01-01".into(), annual_rate: "15".into() }],
                ..Default::default()
            }],
            ..Default::default()
        };
        let expected = [
            "account.routing_number",
            "account.account_number",
            "first_check_number",
            "holidays[0]",
            "max_claims",
            "calendar.weekdays[1]",
            "calendar.days_of_month[1]",
            "calendar.counted_from",
            "minimum_payment_cents",
            "prompt_pay[0].state",
            "prompt_pay[0].electronic_days",
            "prompt_pay[0].rates[0].annual_rate",
        ];
        assert_eq!(faults(settings), expected);
    }
}

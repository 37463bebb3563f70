//! Floor 3: letters as people read them, printed from their messages: an HTML page of its own, and plain text.

mod html;
mod text;

pub use html::html;
pub use text::text;

use crate::domain::dates::parse_iso;
use crate::domain::money::Money;
use crate::proto::v1 as pb;

/// What every page of a letter says of itself.
pub const NOTICE: &str = "SIMULATED — not a real notice";
/// The same in a sentence.
const NOTICE_SENTENCE: &str =
    "This letter was made by a simulator. It concerns no real person, no real coverage and no real money.";

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Cents as a letter writes them: `$1,234.50`, `-$0.05`.
pub fn money(cents: i64) -> String {
    let plain = Money::from_cents(cents).to_string();
    let (sign, plain) = plain.strip_prefix('-').map_or(("", plain.as_str()), |rest| ("-", rest));
    let (dollars, rest) = plain.split_once('.').unwrap_or((plain, "00"));
    let mut grouped = String::new();
    for (at, digit) in dollars.chars().enumerate() {
        if at > 0 && (dollars.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{sign}${grouped}.{rest}")
}

/// `2026-07-15` as a letter writes it: `July 15, 2026`; what is no date stays as it is.
pub fn long_date(iso: &str) -> String {
    let Some(date) = parse_iso(iso) else { return iso.to_owned() };
    let month = usize::try_from(date.month() - 1).ok().and_then(|at| MONTHS.get(at)).copied().unwrap_or_default();
    format!("{month} {}, {}", date.day(), date.year())
}

/// Days of service: one, or from and through.
fn days(from: &str, through: &str) -> String {
    match (from, through) {
        ("", _) => String::new(),
        (from, through) if through.is_empty() || through == from => long_date(from),
        (from, through) => format!("{} through {}", long_date(from), long_date(through)),
    }
}

/// Ten digits as people dial them: `415-555-0100`.
pub fn telephone(digits: &str) -> String {
    match (digits.get(..3), digits.get(3..6), digits.get(6..)) {
        (Some(area), Some(exchange), Some(line)) if digits.len() == 10 => format!("{area}-{exchange}-{line}"),
        _ => digits.to_owned(),
    }
}

/// The lines of an address.
pub fn address_lines(address: &pb::Address) -> Vec<String> {
    let zip = match address.zip.split_at_checked(5) {
        Some((zip, plus_four)) if plus_four.len() == 4 => format!("{zip}-{plus_four}"),
        _ => address.zip.clone(),
    };
    let place = [address.city.as_str(), ", ", address.state.as_str(), " ", zip.as_str()].concat();
    let place = place.trim_matches([' ', ',']).to_owned();
    let lines = address.lines.iter().cloned().chain([place, address.country.clone()]);
    lines.filter(|line| !line.is_empty()).collect()
}

/// What a letter is about, as pairs of a label and a value.
fn about(letter: &pb::Letter) -> Vec<(&'static str, String)> {
    let Some(re) = &letter.re else { return Vec::new() };
    let number = match (re.charge_cents, re.control_number.as_str()) {
        (_, "") | (0, _) => String::new(),
        (cents, _) => money(cents),
    };
    let pairs = [
        ("Patient", re.patient.clone()),
        ("Member number", re.member_id.clone()),
        ("Claim number", re.control_number.clone()),
        ("Your number", re.patient_control_number.clone()),
        ("Date of service", days(&re.service_from, &re.service_through)),
        ("Provider", re.provider.clone()),
        ("Total charge", number),
        ("Plan", re.plan.clone()),
    ];
    pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_and_dates_read_as_in_a_letter() {
        assert_eq!(
            (money(123_456_789), money(-5), money(10_000)),
            ("$1,234,567.89".into(), "-$0.05".into(), "$100.00".into())
        );
        assert_eq!((long_date("2026-07-05"), long_date("soon")), ("July 5, 2026".into(), "soon".into()));
        assert_eq!(days("2026-07-05", "2026-07-06"), "July 5, 2026 through July 6, 2026");
        assert_eq!((telephone("4155550100"), telephone("911")), ("415-555-0100".into(), "911".into()));
    }

    #[test]
    fn an_address_has_no_empty_lines() {
        let address = pb::Address {
            lines: vec!["1 Nowhere Street".to_owned()],
            city: "San Francisco".to_owned(),
            state: "CA".to_owned(),
            zip: "941030000".to_owned(),
            country: String::new(),
        };
        assert_eq!(address_lines(&address), ["1 Nowhere Street", "San Francisco, CA 94103-0000"]);
        assert!(address_lines(&pb::Address::default()).is_empty());
    }
}

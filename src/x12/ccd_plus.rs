//! A payment by ACH as its bank receives it: a NACHA file of one CCD+ entry, whose addenda repeats the 835's TRN.
//!
//! The two are matched by that trace number (45 CFR 162.1602; NACHA Operating Rules for healthcare EFT, which also set the entry's
//! description).

use jiff::civil::DateTime;

use super::remittance_835::company_id;
use crate::domain::dates::parse_iso;
use crate::proto::v1::Remittance;

/// What NACHA has every healthcare payment say (company entry description).
const DESCRIPTION: &str = "HCCLAIMPMT";
/// Largest amount of one entry, in cents: ten digits.
const MAX_CENTS: i64 = 9_999_999_999;
/// Characters of a record.
const RECORD: usize = 94;
/// Records of a block; a file is filled up to whole blocks.
const BLOCK: usize = 10;

/// Prints the payment; empty where it was not made by ACH, or is more than one entry holds.
pub fn print(remittance: &Remittance) -> String {
    let (Some(from), Some(to)) = (&remittance.from_account, &remittance.to_account) else { return String::new() };
    if remittance.payment_method != "ACH" || remittance.paid_cents > MAX_CENTS {
        return String::new();
    }
    let (payer, payee) = (remittance.payer.clone().unwrap_or_default(), remittance.payee.clone().unwrap_or_default());
    let company = company_id(&payer.originating_company_id);
    let at = remittance.issued_time.parse::<DateTime>().unwrap_or_default();
    let issued = at.strftime("%y%m%d").to_string();
    let paid =
        parse_iso(&remittance.paid_date).map_or_else(|| issued.clone(), |day| day.strftime("%y%m%d").to_string());
    let (bank, entry) = (routing(&from.routing_number), number(remittance.control_number, 7));
    let name = payee.name.unwrap_or_default();
    let name = [name.first.as_str(), name.last.as_str()].join(" ");
    let (receiver, digit) = to.routing_number.split_at_checked(8).unwrap_or((&to.routing_number, ""));
    let kind = if to.savings { "32" } else { "22" };
    let amount = |width| number(remittance.paid_cents, width);
    let hash = format!("{receiver:0>10}");
    let addenda = format!("TRN*1*{}*{company}~", remittance.trace_number);
    let mut records = vec![
        format!(
            "101 {}{}{issued}{}A094101{}{}{}",
            text(&from.routing_number, 9),
            text(&company, 10),
            at.strftime("%H%M"),
            text("BANK", 23),
            text(&payer.name, 23),
            text("", 8),
        ),
        format!(
            "5220{}{}{}CCD{DESCRIPTION}{issued}{paid}{}1{bank}{}",
            text(&payer.name, 16),
            text("", 20),
            text(&company, 10),
            text("", 3),
            number(1, 7),
        ),
        format!(
            "6{kind}{receiver}{digit}{}{}{}{}{}1{bank}{entry}",
            text(&to.account_number, 17),
            amount(10),
            text(&payee.npi, 15),
            text(name.trim(), 22),
            text("", 2),
        ),
        format!("705{}{}{entry}", text(&addenda, 80), number(1, 4)),
        format!(
            "8220{}{hash}{}{}{}{}{}{bank}{}",
            number(2, 6),
            number(0, 12),
            amount(12),
            text(&company, 10),
            text("", 19),
            text("", 6),
            number(1, 7),
        ),
        format!(
            "9{}{}{}{hash}{}{}{}",
            number(1, 6),
            number(1, 6),
            number(2, 8),
            number(0, 12),
            amount(12),
            text("", 39),
        ),
    ];
    records.resize(BLOCK, "9".repeat(RECORD));
    records.iter().map(|record| format!("{record}\n")).collect()
}

/// The first eight digits of a routing number, without its check digit.
fn routing(number: &str) -> String {
    text(number, 8)
}

/// So many characters from the left, filled with blanks; what ACH does not have is a blank.
fn text(text: &str, width: usize) -> String {
    let printable = |c: char| if c.is_ascii_graphic() || c == ' ' { c.to_ascii_uppercase() } else { ' ' };
    let kept: String = text.chars().take(width).map(printable).collect();
    format!("{kept:<width$}")
}

/// The last so many digits, filled with zeros.
fn number(number: i64, width: usize) -> String {
    let digits = format!("{:0>width$}", number.unsigned_abs());
    digits.get(digits.len().saturating_sub(width)..).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proto::v1::{BankAccount, Name, Payee, RemittancePayer};

    fn remittance(method: &str) -> Remittance {
        let account = |routing: &str, number: &str| {
            Some(BankAccount { routing_number: routing.into(), account_number: number.into(), savings: false })
        };
        Remittance {
            paid_date: "2026-07-29".into(),
            issued_time: "2026-07-29T07:05:00".into(),
            trace_number: "2000000010690000101000001".into(),
            payment_method: method.into(),
            paid_cents: 11_610,
            control_number: 1,
            payer: Some(RemittancePayer {
                name: "Demo Mutual Health Plan".into(),
                originating_company_id: "1690000001".into(),
                ..Default::default()
            }),
            payee: Some(Payee {
                npi: "2000000010".into(),
                name: Some(Name { last: "Harborside Sample Clinic".into(), ..Default::default() }),
                ..Default::default()
            }),
            from_account: account("011000015", "100200300"),
            to_account: account("021000021", "123456789"),
            ..Default::default()
        }
    }

    // Places as in NACHA's record layouts: amount 30-39 of the entry, 45-56 of the totals; the hash is the receiver's 02100002.
    #[test]
    fn one_entry_carries_the_amount_and_its_addenda_the_trace_of_the_835() {
        let text = print(&remittance("ACH"));
        let records: Vec<&str> = text.lines().collect();
        assert_eq!(records.len(), 10);
        assert!(records.iter().all(|record| record.len() == 94), "{text}");
        let part = |record: usize, from: usize, through: usize| &records[record][from - 1..through];
        assert_eq!(part(0, 1, 23), "101 0110000151690000001");
        assert_eq!((part(1, 51, 53), part(1, 54, 63), part(1, 70, 75)), ("CCD", "HCCLAIMPMT", "260729"));
        assert_eq!((part(2, 1, 12), part(2, 13, 29)), ("622021000021", "123456789        "));
        assert_eq!((part(2, 30, 39), part(2, 79, 79), part(2, 80, 94)), ("0000011610", "1", "011000010000001"));
        assert_eq!(part(3, 4, 83).trim_end(), "TRN*1*2000000010690000101000001*1690000001~");
        assert_eq!((part(4, 5, 10), part(4, 11, 20), part(4, 33, 44)), ("000002", "0002100002", "000000011610"));
        assert_eq!((part(5, 2, 7), part(5, 22, 31), part(5, 44, 55)), ("000001", "0002100002", "000000011610"));
        assert_eq!(records[9], "9".repeat(94));
    }

    #[test]
    fn a_check_is_no_entry_nor_is_more_than_ten_digits() {
        assert_eq!(print(&remittance("CHK")), "");
        assert_eq!(print(&Remittance { paid_cents: 10_000_000_000, ..remittance("ACH") }), "");
        assert_eq!(print(&Remittance { to_account: None, ..remittance("ACH") }), "");
    }
}

//! A remittance advice as 835 005010X221A1: the message printed, segment by segment.
//!
//! Nothing is decided here. The amounts are the message's own and they balance because a ledger cannot do otherwise;
//! [`balances`] says so.

use jiff::civil::DateTime;
use rust_decimal::Decimal;

use super::delimiters::Delimiters;
use super::service_id::service_id;
use super::writer::{InterchangeHeader, Party, SegmentWriter, composite};
use crate::domain::dates::{d8, parse_iso};
use crate::domain::institutional::TypeOfBill;
use crate::domain::money::Money;
use crate::proto::v1::{
    Address, Adjustment, BankAccount, Determination, FacilityPayment, GroupCode, LineDetermination, Name, Payee,
    Remittance, RemittanceClaim, RemittancePayer, RemittanceService,
};

/// Claim status of a reversal (CLP02): its amounts are those of the reversed decision, negated.
const REVERSAL: &str = "22";
/// Reasons that one CAS holds (CAS02 to CAS19, three elements each).
const REASONS_IN_CAS: usize = 6;
/// Adjustments that one PLB holds (PLB03 to PLB14, two elements each).
const ADJUSTMENTS_IN_PLB: usize = 6;
/// Remarks that one MOA holds (MOA03 to MOA07).
const REMARKS_IN_MOA: usize = 5;
/// Places of the remarks in an MIA.
const REMARKS_IN_MIA: [usize; 5] = [5, 20, 21, 22, 23];
/// Elements of an MIA.
const ELEMENTS_OF_MIA: usize = 24;

/// Prints the advice as a whole interchange of one transaction set. Date, time and number come from the message.
pub fn print(remittance: &Remittance) -> String {
    let (payer, payee) = (remittance.payer.clone().unwrap_or_default(), remittance.payee.clone().unwrap_or_default());
    let control_number = u32::try_from(remittance.control_number.rem_euclid(1_000_000_000)).unwrap_or_default();
    let sender = Party {
        qualifier: or(&payer.interchange_qualifier, "ZZ").into(),
        id: or(&payer.interchange_id, &payer.payer_id).into(),
    };
    let receiver = Party { qualifier: "ZZ".into(), id: or(&payee.npi, &payee.tax_id).into() };
    let mut out = SegmentWriter::new(&InterchangeHeader {
        sender: sender.clone(),
        receiver: receiver.clone(),
        at: remittance.issued_time.parse::<DateTime>().unwrap_or_default(),
        control_number,
        delimiters: Delimiters::USUAL,
    });
    out.group("HP", &sender.id, &receiver.id, control_number, "005010X221A1");
    // ST03 is not used in the 835: the version stands in GS08.
    out.set("835", control_number, "");
    header(&mut out, remittance, &payer, &payee);
    if !remittance.claims.is_empty() {
        out.segment("LX", &["1"]);
    }
    for claim in &remittance.claims {
        if let Some(determination) = &claim.determination {
            claim_payment(&mut out, claim, determination);
        }
    }
    provider_adjustments(&mut out, remittance, &payee);
    String::from_utf8(out.finish()).unwrap_or_default()
}

/// Payment, payer and payee (BPR through loop 1000B).
fn header(out: &mut SegmentWriter, remittance: &Remittance, payer: &RemittancePayer, payee: &Payee) {
    let company = company_id(&payer.originating_company_id);
    let (paid, date) = (amount(remittance.paid_cents), date(&remittance.paid_date));
    // H: notification only, because no money moves.
    let handling = if remittance.paid_cents == 0 { "H" } else { "I" };
    let method = remittance.payment_method.as_str();
    // With a payment by wire the payer names itself (BPR10) as it does in the trace (TRN03).
    let (format, by) = if method == "ACH" { ("CCP", company.as_str()) } else { ("", "") };
    // A payer's account is a checking account: BPR08 has no other code.
    let [from, to] = [bank(remittance.from_account.as_ref(), false), bank(remittance.to_account.as_ref(), true)];
    let mut payment = vec![handling, &paid, "C", method, format];
    payment.extend(from);
    payment.extend([by, ""]);
    payment.extend(to);
    payment.push(&date);
    out.segment("BPR", &payment);
    out.segment("TRN", &["1", &remittance.trace_number, &company]);
    out.segment("DTM", &["405", &date]);

    out.segment("N1", &["PR", cut(&payer.name, 60)]);
    address(out, payer.address.as_ref());
    if !payer.payer_id.is_empty() {
        out.segment("REF", &["2U", &payer.payer_id]);
    }
    let phone = if payer.contact_phone.is_empty() { "" } else { "TE" };
    out.segment("PER", &["BL", cut(&payer.contact_name, 60), phone, &payer.contact_phone]);

    let name = whole_name(payee.name.as_ref());
    let (qualifier, id) = if payee.npi.is_empty() { ("FI", &payee.tax_id) } else { ("XX", &payee.npi) };
    out.segment("N1", &["PE", cut(&name, 60), qualifier, id]);
    address(out, payee.address.as_ref());
    if qualifier == "XX" && !payee.tax_id.is_empty() {
        out.segment("REF", &["TJ", &payee.tax_id]);
    }
}

/// Routing number and account, each behind its qualifier (BPR06 to 09, BPR12 to 15).
fn bank(account: Option<&BankAccount>, may_be_savings: bool) -> [&str; 4] {
    let Some(account) = account else { return [""; 4] };
    let kind = if account.savings && may_be_savings { "SG" } else { "DA" };
    ["01", &account.routing_number, kind, &account.account_number]
}

/// One claim (loop 2100) with its services.
fn claim_payment(out: &mut SegmentWriter, claim: &RemittanceClaim, determination: &Determination) {
    let status = determination.claim_status_code.as_str();
    let facility = determination.facility_payment.clone().unwrap_or_default();
    let patient_owes = match determination.patient_responsibility_cents {
        cents if cents > 0 && status != REVERSAL => amount(cents),
        _ => String::new(),
    };
    out.segment(
        "CLP",
        &[
            // The guide's word for a claim that came without a number.
            or(&claim.patient_control_number, "0"),
            status,
            &amount(determination.charge_cents),
            &amount(determination.paid_cents),
            &patient_owes,
            filing_indicator(&claim.claim_filing_indicator),
            &claim.control_number,
            &claim.place_of_service,
            &claim.frequency_code,
            "",
            &facility.drg,
            &facility.drg_weight,
            &facility.discharge_fraction,
        ],
    );
    if let Some(account) = &determination.account {
        adjustments(out, &account.adjustments);
    }
    let patient = claim.patient_name.clone().unwrap_or_default();
    person(out, "QC", "1", &patient, "MI", &claim.patient_member_id);
    if let Some(subscriber) = claim.subscriber_name.as_ref() {
        person(out, "IL", "1", subscriber, "MI", or(&claim.subscriber_member_id, &claim.patient_member_id));
    }
    if let Some(provider) = claim.rendering_provider.as_ref() {
        let name = provider.name.clone().unwrap_or_default();
        let kind = if name.first.is_empty() && !name.last.is_empty() { "2" } else { "1" };
        person(out, "82", kind, &name, "XX", &provider.npi);
    }
    let is_stay = TypeOfBill::parse(&claim.type_of_bill).is_some_and(|bill| bill.is_inpatient());
    let remarks = distinct(determination.rarcs.iter());
    if is_stay {
        inpatient(out, &facility, &remarks);
    } else {
        outpatient(out, &facility, &remarks);
    }
    // Of a correction under a number of its own: the number of what it corrects.
    if !claim.original_control_number.is_empty() {
        out.segment("REF", &["F8", cut(&claim.original_control_number, 50)]);
    }
    if !claim.medical_record_number.is_empty() {
        out.segment("REF", &["EA", cut(&claim.medical_record_number, 50)]);
    }
    dated(out, "232", &claim.service_from);
    dated(out, "233", or(&claim.service_through, &claim.service_from));
    dated(out, "036", &claim.coverage_expired);
    dated(out, "050", &claim.received_date);
    supplement(out, "I", claim.interest_cents);
    supplement(out, "AU", covered_charge(determination));
    if is_stay && facility.covered_days != 0 {
        out.segment("QTY", &["CA", &facility.covered_days.to_string()]);
    }
    // What the claim's account explains, no service explains again.
    for (service, line) in claim.services.iter().zip(&determination.lines).filter(|(_, line)| !line.on_account) {
        service_payment(out, service, line);
    }
}

/// What was charged and not denied.
fn covered_charge(determination: &Determination) -> i64 {
    if determination.account.as_ref().is_some_and(|account| account.denied) {
        return 0;
    }
    determination.lines.iter().filter(|line| !line.denied).map(|line| line.charge_cents).sum()
}

/// How a stay was paid: days, amounts of the group, remarks (MIA). Amounts that do not arise are left out.
fn inpatient(out: &mut SegmentWriter, facility: &FacilityPayment, remarks: &[&str]) {
    if remarks.is_empty() && *facility == FacilityPayment::default() {
        return;
    }
    let known = |cents: i64| if cents == 0 { String::new() } else { amount(cents) };
    let mut elements = vec![String::new(); ELEMENTS_OF_MIA];
    let mut set = |place: usize, value: String| {
        if let Some(element) = elements.get_mut(place - 1) {
            *element = value;
        }
    };
    set(1, facility.covered_days.to_string());
    set(2, known(facility.operating_outlier_cents));
    set(4, known(facility.drg_cents));
    set(8, known(facility.capital_cents));
    set(14, known(facility.operating_hospital_cents));
    set(16, known(facility.operating_federal_cents));
    set(17, known(facility.capital_outlier_cents));
    for (place, remark) in REMARKS_IN_MIA.into_iter().zip(remarks) {
        set(place, (*remark).to_owned());
    }
    out.segment("MIA", &elements.iter().map(String::as_str).collect::<Vec<_>>());
}

/// Remarks on the claim, and how an outpatient facility was paid (MOA).
fn outpatient(out: &mut SegmentWriter, facility: &FacilityPayment, remarks: &[&str]) {
    let payable = match facility.procedures_payable_cents {
        0 => String::new(),
        cents => amount(cents),
    };
    if remarks.is_empty() && payable.is_empty() && facility.reimbursement_rate.is_empty() {
        return;
    }
    let kept = remarks.iter().copied().take(REMARKS_IN_MOA);
    out.segment("MOA", &[&facility.reimbursement_rate, payable.as_str()].into_iter().chain(kept).collect::<Vec<_>>());
}

/// One service (loop 2110).
fn service_payment(out: &mut SegmentWriter, service: &RemittanceService, line: &LineDetermination) {
    let (procedure, revenue) =
        service_id(&service.procedure_qualifier, &service.procedure_code, &service.modifiers, &service.revenue_code);
    let (billed, paid) = (units(&service.units), units(&line.paid_units));
    out.segment(
        "SVC",
        &[
            &procedure,
            &amount(line.charge_cents),
            &amount(line.paid_cents),
            revenue,
            &paid,
            "",
            if billed == paid { "" } else { &billed },
        ],
    );
    if service.service_end_date.is_empty() || service.service_end_date == service.service_date {
        dated(out, "472", &service.service_date);
    } else {
        dated(out, "150", &service.service_date);
        dated(out, "151", &service.service_end_date);
    }
    adjustments(out, &line.adjustments);
    if !line.apc.is_empty() {
        out.segment("REF", &["APC", &line.apc]);
    }
    if !service.line_control_number.is_empty() {
        out.segment("REF", &["6R", &service.line_control_number]);
    }
    supplement(out, "B6", line.allowed_cents);
    for remark in distinct(line.adjustments.iter().flat_map(|adjustment| &adjustment.rarcs)) {
        out.segment("LQ", &["HE", remark]);
    }
}

/// One CAS for each group and six reasons, in the order of the ledger; a reason stands once in its group.
fn adjustments(out: &mut SegmentWriter, adjustments: &[Adjustment]) {
    let mut reasons: Vec<(&str, &str, i64)> = Vec::new();
    for adjustment in adjustments {
        let (group, carc) = (group(adjustment.group), adjustment.carc.as_str());
        match reasons.iter_mut().find(|(g, c, _)| (*g, *c) == (group, carc)) {
            Some((_, _, cents)) => *cents += adjustment.amount_cents,
            None => reasons.push((group, carc, adjustment.amount_cents)),
        }
    }
    for group in distinct(reasons.iter().map(|(group, ..)| group)) {
        let of_group: Vec<_> = reasons.iter().filter(|(g, ..)| *g == group).collect();
        for some in of_group.chunks(REASONS_IN_CAS) {
            let triplets = some.iter().flat_map(|(_, carc, cents)| [(*carc).to_owned(), amount(*cents), String::new()]);
            let elements: Vec<String> = std::iter::once(group.to_owned()).chain(triplets).collect();
            out.segment("CAS", &elements.iter().map(String::as_str).collect::<Vec<_>>());
        }
    }
}

/// Money that belongs to no claim, under the payee's number and the end of its fiscal year (31 December, as for all
/// whose year is not known).
fn provider_adjustments(out: &mut SegmentWriter, remittance: &Remittance, payee: &Payee) {
    let year_end = format!("{:.4}1231", date(&remittance.paid_date));
    for some in remittance.provider_adjustments.chunks(ADJUSTMENTS_IN_PLB) {
        let pairs = some.iter().flat_map(|adjustment| {
            [composite(&[&adjustment.reason_code, cut(&adjustment.reference, 50)]), amount(adjustment.amount_cents)]
        });
        let elements: Vec<String> =
            [or(&payee.npi, &payee.tax_id).to_owned(), year_end.clone()].into_iter().chain(pairs).collect();
        out.segment("PLB", &elements.iter().map(String::as_str).collect::<Vec<_>>());
    }
}

/// Checks that every cent of the advice is paid or explained: each line, each claim, the whole.
///
/// # Errors
///
/// Names the first place that does not balance, with both sums.
pub fn balances(remittance: &Remittance) -> Result<(), String> {
    let same = |place: &str, is: i64, should_be: i64| match is == should_be {
        true => Ok(()),
        false => Err(format!("{place}: {}, should be {}", Money::from_cents(is), Money::from_cents(should_be))),
    };
    let mut paid = 0;
    for claim in &remittance.claims {
        let number = &claim.control_number;
        let Some(decision) = &claim.determination else { return Err(format!("claim {number}: no determination")) };
        if claim.services.len() != decision.lines.len() {
            return Err(format!("claim {number}: {} services, {} lines", claim.services.len(), decision.lines.len()));
        }
        let all =
            |adjustments: &[Adjustment]| adjustments.iter().map(|adjustment| adjustment.amount_cents).sum::<i64>();
        let of_patient = |adjustments: &[Adjustment]| {
            let of_patient = adjustments.iter().filter(|adjustment| group(adjustment.group) == "PR");
            of_patient.map(|adjustment| adjustment.amount_cents).sum::<i64>()
        };
        for line in &decision.lines {
            // A line on the claim's account is not accounted for a second time.
            let own = if line.on_account { 0 } else { line.charge_cents };
            let adjusted = all(&line.adjustments);
            same(&format!("claim {number} line {} paid", line.line), line.paid_cents, own - adjusted)?;
        }
        let account = decision.account.clone().unwrap_or_default();
        let on_account = decision.lines.iter().filter(|line| line.on_account).map(|line| line.charge_cents).sum();
        same(&format!("claim {number} charge on account"), account.charge_cents, on_account)?;
        let left = account.charge_cents - all(&account.adjustments);
        same(&format!("claim {number} paid on account"), account.paid_cents, left)?;
        let sum = |of: fn(&LineDetermination) -> i64| decision.lines.iter().map(of).sum::<i64>();
        same(&format!("claim {number} charge"), decision.charge_cents, sum(|line| line.charge_cents))?;
        let paid_for_it = sum(|line| line.paid_cents) + account.paid_cents;
        same(&format!("claim {number} paid"), decision.paid_cents, paid_for_it)?;
        let patient_owes = decision.lines.iter().map(|line| of_patient(&line.adjustments)).sum::<i64>()
            + of_patient(&account.adjustments);
        same(&format!("claim {number} patient"), decision.patient_responsibility_cents, patient_owes)?;
        paid += decision.paid_cents;
    }
    let adjusted: i64 = remittance.provider_adjustments.iter().map(|adjustment| adjustment.amount_cents).sum();
    let interest = remittance.claims.iter().map(|claim| claim.interest_cents).sum::<i64>();
    let told = remittance.provider_adjustments.iter().filter(|adjustment| adjustment.reason_code == "L6");
    same("interest (PLB L6)", told.map(|adjustment| adjustment.amount_cents).sum(), -interest)?;
    same("paid in all", remittance.paid_cents, paid - adjusted)?;
    match (remittance.paid_cents, remittance.payment_method.as_str()) {
        (..0, _) => Err("paid in all: below zero, which is to be forwarded".into()),
        (0, "NON") | (1.., "CHK" | "ACH") => Ok(()),
        (cents, method) => Err(format!("paid in all: {} by {method}", Money::from_cents(cents))),
    }
}

/// Writes a name with its id; without the id where there is none, which only the patient (QC) may be.
fn person(out: &mut SegmentWriter, role: &str, kind: &str, name: &Name, qualifier: &str, id: &str) {
    let qualifier = match (id.is_empty(), role) {
        (false, _) => qualifier,
        (true, "QC") => "",
        (true, _) => return,
    };
    let [last, first] = [cut(&name.last, 60), cut(&name.first, 35)];
    let [middle, suffix] = [cut(&name.middle, 25), cut(&name.suffix, 10)];
    out.segment("NM1", &[role, kind, last, first, middle, "", suffix, qualifier, id]);
}

fn address(out: &mut SegmentWriter, address: Option<&Address>) {
    let Some(address) = address else { return };
    let lines: Vec<&str> = address.lines.iter().take(2).map(|line| cut(line, 55)).collect();
    if !lines.is_empty() {
        out.segment("N3", &lines);
    }
    out.segment("N4", &[cut(&address.city, 30), &address.state, &address.zip, &address.country]);
}

/// Writes a DTM; nothing where there is no such date.
fn dated(out: &mut SegmentWriter, qualifier: &str, iso: &str) {
    if let Some(date) = parse_iso(iso) {
        out.segment("DTM", &[qualifier, &d8(date)]);
    }
}

/// Writes an AMT, which tells and does not count; amounts of nothing are not told.
fn supplement(out: &mut SegmentWriter, qualifier: &str, cents: i64) {
    if cents != 0 {
        out.segment("AMT", &[qualifier, &amount(cents)]);
    }
}

/// SBR09 of a claim as CLP06, whose list is shorter.
///
/// Commercial and Blue Cross plans go under 12, which stands for Blue Cross participation too; the plan of federal
/// employees under OF, another federal program; what else is not on CLP06's list is ZZ, mutually defined.
fn filing_indicator(of_claim: &str) -> &str {
    match of_claim {
        "12" | "13" | "14" | "15" | "16" | "17" | "AM" | "CH" | "DS" | "HM" | "LM" | "MA" | "MB" | "MC" | "OF"
        | "TV" | "VA" | "WC" => of_claim,
        "BL" | "CI" => "12",
        "FI" => "OF",
        _ => "ZZ",
    }
}

/// TRN03 takes ten characters: an employer's number of nine digits comes behind a 1.
pub(super) fn company_id(id: &str) -> String {
    if id.len() == 9 { format!("1{id}") } else { id.to_owned() }
}

fn group(code: i32) -> &'static str {
    match GroupCode::try_from(code).unwrap_or_default() {
        GroupCode::Co => "CO",
        GroupCode::Pr => "PR",
        GroupCode::Pi => "PI",
        GroupCode::Oa | GroupCode::Unspecified => "OA",
    }
}

/// Every text once, in the order of its first place.
fn distinct<'a, T: AsRef<str> + ?Sized + 'a>(texts: impl Iterator<Item = &'a T>) -> Vec<&'a str> {
    let mut seen = Vec::new();
    for text in texts.map(AsRef::as_ref) {
        if !seen.contains(&text) {
            seen.push(text);
        }
    }
    seen
}

fn whole_name(name: Option<&Name>) -> String {
    let Some(name) = name else { return String::new() };
    let parts = [&name.first, &name.middle, &name.last, &name.suffix];
    parts.into_iter().filter(|part| !part.is_empty()).map(String::as_str).collect::<Vec<_>>().join(" ")
}

fn amount(cents: i64) -> String {
    Money::from_cents(cents).x12()
}

/// A count of units, shortest: `1`, `2.5`.
fn units(decimal: &str) -> String {
    decimal.parse::<Decimal>().map_or_else(|_| decimal.to_owned(), |units| units.normalize().to_string())
}

fn date(iso: &str) -> String {
    parse_iso(iso).map(d8).unwrap_or_default()
}

fn or<'a>(text: &'a str, instead: &'a str) -> &'a str {
    if text.is_empty() { instead } else { text }
}

/// At most so many characters, which is all that the element takes.
fn cut(text: &str, max: usize) -> &str {
    text.char_indices().nth(max).map_or(text, |(end, _)| text.get(..end).unwrap_or(text)).trim()
}

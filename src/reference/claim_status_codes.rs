//! Claim status codes: what became of a claim that was sent, as a 277CA carries it in STC01, and where it stands, as a 277
//! does.
//!
//! X12 keeps the lists (category codes 507, status codes 508, <https://x12.org/codes/claim-status-codes>) and holds
//! their text; the words here are ours. The tables are partial: what this payer can say.

use crate::domain::codes::Code;

/// Claim status category code (X12 STC01-1).
pub type StatusCategory = Code<2>;
/// Claim status code (X12 STC01-2).
pub type ClaimStatus = Code<3>;

/// What a category says, in our own words; `None` for one that the program does not describe.
pub fn category_words(code: StatusCategory) -> Option<&'static str> {
    words_in(CATEGORIES, code)
}

/// What a status says, in our own words; `None` for one that the program does not describe.
pub fn status_words(code: ClaimStatus) -> Option<&'static str> {
    words_in(STATUSES, code)
}

/// Whether a category turns the claim away; such a claim was never adjudicated.
pub fn is_rejection(code: StatusCategory) -> bool {
    [A3, A4, A6, A7, A8].contains(&code)
}

/// Whether a status speaks of somebody whom STC01-3 must name, such as `85` for the billing provider.
pub fn needs_entity(code: ClaimStatus) -> bool {
    NEED_ENTITY.split(' ').any(|needs| needs == code.as_str())
}

/// The status of a charge that was denied for a reason (CARC), and whom it is about (STC01-3; empty: nobody).
pub fn status_of_denial(carc: &str) -> (ClaimStatus, &'static str) {
    let (status, entity) = match carc {
        "4" | "182" => ("453", ""),
        "5" | "58" => ("249", ""),
        "6" => ("475", ""),
        "7" => ("474", ""),
        "11" | "146" | "167" => ("488", ""),
        "13" => ("159", "QC"),
        "14" => ("158", "QC"),
        "15" | "197" | "198" | "296" => ("84", ""),
        "16" | "125" | "129" => ("21", ""),
        "18" => ("54", ""),
        "22" => ("85", "PR"),
        "24" => ("105", ""),
        "26" | "27" | "200" => ("88", "QC"),
        "29" => ("718", ""),
        "31" => ("33", ""),
        "32" | "33" | "34" => ("92", "QC"),
        "35" | "119" | "149" => ("483", ""),
        "50" => ("287", ""),
        "51" => ("81", ""),
        "109" => ("116", ""),
        "110" => ("510", ""),
        "140" => ("30", ""),
        "163" | "164" | "226" | "227" | "250" | "251" | "252" => ("294", ""),
        "181" => ("454", ""),
        "199" => ("455", ""),
        "242" => ("96", "82"),
        "243" => ("94", "QC"),
        "170" | "172" | "185" | "B7" => ("91", "82"),
        _ => ("585", ""),
    };
    (Code::new(status), entity)
}

fn words_in<const N: usize>(table: &[(Code<N>, &'static str)], code: Code<N>) -> Option<&'static str> {
    table.binary_search_by_key(&code, |(code, _)| *code).ok().and_then(|at| table.get(at)).map(|(_, words)| *words)
}

/// Received.
pub const A1: StatusCategory = Code::new("A1");
/// Accepted for adjudication.
pub const A2: StatusCategory = Code::new("A2");
/// Turned away as unprocessable.
pub const A3: StatusCategory = Code::new("A3");
/// Not found.
pub const A4: StatusCategory = Code::new("A4");
/// Turned away: information missing.
pub const A6: StatusCategory = Code::new("A6");
/// Turned away: information not valid.
pub const A7: StatusCategory = Code::new("A7");
/// Turned away: information that does not agree.
pub const A8: StatusCategory = Code::new("A8");

/// Nothing found by what was asked.
pub const D0: StatusCategory = Code::new("D0");
/// The question has an error.
pub const E0: StatusCategory = Code::new("E0");
/// Decided; the payment has not been made.
pub const F0: StatusCategory = Code::new("F0");
/// Decided, with a payment.
pub const F1: StatusCategory = Code::new("F1");
/// Decided and denied.
pub const F2: StatusCategory = Code::new("F2");
/// Decided and since changed.
pub const F3: StatusCategory = Code::new("F3");
/// Decided; no payment will follow.
pub const F4: StatusCategory = Code::new("F4");
/// In process.
pub const P1: StatusCategory = Code::new("P1");
/// Waits for the payer's review.
pub const P2: StatusCategory = Code::new("P2");
/// Waits for information from the provider.
pub const P3: StatusCategory = Code::new("P3");
/// Waits for information from the patient.
pub const P4: StatusCategory = Code::new("P4");
/// Held by the payer.
pub const P5: StatusCategory = Code::new("P5");

const CATEGORIES: &[(StatusCategory, &str)] = &[
    (Code::new("A0"), "forwarded to another"),
    (A1, "received"),
    (A2, "accepted for adjudication"),
    (A3, "turned away: it cannot be processed"),
    (A4, "not found"),
    (Code::new("A5"), "split into several"),
    (A6, "turned away: information is missing"),
    (A7, "turned away: information is not valid"),
    (A8, "turned away: information does not agree"),
    (D0, "nothing found by what was asked"),
    (E0, "not answered: the question has an error"),
    (F0, "decided"),
    (F1, "decided, with a payment"),
    (F2, "decided and denied"),
    (F3, "decided and since changed"),
    (F4, "decided; no payment will follow"),
    (P1, "in process"),
    (P2, "waits for the payer's review"),
    (P3, "waits for information from the provider"),
    (P4, "waits for information from the patient"),
    (P5, "held by the payer"),
];

/// Codes of statuses that speak of somebody, spaces between.
const NEED_ENTITY: &str = "23 26 88 91 97 125 126 128 145 153 157 158 159 163 164 182 183 252 480 496 500 501 502 503 504 505 516 562 85 92 94 96";

/// By code, as text.
const STATUSES: &[(ClaimStatus, &str)] = &[
    (Code::new("1"), "more is told by the remittance advice"),
    (Code::new("101"), "processed as an adjustment to an earlier claim"),
    (Code::new("103"), "combined with other claims"),
    (Code::new("105"), "paid by capitation"),
    (Code::new("110"), "needs a price"),
    (Code::new("116"), "sent to the wrong payer"),
    (Code::new("121"), "more service lines than the payer takes"),
    (Code::new("122"), "data missing or not valid, so that the claim cannot be processed"),
    (Code::new("125"), "name"),
    (Code::new("126"), "address"),
    (Code::new("128"), "tax number"),
    (Code::new("145"), "specialty (taxonomy code)"),
    (Code::new("153"), "identifier"),
    (Code::new("156"), "patient's relationship to the subscriber"),
    (Code::new("157"), "sex"),
    (Code::new("158"), "date of birth"),
    (Code::new("159"), "date of death"),
    (Code::new("163"), "policy or group number"),
    (Code::new("164"), "member number"),
    (Code::new("171"), "information on other insurance"),
    (Code::new("178"), "charges"),
    (Code::new("182"), "what other payers allowed or paid"),
    (Code::new("183"), "amount that another paid"),
    (Code::new("187"), "dates of service"),
    (Code::new("189"), "admission date"),
    (Code::new("19"), "receipt acknowledged"),
    (Code::new("20"), "accepted for processing"),
    (Code::new("21"), "information missing or not valid"),
    (Code::new("218"), "drug code (NDC)"),
    (Code::new("23"), "returned"),
    (Code::new("247"), "service line"),
    (Code::new("249"), "place of service"),
    (Code::new("252"), "authorization number"),
    (Code::new("254"), "principal diagnosis"),
    (Code::new("255"), "diagnosis"),
    (Code::new("26"), "not found"),
    (Code::new("286"), "another payer's explanation of benefits"),
    (Code::new("287"), "medical necessity of the service"),
    (Code::new("294"), "supporting documentation"),
    (Code::new("3"), "decided; waits for the payment run"),
    (Code::new("30"), "subscriber and member number do not go together"),
    (Code::new("33"), "subscriber and member number not found"),
    (Code::new("35"), "claim not found"),
    (Code::new("400"), "claim does not balance"),
    (Code::new("402"), "amount must be above zero"),
    (Code::new("41"), "special handling at the payer"),
    (Code::new("453"), "procedure modifier"),
    (Code::new("454"), "procedure code"),
    (Code::new("455"), "revenue code"),
    (Code::new("46"), "reviewed within the payer"),
    (Code::new("464"), "payer's claim control number"),
    (Code::new("474"), "procedure and patient's sex do not agree"),
    (Code::new("475"), "procedure and patient's age do not agree"),
    (Code::new("476"), "units missing or not valid"),
    (Code::new("477"), "diagnosis pointer missing or not valid"),
    (Code::new("478"), "submitter's claim identifier"),
    (Code::new("479"), "other payer's identifier missing or not valid"),
    (Code::new("480"), "claim filing indicator"),
    (Code::new("481"), "format of the claim not valid"),
    (Code::new("483"), "the benefit's maximum is reached"),
    (Code::new("488"), "diagnosis codes for the service"),
    (Code::new("489"), "attachment control number"),
    (Code::new("495"), "name the newest control number of the claim to be adjusted"),
    (Code::new("496"), "submitter may not send claims for this provider"),
    (Code::new("500"), "postal code"),
    (Code::new("501"), "state"),
    (Code::new("502"), "city"),
    (Code::new("503"), "street address"),
    (Code::new("504"), "last name"),
    (Code::new("505"), "first name"),
    (Code::new("507"), "procedure code (HCPCS)"),
    (Code::new("510"), "a date in the future"),
    (Code::new("511"), "a character that is not allowed"),
    (Code::new("512"), "too long for the payer's system"),
    (Code::new("516"), "another payer's decision or payment date"),
    (Code::new("52"), "other insurance is being looked into"),
    (Code::new("521"), "adjustment reason code"),
    (Code::new("535"), "claim frequency code"),
    (Code::new("54"), "duplicate of a claim or line processed before"),
    (Code::new("544"), "laboratory certificate (CLIA) number"),
    (Code::new("56"), "waits for eligibility to be settled"),
    (Code::new("562"), "national provider identifier"),
    (Code::new("585"), "charge denied or not covered"),
    (Code::new("65"), "paid"),
    (Code::new("718"), "not submitted in time"),
    (Code::new("78"), "duplicate of a claim or line in process"),
    (Code::new("81"), "condition from before the coverage"),
    (Code::new("84"), "service not authorized"),
    (Code::new("85"), "is not the primary payer"),
    (Code::new("88"), "not eligible for benefits on the dates of service"),
    (Code::new("9"), "nothing will be paid"),
    (Code::new("91"), "not eligible or approved on the dates of service"),
    (Code::new("92"), "does not qualify as a dependent or student"),
    (Code::new("94"), "not referred by the primary care provider"),
    (Code::new("96"), "no agreement with the payer"),
    (Code::new("97"), "patient's eligibility not found"),
    (Code::new("98"), "charges went to the deductible"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_stand_in_order_and_once() {
        assert!(CATEGORIES.is_sorted_by(|a, b| a.0 < b.0));
        assert!(STATUSES.is_sorted_by(|a, b| a.0 < b.0));
    }

    #[test]
    fn accepting_is_no_rejection() {
        assert!(!is_rejection(A1) && !is_rejection(A2));
        assert!([A3, A6, A7, A8].into_iter().all(is_rejection));
    }

    #[test]
    fn what_intake_says_has_words() {
        for code in ["19", "20", "21", "33", "125", "145", "178", "187", "464", "500", "504", "510", "562"] {
            assert!(status_words(Code::new(code)).is_some(), "{code}");
        }
        assert_eq!(category_words(A7), Some("turned away: information is not valid"));
        assert_eq!(status_words(Code::new("999")), None);
    }

    /// CARC 29 is lateness, and 26 the patient's coverage; what has no status of its own is a denied charge.
    #[test]
    fn a_denial_has_the_status_of_its_reason() {
        assert_eq!(status_of_denial("29"), (Code::new("718"), ""));
        assert_eq!(status_of_denial("26"), (Code::new("88"), "QC"));
        assert_eq!(status_of_denial("204"), (Code::new("585"), ""));
        for carc in (1..=300).map(|number| number.to_string()).chain(["B7".to_owned()]) {
            let (status, entity) = status_of_denial(&carc);
            assert!(status_words(status).is_some(), "{carc}: {status}");
            assert_eq!(needs_entity(status), !entity.is_empty(), "{carc}: {status}");
        }
    }

    /// A7:562 alone does not say whose number is wrong; A7:178 is about the claim.
    #[test]
    fn a_status_about_somebody_needs_the_entity() {
        assert!(needs_entity(Code::new("562")) && !needs_entity(Code::new("178")));
        assert!(NEED_ENTITY.split(' ').all(|code| status_words(Code::new(code)).is_some()));
    }
}

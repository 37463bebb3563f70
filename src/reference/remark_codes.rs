//! Remittance advice remark codes (RARC): what more there is to say about an adjustment, as an 835 carries it in LQ and MOA.
//!
//! CMS maintains the list and X12 publishes it (external code list 411,
//! <https://x12.org/codes/remittance-advice-remark-codes>); the words here are ours. The table is partial: the codes
//! that payers use beside the reasons of professional and institutional claims.

mod n_codes;

use crate::domain::codes::Rarc;

/// What a code says, in our own words; `None` for a code that the program does not describe.
pub fn remark(code: Rarc) -> Option<&'static str> {
    let table = if code.as_str().starts_with('N') { n_codes::TABLE } else { M_CODES };
    let at = table.binary_search_by_key(&code, |(code, _)| *code).ok()?;
    table.get(at).map(|(_, words)| *words)
}

/// What a code says, in our own words.
pub fn rarc_words(code: Rarc) -> &'static str {
    remark(code).unwrap_or("a remark that this program has no words for")
}

const fn row(code: &str, words: &'static str) -> (Rarc, &'static str) {
    (Rarc::new(code), words)
}

/// Codes that begin with M, in order, as text.
const M_CODES: &[(Rarc, &str)] = &[
    row("M1", "no x-ray within twelve months or near the start of treatment"),
    row("M10", "equipment may be bought in the first or tenth month of need only"),
    row("M102", "not done with equipment approved for the purpose"),
    row("M112", "priced by competitive bidding where the patient lives"),
    row("M114", "processed under competitive bidding or a demonstration project"),
    row("M115", "not paid to a supplier without a contract under the program"),
    row("M117", "not covered unless sent electronically"),
    row("M119", "drug code (NDC) missing or not valid"),
    row("M122", "level of subluxation missing or not valid"),
    row("M123", "name, strength or dosage of the drug missing or not valid"),
    row("M124", "whether the patient owns the equipment is missing"),
    row("M125", "for how long the service will be needed is missing or not valid"),
    row("M126", "codes of the tests in the panel missing or not valid"),
    row("M127", "medical record for this service missing"),
    row("M13", "one initial visit for each specialty of a group"),
    row("M135", "plan of treatment missing or not valid"),
    row("M136", "nothing shows that a physician supervised or evaluated"),
    row("M138", "patient was not enrolled in the demonstration on that day"),
    row("M139", "above the limit of the demonstration"),
    row("M14", "no separate payment for an injection in an office visit"),
    row("M141", "physician's certified plan of care missing"),
    row("M143", "provider must bring license information up to date with the payer"),
    row("M144", "care before and after surgery belongs to the surgery's payment"),
    row("M15", "part of another procedure billed, not paid separately"),
    row("M18", "may be given at home by somebody who is not a hospital or skilled nursing facility"),
    row("M2", "not paid separately while the patient is an inpatient"),
    row("M20", "procedure code (HCPCS) missing or not valid"),
    row("M21", "place of residence missing for a service at home"),
    row("M22", "number of miles missing or not valid"),
    row("M23", "invoice missing"),
    row("M24", "number of doses for a vial missing or not valid"),
    row("M25", "information does not show the need for this level of service"),
    row("M26", "information does not show the need for this level; amounts collected may have to be returned"),
    row("M29", "operative report missing"),
    row("M3", "the same as or like equipment already in use"),
    row("M30", "pathology report missing"),
    row("M31", "radiology report missing"),
    row("M36", "eleventh month of rent: the patient must choose to rent or buy"),
    row("M37", "not covered under age 35"),
    row("M38", "patient was told in writing beforehand and agreed to pay"),
    row("M41", "the patient has no duty by law to pay for this"),
    row("M44", "condition code missing or not valid"),
    row("M45", "occurrence code or date missing or not valid"),
    row("M46", "occurrence span code or dates missing or not valid"),
    row("M47", "the payer's own control number missing or not valid"),
    row("M49", "value code or amount missing or not valid"),
    row("M50", "revenue code missing or not valid"),
    row("M51", "procedure code missing or not valid"),
    row("M52", "first date of service missing or not valid"),
    row("M53", "days or units missing or not valid"),
    row("M54", "total charge missing or not valid"),
    row("M56", "payer number missing or not valid"),
    row("M59", "last date of service missing or not valid"),
    row("M60", "certificate of medical necessity missing"),
    row("M61", "approval of the trial has run out"),
    row("M62", "authorization code missing or not valid"),
    row("M64", "further diagnosis missing or not valid"),
    row("M67", "further procedure code missing or not valid"),
    row("M69", "paid at the regular rate: nothing shows why the procedure was modified"),
    row("M7", "no rent after the item is bought, returned or paid off"),
    row("M76", "diagnosis or condition missing or not valid"),
    row("M77", "place of service missing, not valid or not fitting"),
    row("M79", "charge missing or not valid"),
    row("M80", "not covered in the same session or on the same day as a service processed before"),
    row("M81", "code to the most specific level"),
    row("M82", "not covered under age 50"),
    row("M83", "covered only for patients at high risk"),
    row("M84", "codes must be those in force on the day of service"),
    row("M86", "the same or a similar procedure was paid within the set time"),
    row("M89", "not covered more than once under age 40"),
    row("M90", "not covered more than once in twelve months"),
    row("M96", "technical part for an inpatient is billed by the hospital only"),
    row("M97", "at this place, the facility's payment includes it"),
    row("MA01", "you may appeal to the payer"),
    row("MA04", "the first payer's name or payment information is missing or not legible"),
    row("MA100", "date of the illness or of its first signs missing or not valid"),
    row("MA109", "processed by the rules for ambulatory surgery"),
    row("MA112", "group practice information missing or not valid"),
    row("MA114", "where the service was given is missing or not valid"),
    row("MA115", "address of the place in a shortage area missing or not valid"),
    row("MA120", "laboratory certificate (CLIA) number missing or not valid"),
    row("MA121", "date of the x-ray missing or not valid"),
    row("MA122", "date of the first treatment missing or not valid"),
    row("MA126", "pancreas transplant covered only with a kidney transplant"),
    row("MA13", "bill the patient only for amounts under PR"),
    row("MA130", "claim cannot be processed and not be appealed; send a new, complete one"),
    row("MA134", "number of the facility where the patient lives missing or not valid"),
    row("MA16", "send to the federal black lung program"),
    row("MA21", "name and sex differ from the records of Social Security"),
    row("MA27", "member number or name missing or not valid"),
    row("MA30", "type of bill missing or not valid"),
    row("MA31", "beginning or end of the period billed missing or not valid"),
    row("MA32", "number of covered days missing or not valid"),
    row("MA33", "number of days not covered missing or not valid"),
    row("MA34", "number of coinsurance days missing or not valid"),
    row("MA35", "number of lifetime reserve days missing or not valid"),
    row("MA36", "patient name missing or not valid"),
    row("MA37", "patient's address missing or not valid"),
    row("MA39", "patient's sex missing or not valid"),
    row("MA40", "date of admission missing or not valid"),
    row("MA41", "type of admission missing or not valid"),
    row("MA42", "source of admission missing or not valid"),
    row("MA43", "patient status missing or not valid"),
    row("MA47", "provider opted out of Medicare; the patient pays"),
    row("MA48", "name or address of who is responsible or pays first missing or not valid"),
    row("MA50", "number of the investigational device exemption missing or not valid"),
    row("MA54", "election of hospice care, or its certification, came late"),
    row("MA58", "release of information indicator missing or not valid"),
    row("MA60", "patient's relationship to the insured missing or not valid"),
    row("MA61", "social security or health insurance number missing or not valid"),
    row("MA63", "principal diagnosis missing or not valid"),
    row("MA64", "we are third in order; send both earlier payers' payment information"),
    row("MA65", "diagnosis on admission missing or not valid"),
    row("MA66", "principal procedure code missing or not valid"),
    row("MA67", "corrects an earlier claim"),
    row("MA69", "remarks missing or not valid"),
    row("MA70", "provider's signature missing or not valid"),
    row("MA75", "patient's signature missing or not valid"),
    row("MA81", "provider's or supplier's signature missing or not valid"),
    row("MA83", "claim does not say whether we are first or second payer"),
    row("MA88", "insured's address or telephone missing or not valid"),
    row("MA89", "patient's relationship to the insured of the first payer missing or not valid"),
    row("MA90", "employment of the first insured missing or not valid"),
    row("MA91", "decided on your appeal"),
    row("MA92", "plan information of other insurance missing"),
    row("MA96", "patient is in no Medicare managed care plan as the claim says"),
    row("MA97", "number of the demonstration or clinical trial missing or not valid"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::codes::rarc;

    #[test]
    fn codes_stand_in_order_and_once_and_have_words() {
        for (letter, table) in [('M', M_CODES), ('N', n_codes::TABLE)] {
            assert!(table.is_sorted_by(|a, b| a.0 < b.0));
            assert!(table.iter().all(|(code, words)| code.as_str().starts_with(letter) && !words.is_empty()));
        }
    }

    #[test]
    fn a_code_is_told_in_words_and_an_unknown_one_is_said_to_have_none() {
        assert_eq!(rarc_words(rarc("N115")), "decided by a local coverage determination (LCD)");
        assert_eq!(remark(rarc("N9999")), None);
    }
}

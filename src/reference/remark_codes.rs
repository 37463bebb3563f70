//! Remittance advice remark codes (RARC): what more there is to say about an adjustment, as an 835 carries it in LQ and MOA.
//!
//! CMS maintains the list and X12 publishes it (external code list 411,
//! <https://x12.org/codes/remittance-advice-remark-codes>); the words here are ours. The table is partial: the codes
//! that payers use beside the reasons of a professional claim.

use crate::domain::codes::Rarc;

/// What a code says, in our own words; `None` for a code that the program does not describe.
pub fn remark(code: Rarc) -> Option<&'static str> {
    let at = TABLE.binary_search_by_key(&code, |(code, _)| *code).ok()?;
    TABLE.get(at).map(|(_, words)| *words)
}

/// What a code says, in our own words.
pub fn rarc_words(code: Rarc) -> &'static str {
    remark(code).unwrap_or("a remark that this program has no words for")
}

const fn row(code: &str, words: &'static str) -> (Rarc, &'static str) {
    (Rarc::new(code), words)
}

/// By code, as text.
const TABLE: &[(Rarc, &str)] = &[
    row("M112", "priced by competitive bidding where the patient lives"),
    row("M114", "processed under competitive bidding or a demonstration project"),
    row("M115", "not paid to a supplier without a contract under the program"),
    row("M119", "drug code (NDC) missing or not valid"),
    row("M127", "medical record for this service missing"),
    row("M13", "one initial visit for each specialty of a group"),
    row("M143", "provider must bring license information up to date with the payer"),
    row("M144", "care before and after surgery belongs to the surgery's payment"),
    row("M15", "part of another procedure billed, not paid separately"),
    row("M20", "procedure code (HCPCS) missing or not valid"),
    row("M25", "information does not show the need for this level of service"),
    row("M30", "pathology report missing"),
    row("M31", "radiology report missing"),
    row("M37", "not covered under age 35"),
    row("M38", "patient was told in writing beforehand and agreed to pay"),
    row("M49", "value code or amount missing or not valid"),
    row("M50", "revenue code missing or not valid"),
    row("M51", "procedure code missing or not valid"),
    row("M52", "first date of service missing or not valid"),
    row("M53", "days or units missing or not valid"),
    row("M59", "last date of service missing or not valid"),
    row("M62", "authorization code missing or not valid"),
    row("M64", "further diagnosis missing or not valid"),
    row("M67", "further procedure code missing or not valid"),
    row("M76", "diagnosis or condition missing or not valid"),
    row("M77", "place of service missing, not valid or not fitting"),
    row("M79", "charge missing or not valid"),
    row("M80", "not covered in the same session or on the same day as a service processed before"),
    row("M81", "code to the most specific level"),
    row("M82", "not covered under age 50"),
    row("M86", "the same or a similar procedure was paid within the set time"),
    row("M89", "not covered more than once under age 40"),
    row("M90", "not covered more than once in twelve months"),
    row("M97", "at this place, the facility's payment includes it"),
    row("MA01", "you may appeal to the payer"),
    row("MA04", "the first payer's name or payment information is missing or not legible"),
    row("MA109", "processed by the rules for ambulatory surgery"),
    row("MA120", "laboratory certificate (CLIA) number missing or not valid"),
    row("MA13", "bill the patient only for amounts under PR"),
    row("MA130", "claim cannot be processed and not be appealed; send a new, complete one"),
    row("MA16", "send to the federal black lung program"),
    row("MA27", "member number or name missing or not valid"),
    row("MA30", "type of bill missing or not valid"),
    row("MA31", "beginning or end of the period billed missing or not valid"),
    row("MA36", "patient name missing or not valid"),
    row("MA40", "date of admission missing or not valid"),
    row("MA41", "type of admission missing or not valid"),
    row("MA42", "source of admission missing or not valid"),
    row("MA43", "patient status missing or not valid"),
    row("MA47", "provider opted out of Medicare; the patient pays"),
    row("MA61", "social security or health insurance number missing or not valid"),
    row("MA63", "principal diagnosis missing or not valid"),
    row("MA64", "we are third in order; send both earlier payers' payment information"),
    row("MA65", "diagnosis on admission missing or not valid"),
    row("MA66", "principal procedure code missing or not valid"),
    row("MA67", "corrects an earlier claim"),
    row("MA83", "claim does not say whether we are first or second payer"),
    row("MA91", "decided on your appeal"),
    row("MA92", "plan information of other insurance missing"),
    row("N1", "you may appeal as the contract or plan documents say"),
    row("N10", "decided after review by a reviewer or adviser"),
    row("N104", "outside this contractor's area; find the right one at CMS"),
    row("N105", "railroad retirement beneficiary: send to the railroad contractor"),
    row("N111", "billed and decided before; only the question of duplication may be appealed"),
    row("N115", "decided by a local coverage determination (LCD)"),
    row("N122", "add-on code billed without its main procedure"),
    row("N127", "mine workers' beneficiary: send to their fund"),
    row("N128", "the share from before coverage began"),
    row("N129", "not eligible at the patient's age"),
    row("N130", "see the plan documents for limits on this service"),
    row("N180", "does not meet the criteria of the category billed"),
    row("N19", "incidental to the main procedure"),
    row("N20", "not paid with another service of the same day"),
    row("N205", "information not legible"),
    row("N208", "diagnosis-related group missing or not valid"),
    row("N210", "you may appeal this decision"),
    row("N211", "you may not appeal this decision"),
    row("N216", "patient does not have this part of our benefits"),
    row("N253", "attending provider identifier missing or not valid"),
    row("N257", "billing provider identifier missing or not valid"),
    row("N26", "itemized bill missing"),
    row("N262", "operating provider identifier missing or not valid"),
    row("N264", "ordering provider name missing or not valid"),
    row("N265", "ordering provider identifier missing or not valid"),
    row("N285", "referring provider name missing or not valid"),
    row("N286", "referring provider identifier missing or not valid"),
    row("N290", "rendering provider identifier missing or not valid"),
    row("N30", "patient not eligible for this service"),
    row("N31", "prescribing provider identifier missing or not valid"),
    row("N347", "paid before to another provider for the same service"),
    row("N351", "date of service outside the approved dates"),
    row("N36", "the first payer's requirements come before our payment"),
    row("N362", "days or units above the most that we accept"),
    row("N382", "patient identifier missing or not valid"),
    row("N386", "decided by a national coverage determination (NCD)"),
    row("N390", "may not be billed on its own"),
    row("N4", "prior payer's explanation of benefits missing or not valid"),
    row("N40", "x-ray missing"),
    row("N409", "after an accident, covered only within a set time"),
    row("N418", "sent to the wrong place; see the payer's instructions"),
    row("N425", "excluded by statute"),
    row("N427", "glasses or lenses are covered only after cataract surgery"),
    row("N429", "counts as routine, not covered"),
    row("N435", "more than is allowed in the period without records in support"),
    row("N448", "not in the fee schedule or contract"),
    row("N450", "covered only by the main treating physician or one named by them"),
    row("N46", "hour of admission missing or not valid"),
    row("N479", "explanation of benefits of the other payer missing"),
    row("N50", "discharge information missing or not valid"),
    row("N516", "provider identifier and tax number do not belong together"),
    row("N517", "send a new claim with what was asked for"),
    row("N519", "modifiers that do not go together"),
    row("N52", "patient not in the billing provider's managed care plan on that date"),
    row("N522", "duplicate of a claim that came or will come by crossover"),
    row("N525", "not covered within another service's global period"),
    row("N54", "claim does not agree with what was authorized"),
    row("N557", "file where the specimen was taken"),
    row("N558", "file where the equipment was received"),
    row("N559", "file where the ordering physician is"),
    row("N56", "procedure code not right for the service or its date"),
    row("N562", "provider differs from the one of the notice of admission"),
    row("N567", "not covered as a preventive service"),
    row("N570", "credentialing data missing or not valid"),
    row("N584", "the insured did not meet conditions of policy or statute"),
    row("N587", "policy benefits used up"),
    row("N593", "independent medical exam was missed"),
    row("N594", "injured person did not complete the application for benefits"),
    row("N595", "injured person did not complete the assignment of benefits"),
    row("N596", "injured person did not complete the medical release"),
    row("N598", "the health policy is first in order"),
    row("N612", "provider may not treat injured workers here"),
    row("N619", "coverage ended because premium was not paid"),
    row("N622", "not covered for the date of the injury"),
    row("N623", "not covered as unproven, outmoded or excessive"),
    row("N630", "referral not authorized by the attending physician"),
    row("N633", "further anesthesia time units not allowed"),
    row("N637", "no consultation after treatment by the same provider"),
    row("N640", "more than is allowed in the period"),
    row("N644", "paid by the rule for bilateral procedures"),
    row("N650", "policy not in effect on the date of loss"),
    row("N657", "bill with the code that fits the service"),
    row("N658", "not a medical expense"),
    row("N661", "records do not show medical necessity"),
    row("N670", "main procedure under the multiple procedure reduction"),
    row("N674", "covered only after a service that must come first"),
    row("N676", "does not qualify under the outpatient facility fee schedule"),
    row("N684", "specialty claim sent as a general one"),
    row("N702", "decided with a look at earlier or pending claims for like services"),
    row("N705", "documentation incomplete or not valid"),
    row("N706", "documentation missing"),
    row("N708", "orders missing"),
    row("N722", "pay from the workers' compensation set-aside"),
    row("N723", "pay from the liability set-aside"),
    row("N724", "pay from the no-fault set-aside"),
    row("N725", "a liability insurer is responsible for this diagnosis"),
    row("N728", "a workers' compensation insurer is responsible for this diagnosis"),
    row("N752", "treatment authorization code missing or not valid"),
    row("N758", "adjusted by the decision on prior authorization"),
    row("N760", "facility may not be paid for this service"),
    row("N767", "provider must enroll with the member's Medicaid state"),
    row("N77", "designated provider number missing or not valid"),
    row("N83", "demonstration project decision without appeal"),
    row("N90", "covered only by the attending physician"),
    row("N95", "this provider type or specialty may not bill the service"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::codes::rarc;

    #[test]
    fn codes_stand_in_order_and_once_and_have_words() {
        assert!(TABLE.is_sorted_by(|a, b| a.0 < b.0));
        assert!(TABLE.iter().all(|(_, words)| !words.is_empty()));
    }

    #[test]
    fn a_code_is_told_in_words_and_an_unknown_one_is_said_to_have_none() {
        assert_eq!(rarc_words(rarc("N115")), "decided by a local coverage determination (LCD)");
        assert_eq!(remark(rarc("N9999")), None);
    }
}

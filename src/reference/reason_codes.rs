//! Claim adjustment reason codes (CARC): why an amount was not paid, as an 835 carries it in CAS.
//!
//! X12 keeps the list (external code list 139, <https://x12.org/codes/claim-adjustment-reason-codes>) and holds its
//! text; the words here are ours. The groups are those that the federally mandated operating rule on uniform use of
//! CARCs and RARCs (45 CFR 162.1603; CAQH CORE 360) pairs with a code, or the code's own text locks it to.

use Group::{ContractualObligation as CO, OtherAdjustment as OA, PatientResponsibility as PR, PayerInitiated as PI};

use crate::domain::codes::{Carc, Group};

/// A claim adjustment reason code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReasonCode {
    /// The code.
    pub code: Carc,
    /// What it says, in our own words.
    pub words: &'static str,
    /// The groups that it may stand under.
    pub groups: &'static [Group],
    /// Whether at least one remark code must stand beside it, by its own text.
    pub needs_remark: bool,
}

/// A code's row; `None` for a code that the program does not describe. The table is partial.
pub fn reason_code(code: Carc) -> Option<&'static ReasonCode> {
    TABLE.binary_search_by_key(&code, |row| row.code).ok().and_then(|at| TABLE.get(at))
}

/// Every row, in order of the code as text.
pub fn reason_codes() -> &'static [ReasonCode] {
    TABLE
}

/// What a code says, in our own words.
pub fn carc_words(code: Carc) -> &'static str {
    reason_code(code).map_or("a reason that this program has no words for", |row| row.words)
}

/// The groups that a code may stand under; all four for a code that the program does not describe.
pub fn allowed_groups(code: Carc) -> &'static [Group] {
    reason_code(code).map_or(ANY, |row| row.groups)
}

/// Whether at least one remark code must stand beside it.
pub fn needs_remark(code: Carc) -> bool {
    reason_code(code).is_some_and(|row| row.needs_remark)
}

const ANY: &[Group] = &[CO, OA, PI, PR];
const BUSINESS: &[Group] = &[CO, PI, PR];
const BILLING: &[Group] = &[CO, PI];

const fn row(code: &str, groups: &'static [Group], words: &'static str) -> ReasonCode {
    ReasonCode { code: Carc::new(code), words, groups, needs_remark: false }
}

/// A row whose code asks for a remark beside it.
const fn remarked(code: &str, groups: &'static [Group], words: &'static str) -> ReasonCode {
    ReasonCode { code: Carc::new(code), words, groups, needs_remark: true }
}

/// By code, as text.
const TABLE: &[ReasonCode] = &[
    row("1", &[PR], "deductible"),
    row("10", BUSINESS, "diagnosis does not fit the patient's sex"),
    row("100", ANY, "paid to the patient, the insured or another responsible person"),
    row("101", ANY, "worked out beforehand only, before the service"),
    row("102", ANY, "major medical adjustment"),
    row("103", ANY, "discount that the provider itself offers"),
    row("104", &[CO], "withheld by the provider's contract, to be released later"),
    row("105", ANY, "withheld for tax"),
    row("106", ANY, "the patient's choice of payment is not in force"),
    row("107", BILLING, "the claim or service that this one belongs to was not paid or not found"),
    row("108", BUSINESS, "the rules on renting and buying equipment do not allow it"),
    row("109", ANY, "another payer or contractor is the right one for this claim"),
    row("11", BUSINESS, "diagnosis does not fit the procedure"),
    row("110", BILLING, "billed before the date of service"),
    row("111", BUSINESS, "covered only where the provider accepts assignment"),
    row("112", ANY, "not given to the patient directly, or no record of it"),
    row("114", BUSINESS, "not approved by the Food and Drug Administration"),
    row("115", BUSINESS, "procedure postponed, called off or delayed"),
    row("116", BILLING, "the notice that the patient signed does not meet the rules"),
    row("117", BUSINESS, "transport is covered only to the nearest place that can give the care"),
    row("118", ANY, "support of the network for kidney disease"),
    row("119", BUSINESS, "benefit maximum for the period reached"),
    row("12", BUSINESS, "diagnosis does not fit the type of provider"),
    row("121", ANY, "made up for what other members still owe"),
    row("122", ANY, "reduction for psychiatric care"),
    remarked("125", ANY, "error in the billing"),
    row("128", BUSINESS, "newborn's care is part of the mother's payment"),
    remarked("129", BILLING, "what the claim says of its earlier processing looks wrong"),
    row("13", BILLING, "patient died before the date of service"),
    row("130", ANY, "fee for sending the claim"),
    row("131", ANY, "discount agreed for this claim"),
    row("132", ANY, "adjustment of a demonstration project"),
    row("133", ANY, "decision waits for further review"),
    row("134", ANY, "technical fees taken out of the charges"),
    row("135", BILLING, "a bill of a part of the stay cannot be processed"),
    row("136", &[OA], "the prior payer's rules were not followed"),
    row("137", ANY, "surcharge, assessment or tax by law"),
    row("138", BUSINESS, "rules or time limits for appeals were not met"),
    row("139", BUSINESS, "the plan's funding agreement leaves it out: the subscriber works for the provider"),
    row("14", BILLING, "patient was born after the date of service"),
    row("140", BILLING, "member number and name do not belong together"),
    row("142", ANY, "Medicaid's monthly share of the patient"),
    row("143", ANY, "part of the payment comes later"),
    row("144", ANY, "incentive, such as for a preferred product or service"),
    row("146", BILLING, "diagnosis not valid on the date of service"),
    row("147", BILLING, "no contracted rate on file, or it has expired"),
    remarked("148", ANY, "information from another provider is missing or not enough"),
    row("149", BUSINESS, "lifetime maximum for this service reached"),
    row("15", BILLING, "authorization number is missing or not for this service or provider"),
    row("150", BUSINESS, "information does not support this level of service"),
    row("151", BUSINESS, "information does not support this many or this frequent services"),
    row("152", BUSINESS, "information does not support this length of service"),
    row("153", BUSINESS, "information does not support this dosage"),
    row("154", BUSINESS, "information does not support this day's supply"),
    row("155", BUSINESS, "patient refused the service"),
    row("157", BUSINESS, "caused by an act of war"),
    row("158", &[PR], "given outside the United States"),
    row("159", BUSINESS, "caused by terrorism"),
    remarked("16", BILLING, "claim lacks information or has a billing error"),
    row("160", BUSINESS, "injury or illness that came of an excluded activity"),
    row("161", ANY, "performance bonus of the provider"),
    row("163", BILLING, "an attachment named on the claim did not arrive"),
    row("164", BILLING, "an attachment named on the claim came too late"),
    row("165", BUSINESS, "referral absent or exceeded"),
    row("166", BUSINESS, "sent after this payer's duty to process claims of the plan ended"),
    row("167", BUSINESS, "diagnosis not covered"),
    row("168", BUSINESS, "belongs to the patient's dental or other plan, not to this one"),
    row("169", BUSINESS, "another, cheaper benefit was given instead"),
    row("170", BUSINESS, "not paid to this type of provider"),
    row("171", BUSINESS, "not paid to this type of provider in this type of facility"),
    row("172", BUSINESS, "not paid to a provider of this specialty"),
    row("173", BUSINESS, "not prescribed by a physician"),
    row("174", BUSINESS, "not prescribed before it was delivered"),
    row("175", BILLING, "prescription is incomplete"),
    row("176", BUSINESS, "prescription is out of date"),
    row("177", BUSINESS, "patient does not meet the conditions of eligibility"),
    row("178", BUSINESS, "patient has not met the spend-down"),
    row("179", BUSINESS, "waiting period of the plan not over"),
    row("18", &[CO, OA], "exact duplicate of another claim or service"),
    row("180", BUSINESS, "patient does not meet the conditions on residence"),
    row("181", BILLING, "procedure code not valid on the date of service"),
    row("182", BILLING, "modifier not valid on the date of service"),
    row("183", BUSINESS, "referring provider may not refer for this service"),
    row("184", BUSINESS, "prescribing or ordering provider may not order this service"),
    row("185", BUSINESS, "rendering provider may not perform this service"),
    row("186", ANY, "adjusted to another level of care"),
    row("187", ANY, "consumer's spending account"),
    row("188", BUSINESS, "covered only when used as the Food and Drug Administration recommends"),
    row("189", BILLING, "unlisted code billed though a specific one exists"),
    row("19", BUSINESS, "work injury: the workers' compensation carrier is liable"),
    row("190", BUSINESS, "part of the payment for a stay in a skilled nursing facility"),
    row("192", ANY, "code of a paper remittance without a standard one"),
    row("193", ANY, "on review, the first decision stands"),
    row("194", BUSINESS, "anesthesia by the surgeon, the assistant or the attending physician"),
    row("195", ANY, "refund to a payer that was wrongly first in order"),
    row("197", BUSINESS, "authorization or notice beforehand is absent"),
    row("198", BUSINESS, "authorization exceeded"),
    row("199", BILLING, "revenue code and procedure code do not fit"),
    row("2", &[PR], "coinsurance"),
    row("20", BUSINESS, "a liability carrier covers this injury"),
    row("200", BUSINESS, "service fell into a lapse of coverage"),
    remarked("201", &[PR], "the patient pays from a workers' compensation settlement"),
    row("202", BUSINESS, "comfort or convenience, not covered"),
    row("203", ANY, "service broken off or reduced"),
    row("204", BUSINESS, "not covered under the patient's plan"),
    row("206", BILLING, "national provider identifier missing"),
    row("207", BILLING, "national provider identifier has an invalid format"),
    row("208", BILLING, "national provider identifier not on file"),
    row("209", ANY, "by law or agreement nobody may collect it from the patient"),
    row("21", BUSINESS, "a no-fault carrier is liable for this injury"),
    row("210", BUSINESS, "authorization or notice came too late"),
    row("211", ANY, "national drug code not eligible for rebate"),
    row("212", &[OA, PI, PR], "surcharges of administration not covered"),
    row("213", ANY, "self-referral by a physician against the law or the payer's policy"),
    row("215", ANY, "settled with a third party by subrogation"),
    row("216", ANY, "by the findings of a review organization"),
    row("219", ANY, "by the extent of the injury"),
    row("22", BUSINESS, "another payer may be first in order"),
    row("222", BUSINESS, "above the most hours, days or units in the provider's contract"),
    row("223", ANY, "adjustment that a law requires and no other code names"),
    row("224", &[CO], "patient's identity was stolen and used"),
    row("225", ANY, "penalty or interest"),
    remarked("226", ANY, "the provider did not give the information asked for, or not in time"),
    remarked("227", ANY, "the patient or insured did not give the information asked for"),
    row("228", BUSINESS, "the information that an earlier payer asked for was not given to it"),
    row("229", &[PR], "part of the charge that Medicare did not consider on the first claim"),
    row("23", &[OA], "effect of what another payer decided and paid"),
    row("231", BUSINESS, "procedures that exclude each other on one day or in one setting"),
    row("232", ANY, "transfer from one hospital to another"),
    row("233", BUSINESS, "caused by a condition acquired in hospital or an error that could be prevented"),
    remarked("234", BUSINESS, "not paid on its own"),
    row("235", ANY, "sales tax"),
    row("236", BILLING, "this pair of procedures is not paid together (NCCI or workers' compensation rules)"),
    remarked("237", ANY, "penalty by law or regulation"),
    row("238", &[PR], "the part of the claim that falls outside coverage"),
    row("239", BUSINESS, "claim spans days with and without coverage"),
    row("24", BUSINESS, "covered by a capitation agreement"),
    row("240", BILLING, "diagnosis does not fit the patient's weight at birth"),
    row("241", ANY, "help with copays for low income"),
    row("242", BUSINESS, "not by a network or primary care provider"),
    row("243", BUSINESS, "not authorized by the network or primary care provider"),
    row("244", ANY, "payment reduced to nothing by a lawsuit"),
    row("245", ANY, "withheld under the provider's performance program"),
    row("246", BUSINESS, "for reporting only, never paid"),
    row("247", ANY, "deductible for professional services on a facility's bill"),
    row("248", ANY, "coinsurance for professional services on a facility's bill"),
    row("249", &[CO], "a readmission"),
    remarked("250", BILLING, "the attachment received is not the one expected"),
    remarked("251", BILLING, "the attachment received is incomplete"),
    remarked("252", BILLING, "an attachment is needed to decide this claim"),
    row("253", &[CO], "sequestration of federal payment"),
    row("254", BUSINESS, "dental plan received it but does not cover it: bill the medical plan"),
    row("256", BUSINESS, "not payable under the managed care contract"),
    row("257", &[OA], "undecided during the grace period for unpaid premium"),
    row("258", &[OA, PI, PR], "not covered while the patient is in custody"),
    row("26", BUSINESS, "service before coverage began"),
    row("260", ANY, "paid by Medicaid's enhanced fee schedule"),
    row("261", BUSINESS, "does not fit the patient's history"),
    remarked("267", BILLING, "claim spans several months"),
    row("268", BILLING, "claim spans two calendar years"),
    row("269", BUSINESS, "anesthesia not covered for this service"),
    row("27", BUSINESS, "service after coverage ended"),
    row("270", BUSINESS, "medical plan received it but does not cover it: bill the dental plan"),
    row("271", ANY, "earlier contractual reductions in a payment made by the period"),
    row("272", BUSINESS, "coverage or program rules not met"),
    row("273", BUSINESS, "coverage or program rules exceeded"),
    row("274", BUSINESS, "not payable under the patient's care coordination arrangement"),
    row("275", &[PR], "the prior payer's patient share is not covered"),
    row("276", BUSINESS, "what the prior payer denied is not covered here either"),
    row("279", ANY, "not by a provider of the preferred network"),
    row("282", ANY, "type of bill does not fit the procedure or revenue code"),
    row("283", ANY, "attending provider may not direct this care"),
    row("284", ANY, "authorization may be valid but is not for these services"),
    row("285", ANY, "rules for appeals were not met"),
    row("286", ANY, "time limit for appeals was not met"),
    row("287", ANY, "referral exceeded"),
    row("288", ANY, "referral absent"),
    row("29", BUSINESS, "filed after the time limit"),
    row("296", ANY, "authorization may be valid but is not for this provider"),
    row("299", ANY, "billing provider may not be paid for this service"),
    row("3", &[PR], "copay"),
    row("302", ANY, "authorization or notice has run out"),
    row("303", ANY, "the prior payer's patient share is not covered: the patient is a qualified Medicare beneficiary"),
    row("31", BUSINESS, "patient not known as our insured"),
    row("32", BUSINESS, "patient is no eligible dependent by our records"),
    row("33", &[PR], "the insured has no coverage for dependents"),
    row("34", BUSINESS, "the insured has no coverage for newborns"),
    row("35", BUSINESS, "lifetime maximum reached"),
    row("39", BUSINESS, "denied when authorization was asked for"),
    row("4", BILLING, "procedure and modifier do not fit, or a modifier is missing"),
    row("40", BUSINESS, "not an emergency or urgent care"),
    row("44", ANY, "discount for prompt payment"),
    row("45", &[CO, PR], "charge over the fee schedule, the contract or the most that may be allowed"),
    row("49", BUSINESS, "routine or preventive exam, or screening done with one"),
    row("5", BUSINESS, "procedure does not fit the place of service"),
    row("50", BUSINESS, "not medically necessary by the payer's policy"),
    row("51", BUSINESS, "condition existed before coverage and is excluded"),
    row("53", BUSINESS, "given by a close relative or a member of the household"),
    row("54", BUSINESS, "assistant or further surgeon not paid for this procedure"),
    row("55", BUSINESS, "experimental or investigational by the payer's policy"),
    row("56", BUSINESS, "not proven effective by the payer's policy"),
    row("58", BUSINESS, "given at an unfitting place"),
    row("59", BUSINESS, "reduced by the rules for multiple or concurrent procedures"),
    row("6", BUSINESS, "procedure does not fit the patient's age"),
    row("60", BUSINESS, "outpatient service too near to a hospital stay"),
    row("61", BUSINESS, "no second opinion was had before surgery"),
    row("66", ANY, "blood deductible"),
    row("69", BILLING, "outlier amount for days"),
    row("7", BUSINESS, "procedure does not fit the patient's sex"),
    row("70", ANY, "outlier amount for costs"),
    row("74", ANY, "amount for indirect medical education"),
    row("75", ANY, "amount for direct medical education"),
    row("76", ANY, "amount for a disproportionate share of poor patients"),
    row("78", BUSINESS, "days or room charges not covered"),
    row("8", BUSINESS, "procedure does not fit the provider's type or specialty"),
    row("85", ANY, "interest that the patient owes"),
    row("89", BUSINESS, "professional fees taken out of the charges"),
    row("9", BUSINESS, "diagnosis does not fit the patient's age"),
    row("94", ANY, "allowed more than was charged"),
    row("95", BUSINESS, "plan procedures not followed"),
    remarked("96", BUSINESS, "not covered"),
    row("97", BUSINESS, "included in the payment for another service"),
    row("A0", ANY, "refund of the patient"),
    remarked("A1", ANY, "denied"),
    row("A5", ANY, "outlier amount for capital costs"),
    row("A6", BUSINESS, "no hospital stay beforehand, or no transfer within the time set"),
    row("A8", BILLING, "the claim falls into no diagnosis-related group"),
    row("B1", BUSINESS, "visits not covered"),
    row(
        "B10",
        BUSINESS,
        "reduced: a part of the service was paid to another, and the patient owes no more than the whole",
    ),
    row("B11", ANY, "sent on to the right payer"),
    row("B12", BILLING, "not in the patient's medical record"),
    row("B13", BUSINESS, "paid before"),
    row("B14", BUSINESS, "only one visit or consultation a day by a physician"),
    row("B15", BUSINESS, "needs a qualifying service that was not received or decided"),
    row("B16", BUSINESS, "not a new patient"),
    row("B20", BUSINESS, "given in part or whole by another provider"),
    row("B22", ANY, "payment adjusted by the diagnosis"),
    row("B23", BUSINESS, "laboratory failed its proficiency test"),
    row("B4", ANY, "penalty for late filing"),
    row("B7", BUSINESS, "provider not eligible for this service on this date"),
    row("B8", BUSINESS, "another service was available and should have been used"),
    row("B9", BUSINESS, "patient is in hospice"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::codes::carc;

    #[test]
    fn codes_stand_in_order_and_once_and_have_words_and_groups() {
        assert!(TABLE.is_sorted_by(|a, b| a.code < b.code));
        assert!(TABLE.iter().all(|row| !row.words.is_empty() && !row.groups.is_empty()));
    }

    #[test]
    fn cost_share_is_the_patients_and_another_payers_effect_is_nobodys() {
        for code in ["1", "2", "3"] {
            assert_eq!(allowed_groups(carc(code)), [PR]);
        }
        assert_eq!(allowed_groups(carc("23")), [OA]);
        assert_eq!(allowed_groups(carc("253")), [CO]);
    }

    /// A duplicate is OA; sloppy simulators send CO, which is for workers' compensation, and PR, which is for nobody.
    #[test]
    fn a_duplicate_never_is_the_patients() {
        assert!(allowed_groups(carc("18")).contains(&OA) && !allowed_groups(carc("18")).contains(&PR));
    }

    #[test]
    fn codes_that_say_nothing_alone_need_a_remark() {
        let needing = "16 96 A1 125 129 148 201 226 227 234 237 250 251 252 267";
        assert!(needing.split(' ').all(|code| needs_remark(carc(code))));
        assert_eq!(TABLE.iter().filter(|row| row.needs_remark).count(), needing.split(' ').count());
        assert!(!needs_remark(carc("29")) && !needs_remark(carc("45")));
    }

    #[test]
    fn a_code_without_a_row_is_said_to_have_none() {
        assert_eq!(reason_code(carc("999")), None);
        assert_eq!(allowed_groups(carc("999")).len(), 4);
        assert_eq!(carc_words(carc("29")), "filed after the time limit");
    }
}

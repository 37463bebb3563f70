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
    row("104", &[CO], "withheld by the provider's contract, to be released later"),
    row("107", BILLING, "the claim or service that this one belongs to was not paid or not found"),
    row("108", BUSINESS, "the rules on renting and buying equipment do not allow it"),
    row("109", BUSINESS, "another payer or contractor is the right one for this claim"),
    row("11", BUSINESS, "diagnosis does not fit the procedure"),
    row("119", BUSINESS, "benefit maximum for the period reached"),
    remarked("125", ANY, "error in the billing"),
    remarked("129", BILLING, "what the claim says of its earlier processing looks wrong"),
    row("135", BILLING, "a bill of a part of the stay cannot be processed"),
    row("136", &[OA], "the prior payer's rules were not followed"),
    row("140", BILLING, "member number and name do not belong together"),
    row("146", BILLING, "diagnosis not valid on the date of service"),
    row("147", BILLING, "no contracted rate on file, or it has expired"),
    remarked("148", ANY, "information from another provider is missing or not enough"),
    row("149", BUSINESS, "lifetime maximum for this service reached"),
    row("15", BILLING, "authorization number is missing or not for this service or provider"),
    row("150", BUSINESS, "information does not support this level of service"),
    row("151", BUSINESS, "information does not support this many or this frequent services"),
    row("152", BUSINESS, "information does not support this length of service"),
    remarked("16", BILLING, "claim lacks information or has a billing error"),
    row("163", BILLING, "an attachment named on the claim did not arrive"),
    row("170", BUSINESS, "not paid to this type of provider"),
    row("171", BUSINESS, "not paid to this type of provider in this type of facility"),
    row("172", BUSINESS, "not paid to a provider of this specialty"),
    row("179", BUSINESS, "waiting period of the plan not over"),
    row("18", &[CO, OA], "exact duplicate of another claim or service"),
    row("181", BILLING, "procedure code not valid on the date of service"),
    row("182", BILLING, "modifier not valid on the date of service"),
    row("185", BUSINESS, "rendering provider may not perform this service"),
    row("19", BUSINESS, "work injury: the workers' compensation carrier is liable"),
    row("193", ANY, "on review, the first decision stands"),
    row("197", BUSINESS, "authorization or notice beforehand is absent"),
    row("198", BUSINESS, "authorization exceeded"),
    row("199", BILLING, "revenue code and procedure code do not fit"),
    row("2", &[PR], "coinsurance"),
    row("20", BUSINESS, "a liability carrier covers this injury"),
    row("200", BUSINESS, "service fell into a lapse of coverage"),
    remarked("201", &[PR], "the patient pays from a workers' compensation settlement"),
    row("204", BUSINESS, "not covered under the patient's plan"),
    row("206", BILLING, "national provider identifier missing"),
    row("207", BILLING, "national provider identifier has an invalid format"),
    row("208", BILLING, "national provider identifier not on file"),
    row("21", BUSINESS, "a no-fault carrier is liable for this injury"),
    row("210", BUSINESS, "authorization or notice came too late"),
    row("22", BUSINESS, "another payer may be first in order"),
    remarked("226", ANY, "the provider did not give the information asked for, or not in time"),
    remarked("227", ANY, "the patient or insured did not give the information asked for"),
    row("229", &[PR], "part of the charge that Medicare did not consider on the first claim"),
    row("23", &[OA], "effect of what another payer decided and paid"),
    remarked("234", BUSINESS, "not paid on its own"),
    row("236", BILLING, "this pair of procedures is not paid together (NCCI or workers' compensation rules)"),
    remarked("237", ANY, "penalty by law or regulation"),
    row("238", &[PR], "the part of the claim that falls outside coverage"),
    row("24", BUSINESS, "covered by a capitation agreement"),
    row("242", BUSINESS, "not by a network or primary care provider"),
    row("243", BUSINESS, "not authorized by the network or primary care provider"),
    row("246", BUSINESS, "for reporting only, never paid"),
    row("249", &[CO], "a readmission"),
    remarked("250", BILLING, "the attachment received is not the one expected"),
    remarked("251", BILLING, "the attachment received is incomplete"),
    remarked("252", BILLING, "an attachment is needed to decide this claim"),
    row("253", &[CO], "sequestration of federal payment"),
    row("257", &[OA], "undecided during the grace period for unpaid premium"),
    row("26", BUSINESS, "service before coverage began"),
    remarked("267", BILLING, "claim spans several months"),
    row("27", BUSINESS, "service after coverage ended"),
    row("275", &[PR], "the prior payer's patient share is not covered"),
    row("288", ANY, "referral absent"),
    row("29", BUSINESS, "filed after the time limit"),
    row("3", &[PR], "copay"),
    row("31", BUSINESS, "patient not known as our insured"),
    row("32", BUSINESS, "patient is no eligible dependent by our records"),
    row("33", &[PR], "the insured has no coverage for dependents"),
    row("35", BUSINESS, "lifetime maximum reached"),
    row("39", BUSINESS, "denied when authorization was asked for"),
    row("4", BILLING, "procedure and modifier do not fit, or a modifier is missing"),
    row("40", BUSINESS, "not an emergency or urgent care"),
    row("45", &[CO, PR], "charge over the fee schedule, the contract or the most that may be allowed"),
    row("49", BUSINESS, "routine or preventive exam, or screening done with one"),
    row("5", BUSINESS, "procedure does not fit the place of service"),
    row("50", BUSINESS, "not medically necessary by the payer's policy"),
    row("54", BUSINESS, "assistant or further surgeon not paid for this procedure"),
    row("55", BUSINESS, "experimental or investigational by the payer's policy"),
    row("56", BUSINESS, "not proven effective by the payer's policy"),
    row("58", BUSINESS, "given at an unfitting place"),
    row("59", BUSINESS, "reduced by the rules for multiple or concurrent procedures"),
    row("6", BUSINESS, "procedure does not fit the patient's age"),
    row("7", BUSINESS, "procedure does not fit the patient's sex"),
    row("8", BUSINESS, "procedure does not fit the provider's type or specialty"),
    row("9", BUSINESS, "diagnosis does not fit the patient's age"),
    row("94", ANY, "allowed more than was charged"),
    row("95", BUSINESS, "plan procedures not followed"),
    remarked("96", BUSINESS, "not covered"),
    row("97", BUSINESS, "included in the payment for another service"),
    remarked("A1", ANY, "denied"),
    row("B11", ANY, "sent on to the right payer"),
    row("B13", BUSINESS, "paid before"),
    row("B14", BUSINESS, "only one visit or consultation a day by a physician"),
    row("B15", BUSINESS, "needs a qualifying service that was not received or decided"),
    row("B16", BUSINESS, "not a new patient"),
    row("B20", BUSINESS, "given in part or whole by another provider"),
    row("B7", BUSINESS, "provider not eligible for this service on this date"),
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

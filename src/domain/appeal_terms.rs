//! How a plan's decisions are appealed: which body of law, and what plan and contract add to it.

use super::codes::{Carc, Rarc};

/// The body of law, or the contract, that an appeal runs under.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Regime {
    /// Original Medicare (42 CFR part 405, subpart I).
    OriginalMedicare,
    /// Medicare Advantage (42 CFR part 422, subpart M).
    MedicareAdvantage,
    /// A group health plan of an employer (29 CFR 2560.503-1 and 2590.715-2719).
    EmployerPlan,
    /// Individual health insurance (45 CFR 147.136).
    IndividualMarket,
    /// A provider's dispute with the payer, under their contract.
    ProviderDispute,
}

impl Regime {
    /// Every one.
    pub const ALL: [Regime; 5] = [
        Regime::OriginalMedicare,
        Regime::MedicareAdvantage,
        Regime::EmployerPlan,
        Regime::IndividualMarket,
        Regime::ProviderDispute,
    ];

    /// Its id.
    pub const fn id(self) -> &'static str {
        match self {
            Regime::OriginalMedicare => "original-medicare",
            Regime::MedicareAdvantage => "medicare-advantage",
            Regime::EmployerPlan => "employer-plan",
            Regime::IndividualMarket => "individual-market",
            Regime::ProviderDispute => "provider-dispute",
        }
    }

    /// In words.
    pub const fn words(self) -> &'static str {
        match self {
            Regime::OriginalMedicare => "Original Medicare",
            Regime::MedicareAdvantage => "Medicare Advantage",
            Regime::EmployerPlan => "employer's group health plan",
            Regime::IndividualMarket => "individual health insurance",
            Regime::ProviderDispute => "provider dispute by contract",
        }
    }

    /// Reads an id.
    pub fn named(id: &str) -> Option<Regime> {
        Regime::ALL.into_iter().find(|regime| regime.id() == id)
    }
}

/// What a plan says of appeals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppealTerms {
    /// Members' appeals; never a provider dispute.
    pub regime: Regime,
    /// Levels of internal appeal of an employer's plan, 1 or 2 (29 CFR 2560.503-1(c)(2)).
    pub internal_levels: u8,
    /// The plan's own terms of provider disputes; `None`: the payer's.
    pub dispute: Option<DisputeTerms>,
}

impl Default for AppealTerms {
    fn default() -> AppealTerms {
        AppealTerms { regime: Regime::EmployerPlan, internal_levels: 1, dispute: None }
    }
}

/// What the payer says of appeals.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AppealSettings {
    /// Terms of its contracts on provider disputes.
    pub dispute: DisputeTerms,
    /// Its own rules of which evidence overturns which denial; they go before those of the law.
    pub evidence: Vec<EvidenceRule>,
}

/// What contracts say of provider disputes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DisputeTerms {
    /// Days to file from the notice.
    pub days_to_file: i32,
    /// Levels, 1 or 2.
    pub levels: u8,
    /// Days to decide from receipt.
    pub days_to_decide: i32,
    /// Business days to acknowledge receipt; `None`: it need not.
    pub days_to_acknowledge: Option<i32>,
    /// Days to pay after an overturned denial.
    pub days_to_pay: i32,
    /// What follows when the payer is late.
    pub when_late: WhenLate,
    /// The next remittance tells an upheld denial again, with reason 193.
    pub upheld_told_again: bool,
}

impl Default for DisputeTerms {
    /// Terms as they are common: a year to file, one level, 45 days to decide.
    fn default() -> DisputeTerms {
        DisputeTerms {
            days_to_file: 365,
            levels: 1,
            days_to_decide: 45,
            days_to_acknowledge: Some(15),
            days_to_pay: 5,
            when_late: WhenLate::MayGoOn,
            upheld_told_again: false,
        }
    }
}

/// What a contract says of a payer that is late in a dispute.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WhenLate {
    /// The provider may go on to the next level, or to what the contract says after the last.
    #[default]
    MayGoOn,
    /// The dispute counts as decided for the provider.
    Overturned,
    /// The denial counts as upheld.
    Upheld,
}

/// What is given with an appeal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EvidenceKind {
    /// Form CMS-1696 or another appointment of a representative.
    AppointmentOfRepresentative,
    /// Form CMS-20031: a beneficiary's transfer of appeal rights.
    TransferOfAppealRights,
    /// A non-contract provider's promise not to bill the enrollee, whatever comes of the appeal.
    WaiverOfLiability,
    /// Medical records.
    MedicalRecords,
    /// An operative note.
    OperativeNote,
    /// A letter of medical necessity.
    LetterOfMedicalNecessity,
    /// A coverage policy that is cited (NCD, LCD, the payer's own).
    PolicyCitation,
    /// Proof that the claim was filed in time, such as a 277CA that accepted it.
    ProofOfTimelyFiling,
    /// A letter that authorizes the service.
    AuthorizationLetter,
    /// A referral.
    Referral,
    /// Another payer's explanation of benefits.
    PrimaryEob,
    /// Proof that the patient was covered, such as a card or a notice of enrollment.
    ProofOfCoverage,
    /// An advance beneficiary notice that the patient signed.
    AdvanceBeneficiaryNotice,
    /// Proof that the services were distinct: another session, site, provider or time.
    ProofOfDistinctService,
    /// Proof that an accident, or work, or another payer's case did not cause the care.
    AccidentStatement,
    /// A claim with corrections: no evidence, and no appeal.
    CorrectedClaim,
    /// Anything else.
    Other,
}

impl EvidenceKind {
    /// Every one, with its id and its name in words.
    pub const ALL: &[(EvidenceKind, &'static str, &'static str)] = &[
        (
            EvidenceKind::AppointmentOfRepresentative,
            "appointment-of-representative",
            "appointment of a representative (CMS-1696)",
        ),
        (EvidenceKind::TransferOfAppealRights, "transfer-of-appeal-rights", "transfer of appeal rights (CMS-20031)"),
        (EvidenceKind::WaiverOfLiability, "waiver-of-liability", "waiver of liability"),
        (EvidenceKind::MedicalRecords, "medical-records", "medical records"),
        (EvidenceKind::OperativeNote, "operative-note", "operative note"),
        (EvidenceKind::LetterOfMedicalNecessity, "letter-of-medical-necessity", "letter of medical necessity"),
        (EvidenceKind::PolicyCitation, "policy-citation", "coverage policy that is cited"),
        (EvidenceKind::ProofOfTimelyFiling, "proof-of-timely-filing", "proof of timely filing"),
        (EvidenceKind::AuthorizationLetter, "authorization-letter", "authorization letter"),
        (EvidenceKind::Referral, "referral", "referral"),
        (EvidenceKind::PrimaryEob, "primary-eob", "another payer's explanation of benefits"),
        (EvidenceKind::ProofOfCoverage, "proof-of-coverage", "proof of coverage"),
        (EvidenceKind::AdvanceBeneficiaryNotice, "advance-beneficiary-notice", "advance beneficiary notice"),
        (EvidenceKind::ProofOfDistinctService, "proof-of-distinct-service", "proof of distinct services"),
        (EvidenceKind::AccidentStatement, "accident-statement", "statement on accident, work or another payer's case"),
        (EvidenceKind::CorrectedClaim, "corrected-claim", "corrected claim"),
        (EvidenceKind::Other, "other", "other document"),
    ];

    /// Its id.
    pub fn id(self) -> &'static str {
        EvidenceKind::ALL.iter().find(|(kind, ..)| *kind == self).map_or("other", |(_, id, _)| id)
    }

    /// In words.
    pub fn words(self) -> &'static str {
        EvidenceKind::ALL.iter().find(|(kind, ..)| *kind == self).map_or("other document", |(.., words)| words)
    }

    /// Reads an id.
    pub fn named(id: &str) -> Option<EvidenceKind> {
        EvidenceKind::ALL.iter().find(|(_, known, _)| *known == id).map(|(kind, ..)| *kind)
    }
}

/// A payer's own rule: this evidence does this to these denials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvidenceRule {
    /// Its id.
    pub rule_id: String,
    /// Reasons of denials that it is about.
    pub carcs: Vec<Carc>,
    /// Remarks of which the denial carries one; empty: any.
    pub rarcs: Vec<Rarc>,
    /// All of it must be given.
    pub evidence: Vec<EvidenceKind>,
    /// What it must hold to.
    pub test: EvidenceTest,
    /// What comes of it.
    pub outcome: RuleOutcome,
    /// Why, in words that letters print.
    pub rationale: String,
}

/// What evidence must hold to, besides being there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EvidenceTest {
    /// Nothing more.
    #[default]
    Present,
    /// It is in force on the date of service.
    CoversService,
    /// Its own date is no later than the last day to file the claim.
    FiledInTime,
    /// It meets the policy that denied the line.
    MeetsPolicy,
}

/// What a rule makes of a denial.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleOutcome {
    /// The denial does not stand.
    Overturn,
    /// It stands.
    Uphold,
    /// A person must look at it.
    Review,
}

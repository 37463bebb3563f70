//! What is not denied but shared, reduced, kept back or added.

use super::Remedy::{BillPatient, Dispute, None, WriteOff};
use super::{Appeals, Entry, paid, unused};

/// What the patient owes by the plan.
const MISAPPLIED: Appeals = Appeals::NotADenial("the member may appeal it where the plan's terms were misapplied");
/// What the contract says.
const BY_CONTRACT: Appeals = Appeals::Dispute;
/// What another payer did.
const ANOTHERS: Appeals = Appeals::NotADenial("what another payer decided is appealed there");
const LAW: Appeals = Appeals::NotADenial("the law cuts it");

pub(super) const ENTRIES: &[Entry] = &[
    paid("1", MISAPPLIED, &[BillPatient], "Bill the patient for the deductible."),
    paid("2", MISAPPLIED, &[BillPatient], "Bill the patient for the coinsurance."),
    paid("3", MISAPPLIED, &[BillPatient], "Bill the patient for the copay."),
    paid(
        "45",
        BY_CONTRACT,
        &[WriteOff, Dispute],
        "Under CO write it off: alone it means paid right. Under PR, out of network, the patient owes it.",
    ),
    paid("23", ANOTHERS, &[None], "It shows what the payers before have paid and written off."),
    paid("94", BY_CONTRACT, &[None], "More is allowed than was charged: nothing to do."),
    paid(
        "59",
        BY_CONTRACT,
        &[WriteOff, Dispute],
        "The rule for several procedures cut the fee; the main one is paid in full.",
    )
    .scenario(3),
    paid("104", BY_CONTRACT, &[None], "The contract keeps it back and releases it later."),
    paid("253", LAW, &[WriteOff], "Write it off: the law cuts Medicare's payments."),
    paid("108", BY_CONTRACT, &[WriteOff, Dispute], "Rent was cut or ended: see how many months were paid.").scenario(3),
    paid("121", MISAPPLIED, &[None], "").unless("no plan makes up what other members owe"),
    paid("122", BY_CONTRACT, &[WriteOff], "")
        .unless("no plan cuts psychiatric care; parity forbids it (45 CFR 146.136)"),
    paid("131", BY_CONTRACT, &[WriteOff], "A discount was agreed for this claim.")
        .unless("discounts are part of the contract (45)"),
    paid("66", MISAPPLIED, &[BillPatient], "").unless("no plan has a blood deductible"),
    paid(
        "136",
        ANOTHERS,
        &[None],
        "The prior payer's rules were not followed, so this plan pays only what it would have owed.",
    ),
    paid("229", MISAPPLIED, &[None], "").unless("crossover claims from Medicare's first decision are not taken in"),
    paid("237", LAW, &[WriteOff], "").unless("no law's penalty is worked out; late payment bears interest instead"),
    paid("247", MISAPPLIED, &[BillPatient], "")
        .unless("professional services on a facility's bill fall under the claim's own benefit"),
    paid("248", MISAPPLIED, &[BillPatient], "")
        .unless("professional services on a facility's bill fall under the claim's own benefit"),
    paid("144", BY_CONTRACT, &[None], "").unless("no contract has incentives"),
    paid("245", BY_CONTRACT, &[None], "").unless("a contract's withhold is told by 104"),
    paid("161", BY_CONTRACT, &[None], "").unless("no contract has a bonus"),
    unused("44", "no contract has a discount for prompt payment"),
    unused("69", "an outlier is part of the stay's allowed amount"),
    unused("70", "an outlier is part of the stay's allowed amount"),
    unused("74", "payments for teaching are not modelled"),
    unused("75", "payments for teaching are not modelled"),
    unused("76", "payments for many poor patients are not modelled"),
    unused("85", "patients pay no interest"),
    unused("100", "payments go to the billing provider"),
    unused("103", "a provider's own discount is not told on a claim"),
    unused("105", "no tax is withheld"),
    unused("130", "sending a claim costs nothing"),
    unused("134", "technical and professional parts have rates of their own"),
    unused("137", "no surcharge on claims is modelled"),
    unused("143", "payments are not split over time; what a contract withholds is told by 104"),
    unused("223", "every cut by law has a code of its own"),
    unused("225", "interest is told as such on the remittance, never as an adjustment"),
    unused("235", "no sales tax is worked out"),
    unused("241", "prescription plans are not modelled"),
    unused("260", "no plan is Medicaid's"),
    unused("271", "payments by the period are not modelled"),
    unused("A0", "refunds of patients are between them and the provider"),
    unused("A5", "Medicare's payment for capital is part of the group's"),
    unused("B22", "payment by diagnosis is part of the group's weight"),
];

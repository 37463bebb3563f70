//! Who is covered, by whom, and what the plan gives.

use super::Remedy::{
    AddAuthorization, AddReferral, Appeal, AskThePatient, BillOtherPayer, BillPatient, BillPrimaryFirst, CorrectDates,
    CorrectMember, CorrectedClaim, NewClaim, WriteOff,
};
use super::{Appeals, Entry, denied, unused};

/// The days of an appeal against late filing.
const LATE: Appeals = Appeals::Except(
    "with proof of filing in time; not with N211, in Original Medicare, where only an exception may be asked for (42 CFR 424.44(b))",
);

pub(super) const ENTRIES: &[Entry] = &[
    denied(
        "18",
        2,
        &[WriteOff],
        "Post the decision that was made on the first claim. Where it was another service, a modifier (76, 77, 91, 59) says so.",
    ),
    denied(
        "19",
        3,
        &[BillOtherPayer],
        "Bill the workers' compensation carrier; where it denies, send its denial with the claim.",
    ),
    denied("20", 3, &[BillOtherPayer], "Bill the liability carrier."),
    denied(
        "21",
        3,
        &[BillOtherPayer],
        "Bill the no-fault carrier; where it denies or is used up, send its decision with the claim.",
    ),
    denied(
        "22",
        3,
        &[BillPrimaryFirst, AskThePatient],
        "Bill the payer that is first and send its decision with the claim, or have the patient tell what other coverage there is.",
    ),
    denied(
        "24",
        4,
        &[WriteOff],
        "Nothing more is due: the service is in the monthly payment of who has the capitation.",
    )
    .appeals(Appeals::Dispute),
    denied(
        "26",
        3,
        &[CorrectMember, BillPatient],
        "Check eligibility on the day of service; bill who covered the patient then.",
    ),
    denied(
        "27",
        3,
        &[CorrectMember, BillOtherPayer, BillPatient],
        "Check eligibility on the day of service; bill who covers the patient now.",
    ),
    denied("29", 3, &[Appeal, WriteOff], "Show that the claim came in time (an accepted 277CA), or write it off.")
        .appeals(LATE),
    denied("31", 3, &[CorrectMember, NewClaim], "Check number and name against the card, or bill the right payer."),
    denied(
        "32",
        3,
        &[CorrectMember, AskThePatient],
        "The subscriber can show why the dependent is covered (school, disability).",
    ),
    denied(
        "33",
        3,
        &[BillPatient, BillOtherPayer],
        "The plan covers the subscriber only: bill other coverage or the patient.",
    ),
    denied("34", 3, &[AskThePatient, BillPatient], "Have the newborn enrolled in time."),
    denied("35", 3, &[BillPatient], "The lifetime maximum is used up: bill other coverage or the patient."),
    denied("39", 3, &[Appeal], "The request beforehand was denied: appeal that decision with the records."),
    denied(
        "40",
        3,
        &[Appeal, CorrectedClaim],
        "Where it was an emergency, say so (place, revenue code, SV109) and send the record.",
    ).unless("whether care was an emergency is asked by medical policies only (condition `emergency`), and none of this payer's chooses it"),
    denied(
        "49",
        3,
        &[BillPatient, CorrectedClaim],
        "Where there was a complaint, bill the visit for it with its diagnosis; else it is the patient's.",
    ),
    denied("51", 3, &[Appeal], "Ask the plan for its rule.")
        .unless("health plans may not exclude conditions that existed before (45 CFR 147.108)"),
    denied("53", 3, &[WriteOff], "Care of relatives is not paid.").unless("a claim does not tell whether provider and patient are related"),
    denied("96", 3, &[BillPatient, Appeal], "The remark says why it is not covered."),
    denied("106", 3, &[CorrectMember], "Ask the payer which choice is on file.").unless("no plan has payment options"),
    denied("109", 3, &[BillOtherPayer], "Send the claim to the payer or contractor that is right."),
    denied("111", 3, &[CorrectedClaim], "Accept assignment and bill again."),
    denied(
        "119",
        3,
        &[BillPatient, Appeal],
        "What the plan gives in the period is used up: bill the patient, or other coverage.",
    ),
    denied("128", 3, &[NewClaim], "The newborn's care belongs on the mother's claim."),
    denied("140", 2, &[CorrectMember, NewClaim], "Check number, name and birth date against the card."),
    denied(
        "149",
        3,
        &[BillPatient],
        "The lifetime maximum for this service is used up: bill the patient, or other coverage.",
    ),
    denied("157", 3, &[BillOtherPayer], "Ask who pays for injuries of war.").unless("no plan excludes acts of war"),
    denied("158", 3, &[BillPatient], "Services abroad are not covered: the patient pays.")
        .unless("service facilities abroad are not told apart; addresses have no country"),
    denied("159", 3, &[BillOtherPayer], "Ask who pays for injuries of terrorism.")
        .unless("no plan excludes acts of terrorism"),
    denied("160", 3, &[BillOtherPayer, Appeal], "The injury comes from something that the plan leaves out."),
    denied("166", 3, &[BillOtherPayer], "Bill who took over the plan's claims.").unless("no plan's administration has passed to another; the end of coverage is told by 27"),
    denied("168", 3, &[BillOtherPayer], "Bill the patient's dental plan.").unless("dental only: the payer has no dental plan to point to"),
    denied("169", 3, &[Appeal], "A cheaper service was covered in its place.")
        .unless("plans have no alternate benefits; they are dental"),
    denied("177", 3, &[AskThePatient], "Have the patient meet what the program asks for."),
    denied("178", 3, &[BillPatient], "The spend-down is the patient's.")
        .unless("no plan is Medicaid's with a spend-down"),
    denied("179", 3, &[BillPatient], "The service falls into the plan's waiting period: the patient pays."),
    denied("180", 3, &[AskThePatient], "Have the patient show where he or she lives.")
        .unless("plans have no area in which members must live"),
    denied(
        "197",
        3,
        &[AddAuthorization, Appeal],
        "Ask for authorization; where it could not be asked for beforehand, say why and ask for it now.",
    ),
    denied(
        "15",
        2,
        &[AddAuthorization, CorrectedClaim],
        "Check the number: the member, procedures, provider and days that it was given for.",
    ),
    denied("198", 3, &[AddAuthorization, Appeal], "Have the authorization extended."),
    denied("210", 3, &[Appeal], "Show why the authorization or notice could not come sooner."),
    denied("284", 3, &[AddAuthorization, CorrectedClaim], "The number holds, but for other services: have them added.").unless("15 says it: the number was given for other services"),
    denied(
        "296",
        3,
        &[AddAuthorization, CorrectedClaim],
        "The number holds, but for another provider: have it changed.",
    ).unless("15 says it: the number was given to another provider"),
    denied("302", 3, &[AddAuthorization, Appeal], "The authorization has run out: have it renewed.").unless("15 says it of a number that has run out, 198 of one that is used up"),
    denied(
        "200",
        3,
        &[BillPatient, CorrectMember],
        "Coverage was interrupted on that day: bill the patient or who covered the day.",
    ),
    denied("201", 3, &[BillPatient], "The settlement pays: bill the patient.").unless("workers' compensation only: settlements set aside for care are not on record; 19 names the carrier"),
    denied("202", 3, &[BillPatient], "Comfort and convenience are the patient's.").unless("comfort items are excluded by the plan's own list, told by 96 or 204"),
    denied("204", 3, &[BillPatient, Appeal], "The plan does not insure it: bill the patient."),
    denied("209", 3, &[WriteOff], "Nobody may be billed.").unless("that nobody may be billed is told by the group (CO), under the reason itself"),
    denied("212", 3, &[WriteOff], "Charges for administration are not paid.").unless("surcharges of administration are no service that a claim line names"),
    denied("215", 3, &[BillOtherPayer], "The third party's settlement pays.")
        .unless("settlements with third parties are told by 20 and 21"),
    denied("224", 3, &[CorrectMember], "Ask the payer for the member's new number.").unless("members' records do not tell of stolen identities"),
    denied(
        "242",
        3,
        &[AddReferral, BillPatient],
        "A provider outside the network is not covered by this plan: ask for an exception beforehand.",
    ),
    denied(
        "243",
        3,
        &[AddReferral, Appeal],
        "Have the primary care provider refer the patient, and put the number on the claim.",
    ),
    denied("165", 3, &[AddReferral, Appeal], "Have the referral written or extended.")
        .unless("243, 287 and 288 say the same more exactly"),
    denied("287", 3, &[AddReferral, Appeal], "The referral's visits are used up: have it extended."),
    denied("288", 3, &[AddReferral, CorrectedClaim], "Put the referral's number on the claim."),
    denied("254", 3, &[BillOtherPayer], "Bill the medical plan.").unless("the payer has no dental plan"),
    denied("256", 3, &[WriteOff], "The managed care contract does not pay it.").unless("contracts leave out no services of their own; what the plan leaves out is 96 or 204").appeals(Appeals::Dispute),
    denied(
        "257",
        3,
        &[NewClaim],
        "The premium of the grace period is unpaid; the claim is decided once that is settled.",
    )
    .appeals(Appeals::No("nothing is decided yet")),
    denied("258", 3, &[BillOtherPayer], "Bill the authority that holds the patient.").unless("members' records do not tell of custody"),
    denied("270", 3, &[BillOtherPayer], "Bill the patient's dental plan.").unless("dental only: the payer has no dental plan to point to"),
    denied("272", 3, &[Appeal], "The remark, or the plan's rules, say what was not met.").unless("each rule of a plan has a reason of its own; a policy may choose it"),
    denied("273", 3, &[Appeal], "The remark, or the plan's rules, say what was exceeded.").unless("each limit of a plan has a reason of its own (119, 151, 198); a policy may choose it"),
    denied("275", 3, &[BillPatient], "This plan does not cover what the prior payer left to the patient.").unless("no plan leaves out what a prior payer left to the patient: the method of coordination says what is paid of it"),
    denied("276", 3, &[BillPatient, Appeal], "What the first payer denied is not covered here; appeal there.").unless("what a prior payer denied is decided on this plan's own terms"),
    denied("303", 3, &[WriteOff], "A qualified Medicare beneficiary may not be billed for it.")
        .unless("qualified Medicare beneficiaries are not told apart"),
    denied("95", 3, &[AddAuthorization, Appeal], "The plan's rules say what must be done first."),
    denied("B1", 3, &[BillPatient], "The visit is not covered.").unless("visits are counted by the limits of their benefit (119)"),
    denied(
        "B9",
        3,
        &[BillOtherPayer, CorrectedClaim],
        "Bill the hospice; for care unrelated to the terminal illness say so (GW, condition code 07).",
    ),
    denied("B11", 3, &[BillOtherPayer], "The claim was sent on; wait for that payer's decision.")
        .unless("claims are not sent on to others"),
    denied("238", 3, &[CorrectDates, BillPatient], "The days outside coverage are the patient's.")
        .unless("a stay is paid by the coverage of its first day, and other lines are denied by their own day"),
    denied("155", 3, &[CorrectedClaim], "Bill what was done.").unless("a claim does not say that the patient refused"),
    unused("279", "preferred networks are tiers with terms of their own"),
    unused("285", "appeals are not taken in yet"),
    unused("286", "appeals are not taken in yet"),
    unused("138", "appeals are not taken in yet"),
    unused("139", "a plan does not know for whom its subscribers work"),
    unused("193", "no edit gives it: an upheld dispute is told again with it where the contract says so (`upheld_told_again`), else by letter"),
    unused("133", "a claim that waits is pended and stands on no remittance"),
    unused("101", "an estimate has claim status 25; its amounts stand under their own reasons"),
    unused("102", "no plan splits basic and major medical benefits"),
    unused("187", "plans have no spending accounts"),
    unused("142", "no plan is Medicaid's"),
];

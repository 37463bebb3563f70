//! Floor 2, decisions: a claim file goes in, a determination comes out. Pure and total: no I/O, no errors.
//!
//! Edits ask whether a line may be paid; pricing, what it is worth; benefits, who pays; coordination, who pays first; the law's cut comes last.

#[cfg(test)]
mod auditor;
pub mod authorization_request;
mod benefit_rules;
pub mod benefits;
pub mod case;
pub mod catalogue;
pub mod claim_file;
pub mod code_combinations;
pub mod coordination;
mod correction;
pub mod coverage;
pub mod documents;
pub mod edits;
#[cfg(test)]
pub(crate) mod example;
pub mod facts;
pub mod instruction;
mod network;
pub mod payer_revision;
pub mod policy;
mod practice;
#[cfg(test)]
mod precedence;
pub mod pricing;
pub mod proceedings;
pub mod reason;
pub mod remedies;
pub mod sequestration;
pub mod settlement;
mod withhold;

pub use case::{Case, Cover, Patient, Service};
pub use claim_file::ClaimFile;
pub use payer_revision::PayerRevision;
pub use proceedings::{Account, Denial, Proceedings};
pub use reason::Reason;

use crate::domain::determination::Determination;

/// Decides a claim. The same file gives the same determination, byte for byte.
pub fn adjudicate(file: &ClaimFile) -> Determination {
    let case = Case::open(file);
    let mut proceedings = Proceedings::open(&case);
    instruction::force(&case, &mut proceedings);
    edits::apply(&case, &mut proceedings);
    if case.stands_on_one_account() {
        proceedings.take_over();
    }
    if proceedings.pend.is_none() {
        let mut settlements = pricing::price(&case, &mut proceedings);
        policy::reduce(&proceedings, &mut settlements);
        instruction::reduce(&case, &mut settlements, &mut proceedings);
        benefits::share(&case, &mut settlements);
        coordination::coordinate(&file.claim, &mut settlements);
        withhold::withhold(&case, &mut settlements);
        sequestration::cut(&file.claim, &mut settlements);
        settlements.into_iter().for_each(|settlement| settlement.post(&mut proceedings));
    }
    correction::remark(&case, &mut proceedings);
    code_combinations::note(&case, &mut proceedings);
    proceedings.conclude(&case)
}

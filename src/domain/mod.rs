//! Floor 0, nouns: money, dates, codes, claims, adjustments. No I/O, no clock, no floats.

pub mod adjustment;
pub mod appeal_terms;
pub mod authorization_request;
pub mod benefit;
pub mod claim;
pub mod claim_checks;
pub mod claim_rules;
pub mod code_list;
pub mod codes;
pub mod dates;
pub mod determination;
pub mod directive;
pub mod document;
pub mod expression;
pub mod institutional;
pub mod instruction;
pub mod member;
pub mod money;
pub mod payer_order;
pub mod payment;
pub mod plan;
pub mod policy;
pub mod provider;
pub mod review;
pub mod standing;

//! Floor 1, facts: what law, CMS and the code sets say, and since when.
//!
//! Readers of the official layouts take text, never a path; tables are immutable once read, and looking up allocates
//! nothing. What stands in `data/` ships with the program; `data/README.md` names each source and its terms.

pub mod add_on_codes;
pub mod ambulance;
pub mod ambulance_rules;
pub mod anesthesia;
pub mod anesthesia_rules;
pub mod apc;
pub mod asc;
pub mod asp;
pub mod authorization_times;
pub mod claim_status_codes;
pub mod clfs;
pub mod conversion_factors;
pub mod core_combinations;
pub mod coverage;
pub mod diagnosis_conflicts;
pub mod dmepos;
pub mod gpci;
pub mod hcpcs;
pub mod high_deductible;
pub mod icd10cm;
pub mod import;
pub mod ipps;
pub mod laterality;
pub mod layout;
pub mod loinc;
pub mod medicare_secondary;
pub mod modifiers;
pub mod ms_drg;
pub mod mue;
pub mod ncci;
pub mod official_tables;
pub mod opps;
pub mod oppscap;
pub mod patient_status;
pub mod payment_amounts;
pub mod payment_policies;
pub mod payment_timing;
pub mod place_of_service;
pub mod pprrvu;
pub mod practitioners;
pub mod rbrvs;
pub mod reason_codes;
pub mod release;
pub mod remark_codes;
pub mod rental_rules;
pub mod revenue_codes;
pub mod review_reasons;
pub mod screenings;
pub mod sequestration;
pub mod status_indicators;
pub mod taxonomy;
pub mod type_of_bill;
pub mod unlisted_procedures;
pub mod visits;
pub mod wage_index;
pub mod x12_code_lists;

pub use coverage::Coverage;
pub use layout::LayoutError;

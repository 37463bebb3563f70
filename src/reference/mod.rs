//! Floor 1, facts: what law, CMS and the code sets say, and since when.
//!
//! Readers of the official layouts take text, never a path; tables are immutable once read, and looking up allocates
//! nothing. What stands in `data/` ships with the program; `data/README.md` names each source and its terms.

pub mod ambulance;
pub mod ambulance_rules;
pub mod anesthesia;
pub mod anesthesia_rules;
<<<<<<< HEAD
pub mod apc;
=======
pub mod asc;
>>>>>>> 83ccb7e (A facility's bill is decided: types of bill, admission, revenue codes and group are judged; a stay is paid by group, by the day or by the case on one account, outpatients by classification, surgical centers by their rates)
pub mod asp;
pub mod claim_status_codes;
pub mod clfs;
pub mod conversion_factors;
pub mod core_combinations;
pub mod coverage;
pub mod dmepos;
pub mod gpci;
pub mod hcpcs;
pub mod high_deductible;
pub mod icd10cm;
pub mod import;
pub mod ipps;
pub mod layout;
pub mod modifiers;
pub mod ms_drg;
pub mod mue;
pub mod ncci;
pub mod official_tables;
pub mod opps;
pub mod oppscap;
<<<<<<< HEAD
pub mod payment_amounts;
=======
pub mod patient_status;
>>>>>>> 83ccb7e (A facility's bill is decided: types of bill, admission, revenue codes and group are judged; a stay is paid by group, by the day or by the case on one account, outpatients by classification, surgical centers by their rates)
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
pub mod sequestration;
pub mod status_indicators;
<<<<<<< HEAD
pub mod taxonomy;
pub mod wage_index;
pub mod x12_code_lists;
=======
pub mod type_of_bill;
>>>>>>> 83ccb7e (A facility's bill is decided: types of bill, admission, revenue codes and group are judged; a stay is paid by group, by the day or by the case on one account, outpatients by classification, surgical centers by their rates)

pub use coverage::Coverage;
pub use layout::LayoutError;

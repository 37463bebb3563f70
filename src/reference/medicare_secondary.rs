//! When an employer's plan pays before Medicare.

/// Employees from which an employer's plan pays first for those who are 65 and work, or whose spouse does: Social Security Act,
/// section 1862(b)(1)(A)(ii); 42 CFR 411.170.
pub const WORKING_AGED_EMPLOYEES: i32 = 20;

/// Employees from which it pays first for the disabled who work, or of whose family somebody does: Social Security Act,
/// section 1862(b)(1)(B); 42 CFR 411.201.
pub const DISABLED_EMPLOYEES: i32 = 100;

/// Months for which it pays first for those with end-stage renal disease, whoever works: Social Security Act, section
/// 1862(b)(1)(C), for periods begun since 1996-02-05; 42 CFR 411.162.
pub const RENAL_COORDINATION_MONTHS: i32 = 30;

/// Years at which one is entitled to Medicare by age: 42 CFR 406.10.
pub const ENTITLED_AT_AGE: i16 = 65;

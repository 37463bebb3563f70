//! Floor 5, stories: files that say what is sent to a payer and what must come back. They go through the front door like any client,
//! each in a sandbox of its own, so that a story means the same on every server.
//!
//! A story is a TOML file:
//!
//! ```toml
//! title = "A second visit on the same day takes one copay"
//! clock_start = "2026-07-15"                      # where the sandbox's clock starts; the payer's own start where not said
//!
//! [claims.visit]                                  # a ProfessionalClaim, in the field names of the protos
//! patient_control_number = "VISIT-1"
//! lines = [{ procedure_code = "99213", charge_cents = 15000 }]
//!
//! [claims.again]                                  # the same, but for what is said here
//! like = "visit"
//! lines.1.charge_cents = 16000                    # line 1: lists count from one
//!
//! [[steps]]
//! say = "The clinic bills the visit."
//! submit = "visit"                                # or: estimate = "visit"; call = "Service/Method" with request = {…}; advance = { days = 14 };
//! with = { patient_control_number = "VISIT-2" }   #     pay = true; x12 = "file.edi"
//! expect = { state = "ALLOWED", determination.lines.1.adjustments.1 = { group = "CO", carc = "45" } }
//! as = "first"                                    # later steps may say "${first.name}"
//! ```
//!
//! An expectation names what must be there; what it does not name may be anything. A list in it is the whole list; a table over a
//! list may say places (`1`, `2`), `count`, `any` and `none`; over text, `contains`. `expect_error = { code = "…", fields = […] }`
//! expects a gRPC error. A claim without `charge_cents` is charged the sum of its lines. Enum values may be short.

pub mod document;
pub mod expectation;
pub mod overlay;
pub mod placeholders;
pub mod report;
pub mod run;
pub mod shape;
pub mod story;

pub use report::{Report, StoryOutcome, Verdict};
pub use run::{Turn, run, run_and_keep, run_following};
pub use story::Story;

//! Appeals: filed, examined by the law of the plan, decided, taken further. The law itself is pure and stands in `crate::appeals`; here is
//! what is kept, what the clock does, and what a decision does to the claim.

mod adding;
mod contested;
mod deciding;
mod effect;
mod entering;
mod filing;
mod going_on;
mod papers;
mod record;
mod recoupment;
mod rights;
mod waiting;

pub(super) use recoupment::Collection;

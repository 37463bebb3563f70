//! Floor 4, the shell: what reads and writes around the decisions.

pub mod folder;

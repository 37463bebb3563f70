#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

pub mod adjudication;
pub mod api;
pub mod appeals;
pub mod bench;
pub mod cli;
pub mod client;
pub mod domain;
pub mod letters;
pub mod payer;
pub mod proto;
pub mod reference;
pub mod remittance;
pub mod store;
pub mod stories;
pub mod wire;
pub mod x12;

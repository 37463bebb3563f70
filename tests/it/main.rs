//! The one integration test binary.
// What is not inside a #[test] function is test code all the same: it may stop at the first thing that is not as it should be.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod both_clocks;
mod checkers;
mod clinic;
mod command_line;
mod declared;
mod denials;
mod durability;
mod grpc;
mod inquiries;
mod interchange;
mod interrupted_interchange;
mod letters;
mod logs;
mod payer_folder;
mod recipes;
mod remedies;
mod remittance_835;
mod remittance_835_institutional;
mod same_bytes;
mod scenarios;
mod server;
mod services_review;
mod simulation;
mod snapshots;
mod stock_clients;
mod store;
mod tidy;
mod webhooks;
mod x12_inbound;
mod x12_syntax;
mod x12_syntax_837i;

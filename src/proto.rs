//! The messages, generated from `proto/`; `proto/payersim/v1` is the manual of the API.
#![allow(missing_docs, clippy::all, clippy::pedantic, rustdoc::all)]

/// The public API.
pub mod v1 {
    tonic::include_proto!("payersim.v1");
}

/// What the store keeps besides.
pub mod store {
    /// Format version 1.
    pub mod v1 {
        tonic::include_proto!("payersim.store.v1");
    }
}

/// Descriptors of every message and service, for reflection, JSON and payer folders.
pub const DESCRIPTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/payersim.descriptors.bin"));

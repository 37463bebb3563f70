//! The messages, generated from `proto/`; `proto/payersim/v1` is the manual of the API.
#![allow(missing_docs, clippy::all, clippy::pedantic, rustdoc::all)]

mod billed;

use std::sync::LazyLock;

use prost_reflect::DescriptorPool;

pub use billed::BilledLine;

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

/// The same, decoded once.
pub fn pool() -> &'static DescriptorPool {
    static POOL: LazyLock<DescriptorPool> = LazyLock::new(|| DescriptorPool::decode(DESCRIPTORS).unwrap_or_default());
    &POOL
}

#[cfg(test)]
mod tests {
    // The pool falls back to an empty one rather than stop the program; that must never be what is shipped.
    #[test]
    fn the_descriptors_decode() {
        assert!(super::pool().get_message_by_name("payersim.v1.Claim").is_some());
    }
}

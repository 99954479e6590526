//! The contracts: what travels on the bus ([`events`]) and the gRPC read API ([`api`]).
//!
//! Generated from `proto/`, whose comments are the reference. `bytes` fields are
//! [`bytes::Bytes`]: decoding a bus message copies no payload.

/// `crow.events.v1`: messages on `crow.events.{partition}`.
#[expect(clippy::all, reason = "generated code")]
pub mod events {
    tonic::include_proto!("crow.events.v1");
}

/// `crow.v1`: the gRPC read API.
#[expect(clippy::all, reason = "generated code")]
pub mod api {
    tonic::include_proto!("crow.v1");
}

/// The encoded descriptors of all protos, for gRPC reflection.
pub const DESCRIPTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/descriptors.bin"));

//! The contracts: messages on the bus ([`events`], [`live`]) and the gRPC read API ([`api`]).
//!
//! Generated from `proto/`, whose comments are the reference. `bytes` fields are
//! [`bytes::Bytes`]: decoding a bus message copies no payload.

/// `crow.events.v1`: messages on `crow.events.{partition}`.
#[allow(clippy::all, clippy::pedantic, reason = "generated code")]
pub mod events {
    tonic::include_proto!("crow.events.v1");

    /// The maximum size of a message that is compressed or stored as an object, in bytes after
    /// decompression. `ingest.max_inflated_bytes` is at most half of it, so that the keeper can read
    /// every message of the gateway.
    pub const MAX_MESSAGE_BYTES: usize = 128 << 20;
}

/// `crow.live.v1`: between watchers and keepers.
#[allow(clippy::all, clippy::pedantic, reason = "generated code")]
pub mod live {
    tonic::include_proto!("crow.live.v1");
}

/// `crow.v1`: the gRPC read API.
#[allow(clippy::all, clippy::pedantic, reason = "generated code")]
pub mod api {
    tonic::include_proto!("crow.v1");
}

/// The encoded descriptors of all protos, for gRPC reflection.
pub const DESCRIPTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/descriptors.bin"));

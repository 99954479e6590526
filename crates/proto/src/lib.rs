//! The contracts: what travels on the bus ([`events`], [`live`]) and the gRPC
//! read API ([`api`]).
//!
//! Generated from `proto/`, whose comments are the reference. `bytes` fields are
//! [`bytes::Bytes`]: decoding a bus message copies no payload.

/// `crow.events.v1`: messages on `crow.events.{partition}`.
#[allow(clippy::all, clippy::pedantic, reason = "generated code")]
pub mod events {
    tonic::include_proto!("crow.events.v1");

    /// A message that came compressed or as an object never inflates beyond this, in
    /// bytes. What goes in is bounded by this, so that everything can be taken out.
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

//! The API gateway: one address in front of the services.
//!
//! - `config`: what it forwards where, its keys, its limits.
//! - `places`: which service a path belongs to.
//! - `proof`: how the gateway proves to each service that it is the gateway.
//! - `calls`: gRPC, in a listener of its own.
//! - `caller`: who makes a request. Keys and sign-ins are verified here, once.
//! - `limits`: rates by address, key, user and path.
//! - `headers`: what is dropped, and what the gateway says to services.
//! - `gateway`: what all requests share.
//! - `forward`: one request there and back, without holding its body.
//! - `watch`: ends a stream when its caller is not admitted any more.
//! - `run`: startup.
//!
//! A service gets a signed token instead of the key or the cookie, on a connection with the gateway's
//! certificate or together with its secret. See `crow_auth::GatewayChannel` for the other end.

mod caller;
mod calls;
mod config;
mod forward;
mod gateway;
mod headers;
mod limits;
mod places;
mod proof;
mod revocations;
mod run;
#[cfg(test)]
mod tests;
mod watch;

pub use config::{Config, GatewayConfig};
pub use run::{run, run_on};

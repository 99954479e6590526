//! Requests to addresses that somebody else chose.
//!
//! A customer may name any address. It must not lead to the installation itself, its neighbours or the
//! metadata service of a cloud.
//!
//! - [`Outbound`]: the client. There is no way to send a request with it that is not checked.
//! - [`address`]: which addresses are public.
//! - [`OutboundConfig`]: what an operator allows besides.
//!
//! The address is checked where the connection is made: the client connects only to addresses that its
//! own resolver has checked, and looks a name up once for each connection. So a name that first has a
//! public address and later a private one reaches nothing. Addresses that stand in a URL pass no
//! resolver; they are checked before each request. The client follows no redirect by itself, and uses no
//! proxy of the environment.

pub mod address;
mod answer;
mod client;
mod config;
mod error;
#[cfg(test)]
mod tests;

pub use answer::{Answer, Limits};
pub use client::Outbound;
pub use config::OutboundConfig;
pub use error::{Error, Refusal};

//! Real parts for tests: NATS, Postgres and S3 servers and our own binaries, and functions that
//! wait for them.
//!
//! For development only. Depends on no other crate of the workspace. `cargo xtask test` starts the
//! Postgres and S3 servers once and passes their addresses in the environment. A NATS server is
//! cheap and some tests kill it, so each test starts its own.
//!
//! Functions without a `Result` are for tests and panic with the reason. Functions that `cargo
//! xtask` also uses return [`anyhow::Result`].

pub mod nats;
pub mod postgres;
pub mod process;
pub mod recording;
pub mod s3;

pub mod authenticator;
pub mod certificates;
pub mod gate;
pub mod http;
pub mod interrupt;
pub mod keys;
pub mod namespace;
pub mod paths;
pub mod port;
pub mod scripted;
pub mod site;
pub mod wait;

mod child;
mod log;

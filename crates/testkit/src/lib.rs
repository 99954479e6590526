//! Real parts for tests: NATS, Postgres and S3 servers, our own binaries, and waiting for them.
//!
//! Development only; knows no other crate of the workspace. `cargo xtask test` starts the Postgres
//! and S3 servers once and names them in the environment; a NATS server is cheap, and some tests
//! kill it, so each test starts its own.
//!
//! Functions without a `Result` panic with the reason: they are for tests. What `cargo xtask`
//! uses as well returns [`anyhow::Result`].

pub mod nats;
pub mod postgres;
pub mod process;
pub mod recording;
pub mod s3;

pub mod gate;
pub mod http;
pub mod paths;
pub mod port;
pub mod wait;

mod child;
mod log;

//! The read API: lists, searches and replays sessions over REST and gRPC.
//!
//! - [`run`], [`Config`]: the service.
//! - `ask`: what can be asked, with bounds and defaults, the same over both interfaces.
//! - `door`: who may ask; another organization's sessions do not exist.
//! - `use_cases`: the answers about sessions.
//! - `desk`: turns for questions that read many rows.
//! - `analytics`: numbers about many sessions.
//! - `replay`: a recording in the order of time, with memory bounded by what overlaps
//!   in time and not by its size.
//! - `live`: sessions while they happen.
//! - `admin`: keys and health, for admins.
//! - `rest`, `grpc`: the two interfaces. They translate and decide nothing.
//!
//! The service reads sessions and writes none; the only rows it writes are sign-ins and
//! API keys. Any number of replicas may run.

#![cfg_attr(
    test,
    expect(
        clippy::disallowed_methods,
        reason = "tests name organizations themselves"
    )
)]

mod config;
mod run;

mod admin;
mod analytics;
mod api;
mod ask;
mod assets;
mod cursor;
mod desk;
mod door;
mod error;
mod grpc;
mod live;
mod notices;
mod place;
mod replay;
mod rest;
mod use_cases;
mod windows;

#[cfg(test)]
mod tests;

pub use config::{Config, QueryConfig};
pub use rest::openapi;
pub use run::run;

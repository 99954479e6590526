//! The read API: lists, searches and replays sessions over REST and gRPC.
//!
//! - [`run`], [`Config`]: the service.
//! - `access`: who may read what; another organization's sessions do not exist.
//! - `use_cases`: what can be asked, the same behind both interfaces.
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

mod config;
mod run;

mod access;
mod admin;
mod analytics;
mod assets;
mod cursor;
mod desk;
mod error;
mod grpc;
mod live;
mod notices;
mod replay;
mod rest;
mod use_cases;
mod windows;

#[cfg(test)]
mod tests;

pub use config::{Config, QueryConfig};
pub use rest::openapi;
pub use run::run;

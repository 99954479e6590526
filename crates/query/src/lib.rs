//! The read API: lists, searches and replays sessions over REST and gRPC.
//!
//! - [`run`], [`Config`]: the service.
//! - `ask`: the questions with their bounds and defaults, shared by both interfaces.
//! - `door`: access control. Other organizations' sessions look as if they did not exist.
//! - `mask`: personal data in answers, for callers who may not see it.
//! - `use_cases`: the answers about sessions.
//! - `source_maps`: from stacks to sources.
//! - `scheduler`: turns for questions that read many rows.
//! - `analytics`: numbers about many sessions.
//! - `dashboards`: what is in dashboards, and what each tile asks.
//! - `source`: where a visit came from.
//! - `replay`: a recording in time order. Memory grows with how many chunks overlap in time, not
//!   with the size of the recording.
//! - `live`: sessions while they happen.
//! - `watched`: who watches recordings, for the audit log.
//! - `access`: what is stored of one person, as a zip.
//! - `notifications`: what users are told of.
//! - `alerting`: rules of alerts, and the messages about them.
//! - `admin`: keys and health, for admins.
//! - `analysis`: what interactions of a range say together.
//! - `mcp`: tools for assistants.
//! - `rest`, `grpc`: the two interfaces. They translate and decide nothing.
//!
//! The service reads sessions and writes none. The only rows it writes are those of accounts, API
//! keys and sign-ins, notifications, alerts, settings, erasures, notes, tags, collections and public
//! links, dashboards, source maps, the audit log, and calls of language models.
//! Any number of replicas may run.

#![cfg_attr(
    test,
    expect(
        clippy::disallowed_methods,
        reason = "tests name organizations themselves"
    )
)]

mod config;
mod run;

mod access;
mod admin;
mod alerting;
mod analysis;
mod analytics;
mod api;
mod ask;
mod assets;
mod cursor;
mod dashboards;
mod door;
mod error;
mod events;
mod grpc;
mod live;
mod mask;
mod mcp;
mod notices;
mod notifications;
mod page;
mod place;
mod replay;
mod rest;
mod scheduler;
mod source;
mod source_maps;
mod use_cases;
mod watched;
mod windows;

#[cfg(test)]
mod tests;

pub use access::Access;
pub use config::{Config, QueryConfig, WebhookConfig};
pub use rest::openapi;
pub use run::run;
pub use scheduler::Scheduler;
pub use use_cases::UseCases;

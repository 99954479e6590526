//! End to end: the real binaries against real servers. Run by `cargo xtask test`.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod accounts;
mod assistant;
mod backup;
mod bus_users;
mod client;
mod commands;
mod deep;
mod docs;
mod erasure;
mod full;
mod gateway;
mod hostile;
mod interactions;
mod kill;
mod live;
mod main_path;
mod models;
mod openapi;
mod readme;
mod refusals;
mod rolling;
mod sdk;
mod search;
mod single;
mod site_import;
mod stopping;
mod system;
mod traces;

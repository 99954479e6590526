//! Tests of the whole service in one process, with SQLite and a folder.

mod assets;
mod documented;
pub mod fixture;
mod forwarded;
mod grpc;
mod grpc_analytics;
mod grpc_interactions;
mod identity;
pub mod interactions;
mod letters;
pub mod limits;
mod masked;
mod meaning;
mod notifications;
mod passkeys;
mod products;
mod provider;
mod reads;
mod replay;
mod reports;
mod rest;
mod saved_filters;
mod settings;
mod signed_in;
mod tls;
mod verify;
mod walk;

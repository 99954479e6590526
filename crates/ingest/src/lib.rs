//! The ingest gateway: takes events over HTTP and acknowledges them when they are
//! durable on the bus. Stateless: any number of replicas serve the same traffic.
//!
//! One request, in order:
//!
//! 1. `admission`: address, rate limit, key, media type, declared size, bus. All from
//!    the headers, before a byte of the body is read.
//! 2. `body`: the body, with limits on size, time and on all bodies together.
//! 3. `decode`: inflated with a limit, checked for depth, cut into fields. Payloads
//!    stay slices of the body.
//! 4. `validate`: each event is accepted or rejected with a reason.
//! 5. `publish`: encoded once and acknowledged by the bus; what is too large for the
//!    bus goes by way of the object store.
//! 6. `assets`: which pictures and fonts the client should upload. Only then, since the acknowledgement does
//!    not depend on it.
//!
//! Times are passed on as the client sent them; the session keeper corrects them, with
//! one correction per window, so that jitter cannot reorder events.

mod admission;
mod app;
mod assets;
mod blocking;
mod body;
mod config;
mod decode;
mod edge;
mod gateway;
mod measured;
mod meters;
mod notices;
mod openapi;
mod outcome;
mod publish;
mod rate;
mod retry;
mod routes;
mod service;
#[cfg(test)]
mod tests;
mod validate;

pub use config::{AssetsConfig, Config, IngestConfig, IpPolicy, RateConfig, ReplayConfig};
#[doc(hidden)]
pub use measured::message_of_body;
pub use openapi::openapi;
pub use service::{run, run_on};

//! The ingest gateway: receives events over HTTP and acknowledges them once they are durable on the
//! bus. It is stateless, so any number of replicas can share the traffic.
//!
//! A request passes through these steps in order:
//!
//! 1. `admission`: address, rate limit, key, media type, declared size, bus. All of this comes from
//!    the headers, before a byte of the body is read. `sender` checks keys.
//! 2. `receive`: reads the body within limits of size and time, and runs the next two steps on it.
//!    A key in the body is checked after them. `inflight` limits the memory of all requests.
//! 3. `decode`: inflates it up to a limit, checks its depth and splits it into fields. Payloads
//!    stay slices of the body.
//! 4. `validate`: accepts each event, or rejects it with a reason.
//! 5. `routes`: each makes a batch for its session. `routes::submit` has the steps they share.
//! 6. `privacy`: removes what organization or visitor do not allow to be stored. `beside` does so for
//!    the console lines and requests of a recording.
//! 7. `publish`: encodes the batch once and waits for the acknowledgement of the bus. A batch too
//!    large for the bus goes through the object store.
//! 8. `assets`: determines which pictures and fonts the client should upload. It comes last because
//!    the acknowledgement does not depend on it.
//!
//! `errors` turns what went wrong into what the caller sees.
//!
//! The gateway passes times on as the client sent them. The session keeper corrects them, with one
//! correction per window, so that jitter cannot reorder events.

mod admission;
mod app;
mod assets;
mod bench_entry;
mod beside;
mod blocking;
mod config;
mod decode;
mod edge;
mod erased;
mod errors;
mod gateway;
mod inflight;
mod meters;
mod notices;
mod outcome;
mod privacy;
mod publish;
mod rate;
mod receive;
mod routes;
mod sender;
mod service;
mod settings;
#[cfg(test)]
mod tests;
mod validate;

#[doc(hidden)]
pub use bench_entry::message_of_body;
pub use config::{AssetsConfig, Config, IngestConfig, IpPolicy, ReplayConfig};
pub use routes::openapi;
pub use service::{run, run_on};

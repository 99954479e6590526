//! What all HTTP services share.
//!
//! - [`ApiError`]: the only place that turns an error code into an HTTP status.
//! - [`request_scope`]: the outermost middleware: request id, error form, headers, metrics.
//! - [`Health`]: `/health/live`, `/health/ready` and `/metrics`.
//! - [`Listener`]: binds, serves and stops in order.
//! - [`proxies`]: the client's address behind proxies.
//! - [`Peer`]: the names in the certificate of a client.
//! - [`rate`]: limits of requests per caller.
//! - [`Connections`]: limits on connections.
//! - [`Assets`]: files of a front-end build, embedded in the binary.
//! - [`body`]: reads a body within limits.
//! - [`docs`]: error responses for OpenAPI.
//! - [`grpc`]: connections and statuses of gRPC servers.
//!
//! A service builds its app as
//! `App::new().configure(routes).wrap(cors).wrap(from_fn(request_scope))`. The last `wrap` is the
//! outermost, so errors from everything inside get the common form.

mod assets;
pub mod body;
mod connections;
mod current;
pub mod docs;
mod endless_body;
mod error;
pub mod grpc;
mod health;
mod observe;
mod peer;
pub mod proxies;
pub mod rate;
mod request_scope;
mod server;
#[cfg(test)]
mod tests;
mod waiting;

pub use assets::{Assets, Caching};
pub use connections::{Connection, ConnectionLimits, Connections};
pub use current::{request_id, request_span, trace_id};
pub use error::{ApiError, ErrorBody, ErrorDetail};
pub use health::Health;
pub use peer::Peer;
pub use request_scope::request_scope;
pub use server::{Listener, Operators, ServeError};

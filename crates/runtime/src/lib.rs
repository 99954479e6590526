//! What every process of ours does the same way: read its configuration, log,
//! count, start, and stop in order.
//!
//! - [`config`]: defaults < file < environment, unknown keys refused.
//! - [`shutdown`]: a token and a task tracker, passed as an argument.
//! - [`telemetry`]: tracing to standard error, metrics for Prometheus.
//! - [`process`]: file permissions and limits of the process.
//! - [`service_main`]: what `main.rs` of a service calls, and nothing else.

pub mod config;
pub mod process;
mod service;
pub mod shutdown;
pub mod telemetry;

/// A third of the keeper's time went into the system's allocator. (Without huge pages: to zero
/// them took another quarter, and its memory was half as large again.)
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

pub use service::{install_crypto, service_main, wait_for_stop_signal};
pub use shutdown::Shutdown;

//! What all our processes share: configuration, logs, metrics, start and ordered stop.
//!
//! - [`config`]: defaults < file < environment, unknown keys refused.
//! - [`shutdown`]: a token and a task tracker, passed as an argument.
//! - [`telemetry`]: tracing to standard error, metrics for Prometheus.
//! - [`metrics`]: the table of all metrics.
//! - [`process`]: file permissions and limits of the process.
//! - [`version`]: of the release, with the commit of the build.
//! - [`service_main`]: the only call in `main.rs` of a service; [`run_service`] for `crow ingest` and
//!   the like.

pub mod config;
pub mod metrics;
pub mod process;
mod service;
pub mod shutdown;
pub mod telemetry;
mod version;

/// The system's allocator took a third of the keeper's time. Huge pages are off: zeroing them took
/// another quarter, and memory was 1.5 times as large.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

pub use service::{ServiceArgs, install_crypto, run_service, service_main, wait_for_stop_signal};
pub use shutdown::Shutdown;
pub use version::version;

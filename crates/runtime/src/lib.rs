//! What all processes share: configuration, logs, metrics, startup and orderly shutdown.
//!
//! - [`Background`]: threads for work that others must not wait for.
//! - [`config`]: defaults < file < environment. Unknown keys are rejected.
//! - [`shutdown`]: a token and a task tracker, passed as an argument.
//! - [`telemetry`]: tracing to standard error, metrics for Prometheus.
//! - [`metrics`]: the table of all metrics.
//! - [`process`]: file permissions and limits of the process.
//! - [`Tls`], [`ClientTls`]: TLS of listeners and to services, with certificates that are read again.
//! - [`traces`]: spans, sent to a collector.
//! - [`version`]: the version of the release, with the commit of the build.
//! - [`Readiness`]: the conditions for this process to receive requests.
//! - [`Troubles`]: operations that are failing, for readiness and metrics.
//! - [`service_main`]: the only call in a service's `main.rs`. [`run_service`] serves `crow ingest`
//!   and similar commands.

mod background;
pub mod config;
pub mod metrics;
pub mod process;
pub mod readiness;
pub mod retry;
mod service;
pub mod shutdown;
pub mod telemetry;
pub mod tls;
pub mod traces;
mod trouble;
mod version;

/// The system's allocator took a third of the keeper's CPU time. Huge pages are off: zeroing them
/// took another quarter, and memory was 1.5 times as large.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

pub use background::Background;
pub use readiness::Readiness;
pub use service::{ServiceArgs, install_crypto, run_service, service_main, wait_for_stop_signal};
pub use shutdown::Shutdown;
pub use telemetry::Telemetry;
pub use tls::{ClientFiles, ClientTls, Tls, TlsConfig};
pub use traces::TracesConfig;
pub use trouble::{TroubleGuard, Troubles};
pub use version::version;

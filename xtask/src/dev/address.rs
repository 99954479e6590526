//! Where the development server listens: the defaults of `crow serve`.

use anyhow::ensure;
use crow_testkit::port;

/// Ingest, HTTP.
pub const INGEST: u16 = 7070;
/// Query, HTTP.
pub const QUERY: u16 = 7071;
/// Query, gRPC.
pub const GRPC: u16 = 7072;
/// Session keeper, health and metrics.
pub const SESSION: u16 = 7073;
/// The demo shop.
pub const DEMO: u16 = 7074;

/// Fails with the port that somebody else listens on.
pub fn require_free() -> anyhow::Result<()> {
    let ports = [
        (INGEST, "ingest"),
        (QUERY, "query"),
        (GRPC, "gRPC"),
        (SESSION, "session"),
        (DEMO, "demo shop"),
    ];
    for (port, purpose) in ports {
        ensure!(
            port::is_free(port),
            "port {port} ({purpose}) is in use; stop what listens there, maybe another `cargo xtask dev`"
        );
    }
    Ok(())
}

/// The URL of an HTTP port.
pub fn url(port: u16) -> String {
    format!("http://127.0.0.1:{port}")
}

/// The URL that tells whether a service is ready.
pub fn ready(port: u16) -> String {
    format!("{}/health/ready", url(port))
}

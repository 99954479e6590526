//! HTTP for tests.

use reqwest::Client;

/// A client that goes straight to its server, whatever proxy the environment names.
///
/// Also gives the process its TLS provider, without which no client can be made.
pub fn client() -> Client {
    // Fails only when there is a provider already, which serves as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder()
        .no_proxy()
        .build()
        .expect("a client without special settings can be built")
}

//! HTTP for tests.

use reqwest::Client;

/// A client without a proxy, whatever the environment says.
///
/// Also installs the TLS provider of the process, which every client needs.
pub fn client() -> Client {
    // Fails only if a provider is already installed, which is fine.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder()
        .no_proxy()
        .build()
        .expect("a client without special settings can be built")
}

//! HTTP for tests.

use reqwest::{Client, ClientBuilder};

/// A client for `http://`, as [`builder`] makes it.
pub fn client() -> Client {
    builder()
        .build()
        .expect("a client without special settings can be built")
}

/// A client without a proxy, whatever the environment says. It trusts no certificate: reading those of the
/// machine takes longer than most requests of a test.
///
/// Also installs the TLS provider of the process, which every client needs.
pub fn builder() -> ClientBuilder {
    // Fails only if a provider is already installed, which is fine.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder().no_proxy().tls_certs_only([])
}

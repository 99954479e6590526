//! The files of certificates.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rustls::RootCertStore;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::server::danger::ClientCertVerifier;
use rustls::sign::CertifiedKey;

use super::config::TlsConfig;

/// Time between two looks at the files.
pub(super) const LOOK_AGAIN: Duration = Duration::from_secs(5);
/// One of the two files is set alone.
pub(super) const NEEDED_TOGETHER: &str = "cert_file and key_file are needed together";

/// Where the files of a listener are.
#[derive(Debug)]
pub(super) struct Files {
    certificate: PathBuf,
    key: PathBuf,
    client_ca: Option<PathBuf>,
}

/// The bytes of the files.
#[derive(PartialEq, Eq)]
pub(super) struct Content {
    certificate: Vec<u8>,
    key: Vec<u8>,
    client_ca: Option<Vec<u8>>,
}

impl Files {
    /// `None` if TLS is off.
    pub(super) fn of(config: &TlsConfig) -> Result<Option<Self>, String> {
        let path = |name: &str| (!name.is_empty()).then(|| PathBuf::from(name));
        let client_ca = path(&config.client_ca_file);
        match (path(&config.cert_file), path(&config.key_file)) {
            (Some(certificate), Some(key)) => Ok(Some(Self {
                certificate,
                key,
                client_ca,
            })),
            (None, None) if client_ca.is_none() => Ok(None),
            _ => Err(NEEDED_TOGETHER.to_owned()),
        }
    }

    pub(super) fn read(&self) -> Result<Content, String> {
        Ok(Content {
            certificate: read(&self.certificate)?,
            key: read(&self.key)?,
            client_ca: self.client_ca.as_deref().map(read).transpose()?,
        })
    }
}

pub(super) fn read(path: &Path) -> Result<Vec<u8>, String> {
    std::fs::read(path).map_err(|error| format!("cannot read {}: {error}", path.display()))
}

/// What a listener presents, and whom it accepts.
#[derive(Debug)]
pub(super) struct Identity {
    pub(super) key: Arc<CertifiedKey>,
    pub(super) clients: Option<Arc<dyn ClientCertVerifier>>,
}

impl Identity {
    pub(super) fn parse(content: &Content) -> Result<Self, String> {
        Ok(Self {
            key: certified(&content.certificate, &content.key)?,
            clients: content.client_ca.as_deref().map(clients).transpose()?,
        })
    }
}

/// A certificate with its key.
pub(super) fn certified(certificate: &[u8], key: &[u8]) -> Result<Arc<CertifiedKey>, String> {
    let chain = certificates("cert_file", certificate)?;
    let key = PrivateKeyDer::from_pem_slice(key)
        .map_err(|error| format!("key_file holds no private key in PEM: {error}"))?;
    let certified = CertifiedKey::from_der(chain, key, &ring::default_provider());
    let certified = certified.map_err(|error| format!("key_file does not fit cert_file: {error}"));
    certified.map(Arc::new)
}

/// Accepts certificates that one of these authorities has signed.
fn clients(pem: &[u8]) -> Result<Arc<dyn ClientCertVerifier>, String> {
    let mut roots = RootCertStore::empty();
    for certificate in certificates("client_ca_file", pem)? {
        roots
            .add(certificate)
            .map_err(|error| format!("client_ca_file: {error}"))?;
    }
    let provider = Arc::new(ring::default_provider());
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build();
    verifier.map_err(|error| format!("client_ca_file: {error}"))
}

pub(super) fn certificates(
    setting: &str,
    pem: &[u8],
) -> Result<Vec<CertificateDer<'static>>, String> {
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    let found = found.map_err(|error| format!("{setting} is not PEM: {error}"))?;
    if found.is_empty() {
        return Err(format!("{setting} holds no certificate in PEM"));
    }
    Ok(found)
}

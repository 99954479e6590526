//! The certificate in use, which can be replaced.

use std::sync::{Arc, PoisonError, RwLock};

use rustls::client::danger::HandshakeSignatureValid;
use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls::{DigitallySignedStruct, DistinguishedName, Error, SignatureScheme};

use super::config::Clients;
use super::files::Identity;

/// Each handshake uses the identity of its moment.
#[derive(Debug)]
pub(super) struct Reloaded {
    identity: RwLock<Arc<Identity>>,
    clients: Clients,
}

impl Reloaded {
    pub(super) fn new(identity: Identity, clients: Clients) -> Self {
        Self {
            identity: RwLock::new(Arc::new(identity)),
            clients,
        }
    }

    pub(super) fn replace(&self, identity: Identity) {
        let current = self.identity.write();
        *current.unwrap_or_else(PoisonError::into_inner) = Arc::new(identity);
    }

    fn now(&self) -> Arc<Identity> {
        let identity = self.identity.read();
        let identity = identity.unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&identity)
    }

    fn clients(&self) -> Result<Arc<dyn ClientCertVerifier>, Error> {
        let clients = self.now().clients.clone();
        clients.ok_or_else(|| Error::General("no authority for clients".to_owned()))
    }
}

impl ResolvesServerCert for Reloaded {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.now().key))
    }
}

impl ClientCertVerifier for Reloaded {
    fn client_auth_mandatory(&self) -> bool {
        self.clients == Clients::Required
    }

    /// None: a client presents the certificate it has.
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        certificate: &CertificateDer<'_>,
        chain: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        self.clients()?.verify_client_cert(certificate, chain, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let clients = self.clients()?;
        clients.verify_tls12_signature(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let clients = self.clients()?;
        clients.verify_tls13_signature(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.clients()
            .map(|clients| clients.supported_verify_schemes())
            .unwrap_or_default()
    }
}

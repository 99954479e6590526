//! TLS to other services: what we present, and whom we trust. The files are read again at a handshake,
//! at most every few seconds. So a new certificate needs neither a restart nor a task of its own.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{ResolvesClientCert, Resumption};
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::sign::CertifiedKey;
use rustls::{ClientConfig, DigitallySignedStruct, Error, SignatureScheme};
use rustls_platform_verifier::Verifier;
use tracing::{info, warn};

use super::config::TlsError;
use super::files::{LOOK_AGAIN, NEEDED_TOGETHER, certificates, certified, read};

/// Paths of PEM files, as a section has them. Empty: none.
#[derive(Debug, Clone, Copy, Default)]
pub struct ClientFiles<'a> {
    /// Authorities that are trusted besides those of the system.
    pub ca_file: &'a str,
    /// The certificate that we present.
    pub cert_file: &'a str,
    /// Its private key.
    pub key_file: &'a str,
}

impl ClientFiles<'_> {
    /// Whether one of them is set.
    #[must_use]
    pub fn is_set(&self) -> bool {
        !(self.ca_file.is_empty() && self.cert_file.is_empty() && self.key_file.is_empty())
    }
}

/// TLS to services. Cloning is cheap; clones share the certificate.
#[derive(Debug, Clone)]
pub struct ClientTls {
    config: Arc<ClientConfig>,
    has_certificate: bool,
}

impl ClientTls {
    /// Reads the files. New files that cannot be used leave the old ones in place and a warning in the
    /// log. `setting` is the name of the section, such as `gateway`.
    ///
    /// # Errors
    /// When a file is missing or unreadable, or the key does not belong to the certificate.
    pub fn open(setting: &'static str, files: ClientFiles<'_>) -> Result<Self, TlsError> {
        let failed = |reason| TlsError { setting, reason };
        let files = Files::of(files).map_err(failed)?;
        let has_certificate = files.own.is_some();
        let content = files.read().map_err(failed)?;
        let renewed = Arc::new(Renewed {
            setting,
            files,
            state: Mutex::new(State {
                current: Arc::new(Current::parse(&content).map_err(failed)?),
                content,
                looked: Instant::now(),
                last_reason: None,
            }),
        });
        let provider = Arc::new(ring::default_provider());
        let mut config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("the provider supports the default versions")
            .dangerous()
            .with_custom_certificate_verifier(Arc::clone(&renewed) as _)
            .with_client_cert_resolver(renewed);
        // A resumed session would present the old certificate, and trust the old authority.
        config.resumption = Resumption::disabled();
        Ok(Self {
            config: Arc::new(config),
            has_certificate,
        })
    }

    /// What a TLS client needs.
    #[must_use]
    pub fn client_config(&self) -> ClientConfig {
        (*self.config).clone()
    }

    /// Whether we present a certificate.
    #[must_use]
    pub fn has_certificate(&self) -> bool {
        self.has_certificate
    }
}

#[derive(Debug)]
struct Files {
    ca: Option<PathBuf>,
    /// The certificate and its key.
    own: Option<(PathBuf, PathBuf)>,
}

#[derive(Debug, PartialEq, Eq)]
struct Content {
    ca: Option<Vec<u8>>,
    own: Option<(Vec<u8>, Vec<u8>)>,
}

impl Files {
    fn of(files: ClientFiles<'_>) -> Result<Self, String> {
        let path = |name: &str| (!name.is_empty()).then(|| Path::new(name).to_owned());
        let own = match (path(files.cert_file), path(files.key_file)) {
            (Some(certificate), Some(key)) => Some((certificate, key)),
            (None, None) => None,
            _ => return Err(NEEDED_TOGETHER.to_owned()),
        };
        Ok(Self {
            ca: path(files.ca_file),
            own,
        })
    }

    fn read(&self) -> Result<Content, String> {
        let own = match &self.own {
            Some((certificate, key)) => Some((read(certificate)?, read(key)?)),
            None => None,
        };
        Ok(Content {
            ca: self.ca.as_deref().map(read).transpose()?,
            own,
        })
    }
}

/// What handshakes use.
#[derive(Debug)]
struct Current {
    trusted: Verifier,
    own: Option<Arc<CertifiedKey>>,
}

impl Current {
    fn parse(content: &Content) -> Result<Self, String> {
        let authorities = content.ca.as_deref();
        let authorities = authorities.map(|pem| certificates("ca_file", pem));
        let authorities = authorities.transpose()?.unwrap_or_default();
        let provider = Arc::new(ring::default_provider());
        let trusted = Verifier::new_with_extra_roots(authorities, provider);
        let own = content.own.as_ref();
        Ok(Self {
            trusted: trusted.map_err(|error| format!("ca_file: {error}"))?,
            own: own
                .map(|(certificate, key)| certified(certificate, key))
                .transpose()?,
        })
    }
}

/// The files, and what was in them the last time that they could be used.
#[derive(Debug)]
struct Renewed {
    setting: &'static str,
    files: Files,
    state: Mutex<State>,
}

struct State {
    current: Arc<Current>,
    content: Content,
    looked: Instant,
    last_reason: Option<String>,
}

impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("State").finish_non_exhaustive()
    }
}

impl Renewed {
    fn now(&self) -> Arc<Current> {
        let mut state = self.lock();
        if state.looked.elapsed() >= LOOK_AGAIN {
            state.looked = Instant::now();
            self.look(&mut state);
        }
        Arc::clone(&state.current)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn look(&self, state: &mut State) {
        let setting = self.setting;
        let parsed = match self.files.read() {
            Ok(content) if content == state.content => return,
            Ok(content) => Current::parse(&content).map(|current| (content, current)),
            Err(reason) => Err(reason),
        };
        match parsed {
            Ok((content, current)) => {
                info!(setting, "new certificate in use");
                state.content = content;
                state.current = Arc::new(current);
                state.last_reason = None;
            }
            Err(reason) if state.last_reason.as_ref() != Some(&reason) => {
                warn!(
                    setting,
                    error = reason,
                    "the new certificate cannot be used; the old one stays"
                );
                state.last_reason = Some(reason);
            }
            Err(_known) => {}
        }
    }
}

impl ResolvesClientCert for Renewed {
    fn resolve(
        &self,
        _authorities: &[&[u8]],
        _schemes: &[SignatureScheme],
    ) -> Option<Arc<CertifiedKey>> {
        self.now().own.clone()
    }

    fn has_certs(&self) -> bool {
        self.files.own.is_some()
    }
}

impl ServerCertVerifier for Renewed {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        chain: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let current = self.now();
        let trusted = &current.trusted;
        trusted.verify_server_cert(certificate, chain, name, ocsp, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let current = self.now();
        current
            .trusted
            .verify_tls12_signature(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let current = self.now();
        current
            .trusted
            .verify_tls13_signature(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.now().trusted.supported_verify_schemes()
    }
}

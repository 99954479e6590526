//! Certificates for tests of TLS.

use std::fs;
use std::path::Path;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};

/// An authority that signs certificates.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    /// Its own certificate (PEM).
    pub pem: String,
}

/// A certificate and its key, both PEM.
pub struct Certificate {
    /// The certificate.
    pub cert: String,
    /// The private key.
    pub key: String,
}

impl Authority {
    /// A new authority that nobody knows.
    #[must_use]
    pub fn create() -> Self {
        let key = KeyPair::generate().expect("a key");
        let mut params = CertificateParams::new(Vec::new()).expect("parameters");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let pem = params.self_signed(&key).expect("a certificate").pem();
        Self {
            issuer: Issuer::new(params, key),
            pem,
        }
    }

    /// A certificate for `localhost` and 127.0.0.1, for servers and clients.
    #[must_use]
    pub fn issue(&self) -> Certificate {
        let names = ["localhost".to_owned(), "127.0.0.1".to_owned()];
        let params = CertificateParams::new(names).expect("parameters");
        let key = KeyPair::generate().expect("a key");
        let cert = params.signed_by(&key, &self.issuer).expect("a certificate");
        Certificate {
            cert: cert.pem(),
            key: key.serialize_pem(),
        }
    }
}

impl Certificate {
    /// Writes `tls.crt` and `tls.key` into the folder.
    pub fn write_to(&self, folder: &Path) {
        fs::write(folder.join("tls.crt"), &self.cert).expect("a file");
        fs::write(folder.join("tls.key"), &self.key).expect("a file");
    }
}

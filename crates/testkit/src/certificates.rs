//! Certificates for tests of TLS.

use std::fs;
use std::path::Path;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, SanType, date_time_ymd};

/// An authority that signs certificates.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    /// Its own certificate (PEM).
    pub pem: String,
}

/// A certificate and its key, both PEM.
#[derive(Clone)]
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
        self.sign(&params_of(&["localhost", "127.0.0.1"]))
    }

    /// A certificate of a client with these names: SPIFFE ids or DNS names.
    #[must_use]
    pub fn issue_to(&self, names: &[&str]) -> Certificate {
        self.sign(&params_of(names))
    }

    /// The same, but it was valid only in the past.
    #[must_use]
    pub fn issue_expired_to(&self, names: &[&str]) -> Certificate {
        let mut params = params_of(names);
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(2020, 2, 1);
        self.sign(&params)
    }

    fn sign(&self, params: &CertificateParams) -> Certificate {
        let key = KeyPair::generate().expect("a key");
        let cert = params.signed_by(&key, &self.issuer).expect("a certificate");
        Certificate {
            cert: cert.pem(),
            key: key.serialize_pem(),
        }
    }
}

fn params_of(names: &[&str]) -> CertificateParams {
    let (uris, others): (Vec<&str>, Vec<&str>) =
        names.iter().partition(|name| name.contains("://"));
    let others: Vec<String> = others.into_iter().map(str::to_owned).collect();
    let mut params = CertificateParams::new(others).expect("parameters");
    for uri in uris {
        let uri = SanType::URI(uri.try_into().expect("plain text"));
        params.subject_alt_names.push(uri);
    }
    params
}

impl Certificate {
    /// Writes `tls.crt` and `tls.key` into the folder.
    pub fn write_to(&self, folder: &Path) {
        fs::write(folder.join("tls.crt"), &self.cert).expect("a file");
        fs::write(folder.join("tls.key"), &self.key).expect("a file");
    }
}

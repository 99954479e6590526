//! Who is at the other end of a connection with mutual TLS.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use actix_web::HttpRequest;
use rustls::pki_types::CertificateDer;
use webpki::EndEntityCert;

/// The names in the certificate that a client presented. The handshake has checked that one of our
/// authorities signed it. Cloning is cheap.
#[derive(Debug, Clone)]
pub struct Peer(Arc<Names>);

#[derive(Debug)]
struct Names {
    spiffe_id: Option<String>,
    dns: Vec<String>,
    was_reported: AtomicBool,
}

impl Peer {
    /// The peer with this chain of certificates; `None` if it presented none.
    pub(crate) fn of_chain(chain: Option<&[CertificateDer<'_>]>) -> Option<Self> {
        let own = chain?.first()?;
        let names = EndEntityCert::try_from(own).map(|certificate| {
            let uris: Vec<&str> = certificate.valid_uri_names().collect();
            // SPIFFE's X.509-SVID, section 2: a certificate with several URIs names nobody.
            let spiffe_id = match uris[..] {
                [one] if one.starts_with("spiffe://") => Some(one.to_owned()),
                _ => None,
            };
            // A wildcard is not a name of one service.
            let dns = certificate.valid_dns_names();
            let dns = dns.filter(|name| !name.starts_with('*'));
            let dns = dns.map(str::to_ascii_lowercase).collect();
            (spiffe_id, dns)
        });
        let (spiffe_id, dns) = names.unwrap_or_default();
        Some(Self(Arc::new(Names {
            spiffe_id,
            dns,
            was_reported: AtomicBool::new(false),
        })))
    }

    /// The peer of a request's connection; `None` if it presented no certificate.
    #[must_use]
    pub fn of(request: &HttpRequest) -> Option<Self> {
        request.conn_data::<Self>().cloned()
    }

    /// The SPIFFE id, such as `spiffe://crow/gateway`.
    #[must_use]
    pub fn spiffe_id(&self) -> Option<&str> {
        self.0.spiffe_id.as_deref()
    }

    /// The DNS names in lower case, without wildcards.
    #[must_use]
    pub fn dns_names(&self) -> &[String] {
        &self.0.dns
    }

    /// Whether this is the first call for the connection. Something that holds for the connection is
    /// logged once, however many requests it carries.
    #[must_use]
    pub fn is_first_report(&self) -> bool {
        !self.0.was_reported.swap(true, Ordering::Relaxed)
    }
}

/// The names, for logs.
impl fmt::Display for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.spiffe_id().into_iter();
        let names = names.chain(self.dns_names().iter().map(String::as_str));
        for (index, name) in names.enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            write!(f, "{comma}{name}")?;
        }
        Ok(())
    }
}

//! Names of services, as settings have them.

use std::sync::Arc;

use crow_web::Peer;

use crate::error::AuthConfigError;

const SPIFFE: &str = "spiffe://";
/// The longest SPIFFE id, in bytes (SPIFFE-ID, section 2.3).
const MAX_SPIFFE_ID: usize = 2_048;
/// The longest DNS name (RFC 1035, section 2.3.4).
const MAX_DNS_NAME: usize = 253;
const MAX_LABEL: usize = 63;

/// Names that are allowed. Cloning is cheap.
#[derive(Debug, Clone, Default)]
pub(super) struct Identities(Arc<[Name]>);

#[derive(Debug, PartialEq, Eq)]
enum Name {
    Spiffe(String),
    /// Lower case.
    Dns(String),
}

impl Identities {
    /// `setting` is the name in the section `[auth]`.
    pub(super) fn of(setting: &'static str, names: &[String]) -> Result<Self, AuthConfigError> {
        let names = names.iter().map(|name| {
            Name::parse(name).ok_or_else(|| AuthConfigError::Identity(setting, name.clone()))
        });
        Ok(Self(names.collect::<Result<_, _>>()?))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the peer has one of the names.
    pub(super) fn has(&self, peer: &Peer) -> bool {
        self.0.iter().any(|name| match name {
            Name::Spiffe(id) => peer.spiffe_id() == Some(id),
            Name::Dns(name) => peer.dns_names().contains(name),
        })
    }
}

impl Name {
    fn parse(text: &str) -> Option<Self> {
        match text.strip_prefix(SPIFFE) {
            Some(rest) if is_spiffe(rest) && text.len() <= MAX_SPIFFE_ID => {
                Some(Self::Spiffe(text.to_owned()))
            }
            None if is_dns(text) => Some(Self::Dns(text.to_ascii_lowercase())),
            Some(_) | None => None,
        }
    }
}

/// A trust domain and a path (SPIFFE-ID, section 2).
fn is_spiffe(rest: &str) -> bool {
    let mut parts = rest.split('/');
    let domain = parts.next().unwrap_or_default();
    let is_of_domain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-._".contains(&b);
    let is_of_path = |b: u8| b.is_ascii_alphanumeric() || b"-._".contains(&b);
    let mut parts = parts.peekable();
    !domain.is_empty()
        && domain.bytes().all(is_of_domain)
        && parts.peek().is_some()
        && parts.all(|part| {
            !part.is_empty() && part != "." && part != ".." && part.bytes().all(is_of_path)
        })
}

fn is_dns(text: &str) -> bool {
    let is_label = |label: &str| {
        let is_plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
        (1..=MAX_LABEL).contains(&label.len()) && label.bytes().all(is_plain)
    };
    text.len() <= MAX_DNS_NAME && text.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_spiffe_id_or_a_dns_name() {
        let spiffe = "spiffe://crow/gateway";
        assert_eq!(Name::parse(spiffe), Some(Name::Spiffe(spiffe.to_owned())));
        let dns = Name::Dns("gateway.crow.svc".to_owned());
        assert_eq!(Name::parse("Gateway.crow.svc"), Some(dns));
        assert!(Name::parse("crow-gateway").is_some());
        assert!(Name::parse("spiffe://a.example/ns/crow/sa/gateway_1").is_some());
        for wrong in [
            "",
            "*.crow.svc",
            "crow..svc",
            "crow.svc.",
            "https://crow/gateway",
            "spiffe://crow",
            "spiffe://crow/",
            "spiffe:///gateway",
            "spiffe://crow/*",
            "spiffe://crow/a/../b",
            "spiffe://Crow/gateway",
            "spiffe://crow:443/gateway",
            "spiffe://crow/gateway?x=1",
            "SPIFFE://crow/gateway",
        ] {
            assert_eq!(Name::parse(wrong), None, "{wrong}");
        }
        let error = Identities::of("gateway_identities", &["*".to_owned()]).unwrap_err();
        let text = error.to_string();
        assert!(text.starts_with("auth.gateway_identities: \"*\""), "{text}");
    }
}

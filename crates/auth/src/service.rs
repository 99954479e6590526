//! How services recognise each other: by a name in the certificate of the connection, else by a
//! secret. A connection with a certificate is judged by its names alone.

mod identities;

use actix_web::HttpRequest;
use actix_web::http::header::{FORWARDED, X_FORWARDED_FOR};
use crow_web::Peer;
use tracing::{debug, warn};

use crate::config::AuthConfig;
use crate::error::AuthConfigError;
use crate::secret::SharedSecret;

use identities::Identities;

/// Why a service is not recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotRecognised {
    /// Its certificate has none of the names.
    #[error("its certificate has none of the names that are allowed")]
    Identity,
    /// It presents no certificate, and no or another secret.
    #[error("it presents neither a certificate nor the secret")]
    Secret,
    /// It counts only on a connection from inside.
    #[error("the request came through a proxy")]
    Proxied,
}

impl NotRecognised {
    /// For metrics.
    fn as_str(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Secret => "secret",
            Self::Proxied => "proxied",
        }
    }
}

/// What a service presents about itself.
#[derive(Debug, Default)]
pub struct Presented<'a> {
    /// Who is at the other end of the connection; `None`: no certificate.
    pub peer: Option<&'a Peer>,
    /// The secret; empty: none.
    pub secret: &'a str,
    /// Whether a proxy has passed the request on.
    pub is_proxied: bool,
}

impl<'a> Presented<'a> {
    /// With what a request says about its way.
    #[must_use]
    pub fn of(request: &HttpRequest, peer: Option<&'a Peer>, secret: &'a str) -> Self {
        let headers = request.headers();
        Self {
            peer,
            secret,
            is_proxied: headers.contains_key(X_FORWARDED_FOR) || headers.contains_key(FORWARDED),
        }
    }
}

/// Who may act in a role: the API gateway, or a service that calls another one. Cloning is cheap.
#[derive(Debug, Clone, Default)]
pub struct KnownServices {
    /// For logs and metrics.
    role: &'static str,
    identities: Identities,
    secret: SharedSecret,
    /// Whether a request counts that a proxy passed on.
    through_proxies: bool,
}

impl KnownServices {
    /// Who may act as the API gateway. Its requests have passed proxies by their nature.
    ///
    /// # Errors
    /// When a name is not one of a service, or a secret is too short.
    pub fn gateways(config: &AuthConfig) -> Result<Self, AuthConfigError> {
        Ok(Self {
            role: "gateway",
            identities: Identities::of("gateway_identities", &config.gateway_identities)?,
            secret: SharedSecret::of_gateway(config)?,
            through_proxies: true,
        })
    }

    /// Who may act on its own behalf: have keys verified, and report interactions. No setting adds to
    /// these two.
    ///
    /// # Errors
    /// When a name is not one of a service, or a secret is too short.
    pub fn callers(config: &AuthConfig) -> Result<Self, AuthConfigError> {
        Ok(Self {
            role: "system",
            identities: Identities::of("system_identities", &config.system_identities)?,
            secret: SharedSecret::of_system(config)?,
            through_proxies: false,
        })
    }

    /// Whether anybody can be recognised.
    #[must_use]
    pub fn is_set(&self) -> bool {
        self.secret.is_set() || !self.identities.is_empty()
    }

    /// Passes a service that is recognised.
    ///
    /// # Errors
    /// When it is not. The reason is counted, and a wrong certificate is in the log.
    pub fn recognise(&self, presented: &Presented<'_>) -> Result<(), NotRecognised> {
        let outcome = self.judge(presented);
        if let Err(reason) = outcome {
            self.report(presented, reason);
        }
        outcome
    }

    fn judge(&self, presented: &Presented<'_>) -> Result<(), NotRecognised> {
        // A proxy would lend its name or place to whoever asks it. This comes before the secret is
        // compared, so that the answer tells nothing about it.
        if presented.is_proxied && !self.through_proxies {
            return Err(NotRecognised::Proxied);
        }
        // Whoever has a certificate is that service, and does not become another one by a secret.
        if let Some(peer) = presented.peer.filter(|_| !self.identities.is_empty()) {
            let is_known = self.identities.has(peer);
            return is_known.then_some(()).ok_or(NotRecognised::Identity);
        }
        let is_right = self.secret.is_one(presented.secret);
        is_right.then_some(()).ok_or(NotRecognised::Secret)
    }

    fn report(&self, presented: &Presented<'_>, reason: NotRecognised) {
        let role = self.role;
        metrics::counter!("crow_auth_services_refused_total", "role" => role, "why" => reason.as_str())
            .increment(1);
        match presented.peer {
            Some(peer) if reason == NotRecognised::Identity && peer.is_first_report() => {
                warn!(
                    role,
                    peer = peer.to_string(),
                    "a service with another identity is refused"
                );
            }
            _ => debug!(
                role,
                error = crow_types::log_chain(&reason),
                "a service is refused"
            ),
        }
    }
}

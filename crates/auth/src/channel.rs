//! The way from the API gateway to a service. A token counts only on a connection with the gateway's
//! certificate, or together with its secret. So a token that leaked is of no use from outside.

use std::fmt;

use actix_web::HttpRequest;
use crow_web::Peer;

use crate::config::AuthConfig;
use crate::error::{AuthConfigError, AuthError};
use crate::jwt::TokenError;
use crate::jwt::verifier::TokenVerifier;
use crate::principal::Principal;
use crate::service::{KnownServices, Presented};

/// The header in which the gateway presents its secret.
pub const GATEWAY_KEY_HEADER: &str = "x-crow-gateway";
/// The header in which the gateway names the organization.
pub const ORGANIZATION_HEADER: &str = "x-organization-id";

/// What a request from the gateway presents.
#[derive(Clone)]
pub struct Forwarded {
    token: String,
    gateway_key: Option<String>,
    organization: Option<String>,
    /// Who is at the other end of the connection.
    peer: Option<Peer>,
}

impl fmt::Debug for Forwarded {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Forwarded")
    }
}

impl Forwarded {
    /// The token in the headers of a request, with what comes with it; `None` without one.
    #[must_use]
    pub fn of(request: &HttpRequest) -> Option<Self> {
        let headers = request.headers();
        let text = |name| Some(headers.get(name)?.to_str().ok()?.to_owned());
        Self::by(text, || Peer::of(request))
    }

    /// The same for other requests than those of actix: the text of a header, and who is at the other
    /// end of the connection.
    #[must_use]
    pub fn by(
        text: impl Fn(&'static str) -> Option<String>,
        peer: impl FnOnce() -> Option<Peer>,
    ) -> Option<Self> {
        let header = text("authorization")?;
        let (scheme, token) = header.trim().split_once(' ')?;
        let token = token.trim();
        // Every header of a token begins with `{"`.
        let is_token = scheme.eq_ignore_ascii_case("bearer") && token.starts_with("eyJ");
        is_token.then(|| Self {
            token: token.to_owned(),
            gateway_key: text(GATEWAY_KEY_HEADER),
            organization: text(ORGANIZATION_HEADER),
            peer: peer(),
        })
    }
}

/// Admits what the gateway forwards. Cloning is cheap.
#[derive(Debug, Clone, Default)]
pub struct GatewayChannel {
    gateways: KnownServices,
    /// Absent: no tokens are accepted.
    tokens: Option<TokenVerifier>,
}

impl GatewayChannel {
    /// Without `auth.jwks_url` it admits nothing.
    ///
    /// # Errors
    /// When the settings do not fit together.
    pub fn new(config: &AuthConfig, environment: &str) -> Result<Self, AuthConfigError> {
        let gateways = KnownServices::gateways(config)?;
        if config.jwks_url.is_empty() {
            return Ok(Self::default());
        }
        if !gateways.is_set() {
            return Err(AuthConfigError::GatewayKey);
        }
        Ok(Self {
            gateways,
            tokens: Some(TokenVerifier::new(config, environment)?),
        })
    }

    /// The principal of a forwarded request.
    ///
    /// # Errors
    /// `Token` when it does not come from the gateway, the token is not to be believed, or another
    /// organization is named. Which of them it is, is in the log.
    pub async fn admit(&self, request: &Forwarded) -> Result<Principal, AuthError> {
        let refused = |why: &str| {
            tracing::debug!(error = why, "a token is refused");
            AuthError::Token
        };
        let tokens = self.tokens.as_ref();
        let tokens = tokens.ok_or_else(|| refused("tokens are not accepted here"))?;
        let presented = Presented {
            peer: request.peer.as_ref(),
            secret: request.gateway_key.as_deref().unwrap_or_default(),
            ..Presented::default()
        };
        if self.gateways.recognise(&presented).is_err() {
            return Err(AuthError::Token);
        }
        let principal = match tokens.verify(&request.token).await {
            Ok(principal) => principal,
            Err(TokenError::NoKeys) => return Err(AuthError::Unavailable),
            Err(error) => return Err(refused(&error.to_string())),
        };
        let named = request.organization.as_deref();
        let own = principal.organization().as_str();
        if named.is_some_and(|named| named != own) {
            return Err(refused("the gateway names another organization"));
        }
        Ok(principal)
    }
}

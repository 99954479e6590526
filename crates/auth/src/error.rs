use crow_runtime::tls::TlsError;
use crow_types::ErrorCode;
use crow_web::ApiError;

/// Why a key was not verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AuthError {
    /// The key does not exist, was revoked or has expired.
    #[error("the API key is not known, was revoked or has expired")]
    Unknown,
    /// The sign-in expired or ended, its key was revoked or its user was disabled.
    #[error("the sign-in is over; sign in again")]
    SignedOut,
    /// A token that is not to be believed, or that did not come from the gateway.
    #[error("the token is not valid here; send an API key, or sign in")]
    Token,
    /// The key has used up its own limit; the seconds to wait.
    #[error("too many requests with this API key, which has a limit of its own")]
    RateLimited(u32),
    /// The source of keys is not available, and the cache has no result.
    #[error("API keys cannot be verified at the moment")]
    Unavailable,
}

impl From<AuthError> for ApiError {
    fn from(error: AuthError) -> Self {
        match error {
            AuthError::Unknown | AuthError::SignedOut | AuthError::Token => {
                Self::new(ErrorCode::Unauthenticated, error.to_string())
            }
            AuthError::RateLimited(seconds) => {
                Self::new(ErrorCode::RateLimited, error.to_string()).retry_after(seconds)
            }
            AuthError::Unavailable => Self::unavailable(error.to_string()),
        }
    }
}

/// Why the section `[auth]` of the configuration is invalid.
#[derive(Debug, thiserror::Error)]
pub enum AuthConfigError {
    /// The value is out of range.
    #[error("auth.cache_seconds must be 60 to 300, not {0}")]
    CacheSeconds(u64),
    /// Not an http or https URL.
    #[error("auth.service_url (AUTH_SERVICE_URL) must begin with http:// or https://, or be empty")]
    ServiceUrl,
    /// Without the key, the service would reject every request.
    #[error(
        "auth.service_api_key (SERVICE_API_KEY) or auth.cert_file is needed when auth.service_url is set"
    )]
    ServiceApiKey,
    /// A token alone must not be enough.
    #[error(
        "auth.gateway_key (INTERNAL_GATEWAY_KEY) or auth.gateway_identities is needed when auth.jwks_url is set"
    )]
    GatewayKey,
    /// Not a name that a service can have.
    #[error(
        "auth.{0}: {1:?} is not the name of a service; use a SPIFFE id such as spiffe://crow/gateway, or a DNS name without a wildcard"
    )]
    Identity(&'static str, String),
    /// No certificate would ever be seen.
    #[error("auth.{names} is set, but no client is asked for a certificate: set {setting}")]
    NoCertificates {
        /// The setting with names.
        names: &'static str,
        /// The setting of a listener.
        setting: &'static str,
    },
    /// The certificate for calls of other services cannot be used.
    #[error("the certificate for other services cannot be used")]
    Certificate(#[from] TlsError),
    /// It could be guessed.
    #[error("auth.{0} must have at least 32 characters")]
    ShortSecret(&'static str),
    /// The HTTP client could not be created.
    #[error("cannot make the HTTP client for the auth service")]
    Client(#[source] reqwest::Error),
}

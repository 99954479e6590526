use crow_types::ErrorCode;
use crow_web::ApiError;

/// Why a key was not verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AuthError {
    /// No such key, or it was revoked.
    #[error("the API key is not known or was revoked")]
    Unknown,
    /// The cookie's sign-in is over, or its key was revoked.
    #[error("the sign-in is over; sign in again")]
    SignedOut,
    /// Neither the auth service or database nor the cache could tell.
    #[error("API keys cannot be verified at the moment")]
    Unavailable,
}

impl From<AuthError> for ApiError {
    fn from(error: AuthError) -> Self {
        match error {
            AuthError::Unknown | AuthError::SignedOut => {
                Self::new(ErrorCode::Unauthenticated, error.to_string())
            }
            AuthError::Unavailable => Self::unavailable(error.to_string()),
        }
    }
}

/// Why the `[auth]` configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum AuthConfigError {
    /// Out of range.
    #[error("auth.cache_seconds must be 60 to 300, not {0}")]
    CacheSeconds(u64),
    /// Not a URL that we can call.
    #[error("auth.service_url (AUTH_SERVICE_URL) must begin with http:// or https://, or be empty")]
    ServiceUrl,
    /// The service would refuse us.
    #[error("auth.service_api_key (SERVICE_API_KEY) is needed when auth.service_url is set")]
    ServiceApiKey,
    /// The HTTP client could not be made.
    #[error("cannot make the HTTP client for the auth service")]
    Client(#[source] reqwest::Error),
}

use serde::Serialize;

/// Every error that a caller of the HTTP or gRPC interface can see.
///
/// The code is stable and meant for programs; the message beside it is for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// The body is not valid JSON, or a field has the wrong type or a value out of range.
    Malformed,
    /// The API key is missing, unknown or revoked.
    Unauthenticated,
    /// The key is known but its scope does not allow this call.
    Forbidden,
    /// The route, session or page does not exist, or belongs to another organization.
    NotFound,
    /// An upload that is not wanted, or that another client has sent already.
    NotWanted,
    /// The route exists, but not with this method.
    MethodNotAllowed,
    /// Somebody else changed it in between.
    Conflict,
    /// The body did not arrive in time.
    Timeout,
    /// The body, or what it inflates to, is over the limit.
    TooLarge,
    /// The content type or content encoding is not supported.
    UnsupportedMedia,
    /// The body is well-formed, but nothing in it could be accepted.
    Unprocessable,
    /// The rate limit of the key or the address is exceeded.
    RateLimited,
    /// The bus or a store is not available; retry.
    Unavailable,
    /// An internal error. The request id finds it in the logs.
    Internal,
}

impl ErrorCode {
    /// The word in responses, logs and metric labels.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::Unauthenticated => "unauthenticated",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not_found",
            Self::NotWanted => "not_wanted",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::Conflict => "conflict",
            Self::Timeout => "timeout",
            Self::TooLarge => "too_large",
            Self::UnsupportedMedia => "unsupported_media",
            Self::Unprocessable => "unprocessable",
            Self::RateLimited => "rate_limited",
            Self::Unavailable => "unavailable",
            Self::Internal => "internal",
        }
    }
}

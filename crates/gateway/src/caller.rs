//! Who makes a request. A key is verified in a cache that a revocation empties. A sign-in is looked
//! up each time, so that disabling a user and changing a role take effect at once.

use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::http::header::{HeaderMap, ORIGIN};
use moka::sync::Cache;

use crow_auth::cookie::{CSRF_HEADER, token_of};
use crow_auth::{AuthError, KeyVerifier, Principal, Signer, key_from_headers};
use crow_types::{ApiKeySecret, ErrorCode, Timestamp};
use crow_web::ApiError;

use crate::places::Admits;

/// The most tokens that are kept.
const MAX_TOKENS: u64 = 10_000;

/// What a request presents.
#[derive(Clone)]
enum Credential {
    Key {
        key: ApiKeySecret,
        origin: Option<String>,
    },
    SignIn(String),
}

/// A caller that was admitted.
#[derive(Clone)]
pub(crate) struct Caller {
    credential: Credential,
    pub(crate) principal: Principal,
}

/// Verifies callers and signs tokens about them.
pub(crate) struct Callers {
    verifier: KeyVerifier,
    pub(crate) signer: Signer,
    tokens: Cache<Principal, String>,
}

impl Callers {
    /// A token is used again for `kept_for`.
    pub(crate) fn new(verifier: KeyVerifier, signer: Signer, kept_for: Duration) -> Self {
        Self {
            verifier,
            signer,
            tokens: Cache::builder()
                .max_capacity(MAX_TOKENS)
                .time_to_live(kept_for)
                .build(),
        }
    }

    /// The caller of a request; `None` when it presents nothing that is asked for. A cookie that is
    /// over counts as none, because a browser sends it with every request, also for public pages.
    ///
    /// # Errors
    /// When a key is not valid, may not be used from this page, or a request with a cookie could be
    /// forged.
    pub(crate) async fn of(
        &self,
        request: &HttpRequest,
        admits: Admits,
    ) -> Result<Option<Caller>, ApiError> {
        if admits == Admits::Itself {
            return Ok(None);
        }
        if let Some(key) = key_from_headers(request.headers())? {
            let origin = text(request.headers(), ORIGIN.as_str());
            return self.by_key(key, origin).await.map(Some);
        }
        match token_of(request).filter(|_| admits == Admits::Callers) {
            Some(token) => self.signed_in(request, token).await,
            None => Ok(None),
        }
    }

    /// The caller with this key.
    ///
    /// # Errors
    /// When the key is not valid, or may not be used from this page.
    pub(crate) async fn by_key(
        &self,
        key: ApiKeySecret,
        origin: Option<String>,
    ) -> Result<Caller, ApiError> {
        self.verifier.admit(&key).await?;
        let credential = Credential::Key { key, origin };
        let principal = self.verify(&credential).await?;
        Ok(Caller {
            credential,
            principal,
        })
    }

    async fn signed_in(
        &self,
        request: &HttpRequest,
        token: String,
    ) -> Result<Option<Caller>, ApiError> {
        let sign_in = match self.verifier.signed_in(&token).await {
            Ok(sign_in) => sign_in,
            Err(AuthError::SignedOut) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let csrf_token = text(request.headers(), CSRF_HEADER).unwrap_or_default();
        if !request.method().is_safe() && !sign_in.is_meant(&csrf_token) {
            return Err(ApiError::new(
                ErrorCode::Forbidden,
                "a request that changes something needs the header X-Crow-CSRF with the sign-in's csrfToken",
            ));
        }
        Ok(Some(Caller {
            principal: Principal::from(&sign_in),
            credential: Credential::SignIn(token),
        }))
    }

    async fn verify(&self, credential: &Credential) -> Result<Principal, ApiError> {
        match credential {
            Credential::Key { key, origin } => {
                let grant = self.verifier.verify(key).await?;
                if !grant.allows_origin(origin.as_deref()) {
                    return Err(ApiError::new(
                        ErrorCode::Forbidden,
                        "the API key may not be used from this origin",
                    ));
                }
                Ok(Principal::from(grant.as_ref()))
            }
            Credential::SignIn(token) => {
                Ok(Principal::from(&self.verifier.signed_in(token).await?))
            }
        }
    }

    /// Whether a caller that was admitted earlier would be admitted now, with the same rights. While
    /// that cannot be told, it is.
    pub(crate) async fn is_still_admitted(&self, caller: &Caller) -> bool {
        match self.verify(&caller.credential).await {
            Ok(principal) => principal == caller.principal,
            Err(error) => error.code == ErrorCode::Unavailable,
        }
    }

    /// A token about a principal.
    pub(crate) fn token(&self, principal: &Principal) -> String {
        let sign = || self.signer.sign(principal, Timestamp::now());
        self.tokens.get_with_by_ref(principal, sign)
    }
}

/// An unreadable header counts as present but invalid.
fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    let value = headers.get(name)?;
    Some(value.to_str().unwrap_or_default().to_owned())
}

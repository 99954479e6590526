//! Who may read what. The only place that compares a key's organization with the one
//! that is asked for.

use crow_auth::{KeyVerifier, Scope, Scopes};
use crow_types::{ApiKeySecret, ErrorCode, OrganizationId};
use crow_web::ApiError;

use crate::error::Error;

/// What a request shows to be let in.
#[derive(Debug, Clone)]
pub enum Credential {
    /// An API key.
    Key(ApiKeySecret),
    /// The token of a sign-in, from a cookie.
    SignIn(String),
}

/// Who asks.
#[derive(Debug, Clone, Default)]
pub struct Caller {
    /// What it shows; `None` when it shows nothing.
    pub credential: Option<Credential>,
    /// The page that it comes from.
    pub origin: Option<String>,
    /// The request changes something: a sign-in then needs its token against forgery.
    pub changes: bool,
    /// That token.
    pub csrf_token: Option<String>,
}

/// Somebody who was let in.
#[derive(Debug, Clone)]
pub struct Admission {
    /// The tenant.
    pub organization: OrganizationId,
    /// Id of the key, also behind a sign-in.
    pub key_id: String,
}

/// Lets readers in.
#[derive(Debug, Clone)]
pub struct Access {
    verifier: KeyVerifier,
}

impl Access {
    /// Over a verifier.
    #[must_use]
    pub fn new(verifier: KeyVerifier) -> Self {
        Self { verifier }
    }

    /// What verifies keys and sign-ins.
    #[must_use]
    pub fn verifier(&self) -> &KeyVerifier {
        &self.verifier
    }

    /// Lets the caller in, when it has the scope in the organization.
    ///
    /// # Errors
    /// `unauthenticated` without a valid key or sign-in; `forbidden` when the key may not
    /// do this, may not be used from this origin, or the request may be forged; for
    /// another organization the same `not_found` as for a session that does not exist.
    pub async fn admit(
        &self,
        caller: &Caller,
        scope: Scope,
        organization: &str,
    ) -> Result<Admission, ApiError> {
        let (admission, scopes) = match &caller.credential {
            None => return Err(nothing_shown()),
            Some(Credential::Key(key)) => self.by_key(key, caller.origin.as_deref()).await?,
            Some(Credential::SignIn(token)) => self.by_sign_in(token, caller).await?,
        };
        if !scopes.allow(scope) {
            return Err(ApiError::new(
                ErrorCode::Forbidden,
                format!("the API key needs the scope `{scope}`"),
            ));
        }
        if admission.organization.as_str() != organization {
            return Err(Error::NotFound.into_api());
        }
        Ok(admission)
    }

    async fn by_key(
        &self,
        key: &ApiKeySecret,
        origin: Option<&str>,
    ) -> Result<(Admission, Scopes), ApiError> {
        let grant = self.verifier.verify(key).await?;
        if !grant.allows_origin(origin) {
            return Err(ApiError::new(
                ErrorCode::Forbidden,
                "the API key may not be used from this origin",
            ));
        }
        let admission = Admission {
            organization: grant.organization.clone(),
            key_id: grant.key_id.clone(),
        };
        Ok((admission, grant.scopes))
    }

    async fn by_sign_in(
        &self,
        token: &str,
        caller: &Caller,
    ) -> Result<(Admission, Scopes), ApiError> {
        let sign_in = self.verifier.signed_in(token).await?;
        let csrf_token = caller.csrf_token.as_deref().unwrap_or_default();
        if caller.changes && !sign_in.is_meant(csrf_token) {
            return Err(may_be_forged());
        }
        let admission = Admission {
            organization: sign_in.organization,
            key_id: sign_in.key_id,
        };
        Ok((admission, sign_in.scopes))
    }
}

/// A request with a cookie that another page may have caused.
pub fn may_be_forged() -> ApiError {
    ApiError::new(
        ErrorCode::Forbidden,
        "a request that changes something needs the header X-Crow-CSRF with the sign-in's csrfToken",
    )
}

fn nothing_shown() -> ApiError {
    ApiError::new(
        ErrorCode::Unauthenticated,
        "send an API key with scope `read` as `Authorization: Bearer crow_…`, or sign in",
    )
}

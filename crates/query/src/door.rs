//! The door. Whoever has an [`Allowed`] was let in, and there is no other way to get one: key or
//! sign-in, origin, token against forgery, scope, and the organization that is asked for were
//! checked. Handlers have the organization from it and from nowhere else.
//!
//! - `http`: requests, as an extractor of handlers.
//! - `call`: gRPC calls.

pub mod call;
pub mod http;

use std::fmt;
use std::marker::PhantomData;

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
    credential: Option<Credential>,
    /// The page that it comes from.
    origin: Option<String>,
    /// The request changes something: a sign-in then needs its token against forgery.
    changes: bool,
    /// That token.
    csrf_token: Option<String>,
}

/// A scope as a type.
pub trait Needed: Send + Sync + 'static {
    /// The scope.
    const SCOPE: Scope;
}

/// The scope `read`.
#[derive(Debug, Clone, Copy)]
pub struct Read;

impl Needed for Read {
    const SCOPE: Scope = Scope::Read;
}

/// The scope `admin`.
#[derive(Debug, Clone, Copy)]
pub struct Admin;

impl Needed for Admin {
    const SCOPE: Scope = Scope::Admin;
}

/// A caller who has the scope `S` in an organization.
pub struct Allowed<S> {
    organization: OrganizationId,
    key_id: String,
    caller: Caller,
    scope: PhantomData<S>,
}

impl<S> Clone for Allowed<S> {
    fn clone(&self) -> Self {
        Self {
            organization: self.organization.clone(),
            key_id: self.key_id.clone(),
            caller: self.caller.clone(),
            scope: PhantomData,
        }
    }
}

impl<S> fmt::Debug for Allowed<S> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Allowed")
            .field("organization", &self.organization)
            .field("key_id", &self.key_id)
            .finish_non_exhaustive()
    }
}

impl<S> Allowed<S> {
    /// The tenant.
    pub fn organization(&self) -> &OrganizationId {
        &self.organization
    }

    /// Id of the key, also behind a sign-in.
    pub fn key_id(&self) -> &str {
        &self.key_id
    }
}

/// Lets callers in. Cloning is cheap.
#[derive(Debug, Clone)]
pub struct Door {
    verifier: KeyVerifier,
}

/// A key or sign-in that is valid.
struct Known {
    organization: OrganizationId,
    key_id: String,
    scopes: Scopes,
}

impl Door {
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
    async fn admit<S: Needed>(
        &self,
        caller: Caller,
        organization: &str,
    ) -> Result<Allowed<S>, ApiError> {
        let known = self.look_at(&caller).await?;
        if !known.scopes.allow(S::SCOPE) {
            return Err(ApiError::new(
                ErrorCode::Forbidden,
                format!("the API key needs the scope `{}`", S::SCOPE),
            ));
        }
        if known.organization.as_str() != organization {
            return Err(Error::NotFound.into_api());
        }
        Ok(Allowed {
            organization: known.organization,
            key_id: known.key_id,
            caller,
            scope: PhantomData,
        })
    }

    /// Whether somebody who was let in would be let in now.
    ///
    /// # Errors
    /// As when it was let in.
    pub async fn admit_again<S: Needed>(&self, allowed: &Allowed<S>) -> Result<(), ApiError> {
        let organization = allowed.organization.as_str();
        let again = self.admit::<S>(allowed.caller.clone(), organization).await;
        again.map(drop)
    }

    async fn look_at(&self, caller: &Caller) -> Result<Known, ApiError> {
        match &caller.credential {
            None => Err(nothing_shown()),
            Some(Credential::Key(key)) => self.by_key(key, caller.origin.as_deref()).await,
            Some(Credential::SignIn(token)) => self.by_sign_in(token, caller).await,
        }
    }

    async fn by_key(&self, key: &ApiKeySecret, origin: Option<&str>) -> Result<Known, ApiError> {
        let grant = self.verifier.verify(key).await?;
        if !grant.allows_origin(origin) {
            return Err(ApiError::new(
                ErrorCode::Forbidden,
                "the API key may not be used from this origin",
            ));
        }
        Ok(Known {
            organization: grant.organization.clone(),
            key_id: grant.key_id.clone(),
            scopes: grant.scopes,
        })
    }

    async fn by_sign_in(&self, token: &str, caller: &Caller) -> Result<Known, ApiError> {
        let sign_in = self.verifier.signed_in(token).await?;
        let csrf_token = caller.csrf_token.as_deref().unwrap_or_default();
        if caller.changes && !sign_in.is_meant(csrf_token) {
            return Err(may_be_forged());
        }
        Ok(Known {
            organization: sign_in.organization,
            key_id: sign_in.key_id,
            scopes: sign_in.scopes,
        })
    }
}

/// A request with a cookie that another page may have caused.
fn may_be_forged() -> ApiError {
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

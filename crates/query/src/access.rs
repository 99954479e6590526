//! Who may read what. The only place that compares a key's organization with the one
//! that is asked for.

use crow_auth::{KeyVerifier, Scope};
use crow_types::{ApiKeySecret, ErrorCode, OrganizationId};
use crow_web::ApiError;

use crate::error::Error;

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

    /// The organization, when the key may read it.
    ///
    /// # Errors
    /// `unauthenticated` without a valid key; `forbidden` when the key may not read or
    /// may not be used from this origin; for another organization the same `not_found`
    /// as for a session that does not exist.
    pub async fn check(
        &self,
        key: Option<ApiKeySecret>,
        origin: Option<&str>,
        organization: &str,
    ) -> Result<OrganizationId, ApiError> {
        let Some(key) = key else {
            return Err(ApiError::new(
                ErrorCode::Unauthenticated,
                "send an API key with scope `read` as `Authorization: Bearer crow_…`",
            ));
        };
        let grant = self.verifier.verify(&key).await?;
        if !grant.scopes.allow(Scope::Read) {
            return Err(ApiError::new(
                ErrorCode::Forbidden,
                "the API key needs the scope `read`",
            ));
        }
        if !grant.allows_origin(origin) {
            return Err(ApiError::new(
                ErrorCode::Forbidden,
                "the API key may not be used from this origin",
            ));
        }
        if grant.organization.as_str() != organization {
            return Err(Error::NotFound.into_api());
        }
        Ok(grant.organization.clone())
    }
}

//! Who sends a request: the owner of a key in a header or in the body, or whom the API gateway
//! vouches for.

use std::net::IpAddr;
use std::sync::Arc;

use actix_web::HttpRequest;
use actix_web::http::header::ORIGIN;

use crow_auth::{Forwarded, KeyGrant, Scope, key_from_headers};
use crow_types::{ApiKeySecret, ErrorCode};
use crow_web::ApiError;

use crate::decode::BodyError;
use crate::decode::envelope::Envelope;
use crate::decode::fields::{self, Scalar};
use crate::gateway::Gateway;

/// What the headers say about the sender.
pub(crate) struct Sender<'a> {
    pub address: Option<IpAddr>,
    /// The page that sends. Present but not allowed if it is unreadable.
    origin: Option<&'a str>,
    /// Absent: the key is in the body, because a beacon cannot set headers.
    grant: Option<Arc<KeyGrant>>,
}

impl<'a> Sender<'a> {
    /// Checks the rate of the address, then the key in the headers.
    pub(crate) async fn of(gateway: &Gateway, request: &'a HttpRequest) -> Result<Self, ApiError> {
        let address = gateway.enricher.address(request);
        if let Some(address) = address {
            gateway.rates.check_address(address)?;
        }
        let origin = request
            .headers()
            .get(ORIGIN)
            .map(|value| value.to_str().unwrap_or_default());
        Ok(Self {
            address,
            origin,
            grant: grant_of(gateway, request, origin).await?,
        })
    }

    pub(crate) fn is_known(&self) -> bool {
        self.grant.is_some()
    }

    /// The rights of the key in the headers, else of the key in the body.
    pub(crate) async fn grant(
        self,
        gateway: &Gateway,
        envelope: &Envelope,
    ) -> Result<Arc<KeyGrant>, ApiError> {
        match self.grant {
            Some(grant) => Ok(grant),
            None => authorize(gateway, &key_from_body(envelope)?, self.origin).await,
        }
    }
}

/// The rights of the key in a header, or of what the API gateway forwards; `None` without either.
async fn grant_of(
    gateway: &Gateway,
    request: &HttpRequest,
    origin: Option<&str>,
) -> Result<Option<Arc<KeyGrant>>, ApiError> {
    if let Some(forwarded) = Forwarded::of(request) {
        let principal = gateway.channel.admit(&forwarded).await?;
        let grant = Arc::new(KeyGrant::vouched(&principal));
        return check_grant(gateway, grant, origin).map(Some);
    }
    match key_from_headers(request.headers())? {
        Some(key) => authorize(gateway, &key, origin).await.map(Some),
        None => Ok(None),
    }
}

async fn authorize(
    gateway: &Gateway,
    key: &ApiKeySecret,
    origin: Option<&str>,
) -> Result<Arc<KeyGrant>, ApiError> {
    let grant = gateway.verifier.admit(key).await?;
    check_grant(gateway, grant, origin)
}

fn check_grant(
    gateway: &Gateway,
    grant: Arc<KeyGrant>,
    origin: Option<&str>,
) -> Result<Arc<KeyGrant>, ApiError> {
    if !grant.scopes.allow(Scope::Ingest) {
        return Err(ApiError::new(
            ErrorCode::Forbidden,
            "the API key lacks the scope `ingest`",
        ));
    }
    if !grant.allows_origin(origin) {
        return Err(ApiError::new(
            ErrorCode::Forbidden,
            "the API key may not be used from this origin",
        ));
    }
    gateway.rates.check_key(&grant.key_id)?;
    Ok(grant)
}

pub(crate) fn key_from_body(envelope: &Envelope) -> Result<ApiKeySecret, ApiError> {
    let text = fields::text("apiKey", Scalar::of(envelope.api_key.as_deref()))
        .map_err(BodyError::from)?
        .ok_or_else(|| {
            ApiError::new(
                ErrorCode::Unauthenticated,
                "an API key is needed: `Authorization: Bearer crow_…`, `X-API-Key: crow_…`, or `apiKey` in the body",
            )
        })?;
    ApiKeySecret::parse(&text).ok_or_else(|| {
        ApiError::new(
            ErrorCode::Unauthenticated,
            "apiKey is malformed: it must begin with `crow_`",
        )
    })
}

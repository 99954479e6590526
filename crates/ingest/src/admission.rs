//! Checks of a request before and while its body is read.

use std::sync::Arc;
use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, ORIGIN};
use actix_web::web::Payload;
use bytes::Bytes;

use crow_auth::{Forwarded, KeyGrant, Scope, key_from_headers};
use crow_proto::events::Client;
use crow_types::{ApiKeySecret, ErrorCode, Timestamp};
use crow_web::ApiError;
use crow_web::body::{self, BodyLimits};

use crate::blocking::offload;
use crate::decode::envelope::Envelope;
use crate::decode::fields::{self, Scalar};
use crate::decode::inflate::{Encoding, inflate};
use crate::gateway::Gateway;
use crate::inflight::{Memory, Reservation};
use crate::privacy::Privacy;
use crate::publish::cannot_store;
use crate::validate::{self, Checked, Read, Rules};

/// Larger bodies are processed on another thread.
pub(crate) const OFFLOAD_BYTES: usize = 256 * 1024;
/// The same for compressed bodies, which may inflate a lot.
const OFFLOAD_COMPRESSED_BYTES: usize = 8 * 1024;
/// The largest body that is read before the sender is known: a few beacons.
const KEYLESS_BODY_BYTES: usize = 256 * 1024;
/// The same, inflated.
const KEYLESS_INFLATED_BYTES: usize = 1024 * 1024;

/// A request with a known sender and a complete body.
pub(crate) struct Admitted {
    pub received_at: Timestamp,
    pub grant: Arc<KeyGrant>,
    pub privacy: Privacy,
    pub client: Client,
    pub envelope: Envelope,
    /// The items of its lists, or why they cannot be used.
    pub items: Result<Checked, ApiError>,
    /// The memory of this request.
    pub memory: Memory,
}

/// Admits a request, or returns the error that rejects it. A beacon cannot set headers, so its key
/// is in the body, which is read before the key is checked.
pub(crate) async fn admit(
    gateway: &Gateway,
    request: &HttpRequest,
    payload: Payload,
) -> Result<Admitted, ApiError> {
    let address = gateway.enricher.address(request);
    if let Some(address) = address {
        gateway.rates.check_address(address)?;
    }
    let headers = request.headers();
    // Treat an unreadable origin as present but not allowed.
    let origin = headers
        .get(ORIGIN)
        .map(|value| value.to_str().unwrap_or_default());
    let early_grant = grant_of(gateway, request, origin).await?;
    let encoding = check_media(headers)?;
    let limits = Limits::of(gateway, early_grant.is_some());
    check_declared_length(headers, limits)?;
    if !gateway.bus.is_connected() {
        return Err(cannot_store());
    }
    let mut reservation = gateway.inflight.reserve();
    let room = |bytes| Ok(reservation.resize(bytes)?);
    let sent = body::read(payload, limits.body, room)
        .await
        .map_err(|error| limits.explain(error))?;
    let received_at = Timestamp::now();
    gateway.meters.received_bytes.increment(sent.len() as u64);
    let rules = Rules::new(&gateway.config, received_at);
    let (read, memory) = read_body(sent, encoding, limits.inflated, rules, reservation)
        .await
        .map_err(|error| limits.explain(error))?;
    let Read { envelope, items } = read;
    let inflated = envelope.body.len();
    gateway.meters.inflated_bytes.increment(inflated as u64);
    let grant = match early_grant {
        Some(grant) => {
            // The key in the header decides, but a key in the body must still be well-formed.
            if envelope.api_key.is_some() {
                key_from_body(&envelope)?;
            }
            grant
        }
        None => authorize(gateway, &key_from_body(&envelope)?, origin).await?,
    };
    let policy = gateway.settings.of(&grant.organization).await?;
    let privacy = Privacy::new(policy, headers);
    let ip_policy = privacy.ip_policy(gateway.config.ip_policy);
    let client = gateway.enricher.client(request, address, ip_policy);
    Ok(Admitted {
        received_at,
        grant,
        privacy,
        client,
        envelope,
        items,
        memory,
    })
}

/// Size limits of a body. They are smaller until the sender is known.
#[derive(Clone, Copy)]
struct Limits {
    body: BodyLimits,
    /// Bytes, inflated.
    inflated: usize,
    is_known: bool,
}

impl Limits {
    fn of(gateway: &Gateway, is_known: bool) -> Self {
        let config = &gateway.config;
        let (most_bytes, most_inflated) = if is_known {
            (usize::MAX, usize::MAX)
        } else {
            (KEYLESS_BODY_BYTES, KEYLESS_INFLATED_BYTES)
        };
        Self {
            body: BodyLimits {
                max_bytes: config.max_body_bytes.min(most_bytes),
                timeout: Duration::from_millis(config.body_timeout_ms),
            },
            inflated: config.max_inflated_bytes.min(most_inflated),
            is_known,
        }
    }

    fn explain(&self, error: ApiError) -> ApiError {
        if self.is_known || error.code != ErrorCode::TooLarge {
            return error;
        }
        ApiError::new(
            ErrorCode::TooLarge,
            format!(
                "a body without an API key in a header may have {} bytes, {} inflated; \
                 send the key in `Authorization`, or send less at once",
                self.body.max_bytes, self.inflated
            ),
        )
    }
}

/// The rights of the key in a header, or of what the API gateway forwards; `None` without either.
pub(crate) async fn grant_of(
    gateway: &Gateway,
    request: &HttpRequest,
    origin: Option<&str>,
) -> Result<Option<Arc<KeyGrant>>, ApiError> {
    if let Some(forwarded) = Forwarded::of(request) {
        let principal = gateway.channel.admit(&forwarded).await?;
        let grant = Arc::new(KeyGrant::vouched(&principal));
        return admit_grant(gateway, grant, origin).map(Some);
    }
    match key_from_headers(request.headers())? {
        Some(key) => authorize(gateway, &key, origin).await.map(Some),
        None => Ok(None),
    }
}

pub(crate) async fn authorize(
    gateway: &Gateway,
    key: &ApiKeySecret,
    origin: Option<&str>,
) -> Result<Arc<KeyGrant>, ApiError> {
    let grant = gateway.verifier.admit(key).await?;
    admit_grant(gateway, grant, origin)
}

fn admit_grant(
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
    let text = fields::text("apiKey", Scalar::of(envelope.api_key.as_deref()))?.ok_or_else(|| {
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

/// Accepts JSON, or the text type that browsers send without a preflight. Both must be UTF-8.
fn check_media(headers: &HeaderMap) -> Result<Encoding, ApiError> {
    if headers
        .get(CONTENT_TYPE)
        .is_some_and(|value| !value.to_str().is_ok_and(is_supported_type))
    {
        return Err(ApiError::new(
            ErrorCode::UnsupportedMedia,
            "Content-Type must be application/json or text/plain, in UTF-8",
        ));
    }
    let mut encodings = headers.get_all(CONTENT_ENCODING);
    let encoding = match (encodings.next(), encodings.next()) {
        (None, _) => Some(Encoding::Identity),
        (Some(value), None) => value.to_str().ok().and_then(Encoding::parse),
        (Some(_), Some(_)) => None,
    };
    encoding.ok_or_else(|| {
        ApiError::new(
            ErrorCode::UnsupportedMedia,
            "Content-Encoding must be one of gzip, deflate, br, zstd and identity, once",
        )
    })
}

fn is_supported_type(value: &str) -> bool {
    let mut parts = value.split(';').map(str::trim);
    let kind = parts.next().unwrap_or_default().to_ascii_lowercase();
    let is_utf8 = parts
        .filter_map(|part| part.split_once('='))
        .filter(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))
        .all(|(_, charset)| {
            let charset = charset.trim().trim_matches('"').to_ascii_lowercase();
            matches!(charset.as_str(), "utf-8" | "utf8" | "us-ascii")
        });
    matches!(kind.as_str(), "application/json" | "text/plain") && is_utf8
}

fn check_declared_length(headers: &HeaderMap, limits: Limits) -> Result<(), ApiError> {
    let declared = headers
        .get(CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    match declared {
        Some(length) if length > limits.body.max_bytes as u64 => {
            Err(limits.explain(body::too_large(limits.body.max_bytes)))
        }
        Some(_) | None => Ok(()),
    }
}

async fn read_body(
    sent: Bytes,
    encoding: Encoding,
    max_inflated: usize,
    rules: Rules,
    mut reservation: Reservation,
) -> Result<(Read, Memory), ApiError> {
    let threshold = if encoding == Encoding::Identity {
        OFFLOAD_BYTES
    } else {
        OFFLOAD_COMPRESSED_BYTES
    };
    let is_large = sent.len() > threshold;
    let (body, reservation) = offload(is_large, move || {
        let body = inflate(encoding, sent, max_inflated, &mut reservation)
            .map_err(|error| error.explain(max_inflated))?;
        Ok((body, reservation))
    })
    .await?;
    let is_large = body.len() > OFFLOAD_BYTES;
    offload(is_large, move || parse(body, rules, reservation)).await
}

/// Parsing needs at most two copies for a short time: of a body with unpaired surrogates, and of
/// its texts. Later the accepted items remain.
pub(crate) fn parse(
    body: Bytes,
    rules: Rules,
    mut reservation: Reservation,
) -> Result<(Read, Memory), ApiError> {
    let body_bytes = reservation.held();
    reservation.grow(2 * body.len())?;
    let read = validate::read(body, rules)?;
    let items = read.items.as_ref().map_or(0, Checked::memory);
    let memory = Memory::new(reservation, body_bytes + items)?;
    Ok((read, memory))
}

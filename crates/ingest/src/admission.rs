//! What the headers of a request decide, before a byte of its body is read.

use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap};

use crow_types::ErrorCode;
use crow_web::ApiError;
use crow_web::body::{self, BodyLimits};

use crate::config::IngestConfig;
use crate::decode::inflate::Encoding;
use crate::errors::cannot_store;
use crate::gateway::Gateway;
use crate::sender::Sender;

/// The largest body that is read before the sender is known: a few beacons.
const KEYLESS_BODY_BYTES: usize = 256 * 1024;
/// The same, inflated.
const KEYLESS_INFLATED_BYTES: usize = 1024 * 1024;

/// A request whose body may be read.
pub(crate) struct Admission<'a> {
    pub sender: Sender<'a>,
    pub encoding: Encoding,
    pub limits: Limits,
}

/// Admits a request, or returns the error that rejects it.
pub(crate) async fn admit<'a>(
    gateway: &Gateway,
    request: &'a HttpRequest,
) -> Result<Admission<'a>, ApiError> {
    let sender = Sender::of(gateway, request).await?;
    let headers = request.headers();
    let encoding = check_media(headers)?;
    let limits = Limits::of(&gateway.config, sender.is_known());
    check_declared_length(headers, limits)?;
    if !gateway.bus.is_connected() {
        return Err(cannot_store());
    }
    Ok(Admission {
        sender,
        encoding,
        limits,
    })
}

/// Size limits of a body. They are smaller until the sender is known.
#[derive(Clone, Copy)]
pub(crate) struct Limits {
    pub body: BodyLimits,
    /// Bytes, inflated.
    pub inflated: usize,
    is_known: bool,
}

impl Limits {
    fn of(config: &IngestConfig, is_known: bool) -> Self {
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

    pub(crate) fn explain(&self, error: ApiError) -> ApiError {
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

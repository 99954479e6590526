//! The request that a task serves.

use std::sync::Arc;

use actix_web::http::header::{HeaderMap, HeaderName};
use data_encoding::HEXLOWER;

use crow_runtime::traces::Span;

pub(crate) const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// The maximum length of a client's request id, in bytes.
const MAX_REQUEST_ID: usize = 64;

tokio::task_local! {
    pub(crate) static CURRENT: Current;
}

/// The request that a task serves.
pub(crate) struct Current {
    pub(crate) id: RequestId,
    /// Absent: the request is not traced.
    pub(crate) span: Option<Span>,
}

/// The id of the request that this task serves, for log lines; empty outside a request.
#[must_use]
pub fn request_id() -> String {
    CURRENT
        .try_with(|current| current.id.0.as_ref().to_owned())
        .unwrap_or_default()
}

/// The span of the request that this task serves, if it is traced.
#[must_use]
pub fn request_span() -> Option<Span> {
    CURRENT.try_with(|current| current.span.clone()).ok()?
}

/// The id of the request's trace, for log lines, if it is traced.
#[must_use]
pub fn trace_id() -> Option<String> {
    request_span().map(|span| span.trace_id())
}

/// The id of a request: the client's or a generated one.
#[derive(Debug, Clone)]
pub(crate) struct RequestId(pub(crate) Arc<str>);

impl RequestId {
    /// The client's `X-Request-Id` if it is short and harmless, else the id of the trace, else a
    /// generated one.
    pub(crate) fn of(headers: &HeaderMap, span: Option<&Span>) -> Self {
        let given = headers
            .get(X_REQUEST_ID)
            .and_then(|value| value.to_str().ok());
        match given {
            Some(id) if is_safe(id) => Self(id.into()),
            Some(_) | None => Self(span.map_or_else(generated, Span::trace_id).into()),
        }
    }
}

fn generated() -> String {
    HEXLOWER.encode(&rand::random::<[u8; 16]>())
}

fn is_safe(id: &str) -> bool {
    let is_allowed = |b: u8| b.is_ascii_alphanumeric() || b"-_.:".contains(&b);
    !id.is_empty() && id.len() <= MAX_REQUEST_ID && id.bytes().all(is_allowed)
}

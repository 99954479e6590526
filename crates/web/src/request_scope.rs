//! The outermost middleware: what every request and every response have in common.

use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{
    CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderValue, TRANSFER_ENCODING, X_CONTENT_TYPE_OPTIONS,
};
use actix_web::http::{ConnectionType, Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{Error, HttpResponse, ResponseError};

use crow_runtime::traces::Span;
use crow_types::ErrorCode;

use crate::connections::Connection;
use crate::current::{CURRENT, Current, RequestId, X_REQUEST_ID, request_id, trace_id};
use crate::endless_body::Held;
use crate::error::{ApiError, code_of};
use crate::observe;

/// For `wrap(from_fn(request_scope))` as the last wrap of an app.
///
/// Assigns a request id (see [`request_id`]; it is also in the response header and in error
/// bodies), converts every error to the common JSON form, adds security headers, and counts the
/// request.
pub async fn request_scope<B>(
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, Error>
where
    B: MessageBody + 'static,
{
    let began = Instant::now();
    let connection = request.request().conn_data::<Arc<Connection>>().cloned();
    if let Some(connection) = &connection {
        if has_body(request.headers()) {
            connection.is_silent();
        } else {
            connection.asks();
        }
    }
    let span = span_of(request.headers());
    let id = RequestId::of(request.headers(), span.as_ref());
    let current = Current {
        id: id.clone(),
        span: span.clone(),
    };
    let method = request.method().clone();
    let held = Held::of(&mut request);
    // Only a sampled request has a span: one for each request would cost as much as looking up the
    // key.
    let answer = async move {
        let mut outcome = match next.call(request).await {
            Ok(response) => {
                let mut response = finish(response.map_into_boxed_body(), &id);
                add_headers(response.headers_mut(), &id);
                Ok(response)
            }
            // Only errors of other middleware get here: handler errors are responses already.
            Err(error) => Err(Identified {
                error: api_error_of(&error),
                id,
            }),
        };
        if let Some(connection) = connection {
            connection.asks();
            if connection.is_stopping()
                && let Ok(response) = &mut outcome
            {
                let head = response.response_mut().head_mut();
                head.set_connection_type(ConnectionType::Close);
            }
        }
        if let Some(held) = held {
            held.release_later();
        }
        let elapsed = began.elapsed();
        let (route, status) = match &outcome {
            Ok(response) => (response.request().match_pattern(), response.status()),
            Err(failed) => (None, failed.error.status()),
        };
        if let Some(span) = span {
            describe_span(&span, route.as_deref(), &method, status);
        }
        observe::count(route, &method, status, elapsed);
        tracing::debug!(
            request.id = request_id(),
            trace.id = trace_id(),
            status = status.as_u16(),
            duration_ms = elapsed.as_secs_f64() * 1e3,
            "request"
        );
        outcome.map_err(Error::from)
    };
    CURRENT.scope(current, answer).await
}

fn span_of(headers: &HeaderMap) -> Option<Span> {
    Span::of_request(|name| Some(headers.get(name)?.to_str().ok()?.to_owned()))
}

/// Never the path or the query: they hold ids.
fn describe_span(span: &Span, route: Option<&str>, method: &Method, status: StatusCode) {
    let route = route.unwrap_or("unmatched");
    span.rename(format!("{method} {route}"));
    span.set("http.request.method", method.as_str().to_owned());
    span.set("http.route", route.to_owned());
    span.set("http.response.status_code", i64::from(status.as_u16()));
    if status.is_server_error() {
        span.fail("the request failed");
    }
}

fn has_body(headers: &HeaderMap) -> bool {
    let length = headers.get(CONTENT_LENGTH);
    headers.contains_key(TRANSFER_ENCODING) || length.is_some_and(|length| length != "0")
}

/// Converts errors to the common form and leaves all other responses unchanged.
fn finish(response: ServiceResponse<BoxBody>, id: &RequestId) -> ServiceResponse<BoxBody> {
    let error = match response.response().error() {
        Some(error) => api_error_of(error),
        None if is_bare_error(&response) => {
            let status = response.status();
            ApiError::new(code_of(status), describe(status))
        }
        None => return response,
    };
    let (request, old) = response.into_parts();
    let mut answer: HttpResponse<BoxBody> = error.answer(&id.0);
    // Keeps headers that others added, such as those for CORS and `Allow`.
    for (name, value) in old.headers() {
        if name != CONTENT_TYPE && name != CONTENT_LENGTH && !answer.headers().contains_key(name) {
            answer.headers_mut().append(name.clone(), value.clone());
        }
    }
    ServiceResponse::new(request, answer)
}

/// Whether this is an error without a JSON body, which means that the framework created it.
fn is_bare_error(response: &ServiceResponse<BoxBody>) -> bool {
    let is_error = response.status().is_client_error() || response.status().is_server_error();
    let is_json = response
        .headers()
        .get(CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes() == b"application/json");
    is_error && !is_json
}

/// Our own errors unchanged; the framework's by status.
fn api_error_of(error: &Error) -> ApiError {
    if let Some(own) = error.as_error::<ApiError>() {
        return own.clone();
    }
    let status = error.as_response_error().status_code();
    let code = code_of(status);
    if code == ErrorCode::Internal {
        tracing::error!(
            request.id = request_id(),
            trace.id = trace_id(),
            error = crow_types::log_chain(error),
            "request failed"
        );
        return ApiError::new(code, describe(status));
    }
    let message: String = error.to_string().chars().take(300).collect();
    ApiError::new(code, message)
}

fn describe(status: StatusCode) -> &'static str {
    match code_of(status) {
        ErrorCode::NotFound => "no such route",
        ErrorCode::MethodNotAllowed => "this route does not take this method",
        ErrorCode::Internal => {
            "something went wrong on our side; the request id finds it in our logs"
        }
        ErrorCode::Malformed
        | ErrorCode::Unauthenticated
        | ErrorCode::Forbidden
        | ErrorCode::NotWanted
        | ErrorCode::Conflict
        | ErrorCode::Timeout
        | ErrorCode::TooLarge
        | ErrorCode::UnsupportedMedia
        | ErrorCode::Unprocessable
        | ErrorCode::RateLimited
        | ErrorCode::Unavailable => status
            .canonical_reason()
            .unwrap_or("the request was refused"),
    }
}

/// An error that was not a response yet, with the id of its request.
#[derive(Debug)]
struct Identified {
    error: ApiError,
    id: RequestId,
}

impl fmt::Display for Identified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl ResponseError for Identified {
    fn status_code(&self) -> StatusCode {
        self.error.status()
    }

    fn error_response(&self) -> HttpResponse<BoxBody> {
        let mut answer = self.error.answer(&self.id.0);
        add_headers(answer.headers_mut(), &self.id);
        answer
    }
}

fn add_headers(headers: &mut HeaderMap, id: &RequestId) {
    let value = HeaderValue::from_str(&id.0)
        .expect("a request id has only characters that a header may have");
    headers.insert(X_REQUEST_ID, value);
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
}

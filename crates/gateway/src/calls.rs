//! gRPC calls there and back. Messages pass as they come, and so do trailers.

mod answers;
mod channels;
mod open;

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;
use http::header::HeaderMap;
use http::{Method, Request, Response};
use tonic::body::Body;
use tonic::transport::Server;
use tracing::warn;

use crow_auth::key_from_bearer;
use crow_runtime::Shutdown;
use crow_types::{ApiKeySecret, ErrorCode, log_chain};
use crow_web::grpc::{Caller as Connection, CallsLayer, Incoming, accepted, status};
use crow_web::{ApiError, proxies};

use crate::caller::Caller;
use crate::gateway::Gateway;
use crate::headers::{Said, Vouched, of_call};
use open::{MAX_STREAMS, OpenCalls};

pub(crate) use channels::{Channels, channels};

/// For metrics and logs.
const SERVICE: &str = "query-grpc";
/// Time between pings on a connection.
const KEEPALIVE: Duration = Duration::from_secs(30);
/// A connection is closed if it does not answer a ping within this time.
const KEEPALIVE_TIMEOUT: Duration = Duration::from_secs(20);

/// Serves until the shutdown begins, then lets running calls finish for a moment.
pub(crate) async fn serve(
    incoming: Incoming,
    gateway: Arc<Gateway>,
    upstream: Channels,
    shutdown: Shutdown,
) -> anyhow::Result<()> {
    let stopping = shutdown.clone();
    let upstream = Arc::new(upstream);
    let open = OpenCalls::default();
    let service = tower::service_fn(move |call: Request<Body>| {
        let (gateway, upstream) = (Arc::clone(&gateway), Arc::clone(&upstream));
        let (open, shutdown) = (open.clone(), shutdown.clone());
        async move {
            let answer = forward(call, gateway, &upstream, &open, shutdown).await;
            let answer = answer.unwrap_or_else(|error| status(error).into_http());
            Ok::<_, Infallible>(answer)
        }
    });
    Server::builder()
        .http2_keepalive_interval(Some(KEEPALIVE))
        .http2_keepalive_timeout(Some(KEEPALIVE_TIMEOUT))
        .max_concurrent_streams(Some(MAX_STREAMS))
        .layer(CallsLayer)
        .serve_with_incoming_shutdown(service, accepted(incoming), async move {
            stopping.started().await;
        })
        .await
        .context("the gRPC server failed")
}

async fn forward(
    call: Request<Body>,
    gateway: Arc<Gateway>,
    upstream: &Channels,
    open: &OpenCalls,
    shutdown: Shutdown,
) -> Result<Response<Body>, ApiError> {
    let began = Instant::now();
    let (peer, address) = addresses(&call, &gateway);
    gateway.limits.check_address(address)?;
    // A `CONNECT` has no path. The connections to the service end when they are asked for it.
    if call.method() != Method::POST || call.uri().path_and_query().is_none() {
        return Err(ApiError::new(
            ErrorCode::MethodNotAllowed,
            "send a gRPC call: POST with a path",
        ));
    }
    let (key, origin) = (key_of(call.headers()), text(call.headers(), "origin"));
    let key = key.ok_or_else(|| {
        let text = "send the key of a service or a person: authorization: Bearer crow_…";
        ApiError::new(ErrorCode::Unauthenticated, text)
    })?;
    let caller: Caller = gateway.callers.by_key(key, origin).await?;
    let principal = &caller.principal;
    let path = call.uri().path();
    gateway.limits.check(path, Some(principal), address)?;
    let open = open.begin(principal.id(), address)?;

    let token = gateway.callers.token(principal);
    let is_believed = proxies::is_trusted(peer, &gateway.trusted_proxies);
    let said = Said {
        address,
        caller: Some(Vouched {
            secret: upstream.secret(),
            token: &token,
            organization: Some(principal.organization().as_str()),
        }),
        keeps_credentials: false,
        dropped: if is_believed {
            &[]
        } else {
            &gateway.proxy_headers
        },
    };
    let headers = of_call(call.headers(), &said);
    let answer = ask(with_headers(call, headers), upstream, gateway.patience).await?;
    let seconds = began.elapsed().as_secs_f64();
    metrics::histogram!("crow_gateway_answer_seconds", "service" => SERVICE).record(seconds);
    Ok(answer.map(|body| answers::watched(body, gateway, caller, open, shutdown)))
}

/// The same call with these headers, and without what belongs to its connection.
fn with_headers(call: Request<Body>, headers: HeaderMap) -> Request<Body> {
    let (parts, body) = call.into_parts();
    let mut asked = Request::new(body);
    *asked.method_mut() = parts.method;
    *asked.uri_mut() = parts.uri;
    *asked.version_mut() = parts.version;
    *asked.headers_mut() = headers;
    asked
}

async fn ask(
    call: Request<Body>,
    upstream: &Channels,
    patience: Duration,
) -> Result<Response<Body>, ApiError> {
    let failed = |why: &'static str| {
        metrics::counter!("crow_gateway_failures_total", "service" => SERVICE, "why" => why)
            .increment(1);
        ApiError::unavailable("the service behind the gateway does not answer; try again")
    };
    match tokio::time::timeout(patience, upstream.call(call)).await {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(error)) => {
            let error = log_chain(&error);
            warn!(service = SERVICE, error, "a service cannot be reached");
            Err(failed("unreachable"))
        }
        Err(_elapsed) => {
            warn!(service = SERVICE, "a service did not answer in time");
            Err(failed("slow"))
        }
    }
}

/// The address of the connection, and that of the client behind trusted proxies.
fn addresses(call: &Request<Body>, gateway: &Gateway) -> (IpAddr, IpAddr) {
    let peer = call.extensions().get::<Connection>();
    let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), Connection::address);
    let values = |name: &'static str| {
        let values = call.headers().get_all(name).iter();
        values.map(http::HeaderValue::as_bytes)
    };
    let trusted = &gateway.trusted_proxies;
    let address = proxies::client_by(peer, |name| values(name).collect(), trusted);
    (peer, address)
}

/// The key of a call. The gateway takes no tokens: a call with one has no key.
fn key_of(headers: &HeaderMap) -> Option<ApiKeySecret> {
    key_from_bearer(headers.get("authorization")?.to_str().ok()?)
}

/// An unreadable header counts as present but invalid.
fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    let value = headers.get(name)?;
    Some(value.to_str().unwrap_or_default().to_owned())
}

/// What ends an answer early.
pub(super) fn refusal() -> ApiError {
    ApiError::new(
        ErrorCode::Unauthenticated,
        "the key was revoked or its rights changed; call again",
    )
}

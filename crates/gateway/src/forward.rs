//! One request there and back.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::body::SizedStream;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use futures::StreamExt;
use ipnet::IpNet;
use tracing::warn;

use crow_types::{ErrorCode, Timestamp, log_chain};
use crow_web::body::{self, BodyLimits};
use crow_web::{ApiError, proxies};

use crate::caller::Caller;
use crate::gateway::Gateway;
use crate::headers::{Said, Vouched, is_for_client, outgoing};
use crate::places::{Admits, Place, plain};
use crate::watch::{CutOff, sent, watched};

/// Bodies up to this size are read before they are forwarded.
const SHORT_BODY: BodyLimits = BodyLimits {
    max_bytes: 64 << 10,
    timeout: Duration::from_secs(10),
};
/// The longest path with its query, in bytes.
const MAX_PATH: usize = 16 << 10;

/// Forwards a request. Each worker has a client of its own, so that its connections stay there.
pub(crate) async fn forward(
    request: HttpRequest,
    payload: Payload,
    gateway: Data<Gateway>,
    client: Data<reqwest::Client>,
) -> Result<HttpResponse, ApiError> {
    let began = Instant::now();
    let gateway = gateway.into_inner();
    let path = request.path();
    let place = gateway.places.of(path).ok_or_else(no_such_route)?;
    let (peer, address) = addresses(&request, &gateway.trusted_proxies);
    gateway.limits.check_address(address)?;
    let caller = gateway.callers.of(&request, place.admits).await?;
    let principal = caller.as_ref().map(|caller| &caller.principal);
    gateway.limits.check(&plain(path), principal, address)?;
    let token = match principal {
        Some(principal) => Some(gateway.callers.token(principal)),
        None => public_token(&gateway, place, address)?,
    };

    let is_believed = proxies::is_trusted(peer, &gateway.trusted_proxies);
    let said = Said {
        address,
        caller: token.as_deref().map(|token| Vouched {
            secret: place.secret.as_ref(),
            token,
            organization: principal.map(|who| who.organization().as_str()),
        }),
        keeps_credentials: place.admits == Admits::Itself,
        dropped: if is_believed {
            &[]
        } else {
            &gateway.proxy_headers
        },
    };
    let asked = client
        .request(method_of(&request)?, url_of(&request, place)?)
        .headers(outgoing(&request, &said));
    let asked = match length_of(&request) {
        Length::None => asked,
        Length::Short => asked.body(body::read(payload, SHORT_BODY, |_bytes| Ok(())).await?),
        Length::Long => asked.body(sent(payload)),
    };
    let answer = ask(asked, gateway.patience, place.name).await?;
    let seconds = began.elapsed().as_secs_f64();
    metrics::histogram!("crow_gateway_answer_seconds", "service" => place.name).record(seconds);
    Ok(hand_back(answer, gateway, caller))
}

/// The token of an address, for a service that wants one of those that present nothing.
fn public_token(
    gateway: &Gateway,
    place: &Place,
    address: IpAddr,
) -> Result<Option<String>, ApiError> {
    if place.public_scopes.is_empty() {
        return Ok(None);
    }
    gateway.limits.check_public(address)?;
    let signer = &gateway.callers.signer;
    let token = signer.sign_public(address, &place.public_scopes, Timestamp::now());
    Ok(Some(token))
}

/// The address of the connection, and that of the client behind trusted proxies.
fn addresses(request: &HttpRequest, trusted: &[IpNet]) -> (IpAddr, IpAddr) {
    let peer = request.peer_addr();
    let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.ip());
    (peer, proxies::client(peer, request.headers(), trusted))
}

/// How a body is forwarded.
enum Length {
    None,
    /// In one piece, so that a slow client holds no connection to the service.
    Short,
    /// As it comes.
    Long,
}

fn length_of(request: &HttpRequest) -> Length {
    let headers = request.headers();
    if headers.contains_key(TRANSFER_ENCODING) {
        return Length::Long;
    }
    let length = headers.get(CONTENT_LENGTH);
    let length = length.and_then(|length| length.to_str().ok()?.parse().ok());
    match length {
        None | Some(0) => Length::None,
        Some(length) if length <= SHORT_BODY.max_bytes => Length::Short,
        Some(_) => Length::Long,
    }
}

fn method_of(request: &HttpRequest) -> Result<reqwest::Method, ApiError> {
    let method = request.method().as_str().as_bytes();
    reqwest::Method::from_bytes(method).map_err(|_error| no_such_route())
}

fn url_of(request: &HttpRequest, place: &Place) -> Result<reqwest::Url, ApiError> {
    let target = request.uri().path_and_query();
    let target = target.map_or("/", |target| target.as_str());
    if target.len() > MAX_PATH {
        return Err(ApiError::new(
            ErrorCode::Malformed,
            format!("the path and its query are longer than {MAX_PATH} bytes"),
        ));
    }
    let mut url = place.url.clone();
    let (path, query) = match target.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (target, None),
    };
    url.set_path(path);
    url.set_query(query);
    Ok(url)
}

async fn ask(
    asked: reqwest::RequestBuilder,
    patience: Duration,
    service: &'static str,
) -> Result<reqwest::Response, ApiError> {
    let failed = |why: &'static str| {
        metrics::counter!("crow_gateway_failures_total", "service" => service, "why" => why)
            .increment(1);
        ApiError::unavailable("the service behind the gateway does not answer; try again")
    };
    match tokio::time::timeout(patience, asked.send()).await {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(error)) => {
            // Without the address, whose query may tell of persons.
            let error = error.without_url();
            warn!(
                service,
                request.id = crow_web::request_id(),
                error = log_chain(&error),
                "a service cannot be reached"
            );
            Err(failed("unreachable"))
        }
        Err(_elapsed) => {
            let request_id = crow_web::request_id();
            warn!(
                service,
                request.id = request_id,
                "a service did not answer in time"
            );
            Err(failed("slow"))
        }
    }
}

/// The answer for the client. One without a length may go on for long, and its caller is watched.
fn hand_back(
    answer: reqwest::Response,
    gateway: Arc<Gateway>,
    caller: Option<Caller>,
) -> HttpResponse {
    let status = StatusCode::from_u16(answer.status().as_u16());
    let mut response = HttpResponse::build(status.unwrap_or(StatusCode::BAD_GATEWAY));
    for (name, value) in answer.headers() {
        if is_for_client(name.as_str()) {
            response.append_header((name.as_str(), value.as_bytes()));
        }
    }
    let length = answer.headers().get(reqwest::header::CONTENT_LENGTH);
    let length = length.and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    let parts = answer.bytes_stream();
    match (length, caller) {
        (Some(0), _) => response.finish(),
        (Some(length), _) => {
            let parts = parts.map(|part| part.map_err(CutOff::Service));
            response.body(SizedStream::new(length, parts))
        }
        (None, Some(caller)) => response.streaming(watched(parts, gateway, caller)),
        (None, None) => response.streaming(parts.map(|part| part.map_err(CutOff::Service))),
    }
}

fn no_such_route() -> ApiError {
    ApiError::new(ErrorCode::NotFound, "no such route")
}

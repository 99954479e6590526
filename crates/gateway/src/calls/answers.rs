//! The messages of an answer, until its caller would be refused.

use std::sync::Arc;
use std::time::Duration;

use actix_web::web::Bytes;
use futures::FutureExt;
use futures::future::BoxFuture;
use futures::stream;
use http_body::{Body as _, Frame};
use http_body_util::{BodyExt, StreamBody};
use tokio::time::{Interval, MissedTickBehavior, interval};
use tonic::Status;
use tonic::body::Body;

use crow_runtime::Shutdown;
use crow_web::grpc::status;

use super::open::OpenCall;
use super::refusal;
use crate::caller::Caller;
use crate::gateway::Gateway;

/// How often the caller is verified again.
const AGAIN: Duration = Duration::from_secs(2);
/// How long calls may go on after the shutdown began.
const DRAIN: Duration = Duration::from_secs(5);

struct Watched {
    body: Body,
    ticks: Interval,
    gateway: Arc<Gateway>,
    caller: Caller,
    _open: OpenCall,
    /// Ends when calls may not go on any longer.
    stopped: BoxFuture<'static, ()>,
}

/// The body of an answer. It ends with a status when its caller is not admitted any more, or some
/// time after the shutdown began: clients call again.
pub(super) fn watched(
    body: Body,
    gateway: Arc<Gateway>,
    caller: Caller,
    open: OpenCall,
    shutdown: Shutdown,
) -> Body {
    // An answer that is only a status has it in its headers, and has to stay without a body.
    if body.is_end_stream() {
        return body;
    }
    let mut ticks = interval(AGAIN);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks.reset();
    let watched = Watched {
        body,
        ticks,
        gateway,
        caller,
        _open: open,
        stopped: drained(shutdown).boxed(),
    };
    Body::new(StreamBody::new(stream::unfold(Some(watched), next)))
}

type Part = Result<Frame<Bytes>, Status>;

async fn next(watched: Option<Watched>) -> Option<(Part, Option<Watched>)> {
    let mut watched = watched?;
    loop {
        tokio::select! {
            part = watched.body.frame() => {
                return match part? {
                    Ok(part) => Some((Ok(part), Some(watched))),
                    Err(error) => Some((Err(error), None)),
                };
            }
            _ = watched.ticks.tick() => {
                if is_refused(&watched.gateway, &watched.caller).await {
                    return Some((Ok(ending(status(refusal()))), None));
                }
            }
            () = &mut watched.stopped => {
                let stopping = Status::unavailable("the gateway is stopping; call again");
                return Some((Ok(ending(stopping)), None));
            }
        }
    }
}

/// Takes the parts of [`Watched`], because a body cannot be shared between threads.
async fn is_refused(gateway: &Gateway, caller: &Caller) -> bool {
    !gateway.callers.is_still_admitted(caller).await
}

async fn drained(shutdown: Shutdown) {
    shutdown.started().await;
    tokio::time::sleep(DRAIN).await;
}

/// The trailers that carry a status.
fn ending(status: Status) -> Frame<Bytes> {
    let (parts, _empty) = status.into_http::<Body>().into_parts();
    let mut trailers = parts.headers;
    trailers.remove(http::header::CONTENT_TYPE);
    Frame::trailers(trailers)
}

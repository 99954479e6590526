//! Bodies on the way, without holding them.

use std::sync::Arc;
use std::time::Duration;

use actix_web::web::{Bytes, Payload};
use futures::stream::{self, BoxStream, Stream, StreamExt};
use tokio::sync::mpsc;
use tokio::time::{Interval, MissedTickBehavior, interval};

use crate::caller::Caller;
use crate::gateway::Gateway;

/// How often the caller of a stream is verified again.
const AGAIN: Duration = Duration::from_secs(2);
/// Parts of a request body that wait for the service. The client is read no faster.
const WAITING: usize = 2;

/// Why a body ends early.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CutOff {
    /// The client stopped sending.
    #[error("the client stopped sending")]
    Client,
    /// The service stopped sending.
    #[error("the service stopped sending")]
    Service(#[source] reqwest::Error),
    /// The key was revoked, the sign-in ended or the rights changed.
    #[error("the caller is not admitted any more")]
    Refused,
}

/// The body of a request, as the HTTP client wants it. A worker's own task reads it, because it
/// belongs to that worker.
pub(crate) fn sent(mut payload: Payload) -> reqwest::Body {
    let (to_service, waiting) = mpsc::channel::<Result<Bytes, CutOff>>(WAITING);
    actix_web::rt::spawn(async move {
        loop {
            let part = tokio::select! {
                part = payload.next() => part,
                // The service has answered, and reads no more.
                () = to_service.closed() => return,
            };
            let Some(part) = part else { return };
            let part = part.map_err(|_cut_off| CutOff::Client);
            let is_last = part.is_err();
            if to_service.send(part).await.is_err() || is_last {
                return;
            }
        }
    });
    let parts = stream::unfold(waiting, |mut waiting| async move {
        let part = waiting.recv().await?;
        Some((part, waiting))
    });
    reqwest::Body::wrap_stream(parts)
}

/// A body that may go on for long, and the caller that it is for.
struct Watched {
    parts: BoxStream<'static, reqwest::Result<Bytes>>,
    ticks: Interval,
    gateway: Arc<Gateway>,
    caller: Caller,
}

/// The body of an answer, until its caller would be refused.
pub(crate) fn watched(
    parts: impl Stream<Item = reqwest::Result<Bytes>> + Send + 'static,
    gateway: Arc<Gateway>,
    caller: Caller,
) -> impl Stream<Item = Result<Bytes, CutOff>> {
    let mut ticks = interval(AGAIN);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks.reset();
    let watched = Watched {
        parts: parts.boxed(),
        ticks,
        gateway,
        caller,
    };
    stream::unfold(Some(watched), next)
}

async fn next(watched: Option<Watched>) -> Option<(Result<Bytes, CutOff>, Option<Watched>)> {
    let mut watched = watched?;
    loop {
        tokio::select! {
            part = watched.parts.next() => {
                return match part? {
                    Ok(part) => Some((Ok(part), Some(watched))),
                    Err(error) => Some((Err(CutOff::Service(error)), None)),
                };
            }
            _ = watched.ticks.tick() => {
                let callers = &watched.gateway.callers;
                if !callers.is_still_admitted(&watched.caller).await {
                    return Some((Err(CutOff::Refused), None));
                }
            }
        }
    }
}

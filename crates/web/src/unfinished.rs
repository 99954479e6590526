//! Bodies in chunks that never end.
//!
//! When nobody reads a chunked body any more, the HTTP server goes on reading it after the
//! answer, to use the connection again, and sets no limit to the time or the bytes. Whoever
//! never sends the last chunk would hold a connection for good. While somebody still
//! holds such a body the server closes the connection after the answer, so we do.

use std::cell::RefCell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Duration;

use actix_web::HttpMessage;
use actix_web::dev::{Payload, ServiceRequest};
use actix_web::error::PayloadError;
use actix_web::http::header::TRANSFER_ENCODING;
use actix_web::web::Bytes;
use futures::Stream;

/// An answer is on its way to the socket by then.
const ANSWER: Duration = Duration::from_secs(5);

/// A body that its reader shares with us.
pub(crate) struct Held(Rc<RefCell<Payload>>);

impl Held {
    /// The body of a request, when it comes in chunks.
    pub(crate) fn of(request: &mut ServiceRequest) -> Option<Self> {
        if !request.headers().contains_key(TRANSFER_ENCODING) {
            return None;
        }
        let held = Self(Rc::new(RefCell::new(request.take_payload())));
        let payload = Box::pin(Self(Rc::clone(&held.0)));
        request.set_payload(Payload::Stream { payload });
        Some(held)
    }

    /// Lets go of it once the answer is out.
    pub(crate) fn release_later(self) {
        actix_web::rt::spawn(async move {
            tokio::time::sleep(ANSWER).await;
            drop(self);
        });
    }
}

impl Stream for Held {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Pin::new(&mut *self.0.borrow_mut()).poll_next(cx)
    }
}

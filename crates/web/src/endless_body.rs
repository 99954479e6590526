//! Chunked bodies that never end.
//!
//! If nobody reads a chunked body to its end, the HTTP server keeps reading it after the response,
//! in order to reuse the connection, without a limit on time or bytes. A client that never sends
//! the last chunk could hold the connection forever. If something still holds the body, the server
//! closes the connection after the response instead. So we hold it.

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

/// By this time the response has been handed to the socket.
const ANSWER: Duration = Duration::from_secs(5);

/// A body shared with its reader.
pub(crate) struct Held(Rc<RefCell<Payload>>);

impl Held {
    /// The request's body, if it is chunked.
    pub(crate) fn of(request: &mut ServiceRequest) -> Option<Self> {
        if !request.headers().contains_key(TRANSFER_ENCODING) {
            return None;
        }
        let held = Self(Rc::new(RefCell::new(request.take_payload())));
        let payload = Box::pin(Self(Rc::clone(&held.0)));
        request.set_payload(Payload::Stream { payload });
        Some(held)
    }

    /// Drops the body once the response is out.
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

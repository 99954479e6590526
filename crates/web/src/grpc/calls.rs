//! A layer of the gRPC server: a connection without an open call is silent.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::BodyExt;
use tonic::body::Body;
use tower::{BoxError, Layer, Service};

use super::connections::Caller;

/// Notes the calls of each connection, so that one without a call can make room for others.
#[derive(Debug, Clone, Copy)]
pub struct CallsLayer;

/// A service whose calls are noted.
#[derive(Debug, Clone)]
pub struct Noted<S>(S);

impl<S> Layer<S> for CallsLayer {
    type Service = Noted<S>;

    fn layer(&self, inner: S) -> Noted<S> {
        Noted(inner)
    }
}

impl<S, B, A> Service<Request<B>> for Noted<S>
where
    S: Service<Request<B>, Response = Response<A>>,
    S::Future: Send + 'static,
    A: http_body::Body<Data = Bytes> + Send + 'static,
    A::Error: Into<BoxError>,
{
    type Response = Response<Body>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, call: Request<B>) -> Self::Future {
        let open = call.extensions().get::<Caller>().map(Caller::opens_call);
        let answering = self.0.call(call);
        Box::pin(async move {
            let answer = answering.await?;
            // Until its last part is sent, or the client has gone.
            Ok(answer.map(|body| {
                Body::new(body.map_frame(move |frame| {
                    let _until_then = &open;
                    frame
                }))
            }))
        })
    }
}

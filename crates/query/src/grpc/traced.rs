//! A span for each traced call, until its response begins.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use tonic::Code;
use tonic::codegen::http::{HeaderMap, Request, Response};
use tower::{Layer, Service};

use crow_runtime::traces::Span;

/// Makes [`Traced`] of a service.
#[derive(Clone, Copy)]
pub struct TracedLayer;

/// A service with spans.
#[derive(Clone)]
pub struct Traced<S>(S);

impl<S> Layer<S> for TracedLayer {
    type Service = Traced<S>;

    fn layer(&self, inner: S) -> Traced<S> {
        Traced(inner)
    }
}

impl<S, B, R> Service<Request<B>> for Traced<S>
where
    S: Service<Request<B>, Response = Response<R>>,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let Some(span) = span_of(request.headers()) else {
            return Box::pin(self.0.call(request));
        };
        // The path of a call names the service and the method, and nothing else.
        let method = request.uri().path().trim_start_matches('/').to_owned();
        span.rename(method.clone());
        span.set("rpc.system", "grpc");
        span.set("rpc.method", method);
        let answer = self.0.call(request);
        Box::pin(async move {
            let answer = answer.await;
            if let Ok(response) = &answer {
                describe(&span, response.headers());
            }
            answer
        })
    }
}

fn span_of(headers: &HeaderMap) -> Option<Span> {
    Span::of_request(|name| Some(headers.get(name)?.to_str().ok()?.to_owned()))
}

/// A call that fails before its first message has its status in the headers.
fn describe(span: &Span, headers: &HeaderMap) {
    let status = headers.get("grpc-status");
    let code = status.map_or(Code::Ok, |status| Code::from_bytes(status.as_bytes()));
    span.set("rpc.grpc.status_code", i64::from(i32::from(code)));
    if matches!(
        code,
        Code::Internal | Code::Unavailable | Code::Unknown | Code::DataLoss
    ) {
        span.fail("the call failed");
    }
}

//! The routes. A handler receives a request, takes what it needs from the body, and submits it.

mod asset;
mod batch;
mod described;
mod receipt;
mod sdk;
mod session_end;
mod session_start;
mod submit;
mod table;
mod track;

pub(crate) use table::configure;
pub use table::openapi;

use actix_web::HttpResponse;

use crow_web::ApiError;

use crate::outcome;

/// Counts the outcome of a request.
async fn counted(
    route: &'static str,
    answer: impl Future<Output = Result<HttpResponse, ApiError>>,
) -> Result<HttpResponse, ApiError> {
    let answer = answer.await;
    let outcome = answer
        .as_ref()
        .map_or_else(|error| error.code.as_str(), |_| "accepted");
    outcome::count_batch(route, outcome);
    answer
}

//! The routes. A handler receives a request, takes what it needs from the body, and submits it.

pub(crate) mod asset;
pub(crate) mod batch;
mod described;
mod receipt;
pub(crate) mod sdk;
pub(crate) mod session_end;
pub(crate) mod session_start;
mod submit;
pub(crate) mod track;

pub(crate) use described::{ContextBody, SdkBody};

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

//! Calls to the provider, over our own client.

use std::time::Duration;

use openidconnect::{HttpRequest, HttpResponse};

/// For one call.
const DEADLINE: Duration = Duration::from_secs(5);
/// Limit for an answer, in bytes. Key sets of large providers have some ten thousand.
const MAX_ANSWER: usize = 512 << 10;

/// Why the provider gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// It cannot be reached.
    #[error("the provider cannot be reached")]
    Http(#[from] reqwest::Error),
    /// Its answer is too long.
    #[error("the answer of the provider is too long")]
    TooLong,
    /// The library made a request, or got an answer, that cannot be expressed.
    #[error("the call is not valid")]
    Invalid(#[from] openidconnect::http::Error),
}

/// A client that follows no redirect, so that secrets stay where they belong.
pub(crate) fn client() -> Result<reqwest::Client, reqwest::Error> {
    reqwest::Client::builder()
        .timeout(DEADLINE)
        .connect_timeout(DEADLINE)
        .redirect(reqwest::redirect::Policy::none())
        .build()
}

/// Sends a request of the library.
pub(crate) async fn send(
    client: reqwest::Client,
    request: HttpRequest,
) -> Result<HttpResponse, CallError> {
    let request = reqwest::Request::try_from(request).map_err(reqwest::Error::without_url)?;
    let response = client.execute(request).await;
    let mut response = response.map_err(reqwest::Error::without_url)?;
    let mut answer = openidconnect::http::Response::builder().status(response.status());
    for (name, value) in response.headers() {
        answer = answer.header(name, value);
    }
    let mut body = Vec::new();
    while let Some(part) = response
        .chunk()
        .await
        .map_err(reqwest::Error::without_url)?
    {
        if body.len() + part.len() > MAX_ANSWER {
            return Err(CallError::TooLong);
        }
        body.extend_from_slice(&part);
    }
    Ok(answer.body(body)?)
}

//! Requests to the read API.

use std::time::Duration;

use anyhow::{Context, anyhow, ensure};
use backon::{ExponentialBuilder, Retryable};
use bytes::Bytes;
use reqwest::header::{CONTENT_ENCODING, CONTENT_TYPE};
use reqwest::{StatusCode, Url};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use crow_types::OrganizationId;

/// A map of 64 MiB over a slow line takes a while.
const TIMEOUT: Duration = Duration::from_secs(180);
/// How often a map is sent again after a failure that may pass.
const RETRIES: usize = 4;
/// zstd's own default.
const LEVEL: i32 = 3;
/// Characters of an answer that are shown.
const MAX_TEXT: usize = 500;

/// The route for source maps of an organization.
pub(super) struct Api {
    http: reqwest::Client,
    url: Url,
    key: SecretString,
}

/// Why a map was not stored.
#[derive(Debug)]
pub(super) enum Failure {
    /// The map is at fault: others may be right.
    OfMap(String),
    /// No other map would be stored.
    OfAll(anyhow::Error),
}

/// What one attempt failed with.
struct Attempt {
    failure: Failure,
    may_pass: bool,
}

impl Api {
    pub(super) fn new(
        http: reqwest::Client,
        base: &Url,
        organization: &OrganizationId,
        key: SecretString,
    ) -> anyhow::Result<Self> {
        let is_bare = base.username().is_empty() && base.password().is_none();
        ensure!(
            matches!(base.scheme(), "http" | "https") && is_bare && base.query().is_none(),
            "--url must be the address of the read API, such as https://crow.example.com"
        );
        let mut url = base.clone();
        url.path_segments_mut()
            .map_err(|()| anyhow!("--url has no host"))?
            .pop_if_empty()
            .extend(["source-maps", organization.as_str()]);
        Ok(Self { http, url, key })
    }

    /// Uploads a map.
    pub(super) async fn send(
        &self,
        release: &str,
        path: &str,
        debug_id: Option<&str>,
        map: &str,
    ) -> Result<(), Failure> {
        let mut url = self.url.clone();
        url.query_pairs_mut()
            .append_pair("release", release)
            .append_pair("path", path)
            .extend_pairs(debug_id.map(|id| ("debugId", id)));
        let compressed = zstd::encode_all(map.as_bytes(), LEVEL).context("compressing a map");
        let body = Bytes::from(compressed.map_err(Failure::OfAll)?);
        let pauses = ExponentialBuilder::default()
            .with_min_delay(Duration::from_secs(1))
            .with_max_times(RETRIES)
            .with_jitter();
        let sent = (|| self.attempt(url.clone(), body.clone()))
            .retry(pauses)
            .when(|attempt: &Attempt| attempt.may_pass);
        sent.await.map_err(|attempt| attempt.failure)
    }

    async fn attempt(&self, url: Url, body: Bytes) -> Result<(), Attempt> {
        let request = self
            .http
            .post(url)
            .timeout(TIMEOUT)
            .bearer_auth(self.key.expose_secret())
            .header(CONTENT_TYPE, "application/json")
            .header(CONTENT_ENCODING, "zstd")
            .body(body);
        let answer = request.send().await.map_err(|error| {
            let error = anyhow::Error::new(error.without_url());
            let error = error.context("the read API does not answer; is --url right?");
            Attempt {
                failure: Failure::OfAll(error),
                may_pass: true,
            }
        })?;
        let status = answer.status();
        if status.is_success() {
            return Ok(());
        }
        let text = answer.text().await.unwrap_or_default();
        Err(Attempt {
            failure: refused(status, &text),
            may_pass: status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error(),
        })
    }
}

/// What an answer means, with the next step.
fn refused(status: StatusCode, text: &str) -> Failure {
    let parsed: Option<Value> = serde_json::from_str(text).ok();
    let message = parsed
        .as_ref()
        .and_then(|answer| answer["error"]["message"].as_str());
    let message: String = match message {
        Some(message) => message.chars().take(MAX_TEXT).collect(),
        None => format!("the answer was {status}"),
    };
    let of_all = |next: &str| Failure::OfAll(anyhow!("{message}; {next}"));
    match status {
        StatusCode::BAD_REQUEST
        | StatusCode::PAYLOAD_TOO_LARGE
        | StatusCode::UNPROCESSABLE_ENTITY => Failure::OfMap(message),
        StatusCode::UNAUTHORIZED => of_all("is the key in CROW_API_KEY of this installation?"),
        StatusCode::FORBIDDEN => {
            of_all("`crow keys create --org … --scope admin` makes a key that may upload")
        }
        StatusCode::NOT_FOUND => of_all("does the key belong to --org, and is --url the read API?"),
        _other => of_all("try again"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_has_the_organization_and_never_the_key() {
        let api = |url: &str| {
            let organization = OrganizationId::new("acme").unwrap();
            let key = SecretString::from("crow_secret".to_owned());
            let http = reqwest::Client::builder().no_proxy();
            crow_runtime::install_crypto();
            Api::new(
                http.build().unwrap(),
                &url.parse().unwrap(),
                &organization,
                key,
            )
        };
        let url = api("https://crow.example/base/").map(|api| api.url.to_string());
        assert_eq!(url.unwrap(), "https://crow.example/base/source-maps/acme");
        for wrong in [
            "https://user:key@crow.example",
            "ftp://crow.example",
            "https://a.b/?key=x",
        ] {
            assert!(api(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_answer_is_told_with_the_next_step() {
        let body =
            r#"{"error":{"code":"forbidden","message":"the API key needs the scope `admin`"}}"#;
        let Failure::OfAll(error) = refused(StatusCode::FORBIDDEN, body) else {
            panic!("no other map would be stored");
        };
        assert!(error.to_string().contains("crow keys create"), "{error}");
        let Failure::OfMap(text) = refused(StatusCode::UNPROCESSABLE_ENTITY, "no JSON") else {
            panic!("other maps may be right");
        };
        assert!(text.contains("422"), "{text}");
    }
}

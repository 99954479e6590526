//! Recordings, as streams.

use actix_web::body::BoxBody;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, HeaderName, HeaderValue};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, Responder};
use futures::{StreamExt, stream};

use crow_web::ApiError;

use crate::api::Api;
use crate::ask::replay::GetReplay;
use crate::ask::sessions::OneSession;
use crate::ask::words::Format;
use crate::door::Read;
use crate::error::Error;
use crate::replay::encode::Encoder;
use crate::replay::stored::StoredChunks;
use crate::rest::answers::{PRIVATE, describe_text, list, text};
use crate::rest::asked::Asked;
use crate::rest::described::{Description, Output};
use crate::use_cases::SessionReplay;
use crate::windows::Gap;

/// Lists the gaps of an rrweb array, which has no place for them.
pub(super) const GAPS: &str = "x-crow-gaps";
/// Present when [`GAPS`] does not list all of them.
pub(super) const GAPS_TRUNCATED: &str = "x-crow-gaps-truncated";
/// The maximum length of the value of [`GAPS`], in bytes.
const MAX_GAPS_HEADER: usize = 4 << 10;
pub(super) const NDJSON: &str = "application/x-ndjson";

/// A recording as a stream.
pub struct Recording(pub(super) HttpResponse);

/// A recording as a file.
pub struct File(HttpResponse);

impl Responder for Recording {
    type Body = BoxBody;

    fn respond_to(self, _request: &HttpRequest) -> HttpResponse {
        self.0
    }
}

impl Responder for File {
    type Body = BoxBody;

    fn respond_to(self, _request: &HttpRequest) -> HttpResponse {
        self.0
    }
}

impl Output for Recording {
    fn describe(to: &mut Description) {
        let about = "The recording. With `format=rrweb` the header `X-Crow-Gaps` has a JSON array of the gaps, at most 4 KiB.";
        describe_text(to, about, &[(NDJSON, text()), ("application/json", list())]);
    }
}

impl Output for File {
    fn describe(to: &mut Description) {
        describe_text(to, "The recording.", &[(NDJSON, text())]);
    }
}

pub async fn get_replay(
    api: Data<Api>,
    ask: Asked<Read, GetReplay>,
) -> Result<Recording, ApiError> {
    let found = api
        .use_cases
        .replay(ask.organization(), &ask.question)
        .await?;
    let watched = &api.use_cases.watched;
    watched
        .watched(ask.by.actor(), ask.organization(), &found.session)
        .await?;
    let format = ask.question.format.unwrap_or_default();
    let mut response = HttpResponse::Ok();
    match format {
        Format::Ndjson => response.content_type(NDJSON),
        Format::Rrweb => response.content_type("application/json"),
    };
    if format == Format::Rrweb {
        add_gaps(&mut response, &found.gaps);
    }
    stream_body(response, found, format, ())
        .await
        .map(Recording)
}

pub async fn export(api: Data<Api>, ask: Asked<Read, OneSession>) -> Result<File, ApiError> {
    let whole = GetReplay {
        session: ask.question.session.clone(),
        format: None,
        from: None,
        to: None,
    };
    let found = api.use_cases.replay(ask.organization(), &whole).await?;
    let watched = &api.use_cases.watched;
    watched
        .exported(&ask.by.actor(), ask.organization(), &found.session)
        .await?;
    let disposition = format!("attachment; filename=\"session-{}.ndjson\"", found.session);
    let mut response = HttpResponse::Ok();
    response
        .content_type(NDJSON)
        .insert_header((CONTENT_DISPOSITION, disposition));
    stream_body(response, found, Format::Ndjson, ())
        .await
        .map(File)
}

/// Reads the first block before the response begins, so that an unreadable recording returns an
/// error. A later failure breaks off the connection. Drops `held` when the body ends.
pub(super) async fn stream_body<H: 'static>(
    mut response: HttpResponseBuilder,
    found: SessionReplay,
    format: Format,
    held: H,
) -> Result<HttpResponse, ApiError> {
    let mut encoder = Encoder::new(found.replay, format, found.gaps);
    let first = encoder.next_block().await?.unwrap_or_default();
    metrics::counter!("crow_query_replays_total").increment(1);
    let rest = stream::try_unfold((encoder, held), next_block);
    let blocks = stream::once(std::future::ready(Ok(first))).chain(rest);
    Ok(response
        .insert_header((CACHE_CONTROL, PRIVATE))
        .streaming(blocks))
}

async fn next_block<H>(
    (mut encoder, held): (Encoder<StoredChunks>, H),
) -> Result<Option<(bytes::Bytes, (Encoder<StoredChunks>, H))>, ApiError> {
    let block = encoder.next_block().await.map_err(Error::into_api)?;
    Ok(block.map(|block| (block, (encoder, held))))
}

fn add_gaps(response: &mut HttpResponseBuilder, gaps: &[Gap]) {
    let (text, is_whole) = gaps_header(gaps);
    if let Ok(value) = HeaderValue::from_str(&text) {
        response.insert_header((HeaderName::from_static(GAPS), value));
    }
    if !is_whole {
        response.insert_header((HeaderName::from_static(GAPS_TRUNCATED), "true"));
    }
}

/// As many gaps as fit, and whether those are all of them.
fn gaps_header(gaps: &[Gap]) -> (String, bool) {
    let mut text = "[".to_owned();
    for gap in gaps {
        let item = serde_json::to_string(gap).expect("a gap is plain data");
        if text.len() + item.len() + 2 > MAX_GAPS_HEADER {
            return (text + "]", false);
        }
        if text.len() > 1 {
            text.push(',');
        }
        text.push_str(&item);
    }
    (text + "]", true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gaps_header_is_json_and_bounded() {
        let gap = |first_seq| Gap {
            window_id: "w".to_owned(),
            first_seq,
            last_seq: first_seq,
            since: 9,
        };
        assert_eq!(gaps_header(&[]), ("[]".to_owned(), true));
        let two = r#"[{"windowId":"w","firstSeq":1,"lastSeq":1,"since":9},{"windowId":"w","firstSeq":2,"lastSeq":2,"since":9}]"#;
        assert_eq!(gaps_header(&[gap(1), gap(2)]), (two.to_owned(), true));
        let many: Vec<Gap> = (0..1_000).map(gap).collect();
        let (text, is_whole) = gaps_header(&many);
        assert!(text.len() <= MAX_GAPS_HEADER && !is_whole);
        assert!(
            serde_json::from_str::<serde_json::Value>(&text)
                .unwrap()
                .as_array()
                .unwrap()
                .len()
                > 50
        );
    }
}

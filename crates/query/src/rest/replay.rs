use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, HeaderName, HeaderValue};
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use futures::{StreamExt, stream};

use crow_types::ErrorCode;
use crow_web::ApiError;

use crate::error::Error;
use crate::replay::ReplayRange;
use crate::replay::encode::{Encoder, Format};
use crate::replay::stored::StoredChunks;
use crate::rest::Api;
use crate::rest::handlers::PRIVATE;
use crate::rest::openapi::ReadErrors;
use crate::rest::params::Params;
use crate::use_cases::SessionReplay;
use crate::windows::Gap;

/// Names the gaps of an rrweb array, which has no place for them.
pub(super) const GAPS: &str = "x-crow-gaps";
/// Says that [`GAPS`] does not name all of them.
pub(super) const GAPS_TRUNCATED: &str = "x-crow-gaps-truncated";
/// The longest value of [`GAPS`], in bytes.
const MAX_GAPS_HEADER: usize = 4 << 10;

/// The recording of a session in the order of time, as a stream.
///
/// NDJSON: a line `{"w":window,"k":"r"|"e","t":ms,"s":batch,"d":{…}}` per rrweb event
/// (`r`) and interaction (`e`), and a last line `{"k":"end","gaps":[…]}`. A stream
/// without its last line was cut off.
#[utoipa::path(
    get,
    path = "/sessions/{orgId}/{sessionId}/replay",
    tag = "replay",
    params(
        ("orgId" = String, Path, description = "The organization of the key."),
        ("sessionId" = String, Path, description = "A session's `id`, or the SDK's `sessionId`, which means its latest visit."),
        ("format" = Option<String>, Query, description = "`ndjson`, the default, or `rrweb`: one JSON array of rrweb events."),
        ("from" = Option<String>, Query, description = "Show from this moment: each window begins with its last full snapshot at or before it. Milliseconds since the epoch or RFC 3339."),
        ("to" = Option<String>, Query, description = "Nothing after this moment. Milliseconds since the epoch or RFC 3339."),
    ),
    responses(
        (status = 200, description = "The recording.",
         content((String = "application/x-ndjson"), (Vec<serde_json::Value> = "application/json")),
         headers(("X-Crow-Gaps" = String, description = "Only with `format=rrweb`: JSON array of the gaps, at most 4 KiB."))),
        ReadErrors,
    ),
    security(("bearer" = []), ("apiKey" = []), ("signIn" = [])),
)]
pub async fn get_replay(
    api: Data<Api>,
    request: HttpRequest,
    path: Path<(String, String)>,
) -> Result<HttpResponse, ApiError> {
    let (organization, session) = path.into_inner();
    let organization = api.organization(&request, &organization).await?;
    let params = Params::parse(request.query_string(), &["format", "from", "to"])?;
    let format = read_format(params.text("format"))?;
    let range = ReplayRange {
        from: params.time("from")?,
        to: params.time("to")?,
    };
    let found = api.use_cases.replay(&organization, &session, range).await?;
    let mut response = HttpResponse::Ok();
    match format {
        Format::Ndjson => response.content_type("application/x-ndjson"),
        Format::Rrweb => response.content_type("application/json"),
    };
    if format == Format::Rrweb {
        add_gaps(&mut response, &found.gaps);
    }
    stream_body(response, found, format).await
}

/// The whole recording as a file: the NDJSON of `replay`.
#[utoipa::path(
    get,
    path = "/sessions/{orgId}/{sessionId}/export",
    tag = "replay",
    params(
        ("orgId" = String, Path, description = "The organization of the key."),
        ("sessionId" = String, Path, description = "A session's `id`, or the SDK's `sessionId`, which means its latest visit."),
    ),
    responses(
        (status = 200, description = "The recording.", body = String, content_type = "application/x-ndjson"),
        ReadErrors,
    ),
    security(("bearer" = []), ("apiKey" = []), ("signIn" = [])),
)]
pub async fn export(
    api: Data<Api>,
    request: HttpRequest,
    path: Path<(String, String)>,
) -> Result<HttpResponse, ApiError> {
    let (organization, session) = path.into_inner();
    let organization = api.organization(&request, &organization).await?;
    Params::parse(request.query_string(), &[])?;
    let found = api
        .use_cases
        .replay(&organization, &session, ReplayRange::default())
        .await?;
    let mut response = HttpResponse::Ok();
    let disposition = format!("attachment; filename=\"session-{}.ndjson\"", found.session);
    response
        .content_type("application/x-ndjson")
        .insert_header((CONTENT_DISPOSITION, disposition));
    stream_body(response, found, Format::Ndjson).await
}

fn read_format(text: Option<&str>) -> Result<Format, ApiError> {
    match text {
        None | Some("ndjson") => Ok(Format::Ndjson),
        Some("rrweb") => Ok(Format::Rrweb),
        Some(_) => Err(ApiError::new(
            ErrorCode::Malformed,
            "format: must be ndjson or rrweb",
        )),
    }
}

/// Reads the first block before the answer begins, so that what cannot be read at all
/// is an error and not half an answer. A later failure breaks the connection off.
async fn stream_body(
    mut response: HttpResponseBuilder,
    found: SessionReplay,
    format: Format,
) -> Result<HttpResponse, ApiError> {
    let mut encoder = Encoder::new(found.replay, format, found.gaps);
    let first = encoder.next_block().await?.unwrap_or_default();
    metrics::counter!("crow_query_replays_total").increment(1);
    let rest = stream::try_unfold(encoder, next_block);
    let blocks = stream::once(std::future::ready(Ok(first))).chain(rest);
    Ok(response
        .insert_header((CACHE_CONTROL, PRIVATE))
        .streaming(blocks))
}

async fn next_block(
    mut encoder: Encoder<StoredChunks>,
) -> Result<Option<(bytes::Bytes, Encoder<StoredChunks>)>, ApiError> {
    let block = encoder.next_block().await.map_err(Error::into_api)?;
    Ok(block.map(|block| (block, encoder)))
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

/// As many gaps as fit, and whether those are all.
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

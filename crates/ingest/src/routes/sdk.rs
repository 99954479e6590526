use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse};
use rust_embed::RustEmbed;

use crow_types::ErrorCode;
use crow_web::{ApiError, Assets, Caching, docs};
use std::collections::BTreeMap;
use utoipa::IntoResponses;
use utoipa::openapi::{RefOr, Response};

/// The script files that `cargo xtask sdk` builds.
#[derive(RustEmbed)]
#[folder = "../../sdk/dist/script"]
#[allow_missing = true]
struct Files;

const SDK: Assets =
    Assets::of::<Files>("the SDK is not built: run `cargo xtask sdk`, and build CROW again")
        .cached(caching)
        .for_any_origin();

/// A file of the SDK for `<script>`: `crow.js`, `crow-replay.js`, the same under names that
/// change with their content, and `manifest.json`, which has these names and the hashes to
/// put into `integrity`.
#[utoipa::path(
    get,
    path = "/sdk/{file}",
    tag = "sdk",
    params(("file" = String, Path, description = "Name of the file.", example = "crow.js")),
    responses(
        (status = 200, description = "The file, compressed if the client takes that.",
            content_type = "text/javascript", body = String),
        (status = 304, description = "The client's copy is still right."),
        SdkErrors
    )
)]
pub(crate) async fn sdk(
    request: HttpRequest,
    file: Path<String>,
) -> Result<HttpResponse, ApiError> {
    SDK.answer(&request, &file)
}

/// Files with a hash in their name, such as `crow.0f3a6c1e9b52.js`, never change.
fn caching(file: &str) -> Caching {
    let is_hash = |part: &str| part.len() == 12 && part.bytes().all(|b| b.is_ascii_hexdigit());
    if file.split('.').any(is_hash) {
        Caching::Immutable
    } else {
        Caching::Short
    }
}

struct SdkErrors;

impl IntoResponses for SdkErrors {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        docs::error_responses(&[ErrorCode::NotFound, ErrorCode::MethodNotAllowed])
    }
}

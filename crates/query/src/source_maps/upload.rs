//! Uploads, the list, and removals.

use bytes::Bytes;

use crow_db::archive;
use crow_db::audit_log::Actor;
use crow_db::source_maps::{self, NewMap, Outcome, SourceMapKey, SourceMapRow, Written};
use crow_sourcemap::script::is_debug_id;
use crow_sourcemap::{SourceMap, debug_id_of};
use crow_storage::keys;
use crow_types::{ContentHash, ErrorCode, OrganizationId, Timestamp};
use crow_web::ApiError;

use super::turns::turn;
use super::{Encoding, InflateError, SourceMaps, inflate};
use crate::ask::source_maps::{ListSourceMaps, OneSourceMap, Script};
use crate::error::{Error, Result};
use crate::page::Page;

/// zstd's own default: maps are read rarely.
const LEVEL: i32 = 3;
/// Seconds after which a client may send again.
const RETRY_SECS: u32 = 5;

/// A map that was checked.
#[derive(Debug)]
struct Checked {
    /// Names the map.
    content: ContentHash,
    /// Bytes of the map.
    length: u64,
    /// As it is stored.
    compressed: Bytes,
    /// What the map says.
    debug_id: Option<String>,
}

/// A body of an upload, as it was sent.
#[derive(Debug)]
pub struct Body {
    /// The bytes.
    pub bytes: Bytes,
    /// How they are compressed.
    pub encoding: Encoding,
}

impl SourceMaps {
    /// Bytes of a map.
    #[must_use]
    pub fn max_bytes(&self) -> usize {
        self.limits.max_bytes
    }

    /// Checks and stores a map. `body` reads what was sent, once it is the organization's turn.
    ///
    /// # Errors
    /// Those of `body`; `unprocessable` when it is no source map or exceeds a limit; `too_large`;
    /// `rate_limited` when too many are uploaded at once.
    pub async fn upload(
        &self,
        organization: &OrganizationId,
        by: &Actor,
        script: Script,
        body: impl Future<Output = std::result::Result<Body, ApiError>>,
    ) -> std::result::Result<SourceMapRow, ApiError> {
        let sending = self.uploads.turn(organization).await;
        let sending = sending.map_err(|_busy| too_many())?;
        let body = body.await?;
        // A body that arrives slowly has no turn of these: others would wait for it.
        let checking = turn(&self.uploads.checks).await;
        let checking = checking.map_err(|_busy| too_many())?;
        let max = self.limits.max_bytes;
        let check = move || {
            // The work goes on when the caller is gone, so it keeps its turns.
            let _checking = checking;
            check(body, max).map(|checked| (checked, sending))
        };
        let checked = tokio::task::spawn_blocking(check).await;
        let (checked, _sending) = checked.map_err(|error| ApiError::internal(&error))??;
        let map = NewMap {
            organization: organization.clone(),
            debug_id: same_id(script.debug_id, checked.debug_id)?,
            release: script.release,
            path: script.path,
            content: checked.content,
            length: checked.length,
        };
        self.store_map(by, &map, checked.compressed).await
    }

    async fn store_map(
        &self,
        by: &Actor,
        map: &NewMap,
        compressed: Bytes,
    ) -> std::result::Result<SourceMapRow, ApiError> {
        let releases = self.limits.releases;
        let mut outcome = source_maps::store(&self.db, by, map, None, releases)
            .await
            .map_err(|error| Error::from(error).into_api())?;
        if outcome == Outcome::NeedsObject {
            let written = Written {
                key: keys::new_source_map(map.organization.as_str(), Timestamp::now()),
                length: compressed.len() as u64,
            };
            self.write(&written.key, compressed)
                .await
                .map_err(Error::into_api)?;
            outcome = source_maps::store(&self.db, by, map, Some(&written), releases)
                .await
                .map_err(|error| Error::from(error).into_api())?;
        }
        match outcome {
            Outcome::Stored(row) | Outcome::Same(row) => Ok(row),
            Outcome::Full => {
                let most = source_maps::MOST;
                let text = format!("the organization has {most} source maps; remove some");
                Err(ApiError::new(ErrorCode::Unprocessable, text))
            }
            Outcome::NeedsObject | Outcome::Swept => {
                let text = "the source map could not be stored; send it again";
                Err(ApiError::unavailable(text).retry_after(RETRY_SECS))
            }
        }
    }

    /// The object comes first, and before it a note: a crash leaves nothing that stays.
    async fn write(&self, key: &str, compressed: Bytes) -> Result<()> {
        archive::note(&self.db, key).await?;
        self.store.put(key, compressed).await?;
        Ok(())
    }

    /// Maps of an organization, the newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list(
        &self,
        organization: &OrganizationId,
        asked: &ListSourceMaps,
    ) -> Result<Page<SourceMapRow, SourceMapKey>> {
        let size = asked.limit.get();
        let release = asked.release.as_ref().map(|release| release.0.as_str());
        let after = asked.after.as_ref().map(|cursor| &cursor.0);
        let rows = source_maps::list(&self.db, organization, release, after, size + 1).await?;
        Ok(Page::cut(rows, size, |row| SourceMapKey {
            id: row.id.clone(),
        }))
    }

    /// Removes a map.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn remove(
        &self,
        organization: &OrganizationId,
        by: &Actor,
        asked: &OneSourceMap,
    ) -> Result<()> {
        if source_maps::remove(&self.db, by, organization, asked.id()?).await? {
            return Ok(());
        }
        Err(Error::NotFound)
    }
}

fn too_many() -> ApiError {
    let text = "too many source maps are uploaded at once; try again in a moment";
    ApiError::new(ErrorCode::RateLimited, text).retry_after(RETRY_SECS)
}

/// Reads the whole map once, so that reading it later cannot fail.
fn check(body: Body, max: usize) -> std::result::Result<Checked, ApiError> {
    let json = inflate(body.encoding, body.bytes, max).map_err(|error| match error {
        InflateError::TooLarge => {
            let text = format!(
                "the source map is larger than {max} bytes; split the bundle, or raise \
                 query.max_source_map_bytes"
            );
            ApiError::new(ErrorCode::TooLarge, text)
        }
        InflateError::Corrupt => {
            let text = "the body is not what Content-Encoding says it is";
            ApiError::new(ErrorCode::Malformed, text)
        }
    })?;
    let refused = |error: crow_sourcemap::Error| {
        let text: String = error.to_string().chars().take(300).collect();
        ApiError::new(ErrorCode::Unprocessable, text)
    };
    SourceMap::read(&json).map_err(refused)?;
    let debug_id = debug_id_of(&json).map_err(refused)?;
    let compressed = zstd::encode_all(&*json, LEVEL).map_err(|error| ApiError::internal(&error))?;
    Ok(Checked {
        content: ContentHash::of(&json),
        length: json.len() as u64,
        compressed: compressed.into(),
        debug_id,
    })
}

/// The debug id that request and map agree on; empty: there is none.
fn same_id(given: Option<String>, named: Option<String>) -> std::result::Result<String, ApiError> {
    let named = named.map(|id| id.to_ascii_lowercase());
    let named = named.filter(|id| is_debug_id(id));
    match (given, named) {
        (Some(given), Some(named)) if given != named => {
            let text = "debugId: the map has another one; upload the map of this script";
            Err(ApiError::new(ErrorCode::Unprocessable, text))
        }
        (given, named) => Ok(given.or(named).unwrap_or_default()),
    }
}

//! From stacks to sources, and uploads of the maps that lead there.
//!
//! A frame's map is the one with the debug id that the page reported for its script, else the one of
//! the event's release whose path the script's address ends with. Maps are opened when somebody looks
//! at a stack, and stay in memory for a while. They were checked when they were uploaded; what cannot
//! be read all the same costs only the sources.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::Read;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use flate2::read::MultiGzDecoder;
use moka::future::Cache;
use tokio::sync::Semaphore;
use tracing::warn;

use crow_db::Db;
use crow_db::source_maps::{self, SourceMapRow};
use crow_issues::stack::{self, Kind};
use crow_sourcemap::{Original, SourceMap, Work};
use crow_storage::Store;
use crow_types::OrganizationId;

use crate::error::{Error, Result};
use crate::mask::decoded;

mod turns;
pub mod upload;

use turns::{AT_ONCE, Uploads, turn};

/// Bytes of maps that stay in memory, about.
const MAX_OPENED: u64 = 128 << 20;
/// Scripts of one stack.
const MAX_SCRIPTS: usize = 20;
/// Ends of a path that are looked for, the longest first.
const MAX_ENDS: usize = 16;
/// Bytes of a path.
const MAX_PATH: usize = 1_024;
/// Largest zstd window, as a power of two: 8 MiB, what HTTP allows (RFC 9659).
const WINDOW_LOG: u32 = 23;

/// What an upload may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a map.
    pub max_bytes: usize,
    /// Releases of an organization whose maps are kept.
    pub releases: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_bytes: 64 << 20,
            releases: 50,
        }
    }
}

/// Opens and stores maps. Cloning is cheap.
#[derive(Debug, Clone)]
pub struct SourceMaps {
    db: Db,
    store: Store,
    limits: Limits,
    /// By object. A copy: rows decide who gets what.
    opened: Cache<String, Arc<SourceMap>>,
    /// For stacks. Uploads have their own turns, so that nobody who looks at a stack waits for them.
    pub(crate) views: Arc<Semaphore>,
    uploads: Uploads,
}

/// What maps say of a stack.
#[derive(Debug, Default)]
pub struct Mapped {
    /// Of each frame in order; `None`: there is no map, or it does not say.
    pub originals: Vec<Option<Original>>,
    /// Scripts of the page's own code without a map.
    pub missing: Vec<String>,
}

/// A stack with what is known of its scripts.
#[derive(Debug)]
pub struct Traced<'a> {
    /// As the browser wrote it.
    pub text: &'a str,
    /// The version of the page; empty: unknown.
    pub release: &'a str,
    /// Debug ids by address of the script, as the page reported them.
    pub debug_ids: &'a BTreeMap<String, String>,
}

/// A place in a script whose map is open.
type Place = Option<(Arc<SourceMap>, u32, u32)>;

impl SourceMaps {
    /// Maps in this database and object store.
    #[must_use]
    pub fn new(db: Db, store: Store) -> Self {
        let size =
            |_key: &String, map: &Arc<SourceMap>| u32::try_from(map.bytes()).unwrap_or(u32::MAX);
        Self {
            db,
            store,
            limits: Limits::default(),
            opened: Cache::builder()
                .max_capacity(MAX_OPENED)
                .weigher(size)
                .time_to_idle(Duration::from_secs(3_600))
                .build(),
            views: Arc::new(Semaphore::new(AT_ONCE)),
            uploads: Uploads::default(),
        }
    }

    /// With other limits.
    #[must_use]
    pub fn limited(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// The sources of a stack's frames.
    ///
    /// # Errors
    /// When the database fails; `Busy` when there is no turn.
    pub async fn of_stack(
        &self,
        organization: &OrganizationId,
        traced: &Traced<'_>,
    ) -> Result<Mapped> {
        let frames = stack::frames(traced.text);
        let scripts = self.scripts(organization, &frames, traced).await?;
        let mut opened: BTreeMap<&str, Arc<SourceMap>> = BTreeMap::new();
        for (url, row) in &scripts {
            if let Some(row) = row
                && let Some(map) = self.open(row).await?
            {
                opened.insert(*url, map);
            }
        }
        let is_missing = |frame: &&stack::Frame<'_>| {
            frame.kind == Kind::App && matches!(scripts.get(frame.url), Some(None))
        };
        let missing: BTreeSet<String> = frames
            .iter()
            .filter(is_missing)
            .map(|frame| address_of(frame.url).to_owned())
            .collect();
        let place = |frame: &stack::Frame<'_>| {
            let map = opened.get(frame.url)?;
            Some((Arc::clone(map), frame.line?, frame.column?))
        };
        let places: Vec<Place> = frames.iter().map(place).collect();
        Ok(Mapped {
            originals: self.originals(places).await?,
            missing: missing.into_iter().collect(),
        })
    }

    /// The scripts of frames, each with its map.
    async fn scripts<'a>(
        &self,
        organization: &OrganizationId,
        frames: &[stack::Frame<'a>],
        traced: &Traced<'_>,
    ) -> Result<BTreeMap<&'a str, Option<SourceMapRow>>> {
        let urls: BTreeSet<&'a str> = frames
            .iter()
            .filter(|frame| matches!(frame.kind, Kind::App | Kind::Library))
            .filter(|frame| frame.column.is_some() && !frame.url.is_empty())
            .map(|frame| frame.url)
            .collect();
        let urls: Vec<&'a str> = urls.into_iter().take(MAX_SCRIPTS).collect();
        let ids: Vec<String> = urls
            .iter()
            .filter_map(|url| traced.debug_ids.get(*url).cloned())
            .collect();
        let paths: Vec<String> = urls.iter().flat_map(|url| ends_of(url)).collect();
        let rows =
            source_maps::of_scripts(&self.db, organization, &ids, traced.release, &paths).await?;
        let of = |url: &'a str| (url, row_of(&rows, url, traced).cloned());
        Ok(urls.into_iter().map(of).collect())
    }

    /// The map of a row; `None`: it cannot be read now.
    ///
    /// # Errors
    /// `Busy`: the other maps of the stack would wait as long.
    async fn open(&self, row: &SourceMapRow) -> Result<Option<Arc<SourceMap>>> {
        let key = row.object_key.clone();
        match self.opened.try_get_with(key, self.read(row)).await {
            Ok(map) => Ok(Some(map)),
            Err(error) if matches!(*error, Error::Busy) => Err(Error::Busy),
            Err(error) => {
                let error = crow_types::log_chain(error.as_ref());
                warn!(
                    object = row.object_key,
                    error, "a source map cannot be read"
                );
                Ok(None)
            }
        }
    }

    async fn read(&self, row: &SourceMapRow) -> Result<Arc<SourceMap>> {
        let turn = turn(&self.views).await?;
        let object = self.store.get(&row.object_key).await?;
        let length = usize::try_from(row.byte_length).unwrap_or_default();
        let read = tokio::task::spawn_blocking(move || {
            // The work goes on when the caller is gone, so it keeps the turn.
            let _turn = turn;
            let json = inflate(Encoding::Zstd, object, length).ok()?;
            SourceMap::read(&json).ok()
        });
        let map = read.await.map_err(Error::Ended)?;
        map.map(Arc::new).ok_or(Error::DamagedMap)
    }

    /// Asks the maps. A source that is searched takes a while.
    async fn originals(&self, places: Vec<Place>) -> Result<Vec<Option<Original>>> {
        if places.iter().all(Option::is_none) {
            return Ok(Vec::new());
        }
        let turn = turn(&self.views).await?;
        let look = move || {
            let _turn = turn;
            look_up(&places)
        };
        tokio::task::spawn_blocking(look)
            .await
            .map_err(Error::Ended)
    }
}

/// The origins of places. Frames of a recursion are at one place, which is searched once.
fn look_up(places: &[Place]) -> Vec<Option<Original>> {
    let mut work = Work::default();
    let mut known: HashMap<(*const SourceMap, u32, u32), Option<Original>> = HashMap::new();
    let mut look = |(map, line, column): &(Arc<SourceMap>, u32, u32)| {
        let found = known.entry((Arc::as_ptr(map), *line, *column));
        let found = found.or_insert_with(|| map.original(*line, *column, &mut work));
        found.clone()
    };
    places
        .iter()
        .map(|place| place.as_ref().and_then(&mut look))
        .collect()
}

/// The map of a script: by its debug id, else the one of the release with the longest end of its path.
fn row_of<'a>(
    rows: &'a [SourceMapRow],
    url: &str,
    traced: &Traced<'_>,
) -> Option<&'a SourceMapRow> {
    let id = traced.debug_ids.get(url);
    let by_id = id.and_then(|id| rows.iter().rev().find(|row| row.debug_id == *id));
    by_id.or_else(|| {
        let of_release = |row: &&SourceMapRow| row.app_release == traced.release;
        let mut ends = ends_of(url).into_iter();
        ends.find_map(|end| {
            let mut rows = rows.iter().filter(of_release);
            rows.find(|row| row.path == end)
        })
    })
}

/// An address without what follows `?` and `#`, which may hold what visitors typed.
fn address_of(url: &str) -> &str {
    url.split(['?', '#']).next().unwrap_or_default()
}

/// The path of a script and its ends, the longest first: maps may have been uploaded from a folder
/// further down.
fn ends_of(url: &str) -> Vec<String> {
    let address = address_of(url);
    let rest = address.split_once("://").map(|(_scheme, rest)| rest);
    let path = match rest {
        Some(rest) => rest.split_once('/').map_or("", |(_host, path)| path),
        None => address.trim_start_matches('/'),
    };
    let path = format!("/{}", decoded(path));
    // No map has a path with a NUL, and Postgres cannot be asked for one.
    if path.len() > MAX_PATH || path.contains('\0') {
        return Vec::new();
    }
    let starts: Vec<usize> = path.match_indices('/').map(|(at, _)| at).collect();
    let ends = starts.into_iter().map(|at| path[at..].to_owned());
    ends.filter(|end| end.len() > 1).take(MAX_ENDS).collect()
}

/// How a body is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// Not at all.
    Identity,
    /// RFC 1952.
    Gzip,
    /// RFC 8878.
    Zstd,
}

/// Why bytes could not be inflated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InflateError {
    /// The output exceeds the limit.
    TooLarge,
    /// They are not what they should be.
    Corrupt,
}

/// The bytes without their compression, at most `max`. The output is counted, so a bomb stops there.
pub fn inflate(
    encoding: Encoding,
    sent: Bytes,
    max: usize,
) -> std::result::Result<Bytes, InflateError> {
    let corrupt = |_error| InflateError::Corrupt;
    let most = u64::try_from(max).unwrap_or(u64::MAX).saturating_add(1);
    let mut inflated = Vec::new();
    match encoding {
        Encoding::Identity => {
            let is_too_large = sent.len() > max;
            return if is_too_large {
                Err(InflateError::TooLarge)
            } else {
                Ok(sent)
            };
        }
        Encoding::Gzip => MultiGzDecoder::new(&*sent)
            .take(most)
            .read_to_end(&mut inflated)
            .map_err(corrupt)?,
        Encoding::Zstd => {
            let decoder = zstd::stream::read::Decoder::with_buffer(&*sent);
            let mut decoder = decoder.map_err(corrupt)?;
            decoder.window_log_max(WINDOW_LOG).map_err(corrupt)?;
            decoder
                .take(most)
                .read_to_end(&mut inflated)
                .map_err(corrupt)?
        }
    };
    if inflated.len() > max {
        return Err(InflateError::TooLarge);
    }
    Ok(inflated.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_is_known_by_the_ends_of_its_path() {
        let ends = ends_of("https://shop.example:8443/app/_next/%5Bid%5D.js?token=1#x");
        assert_eq!(ends, ["/app/_next/[id].js", "/_next/[id].js", "/[id].js"]);
        assert_eq!(ends_of("index.android.bundle"), ["/index.android.bundle"]);
        assert_eq!(ends_of("https://shop.example"), [""; 0]);
        let deep = format!("https://shop.example{}", "/a".repeat(400));
        assert_eq!(ends_of(&deep).len(), MAX_ENDS);
        assert_eq!(ends_of(&"/a".repeat(600)), [""; 0]);
        for nul in ["https://shop.example/a%00/b.js", "/a/b\0.js"] {
            assert_eq!(ends_of(nul), [""; 0]);
        }
    }

    #[test]
    fn a_place_of_many_frames_is_searched_once() {
        // Sixty searches would cost more than a stack may.
        let source = format!("function a() {{\n{}\nx }}", " ".repeat(1_900_000));
        let json = serde_json::json!({
            "version": 3, "sources": ["a.js"], "mappings": "AAEA", "sourcesContent": [source],
        });
        let map = Arc::new(SourceMap::read(json.to_string().as_bytes()).unwrap());
        let places: Vec<Place> = std::iter::repeat_n(Some((map, 1, 1)), 60).collect();
        let found = look_up(&places);
        assert_eq!(found.len(), 60);
        for original in found {
            assert_eq!(original.unwrap().function, "a");
        }
    }

    #[test]
    fn a_bomb_stops_at_the_limit() {
        let zeros = vec![0; 1 << 20];
        let bomb = Bytes::from(zstd::encode_all(&*zeros, 1).unwrap());
        let inflated = |max| inflate(Encoding::Zstd, bomb.clone(), max).map(|it| it.len());
        assert_eq!(inflated((1 << 20) - 1), Err(InflateError::TooLarge));
        assert_eq!(inflated(1 << 20), Ok(1 << 20));
        let wrong = inflate(Encoding::Gzip, bomb.clone(), 1 << 20);
        assert_eq!(wrong, Err(InflateError::Corrupt));
    }
}

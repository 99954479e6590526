//! What a backup consists of, and where it lies.
//!
//! ```text
//! backups/{id}/manifest.json             written last
//! backups/{id}/{table}-00000.ndjson.zst  rows, each a JSON array in the order of the columns
//! backups/{id}/objects-00000.ndjson.zst  ["key", [bytes, "sha256"]] of each object
//! objects/{key}                          the objects, shared by all backups in this place
//! ```
//!
//! The keys of recordings can be in a backup of their own, which has no objects.

use anyhow::{Context, bail, ensure};
use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crow_db::backup::{Column, KEY_TABLES, Snapshot};
use crow_storage::lines::Part;
use crow_storage::{StorageConfig, Store, keys};
use crow_types::Timestamp;

use crate::config::Config;

/// The format of a backup that holds everything.
const FORMAT: u32 = 1;
/// The format of one that lacks something: a release that does not know of this must not restore it.
const FORMAT_OF_PARTS: u32 = 2;
pub(super) const MANIFEST: &str = "manifest.json";

/// Which part of an installation a backup holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Content {
    /// Rows and objects, and the keys of recordings.
    #[default]
    Everything,
    /// The same without the keys.
    WithoutKeys,
    /// The keys alone.
    OnlyKeys,
}

impl Content {
    pub(crate) fn has_keys(self) -> bool {
        self != Self::WithoutKeys
    }

    /// Whether it holds objects, and the rows that are not keys.
    pub(crate) fn has_rest(self) -> bool {
        self != Self::OnlyKeys
    }

    pub(super) fn has_table(self, table: &str) -> bool {
        if KEY_TABLES.contains(&table) {
            self.has_keys()
        } else {
            self.has_rest()
        }
    }

    pub(super) fn format(self) -> u32 {
        match self {
            Self::Everything => FORMAT,
            Self::WithoutKeys | Self::OnlyKeys => FORMAT_OF_PARTS,
        }
    }
}

/// The content of a backup.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Manifest {
    /// Version of the layout.
    pub(crate) format: u32,
    /// What it holds.
    #[serde(default)]
    pub(crate) content: Content,
    /// Name of the backup: when it began.
    pub(crate) id: String,
    /// The program that made it.
    pub(crate) crow: String,
    /// When the rows were read, milliseconds since the epoch.
    pub(crate) created_at: i64,
    /// The migrations of the database, oldest first.
    pub(crate) schema: Vec<String>,
    /// How far each stream was processed.
    pub(crate) positions: Vec<Position>,
    /// Announcements that were sent at or after this time may not have reached a consumer,
    /// milliseconds since the epoch.
    pub(crate) announced_since: i64,
    /// The tables, in the order in which they are loaded.
    pub(crate) tables: Vec<Table>,
    /// The objects that rows name.
    pub(crate) objects: Objects,
}

/// How far a stream was processed. For people: streams of another server have other positions.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Position {
    /// The partition.
    pub(crate) partition: u16,
    /// When the stream was created, nanoseconds since the epoch.
    pub(crate) stream_created: i64,
    /// The last position whose effects are in the backup; it may hold later ones, too.
    pub(crate) checkpoint: u64,
}

/// The rows of a table.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Table {
    pub(crate) name: String,
    pub(crate) columns: Vec<Column>,
    pub(crate) parts: Vec<Part>,
}

impl Table {
    pub(crate) fn rows(&self) -> u64 {
        self.parts.iter().map(|part| part.lines).sum()
    }
}

/// The objects that rows name.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Objects {
    pub(crate) count: u64,
    pub(crate) bytes: u64,
    /// Those that no earlier backup had.
    pub(crate) copied: u64,
    /// Those that did not exist.
    pub(crate) missing: u64,
    pub(crate) parts: Vec<Part>,
}

/// A line of the list of objects: its key, and its content if it existed.
pub(crate) type Entry = (String, Option<Object>);

/// The content of an object: its bytes, and their SHA-256 in hexadecimal.
pub(crate) type Object = (u64, String);

/// Where an object of an installation is in a backup.
pub(crate) fn object_key(key: &str) -> String {
    format!("objects/{key}")
}

/// Where a file of a backup is.
pub(crate) fn key_in(id: &str, file: &str) -> String {
    format!("{}/{id}/{file}", keys::BACKUPS)
}

impl Manifest {
    /// Of what the snapshot holds. Tables and objects are still to come.
    pub(super) async fn begin(
        snapshot: &Snapshot,
        content: Content,
        id: String,
    ) -> anyhow::Result<Self> {
        Ok(Self {
            format: content.format(),
            content,
            id,
            crow: crow_runtime::version().to_owned(),
            created_at: Timestamp::now().0,
            schema: snapshot.schema().await?,
            positions: Vec::new(),
            announced_since: 0,
            tables: Vec::new(),
            objects: Objects::default(),
        })
    }

    /// Completes the backup.
    pub(crate) async fn write(&self, store: &Store) -> anyhow::Result<()> {
        let text = serde_json::to_vec_pretty(self)?;
        store
            .put(&key_in(&self.id, MANIFEST), Bytes::from(text))
            .await?;
        Ok(())
    }

    /// The newest complete backup whose content is wanted.
    pub(crate) async fn newest(
        store: &Store,
        is_wanted: impl Fn(Content) -> bool,
    ) -> anyhow::Result<Option<Self>> {
        for id in ids(store).await?.iter().rev() {
            let manifest = Self::read(store, id).await?;
            if is_wanted(manifest.content) {
                return Ok(Some(manifest));
            }
        }
        Ok(None)
    }

    /// Reads the backup of this name.
    pub(crate) async fn read(store: &Store, id: &str) -> anyhow::Result<Self> {
        let text = store.get(&key_in(id, MANIFEST)).await.with_context(|| {
            format!("there is no complete backup `{id}`: its manifest cannot be read")
        })?;
        let value: serde_json::Value = serde_json::from_slice(&text)
            .with_context(|| format!("the manifest of {id} is damaged"))?;
        ensure!(
            value["format"] == FORMAT || value["format"] == FORMAT_OF_PARTS,
            "backup {id} has format {}, and this program reads {FORMAT} and {FORMAT_OF_PARTS}: \
             restore it with the release that made it ({})",
            value["format"],
            value["crow"]
        );
        serde_json::from_value(value).with_context(|| format!("the manifest of {id} is damaged"))
    }
}

/// The names of the complete backups, oldest first.
pub(crate) async fn ids(store: &Store) -> anyhow::Result<Vec<String>> {
    let found = store.list(keys::BACKUPS).await?;
    let id = |key: &String| {
        let path = key.strip_prefix(keys::BACKUPS)?.strip_prefix('/')?;
        let id = path.strip_suffix(MANIFEST)?.strip_suffix('/')?;
        Some(id.to_owned())
    };
    let mut ids: Vec<String> = found.iter().filter_map(id).collect();
    ids.sort();
    Ok(ids)
}

/// Opens the place of the backups that an argument or the configuration names.
pub(crate) fn open_place(
    config: &Config,
    place: Option<&str>,
    argument: &str,
) -> anyhow::Result<Store> {
    let url = match place {
        Some(place) => url_of(place)?,
        None => config.backup.url.clone(),
    };
    if url.is_empty() {
        bail!("say where backups are kept: {argument}, or backup.url");
    }
    ensure!(
        url.trim_end_matches('/') != config.storage.url.trim_end_matches('/'),
        "{url} is where the objects are; keep backups where they are not lost together"
    );
    let config = StorageConfig {
        url,
        ..config.backup.clone()
    };
    Store::open(&config).context("opening the place of the backups")
}

/// A URL, or the path of a folder.
fn url_of(place: &str) -> anyhow::Result<String> {
    if place.contains("://") {
        return Ok(place.to_owned());
    }
    let folder = std::path::absolute(place)?;
    Ok(format!("file://{}", folder.display()))
}

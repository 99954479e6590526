//! Reads everything that an installation keeps, in all places of the list of stores.
//!
//! A text that is only compressed or sealed is there nevertheless. So messages and objects are
//! decompressed, and sealed parts are opened with the keys that the caller has.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use crow_bus::inflate::inflated;
use crow_db::backup::Snapshot;
use crow_db::{DatabaseConfig, Db, sealing_keys};
use crow_keyring::{Keyring, KeyringConfig};
use crow_proto::events::Message;
use crow_storage::{DataKey, Error as StoreError, Seal, StorageConfig, Store as Objects, whole};
use crow_testkit::keys;
use crow_types::stores::{Kind, PLACES, Place, Store};
use futures::TryStreamExt;
use memchr::memmem;
use prost::Message as _;

use crate::system::{ORGANIZATION, System};

/// Opened keys, by session row.
pub type Keys = HashMap<Arc<str>, DataKey>;

impl System {
    /// The keys of all sessions that have one now.
    pub async fn keys(&self) -> Keys {
        let db = self.open_db().await;
        let config = KeyringConfig {
            master_key: keys::MASTER_KEY.to_owned().into(),
            ..KeyringConfig::default()
        };
        let keyring = Keyring::open(&db, &config, Seal::Off).unwrap();
        let found = sealing_keys::of_older_keys(&db, ORGANIZATION, i64::MAX, "", 1_000).await;
        let found = found.unwrap();
        let rows: Vec<&str> = found.iter().map(|key| key.session_id.as_str()).collect();
        keyring.keys_of(&rows).await.unwrap()
    }

    async fn open_db(&self) -> Db {
        let config = DatabaseConfig {
            url: self.database_url().to_owned().into(),
            migrate_on_start: false,
            ..DatabaseConfig::default()
        };
        Db::connect(&config).await.unwrap()
    }
}

/// What is in one file, table, object or message, as it lies there and opened.
struct Piece {
    /// `None`: a file of the processes or of NATS.
    store: Option<Store>,
    name: String,
    bytes: Vec<u8>,
}

/// Everything that is kept.
#[derive(Default)]
pub struct Contents {
    pieces: Vec<Piece>,
}

impl Contents {
    /// Reads everything. Sealed parts whose key is not among these stay sealed.
    ///
    /// # Panics
    /// When something is kept in a place that the list of stores lacks.
    pub async fn of(system: &System, keys: &Keys) -> Self {
        let mut all = Self::default();
        all.add_tables(system).await;
        all.add_objects(&system.objects(), keys).await;
        all.add_streams(system).await;
        for folder in [system.dir(), system.nats.dir()] {
            all.add_files(folder);
        }
        all
    }

    /// The same with the keys that exist now: what somebody can read who has everything.
    pub async fn readable(system: &System) -> Self {
        Self::of(system, &system.keys().await).await
    }

    /// The names of all pieces with the text.
    pub fn with(&self, text: &str) -> BTreeSet<&str> {
        self.having(text).map(|piece| piece.name.as_str()).collect()
    }

    /// The stores with the text. Files count for none.
    pub fn stores_with(&self, text: &str) -> BTreeSet<Store> {
        self.having(text).filter_map(|piece| piece.store).collect()
    }

    fn having<'a>(&'a self, text: &str) -> impl Iterator<Item = &'a Piece> {
        let has = move |piece: &&Piece| memmem::find(&piece.bytes, text.as_bytes()).is_some();
        self.pieces.iter().filter(has)
    }

    fn add(&mut self, place: &Place, name: String, bytes: Vec<u8>) {
        let store = place.store();
        self.pieces.push(Piece { store, name, bytes });
    }

    async fn add_tables(&mut self, system: &System) {
        let db = system.open_db().await;
        let snapshot = Snapshot::take(&db).await.unwrap();
        for place in PLACES.iter().filter(|place| place.kind == Kind::Table) {
            let columns = snapshot.columns(place.name).await.unwrap();
            let rows = snapshot.rows(place.name, &columns).await.unwrap();
            let rows: Vec<String> = rows.try_collect().await.unwrap();
            let name = format!("table {}", place.name);
            self.add(place, name, rows.join("\n").into_bytes());
        }
    }

    async fn add_objects(&mut self, folder: &Path, keys: &Keys) {
        let store = Objects::open(&StorageConfig {
            url: format!("file://{}", folder.display()),
            ..StorageConfig::default()
        })
        .unwrap();
        for entry in fs::read_dir(folder).into_iter().flatten() {
            let prefix = entry.unwrap().file_name().into_string().unwrap();
            let place = Place::of(Kind::Objects, &prefix);
            let place = place.unwrap_or_else(|| panic!("{prefix}/ is not in the list of stores"));
            for key in store.list(&prefix).await.unwrap() {
                let object = match store.get(&key).await {
                    Ok(object) => object,
                    // The sweeper was faster.
                    Err(StoreError::NotFound { .. }) => continue,
                    Err(error) => panic!("{key}: {error}"),
                };
                let is_referenced = self.refer_to(&key);
                let opened = opened(place.name, &key, &object, keys, is_referenced);
                self.add(place, key, opened);
            }
        }
    }

    /// Whether a row of a chunk, as it was read before, is in this object.
    fn refer_to(&self, key: &str) -> bool {
        let mut having = self.having(key);
        having.any(|piece| piece.name == "table replay_chunks")
    }

    async fn add_streams(&mut self, system: &System) {
        let client = async_nats::connect(system.nats.url()).await.unwrap();
        let jetstream = async_nats::jetstream::new(client);
        let names: Vec<String> = jetstream.stream_names().try_collect().await.unwrap();
        for name in names {
            let place = Place::of(Kind::Stream, &name);
            let place = place.unwrap_or_else(|| panic!("{name} is not in the list of stores"));
            let stream = jetstream.get_stream(&name).await.unwrap();
            let state = &stream.cached_info().state;
            for sequence in state.first_sequence.max(1)..=state.last_sequence {
                // A message that was settled or removed is gone.
                if let Ok(message) = stream.get_raw_message(sequence).await {
                    let bytes = decompressed(message.payload);
                    self.add(place, format!("{name} {sequence}"), bytes);
                }
            }
        }
    }

    fn add_files(&mut self, folder: &Path) {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                self.add_files(&path);
            } else if let Ok(bytes) = fs::read(&path) {
                self.pieces.push(Piece {
                    store: None,
                    name: path.display().to_string(),
                    bytes,
                });
            }
        }
    }
}

/// The lines of an object that can be opened with these keys; the bytes of one without lines.
fn opened(prefix: &str, key: &str, object: &Bytes, keys: &Keys, is_referenced: bool) -> Vec<u8> {
    match prefix {
        "packs" | "sessions" => {}
        "inbox" => return inflated(object).unwrap().encode_to_vec(),
        _ => return object.to_vec(),
    }
    let mut text = Vec::new();
    for part in whole::parts(key, object).unwrap() {
        let data_key = part.session.as_ref().and_then(|row| keys.get(row.as_str()));
        if part.session.is_some() && data_key.is_none() {
            continue;
        }
        let mut lines = part.lines(key, object, data_key).unwrap();
        loop {
            match lines.next_text() {
                Ok(Some(line)) => text.extend_from_slice(line),
                Ok(None) => break,
                // A pack whose commit failed may be sealed with a key that was not stored: another
                // one was first. No row refers to the pack, and the sweeper takes it.
                Err(StoreError::Corrupt(_)) if !is_referenced => break,
                Err(error) => panic!("{key}: {error}"),
            }
        }
    }
    text
}

/// A payload, and what is compressed in it.
fn decompressed(payload: Bytes) -> Vec<u8> {
    let mut bytes = payload.to_vec();
    // What is no message of a gateway is JSON.
    if let Ok(message) = Message::decode(payload)
        && !message.zstd.is_empty()
    {
        bytes.extend(inflated(&message.zstd).unwrap().encode_to_vec());
    }
    bytes
}

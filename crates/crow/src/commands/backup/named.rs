//! The objects that a snapshot names.

use std::collections::VecDeque;
use std::slice;

use anyhow::ensure;
use futures::{StreamExt, stream};

use crow_db::{Db, audit};
use crow_storage::Store;
use crow_storage::lines::{self, LineWriter, Part};

use super::copier::{AT_ONCE, Copier, Outcome, Progress};
use super::manifest::{Entry, Manifest, Object, Objects, key_in, object_key};

/// Keys of one round.
const ROUND: usize = 256;

/// Copies named objects into the place of the backups.
pub(super) struct Copying<'a> {
    db: &'a Db,
    copier: Copier<'a>,
    target: &'a Store,
    known: Known<'a>,
}

impl<'a> Copying<'a> {
    pub(super) fn new(
        db: &'a Db,
        source: &'a Store,
        target: &'a Store,
        earlier: Option<&Manifest>,
    ) -> Self {
        Self {
            db,
            copier: Copier::new(source, target),
            target,
            known: Known::new(target, earlier),
        }
    }

    /// Copies the objects with the keys in `parts`, in order, and writes their list.
    pub(super) async fn run(mut self, parts: &[Part], id: &str) -> anyhow::Result<Objects> {
        let mut objects = Objects::default();
        let mut progress = Progress::new(parts.iter().map(|part| part.lines).sum());
        let mut list = LineWriter::new(self.target, key_in(id, "objects"));
        for part in parts {
            let text = lines::read(self.target, part).await?;
            let keys: Vec<&str> = text.lines().collect();
            for keys in keys.chunks(ROUND) {
                for (key, outcome) in self.round(keys).await? {
                    progress.add(&outcome);
                    let entry = self.entry(key, outcome, &mut objects).await?;
                    list.push(&serde_json::to_string(&entry)?).await?;
                }
            }
        }
        objects.parts = list.finish().await?;
        Ok(objects)
    }

    async fn round<'k>(&mut self, keys: &[&'k str]) -> anyhow::Result<Vec<(&'k str, Outcome)>> {
        let mut known = Vec::with_capacity(keys.len());
        for key in keys {
            known.push((*key, self.known.find(key).await?));
        }
        let copier = &self.copier;
        let outcomes = stream::iter(known)
            .map(|(key, known)| async move {
                let outcome = copier.copy(key, &object_key(key), known).await?;
                anyhow::Ok((key, outcome))
            })
            .buffered(AT_ONCE)
            .collect::<Vec<_>>()
            .await;
        outcomes.into_iter().collect()
    }

    async fn entry(
        &self,
        key: &str,
        outcome: Outcome,
        objects: &mut Objects,
    ) -> anyhow::Result<Entry> {
        let object = match outcome {
            Outcome::Copied(object) => {
                objects.copied += 1;
                Some(object)
            }
            Outcome::There(object) => Some(object),
            Outcome::Missing | Outcome::Changed => {
                self.check_missing(key).await?;
                objects.missing += 1;
                None
            }
        };
        if let Some((bytes, _)) = &object {
            objects.count += 1;
            objects.bytes += bytes;
        }
        Ok((key.to_owned(), object))
    }

    /// An object that rows still name was lost before, and the backup cannot bring it back. One
    /// that no row names any more was removed in spite of the hold.
    async fn check_missing(&self, key: &str) -> anyhow::Result<()> {
        let key = key.to_owned();
        let known = audit::known(self.db, slice::from_ref(&key)).await?;
        ensure!(
            known.contains(&key),
            "object {key} was removed during the backup: run it again, it copies only what is missing"
        );
        eprintln!("object {key} does not exist");
        Ok(())
    }
}

/// The list of an earlier backup, read in the order of its keys.
struct Known<'a> {
    store: &'a Store,
    parts: VecDeque<Part>,
    entries: VecDeque<Entry>,
}

impl<'a> Known<'a> {
    fn new(store: &'a Store, earlier: Option<&Manifest>) -> Self {
        let parts = earlier.map(|earlier| earlier.objects.parts.clone());
        Self {
            store,
            parts: parts.unwrap_or_default().into(),
            entries: VecDeque::new(),
        }
    }

    /// The content of an object. Keys must be asked for in order.
    async fn find(&mut self, key: &str) -> anyhow::Result<Option<Object>> {
        loop {
            match self.entries.front() {
                Some((found, _)) if found.as_str() < key => {
                    self.entries.pop_front();
                }
                Some((found, object)) => return Ok(object.clone().filter(|_| found == key)),
                None => {
                    let Some(part) = self.parts.pop_front() else {
                        return Ok(None);
                    };
                    self.entries = entries_of(self.store, &part).await?.into();
                }
            }
        }
    }
}

/// The entries of a part of the list.
pub(crate) async fn entries_of(store: &Store, part: &Part) -> anyhow::Result<Vec<Entry>> {
    let text = lines::read(store, part).await?;
    let entries: Result<Vec<Entry>, _> = text.lines().map(serde_json::from_str).collect();
    Ok(entries?)
}

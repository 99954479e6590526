//! Copies objects between two stores, several at a time.

use std::time::{Duration, Instant};

use tokio::sync::Semaphore;

use crow_storage::{Error as StoreError, Store};
use crow_types::ContentHash;

use super::manifest::Object;

/// Objects copied at the same time.
pub(crate) const AT_ONCE: usize = 16;
/// MiB of objects in memory; an object that is larger is copied alone.
const MAX_MIB: u32 = 256;
const MIB: u64 = 1 << 20;
/// Time between two lines of progress.
const PROGRESS: Duration = Duration::from_secs(2);

/// What became of an object.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It was copied.
    Copied(Object),
    /// An object of this size was there.
    There(Object),
    /// The source has no such object.
    Missing,
    /// It is not what it was when it was backed up.
    Changed,
}

/// Two stores, and room in memory.
pub(crate) struct Copier<'a> {
    from: &'a Store,
    to: &'a Store,
    room: Semaphore,
}

impl<'a> Copier<'a> {
    pub(crate) fn new(from: &'a Store, to: &'a Store) -> Self {
        let room = Semaphore::new(MAX_MIB as usize);
        Self { from, to, room }
    }

    /// Copies an object unless one of its size is there. If its content is known, it must be that.
    pub(crate) async fn copy(
        &self,
        from: &str,
        to: &str,
        known: Option<Object>,
    ) -> Result<Outcome, StoreError> {
        let there = self.to.size(to).await?;
        if let Some(object) = &known
            && there == Some(object.0)
        {
            return Ok(Outcome::There(object.clone()));
        }
        let Some(size) = self.from.size(from).await? else {
            return Ok(Outcome::Missing);
        };
        let mib = u32::try_from(size / MIB + 1).unwrap_or(MAX_MIB);
        let room = self.room.acquire_many(mib.min(MAX_MIB)).await;
        let _room = room.expect("nobody closes the semaphore");
        let bytes = match self.from.get(from).await {
            Ok(bytes) => bytes,
            Err(StoreError::NotFound { .. }) => return Ok(Outcome::Missing),
            Err(error) => return Err(error),
        };
        let found = (bytes.len() as u64, ContentHash::of(&bytes).to_string());
        if known.is_some_and(|known| known != found) {
            return Ok(Outcome::Changed);
        }
        // An interrupted copy wrote it: stores show an object only when it is whole.
        if there == Some(found.0) {
            return Ok(Outcome::There(found));
        }
        self.to.put(to, bytes).await?;
        Ok(Outcome::Copied(found))
    }
}

/// Says now and then how many objects are done.
pub(crate) struct Progress {
    all: u64,
    done: u64,
    copied: u64,
    bytes: u64,
    told: Instant,
}

impl Progress {
    pub(crate) fn new(all: u64) -> Self {
        eprintln!("copying {all} objects");
        Self {
            all,
            done: 0,
            copied: 0,
            bytes: 0,
            told: Instant::now(),
        }
    }

    pub(crate) fn add(&mut self, outcome: &Outcome) {
        self.done += 1;
        if let Outcome::Copied((bytes, _)) = outcome {
            self.copied += 1;
            self.bytes += bytes;
        }
        if self.told.elapsed() > PROGRESS {
            self.told = Instant::now();
            eprintln!(
                "{} of {} objects, {} copied, {} MiB",
                self.done,
                self.all,
                self.copied,
                self.bytes / MIB
            );
        }
    }
}

//! Removes old backups, and the objects that only they name.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

use crow_storage::{Store, keys};

use super::manifest::{MANIFEST, Manifest, ids, key_in, object_key};
use super::named::entries_of;

/// Keeps so many complete backups. Objects stay while one of them names them.
pub(super) async fn run(store: &Store, keep: usize) -> anyhow::Result<()> {
    let ids = ids(store).await?;
    let (old, kept) = ids.split_at(ids.len().saturating_sub(keep));
    // Names of objects as hashes: if two are the same, an object stays that could go.
    let hasher = RandomState::new();
    let mut needed = HashSet::new();
    for id in kept {
        for part in &Manifest::read(store, id).await?.objects.parts {
            let entries = entries_of(store, part).await?;
            needed.extend(
                entries
                    .iter()
                    .map(|(key, _)| hasher.hash_one(object_key(key))),
            );
        }
    }
    for id in old {
        // Without its manifest it is none.
        store.delete(&key_in(id, MANIFEST)).await?;
    }
    let mut removed = 0_u64;
    for key in store.list(keys::BACKUPS).await? {
        let is_kept = |id: &String| key.starts_with(&key_in(id, ""));
        if !kept.iter().any(is_kept) {
            store.delete(&key).await?;
        }
    }
    for key in store.list("objects").await? {
        if !needed.contains(&hasher.hash_one(&key)) {
            store.delete(&key).await?;
            removed += 1;
        }
    }
    println!(
        "removed {} older backups and {removed} objects that only they had",
        old.len()
    );
    Ok(())
}

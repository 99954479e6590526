//! Removes old backups, and the objects that only they name.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

use crow_storage::{Store, keys};

use super::manifest::{Content, MANIFEST, Manifest, ids, key_in, object_key};
use super::named::entries_of;

/// Keeps so many complete backups of keys, or so many of the others. Those that are not counted stay,
/// and objects stay while a backup names them.
pub(super) async fn run(store: &Store, content: Content, keep: usize) -> anyhow::Result<()> {
    let (mut counted, mut kept) = (Vec::new(), Vec::new());
    for id in ids(store).await? {
        let manifest = Manifest::read(store, &id).await?;
        let is_counted = manifest.content.has_rest() == content.has_rest();
        let list = if is_counted { &mut counted } else { &mut kept };
        list.push(manifest);
    }
    let newest = counted.split_off(counted.len().saturating_sub(keep));
    kept.extend(newest);
    for old in &counted {
        // Without its manifest it is none.
        store.delete(&key_in(&old.id, MANIFEST)).await?;
    }
    for key in store.list(keys::BACKUPS).await? {
        let is_kept = |manifest: &Manifest| key.starts_with(&key_in(&manifest.id, ""));
        if !kept.iter().any(is_kept) {
            store.delete(&key).await?;
        }
    }
    let old = counted.len();
    if !content.has_rest() {
        println!("removed {old} older backups of keys");
        return Ok(());
    }
    let removed = remove_objects(store, &kept).await?;
    println!("removed {old} older backups and {removed} objects that only they had");
    Ok(())
}

/// Removes objects that none of these backups names; returns how many.
async fn remove_objects(store: &Store, kept: &[Manifest]) -> anyhow::Result<u64> {
    // Names of objects as hashes: if two are the same, an object stays that could go.
    let hasher = RandomState::new();
    let mut needed = HashSet::new();
    for part in kept.iter().flat_map(|manifest| &manifest.objects.parts) {
        let entries = entries_of(store, part).await?;
        let names = entries.iter().map(|(key, _)| object_key(key));
        needed.extend(names.map(|name| hasher.hash_one(name)));
    }
    let mut removed = 0;
    for key in store.list("objects").await? {
        if !needed.contains(&hasher.hash_one(&key)) {
            store.delete(&key).await?;
            removed += 1;
        }
    }
    Ok(removed)
}

//! Packs and archives that held parts of erased sessions.

use crow_db::{Db, erasure, garbage, holds};
use crow_storage::{Store, keys};

/// Objects looked at in one go.
const BATCH: usize = 500;

/// Removes the objects that no other session needs; returns how many there were, and how many hold
/// nothing that can be read any more. A sealed pack that others need stays: the keys of the erased
/// parts are gone. A plain one goes once its other sessions are archived.
pub(super) async fn remove(db: &Db, store: &Store, id: &str) -> anyhow::Result<(u64, u64)> {
    let objects = erasure::objects_of(db, id).await?;
    let is_held = !holds::live(db).await?.is_empty();
    let mut gone = 0;
    for objects in objects.chunks(BATCH) {
        let needed = garbage::referenced(db, objects).await?;
        let (needed, free): (Vec<_>, Vec<_>) = objects
            .iter()
            .cloned()
            .partition(|key| needed.contains(key));
        gone += needed.iter().filter(|key| keys::is_sealed(key)).count() as u64;
        if is_held {
            gone += free.iter().filter(|key| keys::is_sealed(key)).count() as u64;
            continue;
        }
        let marked = garbage::mark_for_removal(db, &free).await?;
        for key in &free {
            // The sweeper may have removed it.
            if !store.exists(key).await? {
                gone += 1;
            } else if marked.contains(key) {
                store.delete(key).await?;
                gone += u64::from(!store.exists(key).await?);
            }
        }
        garbage::forget(db, &marked).await?;
    }
    Ok((objects.len() as u64, gone))
}

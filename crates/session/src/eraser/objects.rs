//! Packs and archives that held parts of erased sessions.

use crow_db::{Db, archive, erasure, garbage, holds};
use crow_storage::{Store, keys};

/// Objects looked at in one go.
const BATCH: usize = 500;

/// Returns how many objects there were, and how many hold nothing that can be read any more. Of a
/// sealed object the keys are gone, and the sweeper removes it in its time. A plain one is removed
/// here once no other session needs it: its other sessions are archived first.
pub(super) async fn remove(db: &Db, store: &Store, id: &str) -> anyhow::Result<(u64, u64)> {
    let objects = erasure::objects_of(db, id).await?;
    let (sealed, plain): (Vec<_>, Vec<_>) = objects
        .iter()
        .cloned()
        .partition(|key| keys::is_sealed(key));
    let mut gone = sealed.len() as u64;
    for objects in plain.chunks(BATCH) {
        let needed = garbage::referenced(db, objects).await?;
        let free = objects.iter().filter(|key| !needed.contains(*key));
        for key in free {
            if !store.exists(key).await? {
                gone += 1;
            } else if holds::live(db).await?.is_empty() {
                gone += u64::from(remove_plain(db, store, key).await?);
            }
        }
    }
    Ok((objects.len() as u64, gone))
}

/// As the sweeper does it: no archive is committed on an object that is being removed.
async fn remove_plain(db: &Db, store: &Store, key: &str) -> anyhow::Result<bool> {
    archive::note(db, key).await?;
    let marked = garbage::mark_for_removal(db, &[key.to_owned()]).await?;
    for key in &marked {
        store.delete(key).await?;
    }
    garbage::forget(db, &marked).await?;
    Ok(!store.exists(key).await?)
}

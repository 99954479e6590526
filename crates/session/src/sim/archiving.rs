//! What an archiver does at its turn.

use crow_db::archive::{self, Outcome};
use crow_db::leases::Lease;
use crow_types::Timestamp;

use super::shared::Shared;
use super::tasks::Done;
use crate::archiver::{Archiver, Failure};
use crate::config::SessionConfig;
use crate::keeper::Owned;

/// Chunks of a session that are merged here: any. Sessions are short.
const CHUNKS: u32 = 1;

fn archiver(shared: &Shared) -> Archiver {
    let (db, keyring) = (shared.db.clone(), shared.keyring.clone());
    let config = SessionConfig::default();
    Archiver::new(db, shared.store(), keyring, Owned::default(), &config)
}

/// Merges chunks of open sessions, or archives a finished one.
pub(super) async fn archive_one(shared: Shared, lease: Lease, choice: usize) -> Done {
    let all = Timestamp(i64::MAX);
    if choice % 2 == 1 {
        let merged = archiver(&shared).compact(lease, CHUNKS, all).await;
        if let Ok(Some((Outcome::Archived, _bytes))) = merged {
            shared.merged();
        }
        return done(merged);
    }
    let found = archive::candidates(&shared.db, lease.partition, all, 100)
        .await
        .unwrap();
    if found.is_empty() {
        return Done::Finished;
    }
    let session = found[choice / 2 % found.len()].session.as_ref().unwrap();
    done(archiver(&shared).archive(lease, session).await)
}

fn done<T>(outcome: Result<T, Failure>) -> Done {
    match outcome {
        Ok(_) => Done::Finished,
        Err(Failure::Database(crow_db::Error::LeaseLost)) => Done::LeaseLost,
        Err(Failure::Storage(_)) => Done::Failed,
        Err(error) => panic!("archiving: {error:?}"),
    }
}

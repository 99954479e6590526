use super::*;
use crate::archive;
use crate::flush::{self, Flush};
use crate::leases::Lease;
use crate::tests::{Database, chunk, on_both, session};
use crow_types::Sequence;

on_both!(
    keys_are_written_with_what_they_seal,
    a_key_is_never_replaced,
    an_archive_gives_a_key_to_a_session_that_has_none,
    the_first_key_of_an_organization_wins,
    an_old_key_goes_once_nothing_needs_it,
    plain_sessions_are_marked_once,
);

fn key(session: &str, wrapped: u8) -> SessionKeyRecord {
    SessionKeyRecord {
        session_id: session.to_owned(),
        organization_id: "acme".to_owned(),
        organization_key: 1,
        wrapped: vec![wrapped; 60],
    }
}

fn flush_of(lease: &Lease, keys: Vec<SessionKeyRecord>) -> Flush {
    Flush {
        id: ulid::Ulid::new().to_string(),
        partition: lease.partition,
        epoch: lease.epoch,
        checkpoint: Sequence(1),
        stream_created: 1,
        sessions: vec![session("a")],
        events: Vec::new(),
        steps: crate::analytics::NewSteps::default(),
        errors: Vec::new(),
        keys,
        chunks: vec![chunk("a", 0)],
        outbox: Vec::new(),
    }
}

async fn keys_are_written_with_what_they_seal(database: Database) {
    let (db, lease) = (&database.db, database.lease().await);
    let mut late = flush_of(&lease, vec![key("a", 1)]);
    late.epoch = crow_types::Epoch(lease.epoch.0 - 1);
    assert!(matches!(
        flush::commit(db, &late).await,
        Err(Error::LeaseLost)
    ));
    assert_eq!(of_sessions(db, &["a"]).await.unwrap(), []);

    let flush = flush_of(&lease, vec![key("a", 1)]);
    flush::commit(db, &flush).await.unwrap();
    // The answer was lost.
    flush::commit(db, &flush).await.unwrap();
    assert_eq!(of_sessions(db, &["a", "b"]).await.unwrap(), [key("a", 1)]);
}

async fn a_key_is_never_replaced(database: Database) {
    let (db, lease) = (&database.db, database.lease().await);
    let first = flush_of(&lease, vec![key("a", 1)]);
    flush::commit(db, &first).await.unwrap();
    let mut second = flush_of(&lease, vec![key("a", 2)]);
    second.checkpoint = Sequence(2);
    second.chunks = vec![chunk("a", 1)];
    let outcome = flush::commit(db, &second).await;
    assert!(matches!(outcome, Err(Error::KeyExists)), "{outcome:?}");
    assert_eq!(of_sessions(db, &["a"]).await.unwrap(), [key("a", 1)]);
    assert_eq!(database.counts().await[2], 1, "nothing of it is written");
    assert_eq!(database.counts().await[4], 1, "the checkpoint stays");
}

async fn an_archive_gives_a_key_to_a_session_that_has_none(database: Database) {
    let (db, lease) = (&database.db, database.lease().await);
    let mut flush = flush_of(&lease, Vec::new());
    flush.sessions[0].end_reason = Some(crow_types::EndReason::Ended);
    flush::commit(db, &flush).await.unwrap();
    let archive_with = async |key| {
        archive::note(db, "sessions/archive").await.unwrap();
        let mut frame = chunk("a", -1);
        frame.r2_key = "sessions/archive".to_owned();
        archive::Archive {
            partition: lease.partition,
            epoch: lease.epoch,
            session_id: "a".to_owned(),
            updated_at: flush.sessions[0].updated_at,
            replaced: archive::chunks_of(db, "a").await.unwrap(),
            chunks: vec![frame],
            key: Some(key),
        }
    };
    let first = archive_with(key("a", 1)).await;
    assert_eq!(
        archive::commit(db, &first).await.unwrap(),
        archive::Outcome::Archived
    );
    // A flush could have given it another key since the archiver looked.
    let second = archive_with(key("a", 2)).await;
    assert_eq!(
        archive::commit(db, &second).await.unwrap(),
        archive::Outcome::Changed
    );
    assert_eq!(of_sessions(db, &["a"]).await.unwrap(), [key("a", 1)]);
}

fn organization_key(number: i64, wrapped: u8) -> OrganizationKey {
    OrganizationKey {
        organization: "acme".to_owned(),
        number,
        master: "m".to_owned(),
        wrapped: vec![wrapped],
    }
}

async fn the_first_key_of_an_organization_wins(database: Database) {
    let db = &database.db;
    assert!(!is_any(db).await.unwrap());
    add(db, organization_key(1, 1)).await.unwrap();
    add(db, organization_key(1, 2)).await.unwrap();
    let newest = newest_of_organization(db, "acme").await.unwrap().unwrap();
    assert_eq!(newest.wrapped, [1]);
    assert!(newest_of_organization(db, "other").await.unwrap().is_none());
    assert!(is_any(db).await.unwrap());
}

async fn an_old_key_goes_once_nothing_needs_it(database: Database) {
    let (db, lease) = (&database.db, database.lease().await);
    for number in 1..=2 {
        add(db, organization_key(number, 1)).await.unwrap();
    }
    let flush = flush_of(&lease, vec![key("a", 1)]);
    flush::commit(db, &flush).await.unwrap();
    let (now, before) = (Timestamp::now(), Timestamp::now().plus(-3_600_000));
    assert_eq!(remove_unused(db, "acme", now).await.unwrap(), 0, "in use");
    let again = SessionKeyRecord {
        organization_key: 2,
        ..key("a", 3)
    };
    let pair = |before: SessionKeyRecord| vec![(before, again.clone())];
    // Another key took its place meanwhile: it stays.
    assert!(
        rewrap_sessions(db, "acme", 2, pair(key("a", 9)))
            .await
            .unwrap()
    );
    assert_eq!(of_sessions(db, &["a"]).await.unwrap(), [key("a", 1)]);
    // The key of the organization was erased.
    assert!(
        !rewrap_sessions(db, "acme", 3, pair(key("a", 1)))
            .await
            .unwrap()
    );
    assert!(
        rewrap_sessions(db, "acme", 2, pair(key("a", 1)))
            .await
            .unwrap()
    );
    assert_eq!(of_sessions(db, &["a"]).await.unwrap(), [again]);
    // A flush that began before the new key was there may still wrap with the old one.
    assert_eq!(
        remove_unused(db, "acme", before).await.unwrap(),
        0,
        "too new"
    );
    assert_eq!(remove_unused(db, "acme", now).await.unwrap(), 1);
    assert!(of_organization(db, "acme", 1).await.unwrap().is_none());
    assert!(of_organization(db, "acme", 2).await.unwrap().is_some());
}

async fn plain_sessions_are_marked_once(database: Database) {
    let (db, lease) = (&database.db, database.lease().await);
    let mut flush = flush_of(&lease, Vec::new());
    let mut sealed = chunk("b", 0);
    sealed.r2_key = "packs/0/b.ndjson.zst.sealed".to_owned();
    flush.sessions.push(session("b"));
    flush.chunks.push(sealed);
    for session in &mut flush.sessions {
        session.end_reason = Some(crow_types::EndReason::Ended);
    }
    flush::commit(db, &flush).await.unwrap();
    database
        .execute("update sessions set archived_at = 5")
        .await;

    let marked = archive::mark_unsealed(db, "", 10).await.unwrap().unwrap();
    assert_eq!((marked.session.as_str(), marked.sessions), ("a", 1));
    assert!(archive::mark_unsealed(db, "a", 10).await.unwrap().is_none());
    assert_eq!(archive::unsealed(db).await.unwrap(), 1);
    let [left] = database
        .numbers("select count(*) from sessions where archived_at is not null")
        .await;
    assert_eq!(left, 1);
}

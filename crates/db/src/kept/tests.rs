use crow_types::{EndReason, OrganizationId, Sequence, SessionRecord, Timestamp};

use super::notes::NoteRow;
use super::tags::{KnownTag, MAX_TAGS, TagRow};
use super::watches::WatchRow;
use super::*;
use crate::Db;
use crate::analytics::NewSteps;
use crate::erasure::{self, Mode, Request, Subject};
use crate::flush::{self, Flush};
use crate::read::{self, KeptFilter, SessionFilter};
use crate::replay_links::{self, Made, ReplayLinkRow};
use crate::tests::{Database, on_both, session};

on_both!(
    tags_are_counted_bounded_and_found,
    notes_are_their_authors_and_in_the_order_of_time,
    sessions_are_found_by_who_has_watched_them,
    links_need_a_recording_and_are_counted_and_revoked,
    what_is_kept_goes_with_the_session,
);

pub(crate) fn acme() -> OrganizationId {
    OrganizationId::new("acme").unwrap()
}

pub(crate) fn ann() -> Actor {
    Actor {
        kind: "user",
        id: "ann".to_owned(),
        address: None,
    }
}

/// Finished sessions `a` and `b` of ada with recordings, the open session `o`, and `r` of a rival.
pub(crate) async fn filled(database: &Database) {
    let lease = database.lease().await;
    let finished = |id: &str| SessionRecord {
        user_id: Some("ada".to_owned()),
        started_at: 100,
        last_event_at: 200,
        chunk_count: 1,
        has_replay: true,
        end_reason: Some(EndReason::Idle),
        due_at: None,
        ..session(id)
    };
    let open = SessionRecord {
        has_replay: true,
        ..session("o")
    };
    let rival = SessionRecord {
        organization_id: "rival".to_owned(),
        ..finished("r")
    };
    let flush = Flush {
        id: ulid::Ulid::new().to_string(),
        partition: lease.partition,
        epoch: lease.epoch,
        checkpoint: Sequence(5),
        stream_created: 1,
        sessions: vec![finished("a"), finished("b"), open, rival],
        steps: NewSteps::of_records(&[]),
        errors: Vec::new(),
        events: Vec::new(),
        keys: Vec::new(),
        chunks: Vec::new(),
        outbox: Vec::new(),
    };
    flush::commit(&database.db, &flush).await.unwrap();
}

async fn tag(db: &Db, session: &str, tag: &str) -> Added {
    let row = TagRow {
        session_id: session.to_owned(),
        tag: tag.to_owned(),
        organization_id: "acme".to_owned(),
        created_by: "ann".to_owned(),
        created_at: 1,
    };
    tags::insert(db, &ann(), row).await.unwrap()
}

fn note(id: &str, session: &str, noted_at: i64) -> NoteRow {
    NoteRow {
        id: id.to_owned(),
        organization_id: "acme".to_owned(),
        session_id: session.to_owned(),
        author_id: "ann".to_owned(),
        noted_at,
        note: format!("about {session}"),
        created_at: 1,
        updated_at: 1,
    }
}

async fn watch(db: &Db, session: &str, watcher: &str) -> Added {
    let row = WatchRow {
        session_id: session.to_owned(),
        watcher_id: watcher.to_owned(),
        organization_id: "acme".to_owned(),
        watched_at: 1,
    };
    watches::insert(db, row).await.unwrap()
}

fn link(id: &str, session: &str, expires_at: i64) -> ReplayLinkRow {
    ReplayLinkRow {
        id: id.to_owned(),
        organization_id: "acme".to_owned(),
        session_id: session.to_owned(),
        secret_hash: "hash".to_owned(),
        is_masked: true,
        from_at: None,
        to_at: Some(150),
        created_by: "ann".to_owned(),
        created_at: 10,
        expires_at,
        opened: 0,
        last_opened_at: None,
    }
}

pub(crate) async fn listed(db: &Db, kept: KeptFilter) -> Vec<String> {
    let found = read::sessions(db, &acme(), &SessionFilter::default(), &kept, None, 10).await;
    let mut ids: Vec<String> = found.unwrap().into_iter().map(|it| it.record.id).collect();
    ids.sort();
    ids
}

async fn actions(database: &Database) -> i64 {
    let [count] = database.numbers("select count(*) from audit_log").await;
    count
}

async fn tags_are_counted_bounded_and_found(database: Database) {
    filled(&database).await;
    let db = &database.db;
    assert_eq!(tag(db, "a", "vip").await, Added::Done);
    assert_eq!(tag(db, "a", "vip").await, Added::Done, "again");
    assert_eq!(actions(&database).await, 1, "no change, no entry");
    assert_eq!(tag(db, "o", "vip").await, Added::Done, "an open session");
    assert_eq!(tag(db, "a", "bug").await, Added::Done);
    for unknown in ["r", "none"] {
        assert_eq!(tag(db, unknown, "vip").await, Added::Unknown);
    }
    let known = |tag: &str, sessions| KnownTag {
        tag: tag.to_owned(),
        sessions,
    };
    assert_eq!(
        tags::known(db, &acme()).await.unwrap(),
        [known("vip", 2), known("bug", 1)]
    );
    let of = tags::of_sessions(db, &acme(), &["a", "b"]).await.unwrap();
    assert_eq!(of["a"], ["bug", "vip"]);
    assert!(!of.contains_key("b"));
    let rival = OrganizationId::new("rival").unwrap();
    assert!(
        tags::of_sessions(db, &rival, &["a"])
            .await
            .unwrap()
            .is_empty()
    );
    let with = |tag: &str| KeptFilter {
        tag: Some(tag.to_owned()),
        ..KeptFilter::default()
    };
    assert_eq!(listed(db, with("vip")).await, ["a", "o"]);
    assert_eq!(listed(db, with("none")).await, [""; 0]);

    let many = (2..=MAX_TAGS).map(|number| format!("t{number}"));
    for one in many.take(18) {
        assert_eq!(tag(db, "a", &one).await, Added::Done);
    }
    assert_eq!(tag(db, "a", "one more").await, Added::TooMany);
    assert_eq!(tag(db, "a", "vip").await, Added::Done, "it has it");
    for (organization, is_there) in [(&rival, false), (&acme(), true), (&acme(), false)] {
        let removed = tags::remove(db, &ann(), organization, "a", "vip").await;
        assert_eq!(removed.unwrap(), is_there);
    }
}

async fn notes_are_their_authors_and_in_the_order_of_time(database: Database) {
    filled(&database).await;
    let db = &database.db;
    for (id, at) in [("n2", 20), ("n1", 10)] {
        let added = notes::insert(db, &ann(), note(id, "a", at)).await;
        assert_eq!(added.unwrap(), Added::Done);
    }
    let unknown = notes::insert(db, &ann(), note("n3", "r", 1)).await;
    assert_eq!(unknown.unwrap(), Added::Unknown);
    let found = notes::list(db, &acme(), "a").await.unwrap();
    let ids: Vec<&str> = found.iter().map(|it| it.id.as_str()).collect();
    assert_eq!(ids, ["n1", "n2"]);
    let rival = OrganizationId::new("rival").unwrap();
    assert!(notes::list(db, &rival, "a").await.unwrap().is_empty());
    assert_eq!(notes::find(db, &rival, "a", "n1").await.unwrap(), None);
    assert_eq!(notes::find(db, &acme(), "b", "n1").await.unwrap(), None);

    let row = notes::find(db, &acme(), "a", "n1").await.unwrap().unwrap();
    let of_another = NoteRow {
        author_id: "bob".to_owned(),
        ..row.clone()
    };
    let now = Timestamp(7);
    assert!(
        !notes::change(db, &ann(), &of_another, "x", now)
            .await
            .unwrap()
    );
    assert!(
        notes::change(db, &ann(), &row, "better", now)
            .await
            .unwrap()
    );
    let row = notes::find(db, &acme(), "a", "n1").await.unwrap().unwrap();
    assert_eq!((row.note.as_str(), row.updated_at), ("better", 7));
    assert!(notes::remove(db, &ann(), &row).await.unwrap());
    assert!(!notes::remove(db, &ann(), &row).await.unwrap());
    assert_eq!(actions(&database).await, 4);
}

async fn sessions_are_found_by_who_has_watched_them(database: Database) {
    filled(&database).await;
    let db = &database.db;
    for (session, watcher) in [("a", "ann"), ("a", "ann"), ("b", "bob")] {
        assert_eq!(watch(db, session, watcher).await, Added::Done);
    }
    assert_eq!(watch(db, "r", "ann").await, Added::Unknown);
    let by_ann = |wanted| KeptFilter {
        watched: Some((wanted, "ann".to_owned())),
        ..KeptFilter::default()
    };
    assert_eq!(listed(db, by_ann(true)).await, ["a"]);
    assert_eq!(listed(db, by_ann(false)).await, ["b", "o"]);
    let of = watches::of(db, &acme(), "ann", &["a", "b"]).await.unwrap();
    assert_eq!(of.into_iter().collect::<Vec<_>>(), ["a"]);
    watches::remove(db, &acme(), "a", "ann").await.unwrap();
    assert_eq!(listed(db, by_ann(true)).await, [""; 0]);
}

async fn links_need_a_recording_and_are_counted_and_revoked(database: Database) {
    filled(&database).await;
    let db = &database.db;
    let insert = async |row| replay_links::insert(db, &ann(), row).await.unwrap();
    assert_eq!(insert(link("old", "a", 15)).await, Made::Done);
    let later = ReplayLinkRow {
        created_at: 20,
        ..link("l", "a", 1_000)
    };
    assert_eq!(insert(later).await, Made::Done);
    for session in ["o", "r", "none"] {
        assert_eq!(insert(link("x", session, 1_000)).await, Made::NoRecording);
    }
    let [left] = database.numbers("select count(*) from replay_links").await;
    assert_eq!(left, 1, "those that have expired go");
    let now = Timestamp(500);
    let found = replay_links::find(db, "l", now).await.unwrap().unwrap();
    assert_eq!(
        replay_links::find(db, "l", Timestamp(1_000)).await.unwrap(),
        None
    );
    for at in [600, 700] {
        let opened = replay_links::note_opened(db, &found, Timestamp(at)).await;
        opened.unwrap();
    }
    let list = async |of: &OrganizationId, session| {
        replay_links::list(db, of, session, now).await.unwrap()
    };
    let (acme, rival) = (acme(), OrganizationId::new("rival").unwrap());
    let row = &list(&acme, None).await[0];
    assert_eq!((row.opened, row.last_opened_at), (2, Some(700)));
    assert_eq!(list(&acme, Some("a")).await.len(), 1);
    assert!(list(&acme, Some("b")).await.is_empty());
    assert!(list(&rival, None).await.is_empty());
    for (of, is_there) in [(&rival, false), (&acme, true), (&acme, false)] {
        let revoked = replay_links::revoke(db, &ann(), of, "l", now).await;
        assert_eq!(revoked.unwrap(), is_there);
    }
    assert_eq!(replay_links::find(db, "l", now).await.unwrap(), None);
    assert_eq!(actions(&database).await, 3);
}

/// Links, notes, tags and who has watched.
async fn kept(database: &Database) -> [i64; 4] {
    database
        .numbers(
            "select (select count(*) from replay_links), (select count(*) from session_notes), \
             (select count(*) from session_tags), (select count(*) from session_watches)",
        )
        .await
}

async fn what_is_kept_goes_with_the_session(database: Database) {
    filled(&database).await;
    let db = &database.db;
    for session in ["a", "b"] {
        let row = link(session, session, i64::MAX);
        assert_eq!(
            replay_links::insert(db, &ann(), row).await.unwrap(),
            Made::Done
        );
        let added = notes::insert(db, &ann(), note(session, session, 150)).await;
        assert_eq!(added.unwrap(), Added::Done);
        assert_eq!(tag(db, session, "vip").await, Added::Done);
        assert_eq!(watch(db, session, "ann").await, Added::Done);
    }
    assert_eq!(kept(&database).await, [2, 2, 2, 2]);
    let run = async |session: &str, mode| {
        let organization = acme();
        let request = Request {
            organization: &organization,
            subject: &Subject::Sessions(vec![session.to_owned()]),
            mode,
            requested_by: &ann(),
        };
        let erasure = erasure::erase(db, &request).await.unwrap();
        let remaining = erasure::remaining(db, &erasure).await.unwrap();
        assert_eq!(remaining, erasure::Remaining::default());
    };
    run("sdk-a", Mode::RemoveEvents).await;
    assert_eq!(kept(&database).await, [1, 2, 2, 2], "no recording, no link");
    run("sdk-a", Mode::Anonymize).await;
    assert_eq!(kept(&database).await, [1, 1, 1, 1]);
    // It is still there, but nothing is added to it: a note may name the visitor again.
    assert_eq!(tag(db, "a", "vip").await, Added::Unknown);
    assert_eq!(watch(db, "a", "ann").await, Added::Unknown);
    run("sdk-b", Mode::Erase).await;
    assert_eq!(kept(&database).await, [0, 0, 0, 0]);
}

use crow_types::{ChunkRecord, Sequence, SessionRecord, Timestamp};

use crate::ai;
use crate::analytics::NewSteps;
use crate::entity::ai_calls;
use crate::erasure::{self, Mode, Request, Subject};
use crate::flush::{self, Flush};
use crate::interactions::tests::{acme, closed, interaction, write};
use crate::interactions::{self, Interaction, Put, reported};
use crate::leases::Lease;
use crate::tests::{Database, chunk, on_both};

use super::*;

on_both!(
    what_is_used_is_counted_by_day_and_organization,
    what_was_stored_is_counted_once_and_stays_counted_when_it_is_erased,
    what_an_earlier_release_has_stored_is_counted_by_the_migration,
    counts_of_old_days_go,
);

fn call(id: &str, at: i64) -> ai_calls::Model {
    ai_calls::Model {
        id: id.to_owned(),
        organization_id: "acme".to_owned(),
        at,
        task: "summary".to_owned(),
        model: "m".to_owned(),
        outcome: "answered".to_owned(),
        input_tokens: 20,
        output_tokens: 10,
        latency_ms: 5,
    }
}

async fn what_is_used_is_counted_by_day_and_organization(database: Database) {
    let lease = database.lease().await;
    let db = &database.db;
    // The last moment of day 2, and the first of day 3.
    let sessions = [("a", 3 * DAY - 1), ("b", 3 * DAY), ("c", 3 * DAY + 5)];
    let sessions = sessions.map(|(id, started_at)| SessionRecord {
        started_at,
        event_count: 7,
        ..closed(id, 0)
    });
    write(&database, &lease, sessions.to_vec()).await;
    let told = Interaction {
        timestamp: 3 * DAY - 1,
        ..interaction(&sessions[0], 0)
    };
    interactions::put(db, &told).await.unwrap();
    let made = call("1", 3 * DAY + 9);
    assert!(ai::reserve(db, &made, 40, 100).await.unwrap());
    ai::note(db, &made, 40, 30).await.unwrap();

    let used = by_day(db, &acme(), Days { from: 2, to: 4 }).await.unwrap();
    let before = DayOfUse {
        sessions: 1,
        events: 7,
        interactions: 1,
        ..DayOfUse::default()
    };
    let after = DayOfUse {
        sessions: 2,
        events: 14,
        interactions: 0,
        model_calls: 1,
        tokens: 30,
    };
    assert_eq!(used, BTreeMap::from([(2, before), (3, after)]));
    let only = by_day(db, &acme(), Days { from: 2, to: 3 }).await.unwrap();
    assert_eq!(only, BTreeMap::from([(2, before)]));
    let rival = OrganizationId::new("rival").unwrap();
    let none = by_day(db, &rival, Days { from: 0, to: 9 }).await.unwrap();
    assert!(none.is_empty());
}

/// A flush of one session of day 3 with these chunks.
fn flush(lease: &Lease, session: SessionRecord, chunks: Vec<ChunkRecord>) -> Flush {
    Flush {
        id: ulid::Ulid::new().to_string(),
        partition: lease.partition,
        epoch: lease.epoch,
        checkpoint: Sequence(1),
        stream_created: 1,
        sessions: vec![SessionRecord {
            started_at: 3 * DAY,
            ..session
        }],
        events: Vec::new(),
        steps: NewSteps::default(),
        errors: Vec::new(),
        keys: Vec::new(),
        chunks,
        outbox: Vec::new(),
    }
}

/// With so many events, and two replay events more.
fn chunk_of(session: &str, index: i64, events: i64) -> ChunkRecord {
    ChunkRecord {
        event_count: events + 2,
        ..chunk(session, index)
    }
}

async fn of_day_3(database: &Database) -> DayOfUse {
    let used = by_day(&database.db, &acme(), Days { from: 3, to: 4 }).await;
    used.unwrap().remove(&3).unwrap_or_default()
}

async fn what_was_stored_is_counted_once_and_stays_counted_when_it_is_erased(database: Database) {
    let (db, lease) = (&database.db, database.lease().await);
    let both = vec![chunk_of("a", 0, 4), chunk_of("a", 1, 3)];
    let first = flush(&lease, closed("a", 0), both);
    let late = flush(&lease, closed("a", 1), vec![chunk_of("a", 2, 5)]);
    for (flush, revision) in [(first, 0), (late, 1)] {
        let row = Interaction {
            timestamp: 3 * DAY,
            ..interaction(&flush.sessions[0], revision)
        };
        let report = Interaction {
            id: "report".to_owned(),
            session_row: None,
            session_id: None,
            ..row.clone()
        };
        // The answers were lost, so everything comes twice.
        for _delivery in [1, 2] {
            flush::commit(db, &flush).await.unwrap();
            let put = interactions::put(db, &row).await;
            assert_eq!(put.unwrap(), Put::Stored);
            let put = reported::put(db, &report, Timestamp::now()).await;
            assert_eq!(put.unwrap(), Put::Stored);
        }
    }
    let stored = DayOfUse {
        sessions: 1,
        events: 12,
        interactions: 2,
        ..DayOfUse::default()
    };
    assert_eq!(of_day_3(&database).await, stored);

    let request = Request {
        organization: &acme(),
        subject: &Subject::Organization,
        mode: Mode::Erase,
        requested_by: &crate::audit_log::Actor::system_named("test"),
    };
    erasure::erase(db, &request).await.unwrap();
    let erased = DayOfUse {
        sessions: 0,
        ..stored
    };
    assert_eq!(of_day_3(&database).await, erased);
}

async fn what_an_earlier_release_has_stored_is_counted_by_the_migration(database: Database) {
    let (db, lease) = (&database.db, database.lease().await);
    let session = SessionRecord {
        event_count: 7,
        ..closed("a", 0)
    };
    let flush = flush(&lease, session, Vec::new());
    flush::commit(db, &flush).await.unwrap();
    let row = Interaction {
        timestamp: 3 * DAY,
        ..interaction(&flush.sessions[0], 0)
    };
    interactions::put(db, &row).await.unwrap();
    // That release has no such table.
    database.execute("drop table usage_counts").await;
    let step = include_str!("../../../../migrations/src/m0060_usage_counts.sql");
    database.execute(&step.replace("{clustered}", "")).await;
    for rows in ["interactions", "sessions"] {
        database.execute(&format!("delete from {rows}")).await;
    }
    let counted = DayOfUse {
        events: 7,
        interactions: 1,
        ..DayOfUse::default()
    };
    assert_eq!(of_day_3(&database).await, counted);
}

async fn counts_of_old_days_go(database: Database) {
    let (db, lease) = (&database.db, database.lease().await);
    let flush = flush(&lease, closed("a", 0), vec![chunk_of("a", 0, 4)]);
    flush::commit(db, &flush).await.unwrap();
    expire(db, Timestamp(4 * DAY - 1)).await.unwrap();
    assert_eq!(of_day_3(&database).await.events, 4);
    expire(db, Timestamp(4 * DAY)).await.unwrap();
    assert_eq!(of_day_3(&database).await.events, 0);
}

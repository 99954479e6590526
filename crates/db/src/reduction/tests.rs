use sea_orm::{ConnectionTrait, Statement};

use super::*;
use crate::analytics::NewSteps;
use crate::flush::{self, Flush};
use crate::leases::Lease;
use crate::tests::{Database, on_both, session};
use crow_types::{Sequence, SessionRecord};

on_both!(only_old_recordings_go, an_index_finds_them);

fn flush_of(lease: &Lease, sessions: Vec<SessionRecord>) -> Flush {
    Flush {
        id: ulid::Ulid::new().to_string(),
        partition: lease.partition,
        epoch: lease.epoch,
        checkpoint: Sequence(5),
        stream_created: 1,
        sessions,
        events: Vec::new(),
        steps: NewSteps::default(),
        errors: Vec::new(),
        keys: Vec::new(),
        chunks: Vec::new(),
        outbox: Vec::new(),
    }
}

fn recorded(id: &str, at: i64) -> SessionRecord {
    SessionRecord {
        started_at: at,
        last_event_at: at,
        has_replay: true,
        end_reason: Some(EndReason::Idle),
        ..session(id)
    }
}

async fn only_old_recordings_go(database: Database) {
    let lease = database.lease().await;
    let db = &database.db;
    let long = SessionRecord {
        last_event_at: 200,
        ..recorded("long", 50)
    };
    let open = SessionRecord {
        end_reason: None,
        ..recorded("open", 50)
    };
    let foreign = SessionRecord {
        organization_id: "other".to_owned(),
        ..recorded("foreign", 50)
    };
    let sessions = vec![
        recorded("old", 50),
        recorded("new", 150),
        long,
        open,
        foreign,
    ];
    let flush = flush_of(&lease, sessions);
    flush::commit(db, &flush).await.unwrap();
    let acme = OrganizationId::new("acme").unwrap();

    let removed = remove_recordings(db, &acme, Timestamp(100)).await.unwrap();
    assert_eq!(removed, 1);
    assert_eq!(
        remove_recordings(db, &acme, Timestamp(100)).await.unwrap(),
        0
    );
    for (id, is_removed) in [
        ("old", true),
        ("new", false),
        ("long", false),
        ("open", false),
        ("foreign", false),
    ] {
        assert_eq!(
            has_lost_recording(db, id).await.unwrap(),
            is_removed,
            "{id}"
        );
    }
    assert!(!has_lost_recording(db, "none").await.unwrap());
}

async fn an_index_finds_them(database: Database) {
    let _lease = database.lease().await;
    let db = &database.db;
    if !db.is_sqlite() {
        // It chooses by statistics, which an empty table does not have.
        return;
    }
    for (condition, index) in [
        (
            "status = 'closed' and has_replay",
            "sessions_with_recording",
        ),
        (
            "status = 'closed' and chunk_count > 0",
            "sessions_with_chunks",
        ),
    ] {
        let sql = format!(
            "explain query plan select id from sessions where organization_id = ? and {condition} \
             and started_at < ? and last_event_at < ? order by started_at limit 5"
        );
        let values = ["acme".into(), 1_i64.into(), 1_i64.into()];
        let backend = db.write.get_database_backend();
        let statement = Statement::from_sql_and_values(backend, sql, values);
        let rows = db.write.query_all_raw(statement).await.unwrap();
        let plan: Vec<String> = rows
            .iter()
            .map(|row| row.try_get("", "detail").unwrap())
            .collect();
        assert!(plan.iter().any(|line| line.contains(index)), "{plan:?}");
    }
}

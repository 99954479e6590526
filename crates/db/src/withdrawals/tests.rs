use crow_types::{Sequence, SessionRecord};

use super::*;
use crate::analytics::NewSteps;
use crate::erasure::{self, Mode, Request, Subject};
use crate::flush::{self, Flush};
use crate::leases::Lease;
use crate::tests::{Database, on_both, session};

on_both!(
    the_flush_of_a_denial_notes_it_until_the_visitor_agrees_again,
    only_the_sdks_id_is_meant,
    a_tombstone_of_an_erasure_is_not_cut_short,
);

const DENIED: &str = r#"{"state":"denied","version":"2"}"#;
const GRANTED: &str = r#"{"state":"granted"}"#;

fn acme() -> OrganizationId {
    OrganizationId::new("acme").unwrap()
}

fn with_consent(id: &str, consent: &str) -> SessionRecord {
    SessionRecord {
        consent: Some(consent.to_owned()),
        ..session(id)
    }
}

async fn write(database: &Database, lease: &Lease, sessions: Vec<SessionRecord>) {
    let flush = Flush {
        id: ulid::Ulid::new().to_string(),
        partition: lease.partition,
        epoch: lease.epoch,
        checkpoint: Sequence(1),
        stream_created: 1,
        sessions,
        events: Vec::new(),
        steps: NewSteps::default(),
        errors: Vec::new(),
        keys: Vec::new(),
        chunks: Vec::new(),
        outbox: Vec::new(),
    };
    flush::commit(&database.db, &flush).await.unwrap();
}

async fn erase(database: &Database, subject: &Subject) -> u64 {
    let request = Request {
        organization: &acme(),
        subject,
        mode: Mode::Erase,
        requested_by: &crate::audit_log::Actor::system_named("visitor"),
    };
    let erasure = erasure::erase(&database.db, &request).await.unwrap();
    erasure.sessions
}

async fn the_flush_of_a_denial_notes_it_until_the_visitor_agrees_again(database: Database) {
    let lease = database.lease().await;
    let db = &database.db;
    let sessions = vec![
        with_consent("a", DENIED),
        with_consent("b", GRANTED),
        session("c"),
    ];
    write(&database, &lease, sessions).await;
    assert_eq!(organizations(db).await.unwrap(), ["acme"]);
    assert_eq!(waiting(db, &acme(), 10).await.unwrap(), ["sdk-a"]);
    let other = OrganizationId::new("other").unwrap();
    assert!(waiting(db, &other, 10).await.unwrap().is_empty());

    write(&database, &lease, vec![with_consent("a", GRANTED)]).await;
    assert!(waiting(db, &acme(), 10).await.unwrap().is_empty());
    assert!(
        organizations(db).await.unwrap().is_empty(),
        "it is forgotten"
    );

    write(&database, &lease, vec![with_consent("a", DENIED)]).await;
    let sessions = waiting(db, &acme(), 10).await.unwrap();
    assert_eq!(erase(&database, &Subject::Withdrawn(sessions)).await, 1);
    assert!(organizations(db).await.unwrap().is_empty());
    let [left] = database.numbers("select count(*) from sessions").await;
    assert_eq!(left, 2);
}

/// The client chooses its session id. The row id of somebody else must not help it.
async fn only_the_sdks_id_is_meant(database: Database) {
    let lease = database.lease().await;
    let attacker = SessionRecord {
        session_id: "victim".to_owned(),
        ..with_consent("attacker", DENIED)
    };
    write(&database, &lease, vec![session("victim"), attacker]).await;
    let sessions = waiting(&database.db, &acme(), 10).await.unwrap();
    assert_eq!(sessions, ["victim"]);
    assert_eq!(erase(&database, &Subject::Withdrawn(sessions)).await, 1);
    let left = "select count(*), count(case when id = 'victim' then 1 end) from sessions";
    assert_eq!(database.numbers(left).await, [1, 1]);
}

async fn a_tombstone_of_an_erasure_is_not_cut_short(database: Database) {
    const DAY: i64 = 86_400_000;
    let lease = database.lease().await;
    write(&database, &lease, vec![with_consent("a", DENIED)]).await;
    let sessions = || vec!["sdk-a".to_owned()];
    erase(&database, &Subject::Withdrawn(sessions())).await;
    let days = format!("select max(expires_at - erased_at) / {DAY} from tombstones");
    assert_eq!(database.numbers(&days).await, [2]);
    erase(&database, &Subject::Sessions(sessions())).await;
    assert_eq!(database.numbers(&days).await, [90]);
    erase(&database, &Subject::Withdrawn(sessions())).await;
    // A moment less: the erasure is newer.
    assert_eq!(database.numbers(&days).await, [89]);
}

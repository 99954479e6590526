use super::*;
use crate::erasure::{self, Mode, Request, Subject};
use crate::tests::{Database, on_both};
use crow_types::OrganizationId;

on_both!(
    a_session_stays_erased_and_a_user_may_begin_again,
    a_partition_gets_what_concerns_it,
    an_expired_tombstone_refuses_nothing,
    what_waits_is_erased_by_its_time_if_it_was_published_before,
);

const NEVER: i64 = i64::MAX;

fn batch<'a>(session: &'a str, user: &'a str, oldest_at: i64) -> Arriving<'a> {
    Arriving {
        organization: "acme",
        session,
        user,
        oldest_at,
        ..Arriving::default()
    }
}

async fn erase(database: &Database, organization: &str, subject: Subject) {
    let organization = OrganizationId::new(organization).unwrap();
    let request = Request {
        organization: &organization,
        subject: &subject,
        mode: Mode::Erase,
        requested_by: &crate::audit_log::Actor::system_named("test"),
    };
    erasure::erase(&database.db, &request).await.unwrap();
}

async fn a_session_stays_erased_and_a_user_may_begin_again(database: Database) {
    database.with_partitions(2).await;
    let mut all = Tombstones::load(&database.db, None).await.unwrap();
    assert!(!all.refuse(&batch("s", "ada", 1)), "nothing was erased");

    erase(&database, "acme", Subject::Sessions(vec!["s".to_owned()])).await;
    erase(&database, "acme", Subject::User("ada".to_owned())).await;
    erase(&database, "acme", Subject::Visitor("v-1".to_owned())).await;
    erase(&database, "other", Subject::Organization).await;
    all.refresh(&database.db).await.unwrap();

    assert!(all.refuse(&batch("s", "", NEVER)));
    assert!(all.refuse(&batch("t", "ada", 1)));
    assert!(!all.refuse(&batch("t", "ada", NEVER)), "ada came back");
    assert!(!all.refuse(&batch("t", "bob", 1)));
    assert!(!all.refuse(&batch("ada", "s", 1)), "a user is no session");
    let of_visitor = |visitor, oldest_at| Arriving {
        visitor,
        ..batch("t", "bob", oldest_at)
    };
    assert!(all.refuse(&of_visitor("v-1", 1)));
    assert!(!all.refuse(&of_visitor("v-1", NEVER)), "they came back");
    assert!(!all.refuse(&of_visitor("v-2", 1)));
    let of_other = |oldest_at| Arriving {
        organization: "other",
        ..batch("s", "ada", oldest_at)
    };
    assert!(all.refuse(&of_other(1)));
    assert!(
        !all.refuse(&of_other(NEVER)),
        "acme's session is not other's"
    );
}

async fn a_partition_gets_what_concerns_it(database: Database) {
    database.with_partitions(2).await;
    erase(&database, "acme", Subject::User("ada".to_owned())).await;
    let row = "insert into tombstones \
        values ('acme', 'session', 'd', 1, 9, 9, 9223372036854775807, null)";
    database.execute(row).await;
    for (partition, sessions) in [(0, 0), (1, 1)] {
        let some = Tombstones::load(&database.db, Some(Partition(partition))).await;
        let some = some.unwrap();
        assert_eq!(some.sessions.len(), sessions);
        assert!(some.refuse(&batch("s", "ada", 1)));
    }
}

async fn an_expired_tombstone_refuses_nothing(database: Database) {
    database.with_partitions(1).await;
    erase(&database, "acme", Subject::User("ada".to_owned())).await;
    database
        .execute("update tombstones set expires_at = 1")
        .await;
    let all = Tombstones::load(&database.db, None).await.unwrap();
    assert!(!all.refuse(&batch("s", "ada", 1)));
    let now = Timestamp::now();
    assert_eq!(forget_expired(&database.db, now).await.unwrap(), 1);
}

async fn what_waits_is_erased_by_its_time_if_it_was_published_before(database: Database) {
    database.with_partitions(1).await;
    erase(&database, "acme", Subject::Time { from: 10, to: 20 }).await;
    let all = Tombstones::load(&database.db, Some(Partition(0))).await;
    let all = all.unwrap();
    let waiting = |oldest_at, newest_at, published_at| Arriving {
        newest_at,
        published_at,
        ..batch("s", "ada", oldest_at)
    };
    let before = Some(Timestamp::now().0 - 60_000);
    let cases = [
        (1, 9, false),
        (1, 10, true),
        (19, 30, true),
        (20, 30, false),
    ];
    for (oldest, newest, expected) in cases {
        let is_erased = all.has_erased(&waiting(oldest, newest, before));
        assert_eq!(is_erased, expected, "{oldest} to {newest}");
    }
    let after = Some(Timestamp::now().0 + 60_000);
    assert!(
        !all.has_erased(&waiting(10, 10, after)),
        "it was sent again"
    );
    assert!(!all.has_erased(&waiting(10, 10, None)));
    let of_other = Arriving {
        organization: "other",
        ..waiting(10, 10, before)
    };
    assert!(!all.has_erased(&of_other));
    assert!(!all.refuse(&waiting(10, 10, before)), "a keeper stores it");
}

#[test]
fn a_batch_tells_when_its_events_happened() {
    let event = |timestamp| crow_proto::events::Event {
        timestamp,
        ..Default::default()
    };
    let mut batch = Batch {
        received_at: 1_000,
        sent_at: Some(500),
        events: vec![event(400), event(490)],
        ..Batch::default()
    };
    let times = |batch: &Batch| {
        let arriving = Arriving::of(batch);
        (
            arriving.oldest_at,
            arriving.newest_at,
            arriving.published_at,
        )
    };
    assert_eq!(times(&batch), (900, 990, Some(1_000)));
    batch.events.clear();
    assert_eq!(times(&batch), (1_000, 1_000, Some(1_000)));
}

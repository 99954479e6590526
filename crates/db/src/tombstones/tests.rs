use super::*;
use crate::erasure::{self, Mode, Request, Subject};
use crate::tests::{Database, on_both};
use crow_types::OrganizationId;

on_both!(
    a_session_stays_erased_and_a_user_may_begin_again,
    a_partition_gets_what_concerns_it,
    an_expired_tombstone_refuses_nothing,
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
    let row =
        "insert into tombstones values ('acme', 'session', 'd', 1, 9, 9, 9223372036854775807)";
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

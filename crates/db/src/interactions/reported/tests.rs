use super::*;
use crate::erasure::{self, Erasure, Mode, Request, Subject};
use crate::interactions::tests::{acme, closed, interaction};
use crate::tests::{Database, on_both};

on_both!(
    a_report_of_an_erased_time_comes_back_only_if_it_is_published_again,
    an_erased_organization_refuses_what_was_published_before,
);

const MINUTE: i64 = 60_000;

fn report(id: &str, timestamp: i64) -> Interaction {
    Interaction {
        id: id.to_owned(),
        session_row: None,
        session_id: None,
        timestamp,
        ..interaction(&closed("a", 0), 0)
    }
}

async fn erase(database: &Database, subject: Subject) -> Erasure {
    let request = Request {
        organization: &acme(),
        subject: &subject,
        mode: Mode::Erase,
        requested_by: &crate::audit_log::Actor::system_named("test"),
    };
    erasure::erase(&database.db, &request).await.unwrap()
}

async fn count(database: &Database) -> i64 {
    let [count] = database.numbers("select count(*) from interactions").await;
    count
}

async fn a_report_of_an_erased_time_comes_back_only_if_it_is_published_again(database: Database) {
    database.with_partitions(2).await;
    let put = async |report: &Interaction, published_at: Timestamp| {
        put(&database.db, report, published_at).await.unwrap()
    };
    let before = Timestamp::now().plus(-MINUTE);
    let erased = report("erased", 10);
    assert_eq!(put(&erased, before).await, Put::Stored);
    let erasure = erase(&database, Subject::Time { from: 10, to: 20 }).await;
    let rows = &erasure.receipts[1];
    assert_eq!(
        (rows.store.as_str(), rows.found, rows.removed),
        ("rows", 1, 1)
    );

    // Delivered again, because its consumer died after the commit; late, from the queue or the dead letters.
    assert_eq!(put(&erased, before).await, Put::Erased);
    assert_eq!(put(&report("last", 19), before).await, Put::Erased);
    assert_eq!(count(&database).await, 0);
    let of_other = Interaction {
        organization_id: "other".to_owned(),
        ..report("other", 10)
    };
    for outside in [report("earlier", 9), report("later", 20), of_other] {
        assert_eq!(put(&outside, before).await, Put::Stored, "{}", outside.id);
    }

    // Clocks differ. After that, somebody reports it on purpose.
    let soon = Timestamp(erasure.requested_at + graves::CLOCKS_MS);
    assert_eq!(put(&erased, soon).await, Put::Erased);
    assert_eq!(put(&erased, soon.plus(1)).await, Put::Stored);
    let rest = erasure::erase_rest(&database.db, &erasure).await.unwrap();
    assert_eq!(rest, 0);
    assert_eq!(count(&database).await, 4, "the next look leaves it alone");
}

async fn an_erased_organization_refuses_what_was_published_before(database: Database) {
    database.with_partitions(2).await;
    // The clock of the service is ahead.
    let ahead = report("ahead", Timestamp::now().plus(MINUTE).0);
    let before = Timestamp::now().plus(-MINUTE);
    let erasure = erase(&database, Subject::Organization).await;
    let after = Timestamp(erasure.requested_at + graves::CLOCKS_MS + 1);
    for (published_at, expected) in [(before, Put::Erased), (after, Put::Stored)] {
        let put = put(&database.db, &ahead, published_at).await;
        assert_eq!(put.unwrap(), expected);
    }
}

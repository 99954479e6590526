use super::*;
use crate::ai::{AnswerRow, keep_until_stored};
use crate::erasure::{self, Erasure, Mode, Request, Subject};
use crate::interactions::tests::{acme, closed, interaction};
use crate::tests::{Database, on_both};

on_both!(
    a_report_of_an_erased_time_comes_back_only_if_it_is_published_again,
    a_report_of_a_time_that_an_older_release_has_erased_is_removed_and_refused,
    an_erased_organization_refuses_what_was_published_before,
    the_answer_about_a_report_goes_when_it_is_stored_or_refused,
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

async fn a_report_of_a_time_that_an_older_release_has_erased_is_removed_and_refused(
    database: Database,
) {
    database.with_partitions(2).await;
    let db = &database.db;
    let before = Timestamp::now().plus(-MINUTE);
    let erasure = erase(&database, Subject::Time { from: 10, to: 20 }).await;
    // The release before writes no tombstone of a range, so a report that waits in the queue is stored.
    database.execute("delete from tombstones").await;
    let (late, outside) = (report("late", 10), report("outside", 20));
    for report in [&late, &outside] {
        assert_eq!(put(db, report, before).await.unwrap(), Put::Stored);
    }
    erasure::erase_rest(db, &erasure).await.unwrap();
    assert_eq!(count(&database).await, 1, "what is outside stays");
    assert_eq!(put(db, &late, before).await.unwrap(), Put::Erased);
    let after = Timestamp(erasure.requested_at + graves::CLOCKS_MS + 1);
    assert_eq!(put(db, &late, after).await.unwrap(), Put::Stored);
    let found = erasure::get(db, "acme", &erasure.id).await.unwrap();
    let rows = &found.unwrap().receipts[1];
    assert_eq!((rows.found, rows.removed), (1, 1), "the receipt counts it");
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

async fn the_answer_about_a_report_goes_when_it_is_stored_or_refused(database: Database) {
    database.with_partitions(2).await;
    let db = &database.db;
    let before = Timestamp::now().plus(-MINUTE);
    let report = report("reported", 10);
    let answered = async || {
        let row = AnswerRow {
            organization_id: report.organization_id.clone(),
            key: "k".to_owned(),
            session_row: Some(report.id.clone()),
            answer: "{}".to_owned(),
            expires_at: 100,
        };
        keep_until_stored(db, row).await.unwrap();
    };
    let kept = async || {
        let [count] = database.numbers("select count(*) from ai_answers").await;
        count
    };
    let is_awaited = async || is_awaited(db, &report, before).await.unwrap();
    // Twice, as after a crash.
    answered().await;
    answered().await;
    assert_eq!((kept().await, is_awaited().await), (1, true));
    assert_eq!(put(db, &report, before).await.unwrap(), Put::Stored);
    assert_eq!((kept().await, is_awaited().await), (0, false));
    erase(&database, Subject::Time { from: 10, to: 20 }).await;
    answered().await;
    assert_eq!((kept().await, is_awaited().await), (1, false));
    assert_eq!(put(db, &report, before).await.unwrap(), Put::Erased);
    assert_eq!((kept().await, count(&database).await), (0, 0));
}

use super::*;
use crate::embeddings::Embedding;
use crate::erasure::{self, Mode, Request, Subject};
use crate::interactions::tests::{acme, closed, interaction, retried, write};
use crate::interactions::{InteractionFilter, Put, list, put, reword};
use crate::tests::{Database, on_both, session};

on_both!(
    the_newest_visit_that_is_due_is_claimed_once,
    a_text_is_replaced_once_and_only_by_who_holds_the_claim,
    a_later_revision_ends_what_was_asked_of_the_earlier_one,
    after_an_erasure_nothing_waits_and_nothing_is_written,
    visits_go_when_they_are_old,
);

/// Long enough that a claim does not lapse.
const FAR: Timestamp = Timestamp(1_000);

/// What rules told of a session, at a moment. It is due ten milliseconds later.
async fn tell(database: &Database, id: &str, at: i64) {
    let told = Interaction {
        created_at: at,
        ..interaction(&closed(id, 0), 0)
    };
    let due = Some(Timestamp(at + 10));
    let stored = put(&database.db, retried(&told, due)).await.unwrap();
    assert_eq!(stored, Put::Stored);
}

async fn claim_at(database: &Database, now: i64) -> Option<Claim> {
    claim(&database.db, "acme", Timestamp(now), FAR)
        .await
        .unwrap()
}

async fn row_at(database: &Database, now: i64) -> Option<(String, i64)> {
    let claim = claim_at(database, now).await?;
    Some((claim.session_row, claim.attempts))
}

fn reworded(id: &str) -> Interaction {
    Interaction {
        summary: Some("In other words.".to_owned()),
        summary_source: Some("the-model".to_owned()),
        tags: Some("[]".to_owned()),
        words: "in other words.".to_owned(),
        ..interaction(&closed(id, 0), 0)
    }
}

async fn summaries(database: &Database) -> Vec<String> {
    let filter = InteractionFilter::default();
    let all = list(&database.db, &acme(), &filter, None, 10)
        .await
        .unwrap();
    all.into_iter().map(|it| it.summary.unwrap()).collect()
}

async fn sessions_a_and_b(database: &Database) {
    let lease = database.lease().await;
    write(database, &lease, vec![closed("a", 0), closed("b", 0)]).await;
}

async fn the_newest_visit_that_is_due_is_claimed_once(database: Database) {
    let db = &database.db;
    sessions_a_and_b(&database).await;
    tell(&database, "a", 5).await;
    tell(&database, "b", 6).await;
    assert_eq!(organizations(db).await.unwrap(), ["acme"]);
    assert_eq!(count(db).await.unwrap(), 2);
    assert_eq!(claim_at(&database, 14).await, None, "not due");
    let foreign = claim(db, "other", Timestamp(100), FAR).await.unwrap();
    assert_eq!(foreign, None);
    let newest = claim_at(&database, 100).await.unwrap();
    assert_eq!((newest.session_row.as_str(), newest.attempts), ("b", 1));
    assert_eq!(row_at(&database, 100).await, Some(("a".to_owned(), 1)));
    assert_eq!(row_at(&database, 100).await, None, "both are held");

    // Whoever held it has died. The attempt counts.
    assert_eq!(row_at(&database, FAR.0).await, Some(("b".to_owned(), 2)));
    assert!(!put_off(db, &newest, Timestamp(0)).await.unwrap());
    assert!(!release(db, &newest, Timestamp(0)).await.unwrap());
    assert!(!end(db, &newest).await.unwrap());
}

async fn a_text_is_replaced_once_and_only_by_who_holds_the_claim(database: Database) {
    let db = &database.db;
    sessions_a_and_b(&database).await;
    tell(&database, "a", 5).await;
    let dead = claim_at(&database, 100).await.unwrap();
    let holder = claim_at(&database, FAR.0).await.unwrap();
    let vector = Embedding {
        model: "m".to_owned(),
        vector: vec![1, 2],
    };
    let words = reworded("a");
    for (claim, outcome) in [
        (&dead, Put::Outdated),
        (&holder, Put::Stored),
        (&holder, Put::Outdated),
    ] {
        let put = reword(db, claim, &words, Some(&vector)).await.unwrap();
        assert_eq!(put, outcome);
    }
    assert_eq!(summaries(&database).await, ["In other words."]);
    assert_eq!(count(db).await.unwrap(), 0);
    // The announcement is delivered once more.
    let first = interaction(&closed("a", 0), 0);
    let stored = put(db, retried(&first, Some(Timestamp(0)))).await;
    assert_eq!(stored.unwrap(), Put::Stored);
    assert_eq!(summaries(&database).await, ["In other words."]);
    assert_eq!(count(db).await.unwrap(), 0);
    let sql = "select (select count(*) from embeddings)";
    assert_eq!(database.numbers(sql).await, [1]);

    // Nobody was asked; then somebody was, and failed.
    tell(&database, "b", 5).await;
    let held = claim_at(&database, 100).await.unwrap();
    assert!(release(db, &held, Timestamp(100)).await.unwrap());
    let held = claim_at(&database, 100).await.unwrap();
    assert_eq!(held.attempts, 1);
    assert!(put_off(db, &held, Timestamp(200)).await.unwrap());
    assert_eq!(row_at(&database, 199).await, None);
    let held = claim_at(&database, 200).await.unwrap();
    assert_eq!(held.attempts, 2);
    assert!(end(db, &held).await.unwrap());
    assert_eq!(count(db).await.unwrap(), 0);
}

async fn a_later_revision_ends_what_was_asked_of_the_earlier_one(database: Database) {
    let db = &database.db;
    let lease = database.lease().await;
    write(&database, &lease, vec![closed("a", 0)]).await;
    tell(&database, "a", 5).await;
    let held = claim_at(&database, 100).await.unwrap();
    write(&database, &lease, vec![closed("a", 1)]).await;
    let late = reword(db, &held, &reworded("a"), None).await.unwrap();
    assert_eq!(late, Put::Outdated, "its announcement is on the way");

    let later = interaction(&closed("a", 1), 1);
    let stored = put(db, retried(&later, Some(Timestamp(50)))).await;
    assert_eq!(stored.unwrap(), Put::Stored);
    let late = reword(db, &held, &reworded("a"), None).await.unwrap();
    assert_eq!(late, Put::Outdated);
    let next = claim_at(&database, 100).await.unwrap();
    assert_eq!((next.revision, next.attempts), (1, 1));

    write(&database, &lease, vec![closed("a", 2)]).await;
    let told = interaction(&closed("a", 2), 2);
    let stored = put(db, retried(&told, None)).await;
    assert_eq!(stored.unwrap(), Put::Stored);
    assert_eq!(summaries(&database).await, ["Revision 2."]);
    assert_eq!(count(db).await.unwrap(), 0, "a model has told this one");
}

async fn after_an_erasure_nothing_waits_and_nothing_is_written(database: Database) {
    let db = &database.db;
    sessions_a_and_b(&database).await;
    tell(&database, "a", 5).await;
    tell(&database, "b", 6).await;
    for (id, mode) in [("b", Mode::Anonymize), ("a", Mode::Erase)] {
        let held = claim_at(&database, 100).await.unwrap();
        assert_eq!(held.session_row, id);
        let request = Request {
            organization: &acme(),
            subject: &Subject::Sessions(vec![session(id).session_id]),
            mode,
            requested_by: &crate::audit_log::Actor::system_named("visitor"),
        };
        erasure::erase(db, &request).await.unwrap();
        let late = reword(db, &held, &reworded(id), None).await.unwrap();
        assert_eq!(late, Put::Erased);
    }
    assert_eq!(count(db).await.unwrap(), 0);
    assert!(summaries(&database).await.is_empty());
}

async fn visits_go_when_they_are_old(database: Database) {
    let db = &database.db;
    sessions_a_and_b(&database).await;
    tell(&database, "a", 5).await;
    tell(&database, "b", 6).await;
    expire(db, Timestamp(6)).await.unwrap();
    assert_eq!(row_at(&database, 100).await, Some(("b".to_owned(), 1)));
    assert_eq!(count(db).await.unwrap(), 1);
    assert_eq!(
        summaries(&database).await.len(),
        2,
        "they keep what rules told"
    );
}

use serde_json::Value as Json;

use super::*;
use crate::ai::retries;
use crate::audit_log::Actor;
use crate::erasure::{self, Mode, Request, Subject};
use crate::interactions::tests::{acme, closed, interaction, retried, write};
use crate::interactions::{Put, put, reword};
use crate::tests::{Database, on_both};

on_both!(
    each_state_is_announced_until_the_bus_has_it,
    a_reworded_interaction_is_announced_again,
    what_was_erased_is_not_announced,
    what_nobody_could_publish_goes,
);

const MINUTE: i64 = 60_000;

/// What is due at a moment. It is taken for a minute.
async fn due(database: &Database, now: i64) -> Vec<Stored> {
    let until = Timestamp(now + MINUTE);
    let claimed = claim(&database.db, Timestamp(now), until, 10).await;
    claimed.unwrap()
}

fn names(stored: &[Stored]) -> Vec<&str> {
    stored.iter().map(|it| it.message_id.as_str()).collect()
}

async fn store(database: &Database, of: &Interaction) {
    assert_eq!(put(&database.db, of).await.unwrap(), Put::Stored);
}

async fn each_state_is_announced_until_the_bus_has_it(database: Database) {
    let lease = database.lease().await;
    let session = closed("a", 0);
    write(&database, &lease, vec![session.clone()]).await;
    let row = session.id.as_str();
    let of = |revision: i64| Interaction {
        evidence: Some(r#"{"match": [{"productId": "brass-lamp", "by": "id"}]}"#.to_owned()),
        ..interaction(&session, revision)
    };
    store(&database, &of(0)).await;
    store(&database, &of(0)).await;
    assert!(due(&database, 7).await.is_empty(), "it is stored later");
    let first = due(&database, 8).await;
    assert_eq!(names(&first), [format!("{row}-0")]);
    let message: Json = serde_json::from_str(&first[0].message).unwrap();
    assert_eq!(
        message,
        json!({
            "messageId": format!("{row}-0"),
            "organizationId": "acme",
            "interactionId": row,
            "completionId": format!("{row}-0"),
            "revision": 0,
            "sourceType": "web",
            "intent": "cart",
            "productIds": ["brass-lamp"],
            "storedAt": 8,
        })
    );
    assert!(due(&database, 9).await.is_empty(), "somebody has it");
    let again = due(&database, 8 + MINUTE).await;
    assert_eq!(again, first, "who published it has died");
    remove(&database.db, &again).await.unwrap();
    assert!(due(&database, 10 * MINUTE).await.is_empty());
    store(&database, &of(0)).await;
    let unchanged = due(&database, 10 * MINUTE).await;
    assert!(unchanged.is_empty(), "nothing has changed");

    store(&database, &of(1)).await;
    let second = due(&database, 10 * MINUTE).await;
    assert_eq!(names(&second), [format!("{row}-1")]);
    store(&database, &of(2)).await;
    remove(&database.db, &second).await.unwrap();
    let third = due(&database, 20 * MINUTE).await;
    assert_eq!(names(&third), [format!("{row}-2")], "it has changed since");
}

async fn a_reworded_interaction_is_announced_again(database: Database) {
    let lease = database.lease().await;
    let session = closed("a", 0);
    write(&database, &lease, vec![session.clone()]).await;
    let of = interaction(&session, 0);
    let stored = put(&database.db, retried(&of, Some(Timestamp(1)))).await;
    assert_eq!(stored.unwrap(), Put::Stored);
    remove(&database.db, &due(&database, 8).await)
        .await
        .unwrap();
    let claimed = retries::claim(&database.db, "acme", Timestamp(2), Timestamp(3)).await;
    let claimed = claimed.unwrap().expect("it waits for a model");
    let reworded = reword(&database.db, &claimed, &of, None).await;
    assert_eq!(reworded.unwrap(), Put::Stored);
    let name = format!("{}-0-reworded", session.id);
    assert_eq!(names(&due(&database, 8).await), [name]);
}

async fn what_was_erased_is_not_announced(database: Database) {
    let lease = database.lease().await;
    let session = closed("a", 0);
    write(&database, &lease, vec![session.clone()]).await;
    store(&database, &interaction(&session, 0)).await;
    let request = Request {
        organization: &acme(),
        subject: &Subject::Sessions(vec![session.session_id.clone()]),
        mode: Mode::Erase,
        requested_by: &Actor::system_named("visitor"),
    };
    erasure::erase(&database.db, &request).await.unwrap();
    assert!(due(&database, MINUTE).await.is_empty());
}

async fn what_nobody_could_publish_goes(database: Database) {
    let lease = database.lease().await;
    let session = closed("a", 0);
    write(&database, &lease, vec![session.clone()]).await;
    store(&database, &interaction(&session, 0)).await;
    let expire = async |before| expire(&database.db, Timestamp(before), 10).await.unwrap();
    assert_eq!(expire(8).await, 0);
    assert_eq!(expire(9).await, 1);
    assert!(due(&database, MINUTE).await.is_empty());
}

use crow_types::OrganizationId;

use super::*;
use crate::erasure::{self, Mode, Request, Subject};
use crate::interactions::tests::{acme, closed, embedded, interaction, write};
use crate::interactions::{InteractionFilter, Put, forget, put, reported};
use crate::tests::{Database, on_both};

on_both!(
    a_vector_comes_with_its_interaction_and_is_replaced_with_it,
    an_erasure_takes_the_vector_with_it,
    reports_lose_their_vectors_with_them,
    pages_hold_every_vector_once_and_only_those_of_the_filter,
    what_has_no_vector_is_found_once_and_gets_one_only_unchanged,
);

const MODEL: &str = "model/1";
const DIMENSION: usize = 256;

/// All bytes, from `first` on: none may get lost on the way.
fn vector(first: u8) -> Embedding {
    Embedding {
        model: MODEL.to_owned(),
        vector: (0..=255).map(|byte: u8| byte.wrapping_add(first)).collect(),
    }
}

/// Ids and first bytes, read in pages of two, from both ends in turn.
async fn stored_of(
    database: &Database,
    organization: &OrganizationId,
    filter: &InteractionFilter,
) -> Vec<(String, u8)> {
    let scan = Scan {
        organization,
        model: MODEL,
        dimension: DIMENSION,
        filter,
    };
    let (mut found, mut between, mut end) = (Vec::new(), Between::default(), End::First);
    loop {
        let vectors = page(&database.db, scan, &between, end, 2).await.unwrap();
        let each = vectors.vectors.chunks(DIMENSION);
        for (owner, bytes) in vectors.owners().zip(each) {
            assert_eq!(bytes, vector(bytes[0]).vector);
            found.push((owner.to_owned(), bytes[0]));
        }
        if vectors.next.is_none() {
            found.sort();
            return found;
        }
        end = match end {
            End::First => {
                between.after = vectors.next;
                End::Last
            }
            End::Last => {
                between.before = vectors.next;
                End::First
            }
        };
    }
}

async fn stored(database: &Database) -> Vec<(String, u8)> {
    stored_of(database, &acme(), &InteractionFilter::default()).await
}

async fn a_vector_comes_with_its_interaction_and_is_replaced_with_it(database: Database) {
    let (db, lease) = (&database.db, database.lease().await);
    let put_revision = async |revision: i32, embedding: Option<&Embedding>| {
        let session = closed("a", revision);
        write(&database, &lease, vec![session.clone()]).await;
        let row = interaction(&session, revision.into());
        put(db, embedded(&row, embedding)).await.unwrap()
    };
    let id = closed("a", 0).id;
    assert_eq!(put_revision(0, Some(&vector(1))).await, Put::Stored);
    assert_eq!(stored(&database).await, [(id.clone(), 1)]);
    // A repeat changes nothing.
    assert_eq!(put_revision(0, Some(&vector(9))).await, Put::Stored);
    assert_eq!(stored(&database).await, [(id.clone(), 1)]);
    assert_eq!(put_revision(1, Some(&vector(2))).await, Put::Stored);
    assert_eq!(stored(&database).await, [(id.clone(), 2)]);
    // The vector must not tell of words that are gone.
    assert_eq!(put_revision(2, None).await, Put::Stored);
    assert_eq!(stored(&database).await, []);
    assert_eq!(put_revision(3, Some(&vector(3))).await, Put::Stored);
    assert!(forget(db, "acme", &id).await.unwrap());
    assert_eq!(stored(&database).await, []);
}

async fn an_erasure_takes_the_vector_with_it(database: Database) {
    for (name, mode) in [("a", Mode::Erase), ("b", Mode::Anonymize)] {
        // The erasure before has taken it over.
        let lease = database.lease().await;
        let session = closed(name, 0);
        write(&database, &lease, vec![session.clone()]).await;
        let row = interaction(&session, 0);
        put(&database.db, embedded(&row, Some(&vector(1))))
            .await
            .unwrap();
        assert_eq!(stored(&database).await.len(), 1);
        let request = Request {
            organization: &acme(),
            subject: &Subject::Sessions(vec![session.session_id.clone()]),
            mode,
            requested_by: &crate::audit_log::Actor::system_named("visitor"),
        };
        let erasure = erasure::erase(&database.db, &request).await.unwrap();
        assert_eq!(stored(&database).await, []);
        let remaining = erasure::remaining(&database.db, &erasure).await.unwrap();
        assert_eq!(remaining, erasure::Remaining::default());
    }
}

async fn reports_lose_their_vectors_with_them(database: Database) {
    database.with_partitions(1).await;
    for (name, timestamp) in [("erased", 5), ("expired", 6), ("kept", 9)] {
        let report = Interaction {
            id: name.to_owned(),
            session_row: None,
            session_id: Some(name.to_owned()),
            timestamp,
            ..interaction(&closed(name, 0), 0)
        };
        for first in [1, 2] {
            let vector = vector(first);
            let now = crow_types::Timestamp::now();
            let put = reported::put_with(&database.db, &report, Some(&vector), now).await;
            assert_eq!(put.unwrap(), Put::Stored);
        }
    }
    let request = Request {
        organization: &acme(),
        subject: &Subject::Sessions(vec!["erased".to_owned()]),
        mode: Mode::Erase,
        requested_by: &crate::audit_log::Actor::system_named("visitor"),
    };
    erasure::erase(&database.db, &request).await.unwrap();
    let both = [("expired".to_owned(), 1), ("kept".to_owned(), 1)];
    assert_eq!(stored(&database).await, both);
    let before = crow_types::Timestamp(9);
    let expired = reported::expire(&database.db, &acme(), before, 10).await;
    assert_eq!(expired.unwrap(), 1);
    assert_eq!(stored(&database).await, both[1..]);
    let all = Request {
        subject: &Subject::Organization,
        ..request
    };
    erasure::erase(&database.db, &all).await.unwrap();
    assert_eq!(stored(&database).await, []);
}

async fn pages_hold_every_vector_once_and_only_those_of_the_filter(database: Database) {
    let lease = database.lease().await;
    let mut expected = Vec::new();
    for (first, name) in (1..).zip(["a", "b", "c", "d", "e"]) {
        let session = closed(name, 0);
        write(&database, &lease, vec![session.clone()]).await;
        let row = Interaction {
            timestamp: i64::from(first / 2),
            ..interaction(&session, 0)
        };
        put(&database.db, embedded(&row, Some(&vector(first))))
            .await
            .unwrap();
        expected.push((session.id, first));
    }
    expected.sort();
    assert_eq!(stored(&database).await, expected);
    let acme = acme();
    let of_cart = InteractionFilter {
        intent: Some("cart".to_owned()),
        ..InteractionFilter::default()
    };
    assert_eq!(stored_of(&database, &acme, &of_cart).await, expected);
    let early = InteractionFilter {
        to: Some(2),
        ..of_cart
    };
    expected.retain(|(_id, first)| *first < 4);
    assert_eq!(stored_of(&database, &acme, &early).await, expected);

    let rival = OrganizationId::new("rival").unwrap();
    for filter in [early, InteractionFilter::default()] {
        assert_eq!(stored_of(&database, &rival, &filter).await, []);
        let of_another_model = Scan {
            organization: &acme,
            model: "model/2",
            dimension: DIMENSION,
            filter: &filter,
        };
        let all = Between::default();
        let none = page(&database.db, of_another_model, &all, End::First, 9).await;
        assert_eq!(none.unwrap(), Vectors::default());
    }
}

async fn what_has_no_vector_is_found_once_and_gets_one_only_unchanged(database: Database) {
    let (db, lease) = (&database.db, database.lease().await);
    for name in ["a", "b", "c"] {
        let session = closed(name, 0);
        write(&database, &lease, vec![session.clone()]).await;
        let row = interaction(&session, 0);
        let embedding = (name == "b").then(|| vector(7));
        put(db, embedded(&row, embedding.as_ref())).await.unwrap();
    }
    let (mut found, mut after) = (Vec::new(), String::new());
    while let Some(last) = {
        let walked = unembedded(db, MODEL, &after, 2).await.unwrap();
        found.extend(walked.unembedded);
        walked.last
    } {
        after = last;
    }
    let mut wanted = [closed("a", 0).id, closed("c", 0).id];
    wanted.sort();
    let ids: Vec<_> = found.iter().map(|it| it.id.clone()).collect();
    assert_eq!(ids, wanted);
    assert_eq!(found[0].words, "added 100% brass lamp");
    let of_another_model = unembedded(db, "model/2", "", 9).await.unwrap();
    assert_eq!(of_another_model.unembedded.len(), 3);

    let some = [closed("a", 0).id, closed("b", 0).id, "none".to_owned()];
    let among = unembedded_among(db, MODEL, &some).await.unwrap();
    assert_eq!(
        among,
        [found.iter().find(|it| it.id == some[0]).unwrap().clone()]
    );
    assert_eq!(
        unembedded_among(db, "model/2", &some).await.unwrap().len(),
        2
    );
    // A model has worded it anew, which is no revision.
    let of_other_words = Unembedded {
        words: "other words".to_owned(),
        ..among[0].clone()
    };
    assert_eq!(add(db, &[(of_other_words, vector(1))]).await.unwrap(), 0);

    // One of them is replaced meanwhile.
    let newer = closed("a", 1);
    write(&database, &lease, vec![newer.clone()]).await;
    put(db, &interaction(&newer, 1)).await.unwrap();
    let made: Vec<_> = found.into_iter().map(|it| (it, vector(3))).collect();
    assert_eq!(add(db, &made).await.unwrap(), 1);
    let mut expected = [(closed("b", 0).id, 7), (closed("c", 0).id, 3)];
    expected.sort();
    assert_eq!(stored(&database).await, expected);
}

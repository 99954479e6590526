use crow_types::{EndReason, Sequence, SessionRecord, Timestamp};

use super::*;
use crate::analytics::NewSteps;
use crate::embeddings::Embedding;
use crate::erasure::{self, Mode, Request, Subject};
use crate::flush::{self, Flush};
use crate::leases::Lease;
use crate::tests::{Database, on_both, session};

on_both!(
    the_same_revision_is_stored_once_and_a_higher_one_replaces_it,
    an_erasure_takes_the_interaction_with_it_and_none_comes_back,
    an_anonymized_session_loses_its_interaction_and_gets_none,
    an_outdated_announcement_changes_nothing,
    an_open_or_foreign_session_gets_none,
    pages_follow_each_other,
    filters_find_what_they_name,
    the_case_of_products_and_tags_matters,
    counts_are_by_source,
    reports_go_with_a_withdrawal_only_from_websites_and_expire_by_their_time,
    tallies_count_what_is_alike_in_the_range,
);

pub(crate) fn acme() -> OrganizationId {
    OrganizationId::new("acme").unwrap()
}

pub(crate) async fn write(database: &Database, lease: &Lease, sessions: Vec<SessionRecord>) {
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

pub(crate) fn closed(id: &str, revision: i32) -> SessionRecord {
    SessionRecord {
        end_reason: Some(EndReason::Idle),
        ended_at: Some(5),
        due_at: None,
        revision,
        ..session(id)
    }
}

pub(crate) fn interaction(session: &SessionRecord, revision: i64) -> Interaction {
    Interaction {
        id: session.id.clone(),
        organization_id: session.organization_id.clone(),
        source_type: "web".to_owned(),
        session_id: Some(session.session_id.clone()),
        session_row: Some(session.id.clone()),
        revision,
        data: "{}".to_owned(),
        summary: Some(format!("Revision {revision}.")),
        summary_source: Some("rules/1".to_owned()),
        intent: Some("cart".to_owned()),
        confidence: Some(0.75),
        tags: Some(r#"["abandoned_cart"]"#.to_owned()),
        product_ids: Some(r#"["brass-lamp","a\"b"]"#.to_owned()),
        evidence: None,
        words: "added 100% brass lamp".to_owned(),
        timestamp: 7,
        created_at: 8,
    }
}

/// The interaction with a vector.
pub(crate) fn embedded(of: &Interaction, embedding: Option<&Embedding>) -> Putting {
    Putting {
        embedding: embedding.cloned(),
        ..Putting::from(of)
    }
}

/// The interaction of a session that models are asked about again.
pub(crate) fn retried(of: &Interaction, next: Option<Timestamp>) -> Putting {
    Putting {
        next,
        ..Putting::from(of)
    }
}

async fn all(database: &Database) -> Vec<Interaction> {
    let filter = InteractionFilter::default();
    list(&database.db, &acme(), &filter, None, 10)
        .await
        .unwrap()
}

async fn the_same_revision_is_stored_once_and_a_higher_one_replaces_it(database: Database) {
    let lease = database.lease().await;
    let session = closed("a", 0);
    write(&database, &lease, vec![session.clone()]).await;
    for _delivery in 0..2 {
        let put = put(&database.db, &interaction(&session, 0)).await.unwrap();
        assert_eq!(put, Put::Stored);
    }
    assert_eq!(all(&database).await, [interaction(&session, 0)]);

    let session = closed("a", 1);
    write(&database, &lease, vec![session.clone()]).await;
    put(&database.db, &interaction(&session, 1)).await.unwrap();
    assert_eq!(all(&database).await, [interaction(&session, 1)]);
}

async fn an_erasure_takes_the_interaction_with_it_and_none_comes_back(database: Database) {
    goes_and_stays_away(database, Mode::Erase).await;
}

async fn an_anonymized_session_loses_its_interaction_and_gets_none(database: Database) {
    goes_and_stays_away(database, Mode::Anonymize).await;
}

async fn goes_and_stays_away(database: Database, mode: Mode) {
    let lease = database.lease().await;
    let session = closed("a", 0);
    write(&database, &lease, vec![session.clone()]).await;
    put(&database.db, &interaction(&session, 0)).await.unwrap();

    let request = Request {
        organization: &acme(),
        subject: &Subject::Sessions(vec![session.session_id.clone()]),
        mode,
        requested_by: &crate::audit_log::Actor::system_named("visitor"),
    };
    let erasure = erasure::erase(&database.db, &request).await.unwrap();
    assert_eq!(erasure.sessions, 1);
    assert!(all(&database).await.is_empty());
    let remaining = erasure::remaining(&database.db, &erasure).await.unwrap();
    assert_eq!(remaining, erasure::Remaining::default());
    // A message that was on its way.
    let late = put(&database.db, &interaction(&session, 0)).await.unwrap();
    assert_eq!(late, Put::Erased);
    assert!(all(&database).await.is_empty());
}

async fn an_outdated_announcement_changes_nothing(database: Database) {
    let lease = database.lease().await;
    let session = closed("a", 2);
    write(&database, &lease, vec![session.clone()]).await;
    let first = put(&database.db, &interaction(&session, 1)).await.unwrap();
    assert_eq!((first, all(&database).await), (Put::Outdated, vec![]));
}

async fn an_open_or_foreign_session_gets_none(database: Database) {
    let lease = database.lease().await;
    let (open, theirs) = (session("open"), closed("theirs", 0));
    write(&database, &lease, vec![open.clone(), theirs.clone()]).await;
    let foreign = Interaction {
        organization_id: "other".to_owned(),
        ..interaction(&theirs, 0)
    };
    for refused in [interaction(&open, 0), foreign] {
        assert_eq!(put(&database.db, &refused).await.unwrap(), Put::Erased);
    }
}

async fn three(database: &Database) {
    let lease = database.lease().await;
    let sessions = [closed("a", 0), closed("b", 0), closed("c", 0)];
    write(database, &lease, sessions.to_vec()).await;
    for (session, timestamp) in sessions.iter().zip([7, 7, 9]) {
        let made = Interaction {
            timestamp,
            ..interaction(session, 0)
        };
        put(&database.db, &made).await.unwrap();
    }
}

async fn pages_follow_each_other(database: Database) {
    three(&database).await;
    let mut seen = Vec::new();
    let mut after = None;
    loop {
        let filter = InteractionFilter::default();
        let page = list(&database.db, &acme(), &filter, after.as_ref(), 1)
            .await
            .unwrap();
        let Some(last) = page.last() else { break };
        seen.push((last.timestamp, last.id.clone()));
        after = Some(InteractionKey {
            timestamp: last.timestamp,
            id: last.id.clone(),
        });
    }
    let mut expected = seen.clone();
    expected.sort();
    expected.reverse();
    assert_eq!((seen.len(), &seen), (3, &expected));
}

async fn filters_find_what_they_name(database: Database) {
    three(&database).await;
    let text = |text: &str| Some(text.to_owned());
    let words = |words: &[&str]| words.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>();
    let cases = [
        (
            3,
            InteractionFilter {
                product: text("brass-lamp"),
                tag: text("abandoned_cart"),
                ..Default::default()
            },
        ),
        (
            3,
            InteractionFilter {
                product: text("a\"b"),
                ..Default::default()
            },
        ),
        (
            0,
            InteractionFilter {
                product: text("brass"),
                ..Default::default()
            },
        ),
        (
            3,
            InteractionFilter {
                words: words(&["Lamp", "100%"]),
                ..Default::default()
            },
        ),
        (
            0,
            InteractionFilter {
                words: words(&["lamp", "1%0"]),
                ..Default::default()
            },
        ),
        (
            0,
            InteractionFilter {
                words: words(&["l_mp"]),
                ..Default::default()
            },
        ),
        (
            1,
            InteractionFilter {
                from: Some(8),
                min_confidence: Some(0.7),
                ..Default::default()
            },
        ),
        (
            0,
            InteractionFilter {
                min_confidence: Some(0.8),
                ..Default::default()
            },
        ),
        (
            0,
            InteractionFilter {
                source_type: text("cctv"),
                ..Default::default()
            },
        ),
        (
            3,
            InteractionFilter {
                intent: text("cart"),
                source_type: text("web"),
                to: Some(10),
                ..Default::default()
            },
        ),
    ];
    for (count, filter) in cases {
        let found = list(&database.db, &acme(), &filter, None, 10)
            .await
            .unwrap();
        assert_eq!(found.len(), count, "{filter:?}");
        let other = OrganizationId::new("other").unwrap();
        let theirs = list(&database.db, &other, &filter, None, 10).await.unwrap();
        assert!(theirs.is_empty(), "{filter:?}");
    }
}

async fn the_case_of_products_and_tags_matters(database: Database) {
    three(&database).await;
    for (count, product, tag) in [
        (3, "brass-lamp", "abandoned_cart"),
        (0, "Brass-lamp", "abandoned_cart"),
        (0, "brass-lamp", "ABANDONED_CART"),
    ] {
        let filter = InteractionFilter {
            product: Some(product.to_owned()),
            tag: Some(tag.to_owned()),
            ..InteractionFilter::default()
        };
        let found = list(&database.db, &acme(), &filter, None, 10).await;
        assert_eq!(found.unwrap().len(), count, "{filter:?}");
    }
}

async fn counts_are_by_source(database: Database) {
    let lease = database.lease().await;
    let session = closed("a", 0);
    write(&database, &lease, vec![session.clone()]).await;
    put(&database.db, &interaction(&session, 0)).await.unwrap();
    let filter = InteractionFilter::default();
    let counts = counts(&database.db, &acme(), &filter).await.unwrap();
    assert_eq!(counts, [("web".to_owned(), 1)]);
}

async fn tallies_count_what_is_alike_in_the_range(database: Database) {
    three(&database).await;
    let organization = acme();
    let range = tallies::TallyRange {
        organization: &organization,
        from: 0,
        to: 9,
        source_type: None,
    };
    let alike = tallies::Tally {
        intent: Some("cart".to_owned()),
        tags: Some(r#"["abandoned_cart"]"#.to_owned()),
        count: 2,
    };
    let found = tallies::tallies(&database.db, &range).await.unwrap();
    assert_eq!(found, Some(vec![alike]));
    let day = tallies::DayTally { day: 0, count: 2 };
    let found = tallies::days(&database.db, &range).await.unwrap();
    assert_eq!(found, Some(vec![day]));

    let other = OrganizationId::new("other").unwrap();
    let nothing = [
        tallies::TallyRange {
            organization: &other,
            ..range.clone()
        },
        tallies::TallyRange {
            source_type: Some("cctv"),
            ..range.clone()
        },
        tallies::TallyRange {
            from: 10,
            to: 99,
            ..range
        },
    ];
    for range in nothing {
        let found = tallies::tallies(&database.db, &range).await.unwrap();
        assert_eq!(found, Some(vec![]));
        let found = tallies::days(&database.db, &range).await.unwrap();
        assert_eq!(found, Some(vec![]));
    }
}

async fn reports_go_with_a_withdrawal_only_from_websites_and_expire_by_their_time(
    database: Database,
) {
    database.with_partitions(2).await;
    let report = |id: &str, source: &str, timestamp: i64| Interaction {
        id: id.to_owned(),
        source_type: source.to_owned(),
        session_row: None,
        session_id: Some("s".to_owned()),
        timestamp,
        ..interaction(&closed("a", 0), 0)
    };
    let now = crow_types::Timestamp::now();
    let put = async |row: &Interaction| reported::put(&database.db, row, now).await.unwrap();
    for (id, source, at) in [("w", "web", 5), ("c", "cctv", 6), ("d", "cctv", 9)] {
        assert_eq!(put(&report(id, source, at)).await, Put::Stored);
    }
    let changed = Interaction {
        summary: None,
        ..report("c", "cctv", 6)
    };
    put(&changed).await;
    let organization = acme();
    let subject = Subject::Withdrawn(vec!["s".to_owned()]);
    let request = Request {
        organization: &organization,
        subject: &subject,
        mode: Mode::Erase,
        requested_by: &crate::audit_log::Actor::system_named("visitor"),
    };
    erasure::erase(&database.db, &request).await.unwrap();
    let ids = |rows: &[Interaction]| rows.iter().map(|row| row.id.clone()).collect::<Vec<_>>();
    let left = all(&database).await;
    assert_eq!(ids(&left), ["d", "c"]);
    assert!(left[1].summary.is_some(), "the first report counts");
    let found = reported::of_session(&database.db, &organization, "s")
        .await
        .unwrap();
    assert_eq!(ids(&found), ["c", "d"]);

    let other = OrganizationId::new("other").unwrap();
    let expire = async |of: &OrganizationId| {
        let before = crow_types::Timestamp(9);
        reported::expire(&database.db, of, before, 10)
            .await
            .unwrap()
    };
    assert_eq!((expire(&other).await, expire(&organization).await), (0, 1));
    assert_eq!(ids(&all(&database).await), ["d"]);
}

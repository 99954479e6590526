//! Events of a session.

use super::*;

on_both!(
    events_come_in_pages_by_time_and_by_type,
    events_of_a_millisecond_come_by_batch_and_place,
);

async fn events_come_in_pages_by_time_and_by_type(database: Database) {
    database.add(session("acme", "a", 1)).await;
    for (id, kind, at) in [
        ("e3", "click", 2),
        ("e1", "click", 2),
        ("e2", "scroll", 2),
        ("e0", "click", 9),
    ] {
        database.add_event(event("a", id, kind, at)).await;
    }
    let acme = organization("acme");
    let ids = |rows: Vec<EventRecord>| rows.into_iter().map(|row| row.id).collect::<Vec<_>>();
    let first = read::events(&database.db, &acme, "a", None, None, 2)
        .await
        .unwrap();
    assert_eq!(ids(first), ["e1", "e2"]);
    let after = EventKey {
        timestamp: 2,
        place: 0,
        id: "e2".to_owned(),
    };
    let second = read::events(&database.db, &acme, "a", None, Some(&after), 9)
        .await
        .unwrap();
    assert_eq!(ids(second), ["e3", "e0"]);
    let clicks = read::events(&database.db, &acme, "a", Some("click"), None, 9)
        .await
        .unwrap();
    assert_eq!(ids(clicks), ["e1", "e3", "e0"]);
}

async fn events_of_a_millisecond_come_by_batch_and_place(database: Database) {
    database.add(session("acme", "a", 1)).await;
    let places = [
        ("c", 7, 9),
        ("z", 7, 1),
        ("m", 7, 2),
        ("b", 7, 9),
        ("a", 8, 0),
    ];
    for (id, at, place) in places {
        let row = events::Model {
            place,
            ..event("a", id, "click", at)
        };
        database.add_event(row).await;
    }
    let acme = organization("acme");
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = read::events(&database.db, &acme, "a", None, after.as_ref(), 1);
        let Some(row) = page.await.unwrap().pop() else {
            break;
        };
        after = Some(EventKey {
            timestamp: row.timestamp,
            place: row.place,
            id: row.id.clone(),
        });
        seen.push(row.id);
    }
    assert_eq!(seen, ["z", "m", "b", "c", "a"]);
}

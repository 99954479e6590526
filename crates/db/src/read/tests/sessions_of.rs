//! Lists of sessions, and single ones.

use super::*;

on_both!(
    another_organization_sees_nothing,
    pages_are_newest_first_and_ties_neither_repeat_nor_vanish,
    a_session_is_found_by_row_or_as_its_latest_generation,
);

async fn another_organization_sees_nothing(database: Database) {
    database.add(session("acme", "a", 1)).await;
    database.add(session("rival", "b", 2)).await;
    database.add_event(event("a", "e", "click", 1)).await;
    database.add_chunk(chunk("a", 0, "w", 1, 2)).await;
    let (db, rival) = (&database.db, organization("rival"));

    let listed = read::sessions(
        db,
        &rival,
        &SessionFilter::default(),
        &KeptFilter::default(),
        None,
        10,
    )
    .await
    .unwrap();
    assert_eq!(
        listed
            .iter()
            .map(|row| row.record.id.as_str())
            .collect::<Vec<_>>(),
        ["b"]
    );
    assert!(read::session(db, &rival, "a").await.unwrap().is_none());
    assert!(read::session(db, &rival, "sdk-a").await.unwrap().is_none());
    assert!(
        read::generations(db, &rival, "sdk-a", 10)
            .await
            .unwrap()
            .is_empty()
    );
    assert!(
        read::chunks(db, &rival, "a", ChunkRange::default(), 10)
            .await
            .unwrap()
            .is_empty()
    );
    let key = ChunkKey {
        first_at: 0,
        chunk_index: 0,
    };
    assert!(
        read::chunks_from(db, &rival, "a", ChunkRange::default(), key, 10)
            .await
            .unwrap()
            .is_empty()
    );
    assert!(
        read::snapshot_windows(db, &rival, "a", 9, 10)
            .await
            .unwrap()
            .is_empty()
    );
    assert!(
        read::snapshot_chunks(db, &rival, "a", "w", 9, 10)
            .await
            .unwrap()
            .is_empty()
    );
    assert!(
        read::last_chunks(db, &rival, "a", "w", 9, 10)
            .await
            .unwrap()
            .is_empty()
    );
}

async fn pages_are_newest_first_and_ties_neither_repeat_nor_vanish(database: Database) {
    for (id, started_at) in [("a", 5), ("b", 7), ("c", 7), ("d", 7), ("e", 9)] {
        database.add(session("acme", id, started_at)).await;
    }
    let mut seen = Vec::new();
    let mut after: Option<SessionKey> = None;
    loop {
        let page = read::sessions(
            &database.db,
            &organization("acme"),
            &SessionFilter::default(),
            &KeptFilter::default(),
            after.as_ref(),
            2,
        )
        .await
        .unwrap();
        let Some(last) = page.last() else { break };
        after = Some(SessionKey {
            started_at: last.record.started_at,
            id: last.record.id.clone(),
        });
        seen.extend(page.into_iter().map(|row| row.record.id));
    }
    assert_eq!(seen, ["e", "d", "c", "b", "a"]);
}

async fn a_session_is_found_by_row_or_as_its_latest_generation(database: Database) {
    for (id, generation) in [("r0", 0), ("r2", 2), ("r1", 1)] {
        let row = sessions::Model {
            generation,
            session_id: "visit".to_owned(),
            ..session("acme", id, 1)
        };
        database.add(row).await;
    }
    let acme = organization("acme");
    let by_sdk = read::session(&database.db, &acme, "visit")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(by_sdk.record.id, "r2");
    let by_row = read::session(&database.db, &acme, "r1")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(by_row.record.generation, 1);
    let links = read::generations(&database.db, &acme, "visit", 10)
        .await
        .unwrap();
    assert_eq!(
        links.iter().map(|link| link.generation).collect::<Vec<_>>(),
        [2, 1, 0]
    );
}

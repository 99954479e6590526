//! Chunks of a session.

use super::*;

on_both!(chunks_come_by_time_within_a_range,);

async fn chunks_come_by_time_within_a_range(database: Database) {
    database.add(session("acme", "a", 1)).await;
    for (index, window, first_at, last_at) in [
        (0, "w", 0, 10),
        (1, "w", 11, 20),
        (2, "v", 5, 30),
        (3, "w", 5, 6),
    ] {
        database
            .add_chunk(chunk("a", index, window, first_at, last_at))
            .await;
    }
    let (db, acme) = (&database.db, organization("acme"));
    let indexes = |rows: Vec<ChunkRecord>| {
        rows.into_iter()
            .map(|row| row.chunk_index)
            .collect::<Vec<_>>()
    };
    let all = read::chunks(db, &acme, "a", ChunkRange::default(), 9)
        .await
        .unwrap();
    assert_eq!(indexes(all), [0, 2, 3, 1]);
    let range = ChunkRange {
        from: Some(11),
        to: Some(10),
        ..ChunkRange::default()
    };
    assert_eq!(
        indexes(read::chunks(db, &acme, "a", range, 9).await.unwrap()),
        [2]
    );
    let key = ChunkKey {
        first_at: 5,
        chunk_index: 2,
    };
    let rest = read::chunks_from(db, &acme, "a", ChunkRange::default(), key, 2)
        .await
        .unwrap();
    assert_eq!(indexes(rest), [2, 3]);
    assert_eq!(
        read::snapshot_windows(db, &acme, "a", 30, 9).await.unwrap(),
        ["w"]
    );
    assert_eq!(
        indexes(
            read::snapshot_chunks(db, &acme, "a", "w", 30, 9)
                .await
                .unwrap()
        ),
        [0]
    );
    assert_eq!(
        indexes(read::last_chunks(db, &acme, "a", "w", 10, 9).await.unwrap()),
        [0, 3]
    );
}

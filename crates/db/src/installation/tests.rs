use super::*;
use crate::tests::{Database, on_both};

on_both!(
    the_number_of_partitions_is_fixed_when_the_installation_is_created,
    without_a_number_the_default_is_taken_and_the_stored_one_kept,
    an_impossible_number_is_refused_by_name,
);

async fn count(database: &Database) -> i64 {
    let [count] = database.numbers("select count(*) from partitions").await;
    count
}

async fn the_number_of_partitions_is_fixed_when_the_installation_is_created(database: Database) {
    let db = &database.db;
    assert_eq!(ensure(db, Some(4)).await.unwrap().get(), 4);
    assert_eq!(ensure(db, Some(4)).await.unwrap().get(), 4);
    assert_eq!(count(&database).await, 4);

    for other in [2, 8] {
        let error = ensure(db, Some(other)).await.unwrap_err();
        assert!(
            matches!(error, Error::PartitionMismatch { stored: 4, configured } if configured == other)
        );
        assert!(error.to_string().contains("set bus.partitions to 4"));
        assert!(!error.is_retryable());
    }
    assert_eq!(count(&database).await, 4);
}

async fn without_a_number_the_default_is_taken_and_the_stored_one_kept(database: Database) {
    let db = &database.db;
    assert_eq!(ensure(db, None).await.unwrap().get(), DEFAULT_PARTITIONS);
    assert_eq!(ensure(db, None).await.unwrap().get(), DEFAULT_PARTITIONS);
    assert_eq!(count(&database).await, i64::from(DEFAULT_PARTITIONS));
}

async fn an_impossible_number_is_refused_by_name(database: Database) {
    for impossible in [0, 1_025] {
        let error = ensure(&database.db, Some(impossible)).await.unwrap_err();
        assert!(
            error
                .to_string()
                .contains("bus.partitions must be 1 to 1024")
        );
    }
    assert_eq!(count(&database).await, 0);
}

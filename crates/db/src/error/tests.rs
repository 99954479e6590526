use sea_orm::ConnectionTrait;

use super::*;
use crate::tests::{Database, on_both};

on_both!(
    a_retry_does_not_mend_a_refused_statement,
    a_retry_may_mend_a_lost_connection
);

async fn refusal(database: &Database, sql: &str) -> Error {
    let outcome = database.db.write.execute_unprepared(sql).await;
    Error::sql("trying")(outcome.unwrap_err())
}

async fn a_retry_does_not_mend_a_refused_statement(database: Database) {
    database.with_partitions(1).await;
    for sql in [
        "insert into partitions select * from partitions",
        "update partitions set epoch = null",
        "select * from no_such_table",
        "update partitions set no_such_column = 1",
        "insert into partitions (no_such_column) values (1)",
    ] {
        let error = refusal(&database, sql).await;
        assert!(!error.is_retryable(), "{sql}: {error:?}");
    }
}

async fn a_retry_may_mend_a_lost_connection(database: Database) {
    let closed = database.db.clone();
    closed.close().await.unwrap();
    let outcome = database.db.write.execute_unprepared("select 1").await;
    let error = Error::sql("trying")(outcome.unwrap_err());
    assert!(error.is_retryable(), "{error:?}");
}

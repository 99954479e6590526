//! Programs of this release before the schemas of other releases.

use std::time::Duration;

use sea_orm::ConnectionTrait;

use crow_migrations::{Migrator, MigratorTrait};

use crate::Db;
use crate::error::Error;
use crate::tests::{Database, on_both, postgres_before_migrations, sqlite_before_migrations};

on_both!(
    a_step_of_a_newer_release_that_adds_something_is_no_trouble,
    a_step_of_a_newer_release_that_takes_something_away_is_refused,
    a_missing_step_is_named,
    migrating_twice_changes_nothing,
);

async fn apply_foreign(database: &Database, name: &str) {
    let sql = format!("insert into seaql_migrations (version, applied_at) values ('{name}', 0)");
    database.execute(&sql).await;
}

async fn a_step_of_a_newer_release_that_adds_something_is_no_trouble(database: Database) {
    database
        .execute("alter table sessions add column of_the_future text")
        .await;
    apply_foreign(&database, "m9999_more").await;

    database.db.check_schema().await.unwrap();
    database.db.migrate().await.unwrap();
    // A keeper goes on committing.
    let _lease = database.lease().await;
}

async fn a_step_of_a_newer_release_that_takes_something_away_is_refused(database: Database) {
    apply_foreign(&database, "m9999_less_contract").await;

    for refused in [
        database.db.check_schema().await,
        database.db.migrate().await,
    ] {
        let Err(Error::SchemaTooNew(names)) = refused else {
            panic!("not refused: {refused:?}");
        };
        assert_eq!(names, ["m9999_less_contract"]);
    }
    let text = database.db.schema_readiness().await.unwrap_err();
    assert!(text.contains("m9999_less_contract"), "{text}");
}

async fn a_missing_step_is_named(database: Database) {
    database
        .execute("delete from seaql_migrations where version = 'm0010_archive_failures'")
        .await;
    let text = database.db.schema_readiness().await.unwrap_err();
    assert!(
        text.contains("m0010_archive_failures") && text.contains("crow migrate"),
        "{text}"
    );
}

async fn migrating_twice_changes_nothing(database: Database) {
    let before: [i64; 1] = count_steps(&database).await;
    database.db.migrate().await.unwrap();
    assert_eq!(count_steps(&database).await, before);
}

async fn count_steps(database: &Database) -> [i64; 1] {
    database
        .numbers("select count(*) from seaql_migrations")
        .await
}

async fn an_empty_database_is_not_touched_by_a_check(database: Database) {
    let pending = database.db.pending_migrations().await.unwrap();
    assert_eq!(pending.first().map(String::as_str), Some("m0001_main_path"));
    let refused = database.db.check_schema().await;
    assert!(
        matches!(refused, Err(Error::SchemaTooOld(_))),
        "{refused:?}"
    );
    let manager = crow_migrations::SchemaManager::new(&database.db.lookups);
    assert!(!manager.has_table("seaql_migrations").await.unwrap());
}

#[tokio::test]
async fn an_empty_sqlite_database_is_not_touched_by_a_check() {
    an_empty_database_is_not_touched_by_a_check(sqlite_before_migrations().await).await;
}

#[tokio::test]
async fn an_empty_postgres_database_is_not_touched_by_a_check() {
    an_empty_database_is_not_touched_by_a_check(postgres_before_migrations().await).await;
}

#[tokio::test]
async fn services_that_migrate_at_the_same_time_wait_for_each_other() {
    let database = postgres_before_migrations().await;
    let db: &Db = &database.db;
    let (one, two, three) = tokio::join!(db.migrate(), db.migrate(), db.migrate());
    for outcome in [one, two, three] {
        outcome.unwrap();
    }
    db.check_schema().await.unwrap();
}

/// How long a writer may wait for a step that waits for a table itself.
const DEADLINE: Duration = Duration::from_secs(60);

#[tokio::test]
async fn writers_get_through_while_a_step_waits_for_a_table() {
    let database = postgres_before_migrations().await;
    let steps = Migrator::migrations();
    let before = steps
        .iter()
        .take_while(|step| step.name() != "m0056_interaction_products");
    let before = u32::try_from(before.count()).unwrap();
    Migrator::up(&database.db.write, Some(before))
        .await
        .unwrap();
    // As whoever makes an index does.
    let holder = database.db.begin("holding a table").await.unwrap();
    holder
        .execute_unprepared("lock table interactions in share update exclusive mode")
        .await
        .unwrap();
    let writing = async {
        database.somebody_waits().await;
        let writer = database.db.begin("writing").await.unwrap();
        writer
            .execute_unprepared("lock table interactions in row exclusive mode")
            .await
            .unwrap();
        writer.rollback().await.unwrap();
        holder.rollback().await.unwrap();
    };
    let both = async { tokio::join!(database.db.migrate(), writing) };
    let (migrated, ()) = tokio::time::timeout(DEADLINE, both).await.unwrap();
    migrated.unwrap();
    database.db.check_schema().await.unwrap();
}

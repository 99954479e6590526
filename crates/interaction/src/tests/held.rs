//! An erasure that takes long, on Postgres.

use sea_orm::{ConnectionTrait, Database, DatabaseConnection, Statement, TransactionTrait};

use super::*;

/// More than there are connections.
const REPORTS: usize = 15;

/// Reports wait for it. They do not take all connections meanwhile.
#[tokio::test(flavor = "multi_thread")]
async fn reports_that_wait_for_an_erasure_hold_up_no_session() {
    let folder = tempfile::tempdir().unwrap();
    let url = crow_testkit::postgres::database().await;
    let erasing = Database::connect(&url).await.unwrap();
    let world = World::on(url, folder).await;
    let erasure = erasing.begin().await.unwrap();
    let partitions = "select id from partitions for update";
    erasure.execute_unprepared(partitions).await.unwrap();

    let reports = (0..REPORTS).map(|number| {
        let worker = world.worker.clone();
        let report = InteractionMessage {
            report: Some(format!("held-{number}")),
            ..post("rec-3")
        };
        tokio::spawn(async move {
            let report = bytes(&report);
            worker.process(WorkQueue::Interactions, &report).await
        })
    });
    let reports: Vec<_> = reports.collect();
    eventually("some that wait", DEADLINE, async || {
        (waiting(&erasing).await > 0).then_some(())
    })
    .await;
    for number in 0..SESSIONS {
        let message = bytes(&announced(&world.plan.visit(number).session, 0));
        let told = world.worker.process(WorkQueue::Interactions, &message);
        assert_eq!(told.await.unwrap(), Outcome::Stored);
    }
    assert!(reports.iter().all(|report| !report.is_finished()));

    erasure.rollback().await.unwrap();
    for report in reports {
        assert_eq!(report.await.unwrap().unwrap(), Outcome::Stored);
    }
}

/// Processes of the database that wait for a lock.
async fn waiting(connection: &DatabaseConnection) -> i64 {
    let sql = "select count(*) from pg_stat_activity \
        where datname = current_database() and wait_event_type = 'Lock'";
    let backend = connection.get_database_backend();
    let counted = connection.query_one_raw(Statement::from_string(backend, sql));
    let counted = counted.await.unwrap().unwrap();
    counted.try_get_by_index(0).unwrap()
}

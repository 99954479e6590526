use std::path::Path;

use tokio::process::Command;

use super::{PostgresCluster, create_database, psql, with_database};

async fn query(url: &str, statement: &str) -> String {
    let output = Command::new(psql().unwrap())
        .args(["-XAtq", "--dbname", url, "--command", statement])
        .output()
        .await
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

#[tokio::test]
async fn a_cluster_gives_separate_databases_and_stops() {
    let dir = tempfile::tempdir().unwrap();
    let cluster = PostgresCluster::start(dir.path(), dir.path())
        .await
        .unwrap();
    let first = create_database(&cluster.url()).await.unwrap();
    let second = create_database(&cluster.url()).await.unwrap();

    query(&first, "create table mine (id int)").await;
    let tables = "select count(*) from information_schema.tables where table_name = 'mine'";
    assert_eq!(query(&first, tables).await, "1");
    assert_eq!(query(&second, tables).await, "0");
    assert_eq!(query(&first, "show fsync").await, "on");

    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn dropping_a_cluster_ends_it() {
    let dir = tempfile::tempdir().unwrap();
    let cluster = PostgresCluster::start(dir.path(), dir.path())
        .await
        .unwrap();
    let process = format!("/proc/{}", cluster.pid());
    drop(cluster);
    assert!(!Path::new(&process).exists());
}

#[test]
fn the_database_of_a_url_is_replaced() {
    let check = |url, expected| assert_eq!(with_database(url, "new").unwrap(), expected);
    check("postgres://u@h:1/old", "postgres://u@h:1/new");
    check("postgres://u@h:1", "postgres://u@h:1/new");
    check(
        "postgres://u@h/old?sslmode=disable",
        "postgres://u@h/new?sslmode=disable",
    );
    assert!(with_database("host=h", "new").is_err());
}

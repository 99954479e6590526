use super::*;
use crate::StorageConfig;

fn store(folder: &tempfile::TempDir) -> Store {
    let config = StorageConfig {
        url: format!("file://{}", folder.path().display()),
        ..StorageConfig::default()
    };
    Store::open(&config).unwrap()
}

#[tokio::test]
async fn lines_come_back_in_order_over_several_parts() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder);
    let mut writer = LineWriter::new(&store, "rows/events".to_owned());
    let long = "x".repeat(PART_BYTES / 3);
    let lines: Vec<String> = (0..8).map(|number| format!("{number}{long}")).collect();
    for line in &lines {
        writer.push(line).await.unwrap();
    }
    let parts = writer.finish().await.unwrap();
    assert_eq!(parts.len(), 3);
    assert_eq!(parts[2].key, "rows/events-00002.ndjson.zst");
    let mut found = Vec::new();
    for part in &parts {
        let text = read(&store, part).await.unwrap();
        found.extend(text.lines().map(str::to_owned));
    }
    assert_eq!(found, lines);
}

#[tokio::test]
async fn no_lines_are_no_part() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder);
    let writer = LineWriter::new(&store, "rows/none".to_owned());
    assert_eq!(writer.finish().await.unwrap(), []);
}

#[tokio::test]
async fn a_part_that_changed_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder);
    let mut writer = LineWriter::new(&store, "rows".to_owned());
    writer.push("[1]").await.unwrap();
    let part = writer.finish().await.unwrap().remove(0);
    store
        .put(&part.key, Bytes::from_static(b"other"))
        .await
        .unwrap();
    let refused = read(&store, &part).await.unwrap_err().to_string();
    assert!(refused.contains("another checksum"), "{refused}");
    store.delete(&part.key).await.unwrap();
    let gone = read(&store, &part).await;
    assert!(matches!(gone, Err(Error::NotFound { .. })), "{gone:?}");
}

use std::fs;
use std::path::Path;

use super::{NatsOptions, NatsServer, config, probe};

async fn start() -> NatsServer {
    NatsServer::start(NatsOptions::default()).await.unwrap()
}

async fn answers(server: &NatsServer) -> bool {
    probe::jetstream_answers(server.port, &server.name).await
}

#[tokio::test]
async fn keeps_port_and_store_over_a_kill() {
    let mut server = start().await;
    let url = server.url();
    let mark = server.dir().join("store/mark");
    fs::write(&mark, "").unwrap();

    server.kill().unwrap();
    assert!(server.pid().is_none());
    assert!(!answers(&server).await);

    server.start_again().await.unwrap();
    assert_eq!(server.url(), url);
    assert!(answers(&server).await);
    assert!(mark.exists());
}

#[tokio::test]
async fn a_wiped_server_comes_back_empty() {
    let mut server = start().await;
    let mark = server.dir().join("store/mark");
    fs::write(&mark, "").unwrap();
    assert!(server.wipe().is_err(), "wiped while it ran");

    server.kill().unwrap();
    server.wipe().unwrap();
    server.start_again().await.unwrap();
    assert!(!mark.exists());
}

#[tokio::test]
async fn a_paused_server_is_silent_until_resumed() {
    let mut server = start().await;
    server.pause().unwrap();
    assert!(!answers(&server).await);
    server.resume().unwrap();
    assert!(answers(&server).await);
}

#[tokio::test]
async fn dropping_ends_the_process_and_removes_its_folder() {
    let server = start().await;
    let process = format!("/proc/{}", server.pid().unwrap());
    let dir = server.dir().to_path_buf();
    drop(server);
    assert!(!Path::new(&process).exists());
    assert!(!dir.exists());
}

#[tokio::test]
async fn a_server_that_cannot_start_says_why() {
    let first = start().await;
    let options = NatsOptions {
        port: Some(first.port),
        ..NatsOptions::default()
    };
    let error = NatsServer::start(options).await.unwrap_err();
    assert!(error.to_string().contains("in use"), "{error}");
}

#[test]
fn the_configuration_names_limits_and_sync() {
    let options = NatsOptions {
        sync_always: true,
        max_file_store: Some(1024),
        ..NatsOptions::default()
    };
    let text = config("n", 4222, Path::new("/s"), &options);
    assert_eq!(
        text,
        "server_name: n\nhost: 127.0.0.1\nport: 4222\nmax_payload: 8MB\n\
         jetstream {\n  store_dir: \"/s\"\n  max_file_store: 1024\n  sync_interval: always\n}\n"
    );
}

#[tokio::test]
async fn syncs_every_message_when_asked() {
    let options = NatsOptions {
        sync_always: true,
        max_file_store: Some(1 << 30),
        ..NatsOptions::default()
    };
    let server = NatsServer::start(options).await.unwrap();
    assert!(answers(&server).await);
}

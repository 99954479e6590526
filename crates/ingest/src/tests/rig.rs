//! The whole gateway on free ports, with a NATS server of its own.

use std::time::Duration;

use reqwest::{Client, RequestBuilder, Response};
use serde_json::Value;

use crow_auth::{Scopes, keys};
use crow_bus::reader::{Reader, stream_state};
use crow_bus::{Bus, BusConfig};
use crow_db::{DatabaseConfig, Db};
use crow_proto::events::Message;
use crow_runtime::Shutdown;
use crow_storage::{StorageConfig, Store};
use crow_testkit::nats::{NatsOptions, NatsServer};
use crow_types::{OrganizationId, Partition, PartitionCount, Sequence, SessionId};
use crow_web::Listener;
use prost::Message as _;

use crate::{Config, run_on};

pub(crate) struct Rig {
    pub http: Client,
    pub url: String,
    pub key: String,
    pub key_id: String,
    pub nats: NatsServer,
    pub bus: Bus,
    pub db: Db,
    pub store: Store,
    shutdown: Shutdown,
    _folder: tempfile::TempDir,
}

impl Rig {
    pub(crate) async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    pub(crate) async fn start_with(change: impl FnOnce(&mut Config)) -> Self {
        let http = crow_testkit::http::client();
        let folder = tempfile::tempdir().unwrap();
        let nats = NatsServer::start(NatsOptions::default()).await.unwrap();
        let mut config = Config {
            database: DatabaseConfig {
                url: format!("sqlite://{}/crow.db", folder.path().display()).into(),
                ..DatabaseConfig::default()
            },
            storage: StorageConfig {
                url: format!("file://{}/objects", folder.path().display()),
                ..StorageConfig::default()
            },
            bus: BusConfig {
                url: nats.url(),
                partition_max_bytes: 32 << 20,
                ..BusConfig::default()
            },
            ..Config::default()
        };
        config.ingest.workers = 1;
        change(&mut config);
        let db = Db::connect(&config.database).await.unwrap();
        let scopes: Scopes = "ingest".parse().unwrap();
        let origins = Some(vec!["https://acme.example".to_owned()]);
        let (record, secret) = keys::create(&db, &organization(), "test", scopes, origins)
            .await
            .unwrap();
        let bus = Bus::connect("test", &config.bus, PartitionCount::new(8).unwrap())
            .await
            .unwrap();
        let store = Store::open(&config.storage).unwrap();
        let shutdown = Shutdown::new();
        let listener = Listener::bind("ingest.listen", "127.0.0.1:0".parse().unwrap()).unwrap();
        let url = format!("http://{}", listener.address());
        shutdown.spawn("ingest", run_on(listener, config, shutdown.clone()));
        let rig = Self {
            http,
            url,
            key: secret.expose().to_owned(),
            key_id: record.id,
            nats,
            bus,
            db,
            store,
            shutdown,
            _folder: folder,
        };
        crow_testkit::wait::http_ready(
            &format!("{}/health/ready", rig.url),
            Duration::from_secs(20),
        )
        .await;
        rig
    }

    pub(crate) fn post(&self, path: &str) -> RequestBuilder {
        self.http
            .post(format!("{}{path}", self.url))
            .bearer_auth(&self.key)
    }

    pub(crate) async fn send(&self, path: &str, body: &Value) -> (u16, Value) {
        read(self.post(path).json(body).send().await.unwrap()).await
    }

    /// All messages of the partition of a session, in order.
    pub(crate) async fn messages(&self, session: &str) -> Vec<Message> {
        let session = SessionId::new(session).unwrap();
        let partition = Partition::of(&organization(), &session, self.bus.partitions());
        let state = stream_state(&self.bus, partition).await.unwrap();
        let mut reader = Reader::new(&self.bus, partition, state.created, Sequence(1));
        let mut messages = Vec::new();
        while reader.position() <= state.last {
            let delivery = reader.next().await.unwrap().unwrap();
            messages.push(Message::decode(delivery.payload).unwrap());
        }
        messages
    }

    pub(crate) async fn stop(self) {
        self.shutdown.start();
        assert!(self.shutdown.finish(Duration::from_secs(20)).await);
    }
}

pub(crate) fn organization() -> OrganizationId {
    OrganizationId::new("acme").unwrap()
}

pub(crate) async fn read(response: Response) -> (u16, Value) {
    let status = response.status().as_u16();
    (status, response.json().await.unwrap())
}

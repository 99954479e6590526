use bytes::Bytes;
use sea_orm::ConnectionTrait;
use serde_json::json;

use crow_accounts::{Accounts, Passkeys};
use crow_auth::keys::ApiKeyRecord;
use crow_auth::{AuthConfig, KeyVerifier, KnownServices, Scope};
use crow_bus::{Bus, BusConfig};
use crow_db::analytics::NewSteps;
use crow_db::flush::Flush;
use crow_db::{DatabaseConfig, Db, flush, installation, leases};
use crow_issues::Occurrences;
use crow_keyring::{Keyring, KeyringConfig, new_master_key};
use crow_runtime::Shutdown;
use crow_storage::Seal;
use crow_storage::pack::{Line, LineKind, PackWriter};
use crow_storage::{StorageConfig, Store};
use crow_types::{
    ChunkRecord, EventRecord, OrganizationId, PartitionCount, Sequence, SessionRecord, terms,
};

use crate::admin::Admin;
use crate::alerting::Alerting;
use crate::analytics::Analytics;
use crate::api::Api;
use crate::config::{QueryConfig, WebhookConfig};
use crate::door::Door;
use crate::live::{Live, Most};
use crate::scheduler::Scheduler;
use crate::use_cases::UseCases;

pub const SYSTEM_SECRET: &str = "a secret of services, long enough";

pub const PUBLIC_URL: &str = "https://crow.example";

/// A database, an object store and keys of two organizations.
pub struct World {
    pub api: Api,
    pub store: Store,
    pub db: Db,
    pub lease: leases::Lease,
    pub accounts: Accounts,
    folder: tempfile::TempDir,
}

impl World {
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}/crow.db", folder.path().display());
        let db = Db::connect(&DatabaseConfig {
            url: url.into(),
            ..DatabaseConfig::default()
        })
        .await
        .unwrap();
        let url = format!("file://{}/objects", folder.path().display());
        let store = Store::open(&StorageConfig {
            url,
            ..StorageConfig::default()
        })
        .unwrap();
        let count = installation::ensure(&db, Some(1)).await.unwrap();
        leases::heartbeat(&db, "test", 60_000, count).await.unwrap();
        let lease = leases::acquire(&db, "test", 60_000, 1, &std::collections::BTreeSet::new())
            .await
            .unwrap()
            .remove(0);
        let verifier = KeyVerifier::new(db.clone(), &AuthConfig::default()).unwrap();
        let with_secret = AuthConfig {
            system_secret: SYSTEM_SECRET.to_owned().into(),
            ..AuthConfig::default()
        };
        let scheduler = Scheduler::new(&QueryConfig::default()).unwrap();
        let bus = Self::bus().await;
        let keyring = Self::keyring(&db);
        let use_cases = UseCases::new(db.clone(), store.clone(), keyring.clone(), scheduler, bus);
        let analytics = Analytics::new(&db, 0, use_cases.scheduler.clone());
        // The clients of webhooks need the TLS provider.
        drop(crow_testkit::http::client());
        let api = Api {
            door: Door::new(db.clone(), verifier.clone())
                .behind(vec!["10.0.0.0/8".parse().unwrap()])
                .for_services(KnownServices::callers(&with_secret).unwrap()),
            alerting: Alerting::new(&analytics, &keyring, &WebhookConfig::default()).unwrap(),
            analytics,
            use_cases,
            gateway_url: "https://collect.example".to_owned(),
        };
        Self {
            api,
            store,
            accounts: Accounts::new(db.clone(), verifier).with_passkeys(Passkeys::new(PUBLIC_URL)),
            db,
            lease,
            folder,
        }
    }

    /// Releases the lease, so that other writers can take it.
    pub async fn give_up_lease(&self) {
        leases::release(&self.db, "test", &self.lease)
            .await
            .unwrap();
    }

    /// Streams without a bus: only what is stored.
    pub async fn live(&self, shutdown: &Shutdown) -> Live {
        let Api {
            door, use_cases, ..
        } = self.api.clone();
        let bus = Self::bus().await;
        let most = Most {
            per_key: 2,
            per_organization: 10,
            all: 10,
        };
        Live::new(use_cases, door, bus, most, shutdown.clone())
    }

    /// Admin requests without a bus.
    pub async fn admin(&self) -> Admin {
        self.admin_over(Self::bus().await)
    }

    pub fn admin_over(&self, bus: Bus) -> Admin {
        let verifier = self.api.door.verifier().clone();
        Admin::new(self.db.clone(), bus, verifier)
    }

    pub fn keyring(db: &Db) -> Keyring {
        let config = KeyringConfig {
            master_key: new_master_key().into(),
            ..KeyringConfig::default()
        };
        Keyring::open(db, &config, Seal::On).unwrap()
    }

    pub async fn bus() -> Bus {
        Self::bus_at("nats://127.0.0.1:1".to_owned()).await
    }

    pub async fn bus_at(url: String) -> Bus {
        let config = BusConfig {
            url,
            ..BusConfig::default()
        };
        let one = PartitionCount::new(1).unwrap();
        Bus::connect("test", &config, one).await.unwrap()
    }

    pub async fn key(&self, organization: &str, scope: Scope) -> String {
        self.key_with_record(organization, scope).await.0
    }

    pub async fn key_with_record(
        &self,
        organization: &str,
        scope: Scope,
    ) -> (String, ApiKeyRecord) {
        let organization = OrganizationId::new(organization).unwrap();
        let scopes = [scope].into_iter().collect();
        let (record, secret) =
            crow_auth::keys::create(&self.db, &organization, "test", scopes, None)
                .await
                .unwrap();
        (secret.expose().to_owned(), record)
    }

    /// Writes rows as the keeper does. The events become chunks.
    pub async fn add(
        &self,
        mut sessions: Vec<SessionRecord>,
        events: Vec<EventRecord>,
        mut chunks: Vec<ChunkRecord>,
    ) {
        for session in &mut sessions {
            let own = events.iter().filter(|event| event.session_id == session.id);
            let own: Vec<&EventRecord> = own.collect();
            for event in &own {
                terms::add(&mut session.terms, terms::of_type(&event.r#type));
                let name = event.name.iter();
                name.for_each(|name| terms::add(&mut session.terms, terms::of_name(name)));
                let url = event.url.iter();
                url.for_each(|url| session.urls.push_str(&format!("{url}\n")));
            }
            if !own.is_empty() {
                chunks.push(self.pack_events(&session.id, &own).await);
            }
            let of_session = chunks.iter().filter(|chunk| chunk.session_id == session.id);
            let last = of_session.map(|chunk| chunk.chunk_index).max();
            session.chunk_count = last.map_or(0, |last| last.max(-1) + 1);
        }
        let flush = Flush {
            id: ulid::Ulid::new().to_string(),
            partition: self.lease.partition,
            epoch: self.lease.epoch,
            checkpoint: Sequence(0),
            stream_created: 0,
            sessions,
            steps: NewSteps::of_records(&events),
            errors: Occurrences::of_records(&events).into_records(),
            events: Vec::new(),
            keys: Vec::new(),
            chunks,
            outbox: Vec::new(),
        };
        flush::commit(&self.db, &flush).await.unwrap();
    }

    /// Stores the chunks of a session in one pack and returns their rows.
    pub async fn pack(&self, session: &str, chunks: &[Vec<Line>]) -> Vec<ChunkRecord> {
        let key = format!("packs/0/{session}.ndjson.zst");
        let mut writer = PackWriter::new(&key).unwrap();
        let mut rows = Vec::new();
        for (index, lines) in chunks.iter().enumerate() {
            let extent = writer.add_chunk(session, None, lines).unwrap();
            let is_replay = |line: &Line| line.kind == LineKind::Replay;
            let is_snapshot = |line: &Line| line.data.starts_with(b"{\"type\":2");
            rows.push(ChunkRecord {
                id: format!("{session}-{index}"),
                session_id: session.to_owned(),
                chunk_index: i64::try_from(index).unwrap(),
                r2_key: key.clone(),
                byte_offset: i64::try_from(extent.offset).unwrap(),
                byte_length: i64::try_from(extent.length).unwrap(),
                window_id: lines[0].window.clone(),
                event_count: i64::try_from(lines.len()).unwrap(),
                replay_event_count: lines.iter().filter(|line| is_replay(line)).count() as i64,
                size_bytes: i64::try_from(extent.raw).unwrap(),
                first_at: lines.iter().map(|line| line.at).min().unwrap(),
                last_at: lines.iter().map(|line| line.at).max().unwrap(),
                has_full_snapshot: lines.iter().any(is_snapshot),
                event_ids: Vec::new(),
                created_at: 0,
            });
        }
        self.store.put(&key, writer.finish()).await.unwrap();
        rows
    }

    /// Its index is that of no other chunk.
    async fn pack_events(&self, session: &str, events: &[&EventRecord]) -> ChunkRecord {
        let mut lines: Vec<Line> = events.iter().copied().map(line_of).collect();
        lines.sort_by_key(|line| line.at);
        let name = format!("{session}-events-{}", ulid::Ulid::new());
        let mut rows = self.pack(&name, &[lines]).await;
        let row = rows.remove(0);
        ChunkRecord {
            session_id: session.to_owned(),
            chunk_index: row.first_at,
            ..row
        }
    }

    /// Removes a session with its facts, as an erasure does.
    pub async fn remove(&self, session: &str) {
        for (table, column) in [("replay_chunks", "session_id"), ("sessions", "id")] {
            let text = format!("delete from {table} where {column} = '{session}'");
            self.execute(&text).await;
        }
    }

    /// Runs a statement.
    pub async fn execute(&self, text: &str) {
        let url = format!("sqlite://{}/crow.db", self.folder.path().display());
        let sql = sea_orm::Database::connect(url).await.unwrap();
        sql.execute_unprepared(text).await.unwrap();
    }

    /// The path of a session's pack on disk.
    pub fn pack_file(&self, session: &str) -> std::path::PathBuf {
        self.folder
            .path()
            .join(format!("objects/packs/0/{session}.ndjson.zst"))
    }
}

pub fn session(organization: &str, id: &str, started_at: i64) -> SessionRecord {
    SessionRecord {
        id: id.to_owned(),
        organization_id: organization.to_owned(),
        session_id: format!("sdk-{id}"),
        started_at,
        due_at: Some(started_at + 3_600_000),
        windows: r#"{"w":{"skew":0,"next":5,"missing":[[2,3,9]]}}"#.to_owned(),
        traits: Some(r#"{"plan":"pro"}"#.to_owned()),
        ..SessionRecord::default()
    }
}

pub fn event(session: &str, id: &str, r#type: &str, timestamp: i64) -> EventRecord {
    EventRecord {
        id: id.to_owned(),
        session_id: session.to_owned(),
        r#type: r#type.to_owned(),
        name: None,
        url: None,
        window_id: "w".to_owned(),
        timestamp,
        place: 0,
        data: r#"{"x":1}"#.to_owned(),
        created_at: 0,
    }
}

fn line_of(event: &EventRecord) -> Line {
    let mut data = json!({ "id": event.id, "type": event.r#type });
    let fields = [("name", &event.name), ("url", &event.url)];
    for (field, text) in fields {
        if let Some(text) = text {
            data[field] = text.as_str().into();
        }
    }
    data["data"] = serde_json::from_str(&event.data).unwrap();
    Line {
        window: event.window_id.clone(),
        kind: LineKind::Event,
        seq: Some(u64::try_from(event.place >> 20).unwrap()),
        index: u32::try_from(event.place & 0xf_ffff).unwrap(),
        at: event.timestamp,
        data: data.to_string().into(),
    }
}

pub fn rrweb(at: i64, window: &str, kind: u8) -> Line {
    let data = Bytes::from(format!(r#"{{"type":{kind},"timestamp":{at}}}"#));
    Line {
        window: window.to_owned(),
        kind: LineKind::Replay,
        seq: Some(0),
        index: 0,
        at,
        data,
    }
}

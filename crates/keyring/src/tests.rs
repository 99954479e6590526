use std::sync::{Arc, Mutex};

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use data_encoding::BASE64;
use secrecy::SecretString;
use serde_json::{Value, json};

use crow_db::audit_log::Actor;
use crow_db::flush::{self, Flush};
use crow_db::webhooks::{self, EndpointRow};
use crow_db::{DatabaseConfig, Db, analytics, installation, leases, sealing_keys};
use crow_storage::Seal;
use crow_types::{OrganizationId, Sequence, SessionKeyRecord, SessionRecord};

use super::*;

struct Fixture {
    db: Db,
    lease: leases::Lease,
    folder: tempfile::TempDir,
}

impl Fixture {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = DatabaseConfig {
            url: format!("sqlite://{}/crow.db", folder.path().display()).into(),
            ..DatabaseConfig::default()
        };
        let db = Db::connect(&config).await.unwrap();
        installation::ensure(&db, Some(1)).await.unwrap();
        let none = std::collections::BTreeSet::new();
        let leases = leases::acquire(&db, "test", 60_000, 1, &none).await;
        let lease = leases.unwrap()[0];
        Self { db, lease, folder }
    }

    /// Stores keys as a flush does.
    async fn store(&self, keys: Vec<SessionKeyRecord>) {
        let session = |key: &SessionKeyRecord| SessionRecord {
            id: key.session_id.clone(),
            session_id: key.session_id.clone(),
            organization_id: key.organization_id.clone(),
            windows: "{}".to_owned(),
            ..SessionRecord::default()
        };
        let flush = Flush {
            id: keys[0].session_id.clone(),
            partition: self.lease.partition,
            epoch: self.lease.epoch,
            checkpoint: Sequence(1),
            stream_created: 1,
            sessions: keys.iter().map(session).collect(),
            events: Vec::new(),
            steps: analytics::NewSteps::default(),
            errors: Vec::new(),
            keys,
            chunks: Vec::new(),
            outbox: Vec::new(),
        };
        flush::commit(&self.db, &flush).await.unwrap();
    }

    fn keyring(&self, config: &KeyringConfig) -> Keyring {
        Keyring::open(&self.db, config, Seal::On).unwrap()
    }
}

fn with_key(key: &str) -> KeyringConfig {
    KeyringConfig {
        master_key: SecretString::from(key.to_owned()),
        ..KeyringConfig::default()
    }
}

#[tokio::test]
async fn a_session_keeps_its_key_and_every_session_has_its_own() {
    let fixture = Fixture::new().await;
    let keyring = fixture.keyring(&with_key(&new_master_key()));
    let sessions = [("acme", "a"), ("acme", "b"), ("other", "c")];
    let made = keyring.for_writing(&sessions).await.unwrap();
    assert_eq!((made.keys.len(), made.new.len()), (3, 3));
    let bytes = |key: &str| *made.keys[key].bytes.expose();
    assert_ne!(bytes("a"), bytes("b"));
    let is_bare = |record: &SessionKeyRecord| {
        let bare = bytes(&record.session_id);
        record.wrapped.windows(32).any(|window| window == bare)
    };
    assert!(!made.new.iter().any(is_bare), "a key is stored bare");
    // Not committed: they do not exist.
    assert!(keyring.key_of("a").await.unwrap().is_none());

    fixture.store(made.new.clone()).await;
    let again = keyring.for_writing(&sessions).await.unwrap();
    assert!(again.new.is_empty());
    for name in ["a", "b", "c"] {
        assert_eq!(again.keys[name].bytes.expose(), &bytes(name));
        let found = keyring.key_of(name).await.unwrap().unwrap();
        assert_eq!(found.bytes.expose(), &bytes(name));
    }
}

#[tokio::test]
async fn a_wrapped_key_cannot_be_given_to_another_session() {
    let fixture = Fixture::new().await;
    let keyring = fixture.keyring(&with_key(&new_master_key()));
    let mut made = keyring.for_writing(&[("acme", "a")]).await.unwrap();
    made.new[0].session_id = "b".to_owned();
    fixture.store(made.new).await;
    let outcome = keyring.key_of("b").await;
    assert!(matches!(outcome, Err(Error::Damaged { .. })), "{outcome:?}");
}

#[tokio::test]
async fn two_processes_make_one_key_for_an_organization() {
    let fixture = Fixture::new().await;
    let config = with_key(&new_master_key());
    let (one, two) = (fixture.keyring(&config), fixture.keyring(&config));
    let (one, two) = tokio::join!(
        one.for_writing(&[("acme", "a")]),
        two.for_writing(&[("acme", "b")])
    );
    let mut keys = one.unwrap().new;
    keys.extend(two.unwrap().new);
    fixture.store(keys).await;
    let third = fixture.keyring(&config);
    for session in ["a", "b"] {
        assert!(third.key_of(session).await.unwrap().is_some());
    }
}

#[tokio::test]
async fn nothing_opens_without_the_master_key_and_the_error_says_which() {
    let fixture = Fixture::new().await;
    let keyring = fixture.keyring(&with_key(&new_master_key()));
    fixture
        .store(keyring.for_writing(&[("acme", "a")]).await.unwrap().new)
        .await;
    keyring.check().await.unwrap();

    let stranger = fixture.keyring(&with_key(&new_master_key()));
    for outcome in [
        stranger.check().await,
        stranger.key_of("a").await.map(drop),
        stranger.for_writing(&[("acme", "b")]).await.map(drop),
    ] {
        assert!(
            matches!(outcome, Err(Error::OtherMaster { .. })),
            "{outcome:?}"
        );
    }
    let without = Keyring::open(&fixture.db, &KeyringConfig::default(), Seal::Off).unwrap();
    assert!(matches!(without.check().await, Err(Error::NoMasterKey)));
    assert!(
        without
            .for_writing(&[("acme", "b")])
            .await
            .unwrap()
            .keys
            .is_empty()
    );
}

#[test]
fn what_is_no_key_is_refused_without_showing_it() {
    let config = with_key("c2VjcmV0");
    let error = crate::master::Master::open(&config).unwrap_err();
    assert_eq!(
        error.to_string(),
        "keyring.master_key is not 32 bytes of base64"
    );
    assert!(!format!("{error:?} {config:?}").contains("c2VjcmV0"));
}

#[tokio::test]
async fn the_master_key_rotates_and_the_old_one_is_not_needed_afterwards() {
    let fixture = Fixture::new().await;
    let (old, new) = (new_master_key(), new_master_key());
    let keyring = fixture.keyring(&with_key(&old));
    let made = keyring
        .for_writing(&[("acme", "a"), ("other", "b")])
        .await
        .unwrap();
    fixture.store(made.new).await;
    let secret = keyring.seal_secret("acme", "w1", b"https://x").await;
    let secret = secret.unwrap();
    let endpoint = EndpointRow {
        id: "w1".to_owned(),
        organization_id: "acme".to_owned(),
        kind: "slack".to_owned(),
        name: "pager".to_owned(),
        shown_url: String::new(),
        sealed: secret.sealed.clone(),
        wrapped: secret.wrapped.clone(),
        master: secret.master.clone(),
        version: 0,
        failing_since: None,
        disabled_at: None,
        created_at: 1,
        updated_at: 1,
    };
    let by = Actor::system();
    webhooks::insert(&fixture.db, &by, endpoint).await.unwrap();

    let mut both = with_key(&new);
    both.previous_master_key = SecretString::from(old);
    let rotating = fixture.keyring(&both);
    assert!(rotating.key_of("a").await.unwrap().is_some());
    assert_eq!(rotating.rotate_master().await.unwrap(), 3);
    assert_eq!(rotating.rotate_master().await.unwrap(), 0, "twice is once");

    let after = fixture.keyring(&with_key(&new));
    after.check().await.unwrap();
    let found = after.key_of("a").await.unwrap().unwrap();
    assert_eq!(found.bytes.expose(), made.keys["a"].bytes.expose());
    let acme = OrganizationId::new("acme").unwrap();
    let row = webhooks::find(&fixture.db, &acme, "w1").await.unwrap();
    let row = row.unwrap();
    let sealed = SealedSecret {
        sealed: row.sealed,
        wrapped: row.wrapped,
        master: row.master,
    };
    let opened = after.open_secret("acme", "w1", &sealed).await.unwrap();
    assert_eq!(opened, b"https://x");
    assert!(!sealed.sealed.windows(9).any(|part| part == b"https://x"));
    // It belongs to one row of one organization.
    for (organization, of) in [("acme", "w2"), ("other", "w1")] {
        let refused = after.open_secret(organization, of, &sealed).await;
        assert!(matches!(refused, Err(Error::Damaged { .. })), "{refused:?}");
    }
}

#[tokio::test]
async fn the_key_of_an_organization_rotates_and_its_sessions_stay_readable() {
    let fixture = Fixture::new().await;
    let keyring = fixture.keyring(&with_key(&new_master_key()));
    let made = keyring
        .for_writing(&[("acme", "a"), ("other", "b")])
        .await
        .unwrap();
    fixture.store(made.new).await;
    let wrapped = keyring
        .rotate_organization("acme", |_count| ())
        .await
        .unwrap();
    assert_eq!(wrapped, 1, "only its own");
    let records = sealing_keys::of_sessions(&fixture.db, &["a", "b"])
        .await
        .unwrap();
    let number = |session: &str| {
        let record = records.iter().find(|record| record.session_id == session);
        record.unwrap().organization_key
    };
    assert_eq!((number("a"), number("b")), (2, 1));
    let found = keyring.key_of("a").await.unwrap().unwrap();
    assert_eq!(found.bytes.expose(), made.keys["a"].bytes.expose());
    let next = keyring.for_writing(&[("acme", "c")]).await.unwrap();
    assert_eq!(next.new[0].organization_key, 2);
}

/// What the transit engine of Vault does, as its documentation of the HTTP API describes it. There is
/// no Vault to run here.
async fn transit(
    request: HttpRequest,
    body: web::Json<Value>,
    seen: web::Data<Seen>,
) -> HttpResponse {
    let token = request.headers().get("X-Vault-Token").unwrap();
    if token != "token" {
        return HttpResponse::Forbidden().json(json!({ "errors": ["permission denied"] }));
    }
    seen.0.lock().unwrap().push(request.path().to_owned());
    let field = |name: &str| body[name].as_str().unwrap().to_owned();
    let of = field("associated_data");
    if request.path().ends_with("/encrypt/crow") {
        let sealed = BASE64.encode(format!("{of} {}", field("plaintext")).as_bytes());
        return HttpResponse::Ok()
            .json(json!({ "data": { "ciphertext": format!("vault:v1:{sealed}") } }));
    }
    let sealed = field("ciphertext");
    let text = BASE64
        .decode(sealed.trim_start_matches("vault:v1:").as_bytes())
        .unwrap();
    let text = String::from_utf8(text).unwrap();
    match text.split_once(' ') {
        Some((owner, plain)) if owner == of => {
            HttpResponse::Ok().json(json!({ "data": { "plaintext": plain } }))
        }
        _ => HttpResponse::BadRequest()
            .json(json!({ "errors": ["cipher: message authentication failed"] })),
    }
}

#[derive(Default)]
struct Seen(Mutex<Vec<String>>);

#[actix_web::test]
async fn vault_wraps_keys_of_organizations() {
    crow_runtime::install_crypto();
    let seen = web::Data::from(Arc::new(Seen::default()));
    let data = seen.clone();
    let app = move || {
        App::new()
            .app_data(data.clone())
            .default_service(web::post().to(transit))
    };
    let server = HttpServer::new(app)
        .workers(1)
        .bind(("127.0.0.1", 0))
        .unwrap();
    let address = server.addrs()[0];
    let running = server.run();
    let handle = running.handle();
    actix_web::rt::spawn(running);

    let fixture = Fixture::new().await;
    let token = fixture.folder.path().join("token");
    std::fs::write(&token, "token\n").unwrap();
    let config = KeyringConfig {
        vault_url: format!("http://{address}/"),
        vault_key: "crow".to_owned(),
        vault_token_file: token.clone(),
        ..KeyringConfig::default()
    };
    let keyring = fixture.keyring(&config);
    fixture
        .store(keyring.for_writing(&[("acme", "a")]).await.unwrap().new)
        .await;
    // Another process opens it.
    assert!(
        fixture
            .keyring(&config)
            .key_of("a")
            .await
            .unwrap()
            .is_some()
    );
    let paths = seen.0.lock().unwrap().clone();
    assert_eq!(
        paths,
        [
            "/v1/transit/encrypt/crow",
            "/v1/transit/decrypt/crow",
            "/v1/transit/decrypt/crow"
        ]
    );

    std::fs::write(&token, "wrong").unwrap();
    let error = fixture.keyring(&config).key_of("a").await.unwrap_err();
    assert!(error.is_retryable(), "a token may be renewed: {error}");
    assert!(error.to_string().contains("permission denied"), "{error}");
    handle.stop(false).await;
    let error = fixture.keyring(&config).key_of("a").await.unwrap_err();
    let is_fine = matches!(error, Error::VaultRefused { .. }) || error.is_retryable();
    assert!(is_fine, "{error}");
}

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use actix_web::{App, HttpResponse, web};
use serde_json::{Value, json};

use crow_db::audit_log::Actor;
use crow_db::{DatabaseConfig, Db};
use crow_runtime::Shutdown;
use crow_testkit::wait::eventually;
use crow_types::{ApiKeySecret, OrganizationId, Timestamp};
use crow_web::Listener;

use crate::keys::Overlap;
use crate::{
    AuthConfig, AuthError, Client, KeyRate, KeyVerifier, Role, Scope, Scopes, SharedSecret,
    key_from_headers, keys,
};

/// For what happens on its own.
const PATIENCE: Duration = Duration::from_secs(20);

async fn database(folder: &tempfile::TempDir) -> Db {
    let url = format!("sqlite://{}/crow.db", folder.path().display());
    Db::connect(&DatabaseConfig {
        url: url.into(),
        ..DatabaseConfig::default()
    })
    .await
    .unwrap()
}

fn organization() -> OrganizationId {
    OrganizationId::new("acme").unwrap()
}

fn key(text: &str) -> ApiKeySecret {
    ApiKeySecret::parse(text).unwrap()
}

#[tokio::test]
async fn a_created_key_is_verified_and_a_revoked_one_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let db = database(&folder).await;
    let scopes: Scopes = "ingest".parse().unwrap();
    let origins = Some(vec!["https://acme.example".to_owned()]);
    let (record, secret) = keys::create(&db, &organization(), "web", scopes, origins)
        .await
        .unwrap();
    assert_eq!(secret.expose().len(), 48);
    assert!(secret.expose().starts_with(&record.prefix));

    let verifier = KeyVerifier::new(db.clone(), &AuthConfig::default()).unwrap();
    let grant = verifier.verify(&secret).await.unwrap();
    assert_eq!(grant.key_id, record.id);
    assert_eq!(grant.organization, organization());
    assert!(grant.scopes.allow(Scope::Ingest) && !grant.scopes.allow(Scope::Read));
    assert!(grant.allows_origin(None) && grant.allows_origin(Some("https://acme.example")));
    assert!(!grant.allows_origin(Some("https://evil.example")));

    let revoked = keys::revoke(&db, &record.id).await.unwrap().unwrap();
    assert!(revoked.revoked_at.is_some());
    assert!(
        verifier.verify(&secret).await.is_ok(),
        "cached until it is forgotten"
    );
    verifier.forget(&record.id).await;
    assert_eq!(
        verifier.verify(&secret).await.unwrap_err(),
        AuthError::Unknown
    );
    assert_eq!(
        keys::list(&db, &organization()).await.unwrap(),
        std::slice::from_ref(&revoked)
    );
    assert_eq!(
        keys::revoke(&db, &record.id).await.unwrap(),
        Some(revoked),
        "twice changes nothing"
    );
    assert_eq!(keys::revoke(&db, "key_none").await.unwrap(), None);
}

#[tokio::test]
async fn an_unknown_key_is_unknown() {
    let folder = tempfile::tempdir().unwrap();
    let verifier = KeyVerifier::new(database(&folder).await, &AuthConfig::default()).unwrap();
    let outcome = verifier.verify(&key("crow_00000000000000000000")).await;
    assert_eq!(outcome.unwrap_err(), AuthError::Unknown);
}

#[tokio::test]
async fn keys_that_make_no_sense_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let db = database(&folder).await;
    let ingest: Scopes = [Scope::Ingest].into_iter().collect();
    for (name, scopes, origin) in [
        ("", ingest, None),
        ("web", Scopes::default(), None),
        ("web", ingest, Some("acme")),
    ] {
        let origins = origin.map(|origin: &str| vec![origin.to_owned()]);
        keys::create(&db, &organization(), name, scopes, origins)
            .await
            .unwrap_err();
    }
}

#[tokio::test]
async fn a_key_and_its_sign_ins_end_when_it_expires_though_it_is_cached() {
    let folder = tempfile::tempdir().unwrap();
    let db = database(&folder).await;
    let ends = Timestamp::now().plus(1_500).0;
    let new = keys::NewKey {
        name: "short".to_owned(),
        scopes: [Scope::Read].into_iter().collect(),
        allowed_origins: None,
        expires_at: Some(ends),
        requests_per_second: None,
    };
    let made = keys::create_as(&db, &Actor::system(), &organization(), new).await;
    let (record, secret) = made.unwrap();
    let verifier = KeyVerifier::new(db.clone(), &AuthConfig::default()).unwrap();
    let grant = verifier.verify(&secret).await.unwrap();
    let started = verifier.sign_in(&secret, &grant, Client::default()).await;
    let (token, sign_in) = started.unwrap();
    assert_eq!(sign_in.expires_at, ends, "not twelve hours");
    assert!(verifier.signed_in(&token).await.is_ok());

    eventually("the end of the key", PATIENCE, async || {
        verifier.verify(&secret).await.is_err().then_some(())
    })
    .await;
    assert!(Timestamp::now().0 >= ends, "not earlier");
    assert!(verifier.signed_in(&token).await.is_err());
    assert_eq!(record.state(Timestamp::now()), "expired");
    let rotated = keys::rotate(
        &db,
        &Actor::system(),
        &organization(),
        &record.id,
        Overlap::NONE,
    )
    .await;
    assert!(rotated.unwrap().is_none(), "it is over");
}

#[tokio::test]
async fn a_rotated_key_lasts_as_long_as_the_one_before() {
    let folder = tempfile::tempdir().unwrap();
    let db = database(&folder).await;
    let new = keys::NewKey {
        name: "long".to_owned(),
        scopes: [Scope::Read].into_iter().collect(),
        allowed_origins: None,
        expires_at: Some(Timestamp::now().plus(3_600_000).0),
        requests_per_second: None,
    };
    let by = Actor::system();
    let (old, _) = keys::create_as(&db, &by, &organization(), new.clone())
        .await
        .unwrap();
    let rotated = keys::rotate(&db, &by, &organization(), &old.id, Overlap::NONE).await;
    let (record, _) = rotated.unwrap().unwrap();
    let lasts = |record: &keys::ApiKeyRecord| record.expires_at.unwrap() - record.created_at;
    assert_eq!(lasts(&record), lasts(&old));
    for expires_at in [0, Timestamp::now().0, i64::MAX] {
        let new = keys::NewKey {
            expires_at: Some(expires_at),
            ..new.clone()
        };
        let refused = keys::create_as(&db, &by, &organization(), new).await;
        assert!(matches!(refused, Err(keys::KeysError::Expiry)));
    }
}

#[tokio::test]
async fn a_rotated_key_works_until_the_overlap_ends_and_not_longer_than_before() {
    let folder = tempfile::tempdir().unwrap();
    let db = database(&folder).await;
    let (by, acme) = (Actor::system(), organization());
    let scopes: Scopes = "read".parse().unwrap();
    let (old, secret) = keys::create(&db, &acme, "web", scopes, None).await.unwrap();
    let verifier = KeyVerifier::new(db.clone(), &AuthConfig::default()).unwrap();
    let grant = verifier.verify(&secret).await.unwrap();
    let started = verifier.sign_in(&secret, &grant, Client::default()).await;
    let (token, _) = started.unwrap();

    let overlap = Overlap::of_seconds(2).unwrap();
    let rotated = keys::rotate(&db, &by, &acme, &old.id, overlap).await;
    let (new, new_secret) = rotated.unwrap().unwrap();
    assert_eq!((&new.name, new.expires_at), (&old.name, None));
    verifier.forget(&old.id).await;
    verifier.end_sign_ins(&old.id).await.unwrap();
    assert!(verifier.verify(&secret).await.is_ok(), "both work");
    assert!(verifier.verify(&new_secret).await.is_ok(), "both work");
    assert!(verifier.signed_in(&token).await.is_ok(), "it works still");
    let listed = keys::find(&db, &acme, &old.id).await.unwrap().unwrap();
    let ends = listed.expires_at.unwrap();
    assert_eq!(listed.revoked_at, None);

    // A longer overlap does not keep it alive.
    let longer = Overlap::of_seconds(3_600).unwrap();
    keys::rotate(&db, &by, &acme, &old.id, longer)
        .await
        .unwrap();
    let listed = keys::find(&db, &acme, &old.id).await.unwrap().unwrap();
    assert_eq!(listed.expires_at, Some(ends));
    eventually("the end of the old key", PATIENCE, async || {
        verifier.verify(&secret).await.is_err().then_some(())
    })
    .await;
    assert!(Timestamp::now().0 >= ends, "not earlier");
    assert!(verifier.signed_in(&token).await.is_err());
    assert!(verifier.verify(&new_secret).await.is_ok());
    assert_eq!(Overlap::of_seconds(u64::from(Overlap::MOST) + 1), None);
}

#[tokio::test]
async fn a_rotation_without_overlap_revokes_and_another_organization_has_no_such_key() {
    let folder = tempfile::tempdir().unwrap();
    let db = database(&folder).await;
    let (by, acme) = (Actor::system(), organization());
    let scopes: Scopes = "read".parse().unwrap();
    let (old, secret) = keys::create(&db, &acme, "web", scopes, None).await.unwrap();
    let rival = OrganizationId::new("rival").unwrap();
    let foreign = keys::rotate(&db, &by, &rival, &old.id, Overlap::NONE).await;
    assert!(foreign.unwrap().is_none());
    let done = keys::rotate(&db, &by, &acme, &old.id, Overlap::NONE).await;
    assert!(done.unwrap().is_some());
    let verifier = KeyVerifier::new(db.clone(), &AuthConfig::default()).unwrap();
    assert!(verifier.verify(&secret).await.is_err());
    let again = keys::rotate(&db, &by, &acme, &old.id, Overlap::NONE).await;
    assert!(again.unwrap().is_none(), "it is over");
    assert_eq!(keys::list(&db, &acme).await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_key_with_a_limit_of_its_own_has_it_also_after_a_rotation() {
    let folder = tempfile::tempdir().unwrap();
    let db = database(&folder).await;
    let new = |rate| keys::NewKey {
        name: "partner".to_owned(),
        scopes: [Scope::Read].into_iter().collect(),
        allowed_origins: None,
        expires_at: None,
        requests_per_second: KeyRate::new(rate),
    };
    let (by, acme) = (Actor::system(), organization());
    let slow = keys::create_as(&db, &by, &acme, new(1)).await.unwrap();
    let (_, free) = keys::create_as(&db, &by, &acme, new(0)).await.unwrap();
    let verifier = KeyVerifier::new(db.clone(), &AuthConfig::default()).unwrap();
    let refusals = async |key: &ApiKeySecret| {
        let mut refused = 0;
        for _ in 0..50 {
            match verifier.admit(key).await {
                Err(AuthError::RateLimited(seconds)) => {
                    assert!((1..=2).contains(&seconds), "{seconds}");
                    refused += 1;
                }
                outcome => drop(outcome.unwrap()),
            }
        }
        refused
    };
    assert!(refusals(&slow.1).await >= 30);
    assert!(
        verifier.verify(&slow.1).await.is_ok(),
        "only requests count"
    );
    assert_eq!(refusals(&free).await, 0, "another key");
    let rotated = keys::rotate(&db, &by, &acme, &slow.0.id, Overlap::NONE).await;
    let (record, _) = rotated.unwrap().unwrap();
    assert_eq!(record.requests_per_second, KeyRate::new(1));
    assert_eq!(KeyRate::new(KeyRate::MOST + 1), None);
}

#[test]
fn both_system_secrets_are_accepted_and_short_ones_are_refused() {
    let config = |text: &str| serde_json::from_str::<AuthConfig>(text).unwrap();
    let (one, two) = ("a".repeat(32), "b".repeat(40));
    let text = format!(r#"{{"system_secret":"{one}","previous_system_secret":"{two}"}}"#);
    let both = SharedSecret::of_system(&config(&text)).unwrap();
    assert!(both.is_one(&one) && both.is_one(&two));
    assert!(!both.is_one("") && !both.is_one(&one[1..]));
    let none = SharedSecret::of_system(&AuthConfig::default()).unwrap();
    assert!(!none.is_set() && !none.is_one(""));
    assert!(config(r#"{"system_secret":"short"}"#).check().is_err());
}

#[tokio::test]
async fn the_use_of_a_key_is_noted_once() {
    let folder = tempfile::tempdir().unwrap();
    let db = database(&folder).await;
    let scopes: Scopes = "ingest".parse().unwrap();
    let made = keys::create(&db, &organization(), "web", scopes, None).await;
    let (record, secret) = made.unwrap();
    assert_eq!(record.last_used_at, None);
    let used = async || {
        let listed = keys::list(&db, &organization()).await.unwrap();
        listed[0].last_used_at
    };
    let verifier = KeyVerifier::new(db.clone(), &AuthConfig::default()).unwrap();
    verifier.verify(&secret).await.unwrap();
    let first = eventually("the note of its use", PATIENCE, used).await;
    // Another replica looks it up within the hour.
    let now = Timestamp(first + 1_000);
    let since = now.plus(-3_600_000);
    crow_db::api_keys::note_use(&db, &record.id, now, since)
        .await
        .unwrap();
    assert_eq!(used().await, Some(first));
    let later = Timestamp(first + 3_600_001);
    crow_db::api_keys::note_use(&db, &record.id, later, later.plus(-3_600_000))
        .await
        .unwrap();
    assert_eq!(used().await, Some(later.0));
}

#[test]
fn roles_are_sets_of_scopes_that_include_narrower_ones() {
    let all = [
        Scope::Ingest,
        Scope::Analytics,
        Scope::Read,
        Scope::Admin,
        Scope::Owner,
    ];
    for (role, allowed) in [
        (Role::Owner, &all[..]),
        (Role::Admin, &all[..4]),
        (Role::Member, &all[1..3]),
        (Role::Marketing, &all[1..2]),
    ] {
        for scope in all {
            let is_allowed = role.scopes().allow(scope);
            assert_eq!(is_allowed, allowed.contains(&scope), "{role} {scope}");
        }
        assert_eq!(role.as_str().parse(), Ok(role));
    }
    assert!("root".parse::<Role>().is_err());
}

#[tokio::test]
async fn no_key_is_an_owner() {
    let folder = tempfile::tempdir().unwrap();
    let db = database(&folder).await;
    let scopes: Scopes = "owner,read".parse().unwrap();
    let refused = keys::create(&db, &organization(), "web", scopes, None).await;
    assert!(matches!(refused, Err(keys::KeysError::OwnerScope)));
}

#[test]
fn admin_allows_everything_but_owning_and_scopes_read_back_as_written() {
    let scopes: Scopes = "admin, ingest".parse().unwrap();
    let refused: Vec<Scope> = Scope::ALL
        .into_iter()
        .filter(|scope| !scopes.allow(*scope))
        .collect();
    assert_eq!(refused, [Scope::Owner]);
    assert_eq!(scopes.to_string(), "ingest,admin");
    assert!("ingest,write".parse::<Scopes>().is_err());
}

#[test]
fn a_key_is_found_in_either_header_and_a_broken_one_is_an_error() {
    let text = "crow_00000000000000000000";
    let found = |name: &'static str, value: &str| {
        let mut headers = HeaderMap::new();
        headers.insert(
            HeaderName::from_static(name),
            HeaderValue::from_str(value).unwrap(),
        );
        key_from_headers(&headers)
            .map(|key| key.map(|key| key.expose().to_owned()))
            .map_err(|error| error.code.as_str())
    };
    assert_eq!(
        found("authorization", &format!("bearer {text}")),
        Ok(Some(text.to_owned()))
    );
    assert_eq!(found("x-api-key", text), Ok(Some(text.to_owned())));
    assert_eq!(found("accept", text), Ok(None));
    for (name, value) in [
        ("authorization", text),
        ("authorization", "Basic eDp5"),
        ("x-api-key", "crow_short"),
    ] {
        assert_eq!(found(name, value), Err("unauthenticated"));
    }
}

#[test]
fn the_configuration_is_checked_and_its_secret_is_not_shown() {
    let config = |text: &str| serde_json::from_str::<AuthConfig>(text).unwrap();
    assert!(config(r#"{"cache_seconds":59}"#).check().is_err());
    assert!(config(r#"{"service_url":"auth.example"}"#).check().is_err());
    assert!(
        config(r#"{"service_url":"https://auth.example"}"#)
            .check()
            .is_err()
    );
    let good = config(r#"{"service_url":"https://auth.example","service_api_key":"s3cret"}"#);
    assert!(good.check().is_ok());
    assert!(!format!("{good:?}{}", serde_json::to_string(&good).unwrap()).contains("s3cret"));
}

/// An auth service that counts its calls and can be told to fail.
struct FakeAuthService {
    url: String,
    calls: Arc<AtomicUsize>,
    status: Arc<AtomicUsize>,
    shutdown: Shutdown,
}

impl FakeAuthService {
    fn start() -> Self {
        let (calls, status) = (
            Arc::new(AtomicUsize::new(0)),
            Arc::new(AtomicUsize::new(200)),
        );
        let shutdown = Shutdown::new();
        let listener = Listener::bind("test.listen", "127.0.0.1:0".parse().unwrap()).unwrap();
        let url = format!("http://{}", listener.address());
        let state = web::Data::new((Arc::clone(&calls), Arc::clone(&status)));
        let app = move || {
            App::new()
                .app_data(state.clone())
                .route("/api/v1/api-keys/verify", web::post().to(Self::verify))
        };
        tokio::spawn(listener.serve(1, app, shutdown.clone()));
        Self {
            url,
            calls,
            status,
            shutdown,
        }
    }

    async fn verify(
        state: web::Data<(Arc<AtomicUsize>, Arc<AtomicUsize>)>,
        request: actix_web::HttpRequest,
        body: web::Json<Value>,
    ) -> HttpResponse {
        state.0.fetch_add(1, Ordering::SeqCst);
        let status = u16::try_from(state.1.load(Ordering::SeqCst)).unwrap();
        assert_eq!(
            request.headers().get("authorization").unwrap(),
            "Bearer service"
        );
        let is_known = body["key"] == "crow_11111111111111111111";
        let key = body["key"].as_str().unwrap();
        match &key[5..9] {
            "4040" => return HttpResponse::NotFound().finish(),
            "long" => {
                let part = web::Bytes::from(vec![b' '; 64 << 10]);
                let parts =
                    futures::stream::repeat_with(move || Ok::<_, actix_web::Error>(part.clone()));
                return HttpResponse::Ok().streaming(parts);
            }
            "echo" => return HttpResponse::Ok().json(json!({ "valid": key })),
            "good" => {
                return HttpResponse::Ok().json(json!({
                    "valid": true, "keyId": "key_2", "organizationId": "acme", "scopes": ["read"],
                    "allowedOrigins": ["null", "https://*.example", "https://Acme.example:443"]
                }));
            }
            _ => {}
        }
        HttpResponse::build(status.try_into().unwrap()).json(json!({
            "valid": is_known, "keyId": "key_1", "organizationId": "acme", "scopes": ["ingest", "later"],
            "allowedOrigins": null
        }))
    }

    async fn verifier(&self, folder: &tempfile::TempDir) -> KeyVerifier {
        crow_runtime::install_crypto();
        let config = AuthConfig {
            service_url: self.url.clone(),
            service_api_key: "service".to_owned().into(),
            ..AuthConfig::default()
        };
        KeyVerifier::new(database(folder).await, &config).unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_auth_service_is_asked_once_and_answers_are_remembered() {
    let folder = tempfile::tempdir().unwrap();
    let service = FakeAuthService::start();
    let verifier = service.verifier(&folder).await;
    let known = key("crow_11111111111111111111");
    for _ in 0..3 {
        assert_eq!(verifier.verify(&known).await.unwrap().key_id, "key_1");
        assert_eq!(
            verifier
                .verify(&key("crow_22222222222222222222"))
                .await
                .unwrap_err(),
            AuthError::Unknown
        );
    }
    assert_eq!(service.calls.load(Ordering::SeqCst), 2);
    verifier.forget("key_1").await;
    verifier.verify(&known).await.unwrap();
    assert_eq!(service.calls.load(Ordering::SeqCst), 3);
    service.shutdown.start();
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_auth_service_fails_only_what_is_remembered_is_believed() {
    let folder = tempfile::tempdir().unwrap();
    let service = FakeAuthService::start();
    let verifier = service.verifier(&folder).await;
    let known = key("crow_11111111111111111111");
    verifier.verify(&known).await.unwrap();
    service.status.store(500, Ordering::SeqCst);
    assert!(verifier.verify(&known).await.is_ok());
    let other = verifier.verify(&key("crow_22222222222222222222")).await;
    assert_eq!(other.unwrap_err(), AuthError::Unavailable);
    service.shutdown.start();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_cannot_be_looked_up_says_nothing_about_others() {
    let folder = tempfile::tempdir().unwrap();
    let service = FakeAuthService::start();
    let verifier = service.verifier(&folder).await;
    for number in 0..20 {
        let bad = key(&format!("crow_4040xxxxxxxxxxxxxx{number:02}"));
        let outcome = verifier.verify(&bad).await;
        assert_eq!(outcome.unwrap_err(), AuthError::Unavailable);
        // Each of these keys is looked up for the first time.
        let good = key(&format!("crow_goodxxxxxxxxxxxxxx{number:02}"));
        assert_eq!(verifier.verify(&good).await.unwrap().key_id, "key_2");
    }
    let calls = service.calls.load(Ordering::SeqCst);
    let again = verifier.verify(&key("crow_4040xxxxxxxxxxxxxx19")).await;
    assert_eq!(again.unwrap_err(), AuthError::Unavailable);
    assert_eq!(service.calls.load(Ordering::SeqCst), calls, "it rests");
    service.shutdown.start();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endless_answer_of_the_auth_service_is_not_read_to_its_end() {
    let folder = tempfile::tempdir().unwrap();
    let service = FakeAuthService::start();
    let verifier = service.verifier(&folder).await;
    let began = std::time::Instant::now();
    let outcome = verifier.verify(&key("crow_longxxxxxxxxxxxxxxxx")).await;
    assert_eq!(outcome.unwrap_err(), AuthError::Unavailable);
    assert!(
        began.elapsed() < std::time::Duration::from_secs(2),
        "not by the deadline"
    );
    service.shutdown.start();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_of_the_auth_service_is_never_in_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let service = FakeAuthService::start();
    crow_runtime::install_crypto();
    let _verifier = service.verifier(&folder).await;
    let config = AuthConfig {
        service_url: service.url.clone(),
        service_api_key: "service".to_owned().into(),
        ..AuthConfig::default()
    };
    let remote = crate::remote::RemoteVerifier::new(&config).unwrap();
    let error = remote.verify(&key("crow_echoxxxxxxxxxxxxxxxx")).await;
    let told = crow_types::log_chain(&error.unwrap_err());
    assert!(!told.contains("echo"), "{told}");
    service.shutdown.start();
}

#[tokio::test(flavor = "multi_thread")]
async fn origins_of_the_auth_service_are_normalised_and_bad_ones_allow_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let service = FakeAuthService::start();
    let verifier = service.verifier(&folder).await;
    let grant = verifier.verify(&key("crow_goodxxxxxxxxxxxxxxxx")).await;
    let grant = grant.unwrap();
    assert!(grant.allows_origin(Some("https://acme.example")));
    assert!(!grant.allows_origin(Some("null")));
    assert!(!grant.allows_origin(Some("https://a.example")));
    service.shutdown.start();
}

#[tokio::test]
async fn a_key_is_made_with_the_origins_that_browsers_send() {
    let folder = tempfile::tempdir().unwrap();
    let db = database(&folder).await;
    let given = ["https://Shop.example:443", "https://shop.example"];
    let given = Some(given.map(str::to_owned).to_vec());
    let made = keys::create(
        &db,
        &organization(),
        "web",
        "ingest".parse().unwrap(),
        given,
    )
    .await;
    let (record, _secret) = made.unwrap();
    assert_eq!(
        record.allowed_origins.unwrap(),
        ["https://shop.example".to_owned()]
    );
    for bad in ["https://*.example", "javascript://x", "null"] {
        let given = Some(vec![bad.to_owned()]);
        let scopes = "ingest".parse().unwrap();
        let made = keys::create(&db, &organization(), "web", scopes, given).await;
        let told = made.unwrap_err().to_string();
        assert!(told.contains(bad) && told.contains(": "), "{told}");
    }
}

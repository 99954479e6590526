use crow_db::DatabaseConfig;
use crow_db::settings::Change;
use crow_types::Timestamp;

use super::*;

async fn database() -> (Db, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let config = DatabaseConfig {
        url: format!("sqlite://{}/crow.db", folder.path().display()).into(),
        ..DatabaseConfig::default()
    };
    (Db::connect(&config).await.unwrap(), folder)
}

fn acme() -> OrganizationId {
    OrganizationId::new("acme").unwrap()
}

async fn disable_recording(db: &Db) {
    let mut settings = OrganizationSettings::default();
    settings.recording.enabled = false;
    let change = Change {
        organization: &acme(),
        settings: &settings,
        from_version: 0,
        by: &crow_db::audit_log::Actor::system_named("test"),
        at: Timestamp::now(),
    };
    settings::change(db, change).await.unwrap().unwrap();
}

async fn is_recorded(settings: &Settings) -> bool {
    let policy = settings.of(&acme()).await.unwrap();
    policy.settings.recording.enabled
}

/// Makes what is known as old as it is after half a minute.
async fn age(settings: &Settings) {
    let known = settings.known.get(&acme()).await.unwrap();
    let old = Known {
        fresh_until: Instant::now(),
        ..known
    };
    settings.known.insert(acme(), old).await;
}

#[tokio::test]
async fn settings_are_not_read_with_each_request() {
    let (db, _folder) = database().await;
    let settings = Settings::new(db.clone());
    assert!(is_recorded(&settings).await);
    disable_recording(&db).await;
    assert!(is_recorded(&settings).await);
    age(&settings).await;
    assert!(!is_recorded(&settings).await);
}

#[tokio::test]
async fn a_notice_makes_a_change_effective_at_once() {
    let (db, _folder) = database().await;
    let settings = Settings::new(db.clone());
    assert!(is_recorded(&settings).await);
    disable_recording(&db).await;
    settings.forget(&acme()).await;
    assert!(!is_recorded(&settings).await);
}

#[tokio::test]
async fn without_sql_the_last_settings_hold() {
    let (db, _folder) = database().await;
    disable_recording(&db).await;
    let settings = Settings::new(db.clone());
    assert!(!is_recorded(&settings).await);
    db.close().await.unwrap();
    age(&settings).await;
    assert!(!is_recorded(&settings).await);
}

#[tokio::test]
async fn without_sql_nothing_is_taken_for_an_unknown_organization() {
    let (db, _folder) = database().await;
    let settings = Settings::new(db.clone());
    db.close().await.unwrap();
    for _attempt in 0..2 {
        let refused = settings.of(&acme()).await.unwrap_err();
        assert_eq!(refused.code, crow_types::ErrorCode::Unavailable);
    }
}

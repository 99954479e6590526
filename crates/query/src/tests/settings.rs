//! The settings of an organization, over REST.

use actix_web::http::Method;
use serde_json::{Value, json};

use crow_auth::Scope;

use super::fixture::World;
use super::signed_in::Browser;

const PLACE: &str = "/admin/acme/settings";

async fn put(browser: &Browser<'_>, version: i64, settings: Value) -> (u16, Value) {
    let body = json!({ "version": version, "settings": settings });
    browser.change(Method::PUT, PLACE, Some(body)).await
}

#[actix_web::test]
async fn settings_are_read_and_changed() {
    let world = World::new().await;
    let (key, record) = world.key_with_record("acme", Scope::Admin).await;
    let mut browser = Browser::new(&world);
    browser.sign_in(&key).await;

    let (status, first) = browser.get(PLACE).await;
    assert_eq!((status, &first["version"]), (200, &json!(0)), "{first}");
    assert_eq!(first["updatedAt"], Value::Null);
    assert_eq!(first["settings"]["consentSignals"], "anonymous");
    assert_eq!(
        first["settings"]["recording"],
        json!({
            "enabled": true, "sampleRate": 1.0,
            "console": {"enabled": true, "maxPerMinute": null},
            "network": {"enabled": true, "maxPerMinute": null, "headers": true, "bodies": true},
        })
    );

    let limits = json!({"console": {"maxPerMinute": 60}, "network": {"bodies": false}});
    let wanted = json!({"recording": limits, "retention": {"sessionsDays": 30}, "scrubbing": {"email": true}, "assetHosts": ["cdn.example"]});
    let (status, changed) = put(&browser, 0, wanted).await;
    assert_eq!((status, &changed["version"]), (200, &json!(1)), "{changed}");
    assert_eq!(changed["updatedBy"], json!(record.id));
    assert_eq!(changed["settings"]["retention"]["sessionsDays"], 30);
    assert_eq!(
        changed["settings"]["recording"],
        json!({
            "enabled": true, "sampleRate": 1.0,
            "console": {"enabled": true, "maxPerMinute": 60},
            "network": {"enabled": true, "maxPerMinute": null, "headers": true, "bodies": false},
        })
    );
    let (_, log) = browser
        .get("/admin/acme/audit?action=settings.changed")
        .await;
    assert_eq!(log["entries"].as_array().unwrap().len(), 1, "{log}");
    assert_eq!(browser.get(PLACE).await, (200, changed.clone()));

    // What was read can be sent back.
    let (status, again) = put(&browser, 1, changed["settings"].clone()).await;
    assert_eq!((status, &again["version"]), (200, &json!(2)));
    assert_eq!(again["settings"], changed["settings"]);
}

#[actix_web::test]
async fn a_change_from_an_old_version_is_a_conflict() {
    let world = World::new().await;
    let key = world.key("acme", Scope::Admin).await;
    let mut browser = Browser::new(&world);
    browser.sign_in(&key).await;
    assert_eq!(put(&browser, 0, json!({})).await.0, 200);
    for version in [0, 2, i64::MAX] {
        let (status, refused) = put(&browser, version, json!({"ipAddress": "drop"})).await;
        assert_eq!(
            (status, &refused["error"]["code"]),
            (409, &json!("conflict"))
        );
    }
    assert_eq!(browser.get(PLACE).await.1["settings"]["ipAddress"], "keep");
}

#[actix_web::test]
async fn a_bad_change_names_the_field() {
    let world = World::new().await;
    let key = world.key("acme", Scope::Admin).await;
    let mut browser = Browser::new(&world);
    browser.sign_in(&key).await;
    for (body, part) in [
        (
            json!({"version": 0, "settings": {"recording": {"sampleRate": 2}}}),
            "recording.sampleRate",
        ),
        (
            json!({"version": 0, "settings": {"recording": {"rate": 1}}}),
            "recording: unknown field `rate`",
        ),
        (
            json!({"version": 0, "settings": {"recording": {"console": {"maxPerMinute": 0}}}}),
            "settings.recording.console.maxPerMinute: must be 1 to 10000",
        ),
        (
            json!({"version": 0, "settings": {"recording": {"network": {"perMinute": 1}}}}),
            "recording: network: unknown field `perMinute`",
        ),
        (
            json!({"version": 0, "settings": {"consentSignals": "maybe"}}),
            "`consentSignals`",
        ),
        (json!({"version": -1, "settings": {}}), "version"),
        (json!({"settings": {}}), "the body: lacks a field"),
        (json!({"version": 0}), "the body: lacks a field"),
        (json!({"version": 0, "settings": {}, "more": 1}), "more"),
    ] {
        let (status, refused) = browser.change(Method::PUT, PLACE, Some(body)).await;
        let message = refused["error"]["message"].as_str().unwrap().to_owned();
        assert_eq!(status, 400, "{message}");
        assert!(message.contains(part), "{message}");
    }
    assert_eq!(browser.get(PLACE).await.1["version"], 0);
}

#[actix_web::test]
async fn only_admins_of_the_organization_see_and_change_settings() {
    let world = World::new().await;
    for (organization, scope, expected) in [
        ("acme", Scope::Read, 403),
        ("acme", Scope::Ingest, 403),
        ("rival", Scope::Admin, 404),
    ] {
        let key = world.key(organization, scope).await;
        let mut browser = Browser::new(&world);
        browser.headers = vec![("authorization", format!("Bearer {key}"))];
        assert_eq!(browser.get(PLACE).await.0, expected);
        assert_eq!(put(&browser, 0, json!({})).await.0, expected);
    }
    let key = world.key("acme", Scope::Admin).await;
    let mut browser = Browser::new(&world);
    assert_eq!(browser.get(PLACE).await.0, 401);
    browser.sign_in(&key).await;
    let csrf = browser.csrf.take();
    assert_eq!(put(&browser, 0, json!({})).await.0, 403);
    browser.csrf = csrf;
    assert_eq!(put(&browser, 0, json!({})).await.0, 200);
}

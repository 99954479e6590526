//! What an organization and its visitors allow to be stored, through the whole gateway.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crow_bus::notices::{self, SETTINGS_CHANGED};
use crow_db::settings::{self, Change};
use crow_proto::events::Batch;
use crow_types::Timestamp;
use crow_types::settings::{AddressPolicy, OrganizationSettings, SignalPolicy};

use super::rig::{Rig, organization, read};
use crate::config::IpPolicy;
use crate::privacy::Privacy;
use crate::settings::Policy;

const GPC: (&str, &str) = ("sec-gpc", "1");
const DNT: (&str, &str) = ("dnt", "1");
const NONE: (&str, &str) = ("x-request-id", "none");

/// Settings that were not read yet are effective with the next request.
async fn set(rig: &Rig, from_version: i64, change: impl FnOnce(&mut OrganizationSettings)) {
    let mut wanted = OrganizationSettings::default();
    change(&mut wanted);
    let change = Change {
        organization: &organization(),
        settings: &wanted,
        from_version,
        by: &crow_db::audit_log::Actor::system_named("test"),
        at: Timestamp::now(),
    };
    settings::change(&rig.db, change).await.unwrap().unwrap();
}

async fn send(rig: &Rig, path: &str, header: (&str, &str), body: &Value) -> (u16, Value) {
    let request = rig.post(path).header(header.0, header.1).json(body);
    read(request.send().await.unwrap()).await
}

/// All batches of a session.
async fn batches(rig: &Rig, session: &str) -> Vec<Batch> {
    let messages = rig.messages(session).await;
    let batches = messages.into_iter().flat_map(|message| message.batches);
    batches
        .filter(|batch| batch.session_id == session)
        .collect()
}

fn visit(session: &str) -> Value {
    let now = Timestamp::now().0;
    json!({
        "sessionId": session, "windowId": "w", "seq": 0, "sentAt": now,
        "context": {
            "url": "https://shop.example/", "userId": "jo", "visitorId": "v-1", "traits": {"plan": "x"},
            "consent": {"state": "granted", "version": "2026-11"},
        },
        "events": [
            {"type": "identify", "timestamp": now, "data": {"userId": "jo"}},
            {"type": "input", "timestamp": now, "data": {"selector": "#name", "value": "Jo"}},
            {"type": "click", "timestamp": now, "data": {"text": "Buy"}},
        ],
        "replay": [{"type": 3, "timestamp": now, "data": {"source": 5, "text": "Jo", "id": 1}}],
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn by_default_a_signal_makes_a_visitor_anonymous() {
    let rig = Rig::start().await;
    for (header, signal) in [(GPC, "gpc"), (DNT, "dnt")] {
        let session = format!("s-{signal}");
        let (status, receipt) = send(&rig, "/batch", header, &visit(&session)).await;
        assert_eq!(
            (status, &receipt["accepted"]),
            (202, &json!(3)),
            "{receipt}"
        );
        assert_eq!(receipt["acceptedReplay"], 1);
        assert!(receipt.get("notStored").is_none(), "{receipt}");
        let batch = &batches(&rig, &session).await[0];
        let (client, context) = (
            batch.client.as_ref().unwrap(),
            batch.context.as_ref().unwrap(),
        );
        assert_eq!(
            (client.ip_address.as_str(), client.privacy_signal.as_str()),
            ("", signal)
        );
        let named = (
            context.user_id.as_str(),
            context.visitor_id.as_str(),
            context.traits.len(),
        );
        assert_eq!(named, ("", "", 0));
        assert_eq!(context.url, "https://shop.example/");
        let data: Vec<&[u8]> = batch.events.iter().map(|event| &*event.data).collect();
        assert_eq!(data[0], b"");
        let input: Value = serde_json::from_slice(data[1]).unwrap();
        assert_eq!(input, json!({"selector": "#name", "value": "**"}));
        assert_eq!(data[2], br#"{"text":"Buy"}"#);
        let typed: Value = serde_json::from_slice(&batch.replay[0].data).unwrap();
        assert_eq!(typed["data"]["text"], "**");
    }

    let end = json!({"sessionId": "s-gpc", "exitContext": {"mail": "jo@shop.example"}});
    assert_eq!(send(&rig, "/session/end", GPC, &end).await.0, 202);
    assert!(batches(&rig, "s-gpc").await[1].exit_context.is_empty());

    send(&rig, "/batch", ("sec-gpc", "0"), &visit("s-none")).await;
    let batch = &batches(&rig, "s-none").await[0];
    let (client, context) = (
        batch.client.as_ref().unwrap(),
        batch.context.as_ref().unwrap(),
    );
    assert_eq!(
        (client.ip_address.as_str(), context.user_id.as_str()),
        ("127.0.0.0", "jo")
    );
    assert_eq!(client.privacy_signal, "");
    let consent = context.consent.as_ref().unwrap();
    assert_eq!(
        (consent.state.as_str(), consent.version.as_str()),
        ("granted", "2026-11")
    );
    rig.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signal_can_mean_that_nothing_is_stored() {
    let rig = Rig::start().await;
    set(&rig, 0, |it| it.consent_signals = SignalPolicy::Drop).await;
    let track = json!({"sessionId": "s", "event": {"type": "click"}});
    for (path, body) in [
        ("/batch", visit("s")),
        ("/batch", json!({"sessionId": "s", "page": "open"})),
        ("/track", track),
        ("/session/end", json!({"sessionId": "s"})),
    ] {
        let (status, receipt) = send(&rig, path, GPC, &body).await;
        assert_eq!(
            (status, &receipt["notStored"]),
            (202, &json!("privacy_signal"))
        );
        assert_eq!(
            (&receipt["accepted"], &receipt["acceptedReplay"]),
            (&json!(0), &json!(0))
        );
    }
    let (status, started) = send(&rig, "/session/start", GPC, &json!({"sessionId": "s"})).await;
    assert_eq!(
        (status, &started["notStored"]),
        (201, &json!("privacy_signal"))
    );
    assert_eq!(started["replay"]["enabled"], false);
    assert!(batches(&rig, "s").await.is_empty());

    // A bad body is an error all the same, and others are stored.
    let (status, _) = send(&rig, "/batch", GPC, &json!({"sessionId": "s"})).await;
    assert_eq!(status, 422);
    let (_, receipt) = send(&rig, "/batch", NONE, &visit("s")).await;
    assert_eq!(receipt["accepted"], 3);
    assert_eq!(batches(&rig, "s").await.len(), 1);
    rig.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signal_can_be_ignored() {
    let rig = Rig::start().await;
    set(&rig, 0, |it| it.consent_signals = SignalPolicy::Ignore).await;
    send(&rig, "/batch", GPC, &visit("s")).await;
    let batch = &batches(&rig, "s").await[0];
    assert_eq!(batch.context.as_ref().unwrap().user_id, "jo");
    assert_eq!(batch.client.as_ref().unwrap().privacy_signal, "");
    rig.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_visitor_who_denied_only_the_decision_is_stored() {
    let rig = Rig::start().await;
    let mut denied = visit("s");
    denied["context"]["consent"] = json!({"state": "denied", "version": "2"});
    let (status, receipt) = send(&rig, "/batch", NONE, &denied).await;
    assert_eq!(
        (status, &receipt["notStored"]),
        (202, &json!("consent_denied"))
    );
    assert_eq!(
        (&receipt["accepted"], &receipt["acceptedReplay"]),
        (&json!(0), &json!(0))
    );
    let batch = &batches(&rig, "s").await[0];
    assert_eq!(
        (batch.events.len(), batch.replay.len(), batch.seq),
        (0, 0, Some(0))
    );
    assert_eq!(batch.client, Some(crow_proto::events::Client::default()));
    let mut context = batch.context.clone().unwrap();
    let consent = context.consent.take().unwrap();
    assert_eq!(
        (consent.state.as_str(), consent.version.as_str()),
        ("denied", "2")
    );
    assert_eq!(context, crow_proto::events::Context::default());

    let body = json!({"sessionId": "t", "context": denied["context"]});
    let (status, started) = send(&rig, "/session/start", NONE, &body).await;
    assert_eq!(
        (status, &started["notStored"]),
        (201, &json!("consent_denied"))
    );
    assert!(batches(&rig, "t").await.is_empty());

    let mut unclear = visit("u");
    unclear["context"]["consent"] = json!({"state": "maybe"});
    let (_, receipt) = send(&rig, "/batch", NONE, &unclear).await;
    assert_eq!(receipt["ignored"][0]["field"], "context.consent.state");
    assert_eq!(receipt["accepted"], 3);
    rig.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_is_not_sampled_has_events_and_no_recording() {
    let rig = Rig::start().await;
    set(&rig, 0, |it| it.recording.sample_rate = 0.5).await;
    let (taken, left) = (
        "019a9f3c-1d2e-7abc-8def-000000000001",
        "019a9f3c-1d2e-7abc-8def-ffffff000001",
    );
    for (session, is_recorded) in [(taken, true), (left, false)] {
        let (_, receipt) = send(&rig, "/batch", NONE, &visit(session)).await;
        let count = usize::from(is_recorded);
        assert_eq!(receipt["accepted"], 3);
        assert_eq!(receipt["acceptedReplay"], count);
        assert_eq!(
            receipt.get("notRecorded").is_some(),
            !is_recorded,
            "{receipt}"
        );
        let batch = &batches(&rig, session).await[0];
        assert_eq!((batch.events.len(), batch.replay.len()), (3, count));
    }
    // The number of the batch is not missing, although nothing of it is stored.
    let mut only_replay = visit(left);
    only_replay["events"] = json!([]);
    only_replay["seq"] = json!(1);
    let (status, receipt) = send(&rig, "/batch", NONE, &only_replay).await;
    assert_eq!((status, &receipt["notRecorded"]), (202, &json!(true)));
    let batch = &batches(&rig, left).await[1];
    assert_eq!(
        (batch.seq, batch.events.len() + batch.replay.len()),
        (Some(1), 0)
    );

    let (_, started) = send(&rig, "/session/start", NONE, &json!({"sessionId": left})).await;
    assert_eq!(
        started["replay"],
        json!({"enabled": true, "sampleRate": 0.5})
    );
    rig.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn limits_on_console_and_network_are_told_and_what_is_switched_off_is_not_stored() {
    let rig = Rig::start().await;
    set(&rig, 0, |it| {
        it.recording.console.enabled = false;
        it.recording.network.max_per_minute = Some(60);
        it.recording.network.headers = false;
    })
    .await;
    let (_, started) = send(&rig, "/session/start", NONE, &json!({"sessionId": "s"})).await;
    assert_eq!(
        started["replay"]["limits"],
        json!({"console": 0, "network": 60, "headers": false, "bodies": true})
    );

    // A client that does not listen.
    let now = Timestamp::now().0;
    let recorded = |plugin: &str, payload: Value| {
        let data = json!({"plugin": plugin, "payload": payload});
        json!({"type": 6, "timestamp": now, "data": data})
    };
    let request =
        json!({"name": "https://a.example/", "requestHeaders": {"x": "1"}, "responseBody": "b"});
    let mut body = visit("t");
    body["replay"] = json!([
        recorded("rrweb/console@1", json!({"level": "error", "payload": []})),
        recorded("rrweb/network@1", json!({"requests": [request]})),
    ]);
    let (status, receipt) = send(&rig, "/batch", NONE, &body).await;
    assert_eq!((status, &receipt["acceptedReplay"]), (202, &json!(1)));
    assert_eq!(receipt.get("notRecorded"), None);
    let batch = &batches(&rig, "t").await[0];
    assert_eq!((batch.events.len(), batch.replay.len()), (3, 1));
    let kept: Value = serde_json::from_slice(&batch.replay[0].data).unwrap();
    let request = json!({"name": "https://a.example/", "responseBody": "b"});
    assert_eq!(kept["data"]["payload"]["requests"], json!([request]));
    rig.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_is_effective_as_soon_as_its_notice_arrives() {
    let rig = Rig::start().await;
    let is_enabled = async || {
        let (_, started) = rig.send("/session/start", &json!({"sessionId": "s"})).await;
        started["replay"]["enabled"] == json!(true)
    };
    assert!(is_enabled().await);
    set(&rig, 0, |it| it.recording.enabled = false).await;
    assert!(is_enabled().await, "nobody has told the gateway");
    // Well before the gateway looks again by itself.
    let deadline = Instant::now() + Duration::from_secs(20);
    while is_enabled().await {
        assert!(Instant::now() < deadline);
        let organization = organization().as_str().to_owned();
        notices::publish(&rig.bus, SETTINGS_CHANGED, organization.into())
            .await
            .unwrap();
    }
    rig.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn personal_data_is_scrubbed_before_it_is_published() {
    let rig = Rig::start().await;
    set(&rig, 0, |it| {
        it.scrubbing.email = true;
        it.scrubbing.query_parameters = vec!["token".to_owned()];
    })
    .await;
    let now = Timestamp::now().0;
    let body = json!({
        "sessionId": "s",
        "context": {"url": "https://a.example/?token=abc", "title": "Hi jo@shop.example", "userId": "jo@shop.example"},
        "events": [{"type": "click", "timestamp": now, "url": "https://a.example/?token=abc", "data": {"text": "jo@shop.example"}}],
        "replay": [{"type": 4, "timestamp": now, "data": {"href": "https://a.example/?token=abc"}}],
    });
    assert_eq!(rig.send("/batch", &body).await.0, 202);
    let batch = &batches(&rig, "s").await[0];
    let context = batch.context.as_ref().unwrap();
    assert_eq!(context.url, "https://a.example/?token=***");
    assert_eq!(context.title, "Hi ***************");
    assert_eq!(context.user_id, "jo@shop.example");
    assert_eq!(batch.events[0].url, "https://a.example/?token=***");
    assert_eq!(batch.events[0].data, r#"{"text":"***************"}"#);
    let meta: Value = serde_json::from_slice(&batch.replay[0].data).unwrap();
    assert_eq!(meta["data"]["href"], "https://a.example/?token=***");
    assert_eq!(meta["timestamp"], now);
    rig.stop().await;
}

#[test]
fn the_strictest_wish_decides_what_is_kept_of_an_address() {
    use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
    let kept = |wish, of_installation, has_signal| {
        let settings = OrganizationSettings {
            ip_address: wish,
            ..OrganizationSettings::default()
        };
        let mut headers = HeaderMap::new();
        if has_signal {
            headers.insert(
                HeaderName::from_static("dnt"),
                HeaderValue::from_static("1"),
            );
        }
        Privacy::new(Policy::new(settings).into(), &headers).ip_policy(of_installation)
    };
    use AddressPolicy::{Drop, Keep, Truncate};
    for (wish, of_installation, expected) in [
        (Keep, IpPolicy::Full, IpPolicy::Full),
        (Keep, IpPolicy::Truncate, IpPolicy::Truncate),
        (Truncate, IpPolicy::Full, IpPolicy::Truncate),
        (Truncate, IpPolicy::Drop, IpPolicy::Drop),
        (Drop, IpPolicy::Full, IpPolicy::Drop),
    ] {
        assert_eq!(kept(wish, of_installation, false), expected);
        assert_eq!(kept(wish, of_installation, true), IpPolicy::Drop);
    }
}

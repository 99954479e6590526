//! Rules over stored sessions, and messages to a real receiver.

mod judged;

use std::time::Duration;

use ring::hmac;
use serde_json::{Value, json};
use url::Url;

use crow_db::alerts::{self, AlertRow};
use crow_db::audit_log::Actor;
use crow_db::issues::{Decision, Status, decide};
use crow_db::webhooks::deliveries::{self, Attempt, DeliveryRow, Way};
use crow_outbound::OutboundConfig;
use crow_runtime::Shutdown;
use crow_testkit::site::{Reply, Site};
use crow_testkit::wait::eventually;
use crow_types::{ErrorCode, EventRecord, OrganizationId, SessionRecord, Timestamp};

use super::Alerting;
use super::endpoints::{EndpointChange, Kind, NewEndpoint};
use super::message::Message;
use super::rule::{Comparison, Number, Rule, Target, TargetKind};
use super::rules::Draft;
use crate::ask::funnel::FunnelStep;
use crate::config::WebhookConfig;
use crate::tests::fixture::{World, event, session};

const DEADLINE: Duration = Duration::from_secs(20);
const MINUTE: i64 = 60_000;
const EVIL: &str = "<!channel> <@U1> `x` <https://evil.example|click> www.evil.example\nSubject: x";

pub(super) fn delivery(id: &str) -> DeliveryRow {
    DeliveryRow {
        id: id.to_owned(),
        organization_id: "acme".to_owned(),
        target_kind: "webhook".to_owned(),
        target_id: "whk".to_owned(),
        alert_id: None,
        event: "test".to_owned(),
        content: "{}".to_owned(),
        state: "pending".to_owned(),
        attempts: 0,
        next_at: 0,
        claimed_until: 0,
        epoch: 0,
        status: None,
        failure: None,
        created_at: 0,
        finished_at: None,
    }
}

fn acme() -> OrganizationId {
    OrganizationId::new("acme").unwrap()
}

/// Reaches this receiver, and nothing else that is not public.
fn alerting(world: &World, site: &Site) -> Alerting {
    let config = WebhookConfig {
        allow_http: true,
        outbound: OutboundConfig {
            allowed_networks: vec!["127.0.0.1/32".parse().unwrap()],
            allowed_ports: vec![site.address.port()],
        },
    };
    let made = Alerting::new(&world.api.analytics, &World::keyring(&world.db), &config);
    made.unwrap().with_links_to("https://crow.example/")
}

async fn endpoint(alerting: &Alerting, kind: Kind, url: String) -> (Target, Option<String>) {
    let new = NewEndpoint {
        kind,
        name: "pager".to_owned(),
        url,
    };
    let (row, secret) = alerting
        .add_endpoint(&acme(), &Actor::system(), new)
        .await
        .unwrap();
    let target = Target {
        kind: TargetKind::Webhook,
        id: row.id,
    };
    (target, secret)
}

async fn add(alerting: &Alerting, rule: Rule, targets: &[Target]) -> AlertRow {
    let draft = Draft {
        name: "Shop <!here>".to_owned(),
        rule,
        targets: targets.to_vec(),
        tells_resolved: true,
        is_enabled: true,
    };
    alerting
        .add_rule(&acme(), &Actor::system(), draft)
        .await
        .unwrap()
}

fn rule(number: Number) -> Rule {
    Rule {
        number,
        condition: None,
        threshold: None,
        minimum: None,
        window_minutes: None,
        event_type: None,
        event_name: None,
        issue_id: None,
        steps: None,
    }
}

/// One turn of a rule, as a process that has nothing in memory; what it told.
async fn turn(alerting: &Alerting, id: &str, now: i64) -> Vec<String> {
    let db = &alerting.db;
    let row = alerts::claim(db, now).await.unwrap().unwrap();
    assert_eq!(row.id, id);
    let outcome = alerting.evaluate(&row, now).await;
    assert_eq!(outcome.failure, None);
    assert!(alerts::settle(db, &row, &outcome, now).await.unwrap());
    outcome
        .messages
        .iter()
        .map(|it| it.event.to_owned())
        .collect()
}

/// Sends what is due; returns the request and what came of it.
async fn send(alerting: &Alerting, now: i64) -> (DeliveryRow, Attempt) {
    let db = &alerting.db;
    let row = deliveries::claim(db, Way::Http, now)
        .await
        .unwrap()
        .unwrap();
    let attempt = alerting.attempt(&row, now).await.unwrap();
    assert!(deliveries::settle(db, &row, &attempt, now).await.unwrap());
    (row, attempt)
}

fn header<'a>(request: &'a str, name: &str) -> &'a str {
    let start = format!("{name}: ");
    let line = request.lines().find_map(|line| line.strip_prefix(&start));
    line.unwrap_or_else(|| panic!("{name} in {request}"))
}

fn body(request: &str) -> Value {
    let (_head, body) = request.split_once("\r\n\r\n").unwrap();
    serde_json::from_str(body).unwrap()
}

/// Verifies as docs/alerts.md says, and not with the code that signs.
fn verifies(secret: &str, request: &str) -> bool {
    let key = secret.strip_prefix("whsec_").unwrap();
    let key = data_encoding::BASE64.decode(key.as_bytes()).unwrap();
    let (_head, body) = request.split_once("\r\n\r\n").unwrap();
    let (id, at) = (
        header(request, "webhook-id"),
        header(request, "webhook-timestamp"),
    );
    let content = format!("{id}.{at}.{body}");
    let key = hmac::Key::new(hmac::HMAC_SHA256, &key);
    header(request, "webhook-signature").split(' ').any(|one| {
        let given = one.strip_prefix("v1,").unwrap();
        let given = data_encoding::BASE64.decode(given.as_bytes()).unwrap();
        hmac::verify(&key, content.as_bytes(), &given).is_ok()
    })
}

async fn fails(world: &World, id: &str, at: i64, message: &str) {
    let visit = SessionRecord {
        error_count: 1,
        ..session("acme", id, at)
    };
    let data = json!({ "name": "TypeError", "message": message, "stack": "" });
    let error = EventRecord {
        url: Some("https://shop.example/cart".to_owned()),
        data: data.to_string(),
        ..event(id, &format!("e{id}"), "error", at)
    };
    world.add(vec![visit], vec![error], vec![]).await;
}

#[actix_web::test]
async fn a_webhook_is_signed_and_its_secret_rotates_with_an_overlap() {
    let world = World::new().await;
    let site = Site::start(|_path| Reply::page("ok")).await;
    let alerting = alerting(&world, &site);
    let (target, secret) = endpoint(&alerting, Kind::Standard, site.url("/hook?key=k1")).await;
    let (by, now) = (&Actor::system(), Timestamp::now().0 + 1_000);
    let old = secret.unwrap();
    alerting.test(&acme(), by, &target.id).await.unwrap();
    let (row, attempt) = send(&alerting, now).await;
    assert_eq!(attempt, Attempt::Arrived { status: Some(200) });
    let first = site.asked().remove(0);
    assert!(first.starts_with("POST /hook?key=k1 "), "{first}");
    assert_eq!(header(&first, "webhook-id"), row.id);
    assert_eq!(
        header(&first, "webhook-timestamp"),
        (now / 1_000).to_string()
    );
    assert_eq!(body(&first)["type"], "test");
    assert_eq!(body(&first)["data"]["organizationId"], "acme");
    assert!(verifies(&old, &first), "{first}");

    let overlap = 3_600_000;
    let (of, id) = (acme(), target.id.as_str());
    let rotated = alerting.rotate_secret(&of, by, id, overlap).await;
    let new = rotated.unwrap().1.unwrap();
    for (at, by_old) in [(now, true), (now + overlap + 60_000, false)] {
        let which = (target.id.as_str(), row.id.as_str());
        alerting.replay(&acme(), by, which).await.unwrap();
        send(&alerting, at).await;
        let request = site.asked().pop().unwrap();
        assert_eq!(header(&request, "webhook-id"), row.id);
        let valid = (verifies(&new, &request), verifies(&old, &request));
        assert_eq!(valid, (true, by_old));
    }
    // Neither a row nor an answer has the secrets or the key in the URL.
    let stored = alerting.endpoints(&acme()).await.unwrap().remove(0);
    assert_eq!(stored.shown_url, site.url("/…"));
    let stored = format!("{stored:?} {}", String::from_utf8_lossy(&stored.sealed));
    assert!(
        !stored.contains("k1") && !stored.contains("hook?") && !stored.contains(&new[6..]),
        "{stored}"
    );
}

#[actix_web::test]
async fn what_fails_hangs_or_redirects_is_tried_again_and_nothing_of_the_answer_is_kept() {
    let world = World::new().await;
    let site = Site::start(|path| match path {
        "/redirect" => Reply::redirect("/ok"),
        "/hung" => Reply::Hung,
        "/broken" => Reply::Page(500, Vec::new(), b"secret of the network".to_vec()),
        _ => Reply::page("ok"),
    })
    .await;
    let mut alerting = alerting(&world, &site);
    alerting.patience = Duration::from_millis(200);
    let by = &Actor::system();
    let now = Timestamp::now().0 + 1_000;
    for (path, expected, why) in [
        ("/broken", Some(500), "HTTP status 500"),
        ("/redirect", Some(302), "redirects are not followed"),
        ("/hung", None, "it took longer than"),
    ] {
        let (target, _secret) = endpoint(&alerting, Kind::Standard, site.url(path)).await;
        alerting.test(&acme(), by, &target.id).await.unwrap();
        let (row, attempt) = send(&alerting, now).await;
        let Attempt::Failed {
            status,
            why: told,
            next_at: Some(next),
        } = attempt
        else {
            panic!("{path}: {attempt:?}");
        };
        assert_eq!(status, expected, "{path}");
        assert!(told.contains(why), "{told}");
        assert!((now + 5_000..=now + 5_500).contains(&next), "{next}");
        let page = alerting.deliveries(&acme(), &target.id, (None, 10)).await;
        let stored = format!("{:?}", page.unwrap().items);
        assert!(!stored.contains("secret of"), "{stored}");
        // The other process may have died before it stored this: it is sent with the same id.
        let (again, _failed) = send(&alerting, next).await;
        assert_eq!((again.id, again.attempts), (row.id, 1));
        alerting
            .remove_endpoint(&acme(), by, &target.id)
            .await
            .unwrap();
    }
    let reached = site.asked();
    assert_eq!(reached.len(), 6, "{reached:?}");
}

#[actix_web::test]
async fn without_its_master_key_it_counts_attempts_and_blames_no_endpoint() {
    let world = World::new().await;
    let site = Site::start(|_path| Reply::page("ok")).await;
    let (alerting, by) = (alerting(&world, &site), &Actor::system());
    let (target, _secret) = endpoint(&alerting, Kind::Standard, site.url("/hook")).await;
    alerting.test(&acme(), by, &target.id).await.unwrap();
    let refused = alerting.test(&acme(), by, &target.id).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Conflict, "one waits");
    let other = Alerting {
        keyring: World::keyring(&world.db),
        ..alerting.clone()
    };
    let now = Timestamp::now().0 + 1_000;
    let row = deliveries::claim(&world.db, Way::Http, now).await.unwrap();
    other.send(&row.unwrap()).await;
    let page = alerting.deliveries(&acme(), &target.id, (None, 10)).await;
    let stored = page.unwrap().items.remove(0);
    assert_eq!((stored.state.as_str(), stored.attempts), ("pending", 1));
    assert!(
        stored.failure.is_some() && stored.next_at > now,
        "{stored:?}"
    );
    let stored = alerting.endpoints(&acme()).await.unwrap().remove(0);
    assert_eq!(stored.failing_since, None);
    assert!(site.asked().is_empty());
}

#[actix_web::test]
async fn addresses_that_are_not_public_are_refused_before_and_when_it_connects() {
    let world = World::new().await;
    let strict = &world.api.alerting;
    for (url, why) in [
        ("http://hooks.example/", "https://"),
        ("ftp://hooks.example/", "https://"),
        ("https://127.0.0.1/", "no public address"),
        ("https://169.254.169.254/latest", "no public address"),
        ("https://[::ffff:10.0.0.1]/", "no public address"),
        ("https://0x7f.1/", "no public address"),
        ("https://user:x@hooks.example/", "user name"),
        ("https://hooks.example:22/", "port"),
        ("hooks", "no URL"),
    ] {
        let refused = strict.checked_url(url).unwrap_err();
        assert!(refused.contains(why), "{url}: {refused}");
    }
    assert!(strict.checked_url("https://hooks.example/x").is_ok());
    // The name is looked up when the message is sent.
    let (target, _secret) = endpoint(
        strict,
        Kind::Slack,
        "https://localhost/T0/B0/token".to_owned(),
    )
    .await;
    let by = &Actor::system();
    strict.test(&acme(), by, &target.id).await.unwrap();
    let (_row, attempt) = send(strict, Timestamp::now().0 + 1_000).await;
    let told = format!("{attempt:?}");
    assert!(told.contains("no public address"), "{told}");
    let shown = &strict.endpoints(&acme()).await.unwrap()[0];
    assert_eq!(shown.shown_url, "https://localhost/…");
    let change = EndpointChange {
        url: Some("https://10.0.0.1/".to_owned()),
        ..EndpointChange::default()
    };
    let refused = strict
        .change_endpoint(&acme(), by, &target.id, change)
        .await;
    assert!(refused.is_err());
}

#[actix_web::test]
async fn new_and_regressed_issues_are_told_once_and_their_titles_are_harmless() {
    let world = World::new().await;
    let site = Site::start(|_path| Reply::page("ok")).await;
    let alerting = alerting(&world, &site);
    let now = Timestamp::now().0;
    fails(&world, "old", now - 5_000, "known before").await;
    let (signed, _) = endpoint(&alerting, Kind::Standard, site.url("/signed")).await;
    let (slack, _) = endpoint(&alerting, Kind::Slack, site.url("/slack")).await;
    let new = add(&alerting, rule(Number::NewIssue), &[signed.clone(), slack]).await;
    let now = now + 1_000;
    assert!(turn(&alerting, &new.id, now).await.is_empty());
    // It happened an hour ago, and its batch arrives now.
    fails(&world, "late", now - 3_600_000, EVIL).await;
    let minute = |count: i64| now + count * MINUTE;
    assert_eq!(turn(&alerting, &new.id, minute(1)).await, ["issue.new"; 2]);
    assert!(turn(&alerting, &new.id, minute(2)).await.is_empty());

    for _target in 0..2 {
        let (row, attempt) = send(&alerting, minute(2)).await;
        assert_eq!(attempt, Attempt::Arrived { status: Some(200) });
        let message = Message::read(&alerting, &row).await.unwrap().unwrap();
        let (subject, text) = message.mail();
        assert_eq!(subject, "CROW: Shop <!here>: 1 new issue");
        assert!(text.contains("\n> TypeError:"), "{text}");
        for hostile in ["://evil", "www.evil", "evil.example", "\nSubject"] {
            assert!(!text.contains(hostile), "{hostile} in {text}");
        }
    }
    let asked = site.asked();
    let find = |path: &str| asked.iter().find(|it| it.contains(path)).unwrap();
    let told = body(find("POST /signed"));
    assert_eq!(
        (&told["type"], &told["data"]["issueCount"]),
        (&json!("issue.new"), &json!(1))
    );
    let issue = &told["data"]["issues"][0];
    let title = issue["title"].as_str().unwrap();
    assert!(title.starts_with("TypeError: <!channel>"), "{title}");
    assert!(!title.contains('\n'), "{title}");
    let id = issue["id"].as_str().unwrap();
    assert_eq!(
        issue["url"],
        format!("https://crow.example/app#/errors/{id}")
    );

    let text = body(find("POST /slack"))["text"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(
        text.starts_with("CROW: Shop &lt;!here&gt;: 1 new issue\n"),
        "{text}"
    );
    let line = text.lines().nth(1).unwrap();
    assert!(line.starts_with("• `TypeError:"), "{line}");
    for hostile in ["<!", "<@", "<https://evil", "www.evil", "`x`"] {
        assert!(!text.contains(hostile), "{hostile} in {text}");
    }
    assert!(line.ends_with(&format!("<https://crow.example/app#/errors/{id}|open>")));

    // A rule about regressions tells each of them once.
    let regressed = add(&alerting, rule(Number::RegressedIssue), &[signed]).await;
    let resolved = Decision {
        status: Some(Status::Resolved),
        assignee: None,
    };
    let by = Actor::system();
    decide(&world.db, &by, &acme(), id, &resolved)
        .await
        .unwrap();
    alerting.remove_rule(&acme(), &by, &new.id).await.unwrap();
    assert!(turn(&alerting, &regressed.id, minute(3)).await.is_empty());
    fails(&world, "again", Timestamp::now().0 + 60_000, EVIL).await;
    let told = turn(&alerting, &regressed.id, minute(4)).await;
    assert_eq!(told, ["issue.regressed"]);
    assert!(turn(&alerting, &regressed.id, minute(5)).await.is_empty());
}

/// Sessions with a click on `buy` each, one in each of `seconds` after `from`.
async fn buys(world: &World, from: i64, count: i64, name: &str) {
    let ids = (0..count).map(|number| (format!("{name}{from}-{number}"), from + number));
    let (mut sessions, mut events) = (Vec::new(), Vec::new());
    for (id, at) in ids {
        sessions.push(SessionRecord {
            last_event_at: at + 1,
            ..session("acme", &id, at)
        });
        events.push(event(&id, &format!("{id}-v"), "pageview", at));
        let buy = EventRecord {
            name: Some(name.to_owned()),
            ..event(&id, &format!("{id}-b"), "custom", at + 1)
        };
        events.push(buy);
    }
    world.add(sessions, events, vec![]).await;
}

#[actix_web::test]
async fn a_number_is_told_when_it_crosses_its_limit_and_when_it_is_back() {
    let world = World::new().await;
    let site = Site::start(|_path| Reply::page("ok")).await;
    let alerting = alerting(&world, &site);
    let (target, _secret) = endpoint(&alerting, Kind::Slack, site.url("/slack")).await;
    // The window of five minutes ends a minute before it is looked at.
    let end = Timestamp::now().0.div_euclid(MINUTE) * MINUTE;
    let now = end + MINUTE;
    for before in 2..=4 {
        buys(&world, end - before * 5 * MINUTE, 4, "buy").await;
    }
    buys(&world, end - 5 * MINUTE, 12, "buy").await;
    buys(&world, end - MINUTE, 1, "look").await;
    let step = |kind: &str, name: Option<&str>| FunnelStep {
        r#type: kind.to_owned(),
        name: name.map(str::to_owned),
        url: None,
        label: None,
    };
    let compared = |number, condition, threshold, minimum| Rule {
        condition: Some(condition),
        threshold: Some(threshold),
        minimum: Some(minimum),
        window_minutes: Some(5),
        ..rule(number)
    };
    let event = Rule {
        event_type: Some("custom".to_owned()),
        event_name: Some("buy".to_owned()),
        ..compared(Number::Event, Comparison::Above, 11.0, 1)
    };
    let conversion = Rule {
        steps: Some(vec![step("pageview", None), step("custom", Some("buy"))]),
        ..compared(Number::Conversion, Comparison::Below, 95.0, 13)
    };
    for (rule, value, is_told) in [
        // The median of the seven windows before is 0: four of them are empty.
        (
            compared(Number::Sessions, Comparison::Spike, 50.0, 13),
            13.0,
            true,
        ),
        (
            compared(Number::Sessions, Comparison::Spike, 50.0, 14),
            13.0,
            false,
        ),
        (
            compared(Number::Sessions, Comparison::Drop, 50.0, 1),
            13.0,
            false,
        ),
        (
            compared(Number::Errors, Comparison::Above, 0.0, 1),
            0.0,
            false,
        ),
        (event, 12.0, true),
        (conversion, 1_200.0 / 13.0, true),
    ] {
        let row = add(&alerting, rule.clone(), std::slice::from_ref(&target)).await;
        let expected: &[&str] = if is_told { &["alert.firing"] } else { &[] };
        assert_eq!(turn(&alerting, &row.id, now).await, expected, "{rule:?}");
        let stored = alerts::find(&world.db, &acme(), &row.id).await.unwrap();
        let stored = stored.unwrap();
        assert!((stored.value.unwrap() - value).abs() < 1e-9, "{stored:?}");
        // Once for each crossing.
        let again = alerting.evaluate(&stored, now + 1).await;
        assert!(again.messages.is_empty(), "{again:?}");
        // Later there is nothing. Too few sessions say nothing about a share.
        let is_back = is_told && rule.number != Number::Conversion;
        let expected: &[&str] = if is_back { &["alert.resolved"] } else { &[] };
        let later = turn(&alerting, &row.id, now + 30 * MINUTE).await;
        assert_eq!(later, expected, "{rule:?}");
        alerting
            .remove_rule(&acme(), &Actor::system(), &row.id)
            .await
            .unwrap();
    }
    send(&alerting, now).await;
    let told = body(&site.asked()[0])["text"].as_str().unwrap().to_owned();
    let line = "Sessions in 5 minutes: 13. The limit is 13 or more, the minimum of this alert.";
    assert!(told.contains(line), "{told}");
}

#[actix_web::test]
async fn the_loops_tell_and_a_slow_endpoint_delays_no_other() {
    let world = World::new().await;
    let site = Site::start(|path| match path {
        "/hung" => Reply::Hung,
        _ => Reply::page("ok"),
    })
    .await;
    let alerting = alerting(&world, &site);
    let (slow, _) = endpoint(&alerting, Kind::Standard, site.url("/hung")).await;
    let (other, _) = endpoint(&alerting, Kind::Standard, site.url("/ok")).await;
    add(&alerting, rule(Number::NewIssue), &[slow, other]).await;
    fails(&world, "x", Timestamp::now().0, "boom").await;
    let shutdown = Shutdown::new();
    // Two replicas.
    for _replica in 0..2 {
        shutdown.spawn("watch", alerting.clone().watch(shutdown.clone()));
        shutdown.spawn("deliver", alerting.clone().deliver(shutdown.clone()));
    }
    let paths = || -> Vec<String> {
        let asked = site.asked();
        let path = |request: &String| {
            let url = Url::parse(&site.url(request.split(' ').nth(1).unwrap()));
            url.unwrap().path().to_owned()
        };
        asked.iter().map(path).collect()
    };
    eventually("both messages", DEADLINE, async || {
        let asked = paths();
        let has = |path: &str| asked.iter().any(|it| it == path);
        (has("/ok") && has("/hung")).then_some(())
    })
    .await;
    let all = paths();
    assert_eq!(all.iter().filter(|it| *it == "/ok").count(), 1, "{all:?}");
    shutdown.start();
}

#[actix_web::test]
async fn rules_that_make_no_sense_are_refused() {
    let world = World::new().await;
    let alerting = &world.api.alerting;
    let whole = json!({ "number": "sessions", "condition": "spike", "threshold": 50 });
    let with = |name: &str, value: Value| {
        let mut rule = whole.clone();
        rule[name] = value;
        rule
    };
    let check = |rule: Value| {
        let rule: Rule = serde_json::from_value(rule).unwrap();
        rule.check().map(drop).map_err(|error| error.to_string())
    };
    assert_eq!(check(whole.clone()), Ok(()));
    for (rule, name) in [
        (json!({ "number": "sessions" }), "condition"),
        (json!({ "number": "newIssue", "minimum": 1 }), "minimum"),
        (
            json!({ "number": "event", "condition": "above", "threshold": 1 }),
            "eventType",
        ),
        (
            json!({ "number": "issue", "condition": "above", "threshold": 1 }),
            "issueId",
        ),
        (with("threshold", json!(0)), "threshold"),
        (with("minimum", json!(0)), "minimum"),
        (with("condition", json!("drop")), ""),
        (with("windowMinutes", json!(4)), "windowMinutes"),
        (with("windowMinutes", json!(1_441)), "windowMinutes"),
        (with("eventName", json!("x")), "eventName"),
        (with("number", json!("conversion")), "steps"),
    ] {
        let refused = check(rule.clone());
        match name {
            "" => assert_eq!(refused, Ok(()), "{rule}"),
            name => assert!(
                refused.clone().unwrap_err().contains(name),
                "{rule} {refused:?}"
            ),
        }
    }
    for (kind, id) in [
        (TargetKind::Webhook, "whk_none"),
        (TargetKind::User, "usr_none"),
    ] {
        let draft = Draft {
            name: "x".to_owned(),
            rule: rule(Number::NewIssue),
            targets: vec![Target {
                kind,
                id: id.to_owned(),
            }],
            tells_resolved: false,
            is_enabled: true,
        };
        let refused = alerting.add_rule(&acme(), &Actor::system(), draft).await;
        assert!(refused.unwrap_err().message.contains("targets"));
    }
}

//! Messages on their way to a receiver, and who may be one.

use std::time::Duration;

use ring::hmac;
use url::Url;

use crow_runtime::Shutdown;
use crow_testkit::wait::eventually;
use crow_types::ErrorCode;

use super::*;
use crate::alerting::endpoints::EndpointChange;

const DEADLINE: Duration = Duration::from_secs(20);

fn header<'a>(request: &'a str, name: &str) -> &'a str {
    let start = format!("{name}: ");
    let line = request.lines().find_map(|line| line.strip_prefix(&start));
    line.unwrap_or_else(|| panic!("{name} in {request}"))
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

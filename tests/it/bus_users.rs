//! What each service may do on the bus, by `deploy/nats-users.conf`. All other tests of this
//! folder run with these users, so what a service needs is tested there.

use std::collections::BTreeSet;
use std::time::Duration;

use async_nats::Client;
use crow_testkit::nats::{NatsOptions, NatsServer};
use crow_testkit::paths;
use futures::StreamExt;

/// A subject of every kind.
const SUBJECTS: [&str; 13] = [
    "crow.events.0",
    "crow.interaction.web",
    "crow.cctv.batch",
    "crow.dlq.events.0",
    "crow.dlq.completions",
    "crow.live.acme.visit",
    "crow.watch.0",
    "crow.notice",
    "crow.notifications",
    "crow.stored.interaction",
    "crow.keys.revoked",
    "$JS.API.STREAM.DELETE.CROW_EVENTS_0",
    "$JS.API.STREAM.MSG.GET.CROW_EVENTS_0",
];

#[tokio::test(flavor = "multi_thread")]
async fn a_service_sends_only_what_is_its_own() {
    let nats = start().await;
    for (user, allowed) in [
        ("crow-ingest", vec!["crow.events.0"]),
        (
            "crow-session",
            vec![
                "crow.interaction.web",
                "crow.dlq.events.0",
                "crow.dlq.completions",
                "crow.live.acme.visit",
                "crow.notice",
                "crow.notifications",
                "$JS.API.STREAM.DELETE.CROW_EVENTS_0",
                "$JS.API.STREAM.MSG.GET.CROW_EVENTS_0",
            ],
        ),
        ("crow-gateway", vec![]),
        (
            "crow-interaction",
            vec![
                "crow.dlq.events.0",
                "crow.dlq.completions",
                "crow.stored.interaction",
            ],
        ),
        (
            "crow-query",
            vec![
                "crow.events.0",
                "crow.interaction.web",
                "crow.cctv.batch",
                "crow.watch.0",
                "crow.keys.revoked",
                "crow.notifications",
                "crow.dlq.completions",
            ],
        ),
    ] {
        assert_eq!(
            sent_by(&nats, user).await,
            BTreeSet::from_iter(allowed),
            "{user}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_hears_only_what_is_its_own() {
    let nats = start().await;
    for (user, allowed) in [
        (
            "crow-ingest",
            vec!["crow.watch.0", "crow.notice", "crow.keys.revoked"],
        ),
        ("crow-session", vec!["crow.watch.0"]),
        (
            "crow-query",
            vec!["crow.live.acme.visit", "crow.keys.revoked"],
        ),
    ] {
        assert_eq!(
            heard_by(&nats, user).await,
            BTreeSet::from_iter(allowed),
            "{user}"
        );
    }
}

async fn start() -> NatsServer {
    let options = NatsOptions {
        users: Some(paths::workspace_root().join("deploy/nats-users.conf")),
        ..NatsOptions::default()
    };
    NatsServer::start(options).await.unwrap()
}

async fn connect(nats: &NatsServer, user: &str) -> Client {
    async_nats::ConnectOptions::new()
        .user_and_password(user.to_owned(), user.to_owned())
        .custom_inbox_prefix(format!("_INBOX.{user}"))
        .connect(nats.url())
        .await
        .unwrap()
}

/// The subjects whose messages arrive when the user sends one to each.
async fn sent_by(nats: &NatsServer, user: &str) -> BTreeSet<&'static str> {
    let all = connect(nats, "crow").await;
    let mut heard = all.subscribe(">").await.unwrap();
    has_handled(&all, "crow", &all).await;
    let client = connect(nats, user).await;
    for subject in SUBJECTS {
        client
            .publish(subject, "from the user".into())
            .await
            .unwrap();
    }
    has_handled(&client, user, &all).await;
    all.publish("end", "".into()).await.unwrap();
    let mut seen = BTreeSet::new();
    loop {
        let message = next(&mut heard).await;
        match SUBJECTS
            .iter()
            .find(|subject| **subject == message.subject.as_str())
        {
            Some(subject) => {
                seen.insert(*subject);
            }
            None if message.subject.as_str() == "end" => return seen,
            None => {}
        }
    }
}

/// The subjects that the user hears when somebody sends a message to each.
async fn heard_by(nats: &NatsServer, user: &str) -> BTreeSet<&'static str> {
    let client = connect(nats, user).await;
    let mut subscriptions = Vec::new();
    for subject in SUBJECTS {
        subscriptions.push((subject, client.subscribe(subject).await.unwrap()));
    }
    let end = format!("_INBOX.{user}.end");
    let mut ended = client.subscribe(end.clone()).await.unwrap();
    let all = connect(nats, "crow").await;
    has_handled(&client, user, &all).await;
    for subject in SUBJECTS {
        all.publish(subject, "for the user".into()).await.unwrap();
    }
    all.publish(end, "".into()).await.unwrap();
    next(&mut ended).await;
    let mut seen = BTreeSet::new();
    for (subject, mut messages) in subscriptions {
        // What was sent before the last message is here already.
        if let Some(Some(_message)) = futures::FutureExt::now_or_never(messages.next()) {
            seen.insert(subject);
        }
    }
    seen
}

/// Waits until the server has handled all that the client sent: it handles a connection's commands
/// in order, so then a subscription made now is heard.
async fn has_handled(client: &Client, user: &str, all: &Client) {
    let subject = format!("_INBOX.{user}.handled");
    let mut heard = client.subscribe(subject.clone()).await.unwrap();
    crow_testkit::wait::until("the subscription", Duration::from_secs(20), async || {
        all.publish(subject.clone(), "".into()).await.unwrap();
        all.flush().await.unwrap();
        let message = tokio::time::timeout(Duration::from_millis(50), heard.next()).await;
        message.ok().flatten()
    })
    .await
    .unwrap();
}

async fn next(messages: &mut async_nats::Subscriber) -> async_nats::Message {
    let waiting = tokio::time::timeout(Duration::from_secs(20), messages.next());
    waiting.await.expect("no message").expect("closed")
}

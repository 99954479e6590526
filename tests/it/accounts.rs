//! Accounts of `crow serve`: the first link, users on the command line, and the audit log.

use std::time::Duration;

use reqwest::Client;
use serde_json::{Value, json};

use crate::client::http;
use crate::commands::{run, succeed, text};
use crate::single::Single;
use crate::system::ORGANIZATION;

/// How long a stop may take.
const GRACE: Duration = Duration::from_secs(30);

/// The token in a printed link.
fn token(said: &str) -> String {
    let line = said.lines().find(|line| line.contains("/app#/accept/"));
    let line = line.unwrap_or_else(|| panic!("no link in: {said}"));
    let token = line.rsplit('/').next().unwrap();
    token.trim().to_owned()
}

/// Uses a link; the cookie of the sign-in.
async fn accept(client: &Client, url: &str, body: &Value) -> String {
    let url = format!("{url}/auth/invitation/accept");
    let answer = client.post(url).json(body).send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 200, "{:?}", answer.text().await);
    let cookie = answer.headers()["set-cookie"].to_str().unwrap();
    cookie.split(';').next().unwrap().to_owned()
}

async fn status(client: &Client, url: &str, cookie: &str) -> u16 {
    let request = client.get(url).header("Cookie", cookie);
    request.send().await.unwrap().status().as_u16()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_printed_link_makes_the_owner_and_a_disabled_user_is_out_at_once() {
    let mut single = Single::new(&[]);
    let addresses = single.start(None).await;
    let url = addresses.query.as_str();
    let client = http();
    let printed = single.process.as_ref().unwrap().log_tail(200);
    let first = json!({
        "token": token(&printed), "password": "a long password", "name": "Ann",
        "email": "ann@shop.example", "organizationId": ORGANIZATION,
    });
    let ann = accept(&client, url, &first).await;
    let audit = format!("{url}/admin/{ORGANIZATION}/audit");
    assert_eq!(status(&client, &audit, &ann).await, 200);

    let invite = ["users", "invite", "--org", ORGANIZATION];
    let invite = [
        &invite[..],
        &["--email", "bob@shop.example", "--role", "member"],
    ]
    .concat();
    let printed = succeed(single.command(&invite));
    let second = json!({ "token": token(&printed), "password": "another password", "name": "Bob" });
    let bob = accept(&client, url, &second).await;
    let sessions = format!("{url}/sessions/{ORGANIZATION}");
    assert_eq!(status(&client, &sessions, &bob).await, 200);
    assert_eq!(status(&client, &audit, &bob).await, 403);

    succeed(single.command(&["users", "disable", "bob@shop.example"]));
    assert_eq!(status(&client, &sessions, &bob).await, 401);
    let last = run(single.command(&["users", "disable", "ann@shop.example"]));
    assert!(!last.status.success() && text(&last).contains("last owner"));
    let listed = succeed(single.command(&["users", "list", "--org", ORGANIZATION]));
    assert!(
        listed.contains("disabled  member  bob@shop.example"),
        "{listed}"
    );

    let verified = succeed(single.command(&["audit", "verify"]));
    let head = verified.trim().rsplit(' ').next().unwrap().to_owned();
    assert!(verified.contains("acme: whole, last entry"), "{verified}");
    let again = ["audit", "verify", "--org", ORGANIZATION, "--head", &head];
    succeed(single.command(&again));
    let other = head.replace(':', ":0");
    let wrong = run(single.command(&["audit", "verify", "--org", ORGANIZATION, "--head", &other]));
    assert!(!wrong.status.success() && text(&wrong).contains("BROKEN"));
    // So that it also stops its nats-server.
    let process = single.process.as_mut().unwrap();
    process.terminate(GRACE).await.unwrap();
}

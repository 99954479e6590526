//! Passkeys, as a browser uses them.

use actix_web::http::Method;
use serde_json::{Value, json};

use crow_testkit::authenticator::Authenticator;

use super::fixture::{PUBLIC_URL, World};
use super::signed_in::Browser;
use super::walk::browser;

async fn start(browser: &Browser<'_>, path: &str) -> (Value, Value) {
    let (status, mut asked) = browser.change(Method::POST, path, None).await;
    assert_eq!(status, 200, "{asked}");
    (asked["token"].take(), asked["options"].take())
}

async fn add(browser: &Browser<'_>, device: &mut Authenticator) -> Value {
    let (token, options) = start(browser, "/auth/passkeys/start").await;
    let credential = device.register(&options);
    let body = json!({ "token": token, "name": "Phone", "credential": credential });
    let (status, made) = browser
        .change(Method::POST, "/auth/passkeys", Some(body))
        .await;
    assert_eq!(status, 201, "{made}");
    made
}

#[actix_web::test]
async fn a_passkey_signs_its_user_in_until_it_is_removed() {
    let world = World::new().await;
    let ann = browser(&world, "user member").await;
    let mut device = Authenticator::new(PUBLIC_URL);
    let made = add(&ann, &mut device).await;
    assert_eq!(made["lastUsedAt"], Value::Null);

    let mut elsewhere = Browser::new(&world);
    let (token, options) = start(&elsewhere, "/auth/passkey/start").await;
    let body = json!({ "token": token, "credential": device.sign(&options) });
    let view = elsewhere.begin("/auth/passkey", body.clone()).await;
    assert_eq!(view["user"]["email"], "member@acme.example");
    assert_eq!(view["organizationId"], "acme");
    let again = Browser::new(&world)
        .change(Method::POST, "/auth/passkey", Some(body))
        .await;
    assert_eq!(again.0, 409, "{}", again.1);

    let path = format!("/auth/passkeys/{}", made["id"].as_str().unwrap());
    let renamed = elsewhere.change(Method::PUT, &path, Some(json!({ "name": "Key" })));
    assert_eq!(renamed.await.0, 204);
    let (_, listed) = ann.get("/auth/passkeys").await;
    let listed = listed["passkeys"].as_array().unwrap();
    assert_eq!((listed.len(), &listed[0]["name"]), (1, &json!("Key")));
    assert!(listed[0]["lastUsedAt"].is_i64());
    let stored = ["id", "name", "createdAt", "lastUsedAt"];
    assert_eq!(listed[0].as_object().unwrap().len(), stored.len());

    let owner = browser(&world, "user owner").await;
    assert_eq!(owner.change(Method::DELETE, &path, None).await.0, 404);
    assert_eq!(ann.change(Method::DELETE, &path, None).await.0, 204);
    let (token, options) = start(&elsewhere, "/auth/passkey/start").await;
    let body = json!({ "token": token, "credential": device.sign(&options) });
    let refused = elsewhere.change(Method::POST, "/auth/passkey", Some(body));
    assert_eq!(refused.await.0, 401);
}

#[actix_web::test]
async fn an_answer_that_is_too_long_or_no_json_is_refused() {
    let world = World::new().await;
    let nobody = Browser::new(&world);
    let long = json!({ "token": "t", "credential": "x".repeat(33 << 10) });
    let text = json!({ "token": "t", "credential": "x" });
    for (body, status) in [(long, 413), (text, 400)] {
        let refused = nobody.change(Method::POST, "/auth/passkey", Some(body));
        assert_eq!(refused.await.0, status);
    }
}

#[actix_web::test]
async fn an_address_asks_for_so_many_challenges_and_not_more() {
    let world = World::new().await;
    let nobody = Browser::new(&world);
    let ask = || nobody.change(Method::POST, "/auth/passkey/start", None);
    for _time in 0..120 {
        assert_eq!(ask().await.0, 200);
    }
    assert_eq!(ask().await.0, 429);
    let answer = json!({ "token": "t", "credential": {} });
    let refused = nobody.change(Method::POST, "/auth/passkey", Some(answer));
    assert_eq!(refused.await.0, 429);
}

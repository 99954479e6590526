//! Sign-in with a provider, as a browser sees it.

use actix_web::http::Method;
use serde_json::json;

use crow_accounts::{Oidc, OidcConfig};

use super::fixture::{PUBLIC_URL, World};
use super::signed_in::Browser;

/// Nothing listens there.
const NOBODY: &str = "http://127.0.0.1:1";

fn with_provider(world: &mut World) -> tempfile::TempDir {
    crow_runtime::install_crypto();
    let folder = tempfile::tempdir().unwrap();
    let client_secret_file = folder.path().join("secret");
    std::fs::write(&client_secret_file, "a secret for tests, long").unwrap();
    let config = OidcConfig {
        issuer: NOBODY.to_owned(),
        name: "Shop account".to_owned(),
        client_id: "crow".to_owned(),
        client_secret_file,
        allowed_domains: vec!["shop.example".to_owned()],
        enforced_domains: vec!["shop.example".to_owned()],
        organization: "acme".to_owned(),
        ..OidcConfig::default()
    };
    let oidc = Oidc::new(&config, PUBLIC_URL).unwrap();
    world.accounts = world.accounts.clone().with_oidc(oidc);
    folder
}

#[actix_web::test]
async fn the_page_learns_of_the_provider_and_passwords_of_its_people_are_refused() {
    let mut world = World::new().await;
    let nothing = Browser::new(&world).get("/auth/ways").await;
    let origin = json!(PUBLIC_URL);
    let expected = json!({ "provider": null, "passkeyOrigin": origin });
    assert_eq!(nothing, (200, expected));
    let _folder = with_provider(&mut world);
    let browser = Browser::new(&world);
    let provider = json!({ "name": "Shop account", "startUrl": "/auth/oidc/start" });
    let ways = browser.get("/auth/ways").await;
    let expected = json!({ "provider": provider, "passkeyOrigin": origin });
    assert_eq!(ways, (200, expected));
    let body = json!({ "email": "ann@shop.example", "password": "a long password" });
    let refused = browser
        .change(Method::POST, "/auth/password", Some(body))
        .await;
    assert_eq!(refused.0, 403);
    let told = refused.1["error"]["message"].as_str().unwrap();
    assert!(told.contains("provider"), "{told}");
}

#[actix_web::test]
async fn a_browser_is_sent_to_the_dashboard_with_the_reason() {
    let mut world = World::new().await;
    let _folder = with_provider(&mut world);
    let mut browser = Browser::new(&world);
    for (path, cookie, problem) in [
        ("/auth/oidc/start?next=/app", "", "unavailable"),
        ("/auth/oidc/callback?code=c&state=s&iss=x", "", "expired"),
        (
            "/auth/oidc/callback?code=c&state=s",
            "__Host-crow_oidc=forged",
            "expired",
        ),
        (
            "/auth/oidc/callback?error=access_denied",
            "__Host-crow_oidc=x",
            "denied",
        ),
    ] {
        browser.headers = vec![("cookie", cookie.to_owned())];
        let (location, cookies) = browser.redirected(path).await;
        assert_eq!(location, format!("/app?signInProblem={problem}"), "{path}");
        let ended = "__Host-crow_oidc=; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=0";
        assert_eq!(cookies, [ended], "{path}");
    }
}

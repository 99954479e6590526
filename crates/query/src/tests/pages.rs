//! Pages that an organization opens to the role `marketing`, and the routes behind them.

use actix_web::http::Method;
use serde_json::{Value, json};

use crow_auth::Scope;
use crow_types::settings::DashboardPage as Page;

use super::fixture::{World, session};
use super::signed_in::Browser;
use super::walk::{NEEDS, browser, filled, operations};

/// The pages that show the answer of each operation with the scope `analytics`. Empty: it is about
/// the caller's own things, which no page limits.
const SHOWN_ON: &[(&str, &[Page])] = &[
    ("list_sessions", &[Page::Sessions]),
    ("list_people", &[Page::Sessions]),
    ("get_session", &[Page::Sessions]),
    ("facets", &Page::ALL),
    ("overview", &[Page::Overview]),
    ("top", &[Page::Overview]),
    ("events", &[Page::Events]),
    ("journeys", &[Page::Journeys]),
    ("heatmap", &[Page::Heatmaps]),
    ("pages", &[Page::Journeys, Page::Heatmaps]),
    ("retention", &[Page::Retention]),
    ("vitals", &[Page::Vitals]),
    ("list_filters", &[]),
    ("save_filter", &[]),
    ("change_filter", &[]),
    ("remove_filter", &[]),
    // What a tile asks is another operation.
    ("list_dashboards", &[]),
    ("create_dashboard", &[]),
    ("get_dashboard", &[]),
    ("change_dashboard", &[]),
    ("remove_dashboard", &[]),
    ("list_notifications", &[]),
    ("read_notifications", &[]),
    ("read_notification", &[]),
];

/// An organization with a session, and somebody who changes its settings.
struct Shop<'a> {
    world: &'a World,
    admin: Browser<'a>,
    version: i64,
}

impl<'a> Shop<'a> {
    async fn new(world: &'a World) -> Self {
        let now = crow_types::Timestamp::now().0;
        let one = session("acme", "a", now - 60_000);
        world.add(vec![one], vec![], vec![]).await;
        let mut admin = Browser::new(world);
        let key = world.key("acme", Scope::Admin).await;
        admin.sign_in(&key).await;
        Self {
            world,
            admin,
            version: 0,
        }
    }

    async fn open(&mut self, pages: Value) {
        let body =
            json!({ "version": self.version, "settings": { "marketingPages": pages.clone() } });
        let place = "/admin/acme/settings";
        let (status, changed) = self.admin.change(Method::PUT, place, Some(body)).await;
        assert_eq!(status, 200, "{changed}");
        assert_eq!(changed["settings"]["marketingPages"], pages);
        self.version += 1;
    }
}

/// What an operation answers, asked well.
async fn ask(browser: &Browser<'_>, id: &str) -> (u16, Value) {
    let operation = operations()
        .into_iter()
        .find(|operation| operation.id == id)
        .unwrap();
    let path = filled(&operation.path, "acme").replace("acme/none", "acme/a");
    let query = match id {
        "top" => "?dimension=country",
        "heatmap" => "?page=%2F",
        _ => "",
    };
    let body = operation.has_body.then(|| json!({}));
    let path = format!("{path}{query}");
    browser.change(operation.method, &path, body).await
}

#[test]
fn every_operation_that_marketing_may_use_is_on_a_page_or_its_own() {
    let with_analytics = NEEDS
        .iter()
        .filter(|(_, scope)| *scope == Scope::Analytics)
        .map(|(id, _)| *id);
    let mut needed: Vec<&str> = with_analytics.collect();
    let mut listed: Vec<&str> = SHOWN_ON.iter().map(|(id, _)| *id).collect();
    needed.sort_unstable();
    listed.sort_unstable();
    assert_eq!(needed, listed);
}

#[actix_web::test]
async fn marketing_gets_the_open_pages_and_nothing_else() {
    let world = World::new().await;
    let mut shop = Shop::new(&world).await;
    let marketing = browser(&world, "user marketing").await;
    for page in Page::ALL {
        shop.open(json!([page])).await;
        for (id, pages) in SHOWN_ON {
            let (status, answer) = ask(&marketing, id).await;
            if pages.is_empty() {
                let message = answer.to_string();
                assert!(!message.contains("marketingPages"), "{id}: {message}");
                continue;
            }
            let expected = if pages.contains(&page) { 200 } else { 403 };
            assert_eq!(status, expected, "{id} with {page}: {answer}");
        }
    }
}

#[actix_web::test]
async fn a_closed_page_is_refused_with_a_reason() {
    let world = World::new().await;
    let mut shop = Shop::new(&world).await;
    let marketing = browser(&world, "user marketing").await;
    assert_eq!(ask(&marketing, "vitals").await.0, 200, "all, unless set");
    shop.open(json!(["overview"])).await;
    let (status, refused) = ask(&marketing, "pages").await;
    assert_eq!(status, 403);
    assert_eq!(refused["error"]["code"], "forbidden");
    let message = refused["error"]["message"].as_str().unwrap();
    assert!(
        message.contains("add journeys or heatmaps to the setting `marketingPages`"),
        "{message}"
    );
    let (_, signed_in) = marketing.get("/auth/session").await;
    assert_eq!(signed_in["pages"], json!(["overview"]));
    shop.open(json!([])).await;
    assert_eq!(ask(&marketing, "overview").await.0, 403);
    let (_, signed_in) = marketing.get("/auth/session").await;
    assert_eq!(signed_in["pages"], json!([]));
    shop.open(Value::Null).await;
    assert_eq!(ask(&marketing, "pages").await.0, 200);
    let (_, signed_in) = marketing.get("/auth/session").await;
    assert_eq!(signed_in["pages"], Value::Null);
}

#[actix_web::test]
async fn other_roles_and_keys_and_organizations_are_not_limited() {
    let world = World::new().await;
    let mut shop = Shop::new(&world).await;
    shop.open(json!([])).await;
    for name in [
        "key analytics",
        "key read",
        "user member",
        "user admin",
        "user owner",
    ] {
        let browser = browser(shop.world, name).await;
        for (id, pages) in SHOWN_ON {
            if !pages.is_empty() {
                let (status, answer) = ask(&browser, id).await;
                assert_eq!(status, 200, "{id} as {name}: {answer}");
            }
        }
        if name.starts_with("user") {
            let (_, signed_in) = browser.get("/auth/session").await;
            assert_eq!(signed_in["pages"], Value::Null, "{name}");
        }
    }
    let mut rival = Browser::new(&world);
    let key = world.key("rival", Scope::Admin).await;
    rival.sign_in(&key).await;
    let (_, settings) = rival.get("/admin/rival/settings").await;
    assert_eq!(settings["settings"]["marketingPages"], Value::Null);
}

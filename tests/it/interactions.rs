//! A visit to the demo shop becomes an interaction with the products that it was about.

use crow_proto::api::interaction_service_client::InteractionServiceClient;
use crow_proto::api::product_service_client::ProductServiceClient;
use crow_proto::api::{
    GetProductRequest, Interaction, InteractionFilter, ListInteractionsRequest, Product,
};
use crow_testkit::wait::eventually;
use serde_json::{Value, json};
use tonic::transport::Channel;
use tonic::{Code, Request};

use crate::client::{VISIBLE, http, now_ms};
use crate::system::{Database, ORGANIZATION, Objects, System};

mod killed;

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_becomes_an_interaction_with_its_products_on_sqlite() {
    a_visit_becomes_an_interaction_with_its_products(Database::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_becomes_an_interaction_with_its_products_on_postgres() {
    a_visit_becomes_an_interaction_with_its_products(Database::Postgres).await;
}

async fn a_visit_becomes_an_interaction_with_its_products(database: Database) {
    let system = System::start(database, Objects::Disk, &[]).await;
    let (_interactions, _url) = system.another("interaction").await;
    create_products(&system).await;
    assert_eq!(system.post("/batch", &visit()).await.0, 202);
    let end = json!({ "sessionId": "shopper", "sentAt": now_ms() });
    assert_eq!(system.post("/session/end", &end).await.0, 202);

    let path = format!("/api/v1/interactions/organization/{ORGANIZATION}?product=brass-lamp");
    let found = eventually("the interaction", VISIBLE, async || {
        let (status, page) = ask(&system, &path).await;
        assert_eq!(status, 200, "{page}");
        page["interactions"].get(0).cloned()
    })
    .await;
    check_rest(&found);
    check_grpc(&system, &found).await;

    let path = format!("/api/v1/products/organization/{ORGANIZATION}/activity");
    let (_status, activity) = ask(&system, &path).await;
    // The kettle was only looked at.
    let product = |id: &str, name: &str, added: i64| {
        json!({
            "id": id, "name": name, "interactions": 1, "views": 1, "added": added, "purchased": 0,
            "abandoned": added,
        })
    };
    let products = activity["products"].as_array().unwrap();
    for known in [
        product("brass-lamp", "Brass lamp", 1),
        product("K-1", "Copper kettle", 0),
    ] {
        assert!(products.contains(&known), "{activity}");
    }
}

/// What the shop sends when somebody looks at a lamp and a kettle, and puts the lamp into the cart.
pub fn visit() -> Value {
    let now = now_ms();
    let event = |id: u8, ago: i64, kind: &str, path: &str, data: Value| {
        json!({
            "id": format!("e{id}"), "type": kind, "timestamp": now - ago,
            "url": format!("https://shop.example{path}"), "data": data,
        })
    };
    let mut added = event(
        4,
        10_000,
        "custom",
        "/product/brass-lamp",
        json!({ "productId": "brass-lamp", "price": 129 }),
    );
    added["name"] = json!("add_to_cart");
    let kettle = json!({ "title": "Copper kettle" });
    let lamp = json!({ "title": "Brass lamp" });
    json!({
        "sessionId": "shopper", "windowId": "w", "seq": 0, "sentAt": now,
        "sdk": { "name": "crow-js", "version": "1.0.0", "platform": "web" },
        "context": { "url": "https://shop.example/", "viewport": [1280, 720] },
        "events": [
            event(1, 60_000, "pageview", "/", json!({ "title": "Corvid Supply" })),
            event(2, 50_000, "pageview", "/product/copper-kettle", kettle),
            event(3, 30_000, "pageview", "/product/brass-lamp", lamp),
            added,
            event(5, 5_000, "pageview", "/cart", json!({ "title": "Cart" })),
        ],
    })
}

async fn create_products(system: &System) {
    let key = system.create_key(ORGANIZATION, "admin");
    let url = format!(
        "{}/api/v1/products/organization/{ORGANIZATION}",
        system.query_url
    );
    for product in [
        json!({ "id": "brass-lamp", "name": "Brass lamp", "priceMinor": 12_900, "currency": "EUR" }),
        json!({ "id": "K-1", "name": "Copper kettle", "url": "https://shop.example/product/copper-kettle" }),
        json!({ "id": "mug", "name": "Enamel mug" }),
    ] {
        let request = http().post(&url).bearer_auth(&key).json(&product);
        assert_eq!(request.send().await.unwrap().status(), 201);
    }
}

pub async fn ask(system: &System, path: &str) -> (u16, Value) {
    let request = http().get(format!("{}{path}", system.query_url));
    let answer = request.bearer_auth(&system.read_key).send().await.unwrap();
    (
        answer.status().as_u16(),
        answer.json().await.unwrap_or_default(),
    )
}

fn check_rest(found: &Value) {
    assert_eq!(found["summarySource"], "rules/1", "{found}");
    assert_eq!(found["intent"], "cart", "{found}");
    let matched: Vec<[&Value; 3]> = found["evidence"]["match"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| [&it["productId"], &it["name"], &it["by"]])
        .collect();
    let [kettle, lamp] = [
        ["K-1", "Copper kettle", "path"],
        ["brass-lamp", "Brass lamp", "id"],
    ];
    // The surest match comes first.
    assert_eq!(json!(matched), json!([lamp, kettle]));
    let mut ids: Vec<&str> = found["productIds"]
        .as_array()
        .unwrap()
        .iter()
        .map(|id| id.as_str().unwrap())
        .collect();
    ids.sort_unstable();
    assert_eq!(ids, ["K-1", "brass-lamp"]);
}

async fn check_grpc(system: &System, found: &Value) {
    let channel = Channel::from_shared(system.grpc_url.clone()).unwrap();
    let channel = channel.connect().await.unwrap();
    let mut client = InteractionServiceClient::new(channel.clone());
    let asked = |organization: &str| ListInteractionsRequest {
        organization_id: organization.to_owned(),
        filter: Some(InteractionFilter {
            product: Some("K-1".to_owned()),
            ..InteractionFilter::default()
        }),
        ..ListInteractionsRequest::default()
    };
    let page = client.list_interactions(with_key(system, asked(ORGANIZATION)));
    let all: Vec<Interaction> = page.await.unwrap().into_inner().interactions;
    assert_eq!(all.len(), 1);
    assert_eq!(json!(all[0].id), found["id"]);
    assert_eq!(json!(all[0].summary), found["summary"]);
    assert_eq!(json!(all[0].product_ids), found["productIds"]);
    let refused = client.list_interactions(with_key(system, asked("other")));
    assert_eq!(refused.await.unwrap_err().code(), Code::NotFound);

    let mut client = ProductServiceClient::new(channel);
    let asked = GetProductRequest {
        organization_id: ORGANIZATION.to_owned(),
        product_id: "K-1".to_owned(),
    };
    let product: Product = client
        .get_product(with_key(system, asked))
        .await
        .unwrap()
        .into_inner();
    assert_eq!(product.path.as_deref(), Some("/product/copper-kettle"));
}

fn with_key<T>(system: &System, message: T) -> Request<T> {
    let mut request = Request::new(message);
    let key = format!("Bearer {}", system.read_key).parse().unwrap();
    request.metadata_mut().insert("authorization", key);
    request
}

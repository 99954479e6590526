//! Interactions and products over gRPC.

use tonic::Code;

use crow_auth::Scope;
use crow_db::audit_log::Actor;
use crow_db::products::{self, ProductRow};
use crow_proto::api;
use crow_proto::api::interaction_service_client::InteractionServiceClient;
use crow_proto::api::product_service_client::ProductServiceClient;
use crow_runtime::Shutdown;
use crow_web::ConnectionLimits;

use super::fixture::World;
use super::grpc::{serve_limited, with_key};
use super::interactions::{add, add_about};

fn list(filter: api::InteractionFilter) -> api::ListInteractionsRequest {
    api::ListInteractionsRequest {
        organization_id: "acme".to_owned(),
        page_size: 1,
        filter: Some(filter),
        ..Default::default()
    }
}

#[actix_web::test]
async fn interactions_come_in_pages_and_only_to_their_organization() {
    let world = World::new().await;
    for (organization, id, at) in [("acme", "a", 1), ("acme", "b", 2), ("rival", "c", 3)] {
        add(&world, organization, id, at).await;
    }
    let key = world.key("acme", Scope::Read).await;
    let shutdown = Shutdown::new();
    let address = serve_limited(&world, ConnectionLimits::default(), &shutdown).await;
    let mut client = InteractionServiceClient::connect(address).await.unwrap();

    let mut asked = list(api::InteractionFilter::default());
    let page = client
        .list_interactions(with_key(&key, asked.clone()))
        .await;
    let page = page.unwrap().into_inner();
    assert_eq!(page.interactions[0].id, "b");
    assert_eq!(page.interactions[0].product_ids, ["lamp-b"]);
    asked.page_token = page.next_page_token;
    let page = client.list_interactions(with_key(&key, asked)).await;
    let page = page.unwrap().into_inner();
    assert_eq!(
        (
            page.interactions[0].id.as_str(),
            page.next_page_token.as_str()
        ),
        ("a", "")
    );

    let filter = api::InteractionFilter {
        words: Some("LAMP viewed".to_owned()),
        product: Some("lamp-a".to_owned()),
        tag: Some("error".to_owned()),
        min_confidence: Some(0.4),
        ..Default::default()
    };
    let page = client.list_interactions(with_key(&key, list(filter))).await;
    assert_eq!(page.unwrap().into_inner().interactions[0].id, "a");
    let counts = api::CountInteractionsRequest {
        organization_id: "acme".to_owned(),
        filter: None,
    };
    let counts = client.count_interactions(with_key(&key, counts)).await;
    let counts = counts.unwrap().into_inner();
    assert_eq!((counts.web, counts.total), (2, 2));

    let bad = api::InteractionFilter {
        min_confidence: Some(2.0),
        ..Default::default()
    };
    let refused = client.list_interactions(with_key(&key, list(bad))).await;
    let refused = refused.unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgument);
    assert!(
        refused.message().starts_with("min_confidence:"),
        "{refused}"
    );
    let meant = |search: &str| api::ListInteractionsRequest {
        search: Some(search.to_owned()),
        ..list(api::InteractionFilter::default())
    };
    for (search, field) in [("meaning", "words:"), ("fuzzy", "search:")] {
        let refused = client
            .list_interactions(with_key(&key, meant(search)))
            .await;
        let refused = refused.unwrap_err();
        assert_eq!(refused.code(), Code::InvalidArgument);
        assert!(refused.message().starts_with(field), "{refused}");
    }
    let foreign = api::ListInteractionsRequest {
        organization_id: "rival".to_owned(),
        ..Default::default()
    };
    let refused = client.list_interactions(with_key(&key, foreign)).await;
    assert_eq!(refused.unwrap_err().code(), Code::NotFound);
}

#[actix_web::test]
async fn products_are_listed_and_read() {
    let world = World::new().await;
    let row = |id: &str, name: &str| ProductRow {
        organization_id: "acme".to_owned(),
        id: id.to_owned(),
        sku: None,
        name: name.to_owned(),
        description: None,
        category: None,
        price_minor: Some(5),
        currency: Some("EUR".to_owned()),
        url: None,
        path: None,
        image_url: None,
        words: name.to_lowercase(),
        created_at: 1,
        updated_at: 1,
    };
    for product in [row("k", "Kettle"), row("c", "Cup")] {
        let by = Actor::system_named("test");
        products::create(&world.db, &by, &product).await.unwrap();
    }
    let key = world.key("acme", Scope::Read).await;
    let shutdown = Shutdown::new();
    let address = serve_limited(&world, ConnectionLimits::default(), &shutdown).await;
    let mut client = ProductServiceClient::connect(address).await.unwrap();
    let asked = api::ListProductsRequest {
        organization_id: "acme".to_owned(),
        page_size: 1,
        ..Default::default()
    };
    let page = client.list_products(with_key(&key, asked.clone())).await;
    let page = page.unwrap().into_inner();
    assert_eq!(page.products[0].id, "c");
    let next = api::ListProductsRequest {
        page_token: page.next_page_token,
        ..asked
    };
    let page = client.list_products(with_key(&key, next)).await;
    assert_eq!(page.unwrap().into_inner().products[0].id, "k");
    let meant = api::ListProductsRequest {
        organization_id: "acme".to_owned(),
        page_size: 1,
        words: Some("something to drink tea from".to_owned()),
        search: Some("meaning".to_owned()),
        ..Default::default()
    };
    let page = client.list_products(with_key(&key, meant)).await;
    let page = page.unwrap().into_inner();
    assert_eq!(page.products[0].id, "c");
    assert!(page.products[0].similarity.unwrap() >= 0.2);
    let one = |id: &str| api::GetProductRequest {
        organization_id: "acme".to_owned(),
        product_id: id.to_owned(),
    };
    let found = client.get_product(with_key(&key, one("k"))).await;
    let found = found.unwrap().into_inner();
    assert_eq!(
        (found.name.as_str(), found.price_minor),
        ("Kettle", Some(5))
    );
    let missing = client.get_product(with_key(&key, one("none"))).await;
    assert_eq!(missing.unwrap_err().code(), Code::NotFound);

    let evidence = r#"{"products": [{"id": "k", "views": 3, "added": true, "bought": false}]}"#;
    add_about(&world, "acme", "a", 5, [r#"["k"]"#, evidence]).await;
    let range = |to: i64| api::GetProductActivityRequest {
        organization_id: "acme".to_owned(),
        from: Some(5),
        to: Some(to),
    };
    let activity = client.get_product_activity(with_key(&key, range(6))).await;
    let kettle = api::ActiveProduct {
        id: "k".to_owned(),
        name: Some("Kettle".to_owned()),
        interactions: 1,
        views: 3,
        added: 1,
        purchased: 0,
        abandoned: 1,
    };
    assert_eq!(activity.unwrap().into_inner().products, [kettle]);
    let refused = client.get_product_activity(with_key(&key, range(5))).await;
    assert_eq!(refused.unwrap_err().code(), Code::InvalidArgument);
}

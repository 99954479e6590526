use crow_web::docs::disagreements;

use super::fixture::World;
use crate::rest::{self, openapi};

#[actix_web::test]
async fn the_router_and_the_document_agree() {
    let world = World::new().await;
    let routes = |cfg: &mut _| rest::configure(cfg, &world.api);
    let found = disagreements(&openapi(), routes, &["/openapi.json"]).await;
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn the_document_has_every_schema_that_it_refers_to() {
    let document = serde_json::to_value(openapi()).unwrap();
    let text = document.to_string();
    let references = text.split("\"$ref\":\"#/components/schemas/").skip(1);
    for name in references.filter_map(|rest| rest.split('"').next()) {
        let schema = &document["components"]["schemas"][name];
        assert!(schema.is_object(), "{name}");
    }
}

#[test]
fn the_document_says_where_a_key_needs_more_than_people() {
    let document = serde_json::to_value(openapi()).unwrap();
    let about = |path: &str, method: &str| {
        let told = document["paths"][path][method]["description"].as_str();
        told.unwrap_or_default().to_owned()
    };
    let told = "An API key needs the scope `admin`.";
    assert_eq!(about("/saved-filters/{orgId}/{filterId}", "put"), told);
    // It comes before what else there is to know.
    let more = about("/saved-filters/{orgId}", "post");
    assert!(more.starts_with(told) && more.contains("409"), "{more}");
    for (path, method) in [
        ("/saved-filters/{orgId}", "get"),
        // People need it, too.
        ("/admin/{orgId}/keys", "post"),
        ("/sessions/{orgId}/{sessionId}/watched", "put"),
    ] {
        assert!(!about(path, method).contains(told), "{method} {path}");
    }
}

//! Compares a router with its OpenAPI document. For tests.

use std::collections::{BTreeMap, BTreeSet};

use actix_web::http::{Method, StatusCode};
use actix_web::test::{TestRequest, call_service, init_service, read_body};
use actix_web::web::{self, ServiceConfig};
use actix_web::{App, HttpRequest};
use serde_json::Value;
use utoipa::openapi::OpenApi;

/// The methods that are compared. `HEAD` and `OPTIONS` are implied.
const METHODS: [Method; 5] = [
    Method::GET,
    Method::POST,
    Method::PUT,
    Method::PATCH,
    Method::DELETE,
];
/// The path that lists all routes.
const LISTING: &str = "/all-routes";

/// Each path with its methods.
type Operations = BTreeMap<String, BTreeSet<String>>;

/// One line for each path on which the router and the document disagree. `undocumented` lists
/// routes that are deliberately not in the document.
///
/// # Panics
/// If the document cannot be serialized as JSON.
pub async fn disagreements(
    document: &OpenApi,
    configure: impl FnOnce(&mut ServiceConfig),
    undocumented: &[&str],
) -> Vec<String> {
    let app = App::new()
        .configure(configure)
        .service(web::resource(LISTING).to(list));
    let app = init_service(app).await;
    let documented = operations_of(document);
    let listing = call_service(&app, TestRequest::get().uri(LISTING).to_request()).await;
    let listing = String::from_utf8_lossy(&read_body(listing).await).into_owned();
    let mut routed = Operations::new();
    for path in patterns(&listing).filter(|path| *path != LISTING && !undocumented.contains(path)) {
        let address = path.replace(['{', '}'], "");
        let methods = routed.entry(path.to_owned()).or_default();
        for method in METHODS {
            // Without app data the handlers fail, which still proves that the route exists.
            let request = TestRequest::with_uri(&address).method(method.clone());
            let status = call_service(&app, request.to_request()).await.status();
            if status != StatusCode::METHOD_NOT_ALLOWED {
                methods.insert(method.to_string());
            }
        }
    }
    compare(&routed, &documented)
}

fn compare(routed: &Operations, documented: &Operations) -> Vec<String> {
    let paths: BTreeSet<&String> = routed.keys().chain(documented.keys()).collect();
    let differ = paths
        .into_iter()
        .filter(|path| routed.get(*path) != documented.get(*path));
    differ
        .map(|path| {
            let (router, document) = (routed.get(path), documented.get(path));
            format!("{path}: the router has {router:?}, the document {document:?}")
        })
        .collect()
}

/// actix-web exposes its routes only in its debug output.
async fn list(request: HttpRequest) -> String {
    format!("{:?}", request.resource_map())
}

fn patterns(listing: &str) -> impl Iterator<Item = &str> {
    let parts = listing.split("Single(\"").skip(1);
    parts.filter_map(|part| part.split('"').next().filter(|path| !path.is_empty()))
}

fn operations_of(document: &OpenApi) -> Operations {
    let document = serde_json::to_value(document).expect("a document is plain data");
    let paths = document["paths"].as_object().into_iter().flatten();
    paths
        .map(|(path, item)| {
            let is_there = |method: &&Method| {
                let name = method.as_str().to_ascii_lowercase();
                item.get(name).is_some_and(Value::is_object)
            };
            let methods = METHODS.iter().filter(is_there).map(Method::to_string);
            (path.clone(), methods.collect())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use actix_web::HttpResponse;
    use utoipa::openapi::path::{HttpMethod, OperationBuilder, PathItem};
    use utoipa::openapi::{OpenApiBuilder, PathsBuilder};

    use super::*;

    fn document(path: &str, method: HttpMethod) -> OpenApi {
        let item = PathItem::new(method, OperationBuilder::new().build());
        let paths = PathsBuilder::new().path(path, item);
        OpenApiBuilder::new().paths(paths.build()).build()
    }

    async fn answer() -> HttpResponse {
        HttpResponse::Ok().finish()
    }

    fn routes(cfg: &mut ServiceConfig) {
        cfg.service(web::resource("/a/{b}").route(web::get().to(answer)))
            .service(web::resource("/hidden").route(web::get().to(answer)));
    }

    #[actix_web::test]
    async fn agreement_is_silent_and_each_kind_of_disagreement_is_named() {
        let of =
            async |path, method| disagreements(&document(path, method), routes, &["/hidden"]).await;
        assert!(of("/a/{b}", HttpMethod::Get).await.is_empty());
        assert_eq!(of("/a/{b}", HttpMethod::Post).await.len(), 1);
        assert_eq!(of("/c", HttpMethod::Get).await.len(), 2);
    }
}

use actix_web::web::ServiceConfig;

use crow_runtime::Shutdown;
use crow_web::docs::disagreements;

use super::fixture::World;
use crate::rest::sign_in::Attempts;
use crate::rest::{self, openapi};

#[actix_web::test]
async fn the_router_and_the_document_agree() {
    let world = World::new().await;
    let (live, admin) = (world.live(&Shutdown::new()).await, world.admin().await);
    let attempts = Attempts::new(Vec::new());
    let routes = |cfg: &mut ServiceConfig| {
        rest::configure(cfg, &world.api);
        rest::live::configure(cfg, &live);
        rest::admin::configure(cfg, &admin);
        rest::sign_in::configure(cfg, &attempts);
    };
    let found = disagreements(&openapi(), routes, &["/openapi.json"]).await;
    assert!(found.is_empty(), "{found:#?}");
}

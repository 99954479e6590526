use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use actix_web::{App, HttpResponse, web};
use serde_json::{Value, json};

use crow_db::audit_log::Actor;
use crow_db::{DatabaseConfig, Db};
use crow_runtime::Shutdown;
use crow_testkit::wait::eventually;
use crow_types::{ApiKeySecret, OrganizationId, Timestamp};
use crow_web::Listener;

use crate::keys::Overlap;
use crate::{
    AuthConfig, AuthError, Client, KeyRate, KeyVerifier, Role, Scope, Scopes, SharedSecret,
    key_from_headers, keys,
};

mod creation;
mod grants;
mod limits;
mod remote;
mod rotation;
mod sign_ins;

/// For what happens on its own.
const PATIENCE: Duration = Duration::from_secs(20);

async fn database(folder: &tempfile::TempDir) -> Db {
    let url = format!("sqlite://{}/crow.db", folder.path().display());
    Db::connect(&DatabaseConfig {
        url: url.into(),
        ..DatabaseConfig::default()
    })
    .await
    .unwrap()
}

fn organization() -> OrganizationId {
    OrganizationId::new("acme").unwrap()
}

fn key(text: &str) -> ApiKeySecret {
    ApiKeySecret::parse(text).unwrap()
}

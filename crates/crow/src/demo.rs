//! `crow serve --demo`: a small shop on its own address. Its pages use the SDK from the gateway,
//! and one page shows what they send.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::net::SocketAddr;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use actix_web::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY};
use actix_web::middleware::from_fn;
use actix_web::web::{self, Data};
use actix_web::{App, HttpRequest, HttpResponse};
use anyhow::{Context, ensure};
use rust_embed::RustEmbed;
use tracing::info;

use crow_auth::{Scope, Scopes, keys};
use crow_db::Db;
use crow_runtime::Shutdown;
use crow_types::{ApiKeySecret, ErrorCode, OrganizationId, Timestamp};
use crow_web::{ApiError, Assets, Listener, request_scope};

use crate::config::Config;

#[cfg(test)]
mod tests;

/// Whom the visits of the shop belong to.
const ORGANIZATION: &str = "demo";

#[derive(RustEmbed)]
#[folder = "../../demo"]
struct Files;

const ASSETS: Assets = Assets::of::<Files>("the demo is not part of this build");

/// The shop, on an address that is bound.
pub(crate) struct Demo {
    listener: Listener,
    shop: Shop,
}

/// What pages are filled in with.
#[derive(Debug, Clone)]
struct Shop {
    gateway: SocketAddr,
    /// `http` or `https`.
    gateway_scheme: &'static str,
    key: String,
}

impl Demo {
    /// Binds the address, and creates an ingest key unless an earlier run did.
    pub(crate) async fn prepare(config: &Config, data_dir: &Path, db: &Db) -> anyhow::Result<Self> {
        ensure!(
            config.auth.service_url.is_empty(),
            "--demo creates its own key, which the service at auth.service_url does not know"
        );
        let listener = Listener::bind("server.demo_listen", config.server.demo_listen)?;
        let key = load_or_create_key(&data_dir.join("demo-key"), db).await?;
        let shop = Shop {
            gateway: config.ingest.listen,
            gateway_scheme: config.ingest.tls.scheme(),
            key,
        };
        Ok(Self { listener, shop })
    }

    /// Serves until the shutdown begins.
    pub(crate) async fn serve(self, shutdown: Shutdown) -> anyhow::Result<()> {
        info!(
            shop = format!("http://{}", self.listener.address()),
            live = format!("http://{}/live", self.listener.address()),
            "demo shop"
        );
        let shop = Data::new(self.shop);
        let app = move || {
            App::new()
                .app_data(shop.clone())
                .default_service(web::get().to(answer))
                .wrap(from_fn(request_scope))
        };
        Ok(self.listener.serve(1, app, shutdown).await?)
    }
}

/// The key of the last run if it is still valid, else a new one. The database has only its hash, so
/// the key is stored in a file.
async fn load_or_create_key(file: &Path, db: &Db) -> anyhow::Result<String> {
    if let Some(key) = load_key(file)?
        && crow_db::api_keys::find_active(db, &key.hash(), Timestamp::now())
            .await?
            .is_some()
    {
        return Ok(key.expose().to_owned());
    }
    let organization = OrganizationId::new(ORGANIZATION).expect("a short word is an id");
    let scopes = [Scope::Ingest].into_iter().collect::<Scopes>();
    let (_, secret) = keys::create(db, &organization, "demo shop", scopes, None).await?;
    save_key(file, secret.expose()).with_context(|| format!("cannot write {}", file.display()))?;
    Ok(secret.expose().to_owned())
}

fn load_key(file: &Path) -> anyhow::Result<Option<ApiKeySecret>> {
    match fs::read_to_string(file) {
        Ok(text) => Ok(ApiKeySecret::parse(text.trim())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", file.display())),
    }
}

fn save_key(file: &Path, key: &str) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(0o600);
    options.open(file)?.write_all(key.as_bytes())
}

async fn answer(request: HttpRequest, shop: Data<Shop>) -> Result<HttpResponse, ApiError> {
    match page_of(request.path()) {
        Some(page) => shop.page(page, request.connection_info().host()),
        None => ASSETS.answer(&request, request.path().trim_start_matches('/')),
    }
}

/// The document of an address. The shop is one document with many addresses.
fn page_of(path: &str) -> Option<&'static str> {
    match path {
        "/" | "/cart" | "/checkout" | "/thanks" => Some("index.html"),
        "/help" => Some("help.html"),
        "/live" => Some("live.html"),
        _ if path.starts_with("/product/") => Some("index.html"),
        _ => None,
    }
}

impl Shop {
    fn page(&self, file: &str, host: &str) -> Result<HttpResponse, ApiError> {
        let page = ASSETS
            .text(file)
            .ok_or_else(|| ApiError::new(ErrorCode::NotFound, "the demo is incomplete"))?;
        let gateway = gateway_url(self.gateway_scheme, host, self.gateway);
        let policy = format!(
            "default-src 'self'; script-src 'self' {gateway}; connect-src 'self' {gateway}; \
             style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'self'; \
             base-uri 'none'; form-action 'self'"
        );
        Ok(HttpResponse::Ok()
            .content_type("text/html; charset=utf-8")
            .insert_header((CACHE_CONTROL, "no-cache"))
            .insert_header((CONTENT_SECURITY_POLICY, policy))
            .insert_header((REFERRER_POLICY, "same-origin"))
            .body(
                page.replace("{{gateway}}", &gateway)
                    .replace("{{key}}", &self.key),
            ))
    }
}

/// Where a browser finds the gateway that found us under `host`: the same machine, another port.
fn gateway_url(scheme: &str, host: &str, gateway: SocketAddr) -> String {
    let name = host.rsplit_once(':').map_or(host, |(name, _port)| name);
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b".-[]:".contains(&byte);
    if name.is_empty() || !name.bytes().all(is_name) {
        return format!("{scheme}://{gateway}");
    }
    format!("{scheme}://{name}:{}", gateway.port())
}

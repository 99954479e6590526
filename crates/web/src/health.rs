use std::collections::BTreeMap;
use std::future::Future;
use std::net::SocketAddr;
use std::sync::{Arc, RwLock};
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::middleware::from_fn;
use actix_web::web::{self, ServiceConfig};
use actix_web::{App, HttpResponse, Responder};
use futures::future::{BoxFuture, FutureExt, join_all};
use metrics_exporter_prometheus::PrometheusHandle;
use serde::Serialize;

use crow_runtime::{Shutdown, telemetry};

use crate::request_scope::request_scope;
use crate::server::{Listener, ServeError};

/// A check without a result after this time has failed.
const CHECK_DEADLINE: Duration = Duration::from_secs(2);

type Check = Arc<dyn Fn() -> BoxFuture<'static, Result<(), String>> + Send + Sync>;

/// The conditions for this process to receive requests. Cloning is cheap; all clones share one
/// registry.
#[derive(Clone)]
pub struct Readiness {
    shutdown: Shutdown,
    checks: Arc<RwLock<Vec<(&'static str, Check)>>>,
}

impl Readiness {
    /// Without checks. Not ready once the shutdown has begun.
    #[must_use]
    pub fn new(shutdown: &Shutdown) -> Self {
        Self {
            shutdown: shutdown.clone(),
            checks: Arc::default(),
        }
    }

    /// Adds a check that returns immediately. Its error text is public, so it must hold no secret.
    pub fn add<F>(&self, name: &'static str, check: F)
    where
        F: Fn() -> Result<(), String> + Send + Sync + 'static,
    {
        self.add_async(name, move || std::future::ready(check()));
    }

    /// Adds a check with I/O. Its time limit is two seconds.
    pub fn add_async<F, Fut>(&self, name: &'static str, check: F)
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), String>> + Send + 'static,
    {
        let check: Check = Arc::new(move || check().boxed());
        self.checks
            .write()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .push((name, check));
    }

    /// Runs all checks concurrently. Each value is `ok` or the error text.
    pub async fn run(&self) -> BTreeMap<&'static str, String> {
        self.run_without(&[]).await
    }

    /// Runs all checks except those with these names.
    async fn run_without(&self, excluded: &[String]) -> BTreeMap<&'static str, String> {
        let mut checks = self
            .checks
            .read()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .clone();
        checks.retain(|(name, _check)| !excluded.iter().any(|excluded| excluded == name));
        let running = checks.into_iter().map(|(name, check)| async move {
            let outcome = tokio::time::timeout(CHECK_DEADLINE, check()).await;
            (
                name,
                outcome.unwrap_or_else(|_elapsed| Err("no answer within 2 s".to_owned())),
            )
        });
        let mut results: BTreeMap<_, _> = join_all(running)
            .await
            .into_iter()
            .map(|(name, outcome)| (name, outcome.err().unwrap_or_else(|| OK.to_owned())))
            .collect();
        if self.shutdown.is_started() {
            results.insert("running", "stopping".to_owned());
        }
        results
    }
}

const OK: &str = "ok";

#[derive(Serialize)]
struct ReadyBody {
    status: &'static str,
    checks: BTreeMap<&'static str, String>,
}

/// The routes for health and metrics. Without an address for operators, the service's address has
/// all of them. With one, the service's address has only `/health/live`, and the address for
/// operators has all. Cloning is cheap.
#[derive(Clone)]
pub struct Health {
    readiness: Readiness,
    metrics: PrometheusHandle,
    has_operators: bool,
}

impl Health {
    /// All routes on the service's address.
    #[must_use]
    pub fn new(readiness: Readiness) -> Self {
        Self {
            readiness,
            metrics: telemetry::init_metrics(),
            has_operators: false,
        }
    }

    /// Binds the address for operators, if one is set, and serves it until the shutdown begins.
    /// `setting` names where it was configured, for the error message.
    ///
    /// # Errors
    /// When the address is in use.
    pub fn with_operators(
        self,
        setting: &'static str,
        address: Option<SocketAddr>,
        shutdown: &Shutdown,
    ) -> Result<Self, ServeError> {
        let Some(address) = address else {
            return Ok(self);
        };
        let listener = Listener::bind(setting, address)?;
        let all = self.clone();
        let factory = move || {
            App::new()
                .configure(|cfg| all.configure(cfg))
                .wrap(from_fn(request_scope))
        };
        let stop = shutdown.clone();
        shutdown.spawn(setting, async move {
            Ok(listener.serve(1, factory, stop).await?)
        });
        Ok(Self {
            has_operators: true,
            ..self
        })
    }

    /// Adds `/health/live`, which shows that the process runs. Without an address for operators it
    /// also adds `/health/ready`, which shows that it can do its work, and `/metrics` for
    /// Prometheus.
    ///
    /// `/health/ready?exclude=bus` leaves a check out; the parameter may be repeated. A load
    /// balancer should not remove every gateway because of a failure behind all of them.
    pub fn configure(&self, cfg: &mut ServiceConfig) {
        // A resource, because `cfg.route` would respond with 404 to other methods.
        cfg.service(web::resource("/health/live").route(web::get().to(live)));
        if self.has_operators {
            return;
        }
        cfg.app_data(web::Data::new(self.readiness.clone()))
            .app_data(web::Data::new(self.metrics.clone()))
            .service(web::resource("/health/ready").route(web::get().to(ready)))
            .service(web::resource("/metrics").route(web::get().to(render_metrics)));
    }
}

async fn live() -> impl Responder {
    web::Json(serde_json::json!({ "status": "live" }))
}

async fn ready(
    readiness: web::Data<Readiness>,
    parameters: web::Query<Vec<(String, String)>>,
) -> impl Responder {
    let excluded: Vec<String> = parameters
        .into_inner()
        .into_iter()
        .filter_map(|(name, value)| (name == "exclude").then_some(value))
        .collect();
    let checks = readiness.run_without(&excluded).await;
    let is_ready = checks.values().all(|result| result == OK);
    let (status, word) = if is_ready {
        (StatusCode::OK, "ready")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "not_ready")
    };
    HttpResponse::build(status).json(ReadyBody {
        status: word,
        checks,
    })
}

async fn render_metrics(metrics: web::Data<PrometheusHandle>) -> impl Responder {
    HttpResponse::Ok()
        .content_type("text/plain; version=0.0.4; charset=utf-8")
        .body(metrics.render())
}

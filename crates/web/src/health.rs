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

/// A check that does not answer in this time has failed.
const CHECK_DEADLINE: Duration = Duration::from_secs(2);

type Check = Arc<dyn Fn() -> BoxFuture<'static, Result<(), String>> + Send + Sync>;

/// What must be well for this process to take requests. Cloning is cheap; all clones
/// are the same registry.
#[derive(Clone)]
pub struct Readiness {
    shutdown: Shutdown,
    checks: Arc<RwLock<Vec<(&'static str, Check)>>>,
}

impl Readiness {
    /// No checks yet; not ready once the shutdown has begun.
    #[must_use]
    pub fn new(shutdown: &Shutdown) -> Self {
        Self {
            shutdown: shutdown.clone(),
            checks: Arc::default(),
        }
    }

    /// Adds a check that answers at once. Its error text is public: say what is wrong
    /// and nothing secret.
    pub fn add<F>(&self, name: &'static str, check: F)
    where
        F: Fn() -> Result<(), String> + Send + Sync + 'static,
    {
        self.add_async(name, move || std::future::ready(check()));
    }

    /// Adds a check that does IO; it has two seconds.
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

    /// Runs all checks at the same time. The value is `ok` or what is wrong.
    pub async fn run(&self) -> BTreeMap<&'static str, String> {
        self.run_without(&[]).await
    }

    /// The same, without the checks of these names.
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

/// The routes of health and metrics: all of them on the address of the service, or, with an address
/// for operators, only `/health/live` there and all on the other. Cloning is cheap.
#[derive(Clone)]
pub struct Health {
    readiness: Readiness,
    metrics: PrometheusHandle,
    has_operators: bool,
}

impl Health {
    /// On the address of the service alone.
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
    /// When the address cannot be taken.
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

    /// Adds `/health/live` (this process runs). Without an address for operators it also adds
    /// `/health/ready` (it can do its work) and `/metrics` (Prometheus text).
    ///
    /// `/health/ready?exclude=bus` leaves a check out; the parameter may be repeated. A load
    /// balancer must not take every gateway away because a part behind all of them is down.
    pub fn configure(&self, cfg: &mut ServiceConfig) {
        // `cfg.route` would answer 404 for another method.
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

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::middleware::from_fn;
use actix_web::web::{self, ServiceConfig};
use actix_web::{App, HttpResponse, Responder};
use metrics_exporter_prometheus::PrometheusHandle;
use serde::Serialize;

use crow_runtime::{Readiness, Shutdown, readiness, telemetry};

use crate::request_scope::request_scope;
use crate::server::{Operators, ServeError};

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

    /// Binds the address for operators, if there is one, and serves it until the shutdown begins.
    ///
    /// # Errors
    /// When the address is in use.
    pub fn with_operators(
        self,
        operators: Option<Operators>,
        shutdown: &Shutdown,
    ) -> Result<Self, ServeError> {
        let Some(operators) = operators else {
            return Ok(self);
        };
        let setting = operators.setting;
        let listener = operators.bind()?;
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
    let is_ready = checks.values().all(|result| result == readiness::OK);
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

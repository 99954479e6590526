//! A service that is not ready to start: its address says why.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use actix_web::dev::Server;
use actix_web::middleware::from_fn;
use actix_web::{App, HttpResponse, HttpServer, web};
use tracing::{info, warn};

use crow_runtime::{Readiness, Shutdown};
use crow_types::ErrorCode;

use crate::error::ApiError;
use crate::health::Health;
use crate::request_scope::request_scope;
use crate::server::{Listener, Operators, ServeError, config_of};

/// How often a check that delays the start is repeated.
const CHECK_AGAIN: Duration = Duration::from_secs(1);

impl Listener {
    /// Reports "not ready" until `check` passes or the shutdown begins. The readiness response
    /// names the check and its error. If there is an address for operators, only that address is
    /// served during this time.
    pub async fn not_ready_until<F, Fut>(
        &self,
        name: &'static str,
        check: F,
        operators: Option<Operators>,
        shutdown: &Shutdown,
    ) -> Result<(), ServeError>
    where
        F: Fn() -> Fut,
        Fut: Future<Output = Result<(), String>>,
    {
        let Err(first) = check().await else {
            return Ok(());
        };
        warn!(check = name, wrong = first, "waiting");
        let wrong = Arc::new(Mutex::new(first));
        let for_operators = operators.map(Operators::bind).transpose()?;
        let listener = for_operators.as_ref().unwrap_or(self);
        let server = listener.waiting_server(name, &wrong, shutdown)?;
        let handle = server.handle();
        let passed = async {
            loop {
                tokio::time::sleep(CHECK_AGAIN).await;
                let Err(text) = check().await else { return };
                let mut known = wrong.lock().unwrap_or_else(PoisonError::into_inner);
                if *known != text {
                    warn!(check = name, wrong = text, "waiting");
                    *known = text;
                }
            }
        };
        let address = listener.address;
        let failed = |source| ServeError::Serve { address, source };
        let mut serving = std::pin::pin!(server);
        tokio::select! {
            outcome = &mut serving => return outcome.map_err(failed),
            () = passed => info!(check = name, "passed"),
            () = shutdown.started() => {}
        }
        let (outcome, ()) = tokio::join!(serving, handle.stop(false));
        outcome.map_err(failed)
    }

    /// Serves health and metrics on a second handle of the socket. All other requests get 503.
    fn waiting_server(
        &self,
        name: &'static str,
        wrong: &Arc<Mutex<String>>,
        shutdown: &Shutdown,
    ) -> Result<Server, ServeError> {
        let readiness = Readiness::new(shutdown);
        let wrong = Arc::clone(wrong);
        readiness.add(name, move || {
            let wrong = wrong.lock().unwrap_or_else(PoisonError::into_inner);
            Err(wrong.clone())
        });
        let health = Health::new(readiness);
        let factory = move || {
            App::new()
                .configure(|cfg| health.configure(cfg))
                .default_service(web::to(|| async {
                    let starting = ApiError::new(
                        ErrorCode::Unavailable,
                        "the service is starting; try again later",
                    );
                    Err::<HttpResponse, _>(starting.retry_after(2))
                }))
                .wrap(from_fn(request_scope))
        };
        let address = self.address;
        let failed = |source| ServeError::Serve { address, source };
        let server = HttpServer::new(factory).workers(1).disable_signals();
        let socket = self.socket.try_clone().map_err(failed)?;
        let server = match &self.tls {
            None => server.listen(socket),
            Some(tls) => server.listen_rustls_0_23(socket, config_of(tls)),
        };
        Ok(server.map_err(failed)?.run())
    }
}

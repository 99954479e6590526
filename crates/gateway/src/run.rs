use std::time::Duration;

use actix_web::middleware::from_fn;
use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{App, HttpResponse};
use anyhow::Context;

use crow_auth::{Jwks, KeyVerifier};
use crow_bus::Bus;
use crow_db::Db;
use crow_runtime::{ClientTls, Readiness, Shutdown, Tls};
use crow_types::PartitionCount;
use crow_web::grpc::{Incoming, bind};
use crow_web::{ConnectionLimits, Health, Listener, Operators, request_scope};

use crate::caller::Callers;
use crate::calls;
use crate::config::Config;
use crate::forward::forward;
use crate::gateway::Gateway;
use crate::limits::Limits;
use crate::places::Places;
use crate::proof::Proofs;
use crate::revocations;

/// A connection must be made within this time.
const CONNECT: Duration = Duration::from_secs(2);
/// Services close an idle connection after five seconds. We have to be earlier, else a request meets
/// a connection that is being closed.
const IDLE: Duration = Duration::from_secs(3);

/// Serves until the shutdown begins, then lets running requests finish.
///
/// # Errors
/// When the configuration is invalid, the address is in use, or the database cannot be reached.
pub async fn run(config: Config, shutdown: Shutdown) -> anyhow::Result<()> {
    let listener = Listener::bind("gateway.listen", config.gateway.listen)?;
    run_on(listener, config, shutdown).await
}

/// Like [`run`], on a bound listener, so that the caller knows its address.
///
/// # Errors
/// As for [`run`].
pub async fn run_on(listener: Listener, config: Config, shutdown: Shutdown) -> anyhow::Result<()> {
    let db = Db::connect(&config.database)
        .await
        .context("cannot open the database")?;
    let verifier = KeyVerifier::new(db.clone(), &config.auth)?;
    let proofs = Proofs::new(&config.auth, &config.gateway)?;
    let gateway = build(&config, verifier.clone(), &proofs)?;
    let tls = Tls::open("gateway.tls", &config.gateway.tls, &shutdown)?;
    let operators = Operators::open(
        ["gateway.admin_listen", "gateway.admin_tls"],
        config.gateway.admin_listen,
        &config.gateway.admin_tls,
        listener.address(),
        &shutdown,
    )?;
    let limits = ConnectionLimits {
        trusted_proxies: config.gateway.trusted_proxies.clone(),
        ..ConnectionLimits::default()
    };
    let calls = match config.gateway.grpc_listen {
        Some(listen) => {
            let incoming = Incoming {
                sockets: bind("gateway.grpc_listen", listen)?,
                tls: Tls::open("gateway.grpc_tls", &config.gateway.grpc_tls, &shutdown)?,
                limits: limits.clone(),
            };
            Some((incoming, calls::channels(&config.gateway, &proofs)?))
        }
        None => None,
    };
    let listener = listener.secured(tls).limited(limits);
    let schema = || db.schema_readiness();
    listener
        .not_ready_until("schema", schema, operators.clone(), &shutdown)
        .await?;
    if shutdown.is_started() {
        return Ok(());
    }
    // The number of partitions is irrelevant here: this service publishes to none.
    let one = PartitionCount::new(1).expect("1 is a count of partitions");
    let bus = Bus::connect_and_wait("crow-gateway", &config.bus, one).await?;
    let following = revocations::follow(bus, verifier, shutdown.clone());
    shutdown.spawn("key revocations", async move {
        following.await;
        Ok(())
    });
    let gateway = Data::new(gateway);
    if let Some((incoming, upstream)) = calls {
        let serving = calls::serve(
            incoming,
            gateway.clone().into_inner(),
            upstream,
            shutdown.clone(),
        );
        shutdown.spawn("gateway.grpc", serving);
    }
    shutdown.spawn(
        "housekeeping",
        keep_house(gateway.clone(), shutdown.clone()),
    );

    let health = Health::new(readiness(db, &shutdown)).with_operators(operators, &shutdown)?;
    let tls = proofs.tls;
    // Also a check that a client can be made; the workers make theirs later.
    client(&tls).context("making the HTTP client")?;
    let factory = move || {
        let client = client(&tls).expect("one was made before");
        App::new()
            .configure(|cfg| health.configure(cfg))
            .configure(|cfg| routes(cfg, gateway.clone(), client))
            .wrap(from_fn(request_scope))
    };
    Ok(listener
        .serve(config.gateway.workers, factory, shutdown)
        .await?)
}

/// All routes but health and metrics.
fn routes(cfg: &mut ServiceConfig, gateway: Data<Gateway>, client: reqwest::Client) {
    cfg.app_data(gateway)
        .app_data(Data::new(client))
        .service(web::resource("/.well-known/jwks.json").route(web::get().to(keys)))
        .default_service(web::to(forward));
}

/// The public keys of tokens, for services.
async fn keys(gateway: Data<Gateway>) -> HttpResponse {
    let document: &Jwks = gateway.callers.signer.document();
    HttpResponse::Ok()
        .insert_header(("cache-control", "public, max-age=60"))
        .json(document)
}

fn build(config: &Config, verifier: KeyVerifier, proofs: &Proofs) -> anyhow::Result<Gateway> {
    let gateway = &config.gateway;
    let kept = match gateway.token_seconds {
        0 => config.auth.cache_seconds,
        lasts => config.auth.cache_seconds.min(u64::from(lasts) / 2),
    };
    let names = gateway.proxy_headers.iter();
    Ok(Gateway {
        callers: Callers::new(verifier, config.signer()?, Duration::from_secs(kept)),
        limits: Limits::new(gateway),
        places: Places::new(gateway, proofs)?,
        trusted_proxies: gateway.trusted_proxies.clone(),
        proxy_headers: names.map(|name| name.to_ascii_lowercase()).collect(),
        patience: Duration::from_secs(gateway.answer_seconds),
    })
}

fn client(tls: &ClientTls) -> reqwest::Result<reqwest::Client> {
    reqwest::Client::builder()
        .no_proxy()
        .http1_only()
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(CONNECT)
        .pool_idle_timeout(IDLE)
        .tcp_nodelay(true)
        .tls_backend_preconfigured(tls.client_config())
        .build()
}

fn readiness(db: Db, shutdown: &Shutdown) -> Readiness {
    let readiness = Readiness::new(shutdown);
    readiness.add_async("database", move || {
        let db = db.clone();
        async move {
            db.ping()
                .await
                .map_err(|_error| "the database does not answer".to_owned())
        }
    });
    readiness
}

async fn keep_house(gateway: Data<Gateway>, shutdown: Shutdown) -> anyhow::Result<()> {
    let mut ticks = tokio::time::interval(crow_web::rate::CLEANING);
    loop {
        tokio::select! {
            _ = ticks.tick() => gateway.limits.clean(),
            () = shutdown.started() => return Ok(()),
        }
    }
}

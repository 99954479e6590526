use actix_web::App;
use actix_web::middleware::from_fn;
use actix_web::web::Data;
use anyhow::Context;

use crow_accounts::{Accounts, Mailer, Oidc, Passkeys};
use crow_ai::{Ai, Embedder};
use crow_auth::{AuthConfigError, GatewayChannel, KeyVerifier, KnownServices};
use crow_bus::Bus;
use crow_db::Db;
use crow_keyring::Keyring;
use crow_runtime::{Readiness, Shutdown, Tls};
use crow_storage::{Seal, Store};
use crow_types::PartitionCount;
use crow_web::grpc::{Incoming, bind};
use crow_web::{ConnectionLimits, Health, Listener, Operators, request_scope};

use crate::admin::Admin;
use crate::alerting::Alerting;
use crate::analytics::Analytics;
use crate::api::Api;
use crate::config::{Config, QueryConfig};
use crate::door::Door;
use crate::grpc;
use crate::live::{Live, Most};
use crate::mcp;
use crate::notices::follow_revocations;
use crate::notifications;
use crate::rest;
use crate::rest::attempts::Attempts;
use crate::scheduler::{self, Scheduler};
use crate::source_maps::Limits;
use crate::use_cases::UseCases;

/// Serves REST and gRPC until the shutdown begins, then lets running requests finish.
///
/// # Errors
/// When the database cannot be reached at startup, an address is in use, the configuration is
/// invalid, or a server fails.
pub async fn run(config: Config, shutdown: Shutdown) -> anyhow::Result<()> {
    let db = Db::connect_to_answer(&config.database, scheduler::reading(&config.query))
        .await
        .context("cannot open the database")?;
    let parts = Parts::new(&config, &db)?;
    let tls = Tls::open("query.tls", &config.query.tls, &shutdown)?;
    let grpc_tls = Tls::open("query.grpc_tls", &config.query.grpc_tls, &shutdown)?;
    let operators = Operators::open(
        ["query.admin_listen", "query.admin_tls"],
        config.query.admin_listen,
        &config.query.admin_tls,
        config.query.listen,
        &shutdown,
    )?;
    let listener = Listener::bind("query.listen", config.query.listen)?.secured(tls);
    let schema = || db.schema_readiness();
    listener
        .not_ready_until("schema", schema, operators.clone(), &shutdown)
        .await?;
    if shutdown.is_started() {
        return Ok(());
    }
    let keyring = &parts.keyring;
    keyring.check().await.context("checking the master key")?;
    let limits = limits(&config.query);
    let incoming = Incoming {
        sockets: bind("query.grpc_listen", config.query.grpc_listen)?,
        tls: grpc_tls,
        limits: limits.clone(),
    };

    let scheduler = Scheduler::new(&config.query).context("cannot start threads")?;
    // The number of partitions is irrelevant here: this service publishes to none.
    let one = PartitionCount::new(1).expect("1 is a count of partitions");
    let bus = Bus::connect_and_wait("crow-query", &config.bus, one).await?;
    let (api, accounts, verifier) = parts.build(&config, &db, scheduler, &bus)?;
    let live = Live::new(
        api.use_cases.clone(),
        api.door.clone(),
        bus.clone(),
        watchers(&config.query),
        shutdown.clone(),
    );
    let admin = Admin::new(db.clone(), bus.clone(), verifier.clone());
    let answering = (api.clone(), live.clone(), accounts.clone());
    shutdown.spawn(
        "query.grpc",
        grpc::serve(incoming, answering, shutdown.clone()),
    );
    listen(&db, bus, verifier, &shutdown);
    alert(&api.alerting, &shutdown);

    let health = Health::new(readiness(db, &shutdown)).with_operators(operators, &shutdown)?;
    let attempts = Attempts::new(config.query.trusted_proxies);
    let origins = config.query.allowed_origins;
    let factory = move || {
        App::new()
            .configure(|cfg| rest::configure(cfg, &api))
            .configure(mcp::configure)
            .app_data(Data::new(live.clone()))
            .app_data(Data::new(admin.clone()))
            .app_data(Data::new(accounts.clone()))
            .app_data(Data::new(attempts.clone()))
            .configure(|cfg| health.configure(cfg))
            .configure(rest::dashboard::configure)
            .wrap(rest::cors(&origins))
            .wrap(from_fn(request_scope))
    };
    listener
        .limited(limits)
        .serve(config.query.workers, factory, shutdown)
        .await?;
    Ok(())
}

/// What the settings alone decide. It is made first, so that a wrong setting stops the start.
struct Parts {
    store: Store,
    keyring: Keyring,
    verifier: KeyVerifier,
    oidc: Option<Oidc>,
    ai: Ai,
    embedder: Embedder,
    mailer: Option<Mailer>,
}

impl Parts {
    fn new(config: &Config, db: &Db) -> anyhow::Result<Self> {
        let store = Store::open(&config.storage).context("cannot open the object store")?;
        // It only reads, so a master key is needed once something is sealed.
        let keyring = Keyring::open(db, &config.keyring, Seal::Off)?;
        let verifier = KeyVerifier::new(db.clone(), &config.auth)?;
        check_listeners(config)?;
        Ok(Self {
            store,
            keyring,
            verifier,
            oidc: Oidc::new(&config.query.oidc, &config.query.public_url)?,
            ai: Ai::new(db.clone(), &config.ai)?,
            embedder: Embedder::new(&config.embeddings)?,
            mailer: Mailer::new(&config.query.mail, &config.query.public_url)?,
        })
    }

    /// What answers requests.
    fn build(
        self,
        config: &Config,
        db: &Db,
        scheduler: Scheduler,
        bus: &Bus,
    ) -> anyhow::Result<(Api, Accounts, KeyVerifier)> {
        let analytics = Analytics::new(db, config.query.sample_sessions, scheduler.clone());
        let alerting = Alerting::new(&analytics, &self.keyring, &config.query.webhooks)
            .context("cannot set up webhooks")?
            .with_mailer(self.mailer.clone())
            .with_links_to(&config.query.public_url);
        let use_cases = UseCases::new(db.clone(), self.store, self.keyring, scheduler, bus.clone())
            .with_models(self.ai)
            .with_embedder(self.embedder)
            .with_source_maps(Limits {
                max_bytes: config.query.max_source_map_bytes,
                releases: config.query.source_map_releases,
            });
        let api = Api {
            door: door(config, db, &self.verifier)?,
            analytics,
            alerting,
            use_cases,
            gateway_url: config.query.gateway_url.clone(),
        };
        let accounts = Accounts::new(db.clone(), self.verifier.clone())
            .with_oidc(self.oidc)
            .with_passkeys(Passkeys::new(&config.query.public_url))
            .with_mailer(self.mailer);
        Ok((api, accounts, self.verifier))
    }
}

/// Who comes in, and with which rights.
fn door(config: &Config, db: &Db, verifier: &KeyVerifier) -> anyhow::Result<Door> {
    Ok(Door::new(db.clone(), verifier.clone())
        .behind(config.query.trusted_proxies.clone())
        .behind_gateway(GatewayChannel::new(&config.auth, &config.environment)?)
        .for_services(KnownServices::callers(&config.auth)?))
}

/// How many streams may be watched at once.
fn watchers(config: &QueryConfig) -> Most {
    Most {
        per_key: config.max_watchers_per_key,
        per_organization: config.max_watchers_per_organization,
        all: config.max_watchers,
    }
}

/// Evaluates alerts, and sends messages about them.
fn alert(alerting: &Alerting, shutdown: &Shutdown) {
    let all = || (alerting.clone(), shutdown.clone());
    let (one, until) = all();
    shutdown.spawn("query.alerts", one.watch(until));
    let (one, until) = all();
    shutdown.spawn("query.webhooks", one.deliver(until));
    let (one, until) = all();
    shutdown.spawn("query.webhooks.cleaning", one.clean(until));
}

/// Follows what other services say, and the time.
fn listen(db: &Db, bus: Bus, verifier: KeyVerifier, shutdown: &Shutdown) {
    shutdown.spawn(
        "query.notifications",
        notifications::take(db.clone(), bus.clone(), shutdown.clone()),
    );
    shutdown.spawn(
        "query.reminders",
        notifications::remind(db.clone(), shutdown.clone()),
    );
    let following = follow_revocations(bus, verifier, shutdown.clone());
    shutdown.spawn("query.notices", async move {
        following.await;
        Ok(())
    });
}

/// Names in certificates are of use only where clients are asked for one.
fn check_listeners(config: &Config) -> Result<(), AuthConfigError> {
    let (rest, grpc) = (&config.query.tls, &config.query.grpc_tls);
    let setting = "query.tls.client_ca_file or query.grpc_tls.client_ca_file";
    let auth = &config.auth;
    auth.check_gateway_listeners(setting, &[rest, grpc])?;
    auth.check_system_listener("query.tls.client_ca_file", rest)
}

/// Ready while the database answers.
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

/// Replaces 0 with the limits that fit the process.
fn limits(config: &QueryConfig) -> ConnectionLimits {
    let fitting = ConnectionLimits::default();
    let choose = |set: usize, otherwise: usize| if set == 0 { otherwise } else { set };
    ConnectionLimits {
        all: choose(config.max_connections, fitting.all),
        per_address: choose(config.max_connections_per_address, fitting.per_address),
        trusted_proxies: config.trusted_proxies.clone(),
        ..fitting
    }
}

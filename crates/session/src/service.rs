use std::sync::Arc;
use std::time::Duration;

use actix_web::App;
use actix_web::middleware::from_fn;
use anyhow::Context;
use backon::Retryable;
use tokio::sync::Semaphore;
use tracing::{info, warn};

use crow_bus::{Bus, streams};
use crow_db::{Db, KeeperLock, checkpoint, installation};
use crow_keyring::Keyring;
use crow_runtime::retry::pauses;
use crow_runtime::{Readiness, Shutdown, Tls, Troubles};
use crow_storage::Store;
use crow_types::log_chain;
use crow_web::{Health, Listener, request_scope};

use crate::archiver::Archiver;
use crate::config::Config;
use crate::effects::{DUE, LOADING};
use crate::eraser::Eraser;
use crate::flush::{COMMITTING, GETTING_KEYS, WRITING_OBJECTS};
use crate::given_up::{GIVEN_UP, GivenUp};
use crate::intake::{CLAIMS, LETTERS};
use crate::issue_rules::IssueRules;
use crate::keeper::{Keeper, Owned, Parts};
use crate::opening::READING;
use crate::{asset_sweeper, issue_hours, lag, letter_news, outbox, sweeper};

/// A failure counts as over after this long without a repeat. Longer than one attempt.
const FORGET_TROUBLE: Duration = Duration::from_secs(90);
/// Between two looks for the stream of stored interactions, while it is there and while it is not.
const STORED_PAUSE: Duration = Duration::from_secs(60);
const STORED_RETRY: Duration = Duration::from_secs(5);

/// Runs the session keeper until the shutdown starts; returns when it has drained.
///
/// If the bus or the store is down, it is not ready and continues when they are back. It fails if
/// the database cannot be reached or contradicts the settings.
pub async fn run(config: Config, shutdown: Shutdown) -> anyhow::Result<()> {
    config.session.check()?;
    let db = Db::connect(&config.database)
        .await
        .context("opening the database")?;
    let tls = Tls::open("session.tls", &config.session.tls, &shutdown)?;
    let listener = Listener::bind("session.listen", config.session.listen)?.secured(tls);
    let schema = || db.schema_readiness();
    listener
        .not_ready_until("schema", schema, None, &shutdown)
        .await?;
    if shutdown.is_started() {
        return Ok(());
    }
    let lock = KeeperLock::take(&config.database)?;
    let partitions = installation::ensure(&db, config.bus.partitions).await?;
    let store = Store::open(&config.storage)?;
    let keyring = Keyring::open(&db, &config.keyring, config.storage.seal)?;
    keyring.check().await.context("checking the master key")?;
    let bus = Bus::connect_and_wait("crow-session", &config.bus, partitions).await?;
    let owned = Owned::default();
    let troubles = Troubles::default();
    let readiness = readiness(&shutdown, &db, &bus, &owned, &troubles);
    let given_up = GivenUp::default();
    let told = given_up.clone();
    readiness.add(GIVEN_UP, move || told.check());

    let issue_rules = IssueRules::load(&db)
        .await
        .context("reading rules of issues")?;
    let cores = std::thread::available_parallelism().map_or(2, usize::from);
    let parts = Parts {
        db: db.clone(),
        store,
        keyring,
        bus: bus.clone(),
        config: config.session,
        announced: Arc::default(),
        erased: Arc::default(),
        troubles,
        given_up,
        packing: Arc::new(Semaphore::new(cores)),
        issue_rules: issue_rules.clone(),
    };
    let following = issue_rules.follow(db.clone(), shutdown.clone());
    shutdown.spawn("rules of issues", following);
    tidy_up(&parts, &owned, &shutdown);
    let announced = Arc::clone(&parts.announced);
    let keeper = keep(
        bus.clone(),
        Keeper::new(parts, owned.clone()),
        shutdown.clone(),
    );
    shutdown.spawn("keeper", async move {
        // No other keeper may start before it has drained.
        let _lock = lock;
        keeper.await
    });
    shutdown.spawn(
        "outbox",
        outbox::run(db, bus.clone(), owned, announced, shutdown.clone()),
    );
    shutdown.spawn(
        "undelivered",
        outbox::bury_undelivered(bus, shutdown.clone()),
    );

    info!(
        environment = config.environment,
        partitions = partitions.get(),
        "session keeper started"
    );
    let health = Health::new(readiness);
    let app = move || {
        App::new()
            .configure(|cfg| health.configure(cfg))
            .wrap(from_fn(request_scope))
    };
    listener
        .serve(1, app, shutdown)
        .await
        .context("serving health and metrics")
}

/// Starts what goes on beside the partitions: archiving, removing, erasing and measuring.
fn tidy_up(parts: &Parts, owned: &Owned, shutdown: &Shutdown) {
    let Parts {
        db,
        store,
        keyring,
        bus,
        ..
    } = parts.clone();
    let (owned, stop) = (|| owned.clone(), || shutdown.clone());
    let archiver = Archiver::new(db.clone(), store.clone(), keyring, owned(), &parts.config);
    shutdown.spawn("archiver", archiver.run(parts.troubles.clone(), stop()));
    let sweeping = sweeper::run(db.clone(), store.clone(), bus.clone(), owned(), stop());
    shutdown.spawn("sweeper", sweeping);
    let sweeping = asset_sweeper::run(db.clone(), owned(), stop());
    shutdown.spawn("sweeper of assets", sweeping);
    shutdown.spawn(
        "sums of issues",
        issue_hours::run(db.clone(), owned(), stop()),
    );
    shutdown.spawn("lag", lag::run(bus.clone(), owned(), stop()));
    let telling = letter_news::run(bus.clone(), owned(), stop());
    shutdown.spawn("news of dead letters", telling);
    let eraser = Eraser::new(db.clone(), store, bus);
    let erased = Arc::clone(&parts.erased);
    shutdown.spawn("eraser", eraser.run(owned(), erased, stop()));
    let stop = stop();
    shutdown.spawn("checkpoint", async move {
        tokio::select! {
            () = stop.started() => Ok(()),
            () = checkpoint::keep_log_short(&db) => Ok(()),
        }
    });
}

/// Creates missing streams, then owns partitions.
async fn keep(bus: Bus, keeper: Keeper, shutdown: Shutdown) -> anyhow::Result<()> {
    tokio::select! {
        () = shutdown.started() => return Ok(()),
        made = make_streams(bus.clone()) => made?,
    }
    let keeping = keep_stored(bus, shutdown.clone());
    shutdown.spawn("stream of stored interactions", keeping);
    keeper.run(shutdown).await
}

/// Creates the stream of stored interactions beside everything else, also after the server lost it. A failure
/// is logged once.
async fn keep_stored(bus: Bus, shutdown: Shutdown) -> anyhow::Result<()> {
    tokio::select! {
        () = shutdown.started() => {}
        () = make_stored(&bus) => {}
    }
    Ok(())
}

/// For ever.
async fn make_stored(bus: &Bus) {
    let mut is_logged = false;
    loop {
        let pause = match streams::ensure_stored(bus).await {
            Ok(()) => {
                is_logged = false;
                STORED_PAUSE
            }
            Err(error) => {
                if !is_logged {
                    warn!(
                        error = log_chain(&error),
                        "stored interactions cannot be announced without their stream, retrying"
                    );
                }
                is_logged = true;
                STORED_RETRY
            }
        };
        tokio::time::sleep(pause).await;
    }
}

async fn make_streams(bus: Bus) -> crow_bus::Result<()> {
    let make = move || {
        let bus = bus.clone();
        async move { streams::ensure_with_notifications(&bus).await }
    };
    make.retry(pauses())
        .when(crow_bus::Error::is_retryable)
        .notify(|error, _pause| {
            warn!(
                error = log_chain(error),
                "the streams do not exist yet, retrying"
            );
        })
        .await
}

fn readiness(
    shutdown: &Shutdown,
    db: &Db,
    bus: &Bus,
    owned: &Owned,
    troubles: &Troubles,
) -> Readiness {
    let readiness = Readiness::new(shutdown);
    let (db, bus, owned) = (db.clone(), bus.clone(), owned.clone());
    readiness.add_async("database", move || {
        let db = db.clone();
        async move {
            db.ping()
                .await
                .map_err(|_error| "the database does not answer".to_owned())
        }
    });
    readiness.add("bus", move || {
        if bus.is_connected() {
            Ok(())
        } else {
            Err("not connected to NATS".to_owned())
        }
    });
    for what in [
        WRITING_OBJECTS,
        COMMITTING,
        GETTING_KEYS,
        READING,
        LOADING,
        DUE,
        CLAIMS,
        LETTERS,
    ] {
        let troubles = troubles.clone();
        readiness.add(what, move || troubles.check(what, FORGET_TROUBLE));
    }
    readiness.add("partitions", move || {
        if owned.is_settled() {
            Ok(())
        } else {
            Err("no partition is owned yet".to_owned())
        }
    });
    readiness
}

//! Chaos: an installation of several processes under load, while a seeded nemesis kills,
//! stops and cuts off its parts. Afterwards everything that was acknowledged is looked for.
//!
//! Run by `cargo xtask chaos`, and for a short time by `cargo xtask test`.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod announcements;
mod checker;
mod client;
mod cluster_nemesis;
mod doomed;
mod installation;
mod keeper_gates;
mod lane;
mod load;
mod nemesis;
mod resumption;
mod takeover;
mod upgrade;

use std::env;
use std::time::Duration;

use tokio::sync::Mutex;

use crate::installation::{Bus, Installation};
use crate::load::Load;
use crate::resumption::Resumption;

fn setting(name: &str, default: u64) -> u64 {
    env::var(name).map_or(default, |value| value.parse().unwrap())
}

/// One run at a time: two would wait for the same S3 server.
static ALONE: Mutex<()> = Mutex::const_new(());

/// The seed, and the length of the run.
fn settings(default_seconds: u64) -> (u64, Duration) {
    let seconds = setting("CROW_CHAOS_SECONDS", default_seconds);
    let seed = setting("CROW_CHAOS_SEED", 7);
    println!("seed {seed}, {seconds} s of faults");
    (seed, Duration::from_secs(seconds))
}

#[tokio::test(flavor = "multi_thread")]
async fn chaos_loses_nothing_and_shows_nothing_twice() {
    let _alone = ALONE.lock().await;
    let (seed, length) = settings(90);
    let mut installation = Installation::start(Bus::one().await).await;
    let mut load = Load::start(&installation, seed);
    load.erase(&installation);

    let report = nemesis::torment(&mut installation, seed, length).await;

    let found = load.check(&installation).await;
    println!("{report}{}", installation.takeovers);
    println!("{found}");
    found.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_that_loses_parts_loses_nothing_and_shows_nothing_twice() {
    let _alone = ALONE.lock().await;
    let (seed, length) = settings(120);
    let mut installation = Installation::start(Bus::three().await).await;
    println!("{}", installation.bus.cluster().description());
    let resumption = Resumption::default();
    let mut load = Load::start(&installation, seed);
    load.measure(&installation, &resumption);
    load.erase(&installation);

    let report = cluster_nemesis::torment(&mut installation, &resumption, seed, length).await;

    let found = load.check(&installation).await;
    println!("{report}{}", installation.takeovers);
    println!("{resumption}{found}");
    found.assert_clean();
}

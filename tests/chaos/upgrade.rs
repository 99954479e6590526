//! The upgrade of an installation under load: from programs of an earlier commit to those of this
//! one, and one of each kind back again.

use std::env;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crow_testkit::wait::quiet_for;

use crate::installation::{Bus, Installation, Service};
use crate::load::Load;
use crate::resumption::Resumption;

/// Folder with the programs of the earlier commit.
const PROGRAMS: &str = "CROW_UPGRADE_FROM";
/// Longer than the grace period of any service.
const STOP: Duration = Duration::from_secs(60);
/// Load between two steps.
const BETWEEN: Duration = Duration::from_secs(2);

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the programs of an earlier commit: run `cargo xtask upgrade-check`"]
async fn an_upgrade_under_load_loses_nothing_and_shows_nothing_twice() {
    let old = PathBuf::from(env::var_os(PROGRAMS).unwrap());
    let mut installation = Installation::start_from(Bus::one().await, Some(&old)).await;
    let resumption = Resumption::default();
    let mut load = Load::start(&installation, 1);
    load.measure(&installation, &resumption);
    quiet_for(BETWEEN).await;

    step(&resumption, "crow migrate of the new version").await;
    println!("{}", installation.crow(&["migrate"]).trim());
    upgrade_all(&mut installation, &resumption).await;
    step(&resumption, "keeper and gateway back to the old version").await;
    exchange(&mut installation.sessions[0], Some(&old)).await;
    exchange(&mut installation.ingests[0], Some(&old)).await;
    installation.wait_until_ready().await;
    step(&resumption, "both versions side by side").await;

    let found = load.check(&installation).await;
    println!("{resumption}{found}");
    found.assert_clean();
}

/// Keepers first: what a new gateway writes, an old keeper might ignore.
async fn upgrade_all(installation: &mut Installation, resumption: &Resumption) {
    step(resumption, "keepers to the new version").await;
    for keeper in &mut installation.sessions {
        exchange(keeper, None).await;
    }
    step(resumption, "gateways to the new version").await;
    for gateway in &mut installation.ingests {
        exchange(gateway, None).await;
    }
    step(resumption, "read API to the new version").await;
    exchange(&mut installation.query, None).await;
    installation.wait_until_ready().await;
}

async fn step(resumption: &Resumption, name: &'static str) {
    quiet_for(BETWEEN).await;
    println!("{name}");
    resumption.begin(name);
    resumption.effective();
    quiet_for(BETWEEN).await;
}

/// SIGTERM, then the program of the other version.
async fn exchange(service: &mut Service, programs: Option<&Path>) {
    let began = Instant::now();
    let status = service.process.terminate(STOP).await.unwrap();
    assert!(status.success(), "{}: {status}", service.name);
    let stopped = began.elapsed();
    service.process.start_again_from(programs).unwrap();
    crow_testkit::wait::http_ready(&service.ready(), STOP).await;
    println!(
        "{}: stopped in {stopped:.2?}, ready after {:.2?}",
        service.name,
        began.elapsed()
    );
}

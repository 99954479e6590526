//! Chaos: an installation of several processes under load, while a seeded nemesis kills,
//! stops and cuts off its parts. Afterwards everything that was acknowledged is looked for.
//!
//! Run by `cargo xtask chaos`, and for a short time by `cargo xtask test`.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod announcements;
mod checker;
mod client;
mod cluster;
mod nemesis;
mod takeover;

use std::env;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::announcements::Announcements;
use crate::client::{Acknowledged, Client};
use crate::cluster::Cluster;

/// Clients that send at the same time.
const CLIENTS: u64 = 12;

fn setting(name: &str, default: u64) -> u64 {
    env::var(name).map_or(default, |value| value.parse().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn chaos_loses_nothing_and_shows_nothing_twice() {
    let seconds = setting("CROW_CHAOS_SECONDS", 180);
    let seed = setting("CROW_CHAOS_SEED", 7);
    println!("seed {seed}, {seconds} s of faults");
    let mut cluster = Cluster::start().await;

    let stop = Arc::new(AtomicBool::new(false));
    let mut clients = JoinSet::new();
    for number in 0..CLIENTS {
        let client = Client::new(&cluster, seed, number, &stop);
        clients.spawn(client.run());
    }
    let watching = CancellationToken::new();
    let takeovers = cluster.takeovers.clone();
    let watch = tokio::spawn(
        takeovers
            .clone()
            .watch(cluster.database_url.clone(), watching.clone()),
    );
    let consuming = CancellationToken::new();
    let announcements = Announcements::default();
    let consumer = announcements
        .clone()
        .take(cluster.nats.url(), consuming.clone());
    let consumer = tokio::spawn(consumer);
    let report = nemesis::torment(&mut cluster, seed, Duration::from_secs(seconds)).await;
    stop.store(true, Ordering::Release);
    watching.cancel();
    watch.await.unwrap();
    let mut acknowledged = Acknowledged::default();
    for of_client in clients.join_all().await {
        acknowledged.add(of_client);
    }
    // Every partition commits once more, so that nothing can belong to a flush under way.
    acknowledged.add(client::calm_round(&cluster).await);

    let found = checker::check(&cluster, &acknowledged, &announcements).await;
    consuming.cancel();
    consumer.await.unwrap();
    println!("{report}{takeovers}");
    println!("{found}");
    found.assert_clean();
}

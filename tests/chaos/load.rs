//! Everything that goes on while a nemesis does harm: clients, and observers of keepers and queue.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crow_types::Partition;
use tokio::task::{JoinHandle, JoinSet};
use tokio_util::sync::CancellationToken;

use crate::announcements::Announcements;
use crate::checker::{self, Found};
use crate::client::{self, Acknowledged, Client};
use crate::doomed::Doomed;
use crate::installation::{Installation, PARTITIONS};
use crate::lane::Lane;
use crate::resumption::Resumption;

/// Clients that send at the same time.
const CLIENTS: u64 = 12;

/// Clients whose sessions are erased, and the number of the first.
const DOOMED: u64 = 2;
const FIRST_DOOMED: u64 = 1_000;

pub struct Load {
    seed: u64,
    clients: JoinSet<Acknowledged>,
    stop: Arc<AtomicBool>,
    watcher: JoinHandle<()>,
    consumer: JoinHandle<()>,
    watching: CancellationToken,
    consuming: CancellationToken,
    announcements: Announcements,
}

impl Load {
    pub fn start(installation: &Installation, seed: u64) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let mut clients = JoinSet::new();
        for number in 0..CLIENTS {
            clients.spawn(Client::new(installation, seed, number, &stop).run());
        }
        let (watching, consuming) = (CancellationToken::new(), CancellationToken::new());
        let takeovers = installation.takeovers.clone();
        let watch = takeovers.watch(installation.database_url.clone(), watching.clone());
        let announcements = Announcements::default();
        let take = announcements.clone();
        let take = take.take(installation.bus.url(), consuming.clone());
        Self {
            seed,
            clients,
            stop,
            watcher: tokio::spawn(watch),
            consumer: tokio::spawn(take),
            watching,
            consuming,
            announcements,
        }
    }

    /// Adds a client for each partition, so that each interruption shows.
    pub fn measure(&mut self, installation: &Installation, resumption: &Resumption) {
        for partition in 0..PARTITIONS {
            let number = CLIENTS + u64::from(partition);
            let lane = Lane {
                client: Client::new(installation, self.seed, number, &self.stop),
                partition: Partition(partition),
                resumption: resumption.clone(),
            };
            self.clients.spawn(lane.run());
        }
    }

    /// Adds clients whose sessions are erased.
    pub fn erase(&mut self, installation: &Installation) {
        for number in 0..DOOMED {
            let client = Client::new(installation, self.seed, FIRST_DOOMED + number, &self.stop);
            self.clients.spawn(Doomed::new(installation, client).run());
        }
    }

    /// Stops the clients, and looks for everything that was acknowledged.
    pub async fn check(self, installation: &Installation) -> Found {
        self.stop.store(true, Ordering::Release);
        self.watching.cancel();
        self.watcher.await.unwrap();
        let mut acknowledged = Acknowledged::default();
        for of_client in self.clients.join_all().await {
            acknowledged.add(of_client);
        }
        // Every partition commits once more, so that nothing can belong to a flush under way.
        acknowledged.add(client::calm_round(installation).await);
        let found = checker::check(installation, &acknowledged, &self.announcements).await;
        self.consuming.cancel();
        self.consumer.await.unwrap();
        found
    }
}

//! How long a partition is without an owner after its keeper was killed.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crow_testkit::wait::quiet_for;
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};
use tokio_util::sync::CancellationToken;

const INTERVAL: Duration = Duration::from_millis(50);

/// Who owned what, and who was killed when. Cloning gives the same.
#[derive(Debug, Clone, Default)]
pub struct Takeovers(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    /// Owners of the partitions, as last seen.
    owners: BTreeMap<i64, Owner>,
    /// Partitions whose owner was killed, and when.
    orphaned: BTreeMap<i64, (Instant, Owner)>,
    taken_over: Vec<Duration>,
}

type Owner = (String, i64);

impl Takeovers {
    /// A keeper of this process id is about to be killed.
    pub fn killed(&self, process: u32) {
        let mut state = self.0.lock().unwrap();
        let prefix = format!("{process}-");
        let now = Instant::now();
        let of_process: Vec<(i64, Owner)> = state
            .owners
            .iter()
            .filter(|(_partition, (owner, _epoch))| owner.starts_with(&prefix))
            .map(|(partition, owner)| (*partition, owner.clone()))
            .collect();
        for (partition, owner) in of_process {
            state.orphaned.insert(partition, (now, owner));
        }
    }

    /// Watches the rows, past the gates, until `stop`.
    pub async fn watch(self, url: String, stop: CancellationToken) {
        let db = Database::connect(url).await.unwrap();
        while !stop.is_cancelled() {
            if let Some(owners) = owners(&db).await {
                self.see(owners);
            }
            quiet_for(INTERVAL).await;
        }
    }

    fn see(&self, owners: BTreeMap<i64, Owner>) {
        let mut state = self.0.lock().unwrap();
        let now = Instant::now();
        for (partition, owner) in &owners {
            let before = state.orphaned.get(partition);
            if let Some((since, _owner)) = before.filter(|(_since, before)| before != owner) {
                let took = now.duration_since(*since);
                state.orphaned.remove(partition);
                state.taken_over.push(took);
            }
        }
        state.owners = owners;
    }
}

async fn owners(db: &DatabaseConnection) -> Option<BTreeMap<i64, Owner>> {
    let sql = "select id, owner, epoch from partitions where owner is not null";
    let rows = db
        .query_all_raw(Statement::from_string(DbBackend::Postgres, sql))
        .await
        .ok()?;
    rows.into_iter()
        .map(|row| {
            let owner = (
                row.try_get("", "owner").ok()?,
                row.try_get("", "epoch").ok()?,
            );
            Some((row.try_get("", "id").ok()?, owner))
        })
        .collect()
}

impl fmt::Display for Takeovers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut times = self.0.lock().unwrap().taken_over.clone();
        times.sort();
        write!(
            f,
            "takeover of {} partitions whose keeper was killed: ",
            times.len()
        )?;
        distribution(f, &times)
    }
}

/// p50, p90, p99 and the longest, in seconds.
pub fn distribution(f: &mut fmt::Formatter<'_>, sorted: &[Duration]) -> fmt::Result {
    let Some(longest) = sorted.last() else {
        return write!(f, "none");
    };
    let at = |percent: usize| sorted[(sorted.len() - 1) * percent / 100].as_secs_f64();
    write!(
        f,
        "p50 {:.2} s, p90 {:.2} s, p99 {:.2} s, longest {:.2} s",
        at(50),
        at(90),
        at(99),
        longest.as_secs_f64()
    )
}

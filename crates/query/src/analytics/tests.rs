//! Compares the answers of analytics with plain SQL over sessions and events.

mod conditions;
mod hand;
mod needs;
mod passed_over;
mod persons;
mod plain;
mod rest;
mod seeded;
mod steps;

use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};

use crow_db::read::SessionFilter;
use crow_db::{DatabaseConfig, Db, installation};
use crow_seed::Plan;
use crow_types::OrganizationId;

use super::{Analytics, Asked};
use crate::config::QueryConfig;
use crate::scheduler::Scheduler;

/// The end of the range of all seeded sessions: a Friday, not at the start of an hour, day, week or
/// month.
const END: i64 = 1_763_712_345_678;
const DAY: i64 = 86_400_000;
const DAYS: i64 = 20;

/// A database with seeded sessions, and a second connection to it.
struct Seeded {
    analytics: Analytics,
    db: Db,
    sql: DatabaseConnection,
    _folder: tempfile::TempDir,
}

impl Seeded {
    async fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}/crow.db", folder.path().display());
        Self::open(url, folder).await
    }

    async fn postgres() -> Self {
        let url = crow_testkit::postgres::database().await;
        Self::open(url, tempfile::tempdir().unwrap()).await
    }

    async fn open(url: String, folder: tempfile::TempDir) -> Self {
        let config = DatabaseConfig {
            url: url.clone().into(),
            ..DatabaseConfig::default()
        };
        let db = Db::connect(&config).await.unwrap();
        Self {
            analytics: Analytics::new(&db, 0, Scheduler::new(&QueryConfig::default()).unwrap()),
            db,
            sql: Database::connect(url).await.unwrap(),
            _folder: folder,
        }
    }

    async fn seed(&self, organization: &str, seed: u64, sessions: u64) {
        let partitions = installation::ensure(&self.db, None).await.unwrap();
        let organization = OrganizationId::new(organization).unwrap();
        let days = u32::try_from(DAYS).unwrap();
        let plan = Plan::new(organization, seed, sessions, days, END, partitions);
        crow_seed::write(&self.db, &plan, None, |_written| {})
            .await
            .unwrap();
    }

    fn is_sqlite(&self) -> bool {
        self.sql.get_database_backend() == DbBackend::Sqlite
    }

    /// The rows of a query: first `texts` texts, then numbers.
    async fn rows<const N: usize>(&self, texts: usize, sql: &str) -> Vec<(Vec<String>, [i64; N])> {
        let statement = Statement::from_string(self.sql.get_database_backend(), sql);
        let rows = self.sql.query_all_raw(statement).await;
        let rows = rows.unwrap_or_else(|error| panic!("{error}\n{sql}"));
        rows.iter()
            .map(|row| {
                let text = |index| row.try_get_by_index(index).unwrap();
                let number = |index: usize| row.try_get_by_index(texts + index).unwrap();
                ((0..texts).map(text).collect(), std::array::from_fn(number))
            })
            .collect()
    }

    /// The numbers of the only row.
    async fn numbers<const N: usize>(&self, sql: &str) -> [i64; N] {
        self.rows::<N>(0, sql).await.remove(0).1
    }
}

/// The last `days` of the seeded range, and the sessions of `acme` that pass the filter.
fn asked(days: i64, filter: SessionFilter) -> Asked {
    let filter = SessionFilter {
        from: Some(END - days * DAY),
        to: Some(END),
        ..filter
    };
    Asked::new(OrganizationId::new("acme").unwrap(), filter, false).unwrap()
}

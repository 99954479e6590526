//! The SQL schema, in steps. Most steps are one SQL text that SQLite and Postgres both
//! understand, but for `{clustered}`: there SQLite keeps the table in the order of its
//! primary key. Where SQLite cannot change a table, it has a text of its own. Times are milliseconds since the epoch.
//!
//! A step leaves alone what the previous release reads and writes, so that its programs go on while
//! the new ones start, and so that one can go back. A step that takes something away comes one
//! release later, and its name ends with `_contract`: a program that does not know it refuses to run.

use migration_base::prelude::*;
use migration_base::sea_orm::DbBackend;
pub use migration_base::{MigratorTrait, SchemaManager};

/// A step of one text for both databases.
macro_rules! step {
    ($name:literal) => {
        Box::new(Step {
            name: $name,
            sqlite: include_str!(concat!($name, ".sql")),
            others: include_str!(concat!($name, ".sql")),
        })
    };
}

/// Applies the steps in order, each once.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            step!("m0001_main_path"),
            step!("m0002_archive"),
            step!("m0003_sign_ins"),
            step!("m0004_analytics"),
            step!("m0005_sessions_of_user"),
            Box::new(Step {
                name: "m0006_events_unchecked",
                sqlite: "",
                others: include_str!("m0006_events_unchecked.sql"),
            }),
            Box::new(Step {
                name: "m0007_rows_by_session",
                sqlite: include_str!("m0007_rows_by_session.sqlite.sql"),
                others: include_str!("m0007_rows_by_session.sql"),
            }),
            step!("m0008_live_and_visitors"),
            step!("m0009_assets"),
            step!("m0010_archive_failures"),
            step!("m0011_sweep_holds"),
            Box::new(Step {
                name: "m0012_events_in_objects",
                sqlite: include_str!("m0012_events_in_objects.sqlite.sql"),
                others: include_str!("m0012_events_in_objects.sql"),
            }),
            step!("m0013_sealed"),
            step!("m0014_settings"),
            step!("m0015_erasure"),
            step!("m0016_withdrawals"),
            step!("m0017_compaction"),
            step!("m0020_key_expiry"),
            step!("m0021_users"),
            step!("m0022_audit_chain"),
            step!("m0023_reduction"),
            step!("m0025_interactions"),
            step!("m0028_key_rate"),
            step!("m0029_reported"),
            step!("m0030_products"),
            step!("m0033_key_rotation"),
            step!("m0034_identities"),
            step!("m0036_saved_filters"),
            step!("m0037_embeddings"),
            step!("m0038_passkeys"),
            step!("m0039_notifications"),
            step!("m0040_ai"),
            step!("m0041_site_imports"),
            step!("m0043_issues"),
            step!("m0044_answers_of_sessions"),
            step!("m0045_source_maps"),
            step!("m0046_alerts"),
            step!("m0047_kept_and_shared"),
            step!("m0048_dashboards"),
            step!("m0050_cohorts"),
            step!("m0051_ai_retries"),
            // Postgres has an index of words for each large organization, and writes none for others.
            Box::new(Step {
                name: "m0052_words_of_interactions",
                sqlite: include_str!("m0052_words_of_interactions.sqlite.sql"),
                others: "",
            }),
            Box::new(Step {
                name: "m0053_issue_hours",
                sqlite: include_str!("m0053_issue_hours.sqlite.sql"),
                others: include_str!("m0053_issue_hours.sql"),
            }),
            step!("m0054_user_of_browser"),
            step!("m0055_erased_ranges"),
            step!("m0056_interaction_products"),
            step!("m0057_interaction_outbox"),
            step!("m0060_usage_counts"),
            step!("m0061_product_description"),
        ]
    }
}

/// While a step waits for a table, whoever writes to it waits behind the step. So the step gives up soon, and the
/// program tries it again. What it does then may take long.
const TIMEOUTS: &str = "set local lock_timeout = '2s'; set local statement_timeout = 0";

struct Step {
    name: &'static str,
    /// Empty: nothing to do.
    sqlite: &'static str,
    others: &'static str,
}

impl MigrationName for Step {
    fn name(&self) -> &str {
        self.name
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    /// So that a step is done and noted, or neither.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let (sql, clustered) = match manager.get_database_backend() {
            DbBackend::Sqlite => (self.sqlite, " without rowid"),
            _ => (self.others, ""),
        };
        if sql.is_empty() {
            return Ok(());
        }
        let sql = sql.replace("{clustered}", clustered);
        let connection = manager.get_connection();
        if manager.get_database_backend() == DbBackend::Postgres {
            connection.execute_unprepared(TIMEOUTS).await?;
        }
        connection.execute_unprepared(&sql).await.map(drop)
    }
}

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

/// Applies the steps in order, each once.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            step("m0001_main_path", include_str!("m0001_main_path.sql")),
            step("m0002_archive", include_str!("m0002_archive.sql")),
            step("m0003_sign_ins", include_str!("m0003_sign_ins.sql")),
            step("m0004_analytics", include_str!("m0004_analytics.sql")),
            step(
                "m0005_sessions_of_user",
                include_str!("m0005_sessions_of_user.sql"),
            ),
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
            step(
                "m0008_live_and_visitors",
                include_str!("m0008_live_and_visitors.sql"),
            ),
            step("m0009_assets", include_str!("m0009_assets.sql")),
            step(
                "m0010_archive_failures",
                include_str!("m0010_archive_failures.sql"),
            ),
            step("m0011_sweep_holds", include_str!("m0011_sweep_holds.sql")),
            Box::new(Step {
                name: "m0012_events_in_objects",
                sqlite: include_str!("m0012_events_in_objects.sqlite.sql"),
                others: include_str!("m0012_events_in_objects.sql"),
            }),
            step("m0013_sealed", include_str!("m0013_sealed.sql")),
            step("m0014_settings", include_str!("m0014_settings.sql")),
            step("m0015_erasure", include_str!("m0015_erasure.sql")),
            step("m0016_withdrawals", include_str!("m0016_withdrawals.sql")),
            step("m0017_compaction", include_str!("m0017_compaction.sql")),
            step("m0020_key_expiry", include_str!("m0020_key_expiry.sql")),
            step("m0021_users", include_str!("m0021_users.sql")),
            step("m0022_audit_chain", include_str!("m0022_audit_chain.sql")),
            step("m0023_reduction", include_str!("m0023_reduction.sql")),
            step("m0025_interactions", include_str!("m0025_interactions.sql")),
            step("m0028_key_rate", include_str!("m0028_key_rate.sql")),
            step("m0029_reported", include_str!("m0029_reported.sql")),
            step("m0030_products", include_str!("m0030_products.sql")),
            step("m0033_key_rotation", include_str!("m0033_key_rotation.sql")),
            step("m0034_identities", include_str!("m0034_identities.sql")),
            step(
                "m0036_saved_filters",
                include_str!("m0036_saved_filters.sql"),
            ),
            step("m0037_embeddings", include_str!("m0037_embeddings.sql")),
            step("m0038_passkeys", include_str!("m0038_passkeys.sql")),
            step(
                "m0039_notifications",
                include_str!("m0039_notifications.sql"),
            ),
            step("m0040_ai", include_str!("m0040_ai.sql")),
            step("m0041_site_imports", include_str!("m0041_site_imports.sql")),
            step("m0043_issues", include_str!("m0043_issues.sql")),
            step(
                "m0044_answers_of_sessions",
                include_str!("m0044_answers_of_sessions.sql"),
            ),
            step("m0045_source_maps", include_str!("m0045_source_maps.sql")),
            step("m0046_alerts", include_str!("m0046_alerts.sql")),
            step(
                "m0047_kept_and_shared",
                include_str!("m0047_kept_and_shared.sql"),
            ),
            step("m0048_dashboards", include_str!("m0048_dashboards.sql")),
            step("m0050_cohorts", include_str!("m0050_cohorts.sql")),
            step("m0051_ai_retries", include_str!("m0051_ai_retries.sql")),
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
            step(
                "m0054_user_of_browser",
                include_str!("m0054_user_of_browser.sql"),
            ),
            step(
                "m0055_erased_ranges",
                include_str!("m0055_erased_ranges.sql"),
            ),
            step(
                "m0056_interaction_products",
                include_str!("m0056_interaction_products.sql"),
            ),
            step(
                "m0057_interaction_outbox",
                include_str!("m0057_interaction_outbox.sql"),
            ),
        ]
    }
}

struct Step {
    name: &'static str,
    /// Empty: nothing to do.
    sqlite: &'static str,
    others: &'static str,
}

fn step(name: &'static str, sql: &'static str) -> Box<dyn MigrationTrait> {
    Box::new(Step {
        name,
        sqlite: sql,
        others: sql,
    })
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
        manager
            .get_connection()
            .execute_unprepared(&sql)
            .await
            .map(drop)
    }
}

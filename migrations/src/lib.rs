//! The SQL schema, in steps. Each step is one SQL text that SQLite and Postgres both
//! understand, but for `{clustered}`: there SQLite keeps the table in the order of its
//! primary key. Times are milliseconds since the epoch.

pub use migration_base::MigratorTrait;
use migration_base::prelude::*;
use migration_base::sea_orm::DbBackend;

/// Applies the steps in order, each once.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(Step {
                name: "m0001_main_path",
                sql: include_str!("m0001_main_path.sql"),
            }),
            Box::new(Step {
                name: "m0002_archive",
                sql: include_str!("m0002_archive.sql"),
            }),
            Box::new(Step {
                name: "m0003_sign_ins",
                sql: include_str!("m0003_sign_ins.sql"),
            }),
            Box::new(Step {
                name: "m0004_analytics",
                sql: include_str!("m0004_analytics.sql"),
            }),
            Box::new(Step {
                name: "m0005_sessions_of_user",
                sql: include_str!("m0005_sessions_of_user.sql"),
            }),
        ]
    }
}

struct Step {
    name: &'static str,
    sql: &'static str,
}

impl MigrationName for Step {
    fn name(&self) -> &str {
        self.name
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let clustered = match manager.get_database_backend() {
            DbBackend::Sqlite => " without rowid",
            _ => "",
        };
        let sql = self.sql.replace("{clustered}", clustered);
        manager
            .get_connection()
            .execute_unprepared(&sql)
            .await
            .map(drop)
    }
}

//! `ai_retries`: visits that models are asked about again. The columns are described in the migration.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ai_retries")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    /// Column `session_row`: `sessions.id`.
    pub session_row: String,
    #[sea_orm(column_type = "Text")]
    /// Column `organization_id`.
    pub organization_id: String,
    /// Column `revision`.
    pub revision: i64,
    /// Column `told_at`: milliseconds since the epoch.
    pub told_at: i64,
    /// Column `attempts`.
    pub attempts: i64,
    /// Column `next_at`: milliseconds since the epoch.
    pub next_at: i64,
    /// Column `epoch`.
    pub epoch: i64,
}

/// Relations are written as joins where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

//! `ai_answers`: what language models answered. The columns are described in the migration.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ai_answers")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    /// Column `organization_id`.
    pub organization_id: String,
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    /// Column `key`: names what was asked, and of which model.
    pub key: String,
    #[sea_orm(column_type = "Text", nullable)]
    /// Column `session_row`: `sessions.id`, or the id of the interaction that a report becomes.
    pub session_row: Option<String>,
    #[sea_orm(column_type = "Text")]
    /// Column `answer`: JSON. **Not to be trusted.**
    pub answer: String,
    /// Column `expires_at`: milliseconds since the epoch.
    pub expires_at: i64,
}

/// Relations are written as joins where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

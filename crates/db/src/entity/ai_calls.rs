//! `ai_calls`: calls of language models. The columns are described in the migration.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ai_calls")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    /// Column `id`.
    pub id: String,
    #[sea_orm(column_type = "Text")]
    /// Column `organization_id`.
    pub organization_id: String,
    /// Column `at`: when it began, milliseconds since the epoch.
    pub at: i64,
    #[sea_orm(column_type = "Text")]
    /// Column `task`: what was asked for.
    pub task: String,
    #[sea_orm(column_type = "Text")]
    /// Column `model`: its name in the settings.
    pub model: String,
    #[sea_orm(column_type = "Text")]
    /// Column `outcome`: `unfinished` until the answer is noted, then `answered`, or why there is no answer.
    pub outcome: String,
    /// Column `input_tokens`, as the provider counts them.
    pub input_tokens: i64,
    /// Column `output_tokens`, as the provider counts them.
    pub output_tokens: i64,
    /// Column `latency_ms`.
    pub latency_ms: i64,
}

/// Relations are written as joins where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

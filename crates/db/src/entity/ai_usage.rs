//! `ai_usage`: tokens of a day. The columns are described in the migration.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ai_usage")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    /// Column `organization_id`.
    pub organization_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    /// Column `day`: days since the epoch, UTC.
    pub day: i64,
    /// Column `tokens`.
    pub tokens: i64,
}

/// Relations are written as joins where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

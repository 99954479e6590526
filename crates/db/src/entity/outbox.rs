//! `outbox`: an announcement to make. The columns are described in the migration.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "outbox")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    /// Column `id`.
    pub id: String,
    /// Column `partition`.
    pub partition: i64,
    #[sea_orm(column_type = "Text")]
    /// Column `session_id`.
    pub session_id: String,
    /// Column `revision`.
    pub revision: i32,
    /// Column `created_at`.
    pub created_at: i64,
    /// Column `sent_at`.
    pub sent_at: Option<i64>,
}

/// Relations are written as joins where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

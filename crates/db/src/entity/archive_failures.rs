//! `archive_failures`: a session that could not be archived. The columns are described in the migration.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "archive_failures")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    /// Column `session_id`: `sessions.id`.
    pub session_id: String,
    /// Column `partition`.
    pub partition: i64,
    /// Column `failures`.
    pub failures: i32,
    /// Column `not_before`.
    pub not_before: i64,
    /// Column `reason`.
    #[sea_orm(column_type = "Text")]
    pub reason: String,
}

/// Relations are written as joins where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

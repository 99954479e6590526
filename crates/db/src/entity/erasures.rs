//! `erasures`: requests to erase. The columns are described in the migration.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "erasures")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    /// Column `id`.
    pub id: String,
    #[sea_orm(column_type = "Text")]
    /// Column `organization_id`.
    pub organization_id: String,
    #[sea_orm(column_type = "Text")]
    /// Column `kind`.
    pub kind: String,
    #[sea_orm(column_type = "Text")]
    /// Column `subject`.
    pub subject: String,
    #[sea_orm(column_type = "Text")]
    /// Column `requested_by`.
    pub requested_by: String,
    /// Column `requested_at`.
    pub requested_at: i64,
    /// Column `sessions`.
    pub sessions: i64,
    /// Column `completed_at`.
    pub completed_at: Option<i64>,
    #[sea_orm(column_type = "Text")]
    /// Column `mode`.
    pub mode: String,
}

/// Relations are written as joins where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

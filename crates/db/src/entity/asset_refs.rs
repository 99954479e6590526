//! `asset_refs`: what a session has shown. The columns are described in the migration.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "asset_refs")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    /// Column `organization_id`.
    pub organization_id: String,
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    /// Column `session_id`.
    pub session_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    /// Column `part`.
    pub part: i64,
    #[sea_orm(column_type = "Blob")]
    /// Column `urls`.
    pub urls: Vec<u8>,
    /// Column `created_at`.
    pub created_at: i64,
}

/// Relations are written as joins where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

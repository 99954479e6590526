//! `collection_sessions`: the sessions of each collection. The columns are described in the migration.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "collection_sessions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    /// Column `collection_id`.
    pub collection_id: String,
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    /// Column `session_id`.
    pub session_id: String,
    #[sea_orm(column_type = "Text")]
    /// Column `organization_id`.
    pub organization_id: String,
    #[sea_orm(column_type = "Text")]
    /// Column `added_by`.
    pub added_by: String,
    /// Column `added_at`.
    pub added_at: i64,
}

/// Relations are written as joins where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

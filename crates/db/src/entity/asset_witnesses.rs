//! `asset_witnesses`: a session that showed an address. The columns are described in the migration.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "asset_witnesses")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    /// Column `organization_id`.
    pub organization_id: String,
    #[sea_orm(primary_key, auto_increment = false, column_type = "Blob")]
    /// Column `url_hash`.
    pub url_hash: Vec<u8>,
    #[sea_orm(primary_key, auto_increment = false)]
    /// Column `session_hash`.
    pub session_hash: i64,
    /// Column `shown_at`.
    pub shown_at: i64,
}

/// Relations are written as joins where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

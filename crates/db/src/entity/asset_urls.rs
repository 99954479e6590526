//! `asset_urls`: an address that is asked for. The columns are described in the migration.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "asset_urls")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    /// Column `organization_id`.
    pub organization_id: String,
    #[sea_orm(primary_key, auto_increment = false, column_type = "Blob")]
    /// Column `url_hash`.
    pub url_hash: Vec<u8>,
    #[sea_orm(column_type = "Text")]
    /// Column `url`.
    pub url: String,
    /// Column `shown_at`.
    pub shown_at: i64,
    /// Column `checked_at`.
    pub checked_at: Option<i64>,
}

/// Relations are written as joins where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

//! `asset_versions`: what was found at an address. The columns are described in the migration.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "asset_versions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    /// Column `organization_id`.
    pub organization_id: String,
    #[sea_orm(primary_key, auto_increment = false, column_type = "Blob")]
    /// Column `url_hash`.
    pub url_hash: Vec<u8>,
    #[sea_orm(primary_key, auto_increment = false)]
    /// Column `first_seen_at`.
    pub first_seen_at: i64,
    #[sea_orm(column_type = "Blob")]
    /// Column `content_hash`.
    pub content_hash: Vec<u8>,
    #[sea_orm(column_type = "Text")]
    /// Column `object_key`.
    pub object_key: String,
    #[sea_orm(column_type = "Text")]
    /// Column `mime_type`.
    pub mime_type: String,
    /// Column `byte_length`.
    pub byte_length: i64,
}

/// Relations are written as joins where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

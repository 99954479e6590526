//! `source_maps`: from built scripts to their sources. The columns are described in the migration.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "source_maps")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    /// Column `id`.
    pub id: String,
    #[sea_orm(column_type = "Text")]
    /// Column `organization_id`.
    pub organization_id: String,
    #[sea_orm(column_type = "Text")]
    /// Column `app_release`.
    pub app_release: String,
    #[sea_orm(column_type = "Text")]
    /// Column `path`.
    pub path: String,
    #[sea_orm(column_type = "Text")]
    /// Column `debug_id`.
    pub debug_id: String,
    #[sea_orm(column_type = "Blob")]
    /// Column `content_hash`.
    pub content_hash: Vec<u8>,
    #[sea_orm(column_type = "Text")]
    /// Column `object_key`.
    pub object_key: String,
    /// Column `byte_length`.
    pub byte_length: i64,
    /// Column `stored_length`.
    pub stored_length: i64,
    /// Column `uploaded_at`.
    pub uploaded_at: i64,
    #[sea_orm(column_type = "Text")]
    /// Column `uploaded_kind`.
    pub uploaded_kind: String,
    #[sea_orm(column_type = "Text")]
    /// Column `uploaded_by`.
    pub uploaded_by: String,
}

/// Relations are written as joins where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

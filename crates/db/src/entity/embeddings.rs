//! `embeddings`: texts as vectors. The columns are described in the migration.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "embeddings")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    /// Column `organization_id`.
    pub organization_id: String,
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    /// Column `kind`.
    pub kind: String,
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    /// Column `owner_id`.
    pub owner_id: String,
    #[sea_orm(column_type = "Text", nullable)]
    /// Column `session_row`: `sessions.id`.
    pub session_row: Option<String>,
    #[sea_orm(column_type = "Text")]
    /// Column `model`.
    pub model: String,
    /// Column `dimension`.
    pub dimension: i64,
    #[sea_orm(column_type = "Blob")]
    /// Column `vector`.
    pub vector: Vec<u8>,
}

/// Relations are written as joins where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

//! `events`: one interaction. The columns are described in the migration.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "events")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    /// Column `id`.
    pub id: String,
    #[sea_orm(column_type = "Text")]
    /// Column `session_id`.
    pub session_id: String,
    #[sea_orm(column_type = "Text")]
    /// Column `type`.
    pub r#type: String,
    #[sea_orm(column_type = "Text", nullable)]
    /// Column `name`.
    pub name: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    /// Column `url`.
    pub url: Option<String>,
    #[sea_orm(column_type = "Text")]
    /// Column `window_id`.
    pub window_id: String,
    /// Column `timestamp`.
    pub timestamp: i64,
    /// Column `place`.
    pub place: i64,
    #[sea_orm(column_type = "Text")]
    /// Column `data`.
    pub data: String,
    /// Column `created_at`.
    pub created_at: i64,
}

/// Relations are written as joins where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

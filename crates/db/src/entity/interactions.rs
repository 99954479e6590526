//! `interactions`: what happened, in words. The columns are described in the migration.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Debug, Clone, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "interactions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    /// Column `id`.
    pub id: String,
    #[sea_orm(column_type = "Text")]
    /// Column `organization_id`.
    pub organization_id: String,
    #[sea_orm(column_type = "Text")]
    /// Column `source_type`.
    pub source_type: String,
    #[sea_orm(column_type = "Text", nullable)]
    /// Column `session_id`.
    pub session_id: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    /// Column `session_row`: `sessions.id`.
    pub session_row: Option<String>,
    /// Column `revision`.
    pub revision: i64,
    #[sea_orm(column_type = "Text")]
    /// Column `data`.
    pub data: String,
    #[sea_orm(column_type = "Text", nullable)]
    /// Column `summary`.
    pub summary: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    /// Column `summary_source`.
    pub summary_source: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    /// Column `intent`.
    pub intent: Option<String>,
    #[sea_orm(column_type = "Double", nullable)]
    /// Column `confidence`.
    pub confidence: Option<f64>,
    #[sea_orm(column_type = "Text", nullable)]
    /// Column `tags`.
    pub tags: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    /// Column `product_ids`.
    pub product_ids: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    /// Column `evidence`.
    pub evidence: Option<String>,
    #[sea_orm(column_type = "Text")]
    /// Column `words`.
    pub words: String,
    /// Column `timestamp`.
    pub timestamp: i64,
    /// Column `created_at`.
    pub created_at: i64,
}

/// Relations are written as joins where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

//! `replay_links`: public links, each to the recording of one session. The columns are described in the migration.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "replay_links")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    /// Column `id`.
    pub id: String,
    #[sea_orm(column_type = "Text")]
    /// Column `organization_id`.
    pub organization_id: String,
    #[sea_orm(column_type = "Text")]
    /// Column `session_id`.
    pub session_id: String,
    #[sea_orm(column_type = "Text")]
    /// Column `secret_hash`.
    pub secret_hash: String,
    /// Column `is_masked`.
    pub is_masked: bool,
    /// Column `from_at`.
    pub from_at: Option<i64>,
    /// Column `to_at`.
    pub to_at: Option<i64>,
    #[sea_orm(column_type = "Text")]
    /// Column `created_by`.
    pub created_by: String,
    /// Column `created_at`.
    pub created_at: i64,
    /// Column `expires_at`.
    pub expires_at: i64,
    /// Column `opened`.
    pub opened: i64,
    /// Column `last_opened_at`.
    pub last_opened_at: Option<i64>,
}

/// Relations are written as joins where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

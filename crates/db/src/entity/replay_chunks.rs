//! `replay_chunks`: one session's part of one flush. The columns are described in the migration.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "replay_chunks")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    /// Column `id`.
    pub id: String,
    #[sea_orm(column_type = "Text")]
    /// Column `session_id`.
    pub session_id: String,
    /// Column `chunk_index`.
    pub chunk_index: i64,
    #[sea_orm(column_type = "Text")]
    /// Column `r2_key`.
    pub r2_key: String,
    /// Column `byte_offset`.
    pub byte_offset: i64,
    /// Column `byte_length`.
    pub byte_length: i64,
    #[sea_orm(column_type = "Text")]
    /// Column `window_id`.
    pub window_id: String,
    /// Column `event_count`.
    pub event_count: i64,
    /// Column `replay_event_count`.
    pub replay_event_count: i64,
    /// Column `size_bytes`.
    pub size_bytes: i64,
    /// Column `first_at`.
    pub first_at: i64,
    /// Column `last_at`.
    pub last_at: i64,
    /// Column `has_full_snapshot`.
    pub has_full_snapshot: bool,
    #[sea_orm(column_type = "Blob")]
    /// Column `event_ids`.
    pub event_ids: Vec<u8>,
    /// Column `created_at`.
    pub created_at: i64,
}

/// Relations are written as joins where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

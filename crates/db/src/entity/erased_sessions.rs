//! `erased_sessions`: the session rows of an erasure. The columns are described in the migration.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "erased_sessions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    /// Column `erasure_id`.
    pub erasure_id: String,
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    /// Column `session_row`.
    pub session_row: String,
    #[sea_orm(column_type = "Text")]
    /// Column `session_id`.
    pub session_id: String,
}

/// Relations are written as joins where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

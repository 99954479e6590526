//! `erasure_receipts`: what an erasure found and removed in each store. The columns are described in the migration.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "erasure_receipts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    /// Column `erasure_id`.
    pub erasure_id: String,
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    /// Column `store`.
    pub store: String,
    /// Column `found`.
    pub found: i64,
    /// Column `removed`.
    pub removed: i64,
    /// Column `verified_at`.
    pub verified_at: Option<i64>,
}

/// Relations are written as joins where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

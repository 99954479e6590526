//! `installation`: what was fixed when the installation was created. The columns are described in the migration.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "installation")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    /// Column `id`.
    pub id: i64,
    /// Column `partitions`.
    pub partitions: i64,
    /// Column `created_at`.
    pub created_at: i64,
    #[sea_orm(column_type = "Text")]
    /// Column `salt`.
    pub salt: String,
}

/// Relations are written as joins where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

//! `organization_keys`: keys of organizations, wrapped with a master key. The columns are described in the migration.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "organization_keys")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    /// Column `organization_id`.
    pub organization_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    /// Column `number`.
    pub number: i64,
    #[sea_orm(column_type = "Text")]
    /// Column `master`.
    pub master: String,
    /// Column `wrapped`.
    pub wrapped: Vec<u8>,
    /// Column `created_at`.
    pub created_at: i64,
}

/// Relations are written as joins where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

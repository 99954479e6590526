//! `passkeys`: a public key that a user signs in with. The columns are described in the migration.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "passkeys")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    /// Column `id`.
    pub id: String,
    #[sea_orm(column_type = "Text")]
    /// Column `organization_id`.
    pub organization_id: String,
    #[sea_orm(column_type = "Text")]
    /// Column `user_id`.
    pub user_id: String,
    #[sea_orm(column_type = "Text")]
    /// Column `credential_id`.
    pub credential_id: String,
    #[sea_orm(column_type = "Text")]
    /// Column `credential`.
    pub credential: String,
    #[sea_orm(column_type = "Text")]
    /// Column `name`.
    pub name: String,
    /// Column `created_at`.
    pub created_at: i64,
    /// Column `last_used_at`.
    pub last_used_at: Option<i64>,
}

/// Relations are written as joins where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

//! `sign_ins`: somebody who exchanged a key for a cookie. The columns are described in the migration.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sign_ins")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    /// Column `token_hash`.
    pub token_hash: String,
    #[sea_orm(column_type = "Text")]
    /// Column `key_id`.
    pub key_id: String,
    #[sea_orm(column_type = "Text")]
    /// Column `organization_id`.
    pub organization_id: String,
    #[sea_orm(column_type = "Text")]
    /// Column `scopes`.
    pub scopes: String,
    #[sea_orm(column_type = "Text")]
    /// Column `key_prefix`.
    pub key_prefix: String,
    /// Column `created_at`.
    pub created_at: i64,
    /// Column `expires_at`.
    pub expires_at: i64,
    #[sea_orm(column_type = "Text", nullable)]
    /// Column `id`.
    pub id: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    /// Column `user_id`.
    pub user_id: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    /// Column `user_agent`.
    pub user_agent: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    /// Column `address`.
    pub address: Option<String>,
}

/// Relations are written as joins where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

//! `api_keys`: an API key, without its secret. The columns are described in the migration.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "api_keys")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    /// Column `id`.
    pub id: String,
    #[sea_orm(column_type = "Text")]
    /// Column `organization_id`.
    pub organization_id: String,
    #[sea_orm(column_type = "Text")]
    /// Column `name`.
    pub name: String,
    #[sea_orm(column_type = "Text")]
    /// Column `key_hash`.
    pub key_hash: String,
    #[sea_orm(column_type = "Text")]
    /// Column `prefix`.
    pub prefix: String,
    #[sea_orm(column_type = "Text")]
    /// Column `scopes`.
    pub scopes: String,
    #[sea_orm(column_type = "Text", nullable)]
    /// Column `allowed_origins`.
    pub allowed_origins: Option<String>,
    /// Column `created_at`.
    pub created_at: i64,
    /// Column `revoked_at`.
    pub revoked_at: Option<i64>,
    /// Column `expires_at`.
    pub expires_at: Option<i64>,
    /// Column `last_used_at`.
    pub last_used_at: Option<i64>,
    /// Column `requests_per_second`.
    pub requests_per_second: Option<i64>,
    /// Column `rotated_at`.
    pub rotated_at: Option<i64>,
}

/// Relations are written as joins where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

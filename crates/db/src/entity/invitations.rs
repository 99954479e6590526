//! `invitations`: a link that makes a user. The columns are described in the migration.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "invitations")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    /// Column `id`.
    pub id: String,
    #[sea_orm(column_type = "Text")]
    /// Column `token_hash`.
    pub token_hash: String,
    #[sea_orm(column_type = "Text", nullable)]
    /// Column `organization_id`.
    pub organization_id: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    /// Column `email`.
    pub email: Option<String>,
    #[sea_orm(column_type = "Text")]
    /// Column `role`.
    pub role: String,
    #[sea_orm(column_type = "Text", nullable)]
    /// Column `user_id`.
    pub user_id: Option<String>,
    #[sea_orm(column_type = "Text")]
    /// Column `created_by`.
    pub created_by: String,
    /// Column `created_at`.
    pub created_at: i64,
    /// Column `expires_at`.
    pub expires_at: i64,
}

/// Relations are written as joins where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

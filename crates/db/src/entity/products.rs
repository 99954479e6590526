//! `products`: the catalogues of organizations. The columns are described in the migration.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "products")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    /// Column `organization_id`.
    pub organization_id: String,
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    /// Column `id`.
    pub id: String,
    #[sea_orm(column_type = "Text", nullable)]
    /// Column `sku`.
    pub sku: Option<String>,
    #[sea_orm(column_type = "Text")]
    /// Column `name`.
    pub name: String,
    #[sea_orm(column_type = "Text", nullable)]
    /// Column `description`.
    pub description: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    /// Column `category`.
    pub category: Option<String>,
    /// Column `price_minor`.
    pub price_minor: Option<i64>,
    #[sea_orm(column_type = "Text", nullable)]
    /// Column `currency`.
    pub currency: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    /// Column `url`.
    pub url: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    /// Column `path`.
    pub path: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    /// Column `image_url`.
    pub image_url: Option<String>,
    #[sea_orm(column_type = "Text")]
    /// Column `words`.
    pub words: String,
    /// Column `created_at`.
    pub created_at: i64,
    /// Column `updated_at`.
    pub updated_at: i64,
}

/// Relations are written as joins where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

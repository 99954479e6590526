//! Rows that are asked for by their keys.

use sea_orm::ColumnTrait;
use sea_orm::sea_query::{BinOper, Expr, ExprTrait};

/// Whether a row that is found by another key belongs to the organization.
///
/// The comparison cannot use an index. As long as SQLite has no statistics, it takes an index on the
/// organization for `organization_id = ? and id in (…)`, and reads all rows of the tenant. It does the same
/// for `id = ?` if the id is only a part of the primary key.
pub(crate) fn belongs_to(organization_id: impl ColumnTrait, organization: &str) -> Expr {
    Expr::col(organization_id.as_column_ref())
        .binary(BinOper::Custom("||"), "")
        .eq(organization)
}

#[cfg(test)]
mod tests {
    use sea_orm::{ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QueryTrait};

    use super::*;
    use crate::entity::{interaction_products, interactions, session_tags, sessions};
    use crate::tests::sqlite;

    const KEYS: [&str; 30] = ["key"; 30];

    /// How SQLite finds the rows.
    async fn plan(query: impl QueryTrait) -> String {
        let database = sqlite().await;
        let mut statement = query.build(DbBackend::Sqlite);
        statement.sql = format!("explain query plan {}", statement.sql);
        let rows = database.db.read.query_all_raw(statement).await.unwrap();
        let lines = rows.iter().map(|row| row.try_get_by_index::<String>(3));
        let lines: Vec<String> = lines.map(Result::unwrap).collect();
        lines.join("\n")
    }

    #[tokio::test]
    async fn rows_are_found_by_their_keys_and_not_by_their_organization() {
        let found = [
            plan(
                sessions::Entity::find()
                    .filter(belongs_to(sessions::Column::OrganizationId, "acme"))
                    .filter(sessions::Column::Id.is_in(KEYS)),
            )
            .await,
            plan(
                interactions::Entity::find()
                    .filter(belongs_to(interactions::Column::OrganizationId, "acme"))
                    .filter(interactions::Column::Id.is_in(KEYS)),
            )
            .await,
            plan(
                session_tags::Entity::find()
                    .filter(belongs_to(session_tags::Column::OrganizationId, "acme"))
                    .filter(session_tags::Column::SessionId.is_in(KEYS)),
            )
            .await,
            plan(
                session_tags::Entity::find()
                    .filter(belongs_to(session_tags::Column::OrganizationId, "acme"))
                    .filter(session_tags::Column::SessionId.eq("key"))
                    .filter(session_tags::Column::Tag.ne("tag")),
            )
            .await,
            plan(
                interaction_products::Entity::delete_many()
                    .filter(belongs_to(
                        interaction_products::Column::OrganizationId,
                        "acme",
                    ))
                    .filter(interaction_products::Column::InteractionId.eq("key")),
            )
            .await,
        ];
        for plan in found {
            assert!(plan.contains("SEARCH"), "{plan}");
            assert!(!plan.contains("organization_id"), "{plan}");
        }
    }
}

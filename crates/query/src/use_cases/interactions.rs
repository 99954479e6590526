//! Interactions of an organization.

use crow_db::interactions::{self, Interaction, InteractionFilter, InteractionKey};
use crow_types::OrganizationId;

use super::{Page, UseCases};
use crate::ask::interactions::ListInteractions;
use crate::error::Result;

impl UseCases {
    /// Interactions that pass a filter, newest first. A filter may read all of them, so the question
    /// takes its turn.
    pub async fn interactions(
        &self,
        organization: &OrganizationId,
        asked: &ListInteractions,
    ) -> Result<Page<Interaction, InteractionKey>> {
        let size = asked.page.limit.get();
        let (db, of) = (self.db.for_questions(), organization.clone());
        let filter = asked.filter.clone();
        let after = asked.page.after.as_ref().map(|cursor| cursor.0.clone());
        let question = async move {
            Ok(interactions::list(&db, &of, &filter, after.as_ref(), size + 1).await?)
        };
        let rows = self.scheduler.ask(organization, question).await?;
        Ok(Page::cut(rows, size, |row| InteractionKey {
            timestamp: row.timestamp,
            id: row.id.clone(),
        }))
    }

    /// How many of each source pass a filter.
    pub async fn count_interactions(
        &self,
        organization: &OrganizationId,
        filter: InteractionFilter,
    ) -> Result<Vec<(String, i64)>> {
        let (db, of) = (self.db.for_questions(), organization.clone());
        let question = async move { Ok(interactions::counts(&db, &of, &filter).await?) };
        self.scheduler.ask(organization, question).await
    }
}

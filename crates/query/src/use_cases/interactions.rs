//! Interactions of an organization.

use crow_bus::reported::Report;
use crow_db::interactions::products::sums;
use crow_db::interactions::tallies::{TallyRange, days, tallies};
use crow_db::interactions::{self, Interaction, InteractionFilter, InteractionKey};
use crow_types::OrganizationId;

use super::{Page, UseCases};
use crate::analysis::{Analysis, Groups};
use crate::ask::interactions::{AnalyzeRange, ListInteractions};
use crate::ask::values::range;
use crate::error::{Error, Result};

/// Products in one analysis.
const MAX_PRODUCTS: u64 = 10;

impl UseCases {
    /// Queues what a service reports. It is durable when this returns.
    ///
    /// # Errors
    /// `Bus` when the bus does not acknowledge it in time. The caller may repeat it.
    pub async fn report(&self, report: &Report) -> Result<()> {
        Ok(report.publish(&self.bus).await?)
    }

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

    /// The same as [`Self::analyze`], summed up by a language model if there is one.
    ///
    /// # Errors
    /// `Malformed` when the range is empty or too long.
    pub async fn analyze_in_words(
        &self,
        organization: &OrganizationId,
        asked: &AnalyzeRange,
    ) -> Result<Analysis> {
        // Not in a turn: a model is slow, and reads nothing.
        let analysis = self.analyze(organization, asked).await?;
        Ok(match &self.ai {
            Some(ai) => analysis.worded(ai, organization).await,
            None => analysis,
        })
    }

    /// What the interactions of a range say together, compared with the range before.
    ///
    /// # Errors
    /// `Malformed` when the range is empty or too long.
    pub async fn analyze(
        &self,
        organization: &OrganizationId,
        asked: &AnalyzeRange,
    ) -> Result<Analysis> {
        let whole = range(asked.from.map(|from| from.0), asked.to.map(|to| to.0))?;
        let (from, to) = (whole.start, whole.end);
        let before = from.saturating_sub(to.saturating_sub(from));
        let (db, of) = (self.db.for_questions(), organization.clone());
        let source_type = asked.source_type.map(|source| source.0);
        let question = async move {
            let now = TallyRange {
                organization: &of,
                from,
                to,
                source_type,
            };
            let before = TallyRange {
                from: before,
                to: from,
                ..now.clone()
            };
            let too_long = || Error::Malformed("from: the range is too long".to_owned());
            let groups = Groups {
                now: tallies(&db, &now).await?.ok_or_else(too_long)?,
                before: tallies(&db, &before).await?.ok_or_else(too_long)?,
                days: days(&db, &now).await?.ok_or_else(too_long)?,
                products: sums(&db, &now, MAX_PRODUCTS).await?,
            };
            Ok(Analysis::of(from, to, &groups))
        };
        self.scheduler.ask(organization, question).await
    }
}

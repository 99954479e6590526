//! What an organization used, by day.

use std::collections::BTreeMap;

use crow_db::usage::{self, DayOfUse, Days};
use crow_types::OrganizationId;

use super::UseCases;
use crate::error::Result;

impl UseCases {
    /// The days on which anything was used.
    ///
    /// # Errors
    /// When the database fails, or nobody is free to answer.
    pub async fn usage(
        &self,
        organization: &OrganizationId,
        days: Days,
    ) -> Result<BTreeMap<i64, DayOfUse>> {
        let (db, of) = (self.db.for_questions(), organization.clone());
        let counting = async move { Ok(usage::by_day(&db, &of, days).await?) };
        self.scheduler.ask(organization, counting).await
    }
}

//! The audit log of an organization.

use futures::{Stream, TryStreamExt, stream};

use crow_db::audit_log::{self, Actor, AuditKey, AuditRow, Entry, Filter, Outcome};
use crow_types::{OrganizationId, Timestamp};

use crate::ask::audit::ListAudit;
use crate::error::{Error, Result};

use super::Admin;

/// Entries that an export reads at once.
const PAGE: u64 = 500;

impl Admin {
    /// Notes that somebody signs in with a key.
    pub async fn note_sign_in(&self, by: &Actor, organization: &OrganizationId) -> Result<()> {
        let entry = Entry {
            organization: organization.as_str(),
            by,
            action: "sign_in.key",
            subject: &by.id,
            outcome: Outcome::Done,
            at: Timestamp::now(),
        };
        Ok(audit_log::note(&self.db, entry).await?)
    }

    /// Entries, newest first, and where the next page begins.
    pub async fn audit(
        &self,
        organization: &OrganizationId,
        asked: &ListAudit,
    ) -> Result<(Vec<AuditRow>, Option<AuditKey>)> {
        let (filter, size) = (asked.filter(), asked.limit.get());
        let after = asked.after.as_ref().map(|cursor| &cursor.0);
        let found = audit_log::list(&self.db, organization, &filter, after, size + 1);
        let mut found = found.await?;
        let has_more = found.len() as u64 > size;
        found.truncate(asked.limit.items());
        let next = found.last().filter(|_last| has_more).map(key_of);
        Ok((found, next))
    }

    /// All entries that match, newest first, in pages. That they are exported is noted first.
    pub async fn export_audit(
        &self,
        by: &Actor,
        organization: &OrganizationId,
        filter: Filter,
    ) -> Result<impl Stream<Item = Result<Vec<AuditRow>>> + use<>> {
        let entry = Entry {
            organization: organization.as_str(),
            by,
            action: "audit.exported",
            subject: organization.as_str(),
            outcome: Outcome::Done,
            at: Timestamp::now(),
        };
        audit_log::note(&self.db, entry).await?;
        let (db, organization) = (self.db.clone(), organization.clone());
        let pages = stream::try_unfold(Some(None::<AuditKey>), move |place| {
            let (db, organization, filter) = (db.clone(), organization.clone(), filter.clone());
            async move {
                let Some(after) = place else { return Ok(None) };
                let rows =
                    audit_log::list(&db, &organization, &filter, after.as_ref(), PAGE).await?;
                let next = rows.last().map(|last| Some(key_of(last)));
                Ok((!rows.is_empty()).then_some((rows, next)))
            }
        });
        Ok(pages.map_err(|error: crow_db::Error| Error::from(error)))
    }
}

fn key_of(row: &AuditRow) -> AuditKey {
    AuditKey {
        at: row.at,
        id: row.id.clone(),
    }
}

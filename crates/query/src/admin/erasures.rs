//! Erasures of an organization.

use crow_bus::notices::{self, ERASED};
use crow_db::audit_log::Actor;
use crow_db::erasure::{self, Erasure, ErasureKey, Found, Mode, Request, Subject};
use crow_types::OrganizationId;

use crate::ask::erasures::{ListErasures, OneErasure};
use crate::error::{Error, Result};

use super::Admin;

impl Admin {
    /// What an erasure would erase.
    pub async fn preview_erasure(
        &self,
        organization: &OrganizationId,
        subject: &Subject,
        mode: Mode,
    ) -> Result<Found> {
        Ok(erasure::find(&self.db, organization, subject, mode).await?)
    }

    /// Erases or anonymizes, and tells the services. Without the bus, keepers notice at their next commit and
    /// gateways within a minute.
    pub async fn erase(
        &self,
        organization: &OrganizationId,
        subject: &Subject,
        mode: Mode,
        requested_by: &Actor,
    ) -> Result<Erasure> {
        let request = Request {
            organization,
            subject,
            mode,
            requested_by,
        };
        let erasure = erasure::erase(&self.db, &request).await?;
        self.stored.invalidate(organization).await;
        let told = notices::publish(&self.bus, ERASED, erasure.id.clone().into()).await;
        if let Err(error) = told {
            tracing::warn!(
                error = crow_types::log_chain(&error),
                "cannot announce an erasure to the services"
            );
        }
        Ok(erasure)
    }

    /// Erasures, newest first; one more than the page if there is a next page.
    pub async fn erasures(
        &self,
        organization: &OrganizationId,
        asked: &ListErasures,
    ) -> Result<(Vec<Erasure>, Option<ErasureKey>)> {
        let size = asked.limit.get();
        let after = asked.after.as_ref().map(|cursor| &cursor.0);
        let mut found = erasure::list(&self.db, organization, after, size + 1).await?;
        let has_more = found.len() as u64 > size;
        found.truncate(asked.limit.items());
        let next = found
            .last()
            .filter(|_last| has_more)
            .map(|last| ErasureKey {
                requested_at: last.requested_at,
                id: last.id.clone(),
            });
        Ok((found, next))
    }

    /// One erasure.
    pub async fn erasure(
        &self,
        organization: &OrganizationId,
        asked: &OneErasure,
    ) -> Result<Erasure> {
        let found = erasure::get(&self.db, organization.as_str(), &asked.erasure.0).await?;
        found.ok_or(Error::NotFound)
    }
}

//! Notes in the audit log that a recording was watched or exported.

use std::time::Duration;

use moka::sync::Cache;

use crow_db::Db;
use crow_db::audit_log::{self, Actor, Entry, Outcome};
use crow_types::{OrganizationId, Timestamp};

use crate::error::Result;

/// A player asks for parts of a recording again and again. That is one entry.
const ONE_ENTRY: Duration = Duration::from_secs(600);
/// Recordings that are being watched.
const MAX_WATCHED: u64 = 10_000;

/// Who watches what. Cloning is cheap.
#[derive(Debug, Clone)]
pub struct Watched {
    db: Db,
    noted: Cache<(Actor, String), ()>,
}

impl Watched {
    /// Writes to this database.
    pub fn new(db: Db) -> Self {
        let noted = Cache::builder()
            .max_capacity(MAX_WATCHED)
            .time_to_live(ONE_ENTRY)
            .build();
        Self { db, noted }
    }

    /// Notes that a recording is watched, once in ten minutes.
    ///
    /// # Errors
    /// When the database cannot be used; then nothing may be shown.
    pub async fn watched(&self, by: Actor, of: &OrganizationId, session: &str) -> Result<()> {
        let key = (by, session.to_owned());
        if self.noted.contains_key(&key) {
            return Ok(());
        }
        self.note(&key.0, of, "replay.watched", session).await?;
        self.noted.insert(key, ());
        Ok(())
    }

    /// Notes that a recording is exported.
    ///
    /// # Errors
    /// When the database cannot be used; then nothing may be handed out.
    pub async fn exported(&self, by: &Actor, of: &OrganizationId, session: &str) -> Result<()> {
        self.note(by, of, "replay.exported", session).await
    }

    async fn note(
        &self,
        by: &Actor,
        organization: &OrganizationId,
        action: &str,
        subject: &str,
    ) -> Result<()> {
        let entry = Entry {
            organization: organization.as_str(),
            by,
            action,
            subject,
            outcome: Outcome::Done,
            at: Timestamp::now(),
        };
        Ok(audit_log::note(&self.db, entry).await?)
    }
}

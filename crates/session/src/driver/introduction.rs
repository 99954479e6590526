//! New sessions have a row before their flush, so that lists show them within a second or two.

use std::sync::Arc;

use tracing::debug;

use crow_types::SessionRecord;

use super::Driver;
use crate::flush::chain;
use crate::live;
use crate::outside::Running;

impl Driver {
    /// Nothing waits for it. If it fails, or the one before is not over, the flush writes the rows.
    pub(super) fn introduce(&mut self, sessions: Vec<SessionRecord>) {
        if self.introducing.is_some() || sessions.is_empty() {
            return;
        }
        let changes = self.live.watched(&sessions);
        let (db, lease) = (self.flusher.db.clone(), self.flusher.lease);
        let outside = Arc::clone(&self.outside);
        let write = async move {
            match outside.introduce(&db, &lease, &sessions).await {
                Ok(()) => live::show(outside.as_ref(), changes),
                Err(error) => debug!(
                    partition = lease.partition.0,
                    sessions = sessions.len(),
                    error = chain(&error),
                    "new sessions are not in lists before their flush"
                ),
            }
        };
        self.introducing = Some(Running::start(self.outside.as_ref(), write));
    }
}

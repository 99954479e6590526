//! The rules by which organizations group errors.
//!
//! They are read before the first flush, and then every few seconds. If SQL fails, the last known ones
//! hold. An organization whose settings this version cannot read has none. A flush uses the rules of the moment when it is prepared; what is stored stays.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tracing::warn;

use crow_db::{Db, settings};
use crow_runtime::Shutdown;
use crow_types::log_chain;
use crow_types::settings::IssueRule;

/// How often they are read.
const INTERVAL: Duration = Duration::from_secs(10);

/// By organization; those without rules are left out.
pub(crate) type Rules = HashMap<String, Vec<IssueRule>>;

/// The rules that hold now.
#[derive(Debug, Clone, Default)]
pub(crate) struct IssueRules(Arc<Mutex<Known>>);

#[derive(Debug, Default)]
struct Known {
    rules: Arc<Rules>,
    /// Organizations whose settings cannot be read. That is logged once.
    unreadable: BTreeSet<String>,
}

impl IssueRules {
    /// Reads them.
    pub(crate) async fn load(db: &Db) -> crow_db::Result<Self> {
        let all = Self::default();
        all.set(settings::issue_rules(db).await?);
        Ok(all)
    }

    /// Those that hold now.
    pub(crate) fn now(&self) -> Arc<Rules> {
        let rules = self.0.lock().expect("nobody panics while holding them");
        Arc::clone(&rules.rules)
    }

    fn set(&self, found: settings::IssueRules) {
        let mut known = self.0.lock().expect("nobody panics while holding them");
        for (organization, error) in &found.unreadable {
            if !known.unreadable.contains(organization) {
                warn!(
                    org.id = organization,
                    error = log_chain(error),
                    "settings cannot be read: errors of this organization are grouped without its rules"
                );
            }
        }
        let unreadable = found.unreadable.into_iter();
        known.unreadable = unreadable.map(|(organization, _)| organization).collect();
        known.rules = Arc::new(found.rules);
    }

    /// Follows changes until the shutdown starts.
    pub(crate) async fn follow(self, db: Db, shutdown: Shutdown) -> anyhow::Result<()> {
        loop {
            tokio::select! {
                () = shutdown.started() => return Ok(()),
                () = tokio::time::sleep(INTERVAL) => {}
            }
            match settings::issue_rules(&db).await {
                Ok(found) => self.set(found),
                Err(error) => {
                    let error = log_chain(&error);
                    warn!(error, "reading rules of issues failed, retrying");
                }
            }
        }
    }
}

//! Clients whose sessions are erased while they send. Nothing of them may be left, whatever dies.

use std::time::Duration;

use crow_db::erasure::{self, Mode, Request, Subject};
use crow_db::{DatabaseConfig, Db};
use crow_testkit::wait::quiet_for;
use crow_types::OrganizationId;

use crate::client::{Acknowledged, Client, batch};
use crate::installation::{Installation, ORGANIZATION};

/// Batches before the erasure, and after it.
const BATCHES: u64 = 3;
/// Between two sessions, so that keepers do more than to open partitions.
const PAUSE: Duration = Duration::from_millis(2_500);

/// A client, and the way to erase its sessions.
pub struct Doomed {
    client: Client,
    database_url: String,
}

impl Doomed {
    pub fn new(installation: &Installation, client: Client) -> Self {
        Self {
            client,
            database_url: installation.database_url.clone(),
        }
    }

    pub async fn run(mut self) -> Acknowledged {
        let config = DatabaseConfig {
            url: self.database_url.clone().into(),
            ..DatabaseConfig::default()
        };
        let db = Db::connect(&config).await.unwrap();
        for number in 0_u64.. {
            if self.client.is_stopped() {
                break;
            }
            let session = format!("doomed-{}-{number}", self.client.name());
            self.visit(&db, &session).await;
            quiet_for(PAUSE).await;
        }
        self.client.acknowledged
    }

    async fn visit(&mut self, db: &Db, session: &str) {
        for seq in 0..BATCHES {
            self.client.send("/batch", &batch(session, "a", seq)).await;
        }
        erase(db, session).await;
        for seq in BATCHES..2 * BATCHES {
            self.client.send("/batch", &batch(session, "a", seq)).await;
        }
        self.client.acknowledged.erased.push(session.to_owned());
    }
}

/// Tries until it is committed.
async fn erase(db: &Db, session: &str) {
    let organization = OrganizationId::new(ORGANIZATION).unwrap();
    let subject = Subject::Sessions(vec![session.to_owned()]);
    let request = Request {
        organization: &organization,
        subject: &subject,
        mode: Mode::Erase,
        requested_by: &crow_db::audit_log::Actor::system_named("chaos"),
    };
    while let Err(error) = erasure::erase(db, &request).await {
        assert!(error.is_retryable(), "{error:?}");
        quiet_for(Duration::from_millis(100)).await;
    }
}

//! A client that sends all the time to one partition, so that an interruption can be measured.

use std::time::Duration;

use crow_testkit::wait::quiet_for;
use crow_types::{OrganizationId, Partition, PartitionCount, SessionId};

use crate::client::{Acknowledged, Client, batch};
use crate::installation::{ORGANIZATION, PARTITIONS};
use crate::resumption::Resumption;

/// Batches of a session.
const BATCHES: u64 = 20;
/// Between two batches.
const PAUSE: Duration = Duration::from_millis(40);

pub struct Lane {
    pub client: Client,
    pub partition: Partition,
    pub resumption: Resumption,
}

impl Lane {
    pub async fn run(mut self) -> Acknowledged {
        for number in 0_u64.. {
            if self.client.is_stopped() {
                break;
            }
            self.visit(&self.session(number)).await;
        }
        self.client.acknowledged
    }

    async fn visit(&mut self, session: &str) {
        for seq in 0..BATCHES {
            let batch = batch(session, "a", seq);
            let sent = self.client.deliver(session, "a", seq, &batch).await;
            self.resumption.acknowledged(self.partition, sent);
            quiet_for(PAUSE).await;
        }
        self.client.end(session, BATCHES).await;
    }

    /// An id that belongs to the partition.
    fn session(&self, number: u64) -> String {
        let organization = OrganizationId::new(ORGANIZATION).unwrap();
        let count = PartitionCount::new(PARTITIONS).unwrap();
        let id = |salt: u64| format!("lane{}-{number}-{salt}", self.partition);
        let is_here = |id: &String| {
            let session = SessionId::new(id.as_str()).unwrap();
            Partition::of(&organization, &session, count) == self.partition
        };
        let mut ids = (0..).map(id);
        ids.find(is_here).unwrap()
    }
}

//! The consumer of the work queue: takes announcements as they come, whatever dies.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_nats::jetstream::consumer::{Consumer, pull};
use crow_testkit::wait::quiet_for;
use futures::StreamExt;
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use crate::installation::IDLE_TIMEOUT_MS;

/// Between two tries to reach a server that is down.
const PAUSE: Duration = Duration::from_millis(200);

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// What was announced. Cloning gives the same.
#[derive(Debug, Clone, Default)]
pub struct Announcements(Arc<Mutex<Taken>>);

#[derive(Debug, Default)]
pub struct Taken {
    /// Positions in the queue by completion id: more than one are repetitions. A delivery
    /// that is repeated has the position of the first.
    pub positions: BTreeMap<String, BTreeSet<u64>>,
    /// From due to announced, of sessions that were idle.
    pub delays: Vec<Duration>,
}

impl Announcements {
    /// Takes them until `stop`.
    pub async fn take(self, url: String, stop: CancellationToken) {
        while !stop.is_cancelled() {
            tokio::select! {
                () = stop.cancelled() => {}
                _failed = self.take_from(&url) => quiet_for(PAUSE).await,
            }
        }
    }

    /// Looks at what was taken so far.
    pub fn look<T>(&self, at: impl FnOnce(&Taken) -> T) -> T {
        at(&self.0.lock().unwrap())
    }

    async fn take_from(&self, url: &str) -> Result<(), Failure> {
        let options = async_nats::ConnectOptions::new().ping_interval(Duration::from_secs(1));
        let client = options.connect(url.split(',').collect::<Vec<_>>()).await?;
        let context = async_nats::jetstream::new(client);
        let stream = context.get_stream("CROW_INTERACTIONS").await?;
        let consumer: Consumer<pull::Config> = stream.get_consumer("interaction-service").await?;
        let mut messages = consumer.messages().await?;
        while let Some(message) = messages.next().await {
            let message = message?;
            let info = message.info()?;
            let published = info.published.unix_timestamp_nanos() / 1_000_000;
            self.note(&message.payload, info.stream_sequence, published);
            message.ack().await?;
        }
        Ok(())
    }

    fn note(&self, payload: &[u8], position: u64, published: i128) {
        let payload: Value = serde_json::from_slice(payload).unwrap();
        let id = payload["completionId"].as_str().unwrap().to_owned();
        let mut taken = self.0.lock().unwrap();
        let positions = taken.positions.entry(id).or_default();
        let is_first = positions.is_empty();
        positions.insert(position);
        if is_first && let Some(due) = due_at(&payload) {
            let delay = u64::try_from(published - i128::from(due)).unwrap_or_default();
            taken.delays.push(Duration::from_millis(delay));
        }
    }
}

/// When an idle session was due, for the first time that its end is announced: it ended
/// with its last activity, and is due a while later.
fn due_at(announcement: &Value) -> Option<i64> {
    let data = announcement["data"].as_str()?;
    let data: Value = serde_json::from_str(data).unwrap();
    let is_first_end = data["endReason"] == "idle" && data["revision"] == 0;
    is_first_end.then(|| data["session"]["endedAt"].as_i64().unwrap() + IDLE_TIMEOUT_MS)
}

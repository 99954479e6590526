//! What the keeper of a partition sends to watchers.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use futures::StreamExt;
use futures::stream::BoxStream;
use tracing::warn;

use crow_proto::live as wire;
use crow_session_core::{Event, FlushPlan, LiveFrame, LiveLine, SessionKey};
use crow_types::{
    LineKind, OrganizationId, Partition, Sequence, SessionId, SessionRecord, Timestamp,
};

use crate::flush::chain;
use crate::outside::Outside;

/// Interest in an organization expires after this long unless it is renewed.
const INTEREST: i64 = 6_000;

/// Row ids of sessions, by organization.
pub(crate) type Changes = BTreeMap<OrganizationId, Vec<String>>;

/// Tells the watchers of organizations what changed.
pub(crate) fn show(outside: &dyn Outside, changes: Changes) {
    for (organization, visits) in changes {
        for visits in visits.chunks(1_000) {
            outside.show_changes(&organization, visits.to_vec());
        }
    }
}

/// Receives interest and sends lines. Never waits.
pub(crate) struct Live {
    watches: BoxStream<'static, wire::Watch>,
    outside: Arc<dyn Outside>,
    /// Until when the lists of these organizations are watched.
    organizations: HashMap<OrganizationId, Timestamp>,
    /// Sessions in the flush in flight, of organizations that are watched.
    changes: Changes,
}

impl Live {
    /// Without the bus, nobody can watch; nothing else depends on it.
    pub(crate) async fn new(outside: Arc<dyn Outside>, partition: Partition) -> Self {
        let watches = match outside.watches().await {
            Ok(watches) => watches,
            Err(error) => {
                warn!(
                    partition = partition.0,
                    error = chain(&error),
                    "nobody can watch this partition"
                );
                futures::stream::pending().boxed()
            }
        };
        Self {
            watches,
            outside,
            organizations: HashMap::new(),
            changes: Changes::new(),
        }
    }

    /// The next interest in a session. May be lost when cancelled.
    pub(crate) async fn next(&mut self) -> Event {
        loop {
            let Some(watch) = self.watches.next().await else {
                return std::future::pending().await;
            };
            let Ok(organization) = OrganizationId::new(watch.organization_id) else {
                continue;
            };
            if watch.session_id.is_empty() {
                let until = self.outside.now().plus(INTEREST);
                self.organizations.insert(organization, until);
                continue;
            }
            let Ok(session) = SessionId::new(watch.session_id) else {
                continue;
            };
            let key = SessionKey {
                organization,
                session,
            };
            return Event::Watch {
                key,
                after: Sequence(watch.after),
                wants_answer: watch.wants_answer,
                once: watch.once,
            };
        }
    }

    /// Shows lines of a session.
    pub(crate) fn show(&self, frame: LiveFrame, stream_created: i64) {
        let SessionKey {
            organization,
            session,
        } = frame.key;
        let shown = wire::Frame {
            stream_created,
            after: frame.after.0,
            through: frame.through.0,
            lines: frame.lines.into_iter().map(line_of).collect(),
            has_ended: frame.has_ended,
        };
        self.outside.show(&organization, &session, shown);
    }

    /// Records what the flush will change in watched organizations.
    pub(crate) fn note_changes(&mut self, plan: &FlushPlan) {
        self.changes = self.watched(&plan.sessions);
    }

    /// Those of the sessions that are in watched organizations.
    pub(crate) fn watched(&mut self, sessions: &[SessionRecord]) -> Changes {
        let mut changes = Changes::new();
        if self.organizations.is_empty() {
            return changes;
        }
        let now = self.outside.now();
        self.organizations.retain(|_name, until| *until > now);
        for session in sessions {
            let Ok(organization) = OrganizationId::new(session.organization_id.as_str()) else {
                continue;
            };
            if self.organizations.contains_key(&organization) {
                let visits = changes.entry(organization).or_default();
                visits.push(session.id.clone());
            }
        }
        changes
    }

    /// Announces the changes of a committed flush to watchers.
    pub(crate) fn show_changes(&mut self) {
        show(self.outside.as_ref(), std::mem::take(&mut self.changes));
    }
}

fn line_of(shown: LiveLine) -> wire::Line {
    let LiveLine {
        visit,
        sequence,
        line,
    } = shown;
    wire::Line {
        visit,
        sequence: sequence.0,
        window_id: line.window,
        is_replay: line.kind == LineKind::Replay,
        seq: line.seq,
        index: line.index,
        at: line.at,
        data: line.data,
    }
}

//! What the keeper of a partition shows to those who watch.

use std::collections::{BTreeMap, HashMap};

use futures::StreamExt;
use futures::stream::BoxStream;
use tracing::warn;

use crow_bus::Bus;
use crow_bus::live::{self, Screen};
use crow_proto::live as wire;
use crow_session_core::{Event, FlushPlan, Frame, FrameLine, SessionKey};
use crow_types::{LineKind, OrganizationId, Partition, Sequence, SessionId, Timestamp};

use crate::flush::chain;

/// Interest in an organization that is not renewed is forgotten after this long.
const INTEREST: i64 = 6_000;

/// Interest that comes in, and lines that go out. Nothing in here ever waits.
pub(crate) struct Live {
    watches: BoxStream<'static, wire::Watch>,
    screen: Screen,
    /// Until when somebody watches the list of these organizations.
    organizations: HashMap<OrganizationId, Timestamp>,
    /// Sessions in the flush in flight, of organizations that are watched.
    changes: BTreeMap<OrganizationId, Vec<String>>,
}

impl Live {
    /// A bus that does not answer only means that nobody can watch.
    pub(crate) async fn new(bus: &Bus, partition: Partition) -> Self {
        let watches = match live::watches(bus, partition).await {
            Ok(watches) => watches.boxed(),
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
            screen: Screen::new(bus),
            organizations: HashMap::new(),
            changes: BTreeMap::new(),
        }
    }

    /// The next interest in a session. Losing it when cancelled does no harm.
    pub(crate) async fn next(&mut self) -> Event {
        loop {
            let Some(watch) = self.watches.next().await else {
                return std::future::pending().await;
            };
            let Ok(organization) = OrganizationId::new(watch.organization_id) else {
                continue;
            };
            if watch.session_id.is_empty() {
                let until = Timestamp::now().plus(INTEREST);
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
            };
        }
    }

    /// Shows lines of a session.
    pub(crate) fn show(&self, frame: Frame, stream_created: i64) {
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
        self.screen.show(&organization, &session, shown);
    }

    /// Takes note of what the flush will change, for organizations that are watched.
    pub(crate) fn note_changes(&mut self, plan: &FlushPlan) {
        if self.organizations.is_empty() {
            return;
        }
        let now = Timestamp::now();
        self.organizations.retain(|_name, until| *until > now);
        for session in &plan.sessions {
            let Ok(organization) = OrganizationId::new(session.organization_id.as_str()) else {
                continue;
            };
            if self.organizations.contains_key(&organization) {
                let visits = self.changes.entry(organization).or_default();
                visits.push(session.id.clone());
            }
        }
    }

    /// Shows what the flush changed: it is committed.
    pub(crate) fn show_changes(&mut self) {
        for (organization, visits) in std::mem::take(&mut self.changes) {
            for visits in visits.chunks(1_000) {
                self.screen.show_changes(&organization, visits.to_vec());
            }
        }
    }
}

fn line_of(shown: FrameLine) -> wire::Line {
    let FrameLine {
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
        at: line.at,
        data: line.data,
    }
}

//! Which sessions a request is about.

use sea_orm::{ColumnTrait, Condition, ConnectionTrait, FromQueryResult};
use serde::{Deserialize, Serialize};

use super::*;
use crate::by_key::belongs_to;
use crate::reduction;

/// What is to be erased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Subject {
    /// These sessions: ids of the SDK, which mean all their visits, or row ids, which mean one visit.
    Sessions(Vec<String>),
    /// All visits of sessions whose visitor has withdrawn consent, by the SDK's ids. The client chose
    /// them, so they mean no row.
    Withdrawn(Vec<String>),
    /// All sessions of a user.
    User(String),
    /// All sessions with this visitor id: those of one browser profile or installed app.
    Visitor(String),
    /// All sessions with something in this range of time, milliseconds since the epoch, the end
    /// excluded.
    Time {
        /// From.
        from: i64,
        /// To.
        to: i64,
    },
    /// All sessions whose user has a trait with this value. Numbers and flags are compared as text.
    Property {
        /// The name of the trait.
        name: String,
        /// Its value.
        value: String,
    },
    /// Everything that visitors of the organization left.
    Organization,
    /// Sessions that are over since before a moment, oldest first: the retention of the
    /// organization. Late data is not refused; it is removed later in the same way.
    Expired {
        /// Milliseconds since the epoch.
        before: i64,
        /// At most so many.
        limit: u64,
    },
}

impl Subject {
    /// What it names, for the record.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Sessions(_) => "session",
            Self::Withdrawn(_) => "consent",
            Self::User(_) => "user",
            Self::Visitor(_) => "visitor",
            Self::Time { .. } => "time",
            Self::Property { .. } => "property",
            Self::Organization => "organization",
            Self::Expired { .. } => "retention",
        }
    }

    /// What is kept until every message of before the erasure is processed. Empty: nothing.
    pub(super) fn to_text(&self) -> String {
        match self {
            // Tombstones refuse what comes later.
            Self::Sessions(_) | Self::Withdrawn(_) | Self::Expired { .. } => String::new(),
            Self::User(_)
            | Self::Visitor(_)
            | Self::Time { .. }
            | Self::Property { .. }
            | Self::Organization => serde_json::to_string(self).expect("a subject is plain data"),
        }
    }

    /// How many sessions it means at most.
    fn limit(&self) -> Option<u64> {
        match self {
            Self::Expired { limit, .. } => Some(*limit),
            _ => None,
        }
    }

    /// The sessions that it names.
    pub(super) fn sessions(&self) -> Option<&[String]> {
        match self {
            Self::Sessions(sessions) | Self::Withdrawn(sessions) => Some(sessions),
            Self::User(_)
            | Self::Visitor(_)
            | Self::Time { .. }
            | Self::Property { .. }
            | Self::Organization
            | Self::Expired { .. } => None,
        }
    }

    fn condition(&self) -> Condition {
        use sessions::Column;
        match self {
            Self::Sessions(sessions) => Condition::any()
                .add(Column::SessionId.is_in(sessions))
                .add(Column::Id.is_in(sessions)),
            Self::Withdrawn(sessions) => Condition::all().add(Column::SessionId.is_in(sessions)),
            Self::User(user) => Condition::all().add(Column::UserId.eq(user)),
            Self::Visitor(visitor) => Condition::all().add(Column::VisitorId.eq(visitor)),
            Self::Time { from, to } => Condition::all()
                .add(Column::StartedAt.lt(*to))
                .add(Column::LastEventAt.gte(*from)),
            Self::Property { .. } => Condition::all().add(Column::Traits.is_not_null()),
            Self::Organization => Condition::all(),
            // The index knows when a session began.
            Self::Expired { before, .. } => Condition::all()
                .add(Column::StartedAt.lt(*before))
                .add(Column::Status.eq("closed"))
                .add(Column::LastEventAt.lt(*before)),
        }
    }

    /// How long late data is refused, in milliseconds. Anyone can withdraw consent in sessions of their
    /// own, so those tombstones must not pile up in the memory of gateways and keepers.
    pub(super) fn refused_for(&self) -> i64 {
        const DAY: i64 = 86_400_000;
        match self {
            Self::Withdrawn(_) => 2 * DAY,
            Self::Sessions(_)
            | Self::User(_)
            | Self::Visitor(_)
            | Self::Time { .. }
            | Self::Property { .. }
            | Self::Organization
            | Self::Expired { .. } => graves::KEPT_MS,
        }
    }

    fn includes(&self, traits: Option<&str>) -> bool {
        let Self::Property { name, value } = self else {
            return true;
        };
        let traits = traits.and_then(|text| serde_json::from_str::<serde_json::Value>(text).ok());
        match traits.as_ref().and_then(|traits| traits.get(name)) {
            Some(serde_json::Value::String(text)) => text == value,
            Some(other) => {
                let text = other.to_string();
                text == *value
            }
            None => false,
        }
    }
}

/// A session to erase.
#[derive(Debug, FromQueryResult)]
pub(super) struct Matched {
    pub(super) id: String,
    pub(super) session_id: String,
    pub(super) partition: i64,
    pub(super) started_at: i64,
    pub(super) last_event_at: i64,
    traits: Option<String>,
}

const COLUMNS: [sessions::Column; 6] = [
    sessions::Column::Id,
    sessions::Column::SessionId,
    sessions::Column::Partition,
    sessions::Column::StartedAt,
    sessions::Column::LastEventAt,
    sessions::Column::Traits,
];

/// Sessions of an organization with one of these row ids.
pub(super) async fn by_rows(
    connection: &impl ConnectionTrait,
    organization: &str,
    rows: &[String],
) -> Result<Vec<Matched>> {
    let mut found = Vec::new();
    for rows in rows.chunks(PER_STATEMENT) {
        let some = sessions::Entity::find()
            .select_only()
            .columns(COLUMNS)
            .filter(belongs_to(sessions::Column::OrganizationId, organization))
            .filter(sessions::Column::Id.is_in(rows))
            .into_model::<Matched>()
            .all(connection)
            .await
            .map_err(Error::sql("looking for erased sessions"))?;
        found.extend(some);
    }
    Ok(found)
}

pub(super) async fn matched(
    connection: &impl ConnectionTrait,
    organization: &str,
    subject: &Subject,
    mode: Mode,
) -> Result<Vec<Matched>> {
    use sessions::Column;
    let can_lose = match mode {
        Mode::Erase => Condition::all(),
        Mode::Anonymize => Condition::all().add(reduction::is_not_anonymous()),
        // Word for word as in the index, so that the database uses it.
        Mode::RemoveEvents => {
            Condition::all().add(Expr::cust("status = 'closed' and chunk_count > 0"))
        }
    };
    let rows = sessions::Entity::find()
        .select_only()
        .columns(COLUMNS)
        .filter(Column::OrganizationId.eq(organization))
        .filter(subject.condition())
        .filter(can_lose)
        .order_by_asc(Column::StartedAt)
        .limit(subject.limit())
        .into_model::<Matched>()
        .all(connection)
        .await
        .map_err(Error::sql("looking for sessions to erase"))?;
    let is_meant = |session: &Matched| subject.includes(session.traits.as_deref());
    Ok(rows.into_iter().filter(is_meant).collect())
}

/// A session that a subject names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// `sessions.id`.
    pub row: String,
    /// The SDK's session id.
    pub session: String,
}

/// The sessions of a subject, oldest first.
pub async fn named(
    db: &Db,
    organization: &OrganizationId,
    subject: &Subject,
) -> Result<Vec<Named>> {
    let matched = matched(&db.read, organization.as_str(), subject, Mode::Erase).await?;
    let named = |session: Matched| Named {
        row: session.id,
        session: session.session_id,
    };
    Ok(matched.into_iter().map(named).collect())
}

/// What an erasure would erase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// Session rows.
    pub sessions: u64,
    /// Their chunks and frames in objects.
    pub chunks: u64,
}

/// Looks without erasing anything.
pub async fn find(
    db: &Db,
    organization: &OrganizationId,
    subject: &Subject,
    mode: Mode,
) -> Result<Found> {
    let matched = matched(&db.read, organization.as_str(), subject, mode).await?;
    let mut chunks = 0;
    for sessions in matched.chunks(PER_STATEMENT) {
        let rows = sessions.iter().map(|session| session.id.as_str());
        chunks += replay_chunks::Entity::find()
            .filter(replay_chunks::Column::SessionId.is_in(rows))
            .count(&db.read)
            .await
            .map_err(Error::sql("counting chunks to erase"))?;
    }
    Ok(Found {
        sessions: matched.len() as u64,
        chunks,
    })
}

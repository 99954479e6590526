use sea_orm::sea_query::{Condition, Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crow_types::OrganizationId;

use crate::Db;
use crate::entity::events;
use crate::error::{Error, Result};
use crate::read::sessions::is_of_organization;

/// Where a page of events ended: time and id of its last event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventKey {
    /// Milliseconds since the epoch.
    pub timestamp: i64,
    /// `events.id`; decides between events of the same millisecond.
    pub id: String,
}

/// The events of a session in time order, at most `limit`, after `after`; with
/// `event_type` only those of this type.
pub async fn events(
    db: &Db,
    organization: &OrganizationId,
    session: &str,
    event_type: Option<&str>,
    after: Option<&EventKey>,
    limit: u64,
) -> Result<Vec<events::Model>> {
    let wanted = Condition::all()
        .add(events::Column::SessionId.eq(session))
        .add(is_of_organization(session, organization))
        .add_option(event_type.map(|name| events::Column::Type.eq(name)))
        .add_option(after.map(is_after));
    events::Entity::find()
        .filter(wanted)
        .order_by_asc(events::Column::Timestamp)
        .order_by_asc(events::Column::Id)
        .limit(limit)
        .all(&db.read)
        .await
        .map_err(Error::sql("listing events"))
}

fn is_after(key: &EventKey) -> Expr {
    let timestamp = events::Column::Timestamp;
    let is_later = timestamp.gt(key.timestamp);
    timestamp
        .gte(key.timestamp)
        .and(is_later.or(events::Column::Id.gt(key.id.as_str())))
}

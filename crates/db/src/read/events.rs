use sea_orm::sea_query::{Condition, Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crow_types::{EventRecord, OrganizationId};

use crate::Db;
use crate::entity::events;
use crate::error::{Error, Result};
use crate::read::sessions::is_of_organization;

/// Where a page of events ended: the time, place and id of its last event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventKey {
    /// Milliseconds since the epoch.
    pub timestamp: i64,
    /// `events.place`; breaks ties between events of the same millisecond.
    pub place: i64,
    /// `events.id`; breaks ties between events of different windows with the same place.
    pub id: String,
}

/// At most `limit` events of a session after `after`, ordered by time, batch number and place in
/// the batch. With `event_type`, only events of this type.
pub async fn events(
    db: &Db,
    organization: &OrganizationId,
    session: &str,
    event_type: Option<&str>,
    after: Option<&EventKey>,
    limit: u64,
) -> Result<Vec<EventRecord>> {
    let wanted = Condition::all()
        .add(events::Column::SessionId.eq(session))
        .add(is_of_organization(session, organization))
        .add_option(event_type.map(|name| events::Column::Type.eq(name)))
        .add_option(after.map(is_after));
    let rows = events::Entity::find()
        .filter(wanted)
        .order_by_asc(events::Column::Timestamp)
        .order_by_asc(events::Column::Place)
        .order_by_asc(events::Column::Id)
        .limit(limit)
        .all(&db.read)
        .await
        .map_err(Error::sql("listing events"))?;
    Ok(rows.into_iter().map(EventRecord::from).collect())
}

/// The others imply the first condition, which lets the database use an index.
fn is_after(key: &EventKey) -> Expr {
    use events::Column;
    let has_later_id = Column::Id.gt(key.id.as_str());
    let is_same_place = Column::Place.eq(key.place).and(has_later_id);
    let is_behind = Column::Place.gt(key.place).or(is_same_place);
    let is_later = Column::Timestamp.gt(key.timestamp);
    Column::Timestamp
        .gte(key.timestamp)
        .and(is_later.or(is_behind))
}

//! Which message is sent next.

use sea_orm::{ConnectionTrait, DbBackend, EntityTrait, Statement};

use crate::connection::Db;
use crate::entity::webhook_deliveries::{Entity, Model as DeliveryRow};
use crate::error::{Error, Result};

pub(super) const SENDING: &str = "sending a message about an alert";

/// How long a claim holds, in milliseconds. Longer than an attempt takes.
pub const CLAIM: i64 = 60_000;
/// Messages of one organization that are sent at the same time in each [`Way`], by all processes.
pub const AT_ONCE: u64 = 10;

/// How messages are sent. What holds up one way does not hold up the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// To endpoints.
    Http,
    /// To users.
    Mail,
}

impl Way {
    /// The word of its targets in rows.
    #[must_use]
    pub fn kind(self) -> &'static str {
        match self {
            Self::Http => "webhook",
            Self::Mail => "user",
        }
    }
}

/// Takes the message that is due first. Its target gets no other one at this moment, and its organization
/// fewer than [`AT_ONCE`]. So a slow target delays only its own messages.
///
/// # Errors
/// When the database fails.
pub async fn claim(db: &Db, way: Way, now: i64) -> Result<Option<DeliveryRow>> {
    let backend = db.write.get_database_backend();
    // Most of the time there is none. SQLite has one writer, which need not be asked then.
    let look = Statement::from_string(backend, first_due(way, now, ""));
    let due = db.lookups.query_one_raw(look).await;
    if due.map_err(Error::sql(SENDING))?.is_none() {
        return Ok(None);
    }
    let skip = match backend {
        DbBackend::Postgres => "for update of d skip locked",
        _sqlite => "",
    };
    let (until, first) = (now + CLAIM, first_due(way, now, skip));
    let sql = format!(
        "update webhook_deliveries set claimed_until = {until}, epoch = epoch + 1 \
         where id = ({first}) returning *"
    );
    Entity::find()
        .from_raw_sql(Statement::from_string(backend, sql))
        .one(db.quick_write())
        .await
        .map_err(Error::row(SENDING))
}

/// The id of the message to take. It costs some steps in an index for each target for which messages wait,
/// however many these are: it goes from one target to the next, and looks at the first message of each.
fn first_due(way: Way, now: i64, skip: &str) -> String {
    // Words, not parameters: only then the partial indexes are used.
    let waits = format!("state = 'pending' and target_kind = '{}'", way.kind());
    format!(
        "with recursive targets (id) as (\
           select (select target_id from webhook_deliveries where {waits} \
             order by target_id limit 1) \
           union all \
           select (select target_id from webhook_deliveries where {waits} \
             and target_id > t.id order by target_id limit 1) \
           from targets t where t.id is not null) \
         select d.id from targets t join webhook_deliveries d on d.id = \
           (select id from webhook_deliveries where {waits} and target_id = t.id \
             order by next_at, id limit 1) \
         where d.next_at <= {now} and d.claimed_until <= {now} \
         and not exists (select 1 from webhook_deliveries where {waits} \
           and organization_id = d.organization_id and claimed_until > {now} \
           and target_id = d.target_id) \
         and (select count(*) from webhook_deliveries where {waits} \
           and organization_id = d.organization_id and claimed_until > {now}) < {AT_ONCE} \
         order by d.next_at, d.id limit 1 {skip}"
    )
}

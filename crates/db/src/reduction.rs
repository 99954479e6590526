//! Sessions that lose a part and stay: their recording, their events, or who the visitor was.

use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect, Set,
};

use crow_types::{EndReason, OrganizationId, Timestamp, without_person};

use crate::analytics::rewrite;
use crate::connection::Db;
use crate::entity::sessions;
use crate::error::{Error, Result};

#[cfg(test)]
mod tests;

/// Sessions marked in one transaction.
const PER_TRANSACTION: u64 = 500;

/// What a session has lost. Each includes those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reduction {
    /// Its recording.
    Recording,
    /// Its events.
    Events,
    /// Whatever names the visitor.
    Identity,
}

impl Reduction {
    /// The word in the column `sessions.removed`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Recording => "recording",
            Self::Events => "events",
            Self::Identity => "identity",
        }
    }
}

/// Takes the recordings of finished sessions whose last event was before this time, those that began
/// first, at most 500; returns how many. From then on the archiver writes these sessions again
/// without their recordings.
pub async fn remove_recordings(
    db: &Db,
    organization: &OrganizationId,
    before: Timestamp,
) -> Result<u64> {
    let failed = "removing recordings";
    let transaction = db.begin(failed).await?;
    let rows: Vec<String> = sessions::Entity::find()
        .select_only()
        .column(sessions::Column::Id)
        .filter(sessions::Column::OrganizationId.eq(organization.as_str()))
        // Word for word as in the index, so that the database uses it.
        .filter(Expr::cust("status = 'closed' and has_replay"))
        .filter(sessions::Column::StartedAt.lt(before.0))
        .filter(sessions::Column::LastEventAt.lt(before.0))
        .order_by_asc(sessions::Column::StartedAt)
        .limit(PER_TRANSACTION)
        .into_tuple()
        .all(&transaction)
        .await
        .map_err(Error::sql(failed))?;
    use sessions::Column;
    sessions::Entity::update_many()
        .col_expr(Column::HasReplay, Expr::value(false))
        .col_expr(Column::Removed, Expr::value(Reduction::Recording.as_str()))
        // An archive that is under way was made with the recording; this makes it fail.
        .col_expr(Column::UpdatedAt, Expr::value(Timestamp::now().0))
        .col_expr(Column::ArchivedAt, Expr::value(None::<i64>))
        .filter(Column::Id.is_in(rows.iter().map(String::as_str)))
        .filter(Column::Status.eq("closed"))
        .exec(&transaction)
        .await
        .map_err(Error::sql(failed))?;
    rewrite::without_recording(&transaction, &rows).await?;
    transaction.commit().await.map_err(Error::sql(failed))?;
    Ok(rows.len() as u64)
}

/// Whether the recording of a session was taken, so that an archive must not have it.
pub async fn has_lost_recording(db: &Db, session: &str) -> Result<bool> {
    let removed: Option<Option<String>> = sessions::Entity::find_by_id(session)
        .select_only()
        .column(sessions::Column::Removed)
        .into_tuple()
        .one(&db.read)
        .await
        .map_err(Error::sql("reading what was removed of a session"))?;
    Ok(removed.flatten().is_some())
}

/// Notes that the chunks of these sessions are gone.
pub(crate) async fn note_events(transaction: &DatabaseTransaction, rows: &[String]) -> Result<()> {
    use sessions::Column;
    sessions::Entity::update_many()
        .col_expr(Column::HasReplay, Expr::value(false))
        .col_expr(Column::ChunkCount, Expr::value(0_i64))
        .col_expr(Column::Removed, Expr::value(Reduction::Events.as_str()))
        .filter(Column::Id.is_in(rows.iter().map(String::as_str)))
        .filter(is_not_anonymous())
        .exec(transaction)
        .await
        .map_err(Error::sql("noting removed events"))?;
    rewrite::without_events(transaction, rows).await
}

/// The sessions were not anonymized.
pub(crate) fn is_not_anonymous() -> Expr {
    let removed = || Expr::col(sessions::Column::Removed);
    removed()
        .is_null()
        .or(removed().ne(Reduction::Identity.as_str()))
}

/// Takes from the rows of these sessions whatever names the visitor, and ends those that are open. The
/// SDK's session id becomes the row id, so that the browser cannot be found by it.
pub(crate) async fn anonymize(
    transaction: &DatabaseTransaction,
    rows: &[String],
    now: Timestamp,
) -> Result<()> {
    let found = sessions::Entity::find()
        .filter(sessions::Column::Id.is_in(rows.iter().map(String::as_str)))
        .all(transaction)
        .await
        .map_err(Error::sql("reading sessions to anonymize"))?;
    for row in found {
        anonymous(&row, now)
            .update(transaction)
            .await
            .map_err(Error::sql("anonymizing sessions"))?;
    }
    rewrite::anonymous(transaction, rows).await
}

fn anonymous(row: &sessions::Model, now: Timestamp) -> sessions::ActiveModel {
    let plain = |url: &Option<String>| url.as_deref().map(without_person);
    let urls: Vec<String> = row.urls.lines().map(without_person).collect();
    let (is_open, last_event_at) = (row.status == "open", row.last_event_at);
    let mut changed = row.clone().into_active_model();
    changed.session_id = Set(row.id.clone());
    changed.user_id = Set(None);
    changed.visitor_id = Set(None);
    changed.traits = Set(None);
    changed.ip_address = Set(None);
    changed.user_agent = Set(None);
    changed.exit_context = Set(None);
    changed.referrer = Set(plain(&row.referrer));
    changed.initial_url = Set(plain(&row.initial_url));
    changed.exit_url = Set(plain(&row.exit_url));
    changed.urls = Set(urls.into_iter().map(|url| url + "\n").collect());
    changed.windows = Set("{}".to_owned());
    changed.has_replay = Set(false);
    changed.chunk_count = Set(0);
    changed.removed = Set(Some(Reduction::Identity.as_str().to_owned()));
    changed.updated_at = Set(now.0);
    changed.archived_at = Set(Some(now.0));
    changed.live_until = Set(None);
    if is_open {
        changed.status = Set("closed".to_owned());
        changed.end_reason = Set(Some(EndReason::Erased.as_str().to_owned()));
        changed.due_at = Set(None);
        changed.ended_at = Set(Some(last_event_at));
    }
    changed
}

//! Finished sessions with objects that are not encrypted. Marked ones are archived again.

use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::connection::Db;
use crate::entity::{replay_chunks, sessions};
use crate::error::{Error, Result};

/// What the key of a sealed object looks like.
const SEALED: &str = "%.sealed";

/// Where a page of sessions ended.
#[derive(Debug)]
pub struct Marked {
    /// The last session row of the page.
    pub session: String,
    /// How many of the page are to be archived again.
    pub sessions: u64,
}

/// Has finished sessions with plain objects archived again: those after a session row, at most
/// `limit`. `None`: there are no more.
pub async fn mark_unsealed(db: &Db, after: &str, limit: u64) -> Result<Option<Marked>> {
    let rows: Vec<String> = replay_chunks::Entity::find()
        .select_only()
        .column(replay_chunks::Column::SessionId)
        .distinct()
        .filter(replay_chunks::Column::SessionId.gt(after))
        .filter(replay_chunks::Column::R2Key.not_like(SEALED))
        .order_by_asc(replay_chunks::Column::SessionId)
        .limit(limit)
        .into_tuple()
        .all(&db.read)
        .await
        .map_err(Error::sql("looking for plain objects"))?;
    let Some(last) = rows.last().cloned() else {
        return Ok(None);
    };
    let outcome = sessions::Entity::update_many()
        .col_expr(sessions::Column::ArchivedAt, Expr::val(None::<i64>))
        .filter(sessions::Column::Id.is_in(rows))
        .filter(sessions::Column::Status.eq("closed"))
        .exec(&db.write)
        .await
        .map_err(Error::sql("marking sessions to seal"))?;
    Ok(Some(Marked {
        session: last,
        sessions: outcome.rows_affected,
    }))
}

/// How many finished sessions have plain objects.
pub async fn unsealed(db: &Db) -> Result<u64> {
    sessions::Entity::find()
        .filter(sessions::Column::Status.eq("closed"))
        .filter(sessions::Column::ArchivedAt.is_null())
        .filter(Expr::exists(plain_chunks()))
        .count(&db.read)
        .await
        .map_err(Error::sql("counting sessions to seal"))
}

fn plain_chunks() -> SelectStatement {
    Query::select()
        .expr(Expr::val(1))
        .from(replay_chunks::Entity)
        .and_where(
            Expr::col((replay_chunks::Entity, replay_chunks::Column::SessionId))
                .equals((sessions::Entity, sessions::Column::Id)),
        )
        .and_where(replay_chunks::Column::R2Key.not_like(SEALED))
        .take()
}

//! People with an issue.
//!
//! `session_errors.person` is the hash of a session's visitor: the user, else the browser. A browser belongs
//! to the user that its latest session with a user named, as in [`crate::people`], and only the rows of
//! sessions say so. Reading them takes two more steps in indexes for each session, so it is done for a
//! limited number of sessions. The people of other issues are their visitors: a browser and the user who
//! signs in with it later are two.

use std::collections::HashMap;

use sea_orm::FromQueryResult;

use crow_types::OrganizationId;

use super::parts::{IssueFilter, Range, among, rows_of};
use super::sql::Sql;
use crate::connection::Db;
use crate::error::Result;

/// Sessions of an issue in a list whose people are looked up, at most.
pub(super) const IN_LIST: i64 = 256;
/// Sessions of one issue whose people are looked up, at most.
pub(super) const OF_ONE: i64 = 20_000;

#[derive(FromQueryResult)]
pub(super) struct People {
    pub(super) fingerprint: String,
    pub(super) people: i64,
}

/// People of these issues, among the sessions in a range that pass a filter.
pub(super) async fn looked_up(
    db: &Db,
    organization: &OrganizationId,
    range: Range,
    filter: &IssueFilter,
    names: &[&str],
) -> Result<HashMap<String, i64>> {
    const USER_OF_BROWSER: &str = "select n.user_id from sessions n \
        where n.organization_id = e.organization_id and n.visitor_id = s.visitor_id \
        and n.user_id is not null order by n.started_at desc, n.id desc limit 1";
    if names.is_empty() {
        return Ok(HashMap::new());
    }
    let mut sql = Sql::default();
    sql.add(&format!(
        "select e.fingerprint, count(distinct coalesce('u' || s.user_id, \
         'u' || ({USER_OF_BROWSER}), 'v' || s.visitor_id, 's' || s.session_id)) as people \
         from session_errors e join sessions s on s.id = e.session_id"
    ));
    let backend = db.read.get_database_backend();
    rows_of(&mut sql, backend, organization, range, filter);
    among(&mut sql, "e.fingerprint", names);
    sql.add(" group by e.fingerprint");
    let rows: Vec<People> = sql.all(db).await?;
    let pair = |row: People| (row.fingerprint, row.people);
    Ok(rows.into_iter().map(pair).collect())
}

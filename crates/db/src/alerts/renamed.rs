//! Issues that are new only because a later release names them differently.
//!
//! A change of fingerprints gives each known error another name when it occurs next. A rule that knows an issue
//! of an earlier version with the same type, place and message does not tell of it. This ends by itself: rules
//! forget the earlier issues when no session has them any more.

use std::collections::BTreeSet;

use sea_orm::{FromQueryResult, Statement};

use crow_types::OrganizationId;

use super::issues::{READING, Said, Told, said};
use crate::connection::Db;
use crate::error::{Error, Result};

/// How fingerprints of earlier versions begin; see the crate `crow-issues`.
const EARLIER: [&str; 2] = ["1:", "c1:"];

/// Issues that a rule does not know.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unknown {
    /// Those that are not told: the rule knows them by the fingerprint of an earlier version.
    pub renamed: Vec<Told>,
    /// The others.
    pub new: Vec<Told>,
}

/// Which of the issues that a rule does not know are new.
///
/// # Errors
/// When the database fails.
pub async fn split(
    db: &Db,
    organization: &OrganizationId,
    alert: &str,
    unknown: Vec<Told>,
) -> Result<Unknown> {
    let mut found = Unknown::default();
    if unknown.iter().all(is_earlier) {
        found.new = unknown;
        return Ok(found);
    }
    let known = texts_of_earlier(db, organization, alert).await?;
    for one in unknown {
        let mut is_renamed = false;
        if !known.is_empty() && !is_earlier(&one) {
            let last = said(db, organization, &one.fingerprint).await?;
            is_renamed = last.is_some_and(|it| known.contains(&text_of(&it)));
        }
        match is_renamed {
            true => found.renamed.push(one),
            false => found.new.push(one),
        }
    }
    Ok(found)
}

fn is_earlier(one: &Told) -> bool {
    EARLIER
        .iter()
        .any(|version| one.fingerprint.starts_with(version))
}

fn text_of(said: &Said) -> String {
    comparable(&format!(
        "{}\n{}\n{}",
        said.kind, said.culprit, said.message
    ))
}

/// Numbers of a message and of a file differ between occurrences and builds.
fn comparable(text: &str) -> String {
    text.chars().filter(|it| !it.is_ascii_digit()).collect()
}

#[derive(FromQueryResult)]
struct Text {
    /// Nothing: no session has the issue any more.
    said: Option<String>,
}

/// What the last occurrences say of issues of earlier versions that the rule knows.
async fn texts_of_earlier(
    db: &Db,
    organization: &OrganizationId,
    alert: &str,
) -> Result<BTreeSet<String>> {
    let earlier = EARLIER.map(|version| format!("k.fingerprint like '{version}%'"));
    let sql = format!(
        "select (select e.kind || '\n' || e.culprit || '\n' || e.message from session_errors e \
         where e.organization_id = $1 and e.fingerprint = k.fingerprint \
         order by e.last_at desc limit 1) as said from alert_issues k \
         where k.organization_id = $1 and k.alert_id = $2 and k.resolved_at = 0 and ({})",
        earlier.join(" or ")
    );
    let backend = db.read.get_database_backend();
    let values = [organization.as_str().into(), alert.into()];
    let rows = Text::find_by_statement(Statement::from_sql_and_values(backend, sql, values))
        .all(&db.read)
        .await
        .map_err(Error::sql(READING))?;
    let said = rows.into_iter().filter_map(|row| row.said);
    Ok(said.map(|text| comparable(&text)).collect())
}

//! Errors, grouped.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;
use tracing::warn;

use crow_db::audit_log::Actor;
use crow_db::issues::{
    self, Decided, Decision, IssueDetail, IssueKey, IssueRow, IssueSession, Range,
};
use crow_db::read::EventKey;
use crow_db::users;
use crow_issues::occurrences::ERROR;
use crow_issues::{Reported, stack};
use crow_sourcemap::Original;
use crow_sourcemap::script::is_debug_id;
use crow_types::{ErrorCode, OrganizationId, Timestamp};
use crow_web::ApiError;

use super::{Page, UseCases};
use crate::ask::issues::{ListIssues, OneIssue};
use crate::ask::question::Count;
use crate::ask::sessions::ListEvents;
use crate::ask::source_maps::StackOfEvent;
use crate::ask::values::{Cursor, Name, Text};
use crate::error::{Error, Result};
use crate::source_maps::{Mapped, Traced};

/// Sessions of one issue.
const SESSIONS: u32 = 20;
/// Sessions whose events are read for a stack.
const STACKS: usize = 3;

/// An issue with the name of who sees to it.
#[derive(Debug)]
pub struct Issue {
    /// What is counted and decided.
    pub row: IssueRow,
    /// The name of the user who sees to it.
    pub assignee_name: Option<String>,
}

/// The stack of an occurrence.
#[derive(Debug)]
pub struct Stack {
    /// `sessions.id`.
    pub session_row: String,
    /// When it happened.
    pub at: i64,
    /// As the browser wrote it.
    pub text: String,
    /// The version of the page; empty: unknown.
    pub release: String,
    /// Scripts of the page's own code without a source map.
    pub missing: Vec<String>,
    originals: Vec<Option<Original>>,
}

impl Stack {
    /// Its frames, the innermost first, each with where its code is from.
    pub fn frames(&self) -> Vec<(stack::Frame<'_>, Option<&Original>)> {
        let originals = self.originals.iter().map(Option::as_ref);
        let originals = originals.chain(std::iter::repeat(None));
        stack::frames(&self.text)
            .into_iter()
            .zip(originals)
            .collect()
    }
}

/// One issue with all that is shown of it.
#[derive(Debug)]
pub struct WholeIssue {
    /// The issue.
    pub issue: Issue,
    /// Where it occurs.
    pub detail: IssueDetail,
    /// `None`: no recent occurrence has one, or their events are gone.
    pub stack: Option<Stack>,
}

/// Somebody who can see to an issue.
#[derive(Debug)]
pub struct Assignee {
    /// Id of the user.
    pub id: String,
    /// Name of the user.
    pub name: String,
}

impl UseCases {
    /// Issues that occurred in a range and pass a filter.
    pub async fn issues(
        &self,
        organization: &OrganizationId,
        asked: &ListIssues,
    ) -> Result<Page<Issue, IssueKey>> {
        let (db, of, asked) = (self.db.for_questions(), organization.clone(), asked.clone());
        let size = asked.page.limit.get();
        let question = async move {
            let order = asked.page.sort.unwrap_or_default();
            let after = asked.page.after.as_ref().map(|cursor| &cursor.0);
            let page = (order, after, size + 1);
            Ok(issues::list(&db, &of, asked.range, &asked.filter, page).await?)
        };
        let rows = self.scheduler.ask(organization, question).await?;
        let page = Page::cut(rows, size, |row: &IssueRow| row.key.clone());
        let names = self.names(organization, &page.items).await?;
        Ok(page.map(|row| named(row, &names)))
    }

    /// One issue.
    ///
    /// # Errors
    /// `NotFound` when no session in the range has it.
    pub async fn issue(
        &self,
        organization: &OrganizationId,
        asked: &OneIssue,
    ) -> Result<WholeIssue> {
        let fingerprint = asked.name.fingerprint()?.to_owned();
        let (db, of, range) = (self.db.for_questions(), organization.clone(), asked.range);
        let question = async move {
            let Some(row) = issues::find(&db, &of, range, &fingerprint).await? else {
                return Ok(None);
            };
            let detail = issues::detail(&db, &of, range, &fingerprint, SESSIONS).await?;
            Ok(Some((row, detail)))
        };
        let found = self.scheduler.ask(organization, question).await?;
        let (row, detail) = found.ok_or(Error::NotFound)?;
        let names = self.names(organization, std::slice::from_ref(&row)).await?;
        Ok(WholeIssue {
            stack: self.stack(organization, &detail.sessions).await?,
            issue: named(row, &names),
            detail,
        })
    }

    /// Decides about an issue, and returns it as of the last seven days.
    ///
    /// # Errors
    /// `NotFound`; `Unprocessable` when the organization has no such user.
    pub async fn change_issue(
        &self,
        organization: &OrganizationId,
        by: &Actor,
        fingerprint: &str,
        decision: &Decision,
    ) -> std::result::Result<Issue, ApiError> {
        let decided = issues::decide(&self.db, by, organization, fingerprint, decision).await;
        match decided.map_err(|error| Error::from(error).into_api())? {
            Decided::Done => {}
            Decided::Unknown => return Err(Error::NotFound.into_api()),
            Decided::UnknownAssignee => {
                let text = "assigneeId: no user of the organization has this id";
                return Err(ApiError::new(ErrorCode::Unprocessable, text));
            }
        }
        let all = Range {
            from: 0,
            to: Timestamp::now().0 + 1,
        };
        let found = issues::find(&self.db, organization, all, fingerprint).await;
        let row = found
            .map_err(|error| Error::from(error).into_api())?
            .ok_or_else(|| Error::NotFound.into_api())?;
        let names = self.names(organization, std::slice::from_ref(&row)).await;
        Ok(named(row, &names.map_err(Error::into_api)?))
    }

    /// Who can see to an issue, by name. Users with the role `marketing` cannot: they see no issues.
    pub async fn assignees(&self, organization: &OrganizationId) -> Result<Vec<Assignee>> {
        let users = users::list(&self.db, organization).await?;
        let active = users
            .into_iter()
            .filter(|user| user.disabled_at.is_none() && user.role != "marketing");
        let mut all: Vec<Assignee> = active
            .map(|user| Assignee {
                id: user.id,
                name: user.name,
            })
            .collect();
        all.sort_by(|one, other| (&one.name, &one.id).cmp(&(&other.name, &other.id)));
        Ok(all)
    }

    async fn names(
        &self,
        organization: &OrganizationId,
        rows: &[IssueRow],
    ) -> Result<HashMap<String, String>> {
        if rows.iter().all(|row| row.assignee.is_none()) {
            return Ok(HashMap::new());
        }
        let users = users::list(&self.db, organization).await?;
        Ok(users.into_iter().map(|user| (user.id, user.name)).collect())
    }

    /// The stack of the latest occurrence whose event can be read.
    async fn stack(
        &self,
        organization: &OrganizationId,
        sessions: &[IssueSession],
    ) -> Result<Option<Stack>> {
        for session in sessions.iter().take(STACKS) {
            let found = match self.stack_in(organization, session).await {
                // It was erased since, or what is stored of it is damaged.
                Err(Error::NotFound) => None,
                Err(error) if error.is_damage() => None,
                found => found?,
            };
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    /// The stack of an event of the type `error`.
    ///
    /// # Errors
    /// `NotFound` when there is no such event at that moment, or it has no stack.
    pub async fn stack_of_event(
        &self,
        organization: &OrganizationId,
        asked: &StackOfEvent,
    ) -> Result<Stack> {
        let row = self.row(organization, &asked.session).await?.record.id;
        let found = self.stack_at(organization, &row, &asked.event.0, asked.at.0);
        found.await?.ok_or(Error::NotFound)
    }

    async fn stack_in(
        &self,
        organization: &OrganizationId,
        session: &IssueSession,
    ) -> Result<Option<Stack>> {
        let row = session.session_row.as_str();
        self.stack_at(organization, row, &session.event_id, session.last_at)
            .await
    }

    async fn stack_at(
        &self,
        organization: &OrganizationId,
        session_row: &str,
        event_id: &str,
        at: i64,
    ) -> Result<Option<Stack>> {
        let before = EventKey {
            timestamp: at.saturating_sub(1),
            place: i64::MAX,
            id: String::new(),
        };
        let asked = ListEvents {
            session: Name(session_row.to_owned()),
            limit: Count::default(),
            after: Some(Cursor(before)),
            event_type: Some(Text(ERROR.to_owned())),
        };
        let page = self.events(organization, &asked).await?;
        let event = page.items.into_iter().find(|event| event.id == event_id);
        let Some(event) = event else { return Ok(None) };
        let reported = Reported::of_event(&event.data, "");
        if reported.stack.is_empty() {
            return Ok(None);
        }
        let release = reported.identify().release;
        let traced = Traced {
            text: &reported.stack,
            release: &release,
            debug_ids: &debug_ids_of(&event.data),
        };
        let mapped = self.source_maps.of_stack(organization, &traced).await;
        // The stack as the browser wrote it is worth showing without its sources.
        let mapped = mapped.unwrap_or_else(|error| {
            let error = crow_types::log_chain(&error);
            warn!(
                org.id = organization.as_str(),
                error, "a stack has no sources"
            );
            Mapped::default()
        });
        Ok(Some(Stack {
            session_row: session_row.to_owned(),
            at,
            text: reported.stack,
            release,
            missing: mapped.missing,
            originals: mapped.originals,
        }))
    }
}

/// The debug ids of an event, by the address of the script. A visitor wrote them: they name maps of the
/// organization at most.
fn debug_ids_of(data: &str) -> BTreeMap<String, String> {
    #[derive(Deserialize)]
    struct Payload {
        #[serde(rename = "debugIds")]
        debug_ids: BTreeMap<String, String>,
    }

    let payload: Option<Payload> = serde_json::from_str(data).ok();
    let mut ids = payload.map(|it| it.debug_ids).unwrap_or_default();
    ids.retain(|_url, id| is_debug_id(id));
    ids
}

fn named(row: IssueRow, names: &HashMap<String, String>) -> Issue {
    let assignee = row.assignee.as_ref();
    Issue {
        assignee_name: assignee.and_then(|id| names.get(id).cloned()),
        row,
    }
}

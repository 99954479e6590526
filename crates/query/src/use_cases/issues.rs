//! Errors, grouped.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;
use tracing::warn;

use crow_db::audit_log::Actor;
use crow_db::issues::{
    self, Decided, Decision, IssueDetail, IssueKey, IssueRow, IssueSession, Range,
};
use crow_db::read::EventKey;
use crow_db::{settings, users};
use crow_issues::occurrences::ERROR;
use crow_issues::{Reported, stack};
use crow_sourcemap::Original;
use crow_sourcemap::script::is_debug_id;
use crow_types::{ErrorCode, EventRecord, OrganizationId, SessionRecord, Timestamp};
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
    /// Its frames, the innermost first, each with where its code is from. A frame in a script of the
    /// page is one of a package if its map says so.
    pub fn frames(&self) -> Vec<(stack::Frame<'_>, Option<&Original>)> {
        let originals = self.originals.iter().map(Option::as_ref);
        let originals = originals.chain(std::iter::repeat(None));
        let frames = stack::frames(&self.text).into_iter().zip(originals);
        frames
            .map(|(frame, original)| (with_kind(frame, original), original))
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

/// Somebody who can be assigned an issue.
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

    /// Decides about an issue, and returns it with all of its occurrences.
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
                let text = "assigneeId: no user with this id can be assigned an issue; use an id from the \
                            list of assignees";
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

    /// Who can be assigned an issue, by name. Users with the role `marketing` cannot: they see no issues.
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
                Err(Error::NotFound | Error::NotStored) => None,
                Err(error) if error.is_damage() => None,
                found => found?,
            };
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    /// The issues of events of one session, by the ids of the events. What is not stored yet has the
    /// issue that it will have by the rules of now.
    pub async fn issues_of(
        &self,
        organization: &OrganizationId,
        events: &[EventRecord],
    ) -> Result<HashMap<String, String>> {
        let mut errors = events
            .iter()
            .filter(|event| event.r#type == ERROR)
            .peekable();
        let Some(first) = errors.peek() else {
            return Ok(HashMap::new());
        };
        let stored = issues::of_session(&self.db, organization, &first.session_id).await?;
        let rules = settings::read(&self.db, organization).await?;
        let rules = rules.settings.issue_rules;
        let of = |event: &EventRecord| {
            let last = stored.iter().find(|(_, last)| *last == event.id);
            if let Some((fingerprint, _)) = last {
                return fingerprint.clone();
            }
            let page = event.url.as_deref().unwrap_or_default();
            let reported = Reported::of_event(&event.data, page);
            let by_rules = reported.identify_by(&rules).fingerprint;
            let is_stored = |id: &String| stored.iter().any(|(known, _)| known == id);
            if rules.is_empty() || is_stored(&by_rules) {
                return by_rules;
            }
            // It was stored before there was this rule.
            let default = reported.identify().fingerprint;
            if is_stored(&default) {
                default
            } else {
                by_rules
            }
        };
        Ok(errors.map(|event| (event.id.clone(), of(event))).collect())
    }

    /// The stack of an event of the type `error`.
    ///
    /// # Errors
    /// `NotFound` when there is no such event at that moment, or it has no stack; `NotStored` when the
    /// session is open and no keeper answers for what is not stored yet.
    pub async fn stack_of_event(
        &self,
        organization: &OrganizationId,
        asked: &StackOfEvent,
    ) -> Result<Stack> {
        let row = self.row(organization, &asked.session).await?.record;
        let found = self.stack_at(organization, &row, &asked.event.0, asked.at.0);
        found.await?.ok_or(Error::NotFound)
    }

    async fn stack_in(
        &self,
        organization: &OrganizationId,
        session: &IssueSession,
    ) -> Result<Option<Stack>> {
        let name = Name(session.session_row.clone());
        let row = self.row(organization, &name).await?.record;
        self.stack_at(organization, &row, &session.event_id, session.last_at)
            .await
    }

    async fn stack_at(
        &self,
        organization: &OrganizationId,
        row: &SessionRecord,
        event_id: &str,
        at: i64,
    ) -> Result<Option<Stack>> {
        let before = EventKey {
            timestamp: at.saturating_sub(1),
            place: i64::MAX,
            id: String::new(),
        };
        let asked = ListEvents {
            session: Name(row.id.clone()),
            limit: Count::default(),
            after: Some(Cursor(before)),
            event_type: Some(Text(ERROR.to_owned())),
        };
        let (events, is_whole) = self.page_of_events(organization, row, &asked).await?;
        let event = events.into_iter().find(|event| event.id == event_id);
        let event = match event {
            Some(event) => event,
            None if is_whole => return Ok(None),
            None => return Err(Error::NotStored),
        };
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
            session_row: row.id.clone(),
            at,
            text: reported.stack,
            release,
            missing: mapped.missing,
            originals: mapped.originals,
        }))
    }
}

/// The frame as one of a package, if its map says so.
fn with_kind<'a>(frame: stack::Frame<'a>, original: Option<&Original>) -> stack::Frame<'a> {
    let is_of_package = original.is_some_and(|it| is_of_package(&it.source));
    let kind = match frame.kind {
        stack::Kind::App if is_of_package => stack::Kind::Library,
        kind => kind,
    };
    stack::Frame { kind, ..frame }
}

/// Whether a source, as a map names it, is code of a package.
fn is_of_package(source: &str) -> bool {
    source.split('/').any(|part| part == "node_modules")
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

//! Errors, grouped.

use actix_web::HttpRequest;
use actix_web::web::Data;
use serde::Serialize;
use utoipa::ToSchema;

use crow_db::issues::{IssueKey, IssueSession, Part};
use crow_issues::stack::{Frame, Kind};
use crow_sourcemap::{Line, Original};
use crow_web::ApiError;

use crate::api::Api;
use crate::ask::issues::{ChangeIssue, IssueName, ListIssues, OneIssue};
use crate::cursor;
use crate::door::{Read, Writes};
use crate::error::Error;
use crate::rest::answers::{Answered, Changed, Found};
use crate::rest::asked::Asked;
use crate::rest::body;
use crate::rest::described::Unread;
use crate::use_cases::Page;
use crate::use_cases::issues::{Assignee, Issue, Stack, WholeIssue};

/// Body limit in bytes.
const MAX_BODY: usize = 4 << 10;

/// A page of issues.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct IssueList {
    /// In the order that was asked for.
    pub issues: Vec<IssueView>,
    /// Send it as `cursor` for the next page; null on the last page.
    pub next_cursor: Option<String>,
}

impl From<Page<Issue, IssueKey>> for IssueList {
    fn from(page: Page<Issue, IssueKey>) -> Self {
        Self {
            issues: page.items.into_iter().map(IssueView::from).collect(),
            next_cursor: page.next.as_ref().map(cursor::encode),
        }
    }
}

/// An issue in a range. Type, message, place, page and release are those of its last occurrence. They
/// come from pages and their visitors: they are not to be trusted.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct IssueView {
    /// Its fingerprint.
    pub id: String,
    /// Such as `TypeError`; empty: unknown.
    pub r#type: String,
    /// What it says, one line.
    pub message: String,
    /// Where it happens: function and file, or the path of the page.
    pub culprit: String,
    /// The path of the page, with `*` for ids.
    pub page: String,
    /// The version of the page; empty: unknown.
    pub release: String,
    /// Its first occurrence in any session that is left, milliseconds since the epoch.
    pub first_seen: i64,
    /// Its last occurrence in the sessions that are counted.
    pub last_seen: i64,
    /// Occurrences.
    pub count: i64,
    /// Sessions with it.
    pub sessions: i64,
    /// People with it. A browser counts as the user who signs in with it later; they are two if more than
    /// 256 sessions of a list, or 20,000 of one issue, have the issue.
    pub people: i64,
    /// `people` is an estimate from one person in eight: in a list, of issues with more than 2,048
    /// sessions and about 256 people or more in the range.
    pub are_people_estimated: bool,
    /// `open`, `resolved` or `ignored`.
    pub status: String,
    /// It was resolved and has occurred since, so it is open.
    pub is_regressed: bool,
    /// It was resolved in the next release: occurrences in the releases known then do not reopen it.
    pub in_next_release: bool,
    /// Id of the user who sees to it.
    pub assignee_id: Option<String>,
    /// Name of this user.
    pub assignee_name: Option<String>,
    /// When it was resolved.
    pub resolved_at: Option<i64>,
    /// Occurrences in each 24th of the range. All occurrences of a session count at its last one.
    pub trend: Vec<i64>,
}

impl From<Issue> for IssueView {
    fn from(issue: Issue) -> Self {
        let row = issue.row;
        Self {
            id: row.fingerprint,
            r#type: row.kind,
            message: row.message,
            culprit: row.culprit,
            page: row.page,
            release: row.release,
            first_seen: row.first_at,
            last_seen: row.last_at,
            count: row.occurrences,
            sessions: row.sessions,
            people: row.people,
            are_people_estimated: row.are_people_estimated,
            status: row.status.as_str().to_owned(),
            is_regressed: row.is_regressed,
            in_next_release: row.is_in_next_release,
            assignee_id: row.assignee,
            assignee_name: issue.assignee_name,
            resolved_at: row.resolved_at,
            trend: row.trend,
        }
    }
}

/// An issue, and where it occurs.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct IssueDetailView {
    /// The issue.
    pub issue: IssueView,
    /// The stack of a recent occurrence; null: none has one, or their events are gone.
    pub stack: Option<StackView>,
    /// The ten most frequent browsers.
    pub browsers: Vec<PartView>,
    /// The ten most frequent operating systems.
    pub systems: Vec<PartView>,
    /// The ten most frequent pages.
    pub pages: Vec<PartView>,
    /// The ten most frequent releases.
    pub releases: Vec<PartView>,
    /// At most 20, the latest occurrence first.
    pub latest_sessions: Vec<IssueSessionView>,
}

impl From<WholeIssue> for IssueDetailView {
    fn from(whole: WholeIssue) -> Self {
        let parts = |parts: Vec<Part>| parts.into_iter().map(PartView::from).collect();
        let detail = whole.detail;
        Self {
            issue: whole.issue.into(),
            stack: whole.stack.as_ref().map(StackView::from),
            browsers: parts(detail.browsers),
            systems: parts(detail.systems),
            pages: parts(detail.pages),
            releases: parts(detail.releases),
            latest_sessions: detail
                .sessions
                .into_iter()
                .map(IssueSessionView::from)
                .collect(),
        }
    }
}

/// A value, and how often the issue occurs with it.
#[derive(Debug, Serialize, ToSchema)]
pub struct PartView {
    /// The value; empty: unknown.
    pub value: String,
    /// Sessions.
    pub sessions: i64,
    /// Occurrences.
    pub count: i64,
}

impl From<Part> for PartView {
    fn from(part: Part) -> Self {
        Self {
            value: part.value,
            sessions: part.sessions,
            count: part.occurrences,
        }
    }
}

/// The stack of one occurrence.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StackView {
    /// The `id` of its session.
    pub session_id: String,
    /// When, milliseconds since the epoch.
    pub at: i64,
    /// As the browser wrote it.
    pub text: String,
    /// The version of the page; empty: unknown.
    pub release: String,
    /// The innermost first, at most 60.
    pub frames: Vec<FrameView>,
    /// Scripts of the page's own code without a source map, by address.
    pub missing_maps: Vec<String>,
}

impl From<&Stack> for StackView {
    fn from(stack: &Stack) -> Self {
        Self {
            session_id: stack.session_row.clone(),
            at: stack.at,
            text: stack.text.clone(),
            release: stack.release.clone(),
            frames: stack.frames().into_iter().map(FrameView::from).collect(),
            missing_maps: stack.missing.clone(),
        }
    }
}

/// A frame of a stack.
#[derive(Debug, Serialize, ToSchema)]
pub struct FrameView {
    /// The function; empty: it has no name.
    pub function: String,
    /// Where its code is from; empty: unknown.
    pub url: String,
    /// From 1.
    pub line: Option<u32>,
    /// From 1.
    pub column: Option<u32>,
    /// `app`: the page's own code; `library`, `extension`, `sdk`, `native` or `evaluated`.
    #[schema(value_type = String)]
    pub kind: &'static str,
    /// Where its code is from; null: no source map says.
    pub original: Option<OriginalView>,
}

impl From<(Frame<'_>, Option<&Original>)> for FrameView {
    fn from((frame, original): (Frame<'_>, Option<&Original>)) -> Self {
        Self {
            function: frame.function.to_owned(),
            url: frame.url.to_owned(),
            line: frame.line,
            column: frame.column,
            kind: word(frame.kind),
            original: original.map(OriginalView::from),
        }
    }
}

/// Where the code of a frame is from. It is what whoever uploaded the map said.
#[derive(Debug, Serialize, ToSchema)]
pub struct OriginalView {
    /// The name of the source.
    pub source: String,
    /// From 1.
    pub line: u32,
    /// From 1.
    pub column: u32,
    /// The innermost named function around it; empty: unknown.
    pub function: String,
    /// The line, with up to five before and after it; empty: the map has no source.
    pub context: Vec<LineView>,
}

impl From<&Original> for OriginalView {
    fn from(original: &Original) -> Self {
        let line = |line: &Line| LineView {
            number: line.number,
            text: line.text.clone(),
        };
        Self {
            source: original.source.clone(),
            line: original.line,
            column: original.column,
            function: original.function.clone(),
            context: original.context.iter().map(line).collect(),
        }
    }
}

/// A line of a source.
#[derive(Debug, Serialize, ToSchema)]
pub struct LineView {
    /// From 1.
    pub number: u32,
    /// At most 400 bytes.
    pub text: String,
}

/// The word for a kind of code.
pub fn word(kind: Kind) -> &'static str {
    match kind {
        Kind::App => "app",
        Kind::Library => "library",
        Kind::Extension => "extension",
        Kind::Sdk => "sdk",
        Kind::Native => "native",
        Kind::Evaluated => "evaluated",
    }
}

/// A session with an issue. Times are milliseconds since the epoch.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct IssueSessionView {
    /// The `id` of the session.
    pub id: String,
    /// The SDK's session id.
    pub session_id: String,
    /// When the session started.
    pub started_at: i64,
    /// The first occurrence in it.
    pub first_seen: i64,
    /// The last occurrence in it.
    pub last_seen: i64,
    /// Occurrences in it.
    pub count: i64,
    /// The page of the last one.
    pub page: String,
    /// The release of the last one; empty: unknown.
    pub release: String,
    /// The browser.
    pub browser: Option<String>,
    /// The operating system.
    pub os: Option<String>,
    /// The user.
    pub user_id: Option<String>,
    /// Whether it has a recording.
    pub has_replay: bool,
}

impl From<IssueSession> for IssueSessionView {
    fn from(session: IssueSession) -> Self {
        Self {
            id: session.session_row,
            session_id: session.session_id,
            started_at: session.started_at,
            first_seen: session.first_at,
            last_seen: session.last_at,
            count: session.occurrences,
            page: session.page,
            release: session.app_release,
            browser: session.browser,
            os: session.os,
            user_id: session.user_id,
            has_replay: session.has_replay,
        }
    }
}

/// Who can be assigned an issue.
#[derive(Debug, Serialize, ToSchema)]
pub struct AssigneeList {
    /// By name.
    pub assignees: Vec<AssigneeView>,
}

/// A user of the organization.
#[derive(Debug, Serialize, ToSchema)]
pub struct AssigneeView {
    /// Id of the user.
    pub id: String,
    /// Name of the user.
    pub name: String,
}

pub async fn list_issues(api: Data<Api>, ask: Asked<Read, ListIssues>) -> Answered<IssueList> {
    let page = api.use_cases.issues(ask.organization(), &ask.question);
    Ok(Found(page.await?.into()))
}

pub async fn list_assignees(api: Data<Api>, ask: Asked<Read, ()>) -> Answered<AssigneeList> {
    let found = api.use_cases.assignees(ask.organization()).await?;
    let view = |one: Assignee| AssigneeView {
        id: one.id,
        name: one.name,
    };
    Ok(Found(AssigneeList {
        assignees: found.into_iter().map(view).collect(),
    }))
}

pub async fn get_issue(api: Data<Api>, ask: Asked<Read, OneIssue>) -> Answered<IssueDetailView> {
    let found = api.use_cases.issue(ask.organization(), &ask.question);
    Ok(Found(found.await?.into()))
}

pub async fn change_issue(
    api: Data<Api>,
    request: HttpRequest,
    ask: Asked<Writes<Read>, IssueName>,
    body: Unread<ChangeIssue>,
) -> Result<Changed<IssueView>, ApiError> {
    let sent: ChangeIssue = body::json(&request, body.payload, MAX_BODY, true).await?;
    let decision = sent.decision()?;
    let fingerprint = ask.question.fingerprint().map_err(Error::into_api)?;
    let by = ask.by.actor();
    let changed = api
        .use_cases
        .change_issue(ask.organization(), &by, fingerprint, &decision);
    Ok(Changed(changed.await?.into()))
}

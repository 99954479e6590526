use tonic::{Request, Response, Status};

use crow_db::issues::{IssueOrder, IssueSession, Part, Status as IssueStatus};
use crow_issues::stack::Frame;
use crow_proto::api;
use crow_proto::api::issue_service_server::IssueService;
use crow_sourcemap::Original;
use crow_web::grpc::status;

use super::questions::{count, cursor, text};
use crate::api::Api;
use crate::ask::issues::{
    ChangeIssue, IssueName, IssuePage, IssueQuery, IssueRange, ListIssues, OneIssue,
};
use crate::ask::source_maps::StackOfEvent;
use crate::ask::values::{Moment, Name, Value};
use crate::cursor::encode;
use crate::door::{Read, Writes};
use crate::error::{Error, Result};
use crate::rest::issues::word;
use crate::use_cases::issues::{Issue, Stack, WholeIssue};

/// `crow.v1.IssueService`.
#[derive(Clone)]
pub struct Issues {
    api: Api,
}

impl Issues {
    /// Uses the same use cases as REST.
    #[must_use]
    pub fn new(api: Api) -> Self {
        Self { api }
    }
}

#[tonic::async_trait]
impl IssueService for Issues {
    async fn list_issues(
        &self,
        request: Request<api::ListIssuesRequest>,
    ) -> std::result::Result<Response<api::ListIssuesResponse>, Status> {
        let door = &self.api.door;
        let (by, asked) = door.open::<Read, _>(request).await.map_err(status)?;
        let asked = ListIssues::try_from(asked).map_err(status)?;
        let page = self.api.use_cases.issues(by.organization(), &asked);
        let page = page.await.map_err(status)?;
        Ok(Response::new(api::ListIssuesResponse {
            issues: page.items.into_iter().map(issue).collect(),
            next_page_token: page.next.as_ref().map(encode).unwrap_or_default(),
        }))
    }

    async fn get_issue(
        &self,
        request: Request<api::GetIssueRequest>,
    ) -> std::result::Result<Response<api::IssueDetail>, Status> {
        let door = &self.api.door;
        let (by, asked) = door.open::<Read, _>(request).await.map_err(status)?;
        let asked = OneIssue::try_from(asked).map_err(status)?;
        let found = self.api.use_cases.issue(by.organization(), &asked);
        Ok(Response::new(whole(found.await.map_err(status)?)))
    }

    async fn change_issue(
        &self,
        request: Request<api::ChangeIssueRequest>,
    ) -> std::result::Result<Response<api::Issue>, Status> {
        let door = &self.api.door;
        let (by, asked) = door
            .open::<Writes<Read>, _>(request)
            .await
            .map_err(status)?;
        let name = named(asked.issue_id);
        let change = ChangeIssue {
            status: asked.status,
            in_next_release: asked.in_next_release,
            assignee_id: asked.assignee_id,
        };
        let decision = change.decision().map_err(status)?;
        let fingerprint = name.fingerprint().map_err(status)?;
        let actor = by.actor();
        let changed =
            self.api
                .use_cases
                .change_issue(by.organization(), &actor, fingerprint, &decision);
        Ok(Response::new(issue(changed.await.map_err(status)?)))
    }

    async fn get_stack(
        &self,
        request: Request<api::GetStackRequest>,
    ) -> std::result::Result<Response<api::IssueStack>, Status> {
        let door = &self.api.door;
        let (by, asked) = door.open::<Read, _>(request).await.map_err(status)?;
        let asked = StackOfEvent {
            session: Name(asked.session_id),
            event: Name(asked.event_id),
            at: Moment(asked.at),
        };
        let found = self.api.use_cases.stack_of_event(by.organization(), &asked);
        Ok(Response::new(stack(&found.await.map_err(status)?)))
    }
}

fn named(id: String) -> IssueName {
    IssueName { issue: Name(id) }
}

fn range(from: Option<i64>, to: Option<i64>) -> IssueRange {
    IssueRange {
        from: from.map(Moment),
        to: to.map(Moment),
    }
}

impl TryFrom<api::ListIssuesRequest> for ListIssues {
    type Error = Error;

    fn try_from(asked: api::ListIssuesRequest) -> Result<Self> {
        let (wanted, sort) = (asked.status, asked.sort);
        let query = IssueQuery {
            status: wanted
                .map(|word| IssueStatus::named("status", &word))
                .transpose()?,
            text: text("text", asked.text)?,
            release: text("release", asked.release)?,
            page: text("page", asked.page)?,
            assignee: text("assignee_id", asked.assignee_id)?,
        };
        Ok(Self {
            range: range(asked.from, asked.to).range()?,
            filter: query.filter(),
            page: IssuePage {
                sort: sort
                    .map(|word| IssueOrder::named("sort", &word))
                    .transpose()?,
                limit: count("page_size", asked.page_size)?,
                after: cursor(&asked.page_token)?,
            },
        })
    }
}

impl TryFrom<api::GetIssueRequest> for OneIssue {
    type Error = Error;

    fn try_from(asked: api::GetIssueRequest) -> Result<Self> {
        Ok(Self {
            name: named(asked.issue_id),
            range: range(asked.from, asked.to).range()?,
        })
    }
}

fn issue(found: Issue) -> api::Issue {
    let row = found.row;
    api::Issue {
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
        resolved_at: row.resolved_at,
        trend: row.trend,
    }
}

fn whole(found: WholeIssue) -> api::IssueDetail {
    let parts = |parts: Vec<Part>| parts.into_iter().map(part).collect();
    let detail = found.detail;
    api::IssueDetail {
        issue: Some(issue(found.issue)),
        stack: found.stack.as_ref().map(stack),
        browsers: parts(detail.browsers),
        systems: parts(detail.systems),
        pages: parts(detail.pages),
        releases: parts(detail.releases),
        latest_sessions: detail.sessions.into_iter().map(session).collect(),
    }
}

fn part(part: Part) -> api::IssuePart {
    api::IssuePart {
        value: part.value,
        sessions: part.sessions,
        count: part.occurrences,
    }
}

fn stack(stack: &Stack) -> api::IssueStack {
    let frame = |(frame, original): (Frame<'_>, Option<&Original>)| api::IssueFrame {
        function: frame.function.to_owned(),
        url: frame.url.to_owned(),
        line: frame.line,
        column: frame.column,
        kind: word(frame.kind).to_owned(),
        original: original.map(place),
    };
    api::IssueStack {
        session_id: stack.session_row.clone(),
        at: stack.at,
        text: stack.text.clone(),
        frames: stack.frames().into_iter().map(frame).collect(),
        release: stack.release.clone(),
        missing_maps: stack.missing.clone(),
    }
}

fn place(original: &Original) -> api::OriginalPlace {
    let line = |line: &crow_sourcemap::Line| api::SourceLine {
        number: line.number,
        text: line.text.clone(),
    };
    api::OriginalPlace {
        source: original.source.clone(),
        line: original.line,
        column: original.column,
        function: original.function.clone(),
        context: original.context.iter().map(line).collect(),
    }
}

fn session(session: IssueSession) -> api::IssueSession {
    api::IssueSession {
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

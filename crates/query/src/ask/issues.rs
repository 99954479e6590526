//! Questions about issues.

use serde::Deserialize;
use utoipa::ToSchema;

use crow_db::issues::{Decision, IssueFilter, IssueKey, IssueOrder, Range, Status};

use crate::ask::question::{Count, Given, Parameter, Question, questions};
use crate::ask::values::{Cursor, Moment, Name, Text, Value, range};
use crate::error::{Error, Result};

/// The longest range, in milliseconds: times further away are mistakes.
const MAX_RANGE: i64 = 20 * 366 * 24 * 3_600_000;

questions! {
    /// When issues occurred.
    IssueRange {
        /// At or after this moment: milliseconds since the epoch or RFC 3339. Default: seven days
        /// before `to`.
        from "from": Option<Moment>,
        /// Before this moment. Default: now.
        to "to": Option<Moment>,
    }

    /// Which issues.
    IssueQuery {
        /// What is to be done about it. A resolved issue that has occurred again is `open`.
        status "status": Option<Status>,
        /// A part of type, message or place, ignoring case.
        text "text": Option<Text>,
        /// The release, exactly.
        release "release": Option<Text>,
        /// A part of the page's path, ignoring case.
        page "page": Option<Text>,
        /// Id of the user who sees to it.
        assignee "assignee": Option<Text>,
    }

    /// Which page of a list of issues.
    IssuePage {
        /// What comes first: the latest occurrence, the most occurrences or the most people. Default:
        /// `lastSeen`.
        sort "sort": Option<IssueOrder>,
        /// Issues per page.
        limit "limit": Count<50, 100>,
        /// `nextCursor` of the previous page, which had the same order.
        after "cursor": Option<Cursor<IssueKey>>,
    }

    /// An issue by its name.
    IssueName {
        /// The issue's `id`.
        issue "issueId": Name,
    }
}

/// Issues that occurred in a range and pass a filter.
#[derive(Debug, Clone)]
pub struct ListIssues {
    /// When.
    pub range: Range,
    /// All that must hold.
    pub filter: IssueFilter,
    /// Which page.
    pub page: IssuePage,
}

impl Question for ListIssues {
    fn parameters() -> Vec<Parameter> {
        let mut all = IssuePage::parameters();
        all.extend(IssueRange::parameters());
        all.extend(IssueQuery::parameters());
        all
    }

    fn read(given: &Given) -> Result<Self> {
        Ok(Self {
            range: IssueRange::read(given)?.range()?,
            filter: IssueQuery::read(given)?.filter(),
            page: IssuePage::read(given)?,
        })
    }
}

/// One issue in a range.
#[derive(Debug, Clone)]
pub struct OneIssue {
    /// Which.
    pub name: IssueName,
    /// When.
    pub range: Range,
}

impl Question for OneIssue {
    fn parameters() -> Vec<Parameter> {
        let mut all = IssueName::parameters();
        all.extend(IssueRange::parameters());
        all
    }

    fn read(given: &Given) -> Result<Self> {
        Ok(Self {
            name: IssueName::read(given)?,
            range: IssueRange::read(given)?.range()?,
        })
    }
}

impl IssueRange {
    /// # Errors
    /// `Malformed` when the range is empty or out of all bounds.
    pub fn range(&self) -> Result<Range> {
        let whole = range(self.from.map(|from| from.0), self.to.map(|to| to.0))?;
        let (from, to) = (whole.start, whole.end);
        if to.saturating_sub(from) > MAX_RANGE {
            let text = "from: must be at most 20 years before `to`";
            return Err(Error::Malformed(text.to_owned()));
        }
        Ok(Range { from, to })
    }
}

impl IssueQuery {
    /// All that must hold.
    pub fn filter(self) -> IssueFilter {
        let text = |text: Option<Text>| text.map(|text| text.0);
        IssueFilter {
            status: self.status,
            text: text(self.text),
            release: text(self.release),
            page: text(self.page),
            assignee: text(self.assignee),
        }
    }
}

impl IssueName {
    /// # Errors
    /// `NotFound` when no issue can have this id.
    pub fn fingerprint(&self) -> Result<&str> {
        let id = self.issue.0.as_str();
        let is_part = |byte: u8| byte.is_ascii_hexdigit() || byte == b':';
        if id.is_empty() || id.len() > 64 || !id.bytes().all(is_part) {
            return Err(Error::NotFound);
        }
        Ok(id)
    }
}

/// A decision about an issue. What is left out stays.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ChangeIssue {
    /// `open`, `resolved` or `ignored`.
    #[serde(default)]
    pub status: Option<String>,
    /// With `resolved`: occurrences in the releases that are known now do not reopen it.
    #[serde(default)]
    pub in_next_release: bool,
    /// Id of the user who sees to it; empty: nobody.
    #[serde(default)]
    #[schema(max_length = 128)]
    pub assignee_id: Option<String>,
}

impl ChangeIssue {
    /// The decision.
    ///
    /// # Errors
    /// `Malformed` when nothing is decided, or the status is no status.
    pub fn decision(self) -> Result<Decision> {
        let status = self.status;
        let status = status
            .map(|word| Status::named("status", &word))
            .transpose()?;
        Text::check(
            "assigneeId",
            self.assignee_id.as_deref().filter(|id| !id.is_empty()),
        )?;
        if status.is_none() && self.assignee_id.is_none() {
            let text = "the body: give `status` or `assigneeId`";
            return Err(Error::Malformed(text.to_owned()));
        }
        if self.in_next_release && status != Some(Status::Resolved) {
            let text = "inNextRelease: only with `status` `resolved`";
            return Err(Error::Malformed(text.to_owned()));
        }
        Ok(Decision {
            status,
            is_in_next_release: self.in_next_release,
            assignee: self
                .assignee_id
                .map(|id| Some(id).filter(|id| !id.is_empty())),
        })
    }
}

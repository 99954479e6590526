//! Questions about lists of sessions and about one session.

use crow_db::read::{EventKey, SessionFilter, SessionKey};

use crate::ask::conditions::{Conditions, Where};
use crate::ask::kept::KeptSessions;
use crate::ask::question::{Count, Given, Parameter, Question, questions};
use crate::ask::values::{Cursor, Name, Text};
use crate::error::{Error, Result};

/// Sessions of a page.
pub type SessionCount = Count<50, 200>;
/// Events of a page.
pub type EventCount = Count<200, 1_000>;

questions! {
    /// Which page of a list of sessions.
    SessionPage {
        /// Sessions per page.
        limit "limit": SessionCount,
        /// `nextCursor` of the previous page.
        after "cursor": Option<Cursor<SessionKey>>,
    }

    /// One session.
    OneSession {
        /// A session's `id`, or the SDK's `sessionId`, which means its latest generation.
        session "sessionId": Name,
    }

    /// The interactions of a session.
    ListEvents {
        /// A session's `id`, or the SDK's `sessionId`, which means its latest generation.
        session "sessionId": Name,
        /// Events per page.
        limit "limit": EventCount,
        /// `nextCursor` of the previous page.
        after "cursor": Option<Cursor<EventKey>>,
        /// Only events of this type.
        event_type "type": Option<Text>,
    }
}

/// Sessions as they start, change or end.
#[derive(Debug, Clone, Default)]
pub struct WatchSessions {
    /// All that must hold, by what is stored so far.
    pub filter: SessionFilter,
    /// What must hold besides.
    pub conditions: Conditions,
}

impl WatchSessions {
    /// Whether all sessions are wanted.
    pub fn is_everything(&self) -> bool {
        self.filter == SessionFilter::default() && self.conditions.is_empty()
    }
}

impl Question for WatchSessions {
    fn parameters() -> Vec<Parameter> {
        let mut all = SessionFilter::parameters();
        all.extend(Where::parameters());
        all
    }

    fn read(given: &Given) -> Result<Self> {
        let conditions = Where::read(given)?.all();
        if !conditions.cohorts().is_empty() {
            let text = "where: `cohort` is not supported in live lists; remove it";
            return Err(Error::Malformed(text.to_owned()));
        }
        Ok(Self {
            filter: SessionFilter::read(given)?,
            conditions,
        })
    }
}

/// The sessions that pass a filter, newest first.
#[derive(Debug, Clone)]
pub struct ListSessions {
    /// All that must hold.
    pub filter: SessionFilter,
    /// What must hold besides.
    pub conditions: Conditions,
    /// What people keep with them, that must hold, too.
    pub kept: KeptSessions,
    /// Which page.
    pub page: SessionPage,
}

impl Question for ListSessions {
    fn parameters() -> Vec<Parameter> {
        let mut all = SessionPage::parameters();
        all.extend(SessionFilter::parameters());
        all.extend(Where::parameters());
        all.extend(KeptSessions::parameters());
        all
    }

    fn read(given: &Given) -> Result<Self> {
        Ok(Self {
            filter: SessionFilter::read(given)?,
            conditions: Where::read(given)?.all(),
            kept: KeptSessions::read(given)?,
            page: SessionPage::read(given)?,
        })
    }
}

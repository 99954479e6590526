//! Questions about people.

use crow_db::people::Person;
use crow_db::read::SessionKey;

use crate::ask::conditions::{Conditions, Where};
use crate::ask::question::{Count, Given, Parameter, Question, questions};
use crate::ask::values::{Cursor, Name, Text};
use crate::ask::words::PersonKind;
use crate::error::{Error, Result};

/// The maximum length of an id, in bytes.
const MAX_ID: usize = 2_048;

questions! {
    /// Which page of a list of people.
    PeoplePage {
        /// People per page. A page may have fewer, and still not be the last one.
        limit "limit": Count<50, 100>,
        /// `nextCursor` of the previous page.
        after "cursor": Option<Cursor<SessionKey>>,
        /// A part of the id or of the traits, ignoring case.
        text "text": Option<Text>,
    }

    /// One person.
    OnePerson {
        /// user or visitor.
        kind "kind": PersonKind,
        /// The user id, or the visitor id.
        id "personId": Name,
    }

    /// Which page of the sessions of a person.
    TimelinePage {
        /// Sessions per page.
        limit "limit": Count<20, 50>,
        /// `nextCursor` of the previous page.
        after "cursor": Option<Cursor<SessionKey>>,
    }
}

impl OnePerson {
    /// Who is meant.
    ///
    /// # Errors
    /// `NotFound` when nobody can have this id.
    pub fn person(&self) -> Result<Person> {
        let id = &self.id.0;
        if id.is_empty() || id.len() > MAX_ID || id.contains('\0') {
            return Err(Error::NotFound);
        }
        Ok(match self.kind {
            PersonKind::User => Person::User(id.clone()),
            PersonKind::Visitor => Person::Visitor(id.clone()),
        })
    }
}

/// People, last seen first.
#[derive(Debug, Clone)]
pub struct ListPeople {
    /// What must hold of the newest session of a person.
    pub conditions: Conditions,
    /// Which page.
    pub page: PeoplePage,
}

impl Question for ListPeople {
    fn parameters() -> Vec<Parameter> {
        let mut all = PeoplePage::parameters();
        all.extend(Where::parameters());
        all
    }

    fn read(given: &Given) -> Result<Self> {
        Ok(Self {
            conditions: Where::read(given)?.all(),
            page: PeoplePage::read(given)?,
        })
    }
}

/// The sessions of a person, newest first.
#[derive(Debug, Clone)]
pub struct PersonTimeline {
    /// Whose.
    pub person: OnePerson,
    /// Which page.
    pub page: TimelinePage,
}

impl Question for PersonTimeline {
    fn parameters() -> Vec<Parameter> {
        let mut all = OnePerson::parameters();
        all.extend(TimelinePage::parameters());
        all
    }

    fn read(given: &Given) -> Result<Self> {
        Ok(Self {
            person: OnePerson::read(given)?,
            page: TimelinePage::read(given)?,
        })
    }
}

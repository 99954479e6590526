//! Parameters of access requests.

use crow_db::erasure::Subject;

use crate::ask::question::questions;
use crate::ask::values::Text;
use crate::error::{Error, Result};

questions! {
    /// Whose data: exactly one of the two.
    AccessTo {
        /// The user.
        user "userId": Option<Text>,
        /// A session: the SDK's session id, which means all its visits, or the `id` of one visit.
        session "session": Option<Text>,
    }
}

impl AccessTo {
    /// The subject.
    ///
    /// # Errors
    /// `Malformed` unless exactly one is given.
    pub fn subject(&self) -> Result<Subject> {
        match (&self.user, &self.session) {
            (Some(user), None) => Ok(Subject::User(user.0.clone())),
            (None, Some(session)) => Ok(Subject::Sessions(vec![session.0.clone()])),
            _none_or_both => Err(Error::Malformed(
                "give exactly one of userId and session".to_owned(),
            )),
        }
    }
}

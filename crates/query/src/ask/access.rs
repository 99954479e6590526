//! Parameters of access requests.

use crow_db::erasure::Subject;

use crate::ask::question::questions;
use crate::ask::values::Text;
use crate::error::{Error, Result};

questions! {
    /// Whose data: exactly one of the three.
    AccessTo {
        /// The user.
        user "userId": Option<Text>,
        /// The visitor id: one browser profile or installed app, signed in or not.
        visitor "visitorId": Option<Text>,
        /// A session: the SDK's session id, which means all its generations, or the `id` of one.
        session "session": Option<Text>,
    }
}

impl AccessTo {
    /// The subject.
    ///
    /// # Errors
    /// `Malformed` unless exactly one is given.
    pub fn subject(&self) -> Result<Subject> {
        match (&self.user, &self.visitor, &self.session) {
            (Some(user), None, None) => Ok(Subject::User(user.0.clone())),
            (None, Some(visitor), None) => Ok(Subject::Visitor(visitor.0.clone())),
            (None, None, Some(session)) => Ok(Subject::Sessions(vec![session.0.clone()])),
            _none_or_several => Err(Error::Malformed(
                "give exactly one of userId, visitorId and session".to_owned(),
            )),
        }
    }
}

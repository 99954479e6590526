//! People: users, and browsers of which no user is known. There is no table of them. They are read
//! from the rows of sessions, so that an erased person is gone, and so that signing in rewrites
//! nothing.
//!
//! A browser belongs to the user that the latest session with a user named. That is the rule of the
//! analytics, too.
//!
//! - [`list`]: who visited, last seen first.
//! - [`find`]: one person, and what is known.
//! - [`sessions`]: a person's sessions, newest first.

mod list;
mod one;
mod person;
mod sql;
#[cfg(test)]
mod tests;

pub use list::{ListPeople, PeopleSeen, list};
pub use one::{Found, Totals, find, interactions, sessions, totals};
pub use person::Person;

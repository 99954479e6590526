//! Which errors are the same issue.
//!
//! An error event has a name, a message and a stack, written by a browser, a page or whoever has its
//! key. [`Reported::identify`] gives the fingerprint of its issue: the same for one error in every
//! browser and every build of a page, as far as that can be known without source maps.
//!
//! - [`stack`]: frames of the stacks of V8, Gecko and WebKit.
//! - `file`: names of files without what differs between builds.
//! - `message`: messages without what differs between browsers.
//! - `values`: texts of pages without what differs between occurrences.
//! - [`issue`]: what makes a fingerprint.
//! - [`rules`]: what makes a fingerprint by a rule of the organization.
//! - [`occurrences`]: what a flush adds to the issues of its sessions.
//!
//! Pure. All input is cut to a length before it is read, and nothing here fails.

mod file;
pub mod issue;
mod message;
pub mod occurrences;
pub mod rules;
pub mod stack;
#[cfg(test)]
mod tests;
mod values;

pub use issue::{Issue, Reported};
pub use occurrences::{Occurrence, Occurrences};

/// The text up to `most` bytes, cut between characters.
fn cut(text: &str, most: usize) -> &str {
    &text[..text.floor_char_boundary(most)]
}

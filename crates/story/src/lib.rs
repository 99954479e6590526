//! The story of a visit: what its events mean, told from counted facts.
//!
//! Pure: no IO, no clock, no randomness. Memory is bounded for any number of events.
//!
//! - [`Teller`], [`Story`]: events in, story out.
//! - [`mod@line`]: the numbered lines that everything rests on.
//! - [`intent`]: the furthest step, and the published table of confidences.
//! - [`claims`]: the sentences of the summary with their evidence.
//! - [`products`]: which products the visit was about.
//! - [`matched`]: which products of the catalogue. [`meaning`]: those that a report says in other words.
//! - [`chosen`]: which of several that are near in meaning a language model chooses.
//! - [`reported`]: what other services report, in words.
//! - [`worded`]: what of the words of a language model may be used.
//! - [`mod@clean`]: makes text of the page safe to quote.

mod address;
pub mod chosen;
pub mod claims;
pub mod clean;
mod event;
mod facts;
pub mod intent;
pub mod line;
pub mod matched;
pub mod meaning;
pub mod products;
pub mod reported;
mod slug;
mod story;
pub mod worded;
mod words;

pub use story::{RULES_SOURCE, Story, Teller};

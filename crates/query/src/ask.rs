//! What can be asked. A question is one type, with its bounds and defaults, for REST and gRPC
//! alike; it knows neither of them.
//!
//! - [`Question`]: what a caller may give, by name.
//! - `values`: what can be given, and how it is read from a text.
//! - `words`: values that are one of a few words.
//! - One module for each kind of question.

pub mod admin;
pub mod analytics;
pub mod assets;
pub mod filter;
pub mod funnel;
pub mod question;
pub mod replay;
pub mod sessions;
pub mod values;
pub mod words;

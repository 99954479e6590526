//! `POST /mcp`: the tools of the Model Context Protocol, for assistants. Read-only and stateless:
//! any replica answers any request.
//!
//! - `http`: the route. The caller is admitted before the protocol reads anything.
//! - `assistant`: who asks; `server`: the protocol's methods.
//! - `tools`: the tools, and what each needs.
//! - `story`: a visit as numbered lines.
//! - `fence`: text of visitors is hostile, so it stays inside a fence that nobody can guess.

mod assistant;
mod fence;
mod http;
mod server;
mod story;
#[cfg(test)]
mod tests;
mod tools;

pub use http::configure;

//! Requests as the SDK sends them: many sessions at once, each batch with its own ids, number and
//! times.

mod sessions;
mod shop;
mod template;

pub use sessions::{Kind, Request, Traffic, now_ms};
pub use shop::Requests;

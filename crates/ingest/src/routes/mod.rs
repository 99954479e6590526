//! The routes. A handler receives a request, takes what it needs from the body, and submits it.

mod asset;
mod batch;
mod described;
mod receipt;
mod sdk;
mod session_end;
mod session_start;
mod submit;
mod table;
mod track;

pub(crate) use table::configure;
pub use table::openapi;

//! What the read API asks for. Every query names the organization, and a row of
//! another organization is as good as absent.
//!
//! Pages are keyset pages: a page begins after the key of the last row of the page
//! before, so that rows which come or go meanwhile shift nothing.

mod chunks;
mod events;
mod filter;
mod sessions;
mod tail;
#[cfg(test)]
mod tests;

pub use chunks::{
    ChunkKey, ChunkRange, chunks, chunks_from, last_chunks, snapshot_chunks, snapshot_windows,
};
pub use events::{EventKey, events};
pub use filter::{SessionFilter, kinds};
pub use sessions::{GenerationLink, SessionKey, generations, session, sessions};
pub use tail::{TailState, sessions_by_id, tail_state};

//! Queries of the read API. Every query names the organization; rows of other organizations are
//! never returned.
//!
//! Pages are keyset pages: a page begins after the key of the previous page's last row. Rows that
//! are added or removed in between shift nothing.

mod chunks;
mod events;
mod filter;
mod needs;
mod sessions;
mod tail;
#[cfg(test)]
mod tests;
mod walk;

pub use chunks::{
    ChunkKey, ChunkRange, chunks, chunks_from, last_chunks, snapshot_chunks, snapshot_windows,
};
pub use events::EventKey;
pub use filter::{SessionFilter, kinds};
pub use needs::{Need, NumberColumn, NumberNeed, TextColumn, TextNeed, TraitNeed};
pub use sessions::{GenerationLink, KeptFilter, SessionKey, generations, session, sessions};
pub use tail::{TailState, sessions_by_id, tail_state};
pub(crate) use walk::BATCH_WITH_STEPS;
pub use walk::{Walk, Walked, fitting, walk};

//! The decisions of the session keeper for one partition, without I/O, clock, randomness or
//! unordered iteration. Time is an argument.
//!
//! [`Core`] has four verbs. `handle_event(now, event)` takes what happened,
//! `handle_timeout(now)` says that the time of `poll_timeout()` has come, and
//! `poll_action()` hands out what the driver must do. They cannot fail. An outside failure arrives
//! as an event, or the driver drops the partition.
//!
//! Invariants for any input and any crash (see `core/invariants.rs`):
//!
//! 1. The same events at the same times give the same actions.
//! 2. A batch takes effect once: by window and `seq`, or by batch id where there is no `seq`;
//!    an event with an id takes effect once even when it comes in two batches.
//! 3. A flush carries all effects of the messages up to its checkpoint that no earlier
//!    flush carried, and none of a later message.
//! 4. Checkpoints grow; at most one flush is in flight.
//! 5. Every end of a session is announced once per revision, in the flush that ends it.
//! 6. Within a window, time does not run backwards over the batches that come in order.
//! 7. The lines of a chunk are in time order.
//! 8. A frame for watchers holds every line of its session that came with the messages
//!    behind `after`, through `through`, and no other.

mod config;
mod core;
mod message;
mod pending;
mod visit;
mod visits;
mod watch;
mod window;

pub use crate::config::Config;
pub use crate::core::{Action, Core, Event, Loaded, Prefetch};
pub use crate::message::{Incoming, SessionKey, Unreadable};
pub use crate::pending::{ChunkPlan, FlushPlan, FlushReason};
pub use crate::visits::MAX_VISITS;
pub use crate::watch::{LiveFrame, LiveLine};
pub use crate::window::{Missing, ReplayLane, WindowState, Windows};

//! What the keeper's processor time goes to.

use nix::sys::time::TimeValLike;
use nix::time::{ClockId, clock_gettime};

/// A part of the work that never waits.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Part {
    /// From the bytes of a message to batches.
    Decode,
    /// The state machine.
    Apply,
    /// From what a flush takes to compressed packs.
    Pack,
}

impl Part {
    fn as_str(self) -> &'static str {
        match self {
            Self::Decode => "decode",
            Self::Apply => "apply",
            Self::Pack => "pack",
        }
    }
}

/// Runs the work, and adds the CPU time of this thread to the counter of the part.
pub(crate) fn timed<T>(part: Part, work: impl FnOnce() -> T) -> T {
    let began = thread_micros();
    let done = work();
    let micros = thread_micros().saturating_sub(began);
    metrics::counter!("crow_session_cpu_microseconds_total", "part" => part.as_str())
        .increment(micros);
    done
}

fn thread_micros() -> u64 {
    clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID)
        .ok()
        .and_then(|time| u64::try_from(time.num_microseconds()).ok())
        .unwrap_or_default()
}

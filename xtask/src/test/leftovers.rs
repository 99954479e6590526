//! Ends what the processes of a test run left running.
//!
//! A test that kills a service leaves behind what the service had started, and an interrupted
//! run leaves its tests. All of them carry the id of the run in their environment.

use std::fs;
use std::process;
use std::time::{SystemTime, UNIX_EPOCH};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

/// Environment variable that marks the processes of a run.
pub const VARIABLE: &str = "XTASK_TEST_RUN";

/// A process may have started another one while we looked: look again, but not for ever.
const ROUNDS: usize = 10;

/// A test run. When dropped, every process that carries its id is killed. Linux only; elsewhere
/// nothing happens.
pub struct Run {
    id: String,
}

impl Run {
    /// A run with an id of its own.
    pub fn new() -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let nanos = now.unwrap_or_default().as_nanos();
        Self {
            id: format!("{}-{nanos}", process::id()),
        }
    }

    /// The value of [`VARIABLE`] for its processes.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The processes that carry its id.
    pub(super) fn processes(&self) -> Vec<Pid> {
        let Ok(entries) = fs::read_dir("/proc") else {
            return Vec::new();
        };
        entries
            .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
            .filter(|pid| self.marks(*pid))
            .map(Pid::from_raw)
            .collect()
    }

    /// Whether a process carries the id. The environment of an ended one is empty.
    fn marks(&self, pid: i32) -> bool {
        let mark = format!("{VARIABLE}={}", self.id);
        let environment = fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
        environment
            .split(|byte| *byte == 0)
            .any(|variable| variable == mark.as_bytes())
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        for _ in 0..ROUNDS {
            let processes = self.processes();
            if processes.is_empty() {
                return;
            }
            for pid in processes {
                // Fails only when it has just ended.
                let _ = kill(pid, Signal::SIGKILL);
            }
        }
    }
}

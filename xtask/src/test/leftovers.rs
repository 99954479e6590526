//! Ends what the processes of a test run left running.
//!
//! A test that kills a service leaves behind what the service had started, and an interrupted
//! run leaves its tests. All of them carry the id of the run in their environment.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
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
    /// A run with an id of its own. First ends what runs left that were killed themselves.
    pub fn new() -> Self {
        for id in abandoned() {
            drop(Self { id });
        }
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
        let own = all_processes().into_iter().filter(|pid| self.marks(*pid));
        own.map(Pid::from_raw).collect()
    }

    /// Whether a process carries the id. The environment of an ended one is empty.
    fn marks(&self, pid: i32) -> bool {
        run_of(pid).is_some_and(|id| id == self.id)
    }
}

/// The id of the run to which a process belongs.
fn run_of(pid: i32) -> Option<String> {
    let environment = fs::read(format!("/proc/{pid}/environ")).ok()?;
    let mut variables = environment.split(|byte| *byte == 0);
    let id = variables.find_map(|variable| variable.strip_prefix(VARIABLE.as_bytes()))?;
    let id = id.strip_prefix(b"=")?;
    String::from_utf8(id.to_vec()).ok()
}

/// The ids of runs whose own process has ended, while some of their processes have not.
fn abandoned() -> BTreeSet<String> {
    let ids = all_processes().into_iter().filter_map(run_of);
    ids.filter(|id| {
        let process = id.split('-').next().and_then(|pid| pid.parse::<u32>().ok());
        process.is_some_and(|pid| !Path::new(&format!("/proc/{pid}")).exists())
    })
    .collect()
}

fn all_processes() -> Vec<i32> {
    let Ok(entries) = fs::read_dir("/proc") else {
        return Vec::new();
    };
    entries
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .collect()
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

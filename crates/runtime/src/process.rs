//! What every process of ours asks of the operating system when it starts.

use rustix::fs::Mode;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit, umask};

/// Nobody but our own user reads files that we create, and the process may have as many
/// files and connections open as the system allows.
pub fn prepare() {
    umask(Mode::RWXG | Mode::RWXO);
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: limit.maximum,
        ..limit
    };
    // Where this is refused, the lower limit stays.
    let _refused = setrlimit(Resource::Nofile, raised);
}

/// How many files and connections the process may have open.
#[must_use]
pub fn open_files() -> u64 {
    getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX)
}

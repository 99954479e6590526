//! Settings of the operating system for all our processes.

use rustix::fs::Mode;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit, umask};

/// Restricts new files to our own user, and raises the limit of open files and connections to the
/// maximum of the system.
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

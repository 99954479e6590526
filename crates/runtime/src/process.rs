//! Operating system settings that all our processes need.

use rustix::fs::Mode;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit, umask};

/// Restricts new files to our own user, and raises the limit on open files and connections to the
/// system's maximum.
pub fn prepare() {
    umask(Mode::RWXG | Mode::RWXO);
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: limit.maximum,
        ..limit
    };
    // If the system refuses, the lower limit stays.
    let _refused = setrlimit(Resource::Nofile, raised);
}

/// The limit on open files and connections of this process.
#[must_use]
pub fn open_files() -> u64 {
    getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX)
}

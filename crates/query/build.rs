//! Compiles this crate again when the dashboard was built: a release has it inside, and a
//! debug build, which reads the files when they are asked for, only finds a folder that was
//! there when it was compiled.

use std::path::Path;

fn main() {
    let built = Path::new("../../dashboard/dist");
    let is_debug = std::env::var("PROFILE").as_deref() == Ok("debug");
    let watched = match (built.is_dir(), is_debug) {
        (true, true) => Path::new("build.rs"),
        (true, false) => built,
        // Before the first build its parent, since cargo runs this each time when a path is missing.
        (false, _) => Path::new("../../dashboard"),
    };
    println!("cargo::rerun-if-changed={}", watched.display());
}

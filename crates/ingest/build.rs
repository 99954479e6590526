//! Recompiles this crate when the SDK was built: a release embeds it.

use std::path::Path;

fn main() {
    // A debug build reads the files on request.
    if std::env::var("PROFILE").as_deref() == Ok("debug") {
        println!("cargo::rerun-if-changed=build.rs");
        return;
    }
    let built = Path::new("../../sdk/dist/script");
    // Before the first build its parent, since cargo runs this each time when a path is missing.
    let watched = if built.is_dir() {
        built
    } else {
        Path::new("../../sdk")
    };
    println!("cargo::rerun-if-changed={}", watched.display());
}

//! Where the workspace and its tools are.

use std::env;
use std::path::{Path, PathBuf};

/// The root of the workspace.
pub fn workspace_root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .expect("crates/testkit lies two folders below the root")
        .to_path_buf()
}

/// The Python environment that `cargo xtask` fills with the tools of the tests.
pub fn venv() -> PathBuf {
    workspace_root().join("target/tools/venv")
}

/// A program in the Python environment, if it is installed.
pub fn in_venv(program: &str) -> Option<PathBuf> {
    Some(venv().join("bin").join(program)).filter(|path| path.is_file())
}

/// A program on `PATH`, if it is installed.
pub fn on_path(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        .map(|dir| dir.join(program))
        .find(|candidate| candidate.is_file())
}

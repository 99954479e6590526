use std::sync::LazyLock;

/// The version of the workspace, such as `0.1.0`. A build that sets `CROW_COMMIT` adds the commit:
/// `0.1.0 (4055540)`.
pub fn version() -> &'static str {
    static VERSION: LazyLock<String> = LazyLock::new(|| {
        let release = env!("CARGO_PKG_VERSION");
        match option_env!("CROW_COMMIT") {
            Some(commit) => format!("{release} ({commit})"),
            None => release.to_owned(),
        }
    });
    &VERSION
}

//! Packages of others that a release contains.

use std::fs;
use std::path::Path;

/// A package of others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// Where it comes from, as in a package URL: `cargo`, `npm`, `deb`, `generic`.
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its licence as an SPDX expression; empty when it says none.
    pub licence: String,
    /// SHA-256 of the package as it was downloaded.
    pub sha256: Option<String>,
    /// Package URLs of what it needs.
    pub needs: Vec<String>,
    /// The licence texts that it carries.
    pub texts: Vec<String>,
}

impl Package {
    /// The package URL.
    pub fn url(&self) -> String {
        url(self.kind, &self.name, &self.version)
    }
}

/// A package URL. The `@` of an npm scope is escaped.
pub fn url(kind: &str, name: &str, version: &str) -> String {
    let name = name.replace('@', "%40");
    format!("pkg:{kind}/{name}@{version}")
}

/// Licence texts in a folder, in the order of their names.
pub fn licence_texts(folder: &Path) -> Vec<String> {
    let is_licence = |name: &str| {
        let name = name.to_ascii_uppercase();
        ["LICENSE", "LICENCE", "COPYING", "NOTICE", "UNLICENSE"]
            .iter()
            .any(|start| name.starts_with(start))
    };
    let mut files: Vec<_> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.is_file())
        .filter(|path| {
            path.file_name()
                .is_some_and(|name| is_licence(&name.to_string_lossy()))
        })
        .collect();
    files.sort();
    files
        .iter()
        .filter_map(|file| fs::read_to_string(file).ok())
        .collect()
}

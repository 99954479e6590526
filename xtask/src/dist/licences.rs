//! The file with the licences of everything that a release contains.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::packages::Package;

const RULE: &str =
    "--------------------------------------------------------------------------------";

/// A list of all packages with their licences, then each licence text once.
pub fn text(packages: &[Package]) -> String {
    let mut file = String::from(
        "CROW contains the packages below. Each is used under the licence beside its name.\n\
         The texts that the packages carry follow.\n\n",
    );
    for package in packages {
        let licence = match package.licence.as_str() {
            "" => "see below",
            licence => licence,
        };
        let _infallible = writeln!(file, "{} {} ({licence})", package.name, package.version);
    }
    for (text, users) in by_text(packages) {
        let _infallible = write!(file, "\n{RULE}\nUsed by {}:\n\n{text}\n", users.join(", "));
    }
    file
}

/// Each text with the packages that carry it.
fn by_text(packages: &[Package]) -> BTreeMap<String, Vec<String>> {
    let mut users: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for package in packages {
        for text in &package.texts {
            let lines: Vec<_> = text.lines().map(str::trim_end).collect();
            let text = lines.join("\n").trim().to_owned();
            let user = format!("{} {}", package.name, package.version);
            users.entry(text).or_default().push(user);
        }
    }
    users
}

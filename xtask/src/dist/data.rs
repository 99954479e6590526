//! Data of others that the programs embed. It lies in this repository, so neither Cargo nor npm names it.

use std::fs;
use std::path::Path;

use anyhow::Context;

use super::packages::Package;

/// The licence of this project, which is that of some of the data.
const APACHE: &str = "Apache-2.0";

/// Something that is embedded.
struct Embedded {
    /// As in [`Package`].
    kind: &'static str,
    name: &'static str,
    version: &'static str,
    licence: &'static str,
    /// The file that says where it comes from, and under which licence.
    notice: &'static str,
}

const EMBEDDED: [Embedded; 3] = [
    Embedded {
        kind: "npm",
        name: "crawler-user-agents",
        version: "1.60.0",
        licence: "MIT",
        notice: "crates/ingest/data/LICENSE.crawler-user-agents",
    },
    Embedded {
        kind: "npm",
        name: "uap-core",
        version: "0.18.0",
        licence: APACHE,
        notice: "crates/ingest/data/NOTICE.uap-core",
    },
    Embedded {
        kind: "generic",
        name: "all-MiniLM-L6",
        version: "v2",
        licence: APACHE,
        notice: "crates/embedding/data/NOTICE",
    },
];

/// The data in the programs, as packages.
pub fn of_programs(root: &Path) -> anyhow::Result<Vec<Package>> {
    let read = |name: &str| {
        fs::read_to_string(root.join(name)).with_context(|| format!("cannot read {name}"))
    };
    let apache = read("LICENSE")?;
    let mut packages = Vec::new();
    for data in EMBEDDED {
        let mut texts = vec![read(data.notice)?];
        if data.licence == APACHE {
            texts.push(apache.clone());
        }
        packages.push(Package {
            kind: data.kind,
            name: data.name.to_owned(),
            version: data.version.to_owned(),
            licence: data.licence.to_owned(),
            sha256: None,
            needs: Vec::new(),
            texts,
        });
    }
    Ok(packages)
}

//! Which crate may depend on which.

use super::Violation;
use super::metadata::{Dependency, Package};

#[cfg(test)]
mod tests;

const RULE: &str = "dependency direction";

/// A package and all packages of ours that it may use. Tests may also use `crow-testkit`, except
/// its own tests. Tests of the read API and of the interaction service may use generated sessions.
const EDGES: &[(&str, &[&str])] = &[
    // Pure, and the contract.
    ("crow-types", &[]),
    ("crow-proto", &[]),
    ("crow-session-core", &["crow-types", "crow-proto"]),
    // Catalogues, and how their products are recognised.
    ("crow-product", &[]),
    // What a visit means, and which products of a catalogue it was about. A report may name one in other words.
    (
        "crow-story",
        &["crow-types", "crow-product", "crow-embedding"],
    ),
    // Which errors are the same issue. The keeper counts them, and the read API shows their stacks.
    ("crow-issues", &["crow-types"]),
    // From built scripts to their sources. The read API asks maps, and the command line uploads them.
    ("crow-sourcemap", &["crow-types"]),
    // Texts as vectors.
    ("crow-embedding", &[]),
    // The gateway scrubs, and the read API masks with the same rules.
    ("crow-scrub", &["crow-types"]),
    // Adapters.
    ("crow-bus", &["crow-types", "crow-proto"]),
    ("crow-storage", &["crow-types"]),
    // Products are read as catalogues, which the interaction service and the read API share.
    (
        "crow-db",
        &[
            "crow-types",
            "crow-proto",
            "crow-migrations",
            "crow-product",
        ],
    ),
    ("crow-migrations", &[]),
    // Wrapped keys are rows; opened ones seal objects.
    (
        "crow-keyring",
        &["crow-types", "crow-db", "crow-storage", "crow-runtime"],
    ),
    // Plumbing.
    ("crow-runtime", &["crow-types"]),
    ("crow-web", &["crow-types", "crow-runtime"]),
    // Requests to addresses that customers choose.
    ("crow-outbound", &[]),
    (
        "crow-auth",
        &["crow-types", "crow-db", "crow-web", "crow-runtime"],
    ),
    // Answers, calls and budgets of language models are rows. The table of embeddings is one of the models.
    ("crow-ai", &["crow-types", "crow-db", "crow-embedding"]),
    // People, their passwords and invitations. The services that use it speak HTTP.
    (
        "crow-accounts",
        &[
            "crow-types",
            "crow-db",
            "crow-web",
            "crow-auth",
            "crow-runtime",
        ],
    ),
    // Generated sessions, for tests, demos and benchmarks.
    (
        "crow-seed",
        &[
            "crow-types",
            "crow-issues",
            "crow-db",
            "crow-storage",
            "crow-keyring",
        ],
    ),
    // Services.
    (
        "crow-ingest",
        &[
            "crow-types",
            "crow-proto",
            "crow-scrub",
            "crow-bus",
            "crow-storage",
            "crow-db",
            "crow-runtime",
            "crow-web",
            "crow-auth",
        ],
    ),
    (
        "crow-session",
        &[
            "crow-types",
            "crow-proto",
            "crow-session-core",
            "crow-issues",
            "crow-bus",
            "crow-storage",
            "crow-db",
            "crow-keyring",
            "crow-runtime",
            "crow-web",
        ],
    ),
    (
        "crow-query",
        &[
            "crow-product",
            "crow-types",
            "crow-proto",
            "crow-scrub",
            // Assistants read the story of a visit.
            "crow-story",
            "crow-issues",
            "crow-sourcemap",
            "crow-embedding",
            "crow-bus",
            "crow-storage",
            "crow-db",
            "crow-keyring",
            // Alerts go to addresses that customers choose.
            "crow-outbound",
            // Wording of an analysis.
            "crow-ai",
            "crow-runtime",
            "crow-web",
            "crow-auth",
            "crow-accounts",
        ],
    ),
    (
        "crow-interaction",
        &[
            "crow-product",
            "crow-types",
            "crow-story",
            "crow-embedding",
            // It reads catalogues from sites.
            "crow-outbound",
            "crow-bus",
            "crow-storage",
            "crow-db",
            "crow-keyring",
            "crow-ai",
            "crow-runtime",
            "crow-web",
        ],
    ),
    // It verifies keys and sign-ins, hears of revoked keys, and reads nothing that was recorded.
    (
        "crow-gateway",
        &[
            "crow-types",
            "crow-bus",
            "crow-db",
            "crow-runtime",
            "crow-web",
            "crow-auth",
        ],
    ),
    // All services in one process.
    (
        "crow",
        &[
            "crow-types",
            "crow-ai",
            "crow-bus",
            "crow-storage",
            "crow-db",
            "crow-keyring",
            "crow-runtime",
            "crow-web",
            "crow-auth",
            "crow-accounts",
            "crow-gateway",
            "crow-ingest",
            "crow-interaction",
            "crow-seed",
            "crow-session",
            "crow-sourcemap",
            "crow-query",
        ],
    ),
    // Around them.
    ("crow-testkit", &[]),
    (
        "crow-tests",
        &[
            "crow-types",
            "crow-proto",
            "crow-bus",
            "crow-storage",
            "crow-db",
            "crow-keyring",
            "crow-runtime",
        ],
    ),
    (
        "crow-bench",
        &[
            "crow-types",
            "crow-proto",
            "crow-session-core",
            "crow-storage",
            "crow-ingest",
            "crow-embedding",
            "crow-testkit",
        ],
    ),
    ("xtask", &["crow-testkit"]),
];

/// Every edge that [`EDGES`] does not allow, and every package that it does not know.
pub fn check(packages: &[Package]) -> Vec<Violation> {
    packages.iter().flat_map(check_package).collect()
}

fn check_package(package: &Package) -> Vec<Violation> {
    let known = EDGES.iter().find(|(name, _)| *name == package.name);
    let Some((_, allowed)) = known else {
        let remedy =
            "add it to EDGES in xtask/src/tidy/direction.rs, with the reason in the commit";
        return vec![violation(package, remedy.to_owned())];
    };
    let ours = package.dependencies.iter().filter(|edge| edge.is_ours());
    ours.filter(|edge| !is_allowed(&package.name, allowed, edge))
        .map(|edge| {
            let remedy = format!(
                "must not use {}; see EDGES in xtask/src/tidy/direction.rs",
                edge.name
            );
            violation(package, remedy)
        })
        .collect()
}

/// Every edge that [`EDGES`] allows and nobody uses, so that the list shows the architecture as it is.
pub fn check_unused(packages: &[Package]) -> Vec<Violation> {
    let unused_by = |package: &Package| {
        let known = EDGES.iter().find(|(name, _)| *name == package.name);
        let allowed = known.map_or(&[] as &[&str], |(_, allowed)| allowed).iter();
        let is_unused = |name: &&&str| package.dependencies.iter().all(|edge| edge.name != **name);
        let unused = allowed.filter(is_unused).map(|name| {
            let remedy =
                format!("does not use {name}; remove it from EDGES in xtask/src/tidy/direction.rs");
            violation(package, remedy)
        });
        unused.collect::<Vec<_>>()
    };
    packages.iter().flat_map(unused_by).collect()
}

fn is_allowed(package: &str, allowed: &[&str], edge: &Dependency) -> bool {
    let testkit_in_tests = edge.name == "crow-testkit" && edge.is_dev();
    let is_testkit = package == "crow-testkit";
    let reads_sessions = ["crow-query", "crow-interaction"].contains(&package);
    let seed_in_tests = edge.name == "crow-seed" && edge.is_dev() && reads_sessions;
    allowed.contains(&edge.name.as_str()) || (testkit_in_tests && !is_testkit) || seed_in_tests
}

fn violation(package: &Package, remedy: String) -> Violation {
    Violation {
        place: package.manifest.display().to_string(),
        rule: RULE,
        remedy,
    }
}

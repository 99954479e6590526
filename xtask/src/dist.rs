//! `cargo xtask dist`: what a release consists of, in `target/dist`.
//!
//! - `bin/`: the programs, stripped.
//! - `debug/`: their debug information. A debugger finds it by the name in the program.
//! - `THIRD-PARTY.txt`: the licences of everything that the programs contain.
//! - `sbom.cdx.json`: the same as a list for machines, in CycloneDX.
//! - `crow-tracking-sdk-*.tgz`: the SDK for npm.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use clap::{Args, ValueEnum};
use crow_testkit::paths;
use tokio::process::Command;

use crate::command::{self, cargo, progress};
use crate::frontend;

mod cargo_packages;
mod data;
mod licences;
mod npm_packages;
pub mod packages;
mod sbom;
mod sdk;
#[cfg(test)]
mod tests;

use packages::Package;

/// The programs of a release.
pub const PROGRAMS: [&str; 6] = [
    "crow",
    "crow-ingest",
    "crow-session",
    "crow-query",
    "crow-gateway",
    "crow-interaction",
];

/// Which build is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Profile {
    /// The build of the tests: large and slow, but there.
    Dev,
    /// What users get.
    Release,
}

impl Profile {
    /// Where Cargo puts it below `target/`.
    fn folder(self) -> &'static str {
        match self {
            Self::Dev => "debug",
            Self::Release => "release-lto",
        }
    }
}

/// What to pack.
#[derive(Debug, Args)]
pub struct Options {
    /// Which build.
    #[arg(long, value_enum, default_value = "release")]
    pub profile: Profile,
}

/// Builds and packs a release.
pub async fn run(options: &Options) -> anyhow::Result<()> {
    build(options.profile).await?;
    let dir = dir()?;
    strip(options.profile, &dir, &PROGRAMS).await?;
    write_papers(&dir, &[]).await?;
    let tarball = sdk::pack(&dir).await?;
    progress(format!("the SDK is in {}", shown(&tarball)));
    show_sizes(options.profile, &dir)
}

/// `target/dist`.
pub fn dir() -> anyhow::Result<PathBuf> {
    let dir = paths::workspace_root().join("target/dist");
    fs::create_dir_all(&dir).context("cannot create target/dist")?;
    Ok(dir)
}

/// Builds the front ends if need be, and the programs. Those of a release say their commit.
pub async fn build(profile: Profile) -> anyhow::Result<()> {
    let mut command = cargo(&["build", "--workspace", "--bins"]);
    match profile {
        Profile::Dev => frontend::build_missing().await?,
        Profile::Release => {
            frontend::build_all().await?;
            command.args(["--profile", "release-lto"]);
            if let Some(commit) = commit().await {
                command.env("CROW_COMMIT", commit);
            }
        }
    }
    command::run(&mut command).await
}

/// The short hash of the commit; none outside a checkout.
pub async fn commit() -> Option<String> {
    let mut git = Command::new("git");
    git.current_dir(paths::workspace_root())
        .args(["rev-parse", "--short", "HEAD"]);
    let commit = command::output(&mut git).await.ok()?;
    Some(commit.trim().to_owned())
}

/// Copies the programs without their debug information, and that information beside them.
pub async fn strip(profile: Profile, dir: &Path, programs: &[&str]) -> anyhow::Result<()> {
    let objcopy = paths::on_path("objcopy")
        .context("objcopy is missing; install it: apt-get install binutils")?;
    let built = paths::workspace_root()
        .join("target")
        .join(profile.folder());
    let (bin, debug) = (dir.join("bin"), dir.join("debug"));
    for folder in [&bin, &debug] {
        fs::create_dir_all(folder)?;
    }
    for name in programs {
        let (from, to) = (built.join(name), bin.join(name));
        let info = debug.join(format!("{name}.debug"));
        let mut keep = Command::new(&objcopy);
        keep.args(["--only-keep-debug", "--compress-debug-sections=zlib"]);
        command::output(keep.arg(&from).arg(&info)).await?;
        let mut strip = Command::new(&objcopy);
        strip.arg("--strip-all");
        strip.arg(format!("--add-gnu-debuglink={}", info.display()));
        command::output(strip.arg(&from).arg(&to)).await?;
    }
    Ok(())
}

/// Writes the licences and the list of everything inside. `more` are packages beside those of Cargo and
/// npm, and the data that the programs embed.
pub async fn write_papers(dir: &Path, more: &[Package]) -> anyhow::Result<()> {
    let root = paths::workspace_root();
    let mut packages = cargo_packages::of_programs(&root).await?;
    packages.extend(npm_packages::of_dashboard(&root)?);
    packages.extend(data::of_programs(&root)?);
    ensure!(
        packages.len() > 50,
        "packages are missing in what Cargo says"
    );
    packages.extend_from_slice(more);
    fs::write(dir.join("THIRD-PARTY.txt"), licences::text(&packages))?;
    let sbom = sbom::document(env!("CARGO_PKG_VERSION"), &packages);
    fs::write(dir.join("sbom.cdx.json"), serde_json::to_vec_pretty(&sbom)?)?;
    fs::copy(root.join("LICENSE"), dir.join("LICENSE"))?;
    progress(format!(
        "licences and SBOM of {} packages are in {}",
        packages.len(),
        shown(dir)
    ));
    Ok(())
}

fn show_sizes(profile: Profile, dir: &Path) -> anyhow::Result<()> {
    let built = paths::workspace_root()
        .join("target")
        .join(profile.folder());
    println!(
        "{:<14} {:>10} {:>10} {:>10}",
        "program", "built", "stripped", "debug info"
    );
    for name in PROGRAMS {
        println!(
            "{name:<14} {:>7.1} MB {:>7.1} MB {:>7.1} MB",
            megabytes(&built.join(name))?,
            megabytes(&dir.join("bin").join(name))?,
            megabytes(&dir.join("debug").join(format!("{name}.debug")))?,
        );
    }
    Ok(())
}

fn megabytes(file: &Path) -> anyhow::Result<f64> {
    let length = fs::metadata(file)
        .with_context(|| format!("{} is missing", file.display()))?
        .len();
    Ok(length as f64 / 1e6)
}

/// The path from the root of the workspace.
pub fn shown(path: &Path) -> String {
    let root = paths::workspace_root();
    path.strip_prefix(&root)
        .unwrap_or(path)
        .display()
        .to_string()
}

//! `cargo xtask image`: the container image, without a registry.
//!
//! The image holds `crow`, the libraries that it links, the nats-server that `crow serve` runs,
//! certificate authorities, and the papers of the release. It has no shell and no other program.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use clap::Args;
use crow_testkit::paths;
use tokio::process::Command;

use crate::command::{self, progress};
use crate::dist::{self, Profile};
use crate::tools;

mod folder;
#[cfg(test)]
mod tests;

/// Name of the image on this machine.
pub const NAME: &str = "localhost/crow";

/// Where the recipe is.
const CONTAINERFILE: &str = "deploy/image/Containerfile";

/// How to build the image.
#[derive(Debug, Args)]
pub struct Options {
    /// Which build goes in.
    #[arg(long, value_enum, default_value = "release")]
    profile: Profile,
    /// Make only the folder `target/dist/image/root`, which the image contains. The Containerfile
    /// does this.
    #[arg(long)]
    folder_only: bool,
    /// Tag of the image.
    #[arg(long, default_value = env!("CARGO_PKG_VERSION"))]
    tag: String,
}

/// Builds the image, or only its folder.
pub async fn run(options: &Options) -> anyhow::Result<()> {
    if !options.folder_only {
        require_podman()?;
    }
    dist::build(options.profile).await?;
    let context = make_folder(options.profile).await?;
    if options.folder_only {
        progress(format!("the folder is {}", dist::shown(&context)));
        return Ok(());
    }
    let image = build(&context, &options.tag).await?;
    progress(format!("built {image}"));
    Ok(())
}

/// The path of podman.
pub fn require_podman() -> anyhow::Result<PathBuf> {
    paths::on_path("podman").context(
        "podman is missing; install it: apt-get install podman runc catatonit iptables netavark",
    )
}

/// podman with settings that work in most places: limits that the caller has as well, and runc. The
/// settings of the machine win if there are any.
pub fn podman() -> anyhow::Result<Command> {
    let mut command = Command::new(require_podman()?);
    let has_settings = std::env::var_os("CONTAINERS_CONF").is_some()
        || Path::new("/etc/containers/containers.conf").is_file();
    if !has_settings {
        command.env("CONTAINERS_CONF", write_settings()?);
    }
    Ok(command)
}

fn write_settings() -> anyhow::Result<PathBuf> {
    let limits = fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let (files, processes) = (
        hard_limit(&limits, "Max open files"),
        hard_limit(&limits, "Max processes"),
    );
    let mut text = format!(
        "[containers]\ndefault_ulimits=[\"nofile={files}:{files}\",\"nproc={processes}:{processes}\"]\n"
    );
    // crun refuses machines with both versions of cgroups.
    if paths::on_path("runc").is_some() || Path::new("/usr/sbin/runc").is_file() {
        text.push_str("[engine]\nruntime=\"runc\"\n");
    }
    let file = dist::dir()?.join("containers.conf");
    fs::write(&file, text)?;
    Ok(file)
}

/// The hard limit from `/proc/self/limits`, and never more than a container needs.
fn hard_limit(limits: &str, name: &str) -> u64 {
    const ENOUGH: u64 = 20_000;
    let line = limits.lines().find_map(|line| line.strip_prefix(name));
    let hard = line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok());
    hard.unwrap_or(ENOUGH).min(ENOUGH)
}

/// Strips what was built and lays out what the image contains; returns the build context.
pub async fn make_folder(profile: Profile) -> anyhow::Result<PathBuf> {
    let dir = dist::dir()?;
    dist::strip(profile, &dir, &["crow"]).await?;
    let context = dir.join("image");
    if context.exists() {
        fs::remove_dir_all(&context).context("cannot remove the last folder of the image")?;
    }
    let root = context.join("root");
    let nats_server = tools::nats_server().await?;
    folder::lay_out(&root, &dir.join("bin/crow"), &nats_server).await?;
    // Git and some copies leave empty folders out.
    fs::create_dir_all(context.join("data"))?;
    fs::write(context.join("data/.keep"), "")?;
    let (bytes, max_bytes) = (size(&root)?, max_bytes(profile));
    ensure!(
        bytes < max_bytes,
        "the image has {:.1} MB, more than {} MB",
        bytes as f64 / 1e6,
        max_bytes / 1_000_000
    );
    progress(format!(
        "the image has {:.1} MB unpacked",
        bytes as f64 / 1e6
    ));
    Ok(context)
}

/// Larger than this, unpacked, no image may be. The check packs a build without optimisation, which is
/// larger than what is shipped.
fn max_bytes(profile: Profile) -> u64 {
    match profile {
        Profile::Dev => 250_000_000,
        Profile::Release => 170_000_000,
    }
}

/// Builds the image from its folder; returns its name with the tag.
pub async fn build(context: &Path, tag: &str) -> anyhow::Result<String> {
    let recipe = fs::read_to_string(paths::workspace_root().join(CONTAINERFILE))
        .context("cannot read the Containerfile")?;
    fs::write(context.join("Containerfile"), last_stage(&recipe)?)?;
    let image = format!("{NAME}:{tag}");
    let commit = dist::commit().await.unwrap_or_else(|| "unknown".to_owned());
    let mut podman = podman()?;
    podman
        .args([
            "build",
            "--isolation",
            "chroot",
            "--quiet",
            "--layers=false",
        ])
        // Times of files differ between machines; layers need not.
        .args(["--timestamp", "0", "--tag", &image])
        .arg(format!("--build-arg=VERSION={}", env!("CARGO_PKG_VERSION")))
        .arg(format!("--build-arg=COMMIT={commit}"))
        .arg(context);
    command::output(&mut podman).await?;
    Ok(image)
}

/// The last stage of the recipe, with files from this machine in place of those from the build
/// stage.
fn last_stage(recipe: &str) -> anyhow::Result<String> {
    const BUILT: &str = "/src/target/dist/image/";
    let at = recipe
        .rfind("\nFROM scratch\n")
        .context("the Containerfile has no stage from scratch")?;
    let stage = &recipe[at + 1..];
    ensure!(
        stage.contains(BUILT),
        "the last stage of the Containerfile copies nothing from {BUILT}"
    );
    Ok(stage.replace("--from=build ", "").replace(BUILT, ""))
}

/// Bytes of all files below a folder.
fn size(folder: &Path) -> anyhow::Result<u64> {
    let mut bytes = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let data = entry.metadata()?;
        bytes += match data.is_dir() {
            true => size(&entry.path())?,
            false => data.len(),
        };
    }
    Ok(bytes)
}

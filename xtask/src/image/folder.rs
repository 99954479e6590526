//! What the image contains.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use crow_testkit::paths;
use tokio::process::Command;

use crate::command;
use crate::dist::packages::{Package, licence_texts};
use crate::dist::write_papers;

/// What Debian calls the file with all certificate authorities.
const AUTHORITIES: &str = "/etc/ssl/certs/ca-certificates.crt";

/// The user of all containers. Kubernetes wants a number.
const PASSWD: &str = "root:x:0:0:root:/:/nonexistent\n\
    crow:x:65532:65532:crow:/var/lib/crow:/nonexistent\n";
const GROUP: &str = "root:x:0:\ncrow:x:65532:\n";
/// Without it, glibc asks DNS first, also for names in `/etc/hosts`.
const NSSWITCH: &str = "hosts: files dns\n";

/// Writes everything below `root`.
pub async fn lay_out(root: &Path, crow: &Path, nats_server: &Path) -> anyhow::Result<()> {
    copy(crow, &root.join("usr/bin/crow"), 0o755)?;
    copy(nats_server, &root.join("usr/bin/nats-server"), 0o755)?;
    let mut packages = vec![nats(nats_server).await?];
    for library in libraries(crow).await? {
        let place = library.strip_prefix("/").unwrap_or(&library);
        copy(&library, &root.join(place), 0o755)?;
        packages.extend(debian_package(&library).await);
    }
    packages.dedup();
    copy(
        Path::new(AUTHORITIES),
        &root.join("etc/ssl/certs/ca-certificates.crt"),
        0o644,
    )
    .context("certificate authorities are missing; install: apt-get install ca-certificates")?;
    for (name, text) in [
        ("passwd", PASSWD),
        ("group", GROUP),
        ("nsswitch.conf", NSSWITCH),
    ] {
        fs::write(root.join("etc").join(name), text)?;
    }
    let papers = root.join("usr/share/doc/crow");
    fs::create_dir_all(&papers)?;
    write_papers(&papers, &packages).await
}

/// Copies what a link points to.
fn copy(from: &Path, to: &Path, mode: u32) -> anyhow::Result<()> {
    let folder = to.parent().context("a file lies in a folder")?;
    fs::create_dir_all(folder)?;
    fs::copy(from, to).with_context(|| format!("cannot copy {}", from.display()))?;
    fs::set_permissions(to, fs::Permissions::from_mode(mode))?;
    Ok(())
}

/// The libraries that a program links, and the loader.
async fn libraries(program: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let answer = command::output(Command::new("ldd").arg(program)).await?;
    linked(&answer)
}

/// Reads what `ldd` says.
pub fn linked(answer: &str) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for line in answer.lines().map(str::trim) {
        ensure!(!line.contains("not found"), "a library is missing: {line}");
        let place = line.rsplit("=> ").next().unwrap_or_default();
        let place = place.split(" (").next().unwrap_or_default();
        if place.starts_with('/') {
            found.push(PathBuf::from(place));
        }
    }
    ensure!(!found.is_empty(), "ldd names no library: {answer}");
    Ok(found)
}

/// The nats-server of the image.
async fn nats(program: &Path) -> anyhow::Result<Package> {
    let answer = command::output(Command::new(program).arg("--version")).await?;
    let version = answer.trim().rsplit('v').next().unwrap_or_default();
    Ok(Package {
        kind: "golang",
        name: "github.com/nats-io/nats-server/v2".to_owned(),
        version: format!("v{version}"),
        licence: "Apache-2.0".to_owned(),
        sha256: None,
        needs: Vec::new(),
        texts: licence_texts(&paths::workspace_root()),
    })
}

/// The Debian package of a library; none where there is no dpkg.
async fn debian_package(library: &Path) -> Option<Package> {
    let canonical = fs::canonicalize(library).ok()?;
    // `/lib` is a link to `/usr/lib`, and dpkg knows only one of the two names.
    let short = canonical.to_string_lossy().replacen("/usr/lib", "/lib", 1);
    for name in [short, canonical.to_string_lossy().into_owned()] {
        let found = quiet("dpkg", &["-S", &name]).await;
        let Some(package) = found.as_deref().and_then(|line| line.split(": ").next()) else {
            continue;
        };
        let package = package.to_owned();
        let version = quiet("dpkg-query", &["-W", "-f=${Version}", &package]).await?;
        let name = package.split(':').next().unwrap_or_default().to_owned();
        let texts = format!("/usr/share/doc/{name}/copyright");
        return Some(Package {
            kind: "deb",
            name: format!("debian/{name}"),
            version,
            licence: String::new(),
            sha256: None,
            needs: Vec::new(),
            texts: fs::read_to_string(texts).into_iter().collect(),
        });
    }
    None
}

/// What a program says; none when it fails.
async fn quiet(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).output().await.ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then_some(text)
}

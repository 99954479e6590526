//! Building the overlays, and checking them against schemas.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, bail, ensure};
use crow_testkit::paths;
use serde_json::Value;
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

use crate::command;
use crate::frontend;

/// The overlay with the three services.
pub const PRODUCTION: &str = "production";
/// What is run: production with certificates.
pub const RUN: &str = "production with tls";
/// The overlay with one pod.
pub const SINGLE: &str = "single";
const OVERLAYS: [&str; 2] = [SINGLE, PRODUCTION];

/// Versions of Kubernetes: the oldest whose pods may sleep before they stop, and newer ones.
const VERSIONS: [&str; 3] = ["1.31", "1.34", "1.37"];

/// Where npm has the schemas of custom resources.
const CRDS: &str = "xtask/crds";

/// Groups that Kubernetes itself has. Resources of others are checked in Node.
const BUILT_IN: [&str; 6] = [
    "",
    "apps",
    "autoscaling",
    "batch",
    "networking.k8s.io",
    "policy",
];

/// What `kubectl apply -k` would send.
#[derive(Debug)]
pub struct Overlay {
    /// Its folder, with the components that were added.
    pub name: String,
    /// All resources.
    pub resources: Vec<Value>,
}

impl Overlay {
    /// Resources of a kind.
    pub fn of_kind<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Value> {
        self.resources
            .iter()
            .filter(move |resource| resource["kind"] == kind)
    }
}

/// The order in which routes lead to the API gateway, which connects with TLS.
const BEHIND_GATEWAY: [&str; 5] = [
    "gateway-api",
    "api-gateway",
    "server-tls",
    "tls",
    "network-policy",
];

/// Builds each overlay alone, and production with each component, with all of them, and behind the API
/// gateway.
pub async fn build_all() -> anyhow::Result<Vec<Overlay>> {
    let components = components()?;
    let mut built = Vec::new();
    for overlay in OVERLAYS {
        let folder = deploy().join("overlays").join(overlay);
        built.push(build(overlay.to_owned(), &folder).await?);
    }
    for component in &components {
        built.push(build_with(component, std::slice::from_ref(component)).await?);
    }
    built.push(build_with("all components", &components).await?);
    let behind_gateway = BEHIND_GATEWAY.map(str::to_owned);
    built.push(build_with("routes to the API gateway", &behind_gateway).await?);
    Ok(built)
}

fn deploy() -> PathBuf {
    paths::workspace_root().join("deploy/kubernetes")
}

fn components() -> anyhow::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(deploy().join("components"))? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    ensure!(!names.is_empty(), "there are no components");
    Ok(names)
}

/// Production with components, as the overlay of an operator has them.
async fn build_with(name: &str, components: &[String]) -> anyhow::Result<Overlay> {
    let folder = scratch()?.join(name.replace(' ', "-"));
    fs::create_dir_all(&folder)?;
    let base = "../../../deploy/kubernetes";
    let mut text = format!(
        "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n\
         resources: [{base}/overlays/{PRODUCTION}]\ncomponents:\n"
    );
    for component in components {
        text.push_str(&format!("  - {base}/components/{component}\n"));
    }
    fs::write(folder.join("kustomization.yaml"), text)?;
    build(format!("{PRODUCTION} with {name}"), &folder).await
}

/// A folder for what the checks write.
pub fn scratch() -> anyhow::Result<PathBuf> {
    let folder = paths::workspace_root().join("target/deploy-check");
    fs::create_dir_all(&folder).context("cannot create target/deploy-check")?;
    Ok(folder)
}

async fn build(name: String, folder: &Path) -> anyhow::Result<Overlay> {
    let kubectl = paths::in_venv("kubectl").context("the wheel contains no kubectl")?;
    let mut command = Command::new(kubectl);
    let yaml = command::output(command.arg("kustomize").arg(folder)).await?;
    let Value::Array(resources) = parse(&yaml).await? else {
        bail!("{name}: no list of resources");
    };
    ensure!(!resources.is_empty(), "{name} has no resources");
    Ok(Overlay { name, resources })
}

/// All documents of a YAML text.
pub async fn parse(yaml: &str) -> anyhow::Result<Value> {
    const SCRIPT: &str = "import json, sys, yaml\n\
        json.dump(list(yaml.safe_load_all(sys.stdin)), sys.stdout)";
    let python = paths::in_venv("python").context("the Python environment has no python")?;
    let mut command = Command::new(python);
    let answer = with_input(command.args(["-c", SCRIPT]), yaml).await?;
    ensure!(answer.succeeded, "not valid YAML: {}", answer.text);
    serde_json::from_str(&answer.text).context("cannot read the converted YAML")
}

struct Answer {
    succeeded: bool,
    text: String,
}

/// Runs a program on a text.
async fn with_input(command: &mut Command, input: &str) -> anyhow::Result<Answer> {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    let mut stdin = child.stdin.take().context("the input is a pipe")?;
    let input = input.to_owned();
    let writing = tokio::spawn(async move { stdin.write_all(input.as_bytes()).await });
    let output = child.wait_with_output().await?;
    // A program that fails early closes its input; its own message says more.
    let _closed = writing.await?;
    let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.push_str(&String::from_utf8_lossy(&output.stderr));
    Ok(Answer {
        succeeded: output.status.success(),
        text,
    })
}

/// Checks all resources against their schemas. A kind without a schema is an error.
pub async fn validate(overlays: &[Overlay]) -> anyhow::Result<()> {
    frontend::install(CRDS).await?;
    let (mut files, mut count, mut custom) = (Vec::new(), 0, Vec::new());
    for overlay in overlays {
        let (own, others): (Vec<&Value>, Vec<&Value>) =
            overlay.resources.iter().partition(|one| is_built_in(one));
        let file = scratch()?.join(format!("{}.yaml", overlay.name));
        // Each document of YAML may be JSON.
        let documents: Vec<_> = own.iter().map(ToString::to_string).collect();
        fs::write(&file, documents.join("\n---\n"))?;
        files.push(file);
        count += own.len();
        custom.extend(others);
    }
    for version in VERSIONS {
        validate_own(&files, version, count).await?;
    }
    validate_custom(&custom).await
}

fn is_built_in(resource: &Value) -> bool {
    let version = resource["apiVersion"].as_str().unwrap_or_default();
    let group = version.split_once('/').map_or("", |(group, _)| group);
    BUILT_IN.contains(&group)
}

async fn validate_own(files: &[PathBuf], version: &str, count: usize) -> anyhow::Result<()> {
    let program = paths::in_venv("kubernetes-validate").context("no kubernetes-validate")?;
    let mut command = Command::new(program);
    command.args(["--strict", "--kubernetes-version", version]);
    let answer = with_input(command.args(files), "").await?;
    let passed = answer.text.matches(" passed for ").count();
    let wrong = answer
        .text
        .lines()
        .filter(|line| !line.contains(" passed for "));
    ensure!(
        answer.succeeded && passed == count,
        "{passed} of {count} resources fit Kubernetes {version}:\n{}",
        wrong.collect::<Vec<_>>().join("\n")
    );
    Ok(())
}

async fn validate_custom(resources: &[&Value]) -> anyhow::Result<()> {
    ensure!(!resources.is_empty(), "there are no custom resources");
    let node =
        paths::on_path("node").context("node is missing; install: apt-get install nodejs")?;
    let mut command = Command::new(node);
    command.arg(paths::workspace_root().join(CRDS).join("check.mjs"));
    let answer = with_input(&mut command, &serde_json::to_string(resources)?).await?;
    ensure!(
        answer.succeeded,
        "custom resources do not fit their schemas:\n{}",
        answer.text
    );
    Ok(())
}

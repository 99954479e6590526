//! The values of the NATS chart beside the configuration of the services.

use std::fs;

use anyhow::{Context, ensure};
use crow_testkit::paths;
use serde_json::Value;

use super::manifests::parse;

const VALUES: &str = "deploy/kubernetes/nats/values.yaml";
const CONFIG: &str = "deploy/kubernetes/overlays/production/crow.toml";

/// Streams of a new installation: eight partitions, interactions, dead letters, advisories.
const STREAMS: u64 = 11;

/// Fails when the two files do not fit each other.
pub async fn check() -> anyhow::Result<()> {
    let root = paths::workspace_root();
    let values = parse(&fs::read_to_string(root.join(VALUES))?).await?;
    compare(&values[0], &fs::read_to_string(root.join(CONFIG))?)
}

/// The chart is not here, so this reads only what we wrote.
pub fn compare(values: &Value, config: &str) -> anyhow::Result<()> {
    let config_of_nats = &values["config"];
    let store = &config_of_nats["jetstream"];
    ensure!(
        store["merge"]["sync_interval"] == "always",
        "{VALUES}: sync_interval must be always"
    );
    let nodes = config_of_nats["cluster"]["replicas"].as_u64();
    ensure!(
        nodes == setting(config, "replicas"),
        "{VALUES}: {nodes:?} nodes, but bus.replicas in {CONFIG} differs"
    );
    let reserved =
        STREAMS * setting(config, "partition_max_bytes").context("no bus.partition_max_bytes")?;
    let room = bytes(&store["merge"]["max_file_store"])?;
    ensure!(
        room >= reserved,
        "{VALUES}: max_file_store has {room} bytes, and the streams reserve {reserved}"
    );
    let disk = bytes(&store["fileStore"]["pvc"]["size"])?;
    ensure!(
        disk > room,
        "{VALUES}: the volume is smaller than max_file_store"
    );
    let drain = seconds(&config_of_nats["merge"]["lame_duck_duration"])?;
    let grace = values["podTemplate"]["merge"]["spec"]["terminationGracePeriodSeconds"]
        .as_u64()
        .context("no terminationGracePeriodSeconds")?;
    ensure!(
        drain < grace,
        "{VALUES}: a node that drains {drain} s is killed after {grace} s"
    );
    Ok(())
}

/// The number of a setting in TOML.
fn setting(config: &str, name: &str) -> Option<u64> {
    let value = config.lines().find_map(|line| {
        let (key, value) = line.split_once('=')?;
        (key.trim() == name).then(|| value.trim())
    });
    value?.parse().ok()
}

/// `<< 100GB >>` of the chart and `120Gi` of Kubernetes.
fn bytes(value: &Value) -> anyhow::Result<u64> {
    let text = value.as_str().context("a size is missing")?;
    let text = text.trim_matches(['<', '>', ' ']);
    let digits = text.trim_end_matches(|letter: char| !letter.is_ascii_digit());
    let number: u64 = digits.parse().with_context(|| format!("no size: {text}"))?;
    let unit = match &text[digits.len()..] {
        "GB" => 1_000_000_000,
        "MB" => 1_000_000,
        "Gi" => 1 << 30,
        "Ti" => 1 << 40,
        other => anyhow::bail!("unknown unit {other} in {text}"),
    };
    Ok(number * unit)
}

fn seconds(value: &Value) -> anyhow::Result<u64> {
    let text = value.as_str().context("a duration is missing")?;
    let number = text.strip_suffix('s').context("a duration in seconds")?;
    Ok(number.parse()?)
}

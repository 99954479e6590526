//! The values of the NATS chart beside the configuration of the services.

use std::fs;

use anyhow::{Context, ensure};
use crow_testkit::paths;
use serde_json::Value;

use super::manifests::parse;

const VALUES: &str = "deploy/kubernetes/nats/values.yaml";
const CONFIG: &str = "deploy/kubernetes/overlays/production/crow.toml";

const USERS: &str = "deploy/nats-users.conf";

/// Streams of a new installation: eight partitions, interactions, dead letters, advisories.
const STREAMS: u64 = 11;

/// Fails when the files do not fit each other.
pub async fn check() -> anyhow::Result<()> {
    let values = values().await?;
    compare(&values, &read(CONFIG)?)?;
    compare_users(users_of(&values), &read(USERS)?)
}

/// The users of the account, as NATS would read them.
pub async fn users() -> anyhow::Result<Value> {
    Ok(users_of(&values().await?).clone())
}

async fn values() -> anyhow::Result<Value> {
    Ok(parse(&read(VALUES)?).await?[0].take())
}

fn read(file: &str) -> anyhow::Result<String> {
    fs::read_to_string(paths::workspace_root().join(file)).with_context(|| format!("no {file}"))
}

fn users_of(values: &Value) -> &Value {
    &values["config"]["merge"]["accounts"]["CROW"]["users"]
}

/// Both have the same users, who may use the same subjects in the same order.
pub fn compare_users(users: &Value, file: &str) -> anyhow::Result<()> {
    let users = users.as_array().context("the values have no users")?;
    let blocks: Vec<&str> = file.split(" user: ").skip(1).collect();
    ensure!(
        users.len() == blocks.len(),
        "{VALUES} has {} users, {USERS} has {}",
        users.len(),
        blocks.len()
    );
    for (user, block) in users.iter().zip(blocks) {
        let name = block.split_whitespace().next().unwrap_or_default();
        ensure!(
            user["user"] == name,
            "{VALUES} has {}, {USERS} has {name}",
            user["user"]
        );
        let rights = ["publish", "subscribe"].map(|what| &user["permissions"][what]);
        let denied = rights.iter().filter_map(|right| right["deny"].as_str());
        ensure!(
            denied.count() == block.matches("deny:").count(),
            "what {name} is denied differs between {VALUES} and {USERS}"
        );
        let subjects: Vec<_> = rights.into_iter().flat_map(subjects).collect();
        let in_file: Vec<_> = block.split('"').skip(1).step_by(2).collect();
        ensure!(
            subjects == in_file,
            "the rights of {name} name {subjects:?} in {VALUES}, and {in_file:?} in {USERS}"
        );
    }
    Ok(())
}

/// The subjects that a right names: a list of allowed ones, or one that is denied.
fn subjects(right: &Value) -> Vec<&str> {
    match right.as_array() {
        Some(allowed) => allowed.iter().filter_map(Value::as_str).collect(),
        None => right["deny"].as_str().into_iter().collect(),
    }
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

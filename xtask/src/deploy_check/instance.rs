//! One pod of a manifest, as it runs on this machine.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::Context;
use crow_testkit::port::free_port;
use serde_json::{Value, json};

use super::restricted::pod;

/// Which setting has the address of a named port.
const ADDRESSES: [(&str, &str, &str); 12] = [
    ("all", "ingest", "CROW_INGEST__LISTEN"),
    ("all", "admin", "CROW_INGEST__ADMIN_LISTEN"),
    ("all", "query", "CROW_QUERY__LISTEN"),
    ("all", "query-admin", "CROW_QUERY__ADMIN_LISTEN"),
    ("all", "grpc", "CROW_QUERY__GRPC_LISTEN"),
    ("ingest", "http", "CROW_INGEST__LISTEN"),
    ("ingest", "admin", "CROW_INGEST__ADMIN_LISTEN"),
    ("session", "admin", "CROW_SESSION__LISTEN"),
    ("query", "http", "CROW_QUERY__LISTEN"),
    ("query", "grpc", "CROW_QUERY__GRPC_LISTEN"),
    ("query", "admin", "CROW_QUERY__ADMIN_LISTEN"),
    ("interaction", "admin", "CROW_INTERACTION__LISTEN"),
];

/// What the pods mount: the files of each ConfigMap and secret.
pub type Files = BTreeMap<String, BTreeMap<String, String>>;

/// A folder of a pod.
pub struct Mount {
    /// Its ConfigMap or secret.
    pub source: String,
    /// Where the pod has it.
    pub place: String,
    /// Its files.
    pub files: BTreeMap<String, String>,
}

/// One pod. All share the network of this machine, so each has ports of its own.
#[derive(Debug, Clone)]
pub struct Instance {
    /// Unique among those that run.
    pub name: String,
    component: String,
    /// The pod of the manifest with these changes: environment, ports and the network.
    pub pod: Value,
    /// Port on 127.0.0.1 of each named port.
    pub ports: BTreeMap<String, u16>,
}

impl Instance {
    /// The `number`th pod of a Deployment or Job, with more settings.
    pub fn of(
        workload: &Value,
        number: u64,
        settings: &[(String, String)],
    ) -> anyhow::Result<Self> {
        let component = workload["metadata"]["labels"]["app.kubernetes.io/component"]
            .as_str()
            .context("a workload has a component")?;
        let mut pod = pod(workload).context("a workload has a pod")?.clone();
        let container = &mut pod["containers"][0];
        let mut ports = BTreeMap::new();
        for port in container["ports"].as_array().into_iter().flatten() {
            let name = port["name"].as_str().context("a port has a name")?;
            ports.insert(name.to_owned(), free_port());
        }
        for (name, value) in settings.iter().cloned().chain(addresses(component, &ports)) {
            set(container, &name, &value)?;
        }
        Ok(Self {
            name: format!("crow-check-{component}-{number}"),
            component: component.to_owned(),
            pod,
            ports,
        })
    }

    /// The pod that a rolling update starts for this one: the same, at other ports.
    pub fn successor(&self) -> anyhow::Result<Self> {
        let mut other = self.clone();
        other.name = format!("{}-next", self.name);
        for port in other.ports.values_mut() {
            *port = free_port();
        }
        for (name, value) in addresses(&self.component, &other.ports) {
            set(&mut other.pod["containers"][0], &name, &value)?;
        }
        Ok(other)
    }

    /// Arguments of the program.
    pub fn arguments(&self) -> Vec<String> {
        let arguments = self.pod["containers"][0]["args"].as_array();
        let arguments = arguments.into_iter().flatten();
        arguments
            .filter_map(|word| word.as_str().map(str::to_owned))
            .collect()
    }

    /// Environment of the program.
    pub fn environment(&self) -> Vec<(String, String)> {
        let variables = self.pod["containers"][0]["env"].as_array();
        let text = |value: &Value| value.as_str().map(str::to_owned);
        variables
            .into_iter()
            .flatten()
            .filter_map(|one| Some((text(&one["name"])?, text(&one["value"])?)))
            .collect()
    }

    /// The folders that are mounted from a ConfigMap or secret, with their files out of `all`.
    pub fn mounts(&self, all: &Files) -> Vec<Mount> {
        let mounted = list(&self.pod["containers"][0]["volumeMounts"]);
        let mount = |mounted: &Value| {
            let volumes = list(&self.pod["volumes"]);
            let volume = volumes.iter().find(|one| one["name"] == mounted["name"])?;
            let (source, items) = source(volume)?;
            Some(Mount {
                source: source.to_owned(),
                place: mounted["mountPath"].as_str()?.to_owned(),
                files: selected(all.get(source)?, items),
            })
        };
        mounted.iter().filter_map(mount).collect()
    }

    /// What the kubelet would ask, such as `readinessProbe`.
    pub fn probe(&self, probe: &str) -> anyhow::Result<String> {
        let asked = &self.pod["containers"][0][probe]["httpGet"];
        let path = asked["path"].as_str().context("a probe has a path")?;
        let port = asked["port"].as_str().context("a probe names its port")?;
        Ok(format!("{}{path}", self.url(port)?))
    }

    /// Where a named port answers.
    pub fn url(&self, port: &str) -> anyhow::Result<String> {
        let number = self
            .ports
            .get(port)
            .with_context(|| format!("no port {port}"))?;
        Ok(format!("http://127.0.0.1:{number}"))
    }

    /// How long it may take from the signal to its end.
    pub fn grace(&self) -> Duration {
        let grace = self.pod["terminationGracePeriodSeconds"].as_u64();
        let sleep = &self.pod["containers"][0]["lifecycle"]["preStop"]["sleep"]["seconds"];
        let after_sleep = grace.unwrap_or(30) - sleep.as_u64().unwrap_or(0);
        Duration::from_secs(after_sleep)
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// The ConfigMap or secret of a volume, and the list of its keys if not all are mounted.
pub fn source(volume: &Value) -> Option<(&str, &Value)> {
    let (map, secret) = (&volume["configMap"], &volume["secret"]);
    let map = map["name"].as_str().map(|name| (name, &map["items"]));
    map.or_else(|| Some((secret["secretName"].as_str()?, &secret["items"])))
}

/// The files that `items` names; all of them if it is absent.
fn selected(files: &BTreeMap<String, String>, items: &Value) -> BTreeMap<String, String> {
    if items.is_null() {
        return files.clone();
    }
    let file = |item: &Value| {
        let content = files.get(item["key"].as_str()?)?;
        Some((item["path"].as_str()?.to_owned(), content.clone()))
    };
    list(items).iter().filter_map(file).collect()
}

fn addresses(component: &str, ports: &BTreeMap<String, u16>) -> Vec<(String, String)> {
    ADDRESSES
        .iter()
        .filter(|(owner, _, _)| *owner == component)
        .filter_map(|(_, port, setting)| {
            let number = ports.get(*port)?;
            Some(((*setting).to_owned(), format!("127.0.0.1:{number}")))
        })
        .collect()
}

fn set(container: &mut Value, name: &str, value: &str) -> anyhow::Result<()> {
    let variables = container["env"]
        .as_array_mut()
        .context("a container has variables")?;
    variables.retain(|variable| variable["name"] != name);
    variables.push(json!({ "name": name, "value": value }));
    Ok(())
}

//! Whether what is connected fits together: listeners, ports, Services, routes, addresses, and network
//! policies. No schema says that.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;

use anyhow::ensure;
use reqwest::Url;
use serde_json::Value;

use super::manifests::Overlay;
use super::restricted::pod;

/// The port of NATS.
const NATS: u64 = 4222;
/// The setting whose presence means that a pod connects to NATS as a service.
const BUS: &str = "CROW_BUS__URL_FILE";

/// Fails with all that is wrong.
pub fn check(overlay: &Overlay) -> anyhow::Result<()> {
    let mut wrong = Vec::new();
    for deployment in overlay.of_kind("Deployment") {
        wrong.extend(of_ports(overlay, deployment));
        wrong.extend(of_bus(overlay, deployment));
    }
    for service in overlay.of_kind("Service") {
        wrong.extend(of_service(overlay, service));
    }
    for kind in ["HTTPRoute", "GRPCRoute"] {
        for route in overlay.of_kind(kind) {
            wrong.extend(of_route(overlay, route));
        }
    }
    for resource in &overlay.resources {
        wrong.extend(of_addresses(overlay, resource));
    }
    ensure!(wrong.is_empty(), "{}:\n{}", overlay.name, wrong.join("\n"));
    Ok(())
}

/// A pod names the ports that its process listens on.
fn of_ports(overlay: &Overlay, deployment: &Value) -> Option<String> {
    let listeners = listeners(overlay, deployment);
    let listening: BTreeSet<u64> = listeners.keys().copied().collect();
    let named: BTreeSet<u64> = container_ports(deployment).map(|(_, port)| port).collect();
    let name = name(deployment);
    (listening != named)
        .then(|| format!("{name}: it listens on {listening:?} and names the ports {named:?}"))
}

/// A Service leads to pods that have its ports, and network policies let callers in.
fn of_service(overlay: &Overlay, service: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    let name = name(service);
    let Some(deployment) = behind(overlay, service) else {
        return vec![format!("{name}: no Deployment has the labels it selects")];
    };
    for port in service["spec"]["ports"].as_array().into_iter().flatten() {
        let target = port["targetPort"].as_str().unwrap_or_default();
        if !container_ports(deployment).any(|(known, _)| known == target) {
            wrong.push(format!("{name}: its pods have no port {target:?}"));
        }
        if !is_let_in(overlay, deployment, target) {
            wrong.push(format!(
                "{name}: no network policy lets callers to {target:?}"
            ));
        }
    }
    wrong
}

/// A route leads to a port of a Service.
fn of_route(overlay: &Overlay, route: &Value) -> Vec<String> {
    let rules = route["spec"]["rules"].as_array().into_iter().flatten();
    let backends = rules.flat_map(|rule| rule["backendRefs"].as_array().into_iter().flatten());
    let lost = backends.filter(|backend| {
        let service = backend["name"].as_str().unwrap_or_default();
        let port = backend["port"].as_u64().unwrap_or_default();
        listener_of(overlay, service, port).is_none()
    });
    lost.map(|backend| format!("{}: it leads to {backend}, which is not there", name(route)))
        .collect()
}

/// An address of a service of ours names a port of its Service, and speaks TLS if the service does.
fn of_addresses(overlay: &Overlay, resource: &Value) -> Vec<String> {
    let Some(pod) = pod(resource) else {
        return Vec::new();
    };
    let container = &pod["containers"][0];
    let values = container["env"].as_array().into_iter().flatten();
    let values = values.filter_map(|one| one["value"].as_str());
    let arguments = container["args"].as_array().into_iter().flatten();
    let arguments = arguments.filter_map(Value::as_str);
    let texts = values.chain(arguments.filter_map(|text| Some(text.split_once('=')?.1)));
    let mut wrong = Vec::new();
    for url in texts.filter_map(|text| Url::parse(text).ok()) {
        let host = url.host_str().unwrap_or_default();
        // Buckets have such names, too.
        if !matches!(url.scheme(), "http" | "https") || !host.starts_with("crow-") {
            continue;
        }
        let port = url.port_or_known_default().unwrap_or_default().into();
        let says = match listener_of(overlay, host, port) {
            None => "no Service has it",
            Some(Listener { is_secured: true }) if url.scheme() != "https" => "it speaks TLS",
            Some(Listener { is_secured: false }) if url.scheme() == "https" => "it speaks no TLS",
            Some(_) => continue,
        };
        wrong.push(format!("{}: {url}: {says}", name(resource)));
    }
    wrong
}

/// If there are network policies, one lets each service to NATS.
fn of_bus(overlay: &Overlay, deployment: &Value) -> Option<String> {
    let uses_bus = env(deployment).any(|(name, _)| name == BUS);
    let reaches_bus = |policy: &Value| {
        let rules = policy["spec"]["egress"].as_array().into_iter().flatten();
        let mut ports = rules.flat_map(|rule| rule["ports"].as_array().into_iter().flatten());
        ports.any(|port| port["port"] == NATS) && selects(policy, deployment)
    };
    let mut policies = overlay.of_kind("NetworkPolicy").peekable();
    let is_cut_off = policies.peek().is_some() && !policies.any(reaches_bus);
    (uses_bus && is_cut_off)
        .then(|| format!("{}: no network policy lets it to NATS", name(deployment)))
}

fn is_let_in(overlay: &Overlay, deployment: &Value, port: &str) -> bool {
    let lets_in = |policy: &Value| {
        let rules = policy["spec"]["ingress"].as_array().into_iter().flatten();
        let mut ports = rules.flat_map(|rule| rule["ports"].as_array().into_iter().flatten());
        ports.any(|one| one["port"] == port) && selects(policy, deployment)
    };
    let mut policies = overlay.of_kind("NetworkPolicy").peekable();
    policies.peek().is_none() || policies.any(lets_in)
}

/// Whether a network policy applies to the pods.
fn selects(policy: &Value, deployment: &Value) -> bool {
    let selector = &policy["spec"]["podSelector"];
    let labels = &deployment["spec"]["template"]["metadata"]["labels"];
    let expressions = selector["matchExpressions"].as_array();
    let is_one = |expression: &Value| {
        let label = &labels[expression["key"].as_str().unwrap_or_default()];
        let values = expression["values"].as_array();
        values.is_some_and(|values| values.contains(label))
    };
    has_labels(labels, &selector["matchLabels"]) && expressions.into_iter().flatten().all(is_one)
}

fn has_labels(labels: &Value, wanted: &Value) -> bool {
    let wanted = wanted.as_object().into_iter().flatten();
    wanted.into_iter().all(|(key, value)| labels[key] == *value)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Listener {
    is_secured: bool,
}

/// What a port of a Service leads to.
fn listener_of(overlay: &Overlay, service: &str, port: u64) -> Option<Listener> {
    let service = overlay
        .of_kind("Service")
        .find(|one| name(one) == service)?;
    let ports = service["spec"]["ports"].as_array()?;
    let target = ports.iter().find(|one| one["port"] == port)?;
    let target = target["targetPort"].as_str()?;
    let deployment = behind(overlay, service)?;
    let (_, number) = container_ports(deployment).find(|(known, _)| *known == target)?;
    listeners(overlay, deployment).get(&number).copied()
}

/// The Deployment whose pods a Service selects.
fn behind<'a>(overlay: &'a Overlay, service: &Value) -> Option<&'a Value> {
    let selector = &service["spec"]["selector"];
    overlay
        .of_kind("Deployment")
        .find(|one| has_labels(&one["spec"]["template"]["metadata"]["labels"], selector))
}

fn container_ports(deployment: &Value) -> impl Iterator<Item = (&str, u64)> {
    let ports = deployment["spec"]["template"]["spec"]["containers"][0]["ports"].as_array();
    let ports = ports.into_iter().flatten();
    ports.filter_map(|port| Some((port["name"].as_str()?, port["containerPort"].as_u64()?)))
}

fn env(deployment: &Value) -> impl Iterator<Item = (&str, &str)> {
    let env = deployment["spec"]["template"]["spec"]["containers"][0]["env"].as_array();
    let env = env.into_iter().flatten();
    env.filter_map(|one| Some((one["name"].as_str()?, one["value"].as_str()?)))
}

/// The listeners of a process by their ports, as its settings say.
fn listeners(overlay: &Overlay, deployment: &Value) -> BTreeMap<u64, Listener> {
    let settings = settings(overlay, deployment);
    let argument = &deployment["spec"]["template"]["spec"]["containers"][0]["args"][0];
    let sections = match argument.as_str().unwrap_or_default() {
        "serve" => vec!["ingest", "query"],
        one => vec![one],
    };
    let mut found = BTreeMap::new();
    for (setting, value) in &settings {
        let Some((section, name)) = setting.split_once('.') else {
            continue;
        };
        let address: Option<SocketAddr> = value.parse().ok();
        if let Some(address) = address.filter(|_| sections.contains(&section)) {
            let tls = name.replace("listen", "tls");
            let is_secured = settings.contains_key(&format!("{section}.{tls}.cert_file"));
            found.insert(address.port().into(), Listener { is_secured });
        }
    }
    found
}

/// The texts among the settings of a process: those of the file, and of the environment, which wins.
fn settings(overlay: &Overlay, deployment: &Value) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for map in overlay.of_kind("ConfigMap") {
        let text = map["data"]["crow.toml"].as_str().unwrap_or_default();
        let file: toml::Table = text.parse().unwrap_or_default();
        for (section, settings) in file {
            for (name, value) in settings.as_table().into_iter().flatten() {
                if let Some(value) = value.as_str() {
                    found.insert(format!("{section}.{name}"), value.to_owned());
                }
            }
        }
    }
    for (name, value) in env(deployment) {
        if let Some(setting) = name
            .strip_prefix("CROW_")
            .filter(|name| name.contains("__"))
        {
            let setting = setting.to_ascii_lowercase().replace("__", ".");
            found.insert(setting, value.to_owned());
        }
    }
    found
}

fn name(resource: &Value) -> &str {
    resource["metadata"]["name"].as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// A gateway before a service, with a route and policies.
    fn overlay() -> Overlay {
        let labels = |name: &str| json!({ "app": name });
        let deployment = |name: &str, argument: &str, env: Value, port: u64| {
            let container = json!({
                "args": [argument], "env": env, "ports": [{ "name": "http", "containerPort": port }],
            });
            json!({
                "kind": "Deployment", "metadata": { "name": name },
                "spec": { "template": {
                    "metadata": { "labels": labels(name) }, "spec": { "containers": [container] },
                } },
            })
        };
        let service = |name: &str, port: u64| {
            json!({
                "kind": "Service", "metadata": { "name": name },
                "spec": {
                    "selector": labels(name), "ports": [{ "port": port, "targetPort": "http" }],
                },
            })
        };
        let policies = json!({
            "kind": "NetworkPolicy", "metadata": { "name": "crow" },
            "spec": {
                "podSelector": { "matchExpressions": [
                    { "key": "app", "operator": "In", "values": ["crow-query", "crow-gateway"] },
                ] },
                "ingress": [{ "ports": [{ "port": "http" }] }],
                "egress": [{ "ports": [{ "port": 4222 }] }],
            },
        });
        let gateway = json!([
            { "name": "CROW_GATEWAY__LISTEN", "value": "0.0.0.0:7075" },
            { "name": "CROW_GATEWAY__QUERY_URL", "value": "https://crow-query:7071" },
            { "name": "CROW_BUS__URL_FILE", "value": "/secrets/bus" },
        ]);
        let query = json!([
            { "name": "CROW_QUERY__TLS__CERT_FILE", "value": "/tls/tls.crt" },
        ]);
        Overlay {
            name: "test".to_owned(),
            resources: vec![
                deployment("crow-gateway", "gateway", gateway, 7075),
                deployment("crow-query", "query", query, 7071),
                service("crow-gateway", 7075),
                service("crow-query", 7071),
                policies,
                json!({
                    "kind": "HTTPRoute", "metadata": { "name": "public" },
                    "spec": { "rules": [
                        { "backendRefs": [{ "name": "crow-gateway", "port": 7075 }] },
                    ] },
                }),
                json!({
                    "kind": "ConfigMap", "metadata": { "name": "crow-config" },
                    "data": { "crow.toml": "[query]\nlisten = \"0.0.0.0:7071\"\n" },
                }),
            ],
        }
    }

    #[test]
    fn what_fits_together_passes_and_each_loose_end_is_named() {
        check(&overlay()).unwrap();
        let env = "/spec/template/spec/containers/0/env";
        let ports = "/spec/template/spec/containers/0/ports";
        for (resource, place, value, expected) in [
            (
                0,
                format!("{env}/0/value"),
                json!("0.0.0.0:7099"),
                "listens on {7099}",
            ),
            (
                0,
                format!("{env}/1/value"),
                json!("http://crow-query:7071"),
                "it speaks TLS",
            ),
            (
                0,
                format!("{env}/1/value"),
                json!("https://crow-query:7072"),
                "no Service has it",
            ),
            (
                0,
                format!("{env}/1/value"),
                json!("https://crow-gateway:7075"),
                "it speaks no TLS",
            ),
            (
                1,
                format!("{ports}/0/name"),
                json!("web"),
                "no port \"http\"",
            ),
            (
                3,
                "/spec/selector".to_owned(),
                json!({ "app": "other" }),
                "no Deployment has",
            ),
            (
                4,
                "/spec/podSelector/matchExpressions/0/values".to_owned(),
                json!(["crow-query"]),
                "crow-gateway: no network policy lets it to NATS",
            ),
            (
                4,
                "/spec/ingress".to_owned(),
                json!([]),
                "no network policy lets callers",
            ),
            (
                5,
                "/spec/rules/0/backendRefs/0/port".to_owned(),
                json!(7077),
                "public: it leads to",
            ),
        ] {
            let mut overlay = overlay();
            *overlay.resources[resource].pointer_mut(&place).unwrap() = value;
            let error = check(&overlay).unwrap_err().to_string();
            assert!(error.contains(expected), "{place}: {error}");
        }
    }
}

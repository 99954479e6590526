//! What our resources need beyond a valid schema.

use anyhow::ensure;
use serde_json::Value;

use super::manifests::Overlay;
use super::restricted::pod;

/// How long a process may drain, in seconds. `crow` stops by itself after that.
const DRAIN: u64 = 25;

/// It has secrets of every service, so each pod names those that it mounts.
const SECRETS: &str = "crow-secrets";

/// Fails with all that is wrong.
pub fn check(overlay: &Overlay) -> anyhow::Result<()> {
    let mut wrong = Vec::new();
    for resource in &overlay.resources {
        wrong.extend(without_namespace(resource));
        let Some(pod) = pod(resource) else { continue };
        let name = resource["metadata"]["name"].as_str().unwrap_or_default();
        let mut found = of_pod(pod);
        match resource["kind"].as_str() {
            Some("Deployment") => found.extend(of_deployment(overlay, resource, pod)),
            Some("Job") => found.extend(of_job(name, resource)),
            _ => {}
        }
        wrong.extend(found.into_iter().map(|one| format!("{name}: {one}")));
    }
    ensure!(wrong.is_empty(), "{}:\n{}", overlay.name, wrong.join("\n"));
    Ok(())
}

/// A resource without a namespace goes to the one that the operator uses at that moment.
pub fn without_namespace(resource: &Value) -> Option<String> {
    let (kind, metadata) = (&resource["kind"], &resource["metadata"]);
    let namespace = metadata["namespace"].as_str().unwrap_or_default();
    let is_missing = kind != "Namespace" && namespace.is_empty();
    is_missing.then(|| format!("{kind} {} has no namespace", metadata["name"]))
}

fn of_pod(pod: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    // Kubernetes would set CROW_… variables for our own Services.
    if pod["enableServiceLinks"] != false {
        wrong.push("enableServiceLinks is not false".to_owned());
    }
    let container = &pod["containers"][0];
    let image = container["image"].as_str().unwrap_or_default();
    let version = env!("CARGO_PKG_VERSION");
    if !image.ends_with(&format!("/crow:{version}")) {
        wrong.push(format!("its image is {image}, not that of {version}"));
    }
    let resources = &container["resources"];
    for needed in [
        &resources["requests"]["cpu"],
        &resources["requests"]["memory"],
        &resources["limits"]["memory"],
    ] {
        if needed.is_null() {
            wrong.push("it lacks a request or a limit of memory".to_owned());
        }
    }
    if !resources["limits"]["cpu"].is_null() {
        wrong.push("a limit of CPU would hold up commits".to_owned());
    }
    for mount in container["volumeMounts"].as_array().into_iter().flatten() {
        if !mount["subPath"].is_null() {
            wrong.push("a file that is mounted with subPath never changes".to_owned());
        }
    }
    for volume in pod["volumes"].as_array().into_iter().flatten() {
        let secret = &volume["secret"];
        if secret["secretName"] == SECRETS && secret["items"].is_null() {
            wrong.push(format!("it gets every file of {SECRETS}"));
        }
    }
    wrong
}

fn of_deployment(overlay: &Overlay, resource: &Value, pod: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    let container = &pod["containers"][0];
    for probe in ["startupProbe", "readinessProbe", "livenessProbe"] {
        if container[probe]["httpGet"]["path"].is_null() {
            wrong.push(format!("it lacks a {probe}"));
        }
    }
    if container["livenessProbe"]["httpGet"]["path"] != "/health/live" {
        wrong.push("its liveness depends on others".to_owned());
    }
    let grace = pod["terminationGracePeriodSeconds"].as_u64().unwrap_or(30);
    let sleep = container["lifecycle"]["preStop"]["sleep"]["seconds"].as_u64();
    if grace < sleep.unwrap_or(0) + DRAIN {
        wrong.push(format!("{grace} s are too few to stop in"));
    }
    let strategy = &resource["spec"]["strategy"];
    let is_single = strategy["type"] == "Recreate";
    if !is_single {
        let rolling = &strategy["rollingUpdate"];
        if rolling["maxUnavailable"] != 0 || rolling["maxSurge"] != 1 {
            wrong.push("an update would take pods away before others are ready".to_owned());
        }
        let budgets = overlay.of_kind("PodDisruptionBudget");
        let selector = &resource["spec"]["selector"];
        if budgets
            .filter(|it| it["spec"]["selector"] == *selector)
            .count()
            != 1
        {
            wrong.push("it does not have one PodDisruptionBudget".to_owned());
        }
        wrong.extend(of_scaling(overlay, resource));
    }
    wrong
}

/// Either the Deployment has replicas, at least two, or an autoscaler decides.
fn of_scaling(overlay: &Overlay, resource: &Value) -> Option<String> {
    let name = &resource["metadata"]["name"];
    let scalers = overlay.of_kind("HorizontalPodAutoscaler");
    let scalers = scalers.filter(|it| it["spec"]["scaleTargetRef"]["name"] == *name);
    let replicas = resource["spec"]["replicas"].as_u64();
    match (scalers.count(), replicas) {
        (0, Some(2..)) | (1, None) => None,
        (scalers, replicas) => Some(format!(
            "it has {scalers} autoscalers and {replicas:?} replicas"
        )),
    }
}

fn of_job(name: &str, resource: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    let version = env!("CARGO_PKG_VERSION").replace('.', "-");
    if !name.ends_with(&format!("-{version}")) {
        wrong.push(format!("its name does not end with -{version}"));
    }
    if resource["spec"]["ttlSecondsAfterFinished"].is_null() {
        wrong.push("it is never removed".to_owned());
    }
    wrong
}

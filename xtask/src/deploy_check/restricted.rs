//! The pod security level `restricted`, and what we ask beyond it.
//!
//! The namespace enforces the level, so an API server would refuse a pod that fails here.

use anyhow::ensure;
use serde_json::Value;

use super::manifests::Overlay;

/// Kinds of volumes that `restricted` permits.
const VOLUMES: [&str; 8] = [
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "persistentVolumeClaim",
    "projected",
    "secret",
];

/// Fails with all that is wrong.
pub fn check(overlay: &Overlay) -> anyhow::Result<()> {
    let mut wrong = Vec::new();
    for namespace in overlay.of_kind("Namespace") {
        let enforced = &namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"];
        if enforced != "restricted" {
            wrong.push("the namespace does not enforce `restricted`".to_owned());
        }
    }
    let mut count = 0;
    for resource in &overlay.resources {
        if let Some(pod) = pod(resource) {
            count += 1;
            let name = resource["metadata"]["name"].as_str().unwrap_or_default();
            wrong.extend(
                mistakes(pod)
                    .into_iter()
                    .map(|one| format!("{name}: {one}")),
            );
        }
    }
    ensure!(count > 0, "{} has no pods", overlay.name);
    ensure!(wrong.is_empty(), "{}:\n{}", overlay.name, wrong.join("\n"));
    Ok(())
}

/// The pod that a resource makes.
pub fn pod(resource: &Value) -> Option<&Value> {
    match resource["kind"].as_str()? {
        "Pod" => Some(&resource["spec"]),
        "Deployment" | "Job" | "StatefulSet" | "DaemonSet" | "ReplicaSet" => {
            Some(&resource["spec"]["template"]["spec"])
        }
        "CronJob" => Some(&resource["spec"]["jobTemplate"]["spec"]["template"]["spec"]),
        _ => None,
    }
}

/// All that is wrong with a pod.
pub fn mistakes(pod: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    for host in ["hostNetwork", "hostPID", "hostIPC"] {
        if pod[host] == true {
            wrong.push(format!("{host} is set"));
        }
    }
    if pod["automountServiceAccountToken"] != false {
        wrong.push("it gets a token for the API server".to_owned());
    }
    for volume in list(&pod["volumes"]) {
        let known = VOLUMES.iter().any(|kind| volume.get(kind).is_some());
        if !known {
            wrong.push(format!(
                "volume {} is of a kind that is not permitted",
                volume["name"]
            ));
        }
    }
    let context = &pod["securityContext"];
    if context["sysctls"].is_array() {
        wrong.push("it sets sysctls".to_owned());
    }
    for kind in ["containers", "initContainers", "ephemeralContainers"] {
        for container in list(&pod[kind]) {
            let name = container["name"].as_str().unwrap_or_default();
            let found = of_container(context, container);
            wrong.extend(found.into_iter().map(|one| format!("{name}: {one}")));
        }
    }
    wrong
}

fn of_container(pod: &Value, container: &Value) -> Vec<&'static str> {
    let own = &container["securityContext"];
    // What a container says wins over its pod.
    let effective = |key: &str| {
        if own[key].is_null() {
            &pod[key]
        } else {
            &own[key]
        }
    };
    let dropped = list(&own["capabilities"]["drop"]);
    let added = list(&own["capabilities"]["add"]);
    let seccomp = &effective("seccompProfile")["type"];
    let rules = [
        (own["privileged"] != true, "it is privileged"),
        (
            own["allowPrivilegeEscalation"] == false,
            "allowPrivilegeEscalation is not false",
        ),
        (
            effective("runAsNonRoot") == true,
            "runAsNonRoot is not true",
        ),
        (effective("runAsUser") != 0, "it runs as root"),
        (
            seccomp == "RuntimeDefault" || seccomp == "Localhost",
            "it has no seccomp profile",
        ),
        (
            dropped.iter().any(|one| *one == "ALL"),
            "it does not drop ALL capabilities",
        ),
        (
            added.iter().all(|one| *one == "NET_BIND_SERVICE"),
            "it adds capabilities",
        ),
        (
            own["procMount"].is_null() || own["procMount"] == "Default",
            "it changes procMount",
        ),
        (
            list(&container["ports"])
                .iter()
                .all(|port| port["hostPort"].is_null() || port["hostPort"] == 0),
            "it takes a port of the host",
        ),
        // Beyond the level.
        (
            own["readOnlyRootFilesystem"] == true,
            "its root file system is not read-only",
        ),
    ];
    let broken = rules.into_iter().filter(|(holds, _)| !holds);
    broken.map(|(_, text)| text).collect()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

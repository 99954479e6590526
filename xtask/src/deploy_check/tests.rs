use serde_json::{Value, json};

use super::monitoring::{exported, unknown};
use super::nats_values;
use super::restricted::mistakes;
use super::shape::without_namespace;

fn pod() -> Value {
    json!({
        "automountServiceAccountToken": false,
        "securityContext": {
            "runAsNonRoot": true, "runAsUser": 65532,
            "seccompProfile": { "type": "RuntimeDefault" },
        },
        "containers": [{
            "name": "crow",
            "securityContext": {
                "allowPrivilegeEscalation": false,
                "readOnlyRootFilesystem": true,
                "capabilities": { "drop": ["ALL"] },
            },
        }],
        "volumes": [{ "name": "tmp", "emptyDir": {} }],
    })
}

#[test]
fn a_restricted_pod_has_no_mistakes() {
    assert_eq!(mistakes(&pod()), [""; 0]);
}

#[test]
fn each_way_out_of_the_restrictions_is_found() {
    for (place, value) in [
        ("/automountServiceAccountToken", json!(true)),
        ("/securityContext/runAsNonRoot", json!(false)),
        ("/securityContext/runAsUser", json!(0)),
        (
            "/securityContext/seccompProfile",
            json!({ "type": "Unconfined" }),
        ),
        (
            "/containers/0/securityContext/allowPrivilegeEscalation",
            json!(null),
        ),
        (
            "/containers/0/securityContext/readOnlyRootFilesystem",
            json!(false),
        ),
        (
            "/containers/0/securityContext/capabilities",
            json!({ "drop": ["NET_RAW"] }),
        ),
        (
            "/containers/0/securityContext/capabilities",
            json!({ "drop": ["ALL"], "add": ["SYS_ADMIN"] }),
        ),
        (
            "/containers/0/securityContext",
            json!({ "runAsNonRoot": false, "allowPrivilegeEscalation": false,
                    "readOnlyRootFilesystem": true, "capabilities": { "drop": ["ALL"] } }),
        ),
        (
            "/volumes/0",
            json!({ "name": "host", "hostPath": { "path": "/" } }),
        ),
    ] {
        let mut pod = pod();
        *pod.pointer_mut(place).unwrap() = value.clone();
        assert_eq!(
            mistakes(&pod).len(),
            1,
            "{place} = {value}: {:?}",
            mistakes(&pod)
        );
    }
    for (key, value) in [("hostNetwork", json!(true)), ("hostPID", json!(true))] {
        let mut pod = pod();
        pod[key] = value;
        assert_eq!(mistakes(&pod).len(), 1, "{key}");
    }
    let mut with_init = pod();
    with_init["initContainers"] = json!([{ "name": "init" }]);
    assert!(!mistakes(&with_init).is_empty());
}

#[test]
fn every_resource_but_the_namespace_itself_names_one() {
    let mut policy = json!({ "kind": "NetworkPolicy", "metadata": { "name": "crow-deny-all" } });
    let found = without_namespace(&policy).unwrap();
    assert!(found.contains("crow-deny-all"), "{found}");
    policy["metadata"]["namespace"] = json!("");
    assert!(without_namespace(&policy).is_some());
    policy["metadata"]["namespace"] = json!("crow");
    assert_eq!(without_namespace(&policy), None);
    let namespace = json!({ "kind": "Namespace", "metadata": { "name": "crow" } });
    assert_eq!(without_namespace(&namespace), None);
}

#[test]
fn queries_name_only_metrics_that_exist() {
    let page = "| `crow_a_total` | counter | | A. |\n| `crow_b_seconds` | histogram | | B. |\n";
    let exported = exported(page);
    let queries = [
        "sum(rate(crow_a_total{x=\"1\"}[5m]))",
        "histogram_quantile(0.9, rate(crow_b_seconds_bucket[5m])) or up",
        "crow_b_seconds + crow_gone",
    ];
    let queries = queries.map(str::to_owned);
    assert_eq!(
        unknown(&queries, &exported),
        ["crow_b_seconds", "crow_gone"]
    );
}

#[test]
fn the_values_of_nats_must_fit_the_services() {
    let values = json!({
        "config": {
            "cluster": { "replicas": 3 },
            "jetstream": {
                "fileStore": { "pvc": { "size": "120Gi" } },
                "merge": { "sync_interval": "always", "max_file_store": "<< 100GB >>" },
            },
            "merge": { "lame_duck_duration": "30s" },
        },
        "podTemplate": { "merge": { "spec": { "terminationGracePeriodSeconds": 60 } } },
    });
    let config = "[bus]\nreplicas = 3\npartition_max_bytes = 8589934592\n";
    nats_values::compare(&values, config).unwrap();
    assert!(nats_values::compare(&values, &config.replace('3', "1")).is_err());
    assert!(nats_values::compare(&values, &config.replace("8589934592", "17179869184")).is_err());
    for (place, value) in [
        ("/config/jetstream/merge/sync_interval", json!("2m")),
        ("/config/jetstream/fileStore/pvc/size", json!("80Gi")),
        (
            "/podTemplate/merge/spec/terminationGracePeriodSeconds",
            json!(30),
        ),
    ] {
        let mut other = values.clone();
        *other.pointer_mut(place).unwrap() = value;
        assert!(nats_values::compare(&other, config).is_err(), "{place}");
    }
}

#[test]
fn users_of_the_chart_are_those_of_the_file() {
    let file = "{\n user: crow\n}\n{\n user: crow-x\n publish: [\n\"a.>\"\n]\n subscribe: [\"b\", \"c\"]\n}";
    let users = json!([
        { "user": "crow" },
        { "user": "crow-x", "permissions": { "publish": ["a.>"], "subscribe": ["b", "c"] } },
    ]);
    nats_values::compare_users(&users, file).unwrap();
    for (place, value) in [
        ("/1/permissions/publish", json!(["a.>", ">"])),
        ("/1/permissions/subscribe", json!(["b"])),
        ("/1/user", json!("crow-y")),
        ("/1/permissions", json!(null)),
    ] {
        let mut other = users.clone();
        *other.pointer_mut(place).unwrap() = value;
        assert!(nats_values::compare_users(&other, file).is_err(), "{place}");
    }
    assert!(nats_values::compare_users(&json!([]), file).is_err());
}

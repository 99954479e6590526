//! The software bill of materials, in CycloneDX 1.6.

use serde_json::{Value, json};

use super::packages::{Package, url};

/// The document. It is the same for the same packages: it has no time and no serial number.
pub fn document(version: &str, packages: &[Package]) -> Value {
    let own = url("generic", "crow", version);
    let mut dependencies: Vec<Value> = vec![json!({
        "ref": own,
        "dependsOn": packages.iter().map(Package::url).collect::<Vec<_>>(),
    })];
    dependencies.extend(
        packages
            .iter()
            .filter(|package| !package.needs.is_empty())
            .map(|package| {
                let known = |needed: &&String| packages.iter().any(|other| other.url() == **needed);
                let needs: Vec<_> = package.needs.iter().filter(known).collect();
                json!({ "ref": package.url(), "dependsOn": needs })
            }),
    );
    json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": own,
                "name": "crow",
                "version": version,
                "licenses": [{ "license": { "id": "Apache-2.0" } }],
            },
        },
        "components": packages.iter().map(component).collect::<Vec<_>>(),
        "dependencies": dependencies,
    })
}

fn component(package: &Package) -> Value {
    let mut component = json!({
        "type": "library",
        "bom-ref": package.url(),
        "purl": package.url(),
        "name": package.name,
        "version": package.version,
    });
    if !package.licence.is_empty() {
        component["licenses"] = json!([{ "expression": package.licence }]);
    }
    if let Some(sum) = &package.sha256 {
        component["hashes"] = json!([{ "alg": "SHA-256", "content": sum }]);
    }
    component
}

//! Secrets in files of their own, as Kubernetes and systemd provide them.

use std::path::Path;

use figment::value::{Dict, Value};
use schemars::Schema;

/// Replaces `<name>_file` of every secret with `<name>` and the file's content, also in the items of a
/// list. `given` holds the explicit settings, `values` also the defaults.
///
/// # Errors
/// A text that names the setting and the file, but never the content.
pub(super) fn read(schema: &Schema, given: &Dict, values: &mut Dict) -> Result<(), String> {
    for (section, name) in secrets(schema) {
        let setting = format!("{section}.{name}");
        let Some(Value::Dict(_, settings)) = values.get_mut(&section) else {
            continue;
        };
        let Some(file) = settings.remove(&format!("{name}_file")) else {
            continue;
        };
        let path = file
            .as_str()
            .ok_or_else(|| format!("{setting}_file: must be the path of a file"))?;
        if is_given(given, &section, &name) {
            return Err(format!(
                "{setting} and {setting}_file ({path}) are both set; remove one of them"
            ));
        }
        let secret = content(&setting, Path::new(path))?;
        settings.insert(name, Value::from(secret));
    }
    for (section, list, name) in secrets_of_lists(schema) {
        let Some(Value::Dict(_, settings)) = values.get_mut(&section) else {
            continue;
        };
        let Some(Value::Array(_, items)) = settings.get_mut(&list) else {
            continue;
        };
        for item in items {
            if let Value::Dict(_, item) = item {
                read_in_item(item, &format!("{section}.{list}"), &name)?;
            }
        }
    }
    Ok(())
}

/// The same for one item. A list has no defaults, so all that is there was given.
fn read_in_item(item: &mut Dict, list: &str, name: &str) -> Result<(), String> {
    let Some(file) = item.remove(&format!("{name}_file")) else {
        return Ok(());
    };
    let setting = format!("{list}: {name}");
    let path = file
        .as_str()
        .ok_or_else(|| format!("{setting}_file: must be the path of a file"))?;
    if item.contains_key(name) {
        return Err(format!(
            "{setting} and {setting}_file ({path}) are both set; remove one of them"
        ));
    }
    let secret = content(&setting, Path::new(path))?;
    item.insert(name.to_owned(), Value::from(secret));
    Ok(())
}

fn is_given(given: &Dict, section: &str, name: &str) -> bool {
    matches!(given.get(section), Some(Value::Dict(_, settings)) if settings.contains_key(name))
}

/// The file's content without the line break that most editors append.
fn content(setting: &str, path: &Path) -> Result<String, String> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        format!(
            "{setting}_file: cannot read {}: {}",
            path.display(),
            reason(&error)
        )
    })?;
    let secret = text.trim_end_matches(['\n', '\r']);
    if secret.is_empty() {
        return Err(format!("{setting}_file: {} is empty", path.display()));
    }
    Ok(secret.to_owned())
}

/// Replaces the system's message for a file that is not UTF-8, which talks about streams.
fn reason(error: &std::io::Error) -> String {
    if error.kind() == std::io::ErrorKind::InvalidData {
        "it is not text".to_owned()
    } else {
        error.to_string()
    }
}

/// Section and name of each setting that is a secret.
fn secrets(schema: &Schema) -> Vec<(String, String)> {
    let root = schema.as_value();
    let sections = root["properties"].as_object().into_iter().flatten();
    let of_section = |(section, schema): (&String, &serde_json::Value)| {
        let names = secrets_in(resolved(root, schema));
        let named = names.into_iter().map(|name| (section.clone(), name));
        named.collect::<Vec<_>>()
    };
    sections.flat_map(of_section).collect()
}

/// Section, list and name of each secret in the items of a list.
fn secrets_of_lists(schema: &Schema) -> Vec<(String, String, String)> {
    let root = schema.as_value();
    let mut found = Vec::new();
    for (section, schema) in root["properties"].as_object().into_iter().flatten() {
        let settings = resolved(root, schema)["properties"].as_object();
        for (list, setting) in settings.into_iter().flatten() {
            for name in secrets_in(resolved(root, &setting["items"])) {
                found.push((section.clone(), list.clone(), name));
            }
        }
    }
    found
}

/// The properties that are secrets.
fn secrets_in(schema: &serde_json::Value) -> Vec<String> {
    let properties = schema["properties"].as_object().into_iter().flatten();
    let secrets = properties.filter(|(_name, setting)| setting["format"] == "password");
    secrets.map(|(name, _setting)| name.clone()).collect()
}

/// Follows `$ref`.
fn resolved<'a>(
    root: &'a serde_json::Value,
    schema: &'a serde_json::Value,
) -> &'a serde_json::Value {
    schema["$ref"]
        .as_str()
        .and_then(|target| root.pointer(target.trim_start_matches('#')))
        .unwrap_or(schema)
}

//! Secrets in files of their own, as Kubernetes and systemd provide them.

use std::path::Path;

use figment::value::{Dict, Value};
use schemars::Schema;

/// Replaces `<name>_file` of every secret with `<name>` and the file's content. `given` holds the
/// explicit settings, `values` also the defaults.
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
        let properties = resolved(root, schema)["properties"].as_object().cloned();
        let secret = properties
            .unwrap_or_default()
            .into_iter()
            .filter(|(_name, setting)| setting["format"] == "password")
            .map(|(name, _setting)| (section.clone(), name));
        secret.collect::<Vec<_>>()
    };
    sections.flat_map(of_section).collect()
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

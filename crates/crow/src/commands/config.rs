//! `crow config`: the settings in effect, and the references generated from the code.

use std::fmt::Write;

use clap::Subcommand;
use serde_json::Value;

use crate::config::Config;

#[derive(Clone, Copy, Subcommand)]
pub(crate) enum ConfigCommand {
    /// The settings in effect, secrets left out.
    Show,
    /// All settings with their meaning and default, as Markdown.
    Reference,
    /// All metrics with their labels and meaning, as Markdown.
    Metrics,
}

pub(crate) fn run(command: ConfigCommand, config: &Config) -> anyhow::Result<()> {
    match command {
        ConfigCommand::Show => println!("{}", serde_json::to_string_pretty(config)?),
        ConfigCommand::Reference => print!("{}", reference()?),
        ConfigCommand::Metrics => print!("{}", crow_runtime::metrics::reference()),
    }
    Ok(())
}

fn reference() -> anyhow::Result<String> {
    let schema = serde_json::to_value(schemars::schema_for!(Config))?;
    let defaults = serde_json::to_value(Config::default())?;
    let mut text = String::from(
        "\
         # Configuration\n\
         \n\
         - The environment overrides the file, and the file overrides the defaults.\n\
         - The file is TOML with the sections below. Every service takes `--config FILE` and \
         `--check-config`.\n\
         - In the environment, `CROW_INGEST__LISTEN` is `listen` in `[ingest]`. \
         `ENVIRONMENT`, `AUTH_SERVICE_URL`, `SERVICE_API_KEY`, `SYSTEM_SECRET` and `INTERNAL_GATEWAY_KEY` \
         are `environment`, `auth.service_url`, `auth.service_api_key`, `auth.system_secret` and \
         `auth.gateway_key`.\n\
         - A secret may be in a file: `url_file` in `[database]`, or `CROW_DATABASE__URL_FILE`, names \
         the file that holds `url`. The list below says which settings are secrets. A line break at \
         the end of the file does not count.\n\
         - An unknown key is an error. `crow config show` prints the settings in effect.\n\
         - `crow serve` stores everything in `--data-dir`, unless `database.url` and \
         `storage.url` say otherwise. It runs a nats-server if `bus.url` is empty.\n\
         \n\
         `crow config reference` generates this page from the code.\n",
    );
    let sections = schema["properties"]
        .as_object()
        .cloned()
        .unwrap_or_default();
    for (name, section) in &sections {
        write_section(&mut text, &schema, name, section, &defaults[name])?;
    }
    // `crow serve` has no API gateway.
    let schema = serde_json::to_value(schemars::schema_for!(crow_gateway::Config))?;
    let defaults = serde_json::to_value(crow_gateway::Config::default())?;
    let (name, section) = ("gateway", &schema["properties"]["gateway"]);
    write_section(&mut text, &schema, name, section, &defaults[name])?;
    Ok(text)
}

fn write_section(
    text: &mut String,
    root: &Value,
    name: &str,
    schema: &Value,
    default: &Value,
) -> anyhow::Result<()> {
    let about = schema["description"]
        .as_str()
        .unwrap_or_default()
        .replace('\n', " ");
    let schema = resolve(root, schema);
    let Some(settings) = schema["properties"].as_object() else {
        writeln!(text, "\n## `{name}`\n\n{about} Default: `{default}`.")?;
        return Ok(());
    };
    writeln!(
        text,
        "\n## `[{name}]`\n\n{about}\n\n| setting | default | meaning |\n|---|---|---|"
    )?;
    for (key, setting) in settings {
        let inner = resolve(root, setting);
        let meaning = meaning_of(setting);
        match inner["properties"].as_object() {
            Some(parts) => {
                // What the parts have in common stands once.
                writeln!(text, "| `{key}` | | {meaning} |")?;
                for (part, schema) in parts {
                    let meaning = meaning_of(schema);
                    let default = &default[key][part];
                    writeln!(text, "| `{key}.{part}` | `{default}` | {meaning} |")?;
                }
            }
            None => {
                let file = file_note(key, setting);
                writeln!(text, "| `{key}` | `{}` | {meaning}{file} |", default[key])?;
                write_items(text, root, key, inner)?;
            }
        }
    }
    Ok(())
}

/// The settings of each item of a list, such as `[[ai.models]]`.
fn write_items(text: &mut String, root: &Value, list: &str, schema: &Value) -> anyhow::Result<()> {
    let item = resolve(root, &schema["items"]);
    for (key, setting) in item["properties"].as_object().into_iter().flatten() {
        let meaning = meaning_of(setting);
        let file = file_note(key, setting);
        let default = match &setting["default"] {
            Value::Null => "required".to_owned(),
            default => format!("`{default}`"),
        };
        writeln!(text, "| `{list}[].{key}` | {default} | {meaning}{file} |")?;
    }
    Ok(())
}

/// What a setting means, for a cell of a table.
fn meaning_of(setting: &Value) -> String {
    let about = setting["description"].as_str().unwrap_or_default();
    about.replace('\n', " ").replace('|', "\\|")
}

/// How a secret may be given beside its own name.
fn file_note(key: &str, setting: &Value) -> String {
    if setting["format"] == "password" {
        format!(" A secret: `{key}_file` may name a file with it.")
    } else {
        String::new()
    }
}

/// Follows `$ref` and the single item of `allOf`.
fn resolve<'a>(root: &'a Value, schema: &'a Value) -> &'a Value {
    let target = schema["$ref"]
        .as_str()
        .or_else(|| schema["allOf"][0]["$ref"].as_str());
    target
        .and_then(|target| root.pointer(target.trim_start_matches('#')))
        .unwrap_or(schema)
}

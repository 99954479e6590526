//! Logs, metrics and traces.

use std::io::IsTerminal;

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

use crate::traces::TracesConfig;

/// What a process says about itself, and where.
#[derive(Debug, Clone, Copy)]
pub struct Telemetry<'a> {
    /// Name of the program, such as `crow-ingest`.
    pub service: &'static str,
    /// Name of the environment, such as `prod`.
    pub environment: &'a str,
    /// Logging.
    pub log: &'a LogConfig,
    /// Traces.
    pub traces: &'a TracesConfig,
}

/// How a process logs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct LogConfig {
    /// What is logged, as a tracing filter: a level, or `target=level` items. A level
    /// alone is for CROW; libraries log warnings, unless they are named.
    pub filter: String,
    /// Form of a line. Default: text on a terminal, JSON elsewhere.
    pub format: LogFormat,
}

impl Default for LogConfig {
    fn default() -> Self {
        Self {
            filter: "info,actix_http=off".to_owned(),
            format: LogFormat::Auto,
        }
    }
}

/// The form of a log line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// Text on a terminal, JSON elsewhere.
    Auto,
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// Starts logging to standard error. A second call changes nothing.
pub fn init_tracing(config: &LogConfig) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(quiet_others(&config.filter))
        .map_err(|error| anyhow::anyhow!("log.filter is not valid: {error}"))?;
    let use_json = match config.format {
        LogFormat::Auto => !std::io::stderr().is_terminal(),
        LogFormat::Text => false,
        LogFormat::Json => true,
    };
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    let outcome = if use_json {
        builder
            .json()
            .flatten_event(true)
            .with_current_span(false)
            .try_init()
    } else {
        builder.try_init()
    };
    // Fails only if a subscriber is already set, because tests share a process.
    drop(outcome);
    Ok(())
}

/// At the level `debug`, libraries log what they send: headers, statements, the bus password. A
/// level without a target therefore applies to CROW only. The bus client never logs more than
/// `info`, even if it is named.
fn quiet_others(filter: &str) -> String {
    let items = filter.split(',').map(str::trim).map(|item| {
        let Some((target, level)) = item.rsplit_once('=') else {
            return match item.parse::<LevelFilter>() {
                Ok(level) => format!("{},crow={level}", level.min(LevelFilter::WARN)),
                Err(_name) if item.starts_with(BUS_CLIENT) => format!("{item}=info"),
                Err(_name) => item.to_owned(),
            };
        };
        match level.trim().parse::<LevelFilter>() {
            Ok(level) if target.starts_with(BUS_CLIENT) => {
                format!("{target}={}", level.min(LevelFilter::INFO))
            }
            Ok(_) | Err(_) => item.to_owned(),
        }
    });
    items.collect::<Vec<_>>().join(",")
}

const BUS_CLIENT: &str = "async_nats";

/// Installs the process-wide metrics recorder, once; later calls return the same handle.
pub fn init_metrics() -> PrometheusHandle {
    static HANDLE: std::sync::OnceLock<PrometheusHandle> = std::sync::OnceLock::new();
    HANDLE
        .get_or_init(|| {
            let seconds = [
                0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0,
                10.0,
            ];
            let counts = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0];
            let batches = Matcher::Suffix("_batches".to_owned());
            let handle = PrometheusBuilder::new()
                .set_buckets(&seconds)
                .and_then(|builder| builder.set_buckets_for_metric(batches, &counts))
                .and_then(PrometheusBuilder::install_recorder)
                .expect("the buckets are not empty and no other recorder is installed");
            crate::metrics::describe_all();
            handle
        })
        .clone()
}

#[cfg(test)]
mod tests {
    use super::quiet_others;

    #[test]
    fn a_level_alone_is_for_our_own_lines() {
        for (given, filter) in [
            ("debug", "warn,crow=debug"),
            ("error", "error,crow=error"),
            ("off", "off,crow=off"),
            ("INFO, hyper=debug", "warn,crow=info,hyper=debug"),
            ("crow_bus=trace", "crow_bus=trace"),
            ("info,async_nats=trace", "warn,crow=info,async_nats=info"),
            ("async_nats::connector=debug", "async_nats::connector=info"),
            ("async_nats", "async_nats=info"),
            ("async_nats=error", "async_nats=error"),
        ] {
            assert_eq!(quiet_others(given), filter, "{given}");
        }
    }
}

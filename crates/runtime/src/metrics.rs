//! The metrics of all services: one table for the help texts of `/metrics` and for
//! `docs/metrics.md`.

use std::fmt::Write;

use metrics::{describe_counter, describe_gauge, describe_histogram};

mod metric;
mod table;

pub use metric::{Kind, Metric};
pub use table::METRICS;

/// Registers the help texts for `/metrics`.
pub(crate) fn describe_all() {
    for metric in METRICS {
        let Metric {
            name, unit, about, ..
        } = *metric;
        match metric.kind {
            Kind::Counter => describe_counter!(name, unit, about),
            Kind::Gauge => describe_gauge!(name, unit, about),
            Kind::Histogram => describe_histogram!(name, unit, about),
        }
    }
}

/// The table as a page in Markdown: `docs/metrics.md`.
#[must_use]
pub fn reference() -> String {
    let mut text = String::from(
        "\
         # Metrics\n\
         \n\
         Every service answers `/metrics` in the Prometheus text format: on its own address, or only \
         on the operators' address if `ingest.admin_listen` or `query.admin_listen` is set. \
         `crow serve` answers with the metrics of all its services. A metric appears once it has a \
         value. Names of organizations, sessions and users are never labels.\n\
         \n\
         `crow config metrics` generates this page from the code.\n",
    );
    for (service, prefixes) in SERVICES {
        let of_service = |metric: &&Metric| prefixes.iter().any(|it| metric.name.starts_with(it));
        let rows = METRICS.iter().filter(of_service);
        text.push_str(&format!(
            "\n## {service}\n\n| metric | type | labels | meaning |\n|---|---|---|---|\n"
        ));
        rows.for_each(|metric| write_row(&mut text, metric));
    }
    text
}

/// Headings of the page, with the prefixes of the metric names below each.
const SERVICES: [(&str, &[&str]); 8] = [
    (
        "Every service",
        &[
            "crow_http_",
            "crow_connections_",
            "crow_failing_",
            "crow_auth_",
        ],
    ),
    ("Gateway (`crow-ingest`)", &["crow_ingest_"]),
    ("Bus client (gateway and keeper)", &["crow_bus_"]),
    (
        "Session keeper (`crow-session`)",
        &["crow_session_", "crow_storage_"],
    ),
    ("Read API (`crow-query`)", &["crow_query_"]),
    ("API gateway (`crow-gateway`)", &["crow_gateway_"]),
    (
        "Interaction service (`crow-interaction`)",
        &["crow_interaction_"],
    ),
    (
        "Language models and embeddings (interaction service and read API)",
        &["crow_ai_"],
    ),
];

fn write_row(text: &mut String, metric: &Metric) {
    let labels: Vec<String> = metric
        .labels
        .iter()
        .map(|(name, values)| format!("`{name}`: {values}"))
        .collect();
    let outcome = writeln!(
        text,
        "| `{}` | {} | {} | {} |",
        metric.name,
        metric.kind.as_str(),
        labels.join("; "),
        metric.about
    );
    outcome.expect("writing to a string does not fail");
}

#[cfg(test)]
mod tests {
    use metrics::Unit;

    use super::*;

    #[test]
    fn every_metric_has_one_place_on_the_page() {
        let page = reference();
        for metric in METRICS {
            let cell = format!("| `{}` |", metric.name);
            assert_eq!(page.matches(&cell).count(), 1, "{}", metric.name);
        }
    }

    #[test]
    fn names_say_what_they_count() {
        for Metric {
            name, kind, unit, ..
        } in METRICS
        {
            let is_counter = *kind == Kind::Counter;
            assert_eq!(name.ends_with("_total"), is_counter, "{name}");
            let is_seconds = *unit == Unit::Seconds;
            assert_eq!(name.ends_with("_seconds"), is_seconds, "{name}");
        }
    }
}

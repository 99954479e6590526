use metrics::Unit;

/// The type of a metric in Prometheus.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Only grows; starts at 0 with the process.
    Counter,
    /// A current value.
    Gauge,
    /// Observations in buckets, with their sum and count.
    Histogram,
}

impl Kind {
    /// The name of the type in Prometheus.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
            Self::Histogram => "histogram",
        }
    }
}

/// A metric that a service exports.
#[derive(Debug, Clone, Copy)]
pub struct Metric {
    /// Its name, with the prefix `crow_`.
    pub name: &'static str,
    /// Its type in Prometheus.
    pub kind: Kind,
    /// The unit: bytes, seconds or a count.
    pub unit: Unit,
    /// Label names, each with its possible values or their meaning.
    pub labels: &'static [(&'static str, &'static str)],
    /// One sentence for operators.
    pub about: &'static str,
}

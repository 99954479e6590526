//! Traces, sent to a collector over OTLP.
//!
//! A trace follows one request: in the gateway, over the bus, in the keeper until its flush is
//! committed; or in the read API. Only sampled requests have spans. For the others a trace id is drawn
//! and forgotten. Without an endpoint nothing is sampled, and a request costs one comparison.

use std::sync::OnceLock;
use std::time::Duration;

use anyhow::Context as _;
use opentelemetry::propagation::{Extractor, Injector, TextMapPropagator};
pub use opentelemetry::trace::SpanKind;
use opentelemetry::trace::{Status, TraceContextExt, Tracer, TracerProvider};
use opentelemetry::{Context, KeyValue, Value};
use opentelemetry_otlp::{SpanExporter, WithExportConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{Sampler, SdkTracer, SdkTracerProvider};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Time for sending the last spans when the process stops.
const LAST_EXPORT: Duration = Duration::from_secs(2);
/// The header of the W3C trace context.
const TRACE_PARENT: &str = "traceparent";

/// Which requests are traced, and where their traces are sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TracesConfig {
    /// Address of the collector for OTLP over gRPC without TLS, such as `http://localhost:4317`.
    /// Empty: no traces.
    pub endpoint: String,
    /// The share of requests that are traced, from 0 to 1.
    pub sample_ratio: f64,
    /// Whether a request with the header `traceparent` continues its caller's trace, and is traced
    /// if the caller's flag says so. Only for callers that you trust: others could have every
    /// request traced.
    pub follow_callers: bool,
}

impl Default for TracesConfig {
    fn default() -> Self {
        Self {
            endpoint: String::new(),
            sample_ratio: 0.01,
            follow_callers: false,
        }
    }
}

struct Tracing {
    provider: SdkTracerProvider,
    tracer: SdkTracer,
    follow_callers: bool,
}

static TRACING: OnceLock<Tracing> = OnceLock::new();

/// Starts tracing, once for a process. Call it in the async runtime.
///
/// # Errors
/// When a setting is invalid.
pub fn init(service: &'static str, environment: &str, config: &TracesConfig) -> anyhow::Result<()> {
    if config.endpoint.is_empty() {
        return Ok(());
    }
    anyhow::ensure!(
        (0.0..=1.0).contains(&config.sample_ratio),
        "traces.sample_ratio must be from 0 to 1"
    );
    anyhow::ensure!(
        config.endpoint.starts_with("http://"),
        "traces.endpoint must start with http://; for TLS, run a collector beside this process"
    );
    let exporter = SpanExporter::builder()
        .with_tonic()
        .with_endpoint(&config.endpoint)
        .build()
        .context("traces.endpoint is not valid")?;
    let resource = Resource::builder()
        .with_service_name(service)
        .with_attribute(KeyValue::new("service.version", crate::version()))
        .with_attribute(KeyValue::new(
            "deployment.environment.name",
            environment.to_owned(),
        ))
        .build();
    let new_trace = Sampler::TraceIdRatioBased(config.sample_ratio);
    let provider = SdkTracerProvider::builder()
        .with_batch_exporter(exporter)
        .with_sampler(Sampler::ParentBased(Box::new(new_trace)))
        .with_resource(resource)
        .build();
    let tracing = Tracing {
        tracer: provider.tracer("crow"),
        provider,
        follow_callers: config.follow_callers,
    };
    // Fails only if it is on already, because tests share a process.
    drop(TRACING.set(tracing));
    Ok(())
}

/// Sends what is left. Blocks for at most two seconds.
pub fn finish() {
    let Some(tracing) = TRACING.get() else { return };
    if let Err(error) = tracing.provider.shutdown_with_timeout(LAST_EXPORT) {
        tracing::warn!(
            error = format!("{error:#}"),
            "the last traces could not be sent"
        );
    }
}

/// A sampled span. It ends when its last clone is dropped.
#[derive(Debug, Clone)]
pub struct Span(Context);

impl Span {
    /// The span of a request, if it is sampled. `header` looks up a header of the request.
    #[must_use]
    pub fn of_request(header: impl Fn(&str) -> Option<String>) -> Option<Self> {
        let tracing = TRACING.get()?;
        let caller = if tracing.follow_callers {
            context_of(header(TRACE_PARENT))
        } else {
            Context::new()
        };
        tracing.start("request", SpanKind::Server, &caller)
    }

    /// The span of a message that another process has sent with [`Span::parent`].
    #[must_use]
    pub fn of_message(name: &'static str, parent: &str) -> Option<Self> {
        let tracing = TRACING.get()?;
        let sender = context_of(Some(parent.to_owned()));
        // Without a sender there is nothing to continue.
        if !sender.span().span_context().is_sampled() {
            return None;
        }
        tracing.start(name, SpanKind::Consumer, &sender)
    }

    /// A part of this span.
    #[must_use]
    pub fn child(&self, name: &'static str, kind: SpanKind) -> Option<Self> {
        TRACING.get()?.start(name, kind, &self.0)
    }

    /// This span as a `traceparent`, for a message to another process.
    #[must_use]
    pub fn parent(&self) -> String {
        let mut carrier = Carrier(None);
        TraceContextPropagator::new().inject_context(&self.0, &mut carrier);
        carrier.0.unwrap_or_default()
    }

    /// The id of the trace, 32 hexadecimal digits.
    #[must_use]
    pub fn trace_id(&self) -> String {
        self.0.span().span_context().trace_id().to_string()
    }

    /// Adds an attribute. Names follow the semantic conventions of OpenTelemetry.
    pub fn set(&self, name: &'static str, value: impl Into<Value>) {
        self.0.span().set_attribute(KeyValue::new(name, value));
    }

    /// Replaces the name.
    pub fn rename(&self, name: String) {
        self.0.span().update_name(name);
    }

    /// Marks the span as failed.
    pub fn fail(&self, why: &'static str) {
        self.0.span().set_status(Status::error(why));
    }
}

impl Tracing {
    fn start(&self, name: &'static str, kind: SpanKind, parent: &Context) -> Option<Span> {
        let builder = self.tracer.span_builder(name).with_kind(kind);
        let span = builder.start_with_context(&self.tracer, parent);
        let context = Context::new().with_span(span);
        let is_sampled = context.span().span_context().is_sampled();
        is_sampled.then_some(Span(context))
    }
}

/// Holds one `traceparent`.
struct Carrier(Option<String>);

impl Extractor for Carrier {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.as_deref().filter(|_| key == TRACE_PARENT)
    }

    fn keys(&self) -> Vec<&str> {
        vec![TRACE_PARENT]
    }
}

impl Injector for Carrier {
    fn set(&mut self, key: &str, value: String) {
        if key == TRACE_PARENT {
            self.0 = Some(value);
        }
    }
}

fn context_of(parent: Option<String>) -> Context {
    TraceContextPropagator::new().extract_with_context(&Context::new(), &Carrier(parent))
}

//! Traces over OTLP, received by a collector in this process: one request through the gateway, the
//! bus and the keeper, and requests to the read API.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use crow_proto::api::ListSessionsRequest;
use crow_proto::api::session_service_client::SessionServiceClient;
use crow_testkit::recording::rrweb_recording;
use crow_testkit::wait::eventually;
use data_encoding::HEXLOWER;
use opentelemetry_proto::tonic::collector::trace::v1::trace_service_server::{
    TraceService, TraceServiceServer,
};
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use opentelemetry_proto::tonic::trace::v1::Span;
use tokio_stream::wrappers::TcpListenerStream;
use tonic::{Request, Response, Status};

use crate::client::{batches_of, http};
use crate::system::{Database, ORGANIZATION, Objects, System};

/// Keeps what it gets: the service's name and the span.
#[derive(Clone, Default)]
struct Collector(Arc<Mutex<Vec<(String, Span)>>>);

#[tonic::async_trait]
impl TraceService for Collector {
    async fn export(
        &self,
        request: Request<ExportTraceServiceRequest>,
    ) -> Result<Response<ExportTraceServiceResponse>, Status> {
        let mut kept = self.0.lock().unwrap();
        for group in request.into_inner().resource_spans {
            let resource = group.resource.unwrap();
            let name = resource
                .attributes
                .iter()
                .find(|one| one.key == "service.name");
            let name = format!("{:?}", name.unwrap().value);
            let spans = group.scope_spans.into_iter().flat_map(|scope| scope.spans);
            kept.extend(spans.map(|span| (name.clone(), span)));
        }
        Ok(Response::new(ExportTraceServiceResponse::default()))
    }
}

impl Collector {
    /// Serves on a free port until the test ends; returns the address.
    async fn serve(&self) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let service = TraceServiceServer::new(self.clone());
        let server = tonic::transport::Server::builder().add_service(service);
        tokio::spawn(server.serve_with_incoming(TcpListenerStream::new(listener)));
        format!("http://{address}")
    }

    async fn span(&self, service: &str, name: &str, trace: Option<&[u8]>) -> Span {
        let wanted = |(of, span): &&(String, Span)| {
            of.contains(service)
                && span.name == name
                && trace.is_none_or(|trace| span.trace_id == trace)
        };
        let what = format!("{service}: {name}");
        eventually(&what, Duration::from_secs(60), async || {
            let kept = self.0.lock().unwrap();
            kept.iter().find(wanted).map(|(_of, span)| span.clone())
        })
        .await
    }

    fn count(&self) -> usize {
        self.0.lock().unwrap().len()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trace_leads_from_the_request_to_the_commit() {
    let collector = Collector::default();
    let settings = [
        ("CROW_TRACES__ENDPOINT", collector.serve().await),
        ("CROW_TRACES__SAMPLE_RATIO", "1".to_owned()),
    ];
    let settings = settings
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    let system = System::start(Database::Sqlite, Objects::Disk, &settings).await;
    let (batches, _sent) = batches_of(&rrweb_recording(), "traced-1", 40);
    let sent = http()
        .post(format!("{}/batch", system.ingest_url))
        .bearer_auth(&system.ingest_key)
        // Anybody may send this, so it must not decide what is traced.
        .header(
            "traceparent",
            "00-11111111111111111111111111111111-2222222222222222-01",
        )
        .json(&batches[0])
        .send()
        .await
        .unwrap();
    assert_eq!(sent.status(), 202, "{}", system.logs());
    let request_id = sent.headers()["x-request-id"].to_str().unwrap().to_owned();
    let trace = HEXLOWER.decode(request_id.as_bytes()).unwrap();
    assert_ne!(trace, [0x11; 16]);

    let trace = Some(trace.as_slice());
    let request = collector.span("crow-ingest", "POST /batch", trace).await;
    let publish = collector.span("crow-ingest", "publish", trace).await;
    let process = collector.span("crow-session", "process", trace).await;
    let flush = collector.span("crow-session", "flush", trace).await;
    assert!(request.parent_span_id.is_empty());
    assert_eq!(publish.parent_span_id, request.span_id);
    assert_eq!(process.parent_span_id, publish.span_id);
    assert_eq!(flush.parent_span_id, process.span_id);
    assert!(process.end_time_unix_nano >= flush.start_time_unix_nano);
    let text = format!("{request:?}{publish:?}{process:?}{flush:?}");
    for secret in ["traced-1", "user-7", "shop.example", &system.ingest_key] {
        assert!(!text.contains(secret), "{secret}");
    }

    let (status, _list) = system.get("").await;
    assert_eq!(status, 200);
    collector
        .span("crow-query", "GET /sessions/{orgId}", None)
        .await;
    let mut client = SessionServiceClient::connect(system.grpc_url.clone())
        .await
        .unwrap();
    let mut call = Request::new(ListSessionsRequest {
        organization_id: ORGANIZATION.to_owned(),
        ..ListSessionsRequest::default()
    });
    let key = format!("Bearer {}", system.read_key);
    call.metadata_mut()
        .insert("authorization", key.parse().unwrap());
    client.list_sessions(call).await.unwrap();
    collector
        .span("crow-query", "crow.v1.SessionService/ListSessions", None)
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_is_not_sampled_leaves_no_trace() {
    let collector = Collector::default();
    let endpoint = collector.serve().await;
    let settings = [
        ("CROW_TRACES__ENDPOINT", endpoint.as_str()),
        ("CROW_TRACES__SAMPLE_RATIO", "0"),
        ("CROW_TRACES__FOLLOW_CALLERS", "true"),
    ];
    let system = System::start(Database::Sqlite, Objects::Disk, &settings).await;
    let (batches, _sent) = batches_of(&rrweb_recording(), "traced-2", 40);
    assert_eq!(system.post("/batch", &batches[0]).await.0, 202);
    // A caller that is trusted decides for its own requests.
    let caller = "00-0123456789abcdef0123456789abcdef-0123456789abcdef-01";
    let sent = http()
        .post(format!("{}/batch", system.ingest_url))
        .bearer_auth(&system.ingest_key)
        .header("traceparent", caller)
        .json(&batches[1])
        .send()
        .await
        .unwrap();
    assert_eq!(sent.status(), 202);
    let trace = HEXLOWER
        .decode(b"0123456789abcdef0123456789abcdef")
        .unwrap();
    let trace = Some(trace.as_slice());
    collector.span("crow-session", "flush", trace).await;
    collector.span("crow-session", "process", trace).await;
    collector.span("crow-ingest", "POST /batch", trace).await;
    collector.span("crow-ingest", "publish", trace).await;
    assert_eq!(collector.count(), 4, "only those of the second request");
}

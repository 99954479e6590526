use tonic::transport::Channel;
use tonic::{Code, Request};

use crow_auth::Scope;
use crow_proto::api::analytics_service_client::AnalyticsServiceClient;
use crow_proto::api::session_service_client::SessionServiceClient;
use crow_proto::api::{
    GetSessionRequest, ListEventsRequest, ListSessionsRequest, SessionFilter, StreamReplayRequest,
    TailSessionRequest,
};
use crow_runtime::{Shutdown, Tls};
use crow_testkit::wait::eventually;
use crow_types::{EndReason, SessionRecord};
use crow_web::ConnectionLimits;
use crow_web::grpc::{Incoming, bind};

use super::fixture::{World, event, rrweb, session};
use crate::grpc;

/// Serves the world and returns the address.
async fn serve(world: &World, shutdown: &Shutdown) -> String {
    serve_limited(world, ConnectionLimits::default(), shutdown).await
}

pub async fn serve_limited(world: &World, limits: ConnectionLimits, shutdown: &Shutdown) -> String {
    let address = serve_on(world, limits, None, shutdown).await;
    format!("http://{address}")
}

/// Serves the world and returns where.
pub async fn serve_on(
    world: &World,
    limits: ConnectionLimits,
    tls: Option<Tls>,
    shutdown: &Shutdown,
) -> String {
    let sockets = bind("test.listen", "127.0.0.1:0".parse().unwrap()).unwrap();
    let address = sockets.local_addr().unwrap();
    let incoming = Incoming {
        sockets,
        tls,
        limits,
    };
    let live = world.live(shutdown).await;
    let answering = (world.api.clone(), live, world.accounts.clone());
    shutdown.spawn("grpc", grpc::serve(incoming, answering, shutdown.clone()));
    address.to_string()
}

async fn connect(world: &World, shutdown: &Shutdown) -> SessionServiceClient<Channel> {
    let address = serve(world, shutdown).await;
    SessionServiceClient::connect(address).await.unwrap()
}

pub async fn connect_analytics(
    world: &World,
    shutdown: &Shutdown,
) -> AnalyticsServiceClient<Channel> {
    let address = serve(world, shutdown).await;
    AnalyticsServiceClient::connect(address).await.unwrap()
}

pub fn with_key<T>(key: &str, message: T) -> Request<T> {
    let mut request = Request::new(message);
    request
        .metadata_mut()
        .insert("authorization", format!("Bearer {key}").parse().unwrap());
    request
}

fn list(organization: &str) -> ListSessionsRequest {
    ListSessionsRequest {
        organization_id: organization.to_owned(),
        ..ListSessionsRequest::default()
    }
}

fn replay_of(organization: &str, session: &str) -> StreamReplayRequest {
    StreamReplayRequest {
        organization_id: organization.to_owned(),
        session_id: session.to_owned(),
        from: None,
        to: None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_sessions_over_grpc() {
    let world = World::new().await;
    let chunks = world
        .pack("a", &[(0..1_200).map(|at| rrweb(at, "w", 3)).collect()])
        .await;
    let events = vec![event("a", "e1", "click", 3)];
    world
        .add(
            vec![session("acme", "a", 1), session("acme", "b", 2)],
            events,
            chunks,
        )
        .await;
    let key = world.key("acme", Scope::Read).await;
    let shutdown = Shutdown::new();
    let mut client = connect(&world, &shutdown).await;

    let asked = ListSessionsRequest {
        page_size: 1,
        ..list("acme")
    };
    let page = client
        .list_sessions(with_key(&key, asked.clone()))
        .await
        .unwrap()
        .into_inner();
    assert_eq!(page.sessions[0].id, "b");
    let asked = ListSessionsRequest {
        page_token: page.next_page_token,
        ..asked
    };
    let page = client
        .list_sessions(with_key(&key, asked))
        .await
        .unwrap()
        .into_inner();
    assert_eq!(
        (page.sessions[0].id.as_str(), page.next_page_token.as_str()),
        ("a", "")
    );
    let filter = SessionFilter {
        event_type: Some("click".to_owned()),
        ..SessionFilter::default()
    };
    let asked = ListSessionsRequest {
        filter: Some(filter),
        ..list("acme")
    };
    assert_eq!(
        client
            .list_sessions(with_key(&key, asked))
            .await
            .unwrap()
            .into_inner()
            .sessions
            .len(),
        1
    );

    let asked = GetSessionRequest {
        organization_id: "acme".to_owned(),
        session_id: "sdk-a".to_owned(),
    };
    let found = client
        .get_session(with_key(&key, asked))
        .await
        .unwrap()
        .into_inner();
    assert_eq!(
        (found.id.as_str(), found.gaps.len(), found.generations.len()),
        ("a", 1, 1)
    );
    let asked = ListEventsRequest {
        organization_id: "acme".to_owned(),
        session_id: "a".to_owned(),
        ..ListEventsRequest::default()
    };
    assert_eq!(
        client
            .list_events(with_key(&key, asked))
            .await
            .unwrap()
            .into_inner()
            .events[0]
            .id,
        "e1"
    );

    let mut frames = client
        .stream_replay(with_key(&key, replay_of("acme", "a")))
        .await
        .unwrap()
        .into_inner();
    let mut sizes = Vec::new();
    let mut gaps = 0;
    while let Some(frame) = frames.message().await.unwrap() {
        sizes.push(frame.events.len());
        gaps += frame.gaps.len();
    }
    assert_eq!((sizes, gaps), (vec![500, 500, 200], 1));
    drop(client);
    shutdown.start();
    assert!(shutdown.finish(std::time::Duration::from_secs(5)).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_have_the_codes_of_the_one_map() {
    let world = World::new().await;
    world
        .add(vec![session("rival", "b", 1)], vec![], vec![])
        .await;
    let (read, ingest) = (
        world.key("acme", Scope::Read).await,
        world.key("acme", Scope::Ingest).await,
    );
    let shutdown = Shutdown::new();
    let mut client = connect(&world, &shutdown).await;

    let refused = client.list_sessions(list("acme")).await.unwrap_err();
    assert_eq!(refused.code(), Code::Unauthenticated);
    let refused = client
        .list_sessions(with_key(&ingest, list("acme")))
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Code::PermissionDenied);
    let other = client
        .list_sessions(with_key(&read, list("rival")))
        .await
        .unwrap_err();
    let hidden = client
        .stream_replay(with_key(&read, replay_of("acme", "b")))
        .await
        .unwrap_err();
    let absent = client
        .stream_replay(with_key(&read, replay_of("acme", "none")))
        .await
        .unwrap_err();
    for refused in [&other, &hidden, &absent] {
        assert_eq!(
            (refused.code(), refused.message()),
            (Code::NotFound, absent.message())
        );
    }
    let bad = ListSessionsRequest {
        page_token: "x".to_owned(),
        ..list("acme")
    };
    assert_eq!(
        client
            .list_sessions(with_key(&read, bad))
            .await
            .unwrap_err()
            .code(),
        Code::InvalidArgument
    );
    shutdown.start();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tail_of_a_session_that_is_over_is_its_recording_and_its_end() {
    let world = World::new().await;
    let chunks = world
        .pack("a", &[(0..1_200).map(|at| rrweb(at, "w", 3)).collect()])
        .await;
    let over = SessionRecord {
        end_reason: Some(EndReason::Ended),
        ended_at: Some(1_200),
        due_at: None,
        chunk_count: 1,
        ..session("acme", "a", 1)
    };
    world.add(vec![over], vec![], chunks).await;
    let key = world.key("acme", Scope::Read).await;
    let shutdown = Shutdown::new();
    let mut client = connect(&world, &shutdown).await;
    let asked = |organization: &str| TailSessionRequest {
        organization_id: organization.to_owned(),
        session_id: "sdk-a".to_owned(),
        from: None,
    };
    let mut frames = client
        .tail_session(with_key(&key, asked("acme")))
        .await
        .unwrap()
        .into_inner();
    let (mut times, mut rest) = (Vec::new(), Vec::new());
    while let Some(frame) = frames.message().await.unwrap() {
        times.extend(frame.lines.iter().map(|line| line.timestamp));
        if frame.lines.is_empty() {
            rest.push((frame.caught_up, frame.end_reason));
        }
    }
    assert_eq!(times, (0..1_200).collect::<Vec<_>>());
    assert_eq!(rest, [(true, String::new()), (false, "ended".to_owned())]);
    let refused = client.tail_session(with_key(&key, asked("rival"))).await;
    assert_eq!(refused.unwrap_err().code(), Code::NotFound);
    shutdown.start();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_has_so_many_streams_and_no_more() {
    let world = World::new().await;
    world
        .add(vec![session("acme", "a", 1)], vec![], vec![])
        .await;
    let key = world.key("acme", Scope::Read).await;
    let shutdown = Shutdown::new();
    let mut client = connect(&world, &shutdown).await;
    let mut open = async || {
        let asked = TailSessionRequest {
            organization_id: "acme".to_owned(),
            session_id: "a".to_owned(),
            from: None,
        };
        client.tail_session(with_key(&key, asked)).await
    };
    let first = open().await.unwrap();
    let _second = open().await.unwrap();
    assert_eq!(open().await.unwrap_err().code(), Code::ResourceExhausted);
    drop(first);
    let deadline = std::time::Duration::from_secs(30);
    eventually("a place to be free", deadline, async || open().await.ok()).await;
    shutdown.start();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_says_what_its_visitor_agreed_to() {
    let world = World::new().await;
    let asked = SessionRecord {
        consent: Some(r#"{"state":"granted","signal":"dnt"}"#.to_owned()),
        ..session("acme", "a", 1)
    };
    world
        .add(vec![asked, session("acme", "b", 1)], vec![], vec![])
        .await;
    let key = world.key("acme", Scope::Read).await;
    let shutdown = Shutdown::new();
    let mut client = connect(&world, &shutdown).await;
    let mut consents = Vec::new();
    for id in ["a", "b"] {
        let wanted = GetSessionRequest {
            organization_id: "acme".to_owned(),
            session_id: id.to_owned(),
        };
        let found = client.get_session(with_key(&key, wanted)).await.unwrap();
        consents.push(found.into_inner().consent);
    }
    let consent = consents[0].clone().unwrap();
    assert_eq!(
        (
            consent.state.as_str(),
            consent.version.as_str(),
            consent.signal.as_str()
        ),
        ("granted", "", "dnt")
    );
    assert_eq!(consents[1], None);
    shutdown.start();
}

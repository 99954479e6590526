use std::pin::Pin;

use futures::{Stream, StreamExt, stream};
use tonic::{Request, Response, Status};

use crow_proto::api;
use crow_proto::api::session_service_server::SessionService;
use crow_web::grpc::status;

use crate::api::Api;
use crate::ask::replay::{GetReplay, WatchSession};
use crate::ask::sessions::{ListEvents, ListSessions, OneSession};
use crate::door::Read;
use crate::grpc::convert;
use crate::grpc::frames::Frames;
use crate::live::Live;
use crate::replay::stored::StoredChunks;

/// `crow.v1.SessionService`.
#[derive(Clone)]
pub struct Sessions {
    api: Api,
    live: Live,
}

impl Sessions {
    /// Uses the same use cases as REST.
    #[must_use]
    pub fn new(api: Api, live: Live) -> Self {
        Self { api, live }
    }
}

#[tonic::async_trait]
impl SessionService for Sessions {
    async fn list_sessions(
        &self,
        request: Request<api::ListSessionsRequest>,
    ) -> Result<Response<api::ListSessionsResponse>, Status> {
        let (by, asked) = self
            .api
            .door
            .open::<Read, _>(request)
            .await
            .map_err(status)?;
        let asked = ListSessions::try_from(asked).map_err(status)?;
        let (by, cases) = (by.principal(), &self.api.use_cases);
        let page = cases.list_sessions(by.organization(), by.id(), &asked);
        let mut page = page.await.map_err(status)?;
        let kept = cases.add_kept(by, &mut page.items);
        kept.await.map_err(status)?;
        Ok(Response::new(page.into()))
    }

    async fn get_session(
        &self,
        request: Request<api::GetSessionRequest>,
    ) -> Result<Response<api::Session>, Status> {
        let (by, asked) = self
            .api
            .door
            .open::<Read, _>(request)
            .await
            .map_err(status)?;
        let asked = OneSession::from(asked);
        let (by, cases) = (by.principal(), &self.api.use_cases);
        let found = cases.session(by.organization(), &asked);
        let mut found = found.await.map_err(status)?;
        let kept = cases.add_kept(by, std::slice::from_mut(&mut found));
        kept.await.map_err(status)?;
        Ok(Response::new(convert::session(found)))
    }

    async fn list_events(
        &self,
        request: Request<api::ListEventsRequest>,
    ) -> Result<Response<api::ListEventsResponse>, Status> {
        let (by, asked) = self
            .api
            .door
            .open::<Read, _>(request)
            .await
            .map_err(status)?;
        let asked = ListEvents::try_from(asked).map_err(status)?;
        let page = self.api.use_cases.events(by.organization(), &asked);
        Ok(Response::new(page.await.map_err(status)?.into()))
    }

    type StreamReplayStream = Pin<Box<dyn Stream<Item = Result<api::ReplayFrame, Status>> + Send>>;

    async fn stream_replay(
        &self,
        request: Request<api::StreamReplayRequest>,
    ) -> Result<Response<Self::StreamReplayStream>, Status> {
        let (by, asked) = self
            .api
            .door
            .open::<Read, _>(request)
            .await
            .map_err(status)?;
        let asked = GetReplay::from(asked);
        let found = self.api.use_cases.replay(by.organization(), &asked);
        let found = found.await.map_err(status)?;
        let watched = &self.api.use_cases.watched;
        watched
            .watched(by.actor(), by.organization(), &found.session)
            .await
            .map_err(status)?;
        metrics::counter!("crow_query_replays_total").increment(1);
        let frames = stream::try_unfold(Frames::new(found.replay, found.gaps), next_frame);
        Ok(Response::new(frames.boxed()))
    }

    type TailSessionStream = Pin<Box<dyn Stream<Item = Result<api::TailFrame, Status>> + Send>>;

    async fn tail_session(
        &self,
        request: Request<api::TailSessionRequest>,
    ) -> Result<Response<Self::TailSessionStream>, Status> {
        let (by, asked) = self
            .api
            .door
            .open::<Read, _>(request)
            .await
            .map_err(status)?;
        let parts = self.live.tail(&by, &WatchSession::from(asked)).await;
        let frames = parts
            .map_err(status)?
            .map(|part| part.map(convert::tail_frame).map_err(status));
        Ok(Response::new(frames.boxed()))
    }
}

async fn next_frame(
    mut frames: Frames<StoredChunks>,
) -> Result<Option<(api::ReplayFrame, Frames<StoredChunks>)>, Status> {
    let frame = frames.next().await.map_err(status)?;
    Ok(frame.map(|frame| (frame, frames)))
}

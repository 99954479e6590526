use std::pin::Pin;

use futures::{Stream, StreamExt, stream};
use tonic::{Request, Response, Status};

use crow_proto::api;
use crow_proto::api::session_service_server::SessionService;
use crow_types::OrganizationId;

use crate::access::Access;
use crate::cursor;
use crate::grpc::admission::admit;
use crate::grpc::convert;
use crate::grpc::error::status;
use crate::grpc::frames::Frames;
use crate::live::{Live, Watcher};
use crate::replay::ReplayRange;
use crate::replay::stored::StoredChunks;
use crate::use_cases::{EVENT_PAGE, SESSION_PAGE, UseCases};

/// `crow.v1.SessionService`.
#[derive(Clone)]
pub struct Sessions {
    access: Access,
    use_cases: UseCases,
    live: Live,
}

impl Sessions {
    /// Over the same use cases as REST.
    #[must_use]
    pub fn new(access: Access, use_cases: UseCases, live: Live) -> Self {
        Self {
            access,
            use_cases,
            live,
        }
    }

    /// The organization, when the key of the call may read it.
    async fn organization<T: Sync>(
        &self,
        request: &Request<T>,
        organization: &str,
    ) -> Result<OrganizationId, Status> {
        let (admission, _caller) = admit(&self.access, request, organization).await?;
        Ok(admission.organization)
    }
}

/// In protobuf a number that is not given is 0.
fn given_size(size: u32) -> Option<u64> {
    (size > 0).then_some(u64::from(size))
}

fn given_token<K: cursor::Key>(token: &str) -> Result<Option<K>, Status> {
    if token.is_empty() {
        return Ok(None);
    }
    cursor::decode(token).map(Some).map_err(status)
}

#[tonic::async_trait]
impl SessionService for Sessions {
    async fn list_sessions(
        &self,
        request: Request<api::ListSessionsRequest>,
    ) -> Result<Response<api::ListSessionsResponse>, Status> {
        let organization = self
            .organization(&request, &request.get_ref().organization_id)
            .await?;
        let asked = request.into_inner();
        let size = SESSION_PAGE
            .choose("page_size", given_size(asked.page_size))
            .map_err(status)?;
        let after = given_token(&asked.page_token)?;
        let filter = convert::filter(asked.filter.unwrap_or_default());
        let page = self
            .use_cases
            .list_sessions(&organization, &filter, after.as_ref(), size)
            .await
            .map_err(status)?;
        Ok(Response::new(api::ListSessionsResponse {
            sessions: page.items.into_iter().map(convert::session).collect(),
            next_page_token: page.next.as_ref().map(cursor::encode).unwrap_or_default(),
        }))
    }

    async fn get_session(
        &self,
        request: Request<api::GetSessionRequest>,
    ) -> Result<Response<api::Session>, Status> {
        let organization = self
            .organization(&request, &request.get_ref().organization_id)
            .await?;
        let found = self
            .use_cases
            .session(&organization, &request.get_ref().session_id)
            .await
            .map_err(status)?;
        Ok(Response::new(convert::session(found)))
    }

    async fn list_events(
        &self,
        request: Request<api::ListEventsRequest>,
    ) -> Result<Response<api::ListEventsResponse>, Status> {
        let organization = self
            .organization(&request, &request.get_ref().organization_id)
            .await?;
        let asked = request.into_inner();
        let size = EVENT_PAGE
            .choose("page_size", given_size(asked.page_size))
            .map_err(status)?;
        let after = given_token(&asked.page_token)?;
        let page = self
            .use_cases
            .events(
                &organization,
                &asked.session_id,
                asked.r#type.as_deref(),
                after.as_ref(),
                size,
            )
            .await
            .map_err(status)?;
        Ok(Response::new(api::ListEventsResponse {
            events: page.items.into_iter().map(convert::event).collect(),
            next_page_token: page.next.as_ref().map(cursor::encode).unwrap_or_default(),
        }))
    }

    type StreamReplayStream = Pin<Box<dyn Stream<Item = Result<api::ReplayFrame, Status>> + Send>>;

    async fn stream_replay(
        &self,
        request: Request<api::StreamReplayRequest>,
    ) -> Result<Response<Self::StreamReplayStream>, Status> {
        let organization = self
            .organization(&request, &request.get_ref().organization_id)
            .await?;
        let asked = request.into_inner();
        let range = ReplayRange {
            from: asked.from,
            to: asked.to,
        };
        let found = self
            .use_cases
            .replay(&organization, &asked.session_id, range)
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
        let organization = request.get_ref().organization_id.clone();
        let (admission, caller) = admit(&self.access, &request, &organization).await?;
        let asked = request.into_inner();
        let watcher = Watcher {
            caller,
            organization,
        };
        let parts = self
            .live
            .tail(&admission, watcher, &asked.session_id, asked.from)
            .await
            .map_err(status)?;
        let frames = parts.map(|part| part.map(convert::tail_frame).map_err(status));
        Ok(Response::new(frames.boxed()))
    }
}

async fn next_frame(
    mut frames: Frames<StoredChunks>,
) -> Result<Option<(api::ReplayFrame, Frames<StoredChunks>)>, Status> {
    let frame = frames.next().await.map_err(status)?;
    Ok(frame.map(|frame| (frame, frames)))
}

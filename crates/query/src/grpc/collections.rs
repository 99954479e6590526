use tonic::{Request, Response, Status};

use crow_proto::api;
use crow_proto::api::collection_service_server::CollectionService;
use crow_web::grpc::status;

use crate::api::Api;
use crate::ask::collections::{Collected, ListCollections, SaveCollection};
use crate::ask::values::Name;
use crate::door::{Read, Writes};
use crate::rest::collections::CollectionView;
use crate::rest::kept::writer;

/// `crow.v1.CollectionService`.
#[derive(Clone)]
pub struct Collections {
    api: Api,
}

impl Collections {
    /// Uses the same use cases as REST.
    #[must_use]
    pub fn new(api: Api) -> Self {
        Self { api }
    }
}

type Answer<T> = Result<Response<T>, Status>;

#[tonic::async_trait]
impl CollectionService for Collections {
    async fn list_collections(
        &self,
        request: Request<api::ListCollectionsRequest>,
    ) -> Answer<api::ListCollectionsResponse> {
        let door = &self.api.door;
        let (by, asked) = door.open::<Read, _>(request).await.map_err(status)?;
        let asked = ListCollections {
            session: asked.session_id.map(Name),
        };
        let found = self.api.use_cases.collections(by.organization(), &asked);
        let found = found.await.map_err(status)?.into_iter();
        Ok(Response::new(api::ListCollectionsResponse {
            collections: found.map(CollectionView::from).map(collection).collect(),
        }))
    }

    async fn create_collection(
        &self,
        request: Request<api::CreateCollectionRequest>,
    ) -> Answer<api::Collection> {
        let door = &self.api.door;
        let (by, asked) = door
            .open::<Writes<Read>, _>(request)
            .await
            .map_err(status)?;
        let new = SaveCollection {
            name: asked.name,
            note: asked.note,
        };
        let by = writer(&by);
        let made = self.api.use_cases.add_collection(&by, &new).await;
        Ok(Response::new(collection(made.map_err(status)?.into())))
    }

    async fn change_collection(
        &self,
        request: Request<api::ChangeCollectionRequest>,
    ) -> Answer<api::Collection> {
        let door = &self.api.door;
        let (by, asked) = door
            .open::<Writes<Read>, _>(request)
            .await
            .map_err(status)?;
        let (by, id) = (writer(&by), Name(asked.collection_id));
        let change = SaveCollection {
            name: asked.name,
            note: asked.note,
        };
        let changed = self.api.use_cases.change_collection(&by, &id, &change);
        let changed = changed.await.map_err(status)?;
        Ok(Response::new(collection(changed.into())))
    }

    async fn remove_collection(
        &self,
        request: Request<api::RemoveCollectionRequest>,
    ) -> Answer<api::RemoveCollectionResponse> {
        let door = &self.api.door;
        let (by, asked) = door
            .open::<Writes<Read>, _>(request)
            .await
            .map_err(status)?;
        let (by, id) = (writer(&by), Name(asked.collection_id));
        let removed = self.api.use_cases.remove_collection(&by, &id).await;
        removed.map_err(status)?;
        Ok(Response::new(api::RemoveCollectionResponse {}))
    }

    async fn collect_session(
        &self,
        request: Request<api::CollectSessionRequest>,
    ) -> Answer<api::CollectSessionResponse> {
        let door = &self.api.door;
        let (by, asked) = door
            .open::<Writes<Read>, _>(request)
            .await
            .map_err(status)?;
        let one = collected(asked.collection_id, asked.session_id);
        let added = self.api.use_cases.collect(&writer(&by), &one).await;
        added.map_err(status)?;
        Ok(Response::new(api::CollectSessionResponse {}))
    }

    async fn take_session_out(
        &self,
        request: Request<api::TakeSessionOutRequest>,
    ) -> Answer<api::TakeSessionOutResponse> {
        let door = &self.api.door;
        let (by, asked) = door
            .open::<Writes<Read>, _>(request)
            .await
            .map_err(status)?;
        let one = collected(asked.collection_id, asked.session_id);
        let taken = self.api.use_cases.take_out(&writer(&by), &one).await;
        taken.map_err(status)?;
        Ok(Response::new(api::TakeSessionOutResponse {}))
    }
}

fn collected(collection: String, session: String) -> Collected {
    Collected {
        collection: Name(collection),
        session: Name(session),
    }
}

fn collection(view: CollectionView) -> api::Collection {
    api::Collection {
        id: view.id,
        name: view.name,
        note: view.note,
        sessions: view.sessions,
        created_by: view.created_by,
        created_at: view.created_at,
        updated_at: view.updated_at,
    }
}

//! Which organization a request is about.

use crow_proto::api;

use crate::door::call::OfOrganization;

macro_rules! named_by {
    (organization_id: $($request:ident)+) => { $(
        impl OfOrganization for api::$request {
            fn organization(&self) -> Option<&str> {
                Some(&self.organization_id)
            }
        }
    )+ };
    (query: $($request:ident)+) => { $(
        impl OfOrganization for api::$request {
            fn organization(&self) -> Option<&str> {
                let query = self.query.as_ref();
                query.map(|query| query.organization_id.as_str())
            }
        }
    )+ };
}

named_by!(organization_id:
    ListSessionsRequest GetSessionRequest ListEventsRequest StreamReplayRequest
    TailSessionRequest ListInteractionsRequest CountInteractionsRequest ListProductsRequest
    GetProductRequest GetProductActivityRequest ListIssuesRequest GetIssueRequest ChangeIssueRequest GetStackRequest
    ListPeopleRequest GetPersonRequest GetPersonTimelineRequest
    ListAlertsRequest ListWebhooksRequest ListDeliveriesRequest
    ListNotesRequest AddNoteRequest RemoveNoteRequest ListTagsRequest AddTagRequest RemoveTagRequest
    ListDashboardsRequest GetDashboardRequest CreateDashboardRequest ChangeDashboardRequest
    RemoveDashboardRequest ListCollectionsRequest CreateCollectionRequest ChangeCollectionRequest
    RemoveCollectionRequest CollectSessionRequest TakeSessionOutRequest
    ListCohortsRequest SaveCohortRequest ChangeCohortRequest RemoveCohortRequest);

named_by!(query:
    GetFacetsRequest GetOverviewRequest GetTopRequest GetEventCountsRequest GetFunnelRequest
    GetJourneysRequest GetHeatmapRequest GetPagesRequest GetRetentionRequest
    GetWebVitalsRequest);

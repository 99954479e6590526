use crow_types::OrganizationId;

use crate::api::Api;

/// Answers one request of one caller.
#[derive(Debug, Clone)]
pub(super) struct Assistant {
    pub(super) api: Api,
    /// The organization of the key.
    pub(super) organization: OrganizationId,
    /// Id of the key.
    pub(super) caller: String,
    /// Origin of the dashboard.
    pub(super) dashboard: String,
}

impl Assistant {
    /// Where the dashboard shows a session.
    pub(super) fn link(&self, session: &str) -> String {
        format!("{}/#/sessions/{session}", self.dashboard)
    }
}

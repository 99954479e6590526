use std::sync::Arc;

use crow_auth::{GatewayChannel, KeyVerifier};
use crow_bus::Bus;
use crow_bus::publisher::EventPublisher;
use crow_storage::Store;

use crate::assets::Assets;
use crate::config::IngestConfig;
use crate::edge::Enricher;
use crate::erased::Erased;
use crate::inflight::Inflight;
use crate::meters::Meters;
use crate::notices::Notices;
use crate::rate::RateLimits;
use crate::settings::Settings;
use crow_runtime::Troubles;

/// The state that all requests share.
pub(crate) struct Gateway {
    pub config: IngestConfig,
    pub bus: Bus,
    pub publisher: EventPublisher,
    pub store: Store,
    pub verifier: KeyVerifier,
    /// What the API gateway forwards.
    pub channel: GatewayChannel,
    pub settings: Arc<Settings>,
    pub rates: RateLimits,
    pub enricher: Enricher,
    pub inflight: Inflight,
    pub assets: Assets,
    pub notices: Notices,
    pub erased: Erased,
    pub meters: Meters,
    pub troubles: Troubles,
}

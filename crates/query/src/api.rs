//! What handlers need.

use crate::alerting::Alerting;
use crate::analytics::Analytics;
use crate::door::Door;
use crate::use_cases::UseCases;

/// What handlers need. Cloning is cheap.
#[derive(Debug, Clone)]
pub struct Api {
    /// Admits callers.
    pub door: Door,
    /// The use cases about sessions.
    pub use_cases: UseCases,
    /// Numbers about many sessions.
    pub analytics: Analytics,
    /// Alerts and webhooks.
    pub alerting: Alerting,
    /// Where browsers reach the gateway; empty when unknown.
    pub gateway_url: String,
}

use std::time::Duration;

use ipnet::IpNet;

use crate::caller::Callers;
use crate::limits::Limits;
use crate::places::Places;

/// What all requests share.
pub(crate) struct Gateway {
    pub callers: Callers,
    pub limits: Limits,
    pub places: Places,
    pub trusted_proxies: Vec<IpNet>,
    /// Headers that only trusted proxies may set. Lower case.
    pub proxy_headers: Vec<String>,
    /// The time in which a service has to begin its answer.
    pub patience: Duration,
}

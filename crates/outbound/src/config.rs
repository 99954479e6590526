use std::net::IpAddr;

use ipnet::IpNet;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::address::is_public;

/// What may be reached besides public addresses and the ports 80 and 443.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct OutboundConfig {
    /// Networks that may be reached although they are not public, such as `10.1.2.0/24`. Everybody who
    /// may give an address can then reach them.
    #[schemars(with = "Vec<String>")]
    pub allowed_networks: Vec<IpNet>,
    /// Ports besides 80 and 443.
    pub allowed_ports: Vec<u16>,
}

impl OutboundConfig {
    pub(crate) fn allows_address(&self, address: IpAddr) -> bool {
        let is_in = |network: &IpNet| network.contains(&address);
        is_public(address) || self.allowed_networks.iter().any(is_in)
    }

    pub(crate) fn allows_port(&self, port: u16) -> bool {
        matches!(port, 80 | 443) || self.allowed_ports.contains(&port)
    }
}

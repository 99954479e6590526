//! What cuts a single keeper off from SQL or from the bus.

use std::net::SocketAddr;

use crow_testkit::gate::{Gate, Mode};

/// The proxies of one keeper.
pub struct KeeperGates {
    pub database: Gate,
    database_url: String,
    /// One for each node.
    bus: Vec<Gate>,
}

impl KeeperGates {
    pub async fn new<const N: usize>(database_url: &str, nodes: [SocketAddr; N]) -> Self {
        let (database, database_url) = Gate::before_url(database_url).await;
        let mut bus = Vec::new();
        for node in nodes {
            bus.push(Gate::before_address(node).await);
        }
        Self {
            database,
            database_url,
            bus,
        }
    }

    /// Cuts or restores the connections to all nodes.
    pub fn set_bus(&self, mode: Mode) {
        for gate in &self.bus {
            gate.set(mode);
        }
    }

    /// The addresses that lead through them.
    pub fn settings(&self) -> [(String, String); 2] {
        let urls = self
            .bus
            .iter()
            .map(|gate| format!("nats://127.0.0.1:{}", gate.port));
        let urls: Vec<String> = urls.collect();
        [
            ("CROW_BUS__URL".to_owned(), urls.join(",")),
            ("CROW_DATABASE__URL".to_owned(), self.database_url.clone()),
        ]
    }
}

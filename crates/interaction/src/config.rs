use crow_bus::BusConfig;
use crow_db::DatabaseConfig;
use crow_keyring::KeyringConfig;
use crow_storage::StorageConfig;

/// What the interaction service needs. It has no settings of its own.
#[derive(Debug, Clone)]
pub struct Config {
    /// The SQL database.
    pub database: DatabaseConfig,
    /// Where recordings are.
    pub storage: StorageConfig,
    /// Where the master key is.
    pub keyring: KeyringConfig,
    /// How the bus is reached.
    pub bus: BusConfig,
}

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::Value;

use crow_keyring::Keyring;
use crow_storage::{DataKey, Store};

/// Keys of sessions, by row.
pub(crate) type DataKeys = HashMap<Arc<str>, DataKey>;

/// A recording for the newest sessions.
#[derive(Debug, Clone, Default)]
pub struct Recordings {
    /// rrweb events in time order.
    pub events: Vec<Value>,
    /// How many sessions get it.
    pub sessions: u64,
}

/// Where interactions and recordings are written.
#[derive(Debug, Clone)]
pub struct Objects {
    /// The object store.
    pub store: Store,
    /// The keys that objects are sealed with.
    pub keyring: Keyring,
    /// The recordings.
    pub recordings: Recordings,
}

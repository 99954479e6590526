/// The rules of a partition. All times in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Config {
    /// A session without activity for this long is over.
    pub idle_timeout: i64,
    /// No session is longer than this.
    pub max_duration: i64,
    /// A flush is cut when it holds this many payload bytes.
    pub flush_bytes: usize,
    /// A flush is cut when its oldest message has waited this long.
    pub flush_age: i64,
    /// A flush is cut when the oldest end of a session in it has waited this long.
    pub end_flush_age: i64,
    /// A session that is over waits this long for batches that are still on their way.
    pub idle_grace: i64,
    /// How often due sessions are looked for.
    pub due_interval: i64,
    /// Maximum number of sessions kept in memory after their last batch. Others are loaded again
    /// when needed.
    pub max_cached_sessions: usize,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            idle_timeout: 3_600_000,
            max_duration: 86_400_000,
            flush_bytes: 4 << 20,
            flush_age: 10_000,
            end_flush_age: 1_000,
            idle_grace: 1_500,
            due_interval: 1_000,
            max_cached_sessions: 5_000,
        }
    }
}

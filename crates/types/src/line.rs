use bytes::Bytes;

/// The kind of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineKind {
    /// An interaction.
    Event,
    /// An rrweb event.
    Replay,
}

/// One line of a chunk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The window; empty when the client has none.
    pub window: String,
    /// Interaction or rrweb event.
    pub kind: LineKind,
    /// Number of its batch within the window.
    pub seq: Option<u64>,
    /// Corrected time, milliseconds since the epoch.
    pub at: i64,
    /// JSON.
    pub data: Bytes,
}

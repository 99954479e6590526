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
    /// Place of an interaction in its batch; 0 for rrweb events.
    pub index: u32,
    /// Corrected time, milliseconds since the epoch.
    pub at: i64,
    /// JSON.
    pub data: Bytes,
}

impl Line {
    /// Orders interactions of one millisecond: by the number of the batch, then by the place in it.
    #[must_use]
    pub fn place(&self) -> i64 {
        const INDEX_BITS: u32 = 20;
        let most = |bits: u32| (1_u64 << bits) - 1;
        let seq = self.seq.unwrap_or(0).min(most(62 - INDEX_BITS));
        let index = u64::from(self.index).min(most(INDEX_BITS));
        (seq << INDEX_BITS | index).cast_signed()
    }
}

/// Where a page of events ended: the time, place and id of its last event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventKey {
    /// Milliseconds since the epoch.
    pub timestamp: i64,
    /// Orders events of the same millisecond, see [`crow_types::Line::place`].
    pub place: i64,
    /// The event's id.
    pub id: String,
}

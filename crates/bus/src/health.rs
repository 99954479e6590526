//! What admins ask about the bus.

use futures::TryStreamExt;

use crate::connection::Bus;
use crate::error::{Error, Result};
use crate::streams;

/// Number of dead letters in the whole installation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DeadLetters {
    /// Messages with events.
    pub events: u64,
    /// Announcements of finished sessions.
    pub completions: u64,
}

/// Counts the dead letters.
pub async fn dead_letters(bus: &Bus) -> Result<DeadLetters> {
    if !bus.is_connected() {
        return Err(Error::Disconnected);
    }
    let failed =
        |error: &dyn std::fmt::Display| Error::server("counting dead letters", error.to_string());
    let stream = bus
        .jetstream
        .get_stream_no_info(streams::DEAD_LETTERS)
        .await
        .map_err(|error| failed(&error))?;
    let mut subjects = stream
        .info_with_subjects("crow.dlq.>")
        .await
        .map_err(|error| failed(&error))?;
    let mut counts = DeadLetters::default();
    while let Some((subject, count)) = subjects.try_next().await.map_err(|error| failed(&error))? {
        let count = count as u64;
        if subject.starts_with("crow.dlq.events.") {
            counts.events += count;
        } else {
            counts.completions += count;
        }
    }
    Ok(counts)
}

//! What was acknowledged before the backup began, and whether it is stored.

use std::time::{Duration, Instant};

use anyhow::bail;

use crow_bus::reader::{self, StreamState};
use crow_bus::{Bus, Error as BusError};
use crow_db::Db;
use crow_db::backup;
use crow_types::Partition;

use super::manifest::Position;

const POLL: Duration = Duration::from_millis(200);
const PROGRESS: Duration = Duration::from_secs(5);

/// A stream with messages, and its newest one.
pub(super) type Noted = (Partition, StreamState);

/// The newest message of each stream. Everything that was acknowledged before is at or before it.
pub(super) async fn note(bus: &Bus) -> anyhow::Result<Vec<Noted>> {
    let mut noted = Vec::new();
    for partition in bus.partitions().iter() {
        match reader::stream_state(bus, partition).await {
            Ok(state) if state.last.0 > 0 => noted.push((partition, state)),
            // A stream that was never written to, or that was lost, holds nothing.
            Ok(_) | Err(BusError::NoStream { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(noted)
}

/// Waits until everything that was noted is stored.
pub(super) async fn wait(db: &Db, noted: &[Noted], deadline: Duration) -> anyhow::Result<()> {
    let began = Instant::now();
    let mut told = began;
    loop {
        let waiting = waiting(noted, &backup::positions(db).await?);
        if waiting.is_empty() {
            return Ok(());
        }
        let names: Vec<String> = waiting.iter().map(|(id, _)| id.to_string()).collect();
        let (names, messages) = (
            names.join(", "),
            waiting.iter().map(|(_, n)| n).sum::<u64>(),
        );
        if began.elapsed() >= deadline {
            bail!(
                "the session keepers did not store {messages} messages within {} s (partitions \
                 {names}): see their /health/ready, wait longer with --deadline, or back up what is \
                 stored with --stored-only",
                deadline.as_secs()
            );
        }
        if told.elapsed() > PROGRESS {
            told = Instant::now();
            eprintln!("waiting for {messages} messages of the partitions {names}");
        }
        tokio::time::sleep(POLL).await;
    }
}

/// The partitions that are not stored so far, and the number of their messages that may be missing.
fn waiting(noted: &[Noted], positions: &[backup::Position]) -> Vec<(Partition, u64)> {
    let missing = |(partition, state): &Noted| {
        let position = positions.iter().find(|one| one.partition == *partition);
        let checkpoint = match position {
            Some(position) if position.stream_created == state.created => position.checkpoint.0,
            // The keeper has not read this stream yet.
            Some(_) | None => state.first.0.saturating_sub(1).min(state.last.0 - 1),
        };
        let missing = state.last.0.saturating_sub(checkpoint);
        (missing > 0).then_some((*partition, missing))
    };
    noted.iter().filter_map(missing).collect()
}

/// The positions as they go into the manifest.
pub(super) async fn committed(db: &Db) -> anyhow::Result<Vec<Position>> {
    let position = |one: backup::Position| Position {
        partition: one.partition.0,
        stream_created: one.stream_created,
        checkpoint: one.checkpoint.0,
    };
    Ok(backup::positions(db)
        .await?
        .into_iter()
        .map(position)
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crow_types::Sequence;

    fn stream(created: i64, first: u64, last: u64) -> Noted {
        let state = StreamState {
            created,
            first: Sequence(first),
            last: Sequence(last),
        };
        (Partition(3), state)
    }

    fn stored(stream_created: i64, checkpoint: u64) -> backup::Position {
        backup::Position {
            partition: Partition(3),
            stream_created,
            checkpoint: Sequence(checkpoint),
        }
    }

    #[test]
    fn a_partition_waits_until_its_checkpoint_has_passed() {
        let check = |noted, position, expected: &[u64]| {
            let found = waiting(&[noted], &[position]);
            let found: Vec<u64> = found.into_iter().map(|(_, messages)| messages).collect();
            assert_eq!(found, expected);
        };
        check(stream(1, 1, 9), stored(1, 4), &[5]);
        check(stream(1, 5, 9), stored(1, 9), &[]);
        check(stream(1, 5, 9), stored(1, 12), &[]);
        // Of another stream, or of none.
        check(stream(2, 4, 9), stored(1, 12), &[6]);
        check(stream(2, 10, 9), stored(0, 0), &[1]);
        assert_eq!(waiting(&[stream(1, 1, 9)], &[]), [(Partition(3), 9)]);
    }
}

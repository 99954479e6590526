//! Dead letters: messages with one or many batches, and announcements.

use bytes::Bytes;
use prost::Message as _;
use tracing::warn;

use crow_bus::dead_letters::{self, DeadLetter, LetterKind};
use crow_bus::{Bus, interactions::InteractionMessage};
use crow_db::tombstones::{Arriving, Tombstones};
use crow_proto::events::{Batch, Message};
use crow_storage::Store;
use crow_types::Partition;

use super::announcements::is_erased;
use crate::intake::inflated;

/// Letters read at once.
const PAGE: usize = 50;

/// Removes what belongs to something erased; returns how many letters held some. Other batches of
/// the same letter stay, in a letter each.
pub(super) async fn remove(
    bus: &Bus,
    store: &Store,
    tombstones: &Tombstones,
) -> anyhow::Result<u64> {
    let (mut before, mut removed) = (None, 0);
    loop {
        let page = dead_letters::page(bus, before, PAGE, |_letter| true).await?;
        for letter in &page.letters {
            removed += u64::from(look_at(bus, store, tombstones, letter).await?);
        }
        before = page.next;
        if before.is_none() {
            return Ok(removed);
        }
    }
}

/// True: it held something, which is gone.
async fn look_at(
    bus: &Bus,
    store: &Store,
    tombstones: &Tombstones,
    letter: &DeadLetter,
) -> anyhow::Result<bool> {
    if letter.kind == LetterKind::Completions {
        let message: Option<InteractionMessage> = serde_json::from_slice(&letter.payload).ok();
        let is_bad = message.is_some_and(|message| is_erased(&message, tombstones));
        if is_bad {
            dead_letters::drop_letter(bus, letter.id).await?;
        }
        return Ok(is_bad);
    }
    let Some(Content { batches, claim }) = content_of(store, letter).await? else {
        return Ok(false);
    };
    let is_erased = |batch: &Batch| tombstones.refuse(&Arriving::of(batch));
    if !batches.iter().any(is_erased) {
        return Ok(false);
    }
    // Others first, then the letter, then its object: a crash in between leaves a letter twice.
    for batch in batches.into_iter().filter(|batch| !is_erased(batch)) {
        keep_alone(bus, letter, batch).await?;
    }
    dead_letters::drop_letter(bus, letter.id).await?;
    if let Some(key) = claim {
        store.delete(&key).await?;
    }
    Ok(true)
}

struct Content {
    batches: Vec<Batch>,
    /// The object that holds them.
    claim: Option<String>,
}

/// `None`: it cannot be read, by nobody.
async fn content_of(store: &Store, letter: &DeadLetter) -> anyhow::Result<Option<Content>> {
    let Ok(message) = Message::decode(letter.payload.clone()) else {
        return Ok(None);
    };
    let (zstd, claim) = match message.claim {
        Some(claim) => match store.get(&claim.key).await {
            Ok(object) => (object, Some(claim.key)),
            Err(error) if error.is_retryable() => return Err(error.into()),
            Err(_gone) => return Ok(None),
        },
        None => (message.zstd, None),
    };
    if zstd.is_empty() {
        let batches = message.batches;
        return Ok(Some(Content { batches, claim }));
    }
    let message = tokio::task::spawn_blocking(move || inflated(&zstd).ok()).await?;
    Ok(message.map(|message| Content {
        batches: message.batches,
        claim,
    }))
}

async fn keep_alone(bus: &Bus, letter: &DeadLetter, batch: Batch) -> anyhow::Result<()> {
    let partition = letter
        .subject
        .rsplit('.')
        .next()
        .and_then(|it| it.parse().ok());
    let Some(partition) = partition else {
        warn!(
            reason = "subject",
            "a dead letter does not say where it came from"
        );
        return Ok(());
    };
    let message = Message {
        batches: vec![batch],
        ..Message::default()
    };
    let payload = Bytes::from(message.encode_to_vec());
    let sequence = crow_types::Sequence(letter.sequence);
    let (partition, reason) = (Partition(partition), letter.reason.as_str());
    Ok(dead_letters::keep(bus, partition, sequence, reason, payload).await?)
}

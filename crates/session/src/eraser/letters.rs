//! Dead letters: messages with one or many batches, and announcements.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context;
use bytes::Bytes;
use prost::Message as _;

use crow_bus::dead_letters::{self, DeadLetter, LetterKind};
use crow_bus::inflate::inflated;
use crow_bus::{Bus, interactions::Named};
use crow_db::tombstones::{Arriving, Tombstones};
use crow_proto::events::{Batch, Message};
use crow_storage::{Store, keys};
use crow_types::Partition;

use super::announcements::is_erased;

/// Letters read at once.
const PAGE: usize = 50;

/// Removes what belongs to something erased; returns how many letters of each organization held
/// some. Other batches of the same letter stay, in a letter each.
pub(super) async fn remove(
    bus: &Bus,
    store: &Store,
    tombstones: &Tombstones,
) -> anyhow::Result<BTreeMap<String, u64>> {
    let (mut before, mut removed) = (None, BTreeMap::new());
    loop {
        let page = dead_letters::page(bus, before, PAGE, |_letter| true).await?;
        for letter in &page.letters {
            for organization in look_at(bus, store, tombstones, letter).await? {
                *removed.entry(organization).or_default() += 1;
            }
        }
        before = page.next;
        if before.is_none() {
            return Ok(removed);
        }
    }
}

/// The organizations of which it held something, which is gone.
async fn look_at(
    bus: &Bus,
    store: &Store,
    tombstones: &Tombstones,
    letter: &DeadLetter,
) -> anyhow::Result<BTreeSet<String>> {
    if letter.kind == LetterKind::Completions {
        let message: Option<Named> = serde_json::from_slice(&letter.payload).ok();
        let bad = message.filter(|message| is_erased(message, letter.published_at, tombstones));
        if bad.is_some() {
            dead_letters::drop_letter(bus, letter.id).await?;
        }
        return Ok(bad.into_iter().map(|it| it.organization_id).collect());
    }
    let Some(Content { batches, claim }) = content_of(store, letter).await? else {
        return Ok(BTreeSet::new());
    };
    let is_erased = |batch: &Batch| tombstones.has_erased(&Arriving::of(batch));
    let (erased, others): (Vec<_>, Vec<_>) = batches.into_iter().partition(is_erased);
    if erased.is_empty() {
        return Ok(BTreeSet::new());
    }
    // Others first, then the letter, then its object: a crash in between leaves a letter twice.
    for batch in others {
        keep_alone(bus, letter, batch).await?;
    }
    dead_letters::drop_letter(bus, letter.id).await?;
    if let Some(key) = claim {
        store.delete(&key).await?;
    }
    Ok(erased
        .into_iter()
        .map(|batch| batch.organization_id)
        .collect())
}

/// Removes objects of oversized batches of something erased. A keeper or gateway that died may have
/// left them; no message or letter needs them.
pub(super) async fn remove_claims(store: &Store, tombstones: &Tombstones) -> anyhow::Result<()> {
    for key in store.list(keys::INBOX).await? {
        let object = match store.get(&key).await {
            Ok(object) => object,
            Err(error) if error.is_retryable() => return Err(error.into()),
            // A keeper was faster.
            Err(_gone) => continue,
        };
        let message = tokio::task::spawn_blocking(move || inflated(&object).ok()).await?;
        let batches = message.map(|message| message.batches).unwrap_or_default();
        let is_erased = |batch: &Batch| tombstones.has_erased(&Arriving::of(batch));
        if !batches.is_empty() && batches.iter().all(is_erased) {
            store.delete(&key).await?;
        }
    }
    Ok(())
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
    let partition = partition.context("a dead letter does not say where it came from")?;
    let message = Message {
        batches: vec![batch],
        ..Message::default()
    };
    let payload = Bytes::from(message.encode_to_vec());
    let sequence = crow_types::Sequence(letter.sequence);
    let (partition, reason) = (Partition(partition), letter.reason.as_str());
    Ok(dead_letters::keep(bus, partition, sequence, reason, payload).await?)
}

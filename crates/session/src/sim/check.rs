//! What must hold at the end of a run.

use std::collections::{BTreeMap, BTreeSet};

use futures::TryStreamExt;
use object_store::ObjectStore;

use crow_db::{archive, sessions};
use crow_storage::events::Interaction;
use crow_storage::merge::Merge;
use crow_storage::{ListedChunks, Store};
use crow_types::{LineKind, SessionRecord};

use super::shared::Shared;
use super::traffic::{Expected, Names, name_in};

/// Compares what was published with what is stored and announced.
///
/// # Panics
/// When something is lost, repeated, out of order, orphaned or dangling, or of an erased session.
pub(super) async fn check(shared: &Shared, names: &Names, erased: &BTreeSet<String>) {
    let expected = shared.with_streams(|streams| Expected::of(streams, erased));
    let keys = names.keys();
    let visits = sessions::load(&shared.db, &keys, 10_000).await.unwrap();
    for visit in &visits {
        let is_erased = erased.contains(&visit.session_id);
        assert!(!is_erased, "{} was erased and is there", visit.session_id);
    }
    let mut found = Found::default();
    for visit in &visits {
        found.add(shared, visit, &expected).await;
    }
    assert_eq!(found.events, expected.events, "events");
    assert_eq!(shared.letters(), expected.letters, "dead letters");
    for (session, names) in &expected.replay {
        let played = found.replay.remove(session).unwrap_or_default();
        assert_eq!(&played, names, "replay of {session}");
    }
    assert!(found.replay.values().all(BTreeSet::is_empty));

    let announced = shared.announced();
    let announced: BTreeSet<&str> = announced.iter().map(String::as_str).collect();
    let ends: Vec<String> = visits.iter().flat_map(completion_ids).collect();
    assert_eq!(
        announced,
        ends.iter().map(String::as_str).collect(),
        "announcements"
    );

    let objects = shared
        .memory
        .list(None)
        .try_collect::<Vec<_>>()
        .await
        .unwrap();
    let objects: BTreeSet<String> = objects
        .iter()
        .map(|object| object.location.to_string())
        .collect();
    assert_eq!(
        objects, found.objects,
        "objects and the rows that name them"
    );
}

fn completion_ids(visit: &SessionRecord) -> impl Iterator<Item = String> {
    assert!(visit.end_reason.is_some(), "{} is still open", visit.id);
    (0..=visit.revision).map(|revision| format!("{}-{revision}", visit.id))
}

#[derive(Default)]
struct Found {
    events: BTreeSet<String>,
    replay: BTreeMap<String, BTreeSet<String>>,
    objects: BTreeSet<String>,
}

impl Found {
    async fn add(&mut self, shared: &Shared, visit: &SessionRecord, expected: &Expected) {
        let chunks = archive::chunks_of(&shared.db, &visit.id).await.unwrap();
        self.objects
            .extend(chunks.iter().map(|chunk| chunk.r2_key.clone()));
        let store = Store::with(shared.memory.clone());
        let key = shared.keyring.key_of(&visit.id).await.unwrap();
        let mut merge = Merge::new(ListedChunks::new(&store, key, &chunks));
        let (mut last_at, mut events) = (i64::MIN, 0);
        let mut newest: BTreeMap<(String, String), u32> = BTreeMap::new();
        while let Some(line) = merge.next().await.unwrap() {
            assert!(line.at >= last_at, "{} runs backwards", visit.id);
            last_at = line.at;
            if line.kind == LineKind::Event {
                let interaction = Interaction::of(&line).unwrap();
                let id = expected.id_of(&interaction.id).to_owned();
                assert!(self.events.insert(id), "an event is stored twice");
                events += 1;
                continue;
            }
            let name = name_in(&line.data);
            let (batch, index) = name.rsplit_once('/').unwrap();
            let before = newest.insert((line.window, batch.to_owned()), index.parse().unwrap());
            assert!(
                before < Some(index.parse().unwrap()),
                "{name} is out of order"
            );
            let of_session = self.replay.entry(visit.session_id.clone()).or_default();
            assert!(of_session.insert(name), "a replay event shows twice");
        }
        assert_eq!(events, visit.event_count, "event lines of {}", visit.id);
    }
}

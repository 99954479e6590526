//! What sessions cost in objects: hours of a busy day, in simulated time.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::env;

use bytes::Bytes;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use crow_proto::events::{Batch, Event, ReplayEvent};
use crow_session_core::Config;
use crow_storage::DataKey;
use crow_storage::archive::ArchiveWriter;
use crow_storage::pack::{Line, LineKind};
use crow_storage::seal::KeyBytes;
use crow_testkit::recording::rrweb_recording;

use super::keeper::SimKeeper;
use super::shared::Shared;
use super::tasks::Done;
use super::traffic::PARTITIONS;

/// Between two batches of a window.
const BATCH_MS: i64 = 5_000;

/// One window that is recorded from its begin on.
struct Visit {
    session: u64,
    seq: u64,
    began_at: i64,
    length: i64,
}

/// The recording, cut into what the SDK sends at once.
struct Recording {
    slices: Vec<Vec<serde_json::Value>>,
    began_at: i64,
    length: i64,
}

impl Recording {
    fn new() -> Self {
        let events = rrweb_recording();
        let at = |event: &serde_json::Value| event["timestamp"].as_i64().unwrap();
        let began_at = at(&events[0]);
        let length = at(&events[events.len() - 1]) - began_at;
        let count = usize::try_from(length / BATCH_MS + 1).unwrap();
        let mut slices = vec![Vec::new(); count];
        for event in events {
            let index = usize::try_from((at(&event) - began_at) / BATCH_MS).unwrap();
            slices[index].push(event);
        }
        Self {
            slices,
            began_at,
            length: BATCH_MS * i64::try_from(count).unwrap(),
        }
    }

    /// What a window sends at this time after its begin: the recording again and again.
    fn at(&self, began_at: i64, after: i64) -> Vec<ReplayEvent> {
        let index = usize::try_from((after / BATCH_MS) % (self.length / BATCH_MS)).unwrap();
        let shift = began_at + after / self.length * self.length - self.began_at;
        let event_of = |event: &serde_json::Value| {
            let mut event = event.clone();
            let timestamp = event["timestamp"].as_i64().unwrap() + shift;
            event["timestamp"] = timestamp.into();
            ReplayEvent {
                timestamp,
                full_snapshot: event["type"] == 2,
                activity: event["type"] == 3,
                data: Bytes::from(event.to_string()),
            }
        };
        self.slices[index].iter().map(event_of).collect()
    }
}

fn batch_of(visit: &Visit, recording: &Recording, now: i64) -> Batch {
    let after = now - visit.began_at;
    Batch {
        organization_id: "acme".to_owned(),
        session_id: format!("s{}", visit.session),
        window_id: "w".to_owned(),
        seq: Some(visit.seq),
        batch_id: format!("{}-{}", visit.session, visit.seq),
        received_at: now,
        sent_at: Some(now),
        events: vec![Event {
            id: format!("{}-{}", visit.session, visit.seq),
            r#type: "click".to_owned(),
            timestamp: now,
            data: Bytes::from_static(br#"{"selector":"main > a.product"}"#),
            ..Event::default()
        }],
        replay: recording.at(visit.began_at, after),
        ..Batch::default()
    }
}

/// Nine of ten sessions last up to three minutes, one of a hundred an hour.
fn length(rng: &mut StdRng) -> i64 {
    match rng.random_range(0..100) {
        0 => 3_600_000,
        1..10 => rng.random_range(180_000..1_200_000),
        _ => rng.random_range(10_000..180_000),
    }
}

/// Everything that is due now: read, flush, archive.
async fn keep_up(keeper: &mut SimKeeper, shared: &Shared) {
    for owner in keeper.owners.values_mut() {
        owner.work_off().await;
        while !owner.is_archived(shared).await {
            owner.start_archive(shared, 0);
            if let Some(mut task) = owner.archive.take() {
                assert_eq!(task.finish().await, Done::Finished);
            }
        }
    }
}

/// `CROW_DAY_MINUTES` of it; each partition gets `CROW_DAY_SESSIONS` a second.
#[test]
fn day_costs_what_was_promised() {
    let setting =
        |name: &str, default| env::var(name).map_or(default, |text| text.parse().unwrap());
    let minutes = setting("CROW_DAY_MINUTES", 1);
    let per_second = setting("CROW_DAY_SESSIONS", 4);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(run(i64::try_from(minutes * 60_000).unwrap(), per_second));
}

async fn run(length_ms: i64, per_second: u64) {
    let shared = Shared::new(Config::default()).await;
    let recording = Recording::new();
    let mut rng = StdRng::seed_from_u64(1);
    let mut keeper = SimKeeper::new("a");
    keeper.balance(&shared).await;
    let begin = shared.now().0;
    let mut next: BinaryHeap<Reverse<(i64, u64)>> = BinaryHeap::new();
    let mut visits: Vec<Visit> = Vec::new();
    let (mut raw, mut sessions) = (0_u64, 0_u64);
    while shared.now().0 < begin + length_ms || !next.is_empty() {
        let now = shared.now().0;
        if now < begin + length_ms {
            for _visit in 0..u64::from(PARTITIONS) * per_second {
                visits.push(Visit {
                    session: sessions,
                    seq: 0,
                    began_at: now,
                    length: length(&mut rng).min(begin + length_ms - now),
                });
                next.push(Reverse((now, sessions)));
                sessions += 1;
            }
        }
        while let Some(Reverse((at, session))) = next.peek().copied().filter(|next| next.0.0 <= now)
        {
            next.pop();
            let visit = &mut visits[usize::try_from(session).unwrap()];
            let batch = batch_of(visit, &recording, now);
            raw += batch
                .replay
                .iter()
                .map(|event| event.data.len() as u64)
                .sum::<u64>();
            raw += batch
                .events
                .iter()
                .map(|event| event.data.len() as u64)
                .sum::<u64>();
            let partition = usize::try_from(session % u64::from(PARTITIONS)).unwrap();
            shared.with_streams(|streams| streams[partition].publish(vec![batch], now));
            visit.seq += 1;
            if at + BATCH_MS < visit.began_at + visit.length {
                next.push(Reverse((at + BATCH_MS, session)));
            }
        }
        keep_up(&mut keeper, &shared).await;
        shared.wait(1_000);
    }
    // Until all are over.
    for _turn in 0..400 {
        keep_up(&mut keeper, &shared).await;
        shared.wait(10_000);
    }
    report(&shared, sessions, raw);
}

fn report(shared: &Shared, sessions: u64, raw: u64) {
    let written = shared.written();
    let writes = written.packs + written.archives;
    let per_session = writes as f64 / sessions as f64;
    let ratio = raw as f64 / written.archive_bytes as f64;
    println!(
        "{sessions} sessions, {raw} bytes of payload: {} packs and {} archives, {per_session:.2} objects \
         written a session; archives are 1/{ratio:.1} of the payload; {:.1} reads a session to archive",
        written.packs,
        written.archives,
        written.reads as f64 / sessions as f64,
    );
    assert_eq!(written.archives, sessions, "each session is archived once");
    assert!(
        per_session <= 1.2,
        "{per_session:.2} objects written a session"
    );
}

#[test]
fn the_recording_is_stored_in_a_ninth() {
    let key = DataKey {
        organization: "acme".into(),
        session: "row".into(),
        bytes: KeyBytes::random(),
    };
    let mut writer = ArchiveWriter::new("a.sealed".to_owned(), Some(&key)).unwrap();
    let mut raw = 0;
    for event in rrweb_recording() {
        let data = Bytes::from(event.to_string());
        raw += data.len();
        let line = Line {
            window: "w".to_owned(),
            kind: LineKind::Replay,
            seq: Some(0),
            index: 0,
            at: event["timestamp"].as_i64().unwrap(),
            data,
        };
        writer.add(&line).unwrap();
    }
    let (object, _frames) = writer.finish().unwrap();
    let ratio = raw as f64 / object.len() as f64;
    println!(
        "a recording of {raw} bytes is stored in {}: 1/{ratio:.1}",
        object.len()
    );
    assert!(ratio >= 9.0, "1/{ratio:.1}");
}

//! Compares what was acknowledged with what rows, objects, read API and work queue hold.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::time::Duration;

use crow_db::{DatabaseConfig, Db, archive, garbage, sealing_keys, sessions};
use crow_keyring::{Keyring, KeyringConfig};
use crow_storage::merge::Merge;
use crow_storage::pack::LineKind;
use crow_storage::{ListedChunks, Seal, StorageConfig, Store};
use crow_testkit::keys::MASTER_KEY;
use crow_testkit::wait;
use crow_types::{ChunkRecord, OrganizationId, SessionId, SessionRecord, SessionRowId};
use serde_json::Value;

use crate::announcements::Announcements;
use crate::client::{Acknowledged, EVENTS, event_name};
use crate::installation::{Installation, ORGANIZATION};
use crate::takeover::distribution;

/// Generations of an erased session that are looked for.
const GENERATIONS: u32 = 4;
/// After the last fault there may be a backlog of archives.
const DEADLINE: Duration = Duration::from_secs(300);

/// What was found.
#[derive(Debug, Default)]
pub struct Found {
    sessions: usize,
    visits: usize,
    batches: u64,
    retries: u64,
    events: u64,
    revisions: i32,
    announced: usize,
    repeated: usize,
    /// From due to announced, of sessions that were idle.
    delays: Vec<Duration>,
    archived: usize,
    played: usize,
    erased: usize,
    swept: String,
    objects: usize,
    wrong: Vec<String>,
}

impl Found {
    /// Panics with the first things that are wrong.
    pub fn assert_clean(&self) {
        let shown: Vec<&String> = self.wrong.iter().take(20).collect();
        assert!(
            self.wrong.is_empty(),
            "{} wrong: {shown:#?}",
            self.wrong.len()
        );
        assert!(
            self.batches > 500,
            "the load was too small: {}",
            self.batches
        );
    }

    fn complain(&mut self, what: String) {
        self.wrong.push(what);
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} sessions, {} visits, {} batches acknowledged after {} retries",
            self.sessions, self.visits, self.batches, self.retries
        )?;
        writeln!(
            f,
            "{} events and as many replay events, {} revisions, {} of {} visits archived",
            self.events, self.revisions, self.archived, self.visits
        )?;
        writeln!(f, "{} sessions erased while they were sent", self.erased)?;
        writeln!(
            f,
            "{} completion ids announced, {} repeated on the wire",
            self.announced, self.repeated
        )?;
        let mut delays = self.delays.clone();
        delays.sort();
        write!(f, "due to announced, {} idle sessions: ", delays.len())?;
        distribution(f, &delays)?;
        writeln!(f)?;
        writeln!(
            f,
            "{} replays compared through the API; sweep: {}; {} objects left",
            self.played, self.swept, self.objects
        )?;
        write!(
            f,
            "lost, duplicated, out of order or dangling: {}",
            self.wrong.len()
        )
    }
}

struct Checker<'a> {
    installation: &'a Installation,
    db: Db,
    store: Store,
    keyring: Keyring,
    found: Found,
    /// Completion ids that must have been announced.
    due: BTreeSet<String>,
    named_objects: BTreeSet<String>,
    /// Session rows that were erased.
    erased: BTreeSet<String>,
}

pub async fn check(
    installation: &Installation,
    acknowledged: &Acknowledged,
    announcements: &Announcements,
) -> Found {
    let db = Db::connect(&database_config(installation)).await.unwrap();
    let mut checker = Checker {
        installation,
        store: Store::open(&storage_config(installation)).unwrap(),
        keyring: keyring(&db),
        db,
        found: Found {
            sessions: acknowledged.sessions.len(),
            batches: acknowledged.batches(),
            retries: acknowledged.retries,
            events: acknowledged.batches() * EVENTS,
            ..Found::default()
        },
        due: BTreeSet::new(),
        named_objects: BTreeSet::new(),
        erased: BTreeSet::new(),
    };
    for (number, (session, batches)) in acknowledged.sessions.iter().enumerate() {
        let visits = checker
            .settled(session, batches.len() as u64 * EVENTS)
            .await;
        checker.check_session(session, batches, &visits).await;
        if number % 10 == 0 {
            checker.check_played(session, &visits).await;
        }
    }
    for session in &acknowledged.erased {
        checker.check_erased(session).await;
    }
    checker.check_announcements(announcements).await;
    checker.check_objects().await;
    checker.check_rows().await;
    checker.found
}

impl Checker<'_> {
    /// The visits of a session, once they have all events, are over, and all is archived.
    async fn settled(&mut self, session: &str, events: u64) -> Vec<SessionRecord> {
        let key = (
            OrganizationId::new(ORGANIZATION).unwrap(),
            SessionId::new(session).unwrap(),
        );
        let mut last = Vec::new();
        let settled = wait::until(session, DEADLINE, async || {
            let visits = sessions::load(&self.db, std::slice::from_ref(&key), 1_000)
                .await
                .ok()?;
            let count: i64 = visits.iter().map(|visit| visit.event_count).sum();
            let is_over = visits.iter().all(|visit| visit.end_reason.is_some());
            let mut is_settled = u64::try_from(count).is_ok_and(|count| count >= events) && is_over;
            for visit in &visits {
                let chunks = archive::chunks_of(&self.db, &visit.id).await.ok()?;
                is_settled &= chunks.iter().all(|chunk| chunk.chunk_index < 0);
            }
            last.clone_from(&visits);
            is_settled.then_some(visits)
        })
        .await;
        settled.unwrap_or_else(|_in_vain| {
            let logs = self.installation.logs();
            self.found
                .complain(format!("{session} did not settle: {last:?}\n{logs}"));
            last
        })
    }

    async fn check_session(
        &mut self,
        session: &str,
        batches: &BTreeSet<(String, u64)>,
        visits: &[SessionRecord],
    ) {
        let mut events = Vec::new();
        let mut replay = Vec::new();
        for visit in visits {
            self.found.visits += 1;
            self.found.revisions += visit.revision;
            self.due
                .extend((0..=visit.revision).map(|revision| format!("{}-{revision}", visit.id)));
            let chunks = archive::chunks_of(&self.db, &visit.id).await.unwrap();
            self.found.archived += usize::from(chunks.iter().all(|chunk| chunk.chunk_index < 0));
            self.named_objects
                .extend(chunks.iter().map(|chunk| chunk.r2_key.clone()));
            let (of_events, of_replay) = self.lines(session, &chunks).await;
            if visit.event_count != i64::try_from(of_events.len()).unwrap()
                || visit.replay_event_count != i64::try_from(of_replay.len()).unwrap()
            {
                let counts = (visit.event_count, visit.replay_event_count);
                self.found.complain(format!(
                    "{session}: its row counts {counts:?}, its archive has {} and {}",
                    of_events.len(),
                    of_replay.len()
                ));
            }
            events.extend(of_events);
            replay.extend(of_replay);
        }
        let name = |(window, seq): &(String, u64)| {
            let (window, seq) = (window.clone(), *seq);
            (0..EVENTS).map(move |index| event_name(session, &window, seq, index))
        };
        let expected: BTreeSet<String> = batches.iter().flat_map(name).collect();
        for (where_, found) in [("events", &events), ("replay", &replay)] {
            self.compare(session, where_, &expected, found);
        }
    }

    fn compare(
        &mut self,
        session: &str,
        where_: &str,
        expected: &BTreeSet<String>,
        found: &[String],
    ) {
        let names: BTreeSet<String> = found.iter().cloned().collect();
        for lost in expected.difference(&names) {
            self.found
                .complain(format!("{session}: {lost} is lost in {where_}"));
        }
        for foreign in names.difference(expected) {
            self.found
                .complain(format!("{session}: {foreign} in {where_} was never sent"));
        }
        if names.len() != found.len() {
            self.found.complain(format!(
                "{session}: {} shown twice in {where_}",
                found.len() - names.len()
            ));
        }
    }

    /// The names in a recording: events, and rrweb events, in the order of play.
    async fn lines(&mut self, session: &str, chunks: &[ChunkRecord]) -> (Vec<String>, Vec<String>) {
        let (mut events, mut replay) = (Vec::new(), Vec::new());
        let mut newest: BTreeMap<String, (u64, u64)> = BTreeMap::new();
        let mut last_at = i64::MIN;
        let key = match chunks.first() {
            Some(chunk) => self.keyring.key_of(&chunk.session_id).await.unwrap(),
            None => None,
        };
        let mut merge = Merge::new(ListedChunks::new(&self.store, key, chunks));
        loop {
            let line = match merge.next().await {
                Ok(Some(line)) => line,
                Ok(None) => return (events, replay),
                Err(error) => {
                    self.found
                        .complain(format!("{session} cannot be read: {error:?}"));
                    return (events, replay);
                }
            };
            if line.at < last_at {
                self.found.complain(format!("{session} runs backwards"));
            }
            last_at = line.at;
            let name = name_in(&line.data);
            if line.kind == LineKind::Event {
                events.push(name);
                continue;
            }
            // Within a batch the order is that of sending, whenever the batch came.
            let index: u64 = name.rsplit('/').next().unwrap_or_default().parse().unwrap();
            let seq = line.seq.unwrap();
            let before = newest.insert(line.window, (seq, index));
            if before.is_some_and(|(s, i)| s == seq && i > index) {
                self.found
                    .complain(format!("{session}: {name} is out of order"));
            }
            replay.push(name);
        }
    }

    /// Nothing of the session is left. What was announced before the erasure was due.
    async fn check_erased(&mut self, session: &str) {
        self.found.erased += 1;
        let organization = OrganizationId::new(ORGANIZATION).unwrap();
        let id = SessionId::new(session).unwrap();
        let visits = sessions::load(&self.db, &[(organization.clone(), id.clone())], 100).await;
        for visit in visits.unwrap() {
            self.found
                .complain(format!("{session} was erased, and is there: {visit:?}"));
        }
        for generation in 0..GENERATIONS {
            let row = SessionRowId::derive(&organization, &id, generation).0;
            let keys = sealing_keys::of_sessions(&self.db, &[&row]).await.unwrap();
            let chunks = archive::chunks_of(&self.db, &row).await.unwrap();
            if !keys.is_empty() || !chunks.is_empty() {
                self.found
                    .complain(format!("{session} was erased, and has a key or chunks"));
            }
            self.erased.insert(row);
        }
    }

    /// Whether a completion id is of a session that was erased.
    fn is_of_erased(&self, id: &str) -> bool {
        id.rsplit_once('-')
            .is_some_and(|(row, _revision)| self.erased.contains(row))
    }

    /// The read API shows what is stored.
    async fn check_played(&mut self, session: &str, visits: &[SessionRecord]) {
        let Some(newest) = visits.last() else { return };
        let url = format!(
            "{}/sessions/{ORGANIZATION}/{session}/replay?format=rrweb",
            self.installation.query.url
        );
        let played = wait::until("the replay", DEADLINE, async || {
            let request = crow_testkit::http::client().get(&url);
            let answer = request
                .bearer_auth(&self.installation.read_key)
                .send()
                .await
                .ok()?;
            answer.json::<Vec<Value>>().await.ok()
        })
        .await;
        let count = played.as_ref().map_or(0, Vec::len);
        self.found.played += 1;
        if Ok(newest.replay_event_count) != i64::try_from(count) {
            self.found
                .complain(format!("{session}: the API plays {count} events"));
        }
    }

    /// Every end of every revision, under its completion id, and nothing else.
    async fn check_announcements(&mut self, announcements: &Announcements) {
        let all_came = || {
            let due = self.due.iter();
            announcements.look(|taken| due.clone().all(|id| taken.positions.contains_key(id)))
        };
        let _is_late = wait::until("the announcements", DEADLINE, async || {
            all_came().then_some(())
        })
        .await;
        let (ids, delays) =
            announcements.look(|taken| (taken.positions.clone(), taken.delays.clone()));
        self.found.announced = ids.len();
        self.found.repeated = ids.values().map(|positions| positions.len() - 1).sum();
        self.found.delays = delays;
        for id in &self.due {
            if !ids.contains_key(id) {
                self.found.wrong.push(format!("{id} was not announced"));
            }
        }
        let is_wrong = |id: &&String| !self.due.contains(*id) && !self.is_of_erased(id);
        let wrong: Vec<&String> = ids.keys().filter(is_wrong).collect();
        for id in wrong {
            self.found
                .wrong
                .push(format!("{id} was announced, but there is no such end"));
        }
    }

    /// After a sweep every object has a row. That every row has an object was read above.
    async fn check_objects(&mut self) {
        let swept = self
            .installation
            .crow(&["sweep", "--keep", "0", "--margin", "0"]);
        swept.trim().clone_into(&mut self.found.swept);
        for prefix in ["packs", "sessions", "inbox"] {
            for key in self.store.list(prefix).await.unwrap() {
                self.found.objects += 1;
                if !self.named_objects.contains(&key) {
                    self.found
                        .wrong
                        .push(format!("{key} has no row after the sweep"));
                }
            }
        }
    }

    /// Every row of an event has its session.
    async fn check_rows(&mut self) {
        let lost = garbage::events_without_session(&self.db).await.unwrap();
        if lost > 0 {
            self.found
                .complain(format!("{lost} events without a session"));
        }
    }
}

/// The `name` in a payload of ours; for an event, that in its data.
fn name_in(json: &[u8]) -> String {
    let value: Value = serde_json::from_slice(json).unwrap();
    let name = value["name"]
        .as_str()
        .or_else(|| value["data"]["name"].as_str());
    name.unwrap_or_default().to_owned()
}

fn setting<'a>(installation: &'a Installation, name: &str) -> &'a str {
    let found = installation.env.iter().find(|(key, _value)| key == name);
    found.map(|(_key, value)| value.as_str()).unwrap()
}

fn database_config(installation: &Installation) -> DatabaseConfig {
    DatabaseConfig {
        url: setting(installation, "CROW_DATABASE__URL")
            .to_owned()
            .into(),
        ..DatabaseConfig::default()
    }
}

fn keyring(db: &Db) -> Keyring {
    let config = KeyringConfig {
        master_key: MASTER_KEY.to_owned().into(),
        ..KeyringConfig::default()
    };
    Keyring::open(db, &config, Seal::On).unwrap()
}

fn storage_config(installation: &Installation) -> StorageConfig {
    let text = |name: &str| setting(installation, &format!("CROW_STORAGE__{name}")).to_owned();
    StorageConfig {
        url: text("URL"),
        endpoint: text("ENDPOINT"),
        region: text("REGION"),
        access_key_id: text("ACCESS_KEY_ID"),
        secret_access_key: text("SECRET_ACCESS_KEY").into(),
        allow_http: true,
        ..StorageConfig::default()
    }
}

//! `crow doctor --deep`: reads every chunk, and compares rows with objects in both directions.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use futures::{StreamExt, stream};

use crow_db::{Db, audit};
use crow_keyring::Keyring;
use crow_storage::pack::LineReader;
use crow_storage::{DataKey, Error as StoreError, Seal, Store};
use crow_types::{ChunkRecord, Timestamp};

use crate::config::Config;

use super::open_db;

/// Rows of one page, and keys of one question.
const PAGE: usize = 500;
/// Chunks read at the same time.
const AT_ONCE: usize = 16;
/// Younger objects may still get their row.
const SETTLED: i64 = 10 * 60 * 1_000;
/// Where objects with rows are.
const PREFIXES: [&str; 4] = ["packs", "sessions", "assets", "sourcemaps"];
/// Time between two lines of progress.
const PROGRESS: Duration = Duration::from_secs(5);

/// What was found.
#[derive(Debug, Default, PartialEq, Eq)]
struct Findings {
    chunks: u64,
    assets: u64,
    maps: u64,
    objects: u64,
    /// Rows whose object is gone, and chunks that cannot be read: recordings that are damaged.
    damaged: u64,
    /// Chunks that are sealed with a key that is gone.
    without_key: u64,
    /// Objects that cost money and serve nothing.
    unreferenced: u64,
}

pub(crate) async fn run(config: &Config) -> anyhow::Result<ExitCode> {
    let db = open_db(config).await?;
    crow_keyring::check_restored(&db).await?;
    let store = Store::open(&config.storage)?;
    // It seals nothing.
    let keyring = Keyring::open(&db, &config.keyring, Seal::Off)?;
    let mut findings = Findings::default();
    read_chunks(&db, &store, &keyring, &mut findings).await?;
    look_for_assets(&db, &store, &mut findings).await?;
    look_for_maps(&db, &store, &mut findings).await?;
    look_for_unreferenced(&db, &store, &mut findings).await?;
    Ok(report(&findings))
}

fn report(findings: &Findings) -> ExitCode {
    println!(
        "{} chunks read, {} assets, {} source maps and {} objects checked",
        findings.chunks, findings.assets, findings.maps, findings.objects
    );
    if findings.unreferenced > 0 {
        println!(
            "{} objects that no row names; `crow sweep` removes those of packs",
            findings.unreferenced
        );
    }
    if findings.without_key > 0 {
        println!(
            "{} sealed chunks whose key is gone. A restored backup brings back the rows of sessions \
             that were erased later: erase these again",
            findings.without_key
        );
    }
    if findings.damaged > 0 {
        println!(
            "{} damaged; restore these objects from a backup",
            findings.damaged
        );
    }
    if findings.damaged + findings.without_key > 0 {
        return ExitCode::FAILURE;
    }
    println!("everything that is stored can be read");
    ExitCode::SUCCESS
}

async fn read_chunks(
    db: &Db,
    store: &Store,
    keyring: &Keyring,
    findings: &mut Findings,
) -> anyhow::Result<()> {
    let mut after = None;
    let mut told = Instant::now();
    loop {
        let page = audit::chunks_after(db, after.as_ref(), PAGE as u64).await?;
        let Some(last) = page.last() else {
            return Ok(());
        };
        after = Some((last.session_id.clone(), last.chunk_index));
        let rows: Vec<&str> = page.iter().map(|chunk| chunk.session_id.as_str()).collect();
        let keys = keyring.keys_of(&rows).await?;
        let reading = page.iter().map(|chunk| {
            let key = keys.get(chunk.session_id.as_str());
            async move { (chunk, read(store, key, chunk).await) }
        });
        let outcomes: Vec<_> = stream::iter(reading)
            .buffer_unordered(AT_ONCE)
            .collect()
            .await;
        for (chunk, outcome) in outcomes {
            findings.chunks += 1;
            let Err(fault) = outcome else { continue };
            // A keeper may have archived the session since the page was read.
            if fault.is_in_object()? && audit::names_object(db, chunk).await? {
                match fault {
                    Fault::Store(StoreError::NoKey { .. }) => findings.without_key += 1,
                    Fault::Store(_) | Fault::Lines { .. } => findings.damaged += 1,
                }
                tell(db, chunk, &fault).await?;
            }
        }
        if told.elapsed() > PROGRESS {
            told = Instant::now();
            eprintln!("{} chunks read", findings.chunks);
        }
    }
}

/// Why a chunk is not what its row says.
#[derive(Debug, thiserror::Error)]
enum Fault {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("it has {found} lines, and its row says {expected}")]
    Lines { found: i64, expected: i64 },
}

impl Fault {
    /// Whether the object is at fault. An error says that the store cannot be asked.
    fn is_in_object(&self) -> anyhow::Result<bool> {
        match self {
            Self::Store(error) if error.is_retryable() => {
                anyhow::bail!("the object store cannot be read: {error:#}")
            }
            Self::Store(_) | Self::Lines { .. } => Ok(true),
        }
    }
}

async fn read(store: &Store, key: Option<&DataKey>, chunk: &ChunkRecord) -> Result<(), Fault> {
    let from = u64::try_from(chunk.byte_offset).unwrap_or(0);
    let length = u64::try_from(chunk.byte_length).unwrap_or(0);
    let frame = store
        .get_range(&chunk.r2_key, from..from.saturating_add(length))
        .await?;
    let mut lines = LineReader::new(&chunk.r2_key, from, frame, key)?;
    let mut found = 0;
    while lines.next_line()?.is_some() {
        found += 1;
    }
    if found == chunk.event_count {
        return Ok(());
    }
    Err(Fault::Lines {
        found,
        expected: chunk.event_count,
    })
}

async fn tell(db: &Db, chunk: &ChunkRecord, fault: &Fault) -> anyhow::Result<()> {
    let session = audit::session_of(db, &chunk.session_id).await?;
    let (organization, id) = session.unwrap_or_default();
    println!(
        "session {id} of {organization}, chunk {} in {}: {fault}",
        chunk.chunk_index, chunk.r2_key
    );
    Ok(())
}

async fn look_for_assets(db: &Db, store: &Store, findings: &mut Findings) -> anyhow::Result<()> {
    let mut after = String::new();
    loop {
        let page = audit::assets_after(db, &after, PAGE as u64).await?;
        let Some(last) = page.last() else {
            return Ok(());
        };
        after.clone_from(last);
        findings.assets += page.len() as u64;
        look_for_objects("asset", page, db, store, findings).await?;
    }
}

async fn look_for_maps(db: &Db, store: &Store, findings: &mut Findings) -> anyhow::Result<()> {
    let mut after = String::new();
    loop {
        let page = audit::source_maps_after(db, &after, PAGE as u64).await?;
        let Some(last) = page.last() else {
            return Ok(());
        };
        after.clone_from(last);
        findings.maps += page.len() as u64;
        look_for_objects("source map", page, db, store, findings).await?;
    }
}

/// Looks for objects that rows name.
async fn look_for_objects(
    what: &str,
    keys: Vec<String>,
    db: &Db,
    store: &Store,
    findings: &mut Findings,
) -> anyhow::Result<()> {
    let looking = keys.into_iter().map(|key| async move {
        let outcome = store.exists(&key).await;
        (key, outcome)
    });
    let outcomes: Vec<_> = stream::iter(looking)
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;
    for (key, exists) in outcomes {
        // The sweeper may have removed it since the page was read.
        if !exists?
            && !audit::known(db, std::slice::from_ref(&key))
                .await?
                .is_empty()
        {
            findings.damaged += 1;
            println!("{what} {key}: the object does not exist");
        }
    }
    Ok(())
}

async fn look_for_unreferenced(
    db: &Db,
    store: &Store,
    findings: &mut Findings,
) -> anyhow::Result<()> {
    let settled = Timestamp::now().plus(-SETTLED);
    for prefix in PREFIXES {
        let keys = store.list(prefix).await?;
        for keys in keys.chunks(PAGE) {
            let known = audit::known(db, keys).await?;
            findings.objects += keys.len() as u64;
            for key in keys.iter().filter(|key| !known.contains(*key)) {
                if crow_storage::keys::written_at(key).is_none_or(|at| at < settled) {
                    findings.unreferenced += 1;
                    println!("{key}: no row names it");
                }
            }
        }
    }
    Ok(())
}

//! Searches of interactions by words and by meaning, in a large organization.

use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use crow_testkit::wait;
use futures::future::try_join_all;
use hdrhistogram::Histogram;
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use serde_json::Value;

use super::{Length, progress};
use crate::results::Sheet;
use crate::stack::{Database, ORGANIZATION, Setup, Stack, Sync};

mod corpus;
mod fill;

pub const NAME: &str = "search";
pub const ABOUT: &str = "\
`GET /api/v1/interactions/organization/…` over loopback. One organization has a million interactions, or as many as \
`--interactions` says, and ten others a hundredth of that each. The texts are of the rules' form, and the vectors are \
the project's own. The text of an interaction stands twice in its row; `data` is `{}`.\n\
\n\
- *Postgres* has `pg_trgm` and no pgvector. *Postgres with pgvector* is the server of a Python package, which has no \
`pg_trgm`.\n\
- 20 rows are asked for. Questions by meaning are 24 different ones, in turn. *in a filter* adds `sourceType=cctv`, a \
tenth of the interactions.\n\
- *8 clients* ask at the same time. On two cores an organization has one question at a time, so they wait for each \
other.\n\
- *recall*: of the ten most similar by comparing everything, how many the index finds, or equally similar ones.\n\
- *index s* is the time until all indexes are there, and *index MB* their size.";

const INTERACTIONS: u64 = 1_000_000;
const OTHERS: u64 = 10;
/// As `crow_db::search_index::LARGE`: fewer have no index.
const LARGE: u64 = 100_000;
/// Of each client.
const REQUESTS: usize = 96;
const CLIENTS: usize = 8;
const LIMIT: usize = 20;
/// The first so many count for recall.
const FIRST: usize = 10;
const INDEXED: Duration = Duration::from_secs(6 * 3_600);
const LIST: &str = "/api/v1/interactions/organization/";

pub async fn run(length: &Length) -> anyhow::Result<Sheet> {
    let mut sheet = Sheet::new(NAME);
    let count = length
        .interactions
        .unwrap_or_else(|| length.count(INTERACTIONS));
    for database in [Database::Sqlite, Database::Postgres, Database::Pgvector] {
        if !length.wants(database.as_str()) {
            continue;
        }
        if database.is_installed() {
            measure(length, database, count, &mut sheet).await?;
        } else {
            let name = database.as_str();
            progress(format!("{name} is not measured: it is not installed"));
        }
    }
    Ok(sheet)
}

async fn measure(
    length: &Length,
    database: Database,
    count: u64,
    sheet: &mut Sheet,
) -> anyhow::Result<()> {
    let mut stack = Stack::start(&Setup::new(Sync::Default, database)).await?;
    let db = stack.database().await?;
    progress(format!("{count} interactions for {}", database.as_str()));
    let began = Instant::now();
    fill::fill(&db, ORGANIZATION, count).await?;
    for other in 0..OTHERS {
        fill::fill(&db, &format!("other-{other}"), count / 100).await?;
    }
    // As autovacuum does it: without it, index-only scans read the rows, and the planner knows nothing.
    let tidy = match database {
        Database::Sqlite => "pragma wal_checkpoint(truncate)",
        Database::Postgres | Database::Pgvector => "vacuum analyze interactions, embeddings",
    };
    db.execute_unprepared(tidy).await?;
    progress(format!("filled in {:.0} s", began.elapsed().as_secs_f64()));
    stack.start_query().await?;
    let row = |name: &str| format!("{}, {name}", database.as_str());
    let exact = nearest(&stack).await?;
    let is_indexed = database != Database::Sqlite && count >= LARGE;
    if database != Database::Sqlite && !is_indexed {
        progress(format!("fewer than {LARGE} interactions: no index"));
    }
    if is_indexed {
        let name = row("by meaning, without an index");
        ask(&stack, length, sheet, &name, &meanings("")).await?;
        let (seconds, bytes) = make_indexes(&mut stack, &db, database).await?;
        sheet.add(&row("indexes"), "index s", seconds);
        sheet.add(&row("indexes"), "index MB", bytes / 1e6);
    }
    if is_indexed && database == Database::Pgvector {
        let found = nearest(&stack).await?;
        let recalls: Vec<f64> = exact
            .iter()
            .zip(&found)
            .map(|(e, f)| recall(e, f))
            .collect();
        let mean = recalls.iter().sum::<f64>() / recalls.len() as f64;
        sheet.add(&row("indexes"), "recall", mean);
        sheet.add(
            &row("indexes"),
            "lowest recall",
            recalls.iter().copied().fold(1.0, f64::min),
        );
    }
    let meaning = [
        ("by meaning", meanings("")),
        ("by meaning in a filter", meanings("&sourceType=cctv")),
    ];
    for (name, queries) in meaning {
        ask(&stack, length, sheet, &row(name), &queries).await?;
    }
    if database != Database::Pgvector {
        for (name, words) in corpus::WORDS {
            let name = row(&format!("by words, {name}"));
            ask(&stack, length, sheet, &name, &[query(words, "words", "")]).await?;
        }
    }
    db.close().await?;
    stack.stop().await
}

fn query(words: &str, search: &str, more: &str) -> String {
    let words = words.replace(' ', "%20");
    format!("{LIST}{ORGANIZATION}?limit={LIMIT}&search={search}&q={words}{more}")
}

fn meanings(more: &str) -> Vec<String> {
    let each = corpus::QUESTIONS.iter();
    each.map(|text| query(text, "meaning", more)).collect()
}

/// By one client, and by several.
async fn ask(
    stack: &Stack,
    length: &Length,
    sheet: &mut Sheet,
    name: &str,
    queries: &[String],
) -> anyhow::Result<()> {
    // Not counted: it fills the caches.
    for query in queries {
        answer(stack, query).await?;
    }
    for _round in 0..length.rounds {
        for clients in [1, CLIENTS] {
            let requests = if length.is_quick {
                8
            } else {
                REQUESTS / clients
            };
            let each = (0..clients).map(|client| client_asks(stack, queries, client, requests));
            let mut all = Histogram::<u64>::new(3)?;
            for times in try_join_all(each).await? {
                all.add(times)?;
            }
            let plural = if clients == 1 { "client" } else { "clients" };
            for percentile in [50_u8, 95] {
                let column = format!("{clients} {plural}, p{percentile} ms");
                let value = all.value_at_percentile(percentile.into()) as f64 / 1e3;
                sheet.add(name, &column, value);
            }
        }
    }
    Ok(())
}

async fn client_asks(
    stack: &Stack,
    queries: &[String],
    client: usize,
    requests: usize,
) -> anyhow::Result<Histogram<u64>> {
    let mut times = Histogram::new(3)?;
    for request in 0..requests {
        // Clients do not ask the same at the same time.
        let query = &queries[(client * 5 + request) % queries.len()];
        let began = Instant::now();
        answer(stack, query).await?;
        times.record(u64::try_from(began.elapsed().as_micros())?)?;
    }
    Ok(times)
}

async fn answer(stack: &Stack, query: &str) -> anyhow::Result<Value> {
    let response = stack.request(query).send().await?.error_for_status()?;
    Ok(response.json().await?)
}

/// The similarity of the first ones of each question.
async fn nearest(stack: &Stack) -> anyhow::Result<Vec<Vec<f64>>> {
    let mut all = Vec::new();
    for query in meanings("") {
        let found = answer(stack, &query).await?;
        let found = found["interactions"]
            .as_array()
            .context("a list has interactions")?;
        let similarities = found.iter().filter_map(|one| one["similarity"].as_f64());
        all.push(similarities.take(FIRST).collect());
    }
    Ok(all)
}

fn recall(exact: &[f64], found: &[f64]) -> f64 {
    let least = exact.last().copied().unwrap_or_default();
    let good = found.iter().filter(|like| **like >= least).count();
    good as f64 / exact.len().max(1) as f64
}

/// By the interaction service. Returns seconds and bytes.
async fn make_indexes(
    stack: &mut Stack,
    db: &DatabaseConnection,
    database: Database,
) -> anyhow::Result<(f64, f64)> {
    let began = Instant::now();
    let (service, _) = stack.start_interaction().await?;
    let kind = if database == Database::Pgvector {
        "vectors"
    } else {
        "words"
    };
    let made = format!(
        "select coalesce(sum(pg_relation_size(c.oid)), 0)::bigint from pg_class c join pg_index i \
         on i.indexrelid = c.oid where c.relname like 'search\\_{kind}\\_%' having bool_and(i.indisvalid)"
    );
    let bytes = wait::until("indexes for searches", INDEXED, async || {
        let statement = Statement::from_string(db.get_database_backend(), made.as_str());
        let row = db.query_one_raw(statement).await.ok()??;
        let bytes: i64 = row.try_get_by_index(0).ok()?;
        (bytes > 0).then_some(bytes)
    })
    .await?;
    let seconds = began.elapsed().as_secs_f64();
    drop(service);
    ensure!(bytes > 0, "an index has bytes");
    Ok((seconds, bytes as f64))
}

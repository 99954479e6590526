//! `cargo xtask analytics-bench`: how long the read API's answers take on a large data set.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use clap::Args;
use crow_testkit::{keys, paths, port, wait};
use serde_json::{Value, json};

use crate::command::{self, cargo, progress};
use crate::dev::crow::Crow;
use crate::tools;

mod cases;

use cases::{Case, cases};

const ORGANIZATION: &str = "demo";
const READY: Duration = Duration::from_secs(120);
/// The table stands between these lines.
const BEGIN: &str = "<!-- timings: written by `cargo xtask analytics-bench` -->";
const END: &str = "<!-- end of timings -->";

/// What to measure on.
#[derive(Debug, Args)]
pub struct Options {
    /// Number of sessions. They are generated once and kept.
    #[arg(long, default_value_t = 1_000_000)]
    sessions: u64,
    /// Days over which the sessions are spread.
    #[arg(long, default_value_t = 30)]
    days: u32,
    /// Requests of each kind.
    #[arg(long, default_value_t = 20)]
    runs: usize,
    /// A `crow` binary. Without it a release build is made.
    #[arg(long, value_name = "FILE")]
    crow: Option<PathBuf>,
    /// Where the data set is kept.
    #[arg(long, default_value = "target/analytics-bench", value_name = "FOLDER")]
    data_dir: PathBuf,
}

/// Generates the data set if needed, measures, and writes the table into `docs/analytics.md`.
pub async fn run(options: &Options) -> anyhow::Result<()> {
    let binary = match &options.crow {
        Some(binary) => binary.clone(),
        None => {
            let build = ["build", "--release", "--workspace", "--bin", "crow"];
            command::run(&mut cargo(&build)).await?;
            paths::workspace_root().join("target/release/crow")
        }
    };
    let crow = Crow {
        binary,
        data_dir: std::path::absolute(&options.data_dir)?,
        nats_server: tools::nats_server().await?,
    };
    let end = data_set(&crow, options).await?;
    let create = keys::create(ORGANIZATION, "read");
    let key = keys::created(&command::output(&mut crow.command(&create)).await?)?;

    let address = format!("127.0.0.1:{}", port::free_port());
    let mut server = serve(&crow, &address)?;
    let url = format!("http://{address}");
    wait::until_http_ready(&format!("{url}/health/ready"), READY).await?;
    let client = Client {
        http: reqwest::Client::new(),
        url,
        key,
    };
    let rows = client
        .measure_all(&cases(end, options.days), options.runs)
        .await;
    stop(&mut server).await?;
    write_table(&rows?, options)
}

/// The data set is there when it says when it ends.
async fn data_set(crow: &Crow, options: &Options) -> anyhow::Result<i64> {
    let done = crow.data_dir.join("seeded-until");
    if let Ok(text) = fs::read_to_string(&done) {
        return text.trim().parse().context("seeded-until is damaged");
    }
    fs::create_dir_all(&crow.data_dir)?;
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?;
    let end = i64::try_from(now.as_millis())?;
    let (sessions, days) = (options.sessions.to_string(), options.days.to_string());
    let (end_text, org) = (end.to_string(), ORGANIZATION);
    let seed = [
        "seed",
        "--org",
        org,
        "--sessions",
        &sessions,
        "--days",
        &days,
        "--until",
        &end_text,
    ];
    command::run(&mut crow.command(&seed)).await?;
    fs::write(&done, end.to_string())?;
    Ok(end)
}

fn serve(crow: &Crow, query: &str) -> anyhow::Result<tokio::process::Child> {
    let free = || format!("127.0.0.1:{}", port::free_port());
    let log = fs::File::create(crow.data_dir.join("serve.log"))?;
    crow.command(&["serve"])
        .env("CROW_QUERY__LISTEN", query)
        .env("CROW_QUERY__GRPC_LISTEN", free())
        .env("CROW_INGEST__LISTEN", free())
        .env("CROW_SESSION__LISTEN", free())
        .stderr(log)
        .kill_on_drop(true)
        .spawn()
        .context("cannot start crow")
}

async fn stop(server: &mut tokio::process::Child) -> anyhow::Result<()> {
    if let Some(id) = server.id() {
        let id = nix::unistd::Pid::from_raw(i32::try_from(id)?);
        nix::sys::signal::kill(id, nix::sys::signal::Signal::SIGTERM)?;
    }
    server.wait().await?;
    Ok(())
}

struct Client {
    http: reqwest::Client,
    url: String,
    key: String,
}

/// One line of the table.
struct Row {
    name: String,
    p50: f64,
    p99: f64,
    sample_rate: Option<f64>,
}

impl Client {
    async fn measure_all(&self, cases: &[Case], runs: usize) -> anyhow::Result<Vec<Row>> {
        let mut rows = Vec::new();
        for case in cases {
            let row = self.measure(case, runs).await?;
            progress(format!(
                "{}: p50 {:.0} ms, p99 {:.0} ms",
                row.name, row.p50, row.p99
            ));
            rows.push(row);
        }
        Ok(rows)
    }

    async fn measure(&self, case: &Case, runs: usize) -> anyhow::Result<Row> {
        // Not counted: the first one warms the caches of the database.
        let first = self.ask(case).await?.1;
        let mut times = Vec::with_capacity(runs);
        for _run in 0..runs {
            times.push(self.ask(case).await?.0.as_secs_f64() * 1e3);
        }
        times.sort_by(f64::total_cmp);
        let at = |percent: usize| times[(times.len() * percent).div_ceil(100).max(1) - 1];
        Ok(Row {
            name: case.name.clone(),
            p50: at(50),
            p99: at(99),
            sample_rate: first["sampleRate"].as_f64(),
        })
    }

    async fn ask(&self, case: &Case) -> anyhow::Result<(Duration, Value)> {
        let url = format!("{}{}", self.url, case.path);
        let request = match &case.body {
            None => self.http.get(url),
            Some(body) => self.http.post(url).body(body.to_string()),
        };
        let started = Instant::now();
        let answer = request.bearer_auth(&self.key).send().await?;
        let status = answer.status();
        let body = answer.bytes().await?;
        let elapsed = started.elapsed();
        ensure!(status.is_success(), "{}: {status}", case.path);
        Ok((elapsed, serde_json::from_slice(&body).unwrap_or(json!({}))))
    }
}

fn write_table(rows: &[Row], options: &Options) -> anyhow::Result<()> {
    let mut table = format!(
        "{} sessions over {} days. Each question is asked {} times after one to warm up. Times \
         are in ms, over loopback, with JSON.\n\n\
         | question | p50 | p99 | sample rate |\n|---|---:|---:|---:|\n",
        options.sessions, options.days, options.runs
    );
    for row in rows {
        let rate = row
            .sample_rate
            .map_or(String::new(), |rate| format!("{rate}"));
        table.push_str(&format!(
            "| {} | {:.0} | {:.0} | {rate} |\n",
            row.name, row.p50, row.p99
        ));
    }
    println!("{table}");
    let file = paths::workspace_root().join("docs/analytics.md");
    replace_table(&file, &table)
}

fn replace_table(file: &Path, table: &str) -> anyhow::Result<()> {
    let text = fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
    let (before, rest) = text
        .split_once(BEGIN)
        .context("docs/analytics.md has no place for the table")?;
    let (_old, after) = rest
        .split_once(END)
        .context("docs/analytics.md has no end of the table")?;
    fs::write(file, format!("{before}{BEGIN}\n\n{table}\n{END}{after}"))?;
    Ok(())
}

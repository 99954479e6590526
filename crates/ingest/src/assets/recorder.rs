//! Writes reports to SQL. Waiting reports share a transaction.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tracing::warn;

use crow_db::Db;
use crow_db::assets::report::{self, Report};
use crow_runtime::Shutdown;
use crow_types::Timestamp;

/// Reports that may wait. Further ones are dropped, and their sessions do not count.
const MAX_WAITING: usize = 1_024;
/// Reports per transaction: as many as one statement of SQLite can hold.
const MAX_TOGETHER: usize = 20;

/// What the gateway and the recorder share.
type SharedStandings = Arc<crow_db::assets::report::Standings>;

/// Counts reports by outcome.
pub(super) fn count_reports(outcome: &'static str) {
    metrics::counter!("crow_ingest_asset_reports_total", "outcome" => outcome).increment(1);
}

/// A report that waits to be written.
struct Job {
    report: Report,
    /// The caller that waits for the standings.
    answer: Option<oneshot::Sender<SharedStandings>>,
}

/// Where reports go. Cloning is cheap.
#[derive(Debug, Clone)]
pub(crate) struct Reports(mpsc::Sender<Job>);

/// The queue that [`record`] reads from.
pub(crate) struct Waiting(mpsc::Receiver<Job>);

impl Reports {
    pub(crate) fn channel() -> (Self, Waiting) {
        let (sender, receiver) = mpsc::channel(MAX_WAITING);
        (Self(sender), Waiting(receiver))
    }

    /// Writes a report in the background. A crash loses it. Then the asset is not counted for the
    /// session, which matters only when all other sessions that showed it are deleted.
    pub(super) fn note(&self, report: Report) {
        self.send(report, None);
    }

    /// Writes a report and returns the standings of its unknown addresses. `None` if that takes too
    /// long; the report is still written.
    pub(super) async fn ask(&self, report: Report, at_most: Duration) -> Option<SharedStandings> {
        let (answer, answered) = oneshot::channel();
        self.send(report, Some(answer));
        let standings = tokio::time::timeout(at_most, answered).await.ok()?.ok();
        if standings.is_none() {
            count_reports("unanswered");
        }
        standings
    }

    fn send(&self, report: Report, answer: Option<oneshot::Sender<SharedStandings>>) {
        if self.0.try_send(Job { report, answer }).is_err() {
            count_reports("dropped");
        }
    }
}

/// Writes reports until the shutdown starts, then the waiting ones.
pub(crate) async fn record(
    db: Db,
    sessions: u32,
    waiting: Waiting,
    shutdown: Shutdown,
) -> anyhow::Result<()> {
    let Waiting(mut waiting) = waiting;
    let mut jobs = Vec::with_capacity(MAX_TOGETHER);
    loop {
        tokio::select! {
            count = waiting.recv_many(&mut jobs, MAX_TOGETHER) => {
                if count == 0 {
                    // The gateway is gone, so the shutdown is about to start.
                    shutdown.started().await;
                    break;
                }
            }
            () = shutdown.started() => break,
        }
        write(&db, sessions, &mut jobs).await;
    }
    waiting.close();
    while waiting.recv_many(&mut jobs, MAX_TOGETHER).await > 0 {
        write(&db, sessions, &mut jobs).await;
    }
    Ok(())
}

async fn write(db: &Db, sessions: u32, jobs: &mut Vec<Job>) {
    let mut reports = Vec::with_capacity(jobs.len());
    let mut answers = Vec::with_capacity(jobs.len());
    for job in jobs.drain(..) {
        reports.push(job.report);
        answers.extend(job.answer);
    }
    match report::report(db, &reports, sessions, Timestamp::now()).await {
        Ok(standings) => {
            let standings = Arc::new(standings);
            for answer in answers {
                // The caller may have stopped waiting and responded without the standings.
                drop(answer.send(Arc::clone(&standings)));
            }
            metrics::counter!("crow_ingest_asset_reports_total", "outcome" => "written")
                .increment(reports.len() as u64);
        }
        Err(error) => {
            metrics::counter!("crow_ingest_asset_reports_total", "outcome" => "failed")
                .increment(reports.len() as u64);
            warn!(
                error = format!("{:#}", anyhow::Error::from(error)),
                reports = reports.len(),
                "cannot write asset reports"
            );
        }
    }
}

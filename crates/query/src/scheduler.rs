//! Turns for questions that read many rows.
//!
//! Each organization has a limited number of turns, so an organization with many questions delays
//! only itself. Questions run on their own low-priority threads, never on those that serve
//! requests. A question ends at its deadline, or when its caller is gone.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use moka::sync::Cache;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crow_db::{Limit, Reading};
use crow_runtime::Background;
use crow_types::OrganizationId;

use crate::config::QueryConfig;
use crate::error::{Error, Result};

/// Organizations whose share is remembered.
const MAX_ORGANIZATIONS: u64 = 100_000;
/// A share is dropped after this long without use. No question takes that long, so none of its
/// turns can be taken.
const FORGET: Duration = Duration::from_secs(3_600);
/// Questions of one organization that may wait for a turn.
const MAX_WAITING: usize = 32;
/// The longest wait for a turn.
const PATIENCE: Duration = Duration::from_secs(5);

/// Hands out turns. Cloning is cheap; all clones share them.
#[derive(Debug, Clone)]
pub struct Scheduler {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    shares: Cache<OrganizationId, Arc<Share>>,
    most_of_organization: usize,
    all: Arc<Semaphore>,
    deadline: Duration,
    patience: Duration,
    threads: Background,
}

/// The turns of one organization.
#[derive(Debug)]
struct Share {
    turns: Arc<Semaphore>,
    waiting: AtomicUsize,
}

/// The right to run a question now. Dropping it gives the turn back.
struct Turn {
    _of_organization: OwnedSemaphorePermit,
    _of_all: OwnedSemaphorePermit,
}

impl Scheduler {
    /// # Errors
    /// When the operating system refuses the threads.
    pub fn new(config: &QueryConfig) -> std::io::Result<Self> {
        let most = config.max_questions.max(1);
        let inner = Inner {
            shares: Cache::builder()
                .max_capacity(MAX_ORGANIZATIONS)
                .time_to_idle(FORGET)
                .build(),
            most_of_organization: of_organization(config).clamp(1, most),
            all: Arc::new(Semaphore::new(most)),
            deadline: deadline(config),
            patience: PATIENCE,
            threads: Background::start("questions", most)?,
        };
        Ok(Self {
            inner: Arc::new(inner),
        })
    }

    /// Runs a question in a turn of its organization.
    ///
    /// # Errors
    /// `Busy` when the organization has too many questions running or waiting; `TooSlow` at the
    /// deadline; else the error of the question.
    pub async fn ask<T: Send + 'static>(
        &self,
        organization: &OrganizationId,
        question: impl Future<Output = Result<T>> + Send + 'static,
    ) -> Result<T> {
        let turn = self.turn(organization).await?;
        let deadline = self.inner.deadline;
        let limit = Limit::of(deadline);
        let caller = Caller(limit.clone());
        // A separate task keeps the turn for as long as the database is busy with the question,
        // even if the caller is gone.
        let work = limit.scope(async move {
            let answer = tokio::time::timeout(deadline, question).await;
            drop(turn);
            answer
        });
        let answer = self.inner.threads.spawn(work).await;
        drop(caller);
        match answer {
            Ok(Ok(Err(Error::Database(error)))) if error.is_over_limit() => {
                Err(Error::TooSlow(deadline))
            }
            Ok(Ok(answer)) => answer,
            Ok(Err(_elapsed)) => Err(Error::TooSlow(deadline)),
            Err(ended) => Err(Error::Ended(ended)),
        }
    }

    async fn turn(&self, organization: &OrganizationId) -> Result<Turn> {
        let share = self.inner.shares.get_with_by_ref(organization, || {
            Arc::new(Share {
                turns: Arc::new(Semaphore::new(self.inner.most_of_organization)),
                waiting: AtomicUsize::new(0),
            })
        });
        let Some(_place) = Place::take(&share) else {
            return Err(busy());
        };
        let both = async {
            // The order matters: an organization enters the common queue only with one of its few
            // turns.
            let of_organization = Arc::clone(&share.turns).acquire_owned().await;
            let of_all = Arc::clone(&self.inner.all).acquire_owned().await;
            Turn {
                _of_organization: of_organization.expect("nobody closes the semaphore"),
                _of_all: of_all.expect("nobody closes the semaphore"),
            }
        };
        tokio::time::timeout(self.inner.patience, both)
            .await
            .map_err(|_elapsed| busy())
    }
}

fn of_organization(config: &QueryConfig) -> usize {
    match config.max_questions_per_organization {
        0 => cores() / 2,
        set => set,
    }
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(2, usize::from)
}

fn busy() -> Error {
    metrics::counter!("crow_query_questions_refused_total").increment(1);
    Error::Busy
}

/// The time limit of a question.
#[must_use]
pub fn deadline(config: &QueryConfig) -> Duration {
    Duration::from_secs(config.question_seconds.max(1))
}

/// How the database is opened for these questions.
#[must_use]
pub fn reading(config: &QueryConfig) -> Reading {
    Reading {
        deadline: deadline(config),
        questions: u32::try_from(config.max_questions.max(1)).unwrap_or(u32::MAX),
    }
}

/// On drop, tells the database that the caller is gone.
struct Caller(Limit);

impl Drop for Caller {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

/// A place in an organization's queue.
struct Place<'a>(&'a Share);

impl<'a> Place<'a> {
    fn take(share: &'a Share) -> Option<Self> {
        let place = Self(share);
        (share.waiting.fetch_add(1, Ordering::Relaxed) < MAX_WAITING).then_some(place)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::oneshot;

    use super::*;

    fn scheduler(of_organization: usize, all: usize) -> Scheduler {
        let config = QueryConfig {
            max_questions_per_organization: of_organization,
            max_questions: all,
            question_seconds: 1,
            ..QueryConfig::default()
        };
        let Scheduler { inner } = Scheduler::new(&config).unwrap();
        let mut inner = Arc::into_inner(inner).unwrap();
        inner.patience = Duration::from_millis(1_500);
        Scheduler {
            inner: Arc::new(inner),
        }
    }

    fn organization(name: &str) -> OrganizationId {
        OrganizationId::new(name).unwrap()
    }

    #[tokio::test]
    async fn one_that_asks_much_waits_for_itself() {
        let scheduler = scheduler(1, 2);
        let (evil, acme) = (organization("evil"), organization("acme"));
        let endless = || scheduler.ask(&evil, std::future::pending::<Result<()>>());
        let many = futures::future::join_all((0..40).map(|_| endless()));
        let other = async {
            // By now all of them are queued.
            tokio::task::yield_now().await;
            let answer = scheduler.ask(&acme, async { Ok(7) });
            tokio::time::timeout(Duration::from_millis(900), answer).await
        };
        let (outcomes, answer) = tokio::join!(many, other);
        assert_eq!(answer.expect("at once").unwrap(), 7);
        let slow = |outcome: &&Result<()>| matches!(outcome, Err(Error::TooSlow(_)));
        assert!((1..=3).contains(&outcomes.iter().filter(slow).count()));
        let busy = |outcome: &&Result<()>| matches!(outcome, Err(Error::Busy));
        assert!(outcomes.iter().filter(busy).count() >= 37);
    }

    #[tokio::test]
    async fn a_turn_lasts_as_long_as_its_question_also_without_a_caller() {
        let scheduler = scheduler(1, 1);
        let acme = organization("acme");
        let (started, is_started) = oneshot::channel();
        let (end, is_ended) = oneshot::channel::<()>();
        let question = scheduler.ask(&acme, async move {
            started.send(()).unwrap();
            is_ended.await.unwrap();
            Ok(())
        });
        tokio::select! {
            _ = question => panic!("it has not ended"),
            started = is_started => started.unwrap(),
        }
        let next = scheduler.ask(&acme, async { Ok(1) });
        let mut next = std::pin::pin!(next);
        tokio::select! {
            biased;
            _ = &mut next => panic!("its turn has not come"),
            () = tokio::task::yield_now() => {}
        }
        end.send(()).unwrap();
        assert_eq!(next.await.unwrap(), 1);
    }
}

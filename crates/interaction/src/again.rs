//! Visits whose text rules wrote because no language model answered: models are asked again.
//!
//! One visit at a time, beside the queue: of each organization the newest, in turn. Nobody is asked for an
//! organization that has used its tokens or has no models, and nobody at all while models are left alone.
//! A text is replaced only by who holds the claim, while the session is there and has no later revision.

use std::collections::BTreeMap;
use std::time::Duration;

use tracing::warn;

use crow_ai::{NoAnswer, Retries};
use crow_db::ai::retries::{self, Claim};
use crow_db::interactions::{self, Put};
use crow_runtime::Shutdown;
use crow_runtime::retry::keep_running_until_done;
use crow_story::Story;
use crow_types::{OrganizationId, SessionRecord, Timestamp, log_chain};

use crate::announcement::Finished;
use crate::failure::Failure;
use crate::metrics;
use crate::told::row_of;
use crate::worded::{UNAVAILABLE, word_again};
use crate::worker::Worker;

pub(crate) mod step;

use step::Step;

/// Between two looks, when nothing is due or models are left alone.
const PAUSE: Duration = Duration::from_secs(30);
/// Until the first attempt. Each pause after it is three times as long.
const FIRST_MS: i64 = 5 * 60_000;
const LONGEST_MS: i64 = 12 * 3_600_000;
/// For an organization without tokens. Others may use them meanwhile, or the day ends.
const REST_MS: i64 = 3_600_000;
/// For everything but models, of the time of a claim.
const BESIDE_MODELS_MS: i64 = 60_000;

/// When models may be asked again for organizations.
#[derive(Debug, Default)]
struct Resting(BTreeMap<String, Timestamp>);

impl Resting {
    fn is(&self, organization: &str, now: Timestamp) -> bool {
        self.0.get(organization).is_some_and(|until| *until > now)
    }

    fn start(&mut self, organization: String, now: Timestamp) {
        self.0.retain(|_organization, until| *until > now);
        self.0.insert(organization, now.plus(REST_MS));
    }
}

/// Until the shutdown starts. Returns when the answer to a question of before is stored.
pub(crate) async fn keep_asking(worker: &Worker, shutdown: &Shutdown) {
    if worker.ai.retries().is_none() {
        return shutdown.started().await;
    }
    let look = || look(worker, shutdown);
    keep_running_until_done("visits for language models", look).await;
}

async fn look(worker: &Worker, shutdown: &Shutdown) -> Result<(), Failure> {
    let mut resting = Resting::default();
    while !shutdown.is_started() {
        let waiting = retries::count(&worker.db).await?;
        metrics::set_retries_waiting(waiting);
        if !round(worker, &mut resting, shutdown).await? {
            tokio::select! {
                () = shutdown.started() => {}
                () = tokio::time::sleep(PAUSE) => {}
            }
        }
    }
    Ok(())
}

/// Asks about one visit of each organization. `false`: there is nothing to do for now.
async fn round(
    worker: &Worker,
    resting: &mut Resting,
    shutdown: &Shutdown,
) -> Result<bool, Failure> {
    let mut has_asked = false;
    let mut is_broken = false;
    for organization in retries::organizations(&worker.db).await? {
        if shutdown.is_started() {
            break;
        }
        let now = Timestamp::now();
        if resting.is(&organization, now) {
            continue;
        }
        let Some(step) = worker.ask_again(&organization, now).await? else {
            continue;
        };
        match step {
            Step::LeftAlone => return Ok(false),
            Step::Resting => resting.start(organization, now),
            Step::Unreadable => is_broken = true,
            Step::Worded | Step::Failed | Step::GivenUp | Step::Gone => has_asked = true,
        }
    }
    // What is broken now is broken for the next visit, too.
    Ok(has_asked && !is_broken)
}

impl Worker {
    /// When models are asked again about a story that was just written. `None`: they are not.
    pub(crate) fn first_retry(&self, story: &Story, now: Timestamp) -> Option<Timestamp> {
        let is_of_rules = story.tags.iter().any(|tag| tag == UNAVAILABLE);
        let is_retried = is_of_rules && self.ai.retries().is_some();
        is_retried.then(|| now.plus(pause_after(0)))
    }

    /// Asks models about the newest visit of an organization that is due. `None`: there is none.
    pub(crate) async fn ask_again(
        &self,
        organization: &str,
        now: Timestamp,
    ) -> Result<Option<Step>, Failure> {
        let Some(limits) = self.ai.retries() else {
            return Ok(None);
        };
        // Somebody has taken the organization from the settings, and may put it back.
        if !self.ai.serves(organization) {
            return Ok(Some(Step::Resting));
        }
        let until = now.plus(limits.longest_ms.saturating_add(BESIDE_MODELS_MS));
        let claim = retries::claim(&self.db, organization, now, until).await?;
        let Some(claim) = claim else { return Ok(None) };
        let step = self.ask_about(&claim, limits, now).await?;
        metrics::count_retry(step);
        Ok(Some(step))
    }

    async fn ask_about(
        &self,
        claim: &Claim,
        limits: Retries,
        now: Timestamp,
    ) -> Result<Step, Failure> {
        // Each time the process died.
        if claim.attempts > limits.attempts {
            retries::end(&self.db, claim).await?;
            return Ok(Step::GivenUp);
        }
        Ok(match self.reword(claim).await {
            Ok(Ok(Put::Stored)) => Step::Worded,
            Ok(Ok(Put::Outdated | Put::Erased) | Err(NoAnswer::Off)) => {
                retries::end(&self.db, claim).await?;
                Step::Gone
            }
            Ok(Err(NoAnswer::Failed)) => self.put_off(claim, limits, now).await?,
            // It may cost, and a visitor can make models refuse or take too long. So none follows.
            Ok(Err(NoAnswer::Unusable)) => {
                retries::end(&self.db, claim).await?;
                Step::GivenUp
            }
            Ok(Err(NoAnswer::Budget)) => {
                retries::release(&self.db, claim, now).await?;
                Step::Resting
            }
            Ok(Err(NoAnswer::LeftAlone)) => {
                retries::release(&self.db, claim, now).await?;
                Step::LeftAlone
            }
            // What cannot be read now must not hold up the others.
            Err(failure) => {
                let step = self.put_off(claim, limits, now).await?;
                warn!(
                    error = log_chain(&failure),
                    "models could not be asked again about a visit"
                );
                match step {
                    Step::Failed => Step::Unreadable,
                    given_up => given_up,
                }
            }
        })
    }

    /// `Ok(Err(_))`: no model answered.
    async fn reword(&self, claim: &Claim) -> Result<Result<Put, NoAnswer>, Failure> {
        let (organization, row) = (&claim.organization, &claim.session_row);
        let session = match self.session_of(claim).await? {
            Ok(session) => session,
            Err(refused) => return Ok(Ok(refused)),
        };
        let Ok(of) = OrganizationId::new(organization.as_str()) else {
            return Ok(Ok(Put::Erased));
        };
        let stored = interactions::of_session(&self.db, &of, row).await?;
        let Some(stored) = stored.filter(|it| it.revision == claim.revision) else {
            return Ok(Ok(Put::Outdated));
        };
        let story = match self.stories.of_session(&session).await {
            Ok(story) => story,
            // It may have been erased while it was read.
            Err(failure) => {
                return match self.session_of(claim).await? {
                    Ok(_session) => Err(failure),
                    Err(refused) => Ok(Ok(refused)),
                };
            }
        };
        let worded = match word_again(&self.ai, &session, &story).await {
            Ok(worded) => worded,
            Err(nobody) => return Ok(Err(nobody)),
        };
        let finished = Finished {
            organization: stored.organization_id,
            session_row: claim.session_row.clone(),
            revision: stored.revision,
            data: serde_json::from_str(&stored.data).unwrap_or_default(),
            timestamp: stored.timestamp,
        };
        let now = Timestamp::now();
        let row = row_of(&finished, &session, &worded, now).map_err(Failure::Encoding)?;
        let embedding = self.embeddings.at_once(&row.words);
        let put = interactions::reword(&self.db, claim, &row, embedding.as_ref()).await?;
        self.embeddings.add_later(&row, put);
        Ok(Ok(put))
    }

    /// The session of a claim, as it ended. `Err`: its text cannot be replaced.
    async fn session_of(&self, claim: &Claim) -> Result<Result<SessionRecord, Put>, Failure> {
        let found = self.session(&claim.organization, &claim.session_row);
        Ok(match found.await? {
            None => Err(Put::Erased),
            // It goes on, or has more data. Then it is announced once more.
            Some(it) if it.end_reason.is_none() => Err(Put::Outdated),
            Some(it) if i64::from(it.revision) > claim.revision => Err(Put::Outdated),
            Some(session) => Ok(session),
        })
    }

    async fn put_off(
        &self,
        claim: &Claim,
        limits: Retries,
        now: Timestamp,
    ) -> Result<Step, Failure> {
        if claim.attempts >= limits.attempts {
            retries::end(&self.db, claim).await?;
            return Ok(Step::GivenUp);
        }
        let next = now.plus(pause_after(claim.attempts));
        retries::put_off(&self.db, claim, next).await?;
        Ok(Step::Failed)
    }
}

/// Until the next attempt, after so many.
fn pause_after(attempts: i64) -> i64 {
    let times = 3_i64.saturating_pow(u32::try_from(attempts).unwrap_or(u32::MAX));
    FIRST_MS.saturating_mul(times).min(LONGEST_MS)
}

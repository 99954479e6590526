//! One look at a rule after the other.

use std::time::Duration;

use tokio::task::JoinSet;
use tracing::warn;

use crow_db::alerts::renamed::{self, Unknown};
use crow_db::alerts::{self, AlertRow, Evaluated, Watched, issues};
use crow_db::read::SessionFilter;
use crow_db::webhooks::deliveries::NewDelivery;
use crow_runtime::Shutdown;
use crow_types::{OrganizationId, Timestamp, log_chain};

use super::content::{About, Content, FIRING, NAMED, NEW, REGRESSED, RESOLVED};
use super::judge::{BEFORE, Measured, judge, number};
use super::rule::{Checked, Comparison, Condition, Rule, Target, What};
use super::{Alerting, organization_of};
use crate::analytics::Asked;
use crate::error::{Error, Result};

const MINUTE: i64 = 60_000;
/// The longest window of a threshold whose sessions are all read, in milliseconds.
const EXACT: i64 = 1_440 * MINUTE;
/// What happened in the last milliseconds may not be stored yet.
const SETTLING: i64 = 60_000;
/// Rules that a process evaluates at the same time.
const AT_ONCE: usize = 4;
/// The longest evaluation. Shorter than a claim.
const PATIENCE: Duration = Duration::from_secs(60);
/// Time between two looks for rules that are due.
const PAUSE: Duration = Duration::from_secs(2);
/// How long a shutdown waits for evaluations.
const DRAIN: Duration = Duration::from_secs(3);

impl Alerting {
    /// Evaluates rules that are due until the shutdown starts.
    ///
    /// # Errors
    /// Never.
    pub async fn watch(self, shutdown: Shutdown) -> anyhow::Result<()> {
        let mut running = JoinSet::new();
        while !shutdown.is_started() {
            while running.len() < AT_ONCE {
                match alerts::claim(&self.db, Timestamp::now().0).await {
                    Ok(Some(row)) => {
                        let alerting = self.clone();
                        running.spawn(async move { alerting.look_at(&row).await });
                    }
                    Ok(None) => break,
                    Err(error) => {
                        warn!(
                            error = log_chain(&error),
                            "cannot look for alerts, retrying"
                        );
                        break;
                    }
                }
            }
            tokio::select! {
                () = shutdown.started() => {}
                Some(_ended) = running.join_next() => {}
                () = tokio::time::sleep(PAUSE) => {}
            }
        }
        let rest = async { while running.join_next().await.is_some() {} };
        let _late = tokio::time::timeout(DRAIN, rest).await;
        Ok(())
    }

    async fn look_at(&self, row: &AlertRow) {
        let now = Timestamp::now().0;
        let evaluating = tokio::time::timeout(PATIENCE, self.evaluate(row, now));
        let outcome = evaluating.await.unwrap_or_else(|_elapsed| {
            let why = format!("it took longer than {} s", PATIENCE.as_secs());
            failed(row, why, now)
        });
        let word = match (&outcome.failure, outcome.messages.is_empty()) {
            (Some(_), _) => "failed",
            (None, true) => "quiet",
            (None, false) => "told",
        };
        match alerts::settle(&self.db, row, &outcome, Timestamp::now().0).await {
            Ok(true) => count(word),
            Ok(false) => count("lost"),
            Err(error) => {
                count("failed");
                warn!(
                    alert.id = row.id,
                    error = log_chain(&error),
                    "an alert cannot be stored and is evaluated again"
                );
            }
        }
    }

    /// What a rule says at a moment. Nothing is stored.
    pub async fn evaluate(&self, row: &AlertRow, now: i64) -> Evaluated {
        match self.try_to_evaluate(row, now).await {
            Ok(outcome) => outcome,
            // An error of the database says nothing that the organization could do about it.
            Err(error) => {
                if matches!(error, Error::Database(_)) {
                    warn!(
                        alert.id = row.id,
                        error = log_chain(&error),
                        "an alert cannot be evaluated"
                    );
                }
                failed(row, error.to_string(), now)
            }
        }
    }

    async fn try_to_evaluate(&self, row: &AlertRow, now: i64) -> Result<Evaluated> {
        let unreadable = || Error::Malformed("the rule is of another version of CROW".to_owned());
        let rule: Rule = serde_json::from_str(&row.rule).map_err(|_other| unreadable())?;
        let targets: Vec<Target> =
            serde_json::from_str(&row.targets).map_err(|_other| unreadable())?;
        let organization = organization_of(&row.organization_id).ok_or_else(unreadable)?;
        let telling = Telling {
            row,
            rule: &rule,
            targets: &targets,
            now,
        };
        match rule.check()? {
            Checked::Issues(watched) => {
                let (db, alert) = (self.db.clone(), row.id.clone());
                let of = organization.clone();
                let question = async move {
                    let new = issues::unknown(&db, &of, &alert, watched).await?;
                    Ok(match watched {
                        Watched::New => renamed::split(&db, &of, &alert, new).await?,
                        Watched::Regressed => Unknown {
                            new,
                            ..Unknown::default()
                        },
                    })
                };
                let Unknown { renamed, new } = self
                    .analytics
                    .scheduler
                    .ask(&organization, question)
                    .await?;
                Ok(Evaluated {
                    renamed,
                    ..telling.issues(watched, new)
                })
            }
            Checked::Number(condition) => {
                let to = (now - SETTLING).div_euclid(MINUTE) * MINUTE;
                let measured = self.measure(&organization, &condition, to).await?;
                Ok(telling.number(&condition, &measured, to))
            }
        }
    }

    /// Counts in the window that ends at `to`, and in those before if they are compared.
    async fn measure(
        &self,
        organization: &OrganizationId,
        condition: &Condition,
        to: i64,
    ) -> Result<Measured> {
        let length = condition.window_ms;
        // A sample says little about the few that a threshold is often about. All members of a cohort
        // are too much to read each minute.
        let names_cohorts = !condition.conditions.cohorts().is_empty();
        let (spans, is_exact) = match condition.comparison {
            Comparison::Above | Comparison::Below => (1, length <= EXACT && !names_cohorts),
            Comparison::Spike | Comparison::Drop => (BEFORE + 1, false),
        };
        let from = to - length * i64::try_from(spans).unwrap_or(1);
        let filter = SessionFilter {
            from: Some(from),
            to: Some(to),
            ..SessionFilter::default()
        };
        let asked = Asked::new(organization.clone(), filter, is_exact)?;
        let asked = asked.with(condition.conditions.clone());
        let scheduler = &self.analytics.scheduler;
        let analytics = self.analytics.clone();
        let counts = match &condition.what {
            What::Spans(counted) => {
                let counted = counted.clone();
                let question = async move { analytics.spans(&asked, &counted, length).await };
                scheduler.ask(organization, question).await?
            }
            What::Issue(fingerprint) => {
                let (db, of, id) = (self.db.clone(), organization.clone(), fingerprint.clone());
                let question = async move {
                    Ok(issues::occurrences(&db, &of, &id, (from, length, spans)).await?)
                };
                scheduler.ask(organization, question).await?
            }
            What::Conversion(funnel) => {
                let funnel = funnel.clone();
                let question = async move { analytics.funnel(&asked, &funnel).await };
                let steps = scheduler.ask(organization, question).await?.body.steps;
                return Ok(Measured {
                    value: steps.last().map_or(0.0, |last| last.conversion * 100.0),
                    base: Some(steps.first().map_or(0, |first| first.sessions)),
                    before: Vec::new(),
                });
            }
        };
        let mut before = counts;
        let value = before.pop().unwrap_or_default();
        Ok(Measured {
            value: number(value),
            base: None,
            before,
        })
    }
}

/// The state stays, and the rule is looked at again in its turn.
fn failed(row: &AlertRow, why: String, now: i64) -> Evaluated {
    Evaluated {
        firing_since: row.firing_since,
        value: row.value,
        threshold: row.threshold,
        failure: Some(why),
        due_at: next_minute(now),
        ..Evaluated::default()
    }
}

fn next_minute(now: i64) -> i64 {
    (now.div_euclid(MINUTE) + 1) * MINUTE
}

/// What is needed to tell of a rule.
struct Telling<'a> {
    row: &'a AlertRow,
    rule: &'a Rule,
    targets: &'a [Target],
    now: i64,
}

impl Telling<'_> {
    fn issues(&self, watched: Watched, told: Vec<issues::Told>) -> Evaluated {
        let event = match watched {
            Watched::New => NEW,
            Watched::Regressed => REGRESSED,
        };
        let named = told.iter().take(NAMED);
        let content = Content {
            issues: named.map(|one| one.fingerprint.clone()).collect(),
            issue_count: told.len() as u64,
            ..self.content()
        };
        Evaluated {
            messages: match told.is_empty() {
                true => Vec::new(),
                false => self.messages(event, &content),
            },
            due_at: next_minute(self.now),
            told,
            ..Evaluated::default()
        }
    }

    fn number(&self, condition: &Condition, measured: &Measured, to: i64) -> Evaluated {
        let verdict = judge(condition, measured);
        let before = self.row.firing_since;
        let is_firing = verdict.is_firing.unwrap_or(before.is_some());
        let content = Content {
            value: Some(measured.value),
            threshold: Some(verdict.threshold),
            from: Some(to - condition.window_ms),
            to: Some(to),
            ..self.content()
        };
        let messages = match (before.is_some(), is_firing) {
            (false, true) => self.messages(FIRING, &content),
            (true, false) if self.row.tells_resolved => self.messages(RESOLVED, &content),
            _ => Vec::new(),
        };
        Evaluated {
            firing_since: is_firing.then(|| before.unwrap_or(self.now)),
            value: content.value,
            threshold: content.threshold,
            messages,
            due_at: next_minute(self.now),
            ..Evaluated::default()
        }
    }

    fn content(&self) -> Content {
        Content {
            alert: Some(About {
                id: self.row.id.clone(),
                name: self.row.name.clone(),
                rule: self.rule.clone(),
            }),
            ..Content::test(self.now)
        }
    }

    fn messages(&self, event: &'static str, content: &Content) -> Vec<NewDelivery> {
        let content = content.to_json();
        let message = |target: &Target| NewDelivery {
            target: target.into(),
            event,
            content: content.clone(),
        };
        self.targets.iter().map(message).collect()
    }
}

fn count(outcome: &'static str) {
    metrics::counter!("crow_query_alerts_total", "outcome" => outcome).increment(1);
}

//! Sends messages, each until it arrives or all attempts are over.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use tokio::task::JoinSet;
use tracing::warn;

use crow_db::alerts::issues;
use crow_db::users;
use crow_db::webhooks::deliveries::{self, Attempt, DeliveryRow, Way};
use crow_db::webhooks::{self, EndpointRow};
use crow_outbound::Error as OutboundError;
use crow_runtime::Shutdown;
use crow_types::{OrganizationId, Timestamp, log_chain};

use super::endpoints::{Kind, Secrets};
use super::message::Message;
use super::sign;
use super::{Alerting, organization_of};
use crate::error::{Error, Result};

/// Milliseconds from an attempt that failed to the next one.
const DELAYS: [i64; 7] = [
    5_000, 300_000, 1_800_000, 7_200_000, 18_000_000, 36_000_000, 36_000_000,
];
/// At most this part of a delay is added, so that endpoints that were down together are not asked together.
const JITTER: i64 = 10;
/// Messages that a process sends at the same time in each way. More than [`deliveries::AT_ONCE`], so that
/// slow targets of one organization do not delay others.
const AT_ONCE: usize = 64;
/// Time between two looks for messages that are due.
const PAUSE: Duration = Duration::from_secs(1);
/// How long a shutdown waits for attempts. Those that are cut off are made again.
const DRAIN: Duration = Duration::from_secs(3);
/// Time between two removals of what is old.
const CLEANING: Duration = Duration::from_secs(3_600);
/// The role that sees no words of visitors.
const MASKED_ROLE: &str = "marketing";

impl Alerting {
    /// Sends messages that are due until the shutdown starts. A mail server that hangs delays no webhook.
    ///
    /// # Errors
    /// Never.
    pub async fn deliver(self, shutdown: Shutdown) -> anyhow::Result<()> {
        tokio::join!(
            self.deliver_by(Way::Http, &shutdown),
            self.deliver_by(Way::Mail, &shutdown)
        );
        Ok(())
    }

    async fn deliver_by(&self, way: Way, shutdown: &Shutdown) {
        let mut running = JoinSet::new();
        while !shutdown.is_started() {
            while running.len() < AT_ONCE {
                match deliveries::claim(&self.db, way, Timestamp::now().0).await {
                    Ok(Some(row)) => {
                        let alerting = self.clone();
                        running.spawn(async move { alerting.send(&row).await });
                    }
                    Ok(None) => break,
                    Err(error) => {
                        let error = log_chain(&error);
                        warn!(error, "cannot look for messages about alerts, retrying");
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
    }

    /// Removes what is old until the shutdown starts.
    ///
    /// # Errors
    /// Never.
    pub async fn clean(self, shutdown: Shutdown) -> anyhow::Result<()> {
        loop {
            let now = Timestamp::now().0;
            let cleaning = async {
                deliveries::remove_old(&self.db, now).await?;
                issues::remove_gone(&self.db).await
            };
            if let Err(error) = cleaning.await {
                let error = log_chain(&error);
                warn!(error, "cannot remove what is old of alerts, retrying");
            }
            tokio::select! {
                () = shutdown.started() => return Ok(()),
                () = tokio::time::sleep(CLEANING) => {}
            }
        }
    }

    /// One attempt, and what came of it. An error of this installation counts as an attempt, so that it ends
    /// and the list shows it. What cannot be stored is claimed again when the claim is over.
    pub(super) async fn send(&self, row: &DeliveryRow) {
        let settled = async {
            let now = Timestamp::now().0;
            let attempt = match self.attempt(row, now).await {
                Ok(attempt) => attempt,
                Err(error) => prevented(row, &error, now),
            };
            let is_settled =
                deliveries::settle(&self.db, row, &attempt, Timestamp::now().0).await?;
            Result::Ok((attempt, is_settled))
        };
        match settled.await {
            Ok((_attempt, false)) => count("lost"),
            Ok((attempt, true)) => count(match attempt {
                Attempt::Arrived { .. } => "arrived",
                Attempt::Failed { next_at, .. } | Attempt::Prevented { next_at, .. } => {
                    next_at.map_or("exhausted", |_at| "failed")
                }
                Attempt::Dropped { .. } => "dropped",
            }),
            Err(error) => {
                count("failed");
                warn!(
                    message.id = row.id,
                    error = log_chain(&error),
                    "what came of a message about an alert cannot be stored; it is tried again"
                );
            }
        }
    }

    /// Sends a message once. An error is one of this installation, not of the target.
    pub async fn attempt(&self, row: &DeliveryRow, now: i64) -> Result<Attempt> {
        let Some(organization) = organization_of(&row.organization_id) else {
            return Ok(dropped("the message cannot be read"));
        };
        match row.target_kind.as_str() {
            "webhook" => self.to_endpoint(&organization, row, now).await,
            "user" => self.to_user(&organization, row, now).await,
            _ => Ok(dropped("the message cannot be read")),
        }
    }

    async fn to_endpoint(
        &self,
        organization: &OrganizationId,
        row: &DeliveryRow,
        now: i64,
    ) -> Result<Attempt> {
        let found = webhooks::find(&self.db, organization, &row.target_id).await?;
        let Some(endpoint) = found else {
            return Ok(dropped("the endpoint was removed"));
        };
        if endpoint.disabled_at.is_some() {
            return Ok(dropped("the endpoint is disabled"));
        }
        let Some(message) = Message::read(self, row).await? else {
            return Ok(failed(row, None, OF_ANOTHER_VERSION.to_owned(), now));
        };
        let secrets = match self.open(&endpoint).await {
            Ok(secrets) => secrets,
            Err(error) if error.is_damage() => {
                return Ok(failed(
                    row,
                    None,
                    "the URL cannot be opened".to_owned(),
                    now,
                ));
            }
            Err(error) => return Err(error),
        };
        Ok(self.post(&endpoint, &secrets, &message, row, now).await)
    }

    async fn post(
        &self,
        endpoint: &EndpointRow,
        secrets: &Secrets,
        message: &Message,
        row: &DeliveryRow,
        now: i64,
    ) -> Attempt {
        let url = match self.checked_url(&secrets.url) {
            Ok(url) => url,
            Err(why) => return failed(row, None, why, now),
        };
        let mut headers = vec![("content-type", "application/json".to_owned())];
        let body = match Kind::of(&endpoint.kind) {
            Kind::Slack => message.slack(),
            Kind::Standard => {
                let (body, at) = (message.standard(), now.div_euclid(1_000));
                let signatures = sign::signatures(secrets.valid(now), &row.id, at, &body);
                headers.push(("webhook-id", row.id.clone()));
                headers.push(("webhook-timestamp", at.to_string()));
                headers.push(("webhook-signature", signatures));
                body
            }
        };
        match self
            .outbound
            .post(&url, &headers, body.into(), self.patience)
            .await
        {
            Ok(status @ 200..=299) => Attempt::Arrived {
                status: Some(status),
            },
            Ok(status @ 300..=399) => {
                let why = "redirects are not followed".to_owned();
                failed(row, Some(status), why, now)
            }
            Ok(status) => failed(row, Some(status), format!("HTTP status {status}"), now),
            Err(OutboundError::Refused(why)) => {
                failed(row, None, format!("the URL is refused: {why}"), now)
            }
            Err(error) => failed(row, None, error.to_string(), now),
        }
    }

    async fn to_user(
        &self,
        organization: &OrganizationId,
        row: &DeliveryRow,
        now: i64,
    ) -> Result<Attempt> {
        let found = users::find(&self.db, organization, &row.target_id).await?;
        let may_know =
            |user: &users::UserRow| user.disabled_at.is_none() && user.role.as_str() != MASKED_ROLE;
        let Some(user) = found.filter(may_know) else {
            return Ok(dropped("the user may not see it"));
        };
        let Some(mailer) = &self.mailer else {
            return Ok(dropped("mail is not set up"));
        };
        let Some(message) = Message::read(self, row).await? else {
            return Ok(failed(row, None, OF_ANOTHER_VERSION.to_owned(), now));
        };
        let (subject, text) = message.mail();
        let sent = mailer.send_news(&user.email, organization.as_str(), &subject, text);
        Ok(match sent.await {
            Ok(()) => Attempt::Arrived { status: None },
            Err(why) => failed(row, None, why.to_owned(), now),
        })
    }
}

/// A replica of that version sends it, or this one after the upgrade.
const OF_ANOTHER_VERSION: &str = "the message is of another version of CROW";

fn dropped(why: &'static str) -> Attempt {
    Attempt::Dropped { why }
}

fn failed(row: &DeliveryRow, status: Option<u16>, why: String, now: i64) -> Attempt {
    Attempt::Failed {
        status,
        why,
        next_at: next_at(row, now),
    }
}

fn prevented(row: &DeliveryRow, error: &Error, now: i64) -> Attempt {
    warn!(
        message.id = row.id,
        error = log_chain(error),
        "a message about an alert cannot be sent"
    );
    Attempt::Prevented {
        why: "CROW could not send it; its operator finds the reason in the log",
        next_at: next_at(row, now),
    }
}

/// When a message is tried again; `None`: that was its last attempt.
fn next_at(row: &DeliveryRow, now: i64) -> Option<i64> {
    let delay = *DELAYS.get(usize::try_from(row.attempts).ok()?)?;
    let mut hash = DefaultHasher::new();
    (&row.id, row.attempts).hash(&mut hash);
    let most = (delay / JITTER).cast_unsigned().max(1);
    Some(now + delay + (hash.finish() % most).cast_signed())
}

fn count(outcome: &'static str) {
    metrics::counter!("crow_query_alert_messages_total", "outcome" => outcome).increment(1);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eight_attempts_take_about_a_day() {
        let mut row = DeliveryRow {
            attempts: 0,
            ..crate::alerting::tests::delivery("msg_1")
        };
        let mut waited = Vec::new();
        while let Some(at) = next_at(&row, 1_000) {
            waited.push(at - 1_000);
            row.attempts += 1;
        }
        assert_eq!(waited.len(), 7, "after the first attempt");
        for (waited, delay) in waited.iter().zip(DELAYS) {
            assert!((delay..=delay + delay / 10).contains(waited), "{waited}");
        }
    }
}

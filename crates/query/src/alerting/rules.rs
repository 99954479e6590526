//! Rules: what callers change.

use crow_db::alerts::{self, AlertRow};
use crow_db::audit_log::Actor;
use crow_db::{users, webhooks};
use crow_types::{ErrorCode, OrganizationId, Timestamp};
use crow_web::ApiError;

use super::Alerting;
use super::endpoints::{checked_name, is_id};
use super::rule::{Rule, Target, TargetKind};
use crate::error::{Error, Result};

/// Targets of one rule.
const MAX_TARGETS: usize = 10;

/// A rule as callers write it.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Its name.
    pub name: String,
    /// What is watched.
    pub rule: Rule,
    /// Whom to tell.
    pub targets: Vec<Target>,
    /// Whether to tell when the condition does not hold any more.
    pub tells_resolved: bool,
    /// Whether it is evaluated.
    pub is_enabled: bool,
}

impl Alerting {
    /// Whether users can be told by mail.
    #[must_use]
    pub fn can_mail(&self) -> bool {
        self.mailer.is_some()
    }

    /// The rules of an organization.
    pub async fn rules(&self, organization: &OrganizationId) -> Result<Vec<AlertRow>> {
        Ok(alerts::list(&self.db, organization).await?)
    }

    /// Adds a rule.
    pub async fn add_rule(
        &self,
        organization: &OrganizationId,
        by: &Actor,
        draft: Draft,
    ) -> std::result::Result<AlertRow, ApiError> {
        let watched = draft.rule.check()?.watched();
        self.check_targets(organization, &draft.targets, &[])
            .await?;
        let now = Timestamp::now().0;
        let row = AlertRow {
            id: format!("alr_{}", ulid::Ulid::new()),
            organization_id: organization.as_str().to_owned(),
            name: checked_name(&draft.name)?,
            rule: json(&draft.rule),
            targets: json(&draft.targets),
            tells_resolved: draft.tells_resolved,
            is_enabled: draft.is_enabled,
            created_by: by.id.clone(),
            created_at: now,
            updated_at: now,
            firing_since: None,
            fired_at: None,
            value: None,
            threshold: None,
            evaluated_at: None,
            failure: None,
            due_at: now,
            claimed_until: 0,
            epoch: 0,
        };
        let added = alerts::insert(&self.db, by, row.clone(), watched).await;
        if added.map_err(Error::from)? {
            return Ok(row);
        }
        let text = format!("the organization has {} alerts", alerts::MOST);
        Err(ApiError::new(ErrorCode::Conflict, text))
    }

    /// Replaces a rule. With another condition, or after it was disabled, its state is reset.
    pub async fn change_rule(
        &self,
        organization: &OrganizationId,
        by: &Actor,
        id: &str,
        draft: Draft,
    ) -> std::result::Result<AlertRow, ApiError> {
        let before = match is_id(id) {
            true => alerts::find(&self.db, organization, id)
                .await
                .map_err(Error::from)?,
            false => None,
        };
        let before = before.ok_or(Error::NotFound)?;
        let watched = draft.rule.check()?.watched();
        let known: Vec<Target> = serde_json::from_str(&before.targets).unwrap_or_default();
        self.check_targets(organization, &draft.targets, &known)
            .await?;
        let row = AlertRow {
            name: checked_name(&draft.name)?,
            rule: json(&draft.rule),
            targets: json(&draft.targets),
            tells_resolved: draft.tells_resolved,
            is_enabled: draft.is_enabled,
            updated_at: Timestamp::now().0,
            ..before
        };
        let changed = alerts::change(&self.db, by, &row, watched).await;
        if !changed.map_err(Error::from)? {
            return Err(Error::NotFound.into_api());
        }
        let found = alerts::find(&self.db, organization, id).await;
        Ok(found.map_err(Error::from)?.ok_or(Error::NotFound)?)
    }

    /// Removes a rule.
    pub async fn remove_rule(
        &self,
        organization: &OrganizationId,
        by: &Actor,
        id: &str,
    ) -> Result<()> {
        let now = Timestamp::now().0;
        if is_id(id) && alerts::remove(&self.db, by, organization, id, now).await? {
            return Ok(());
        }
        Err(Error::NotFound)
    }

    /// Each target must be one of the organization, and one that can be reached. Those that the rule has
    /// already (`known`) may stay: a user who left must not keep others from changing it.
    async fn check_targets(
        &self,
        organization: &OrganizationId,
        targets: &[Target],
        known: &[Target],
    ) -> std::result::Result<(), ApiError> {
        let malformed = |text: String| Error::Malformed(format!("targets: {text}")).into_api();
        if targets.len() > MAX_TARGETS {
            return Err(malformed(format!("must be at most {MAX_TARGETS}")));
        }
        let endpoints = self.endpoints(organization).await?;
        let people = users::list(&self.db, organization)
            .await
            .map_err(Error::from)?;
        for (place, target) in targets.iter().enumerate() {
            if targets[..place].contains(target) {
                return Err(malformed("must be different".to_owned()));
            }
            if known.contains(target) {
                continue;
            }
            let is_endpoint = |row: &webhooks::EndpointRow| row.id == target.id;
            let is_user = |row: &users::UserRow| {
                row.id == target.id && row.disabled_at.is_none() && row.role != "marketing"
            };
            let problem = match target.kind {
                TargetKind::Webhook if !endpoints.iter().any(is_endpoint) => {
                    "the organization has no such webhook"
                }
                TargetKind::User if !people.iter().any(is_user) => {
                    "the organization has no such user, or the user may not see alerts"
                }
                TargetKind::User if !self.can_mail() => {
                    "mail is not set up (query.mail), so no user can be told"
                }
                TargetKind::Webhook | TargetKind::User => continue,
            };
            let text = format!("targets: {problem}");
            return Err(ApiError::new(ErrorCode::Unprocessable, text));
        }
        Ok(())
    }
}

fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap_or_else(|_never| "null".to_owned())
}

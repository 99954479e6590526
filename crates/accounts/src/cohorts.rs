//! Cohorts that people save, for themselves or for everybody in the organization.

use crow_auth::{Principal, Scope, keys};
use crow_db::audit_log::Actor;
use crow_db::cohorts::{self, Change, Changed, CohortRow, Saved};
use crow_types::Timestamp;

use crate::accounts::Accounts;
use crate::error::AccountsError;
use crate::filters::checked_name;

/// The most cohorts that one may save.
const MOST: u64 = 200;

/// A cohort with a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cohort {
    /// Its id; safe to log.
    pub id: String,
    /// Id of the user or the key that saved it.
    pub owner: String,
    /// Its name.
    pub name: String,
    /// JSON; the caller has checked it.
    pub definition: String,
    /// Whether it is in everybody's list.
    pub is_shared: bool,
    /// Milliseconds since the epoch.
    pub created_at: i64,
    /// Milliseconds since the epoch.
    pub updated_at: i64,
}

impl From<CohortRow> for Cohort {
    fn from(row: CohortRow) -> Self {
        Self {
            id: row.id,
            owner: row.owner_id,
            name: row.name,
            definition: row.definition,
            is_shared: row.is_shared,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

/// What is to be saved. In a change, what is `None` stays.
#[derive(Debug, Clone, Default)]
pub struct CohortFields {
    /// Its name.
    pub name: Option<String>,
    /// JSON; the caller has checked it.
    pub definition: Option<String>,
    /// Whether it is in everybody's list.
    pub is_shared: Option<bool>,
}

impl Accounts {
    /// One's own cohorts, and then those that others share. Each by name.
    pub async fn cohorts(&self, by: &Principal) -> Result<Vec<Cohort>, AccountsError> {
        let rows = cohorts::list(&self.db, by.organization(), by.id()).await?;
        Ok(rows.into_iter().map(Cohort::from).collect())
    }

    /// Saves a cohort.
    pub async fn save_cohort(
        &self,
        by: &Principal,
        actor: &Actor,
        fields: CohortFields,
    ) -> Result<Cohort, AccountsError> {
        let now = Timestamp::now().0;
        let row = CohortRow {
            id: format!("coh_{}", keys::random_text(20)?),
            organization_id: by.organization().as_str().to_owned(),
            owner_id: by.id().to_owned(),
            name: checked_name(&fields.name.unwrap_or_default())?,
            definition: fields.definition.unwrap_or_default(),
            is_shared: fields.is_shared.unwrap_or(false),
            created_at: now,
            updated_at: now,
        };
        match cohorts::insert(&self.db, actor, row.clone(), MOST).await? {
            Saved::Done => Ok(row.into()),
            Saved::NameTaken => Err(AccountsError::CohortExists),
            Saved::TooMany => Err(AccountsError::TooManyCohorts),
        }
    }

    /// Changes a cohort that is [to be changed](Self::cohort_to_change).
    pub async fn change_cohort(
        &self,
        by: &Actor,
        cohort: &CohortRow,
        fields: CohortFields,
    ) -> Result<Cohort, AccountsError> {
        let name = fields.name.as_deref().map(checked_name).transpose()?;
        let change = Change {
            name: name.as_deref(),
            definition: fields.definition.as_deref(),
            is_shared: fields.is_shared,
        };
        match cohorts::change(&self.db, by, cohort, change, Timestamp::now()).await? {
            Changed::Done(row) => Ok(row.into()),
            Changed::Gone => Err(AccountsError::NotFound),
            Changed::NameTaken => Err(AccountsError::CohortExists),
        }
    }

    /// Removes a cohort that is [to be changed](Self::cohort_to_change).
    pub async fn remove_cohort(&self, by: &Actor, cohort: &CohortRow) -> Result<(), AccountsError> {
        match cohorts::remove(&self.db, by, cohort).await? {
            true => Ok(()),
            false => Err(AccountsError::NotFound),
        }
    }

    /// A cohort that one may change: one's own, and for an admin also what others share.
    pub async fn cohort_to_change(
        &self,
        by: &Principal,
        id: &str,
    ) -> Result<CohortRow, AccountsError> {
        let found = cohorts::find(&self.db, by.organization(), id).await?;
        let is_seen = |row: &CohortRow| row.owner_id == by.id() || row.is_shared;
        let row = found.filter(is_seen).ok_or(AccountsError::NotFound)?;
        if row.owner_id != by.id() && !by.scopes().allow(Scope::Admin) {
            return Err(AccountsError::OthersCohort);
        }
        Ok(row)
    }
}

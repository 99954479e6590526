//! Cohorts: named conditions over people.

use actix_web::HttpRequest;
use actix_web::web::Data;
use serde::Serialize;
use utoipa::ToSchema;

use crow_accounts::{Accounts, Cohort};
use crow_auth::Principal;
use crow_db::cohorts::CohortRow;
use crow_web::ApiError;

use crate::ask::cohorts::{ChangeCohort, CohortDefinition, OneCohort, SaveCohort};
use crate::door::{Allowed, Read, Writes};
use crate::rest::answers::{Answered, Changed, Done, Found, Made, OrConflict};
use crate::rest::asked::{Asked, Body, Sent};
use crate::rest::body;
use crate::rest::described::Unread;

/// Body limit in bytes. A list holds the definitions of up to 1,000 cohorts.
const MAX_BODY: usize = 16 << 10;

impl Body for SaveCohort {
    const MOST: usize = MAX_BODY;
    const MUST_BE_TYPED: bool = true;
}

/// Cohorts.
#[derive(Debug, Serialize, ToSchema)]
pub struct CohortList {
    /// One's own, and then those that others share. Each by name.
    pub cohorts: Vec<CohortView>,
}

/// A cohort.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CohortView {
    /// Its id: the value of the field `cohort` in conditions.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Who belongs to it; null when another release saved it in another form.
    pub definition: Option<CohortDefinition>,
    /// Whether it is in everybody's list.
    pub is_shared: bool,
    /// Whether it is one's own.
    pub is_own: bool,
    /// Id of the user or the key that saved it.
    pub created_by: String,
    /// Milliseconds since the epoch.
    pub created_at: i64,
    /// Milliseconds since the epoch.
    pub updated_at: i64,
}

/// As `by` sees it.
pub fn view(cohort: Cohort, by: &Principal) -> CohortView {
    CohortView {
        is_own: cohort.owner == by.id(),
        id: cohort.id,
        name: cohort.name,
        definition: CohortDefinition::stored(&cohort.definition).ok(),
        is_shared: cohort.is_shared,
        created_by: cohort.owner,
        created_at: cohort.created_at,
        updated_at: cohort.updated_at,
    }
}

pub async fn list_cohorts(accounts: Data<Accounts>, ask: Asked<Read, ()>) -> Answered<CohortList> {
    let by = ask.by.principal();
    let cohorts = accounts.cohorts(by).await?.into_iter();
    Ok(Found(CohortList {
        cohorts: cohorts.map(|cohort| view(cohort, by)).collect(),
    }))
}

pub async fn save_cohort(
    accounts: Data<Accounts>,
    sent: Sent<Writes<Read>, SaveCohort>,
) -> Result<OrConflict<Made<CohortView>>, ApiError> {
    let fields = sent.body.fields()?;
    let (by, actor) = (sent.by.principal(), sent.by.actor());
    let saved = accounts.save_cohort(by, &actor, fields).await?;
    Ok(OrConflict(Made(view(saved, by))))
}

/// The cohort, if `by` may change it.
///
/// # Errors
/// `not_found` when the caller does not see it; `forbidden` when somebody else saved it.
pub async fn to_change(
    accounts: &Accounts,
    by: &Allowed<Writes<Read>>,
    asked: &OneCohort,
) -> Result<CohortRow, ApiError> {
    let id = asked.cohort.stored()?;
    Ok(accounts.cohort_to_change(by.principal(), id).await?)
}

pub async fn change_cohort(
    accounts: Data<Accounts>,
    request: HttpRequest,
    ask: Asked<Writes<Read>, OneCohort>,
    body: Unread<ChangeCohort>,
) -> Result<Changed<CohortView>, ApiError> {
    let asked: ChangeCohort = body::json(&request, body.payload, MAX_BODY, true).await?;
    let fields = asked.fields()?;
    let row = to_change(&accounts, &ask.by, &ask.question).await?;
    let changed = accounts
        .change_cohort(&ask.by.actor(), &row, fields)
        .await?;
    Ok(Changed(view(changed, ask.by.principal())))
}

pub async fn remove_cohort(
    accounts: Data<Accounts>,
    ask: Asked<Writes<Read>, OneCohort>,
) -> Result<Done, ApiError> {
    let row = to_change(&accounts, &ask.by, &ask.question).await?;
    accounts.remove_cohort(&ask.by.actor(), &row).await?;
    Ok(Done)
}

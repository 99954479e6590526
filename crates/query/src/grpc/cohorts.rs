use tonic::{Request, Response, Status};

use crow_accounts::Accounts;
use crow_proto::api;
use crow_proto::api::cohort_service_server::CohortService;
use crow_web::grpc::status;

use super::conditions::{conditions, shown};
use super::words::{self, word};
use crate::api::Api;
use crate::ask::cohorts::{
    ChangeCohort, CohortDefinition, DAYS, OneCohort, PersonTest, SaveCohort,
};
use crate::ask::values::Name;
use crate::door::{Read, Writes};
use crate::error::{Error, Result};
use crate::rest::cohorts::{CohortView, to_change, view};

/// `crow.v1.CohortService`.
#[derive(Clone)]
pub struct Cohorts {
    api: Api,
    accounts: Accounts,
}

impl Cohorts {
    /// Uses the same use cases as REST.
    #[must_use]
    pub fn new(api: Api, accounts: Accounts) -> Self {
        Self { api, accounts }
    }
}

type Answer<T> = std::result::Result<Response<T>, Status>;

#[tonic::async_trait]
impl CohortService for Cohorts {
    async fn list_cohorts(
        &self,
        request: Request<api::ListCohortsRequest>,
    ) -> Answer<api::ListCohortsResponse> {
        let door = &self.api.door;
        let (by, _asked) = door.open::<Read, _>(request).await.map_err(status)?;
        let by = by.principal();
        let found = self.accounts.cohorts(by).await.map_err(status)?;
        let views = found.into_iter().map(|one| view(one, by));
        Ok(Response::new(api::ListCohortsResponse {
            cohorts: views.map(saved).collect(),
        }))
    }

    async fn save_cohort(
        &self,
        request: Request<api::SaveCohortRequest>,
    ) -> Answer<api::SavedCohort> {
        let door = &self.api.door;
        let (by, asked) = door
            .open::<Writes<Read>, _>(request)
            .await
            .map_err(status)?;
        let sent = SaveCohort::try_from(asked);
        let fields = sent.and_then(SaveCohort::fields).map_err(status)?;
        let (actor, by) = (by.actor(), by.principal());
        let made = self.accounts.save_cohort(by, &actor, fields).await;
        Ok(Response::new(saved(view(made.map_err(status)?, by))))
    }

    async fn change_cohort(
        &self,
        request: Request<api::ChangeCohortRequest>,
    ) -> Answer<api::SavedCohort> {
        let door = &self.api.door;
        let (by, asked) = door
            .open::<Writes<Read>, _>(request)
            .await
            .map_err(status)?;
        let one = named(asked.cohort_id);
        let given = asked.definition.map(definition).transpose();
        let change = ChangeCohort {
            name: asked.name,
            definition: given.map_err(status)?,
            is_shared: asked.is_shared,
        };
        let fields = change.fields().map_err(status)?;
        let row = to_change(&self.accounts, &by, &one).await.map_err(status)?;
        let (actor, by) = (by.actor(), by.principal());
        let changed = self.accounts.change_cohort(&actor, &row, fields).await;
        Ok(Response::new(saved(view(changed.map_err(status)?, by))))
    }

    async fn remove_cohort(
        &self,
        request: Request<api::RemoveCohortRequest>,
    ) -> Answer<api::RemoveCohortResponse> {
        let door = &self.api.door;
        let (by, asked) = door
            .open::<Writes<Read>, _>(request)
            .await
            .map_err(status)?;
        let one = named(asked.cohort_id);
        let row = to_change(&self.accounts, &by, &one).await.map_err(status)?;
        let removed = self.accounts.remove_cohort(&by.actor(), &row).await;
        removed.map_err(status)?;
        Ok(Response::new(api::RemoveCohortResponse {}))
    }
}

fn named(id: String) -> OneCohort {
    OneCohort { cohort: Name(id) }
}

impl TryFrom<api::SaveCohortRequest> for SaveCohort {
    type Error = Error;

    fn try_from(asked: api::SaveCohortRequest) -> Result<Self> {
        let missing = || Error::Malformed("definition: must be given".to_owned());
        Ok(Self {
            name: asked.name,
            definition: definition(asked.definition.ok_or_else(missing)?)?,
            is_shared: asked.is_shared,
        })
    }
}

fn definition(given: api::CohortDefinition) -> Result<CohortDefinition> {
    let groups = given.groups.into_iter().map(|group| {
        let tests = group.any_of.into_iter().map(person_test);
        tests.collect::<Result<Vec<_>>>()
    });
    Ok(CohortDefinition {
        days: given.days.unwrap_or(DAYS),
        groups: groups.collect::<Result<_>>()?,
    })
}

fn person_test(given: api::PersonTest) -> Result<PersonTest> {
    Ok(PersonTest {
        of: words::read("groups.of", given.of)?,
        conditions: conditions(given.conditions)?,
        r#type: given.r#type,
        name: given.name,
        times: given.times,
        days: given.days,
        after: given.after,
        before: given.before,
        not: given.not,
    })
}

fn saved(view: CohortView) -> api::SavedCohort {
    api::SavedCohort {
        id: view.id,
        name: view.name,
        definition: view.definition.map(shown_definition),
        is_shared: view.is_shared,
        is_own: view.is_own,
        created_by: view.created_by,
        created_at: view.created_at,
        updated_at: view.updated_at,
    }
}

fn shown_definition(definition: CohortDefinition) -> api::CohortDefinition {
    let groups = definition.groups.into_iter().map(|group| {
        let any_of = group.into_iter().map(shown_test).collect();
        api::CohortGroup { any_of }
    });
    api::CohortDefinition {
        days: Some(definition.days),
        groups: groups.collect(),
    }
}

fn shown_test(test: PersonTest) -> api::PersonTest {
    let conditions = Some(test.conditions).filter(|all| !all.is_empty());
    api::PersonTest {
        of: word(test.of),
        conditions: conditions.map(shown),
        r#type: test.r#type,
        name: test.name,
        times: test.times,
        days: test.days,
        after: test.after,
        before: test.before,
        not: test.not,
    }
}

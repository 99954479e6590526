//! Collections of sessions. Whoever may see recordings may change them.

use crow_db::kept::Added;
use crow_db::kept::collections::{
    self, CollectedRow, Collection, CollectionRow, MAX_COLLECTIONS, MAX_SESSIONS, Saved,
};
use crow_types::{ErrorCode, OrganizationId, Timestamp};
use crow_web::ApiError;

use super::UseCases;
use super::kept::Writer;
use crate::alerting::endpoints::checked_name;
use crate::ask::collections::{Collected, ListCollections, SaveCollection, checked_note};
use crate::ask::values::Name;
use crate::error::{Error, Result};

impl UseCases {
    /// The collections of an organization by name, or those with a session.
    ///
    /// # Errors
    /// `NotFound` without such a session.
    pub async fn collections(
        &self,
        organization: &OrganizationId,
        asked: &ListCollections,
    ) -> Result<Vec<Collection>> {
        let session = match &asked.session {
            Some(session) => Some(self.row(organization, session).await?.record.id),
            None => None,
        };
        Ok(collections::list(&self.db, organization, session.as_deref()).await?)
    }

    /// Stores a collection.
    ///
    /// # Errors
    /// `conflict` when another one has the name, or there are too many.
    pub async fn add_collection(
        &self,
        by: &Writer<'_>,
        new: &SaveCollection,
    ) -> std::result::Result<Collection, ApiError> {
        let (name, note) = (checked_name(&new.name)?, checked_note(&new.note)?);
        let now = Timestamp::now().0;
        let row = CollectionRow {
            id: format!("col_{}", ulid::Ulid::new()),
            organization_id: by.organization().as_str().to_owned(),
            name,
            note,
            created_by: by.principal.id().to_owned(),
            created_at: now,
            updated_at: now,
        };
        let saved = collections::insert(&self.db, &by.actor, row.clone()).await;
        checked(saved.map_err(Error::from)?)?;
        self.collection(by.organization(), &row.id).await
    }

    /// Stores another name and note.
    ///
    /// # Errors
    /// `not_found` without such a collection; `conflict` when another one has the name.
    pub async fn change_collection(
        &self,
        by: &Writer<'_>,
        id: &Name,
        change: &SaveCollection,
    ) -> std::result::Result<Collection, ApiError> {
        let before = self.collection_row(by.organization(), id).await?;
        let row = CollectionRow {
            name: checked_name(&change.name)?,
            note: checked_note(&change.note)?,
            updated_at: Timestamp::now().0,
            ..before
        };
        let saved = collections::change(&self.db, &by.actor, &row).await;
        checked(saved.map_err(Error::from)?)?;
        self.collection(by.organization(), &row.id).await
    }

    /// Removes a collection. Its sessions stay.
    ///
    /// # Errors
    /// `not_found` without such a collection.
    pub async fn remove_collection(
        &self,
        by: &Writer<'_>,
        id: &Name,
    ) -> std::result::Result<(), ApiError> {
        let row = self.collection_row(by.organization(), id).await?;
        let removed = collections::remove(&self.db, &by.actor, &row).await;
        if removed.map_err(Error::from)? {
            return Ok(());
        }
        Err(Error::NotFound.into_api())
    }

    /// Puts a session into a collection. One that is in it is no change.
    ///
    /// # Errors
    /// `not_found` without such a collection or session, or when it was anonymized; `conflict` when the
    /// collection is full.
    pub async fn collect(
        &self,
        by: &Writer<'_>,
        asked: &Collected,
    ) -> std::result::Result<(), ApiError> {
        let organization = by.organization();
        let collection = self.collection_row(organization, &asked.collection).await?;
        let session = self.row(organization, &asked.session).await?.record.id;
        let row = CollectedRow {
            collection_id: collection.id,
            session_id: session,
            organization_id: organization.as_str().to_owned(),
            added_by: by.principal.id().to_owned(),
            added_at: Timestamp::now().0,
        };
        let added = collections::add(&self.db, &by.actor, row).await;
        match added.map_err(Error::from)? {
            Added::Done => Ok(()),
            Added::Unknown => Err(Error::NotFound.into_api()),
            Added::TooMany => Err(ApiError::new(
                ErrorCode::Conflict,
                format!("the limit of {MAX_SESSIONS} sessions is reached; remove one"),
            )),
        }
    }

    /// Takes a session out of a collection.
    ///
    /// # Errors
    /// `not_found` when it is not in it.
    pub async fn take_out(
        &self,
        by: &Writer<'_>,
        asked: &Collected,
    ) -> std::result::Result<(), ApiError> {
        let organization = by.organization();
        let collection = self
            .collection_row(organization, &asked.collection)
            .await?
            .id;
        let session = self.row(organization, &asked.session).await?.record.id;
        let taken = collections::take_out(&self.db, &by.actor, organization, &collection, &session);
        if taken.await.map_err(Error::from)? {
            return Ok(());
        }
        Err(Error::NotFound.into_api())
    }

    async fn collection_row(
        &self,
        organization: &OrganizationId,
        id: &Name,
    ) -> Result<CollectionRow> {
        let found = collections::find(&self.db, organization, id.stored()?).await?;
        found.ok_or(Error::NotFound)
    }

    /// As it is listed.
    async fn collection(
        &self,
        organization: &OrganizationId,
        id: &str,
    ) -> std::result::Result<Collection, ApiError> {
        let all = collections::list(&self.db, organization, None).await;
        let mut all = all.map_err(Error::from)?.into_iter();
        let found = all.find(|collection| collection.id == id);
        Ok(found.ok_or(Error::NotFound)?)
    }
}

fn checked(saved: Saved) -> std::result::Result<(), ApiError> {
    let problem = match saved {
        Saved::Done => return Ok(()),
        Saved::Gone => return Err(Error::NotFound.into_api()),
        Saved::NameTaken => "another collection has this name; choose another name".to_owned(),
        Saved::TooMany => format!("the organization has {MAX_COLLECTIONS} collections; remove one"),
    };
    Err(ApiError::new(ErrorCode::Conflict, problem))
}

//! Dead letters of an organization. Those of which nobody can tell whose they are, since their
//! payload is damaged, are for the operator and `crow dlq`.

use crow_bus::dead_letters::{self, DeadLetter, LetterKind, LetterPage};
use crow_types::OrganizationId;

use crate::error::{Error, Result};

use super::Admin;

impl Admin {
    /// Letters of one kind, newest first, that are older than `before`. A page may be empty and
    /// still name the next.
    pub async fn letters(
        &self,
        organization: &OrganizationId,
        kind: LetterKind,
        before: Option<u64>,
        limit: usize,
    ) -> Result<LetterPage> {
        let is_wanted = |letter: &DeadLetter| {
            letter.kind == kind && letter.organization().as_ref() == Some(organization)
        };
        Ok(dead_letters::page(&self.bus, before, limit, is_wanted).await?)
    }

    /// One letter; another organization's does not exist.
    pub async fn letter(&self, organization: &OrganizationId, id: u64) -> Result<DeadLetter> {
        dead_letters::show(&self.bus, id)
            .await?
            .filter(|letter| letter.organization().as_ref() == Some(organization))
            .ok_or(Error::NotFound)
    }

    /// Puts a letter back where it came from. A crash in between leaves both.
    pub async fn retry_letter(&self, organization: &OrganizationId, id: u64) -> Result<()> {
        self.letter(organization, id).await?;
        let is_done = dead_letters::retry(&self.bus, id).await?;
        is_done.then_some(()).ok_or(Error::NotFound)
    }

    /// Removes a letter for good.
    pub async fn drop_letter(&self, organization: &OrganizationId, id: u64) -> Result<()> {
        self.letter(organization, id).await?;
        let is_done = dead_letters::drop_letter(&self.bus, id).await?;
        is_done.then_some(()).ok_or(Error::NotFound)
    }
}

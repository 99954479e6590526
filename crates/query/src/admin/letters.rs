//! Dead letters of an organization. A letter whose payload is too damaged to show its organization
//! is visible only to the operator, through `crow dlq`.

use crow_bus::dead_letters::{self, DeadLetter, LetterKind, LetterPage};
use crow_types::OrganizationId;

use crate::ask::admin::{ListLetters, OneLetter};
use crate::error::{Error, Result};

use super::Admin;

impl Admin {
    /// Letters of one kind, newest first, in pages. A page may be empty and still have a next page.
    pub async fn letters(
        &self,
        organization: &OrganizationId,
        asked: &ListLetters,
    ) -> Result<LetterPage> {
        let kind = asked.kind.unwrap_or(LetterKind::Events);
        let before = asked.before.and_then(|cursor| cursor.0);
        let limit = asked.limit.items();
        let is_wanted = |letter: &DeadLetter| {
            letter.kind == kind && letter.organization().as_ref() == Some(organization)
        };
        Ok(dead_letters::page(&self.bus, before, limit, is_wanted).await?)
    }

    /// One letter. A letter of another organization is not found.
    pub async fn letter(
        &self,
        organization: &OrganizationId,
        asked: &OneLetter,
    ) -> Result<DeadLetter> {
        dead_letters::show(&self.bus, asked.number()?)
            .await?
            .filter(|letter| letter.organization().as_ref() == Some(organization))
            .ok_or(Error::NotFound)
    }

    /// Moves a letter back to where it came from. A crash in between leaves both copies.
    pub async fn retry_letter(
        &self,
        organization: &OrganizationId,
        asked: &OneLetter,
    ) -> Result<()> {
        self.letter(organization, asked).await?;
        let is_done = dead_letters::retry(&self.bus, asked.number()?).await?;
        is_done.then_some(()).ok_or(Error::NotFound)
    }

    /// Removes a letter permanently.
    pub async fn drop_letter(
        &self,
        organization: &OrganizationId,
        asked: &OneLetter,
    ) -> Result<()> {
        self.letter(organization, asked).await?;
        let is_done = dead_letters::drop_letter(&self.bus, asked.number()?).await?;
        is_done.then_some(()).ok_or(Error::NotFound)
    }
}

//! Dead letters of an organization. Those of which nobody can tell whose they are, since their
//! payload is damaged, are for the operator and `crow dlq`.

use crow_bus::dead_letters::{self, DeadLetter, LetterKind, LetterPage};
use crow_types::OrganizationId;

use crate::ask::admin::{ListLetters, OneLetter};
use crate::error::{Error, Result};

use super::Admin;

impl Admin {
    /// Letters of one kind, newest first, in pages. A page may be empty and
    /// still name the next.
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

    /// One letter; another organization's does not exist.
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

    /// Puts a letter back where it came from. A crash in between leaves both.
    pub async fn retry_letter(
        &self,
        organization: &OrganizationId,
        asked: &OneLetter,
    ) -> Result<()> {
        self.letter(organization, asked).await?;
        let is_done = dead_letters::retry(&self.bus, asked.number()?).await?;
        is_done.then_some(()).ok_or(Error::NotFound)
    }

    /// Removes a letter for good.
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

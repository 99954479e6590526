//! Access requests (GDPR Art. 15): what is stored of one person, as a zip.
//!
//! [`contents`] says of each store and table that an erasure knows what the zip takes from it. The
//! zip is written while it is read: neither a recording nor the zip is ever in memory as a whole.

use std::collections::{BTreeSet, HashSet};

use bytes::Bytes;
use futures::{Stream, StreamExt, future, stream};
use serde::Serialize;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use crow_db::audit_log::Actor;
use crow_db::erasure::{self, Subject};
use crow_db::interactions::reported;
use crow_types::{OrganizationId, Timestamp};

use crate::ask::replay::GetReplay;
use crate::ask::sessions::{EventCount, ListEvents};
use crate::ask::values::{Cursor, Name};
use crate::ask::words::Format;
use crate::error::{Error, Result};
use crate::replay::encode::Encoder;
use crate::rest::interactions::InteractionView;
use crate::rest::views::{EventView, SessionView};
use crate::use_cases::{Session, UseCases};

mod contents;
mod letters;
mod zip;

use zip::Zip;

/// Blocks that wait for a slow client.
const BLOCKS: usize = 2;
/// Events read at once.
const EVENTS: u64 = 1_000;

/// A request that was audited and is about to be answered.
pub struct Access {
    /// Its id, as in `audit_log`.
    pub id: String,
    use_cases: UseCases,
    organization: OrganizationId,
    subject: Subject,
    /// Row ids.
    rows: Vec<String>,
    /// The SDK's ids.
    sessions: HashSet<String>,
}

impl UseCases {
    /// Notes the request in the audit log, and finds the sessions.
    ///
    /// # Errors
    /// When the database cannot be used; then nothing may be handed out.
    pub async fn access(
        &self,
        organization: &OrganizationId,
        subject: Subject,
        by: &Actor,
    ) -> Result<Access> {
        let id = erasure::note_access(&self.db, organization, by, Timestamp::now()).await?;
        let found = erasure::named(&self.db, organization, &subject).await?;
        tracing::info!(
            access = id,
            org.id = organization.as_str(),
            sessions = found.len(),
            "an access request is answered"
        );
        Ok(Access {
            id,
            use_cases: self.clone(),
            organization: organization.clone(),
            subject,
            rows: found.iter().map(|found| found.row.clone()).collect(),
            sessions: found.into_iter().map(|found| found.session).collect(),
        })
    }
}

impl Access {
    /// How many sessions were found.
    #[must_use]
    pub fn sessions(&self) -> usize {
        self.rows.len()
    }

    /// The zip. After an error it is incomplete and cannot be opened.
    pub fn blocks(self) -> impl Stream<Item = Result<Bytes>> {
        let (sender, receiver) = mpsc::channel(BLOCKS);
        let written = async move { self.write(Zip::new(sender)).await };
        // Both are polled together, so the zip is written as fast as it is read.
        let failure = stream::once(written).filter_map(|done| future::ready(done.err().map(Err)));
        stream::select(ReceiverStream::new(receiver).map(Ok), failure)
    }

    /// Dead letters come first, because the bus is the part that may not respond.
    async fn write(&self, mut zip: Zip) -> Result<()> {
        zip.begin("README.txt")?;
        let readme = contents::readme(&self.id, &self.organization, self.sessions());
        zip.add(readme.as_bytes()).await?;
        zip.begin(contents::DEAD_LETTERS.name)?;
        letters::write(self, &mut zip).await?;
        zip.begin(contents::SESSIONS.name)?;
        for row in &self.rows {
            let name = Name(row.clone());
            let found = self.use_cases.row(&self.organization, &name).await;
            let Some(found) = unless_erased(found)? else {
                continue;
            };
            let view = SessionView::listed(Session::listed(found));
            zip.add_line(&view).await?;
        }
        zip.begin(contents::INTERACTIONS.name)?;
        for row in &self.rows {
            let found =
                crow_db::interactions::of_session(&self.use_cases.db, &self.organization, row);
            if let Some(found) = found.await? {
                zip.add_line(&InteractionView::from(found)).await?;
            }
        }
        let asked: &[String] = match &self.subject {
            Subject::Sessions(asked) => asked,
            _ => &[],
        };
        let sessions: BTreeSet<&String> = self.sessions.iter().chain(asked).collect();
        for session in sessions {
            let (db, of) = (&self.use_cases.db, &self.organization);
            for found in reported::of_session(db, of, session).await? {
                zip.add_line(&InteractionView::from(found)).await?;
            }
        }
        zip.begin(contents::NOTES.name)?;
        for row in &self.rows {
            if let Some(kept) = self.use_cases.kept_of(&self.organization, row).await? {
                zip.add_line(&kept).await?;
            }
        }
        let mut damaged = String::new();
        for row in &self.rows {
            for written in [
                self.write_events(row, &mut zip).await,
                self.write_recording(row, &mut zip).await,
            ] {
                match unless_erased(written) {
                    Err(error) if error.is_damage() => {
                        tracing::warn!(
                            session_row = row,
                            error = crow_types::log_chain(&error),
                            "an access request leaves out what cannot be read"
                        );
                        damaged += &format!("{row}: {error}\n");
                    }
                    written => drop(written?),
                }
            }
        }
        if !damaged.is_empty() {
            zip.begin(contents::DAMAGED.name)?;
            zip.add(damaged.as_bytes()).await?;
        }
        zip.finish().await
    }

    async fn write_events(&self, row: &str, zip: &mut Zip) -> Result<()> {
        let mut asked = ListEvents {
            session: Name(row.to_owned()),
            limit: EventCount::new("limit", EVENTS)?,
            after: None,
            event_type: None,
        };
        let mut has_begun = false;
        loop {
            let page = self.use_cases.events(&self.organization, &asked).await?;
            if !has_begun && !page.items.is_empty() {
                zip.begin(&format!("events/{row}.ndjson"))?;
                has_begun = true;
            }
            let issues = self
                .use_cases
                .issues_of(&self.organization, &page.items)
                .await?;
            for event in page.items {
                zip.add_line(&EventView::new(event, &issues)).await?;
            }
            let Some(next) = page.next else {
                return Ok(());
            };
            asked.after = Some(Cursor(next));
        }
    }

    async fn write_recording(&self, row: &str, zip: &mut Zip) -> Result<()> {
        let name = Name(row.to_owned());
        let found = self.use_cases.row(&self.organization, &name).await?;
        if !found.record.has_replay {
            return Ok(());
        }
        let whole = GetReplay {
            session: name,
            format: None,
            from: None,
            to: None,
        };
        let found = self.use_cases.replay(&self.organization, &whole).await?;
        let mut encoder = Encoder::new(found.replay, Format::Ndjson, found.gaps);
        zip.begin(&format!("recordings/{row}.ndjson"))?;
        while let Some(block) = encoder.next_block().await? {
            zip.add(&block).await?;
        }
        Ok(())
    }
}

/// `None`: the session was erased since the request began.
fn unless_erased<T>(outcome: Result<T>) -> Result<Option<T>> {
    match outcome {
        Ok(found) => Ok(Some(found)),
        Err(Error::NotFound | Error::Storage(crow_storage::Error::NoKey { .. })) => Ok(None),
        Err(error) => Err(error),
    }
}

impl Zip {
    async fn add_line(&mut self, value: &impl Serialize) -> Result<()> {
        let mut line = serde_json::to_vec(value).expect("a view is plain data");
        line.push(b'\n');
        self.add(&line).await
    }
}

//! Erasures.

use actix_web::web::Data;
use serde::Serialize;
use utoipa::ToSchema;

use crow_db::erasure::{Erasure, Receipt};
use crow_web::ApiError;

use crate::admin::Admin;
use crate::ask::erasures::{EraseWhat, ListErasures, OneErasure};
use crate::cursor;
use crate::door;
use crate::rest::answers::{Answered, Found, Made};
use crate::rest::asked::{Asked, Body, Sent};

impl Body for EraseWhat {
    /// Body limit in bytes. A thousand ids fit.
    const MOST: usize = 256 << 10;
    const MUST_BE_TYPED: bool = true;
}

pub async fn preview_erasure(
    admin: Data<Admin>,
    sent: Sent<door::Admin, EraseWhat>,
) -> Answered<ErasurePreview> {
    let subject = sent.body.subject(sent.organization())?;
    let mode = sent.body.mode();
    let found = admin
        .preview_erasure(sent.organization(), &subject, mode)
        .await?;
    Ok(Found(ErasurePreview {
        sessions: found.sessions,
        chunks: found.chunks,
    }))
}

pub async fn erase(
    admin: Data<Admin>,
    sent: Sent<door::Admin, EraseWhat>,
) -> Result<Made<ErasureView>, ApiError> {
    let subject = sent.body.subject(sent.organization())?;
    let by = sent.by.actor();
    let mode = sent.body.mode();
    let erasure = admin
        .erase(sent.organization(), &subject, mode, &by)
        .await?;
    Ok(Made(erasure.into()))
}

pub async fn list_erasures(
    admin: Data<Admin>,
    ask: Asked<door::Admin, ListErasures>,
) -> Answered<ErasureList> {
    let (found, next) = admin.erasures(ask.organization(), &ask.question).await?;
    Ok(Found(ErasureList {
        erasures: found.into_iter().map(ErasureView::from).collect(),
        next_cursor: next.as_ref().map(cursor::encode),
    }))
}

pub async fn get_erasure(
    admin: Data<Admin>,
    ask: Asked<door::Admin, OneErasure>,
) -> Answered<ErasureView> {
    let erasure = admin.erasure(ask.organization(), &ask.question).await?;
    Ok(Found(erasure.into()))
}

/// What an erasure would erase.
#[derive(Debug, Serialize, ToSchema)]
pub struct ErasurePreview {
    /// Sessions.
    pub sessions: u64,
    /// Their parts in the object store.
    pub chunks: u64,
}

/// Erasures of an organization.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ErasureList {
    /// Newest first.
    pub erasures: Vec<ErasureView>,
    /// Send it as `cursor` for the next page; null on the last page.
    pub next_cursor: Option<String>,
}

/// An erasure. It does not name who or what was erased.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ErasureView {
    /// Id of the erasure.
    pub id: String,
    /// `session`, `user`, `time`, `property`, `organization`, `retention`, or `consent`: the visitor
    /// withdrew it.
    pub kind: String,
    /// The id of the key that asked, `crow erase`, `retention` or `visitor`.
    pub requested_by: String,
    /// Milliseconds since the epoch. From then on nothing that it removes can be read.
    pub requested_at: i64,
    /// `erase`, `anonymize`, or `remove_events`: retention removed events and recordings, and the
    /// sessions stay.
    pub mode: String,
    /// Sessions that it changed.
    pub sessions: u64,
    /// When the last store was verified; null while some are not.
    pub completed_at: Option<i64>,
    /// A receipt of each store.
    pub receipts: Vec<ReceiptView>,
}

/// What an erasure found and removed in a store.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReceiptView {
    /// `keys`, `rows`, `objects`, `event_streams`, `dead_letters` or `announcements`.
    pub store: String,
    /// Keys, rows, objects or messages that held something.
    pub found: u64,
    /// How many of them are gone, or hold nothing that can be read.
    pub removed: u64,
    /// When nothing was found any more, milliseconds since the epoch; null: not yet.
    pub verified_at: Option<i64>,
}

impl From<Receipt> for ReceiptView {
    fn from(receipt: Receipt) -> Self {
        Self {
            store: receipt.store,
            found: receipt.found,
            removed: receipt.removed,
            verified_at: receipt.verified_at,
        }
    }
}

impl From<Erasure> for ErasureView {
    fn from(erasure: Erasure) -> Self {
        Self {
            id: erasure.id,
            kind: erasure.kind,
            requested_by: erasure.requested_by,
            requested_at: erasure.requested_at,
            mode: erasure.mode,
            sessions: erasure.sessions,
            completed_at: erasure.completed_at,
            receipts: erasure
                .receipts
                .into_iter()
                .map(ReceiptView::from)
                .collect(),
        }
    }
}

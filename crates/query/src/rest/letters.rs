//! Dead letters.

use actix_web::web::Data;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crow_bus::dead_letters::{DeadLetter, LetterKind};
use crow_web::ApiError;

use crate::admin::Admin;
use crate::ask::admin::{ListLetters, OneLetter};
use crate::door;
use crate::rest::answers::{Answered, Done, Found};
use crate::rest::asked::Asked;

pub async fn list_letters(
    admin: Data<Admin>,
    ask: Asked<door::Admin, ListLetters>,
) -> Answered<LetterList> {
    let page = admin.letters(ask.organization(), &ask.question).await?;
    Ok(Found(LetterList {
        letters: page.letters.iter().map(LetterView::from).collect(),
        next_cursor: page.next.map(|id| id.to_string()),
    }))
}

pub async fn get_letter(
    admin: Data<Admin>,
    ask: Asked<door::Admin, OneLetter>,
) -> Answered<WholeLetter> {
    let letter = admin.letter(ask.organization(), &ask.question).await?;
    Ok(Found(WholeLetter {
        view: LetterView::from(&letter),
        payload: serde_json::from_slice(&letter.payload).ok(),
    }))
}

pub async fn retry_letter(
    admin: Data<Admin>,
    ask: Asked<door::Admin, OneLetter>,
) -> Result<Done, ApiError> {
    admin
        .retry_letter(ask.organization(), &ask.question)
        .await?;
    Ok(Done)
}

pub async fn drop_letter(
    admin: Data<Admin>,
    ask: Asked<door::Admin, OneLetter>,
) -> Result<Done, ApiError> {
    admin.drop_letter(ask.organization(), &ask.question).await?;
    Ok(Done)
}

/// Dead letters of an organization.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LetterList {
    /// Newest first. A page may have fewer letters than `limit`, or none, and still have a next
    /// page.
    pub letters: Vec<LetterView>,
    /// Send it as `cursor` for the next page; null on the last page.
    pub next_cursor: Option<String>,
}

/// A dead letter.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LetterView {
    /// Id of the letter.
    pub id: String,
    /// `events` or `completions`.
    #[schema(value_type = String)]
    pub kind: LetterKind,
    /// When it was set aside, milliseconds since the epoch.
    pub at: i64,
    /// Why it could not be processed.
    pub reason: String,
    /// The subject where it was published first.
    pub subject: String,
    /// Its position in that stream.
    pub sequence: u64,
    /// How often processing was attempted.
    pub attempts: u32,
    /// Bytes of the payload.
    pub size_bytes: usize,
}

impl From<&DeadLetter> for LetterView {
    fn from(letter: &DeadLetter) -> Self {
        Self {
            id: letter.id.to_string(),
            kind: letter.kind,
            at: letter.stored_at,
            reason: letter.reason.clone(),
            subject: letter.subject.clone(),
            sequence: letter.sequence,
            attempts: letter.attempts,
            size_bytes: letter.payload.len(),
        }
    }
}

/// A dead letter with its content.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WholeLetter {
    /// The entry that lists show.
    #[serde(flatten)]
    pub view: LetterView,
    /// The announcement; null for events, which are not JSON (`crow dlq show` prints them).
    #[schema(value_type = Option<Object>)]
    pub payload: Option<Value>,
}

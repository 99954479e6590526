//! The audit log.

use actix_web::body::BoxBody;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION};
use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse, Responder};
use futures::{StreamExt, TryStreamExt, stream};
use serde::Serialize;
use utoipa::ToSchema;

use crow_db::audit_log::AuditRow;
use crow_web::ApiError;

use crate::admin::Admin;
use crate::ask::audit::{AuditFormat, ExportAudit, ListAudit};
use crate::cursor;
use crate::door;
use crate::error::Error;
use crate::rest::answers::{Answered, Found, PRIVATE, describe_text, text};
use crate::rest::asked::Asked;
use crate::rest::described::{Description, Output};

const CSV: &str = "text/csv; charset=utf-8";
const NDJSON: &str = "application/x-ndjson";
const HEADER: &str = "id,sequence,at,actorKind,actorId,action,subject,address,outcome,hash\r\n";

/// A page of the audit log.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AuditList {
    /// Newest first.
    pub entries: Vec<AuditView>,
    /// Send it as `cursor` for the next page; null on the last page.
    pub next_cursor: Option<String>,
}

/// An entry of the audit log. What may be null is null in entries of earlier releases.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AuditView {
    /// Id of the entry.
    pub id: String,
    /// Its place in the organization's chain, from 1.
    pub sequence: Option<i64>,
    /// Milliseconds since the epoch.
    pub at: i64,
    /// `user`, `key`, `public` (not known) or `system` (the installation itself).
    pub actor_kind: Option<String>,
    /// Id of the user or key, or the name of the part of the system.
    pub actor_id: Option<String>,
    /// What was done, such as `api_key.created`.
    pub action: String,
    /// On what: an id, possibly with what changed.
    pub subject: String,
    /// The address of the client; null when there is none.
    pub address: Option<String>,
    /// `done` or `refused`.
    pub outcome: Option<String>,
    /// SHA-256 of the entry and of the hash before it.
    pub hash: Option<String>,
}

impl From<AuditRow> for AuditView {
    fn from(row: AuditRow) -> Self {
        Self {
            id: row.id,
            sequence: row.sequence,
            at: row.at,
            actor_kind: row.actor_kind,
            actor_id: row.actor_id,
            action: row.action,
            subject: row.subject,
            address: row.address,
            outcome: row.outcome,
            hash: row.hash,
        }
    }
}

/// The audit log as a file.
pub struct AuditFile(HttpResponse);

impl Responder for AuditFile {
    type Body = BoxBody;

    fn respond_to(self, _request: &HttpRequest) -> HttpResponse {
        self.0
    }
}

impl Output for AuditFile {
    fn describe(to: &mut Description) {
        let types = [(NDJSON, text()), ("text/csv", text())];
        describe_text(to, "The entries, newest first.", &types);
    }
}

pub async fn list_audit(
    admin: Data<Admin>,
    ask: Asked<door::Admin, ListAudit>,
) -> Answered<AuditList> {
    let (entries, next) = admin.audit(ask.organization(), &ask.question).await?;
    Ok(Found(AuditList {
        entries: entries.into_iter().map(AuditView::from).collect(),
        next_cursor: next.as_ref().map(cursor::encode),
    }))
}

/// A failure before the first page is an answer; a later one breaks off the connection.
pub async fn export_audit(
    admin: Data<Admin>,
    ask: Asked<door::Admin, ExportAudit>,
) -> Result<AuditFile, ApiError> {
    let format = ask.question.format.unwrap_or_default();
    let filter = ask.question.filter();
    let by = ask.by.actor();
    let pages = admin.export_audit(&by, ask.organization(), filter).await?;
    let blocks = pages.map_ok(move |rows| block(rows, format));
    let mut blocks = Box::pin(blocks);
    let first = blocks.try_next().await?.unwrap_or_default();
    let (kind, name, header) = match format {
        AuditFormat::Csv => (CSV, "audit.csv", HEADER),
        AuditFormat::Ndjson => (NDJSON, "audit.ndjson", ""),
    };
    let begin = stream::iter([Ok(Bytes::from_static(header.as_bytes())), Ok(first)]);
    let rest = blocks.map_err(Error::into_api);
    let response = HttpResponse::Ok()
        .content_type(kind)
        .insert_header((
            CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ))
        .insert_header((CACHE_CONTROL, PRIVATE))
        .streaming(begin.chain(rest));
    Ok(AuditFile(response))
}

fn block(rows: Vec<AuditRow>, format: AuditFormat) -> Bytes {
    let mut text = String::new();
    for view in rows.into_iter().map(AuditView::from) {
        match format {
            AuditFormat::Csv => add_csv(&mut text, &view),
            AuditFormat::Ndjson => {
                text += &serde_json::to_string(&view).expect("an entry is plain data");
                text.push('\n');
            }
        }
    }
    text.into()
}

fn add_csv(text: &mut String, view: &AuditView) {
    let number = |number: Option<i64>| number.map(|number| number.to_string());
    let fields = [
        Some(view.id.clone()),
        number(view.sequence),
        number(Some(view.at)),
        view.actor_kind.clone(),
        view.actor_id.clone(),
        Some(view.action.clone()),
        Some(view.subject.clone()),
        view.address.clone(),
        view.outcome.clone(),
        view.hash.clone(),
    ];
    let fields = fields.map(|field| field.map(|field| quoted(&field)).unwrap_or_default());
    *text += &fields.join(",");
    *text += "\r\n";
}

/// A field of CSV (RFC 4180). Spreadsheets would compute what begins like a formula.
fn quoted(field: &str) -> String {
    let is_formula = field.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let guard = if is_formula { "'" } else { "" };
    format!("\"{guard}{}\"", field.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_quoted_and_compute_nothing() {
        assert_eq!(
            quoted("usr_1, role \"owner\""),
            "\"usr_1, role \"\"owner\"\"\""
        );
        assert_eq!(quoted("=1+1"), "\"'=1+1\"");
    }
}

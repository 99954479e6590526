//! Imports of products from files.

use std::time::Duration;

use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::{Bytes, Data, Payload};
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use serde::Serialize;
use std::future::{Ready, ready};
use utoipa::ToSchema;

use crow_db::products::Imported;
use crow_product::csv::{self, Item};
use crow_product::fields::Fields;
use crow_product::json_ld;
use crow_types::ErrorCode;
use crow_web::ApiError;
use crow_web::body::{self, BodyLimits};

use crate::api::Api;
use crate::door::Admin;
use crate::rest::answers::{Answered, Found};
use crate::rest::asked::{Asked, malformed};
use crate::rest::described::{Description, Input};

/// The largest file, in bytes.
const MAX_FILE: usize = 8 << 20;
/// The whole file must arrive within this time.
const TIME: Duration = Duration::from_secs(60);
/// Products of one file.
const MOST: usize = 20_000;
/// Errors that are listed.
const MAX_ERRORS: usize = 100;
const CSV: &str = "text/csv";
const JSON_LD: &str = "application/ld+json";

/// What came of an import.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportedProducts {
    /// New products.
    created: u64,
    /// Changed ones.
    updated: u64,
    /// Those that were the same before.
    unchanged: u64,
    /// Those that were left out.
    failed: u64,
    /// Why, the first 100.
    errors: Vec<ImportError>,
}

/// Why a product was left out.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportError {
    /// Of a CSV file the line on which it begins, otherwise its number from 1.
    line: u64,
    /// The field.
    field: String,
    /// What is wrong with it.
    message: String,
}

/// A file in the body.
pub struct File {
    payload: Payload,
    kind: String,
}

impl FromRequest for File {
    type Error = actix_web::Error;
    type Future = Ready<Result<Self, actix_web::Error>>;

    fn from_request(request: &HttpRequest, payload: &mut actix_web::dev::Payload) -> Self::Future {
        let payload = Payload::from_request(request, payload).into_inner();
        let kind = request.content_type().to_lowercase();
        ready(payload.map(|payload| Self { payload, kind }))
    }
}

impl Input for File {
    fn describe(to: &mut Description) {
        to.takes_file(&[CSV, JSON_LD]);
    }
}

pub async fn import_products(
    api: Data<Api>,
    ask: Asked<Admin, ()>,
    file: File,
) -> Answered<ImportedProducts> {
    let is_csv = match file.kind.as_str() {
        CSV => true,
        JSON_LD => false,
        _ => {
            let text = format!("send `{CONTENT_TYPE}: {CSV}` or `{JSON_LD}`");
            return Err(ApiError::new(ErrorCode::UnsupportedMedia, text));
        }
    };
    let limits = BodyLimits {
        max_bytes: MAX_FILE,
        timeout: TIME,
    };
    let bytes = body::read(file.payload, limits, |_bytes| Ok(())).await?;
    // A large file takes a while.
    let read = tokio::task::spawn_blocking(move || {
        if is_csv {
            of_csv(&bytes)
        } else {
            of_json_ld(&bytes)
        }
    });
    let items = read.await.map_err(|error| ApiError::internal(&error))??;
    let mut report = Report::default();
    let fields = report.sort(items);
    let by = ask.by.actor();
    let imported = api
        .use_cases
        .import_products(ask.organization(), &by, fields);
    Ok(Found(report.finish(imported.await?)))
}

fn of_csv(file: &Bytes) -> Result<Vec<Item>, ApiError> {
    let items = csv::read(file).map_err(|error| malformed(format!("the file: {error}")))?;
    bounded(items.take(MOST + 1).collect())
}

fn of_json_ld(file: &Bytes) -> Result<Vec<Item>, ApiError> {
    let document =
        serde_json::from_slice(file).map_err(|error| malformed(format!("the file: {error}")))?;
    let items = json_ld::read(&document);
    if items.is_empty() {
        let text = "the file: it has no product of schema.org (`\"@type\": \"Product\"`)";
        return Err(malformed(text.to_owned()));
    }
    bounded(items)
}

fn bounded(items: Vec<Item>) -> Result<Vec<Item>, ApiError> {
    if items.len() <= MOST {
        return Ok(items);
    }
    let text = format!("the file: it has more than {MOST} products; send several files");
    Err(ApiError::new(ErrorCode::TooLarge, text))
}

/// What is wrong with which line.
#[derive(Default)]
struct Report {
    failed: u64,
    errors: Vec<ImportError>,
    /// The lines of products that are right.
    lines: Vec<u64>,
}

impl Report {
    /// The products that are right.
    fn sort(&mut self, items: Vec<Item>) -> Vec<Fields> {
        let mut right = Vec::with_capacity(items.len());
        for (line, item) in items {
            match item {
                Ok(fields) => {
                    self.lines.push(line);
                    right.push(fields);
                }
                Err(error) => self.note(line, error.field, error.message),
            }
        }
        right
    }

    fn note(&mut self, line: u64, field: &str, message: &str) {
        self.failed += 1;
        if self.errors.len() < MAX_ERRORS {
            self.errors.push(ImportError {
                line,
                field: field.to_owned(),
                message: message.to_owned(),
            });
        }
    }

    fn finish(mut self, imported: Imported) -> ImportedProducts {
        for (place, refused) in imported.refused {
            let (field, message) = refused.in_words();
            self.note(self.lines[place], field, message);
        }
        self.errors.sort_by_key(|error| error.line);
        ImportedProducts {
            created: imported.created,
            updated: imported.updated,
            unchanged: imported.unchanged,
            failed: self.failed,
            errors: self.errors,
        }
    }
}

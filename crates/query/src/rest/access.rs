//! Access requests.

use actix_web::body::BoxBody;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, Responder};
use futures::{StreamExt, TryStreamExt, stream};
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};

use crow_web::ApiError;

use crate::api::Api;
use crate::ask::access::AccessTo;
use crate::door::Admin;
use crate::error::Error;
use crate::rest::answers::{PRIVATE, describe_text};
use crate::rest::asked::Asked;
use crate::rest::described::{Description, Output};

const ZIP: &str = "application/zip";

/// A zip as a stream.
pub struct Zip(HttpResponse);

impl Responder for Zip {
    type Body = BoxBody;

    fn respond_to(self, _request: &HttpRequest) -> HttpResponse {
        self.0
    }
}

impl Output for Zip {
    fn describe(to: &mut Description) {
        let binary = ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Binary)));
        describe_text(to, "The zip.", &[(ZIP, binary.build().into())]);
    }
}

/// A failure before the first block is an answer; a later one breaks off the connection.
pub async fn access(api: Data<Api>, ask: Asked<Admin, AccessTo>) -> Result<Zip, ApiError> {
    let subject = ask.question.subject()?;
    let by = ask.by.actor();
    let access = api
        .use_cases
        .access(ask.organization(), subject, &by)
        .await?;
    let disposition = format!("attachment; filename=\"access-{}.zip\"", access.id);
    let mut blocks = Box::pin(access.blocks());
    let first = blocks.try_next().await?.unwrap_or_default();
    let rest = blocks.map_err(Error::into_api);
    let body = stream::once(std::future::ready(Ok(first))).chain(rest);
    let response = HttpResponse::Ok()
        .content_type(ZIP)
        .insert_header((CONTENT_DISPOSITION, disposition))
        .insert_header((CACHE_CONTROL, PRIVATE))
        .streaming(body);
    Ok(Zip(response))
}

//! Responses. They hold personal data, so no cache may store them.

use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, Responder, ResponseError};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::schema::{ArrayBuilder, Object, ObjectBuilder, Schema, Type};
use utoipa::openapi::{Content, ResponseBuilder};

use crow_types::ErrorCode;
use crow_web::ApiError;

use crate::mask;
use crate::rest::described::{Description, Output};

/// Forbids caches to store a response.
pub const PRIVATE: HeaderValue = HeaderValue::from_static("private, no-store");

/// The result of a handler.
pub type Answered<T> = Result<Found<T>, ApiError>;

/// A resource, as JSON.
pub struct Found<T>(pub T);

/// A created resource, as JSON.
pub struct Made<T>(pub T);

/// A request that will be carried out, as JSON.
pub struct Accepted<T>(pub T);

/// A changed resource, as JSON.
pub struct Changed<T>(pub T);

/// An answer of a route that may be in conflict with what is there.
pub struct OrConflict<T>(pub T);

/// Success without content.
pub struct Done;

fn answer(request: &HttpRequest, status: StatusCode, body: &impl Serialize) -> HttpResponse {
    let mut response = HttpResponse::build(status);
    response.insert_header((CACHE_CONTROL, PRIVATE));
    if !mask::is_masked(request) {
        return response.json(body);
    }
    match serde_json::to_value(body) {
        Ok(mut value) => {
            mask::mask(&mut value);
            response.json(value)
        }
        Err(error) => ApiError::internal(&error).error_response(),
    }
}

impl<T: Serialize> Responder for Found<T> {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        answer(request, StatusCode::OK, &self.0)
    }
}

impl<T: Serialize> Responder for Changed<T> {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        answer(request, StatusCode::OK, &self.0)
    }
}

impl<T: Serialize> Responder for Made<T> {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        answer(request, StatusCode::CREATED, &self.0)
    }
}

impl<T: Serialize> Responder for Accepted<T> {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        answer(request, StatusCode::ACCEPTED, &self.0)
    }
}

impl<T: Responder> Responder for OrConflict<T> {
    type Body = T::Body;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse<T::Body> {
        self.0.respond_to(request)
    }
}

impl Responder for Done {
    type Body = BoxBody;

    fn respond_to(self, _request: &HttpRequest) -> HttpResponse {
        HttpResponse::NoContent()
            .insert_header((CACHE_CONTROL, PRIVATE))
            .finish()
    }
}

impl<T: ToSchema> Output for Found<T> {
    fn describe(to: &mut Description) {
        let content = to.refer::<T>();
        let response = ResponseBuilder::new().description("The answer.");
        to.answer("200", response.content("application/json", content));
    }
}

impl<T: ToSchema> Output for Made<T> {
    fn describe(to: &mut Description) {
        let content = to.refer::<T>();
        let response = ResponseBuilder::new().description("Made.");
        to.answer("201", response.content("application/json", content));
    }
}

impl<T: ToSchema> Output for Accepted<T> {
    fn describe(to: &mut Description) {
        let content = to.refer::<T>();
        let response = ResponseBuilder::new().description("Accepted, and durable.");
        to.answer("202", response.content("application/json", content));
    }
}

impl<T: ToSchema> Output for Changed<T> {
    fn describe(to: &mut Description) {
        Found::<T>::describe(to);
        to.may_fail(ErrorCode::Conflict);
    }
}

impl<T: Output> Output for OrConflict<T> {
    fn describe(to: &mut Description) {
        T::describe(to);
        to.may_fail(ErrorCode::Conflict);
    }
}

impl Output for Done {
    fn describe(to: &mut Description) {
        to.answer("204", ResponseBuilder::new().description("Done."));
    }
}

/// Describes a response that is not JSON: its content types, each with a schema.
pub fn describe_text(to: &mut Description, description: &str, types: &[(&str, Schema)]) {
    let mut response = ResponseBuilder::new().description(description);
    for (name, schema) in types {
        response = response.content(*name, Content::new(Some(schema.clone())));
    }
    to.answer("200", response);
}

/// Any text.
pub fn text() -> Schema {
    let text = ObjectBuilder::new().schema_type(Type::String);
    text.build().into()
}

/// A list of anything.
pub fn list() -> Schema {
    ArrayBuilder::new().items(Object::default()).build().into()
}

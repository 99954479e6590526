//! Describes handlers in the OpenAPI document. The description comes from the types that a handler
//! accepts and returns, so the two cannot disagree.

use std::future::{Ready, ready};
use std::marker::PhantomData;

use actix_web::web::{Data, Payload};
use actix_web::{FromRequest, HttpRequest};
use serde_json::json;
use utoipa::ToSchema;
use utoipa::openapi::path::{
    Operation, OperationBuilder, Parameter as Documented, ParameterBuilder, ParameterIn,
};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::{KnownFormat, Schema, SchemaFormat, SchemaType, Type};
use utoipa::openapi::security::SecurityRequirement;
use utoipa::openapi::{Content, ObjectBuilder, Ref, RefOr, Required, ResponseBuilder};

use crow_types::ErrorCode;
use crow_web::{ApiError, docs};

use crate::ask::question::{Parameter, Question};
use crate::ask::values::Shape;
use crate::door::http::{BySystem, ORGANIZATION, SignedIn};
use crate::door::{Allowed, Needed};
use crate::rest::asked::{Asked, AskedSignedIn, Body, Open, Sent};

/// A named schema.
pub type Named = (String, RefOr<Schema>);

/// Errors that any route can return.
const ERRORS: [ErrorCode; 9] = [
    ErrorCode::Malformed,
    ErrorCode::Unauthenticated,
    ErrorCode::Forbidden,
    ErrorCode::NotFound,
    ErrorCode::MethodNotAllowed,
    ErrorCode::Unprocessable,
    ErrorCode::RateLimited,
    ErrorCode::Unavailable,
    ErrorCode::Internal,
];
/// What the document says of [`Writes`](crate::door::Writes).
const KEY_NEEDS_ADMIN: &str = "An API key needs the scope `admin`.";
/// Errors of a route with a body.
const BODY_ERRORS: [ErrorCode; 2] = [ErrorCode::Timeout, ErrorCode::TooLarge];

/// An operation of the document under construction.
pub struct Description {
    path: &'static str,
    operation: OperationBuilder,
    /// What there is to know about it, besides its summary.
    more: String,
    errors: Vec<ErrorCode>,
    /// The schemas that it refers to.
    pub schemas: Vec<Named>,
}

/// Something that a handler accepts.
pub trait Input {
    /// Describes what it requires of a request.
    fn describe(to: &mut Description);
}

/// Something that a handler returns.
pub trait Output {
    /// Describes the response.
    fn describe(to: &mut Description);
}

impl Description {
    /// For a handler that accepts `I` and returns `O` on this path. The first paragraph of `about` is the
    /// summary.
    pub fn of<I: Input, O: Output>(
        path: &'static str,
        about: &str,
        operation: OperationBuilder,
    ) -> Self {
        let (summary, more) = about.split_once("\n\n").unwrap_or((about, ""));
        let mut description = Self {
            path,
            operation: operation.summary(Some(summary)),
            more: more.to_owned(),
            errors: ERRORS.to_vec(),
            schemas: Vec::new(),
        };
        I::describe(&mut description);
        O::describe(&mut description);
        description
    }

    /// The operation, with its error responses.
    pub fn finish(self) -> (Operation, Vec<Named>) {
        let more = (!self.more.is_empty()).then_some(self.more);
        let mut operation = self.operation.description(more);
        for (status, response) in docs::error_responses(&self.errors) {
            operation = operation.response(status, response);
        }
        (operation.build(), self.schemas)
    }

    fn change(&mut self, change: impl FnOnce(OperationBuilder) -> OperationBuilder) {
        let operation = std::mem::replace(&mut self.operation, OperationBuilder::new());
        self.operation = change(operation);
    }

    /// Adds a response.
    pub fn answer(&mut self, status: &str, response: ResponseBuilder) {
        self.change(|operation| operation.response(status, response.build()));
    }

    /// Refers to a type and adds its schema to the document.
    pub fn refer<T: ToSchema>(&mut self) -> Content {
        let name = T::name().into_owned();
        self.schemas.push((name.clone(), T::schema()));
        T::schemas(&mut self.schemas);
        Content::new(Some(Ref::from_schema_name(name)))
    }

    /// Adds an error that only this operation returns.
    pub fn may_fail(&mut self, code: ErrorCode) {
        self.errors.push(code);
    }

    fn allows(&mut self, ways: &[&str]) {
        for way in ways {
            let requirement = SecurityRequirement::new(*way, Vec::<String>::new());
            self.change(|operation| operation.security(requirement));
        }
    }

    fn takes_body<T: ToSchema>(&mut self, must_be_typed: bool) {
        self.errors.extend(BODY_ERRORS);
        if must_be_typed {
            self.errors.push(ErrorCode::UnsupportedMedia);
        }
        let content = self.refer::<T>();
        let body = RequestBodyBuilder::new()
            .content("application/json", content)
            .required(Some(Required::True));
        self.change(|operation| operation.request_body(Some(body.build())));
    }

    /// Adds a body that is a file of one of these types.
    pub fn takes_file(&mut self, types: &[&str]) {
        self.errors.extend(BODY_ERRORS);
        self.errors.push(ErrorCode::UnsupportedMedia);
        let mut body = RequestBodyBuilder::new().required(Some(Required::True));
        for name in types {
            let text = ObjectBuilder::new().schema_type(Type::String).build();
            body = body.content(*name, Content::new(Some(Schema::Object(text))));
        }
        self.change(|operation| operation.request_body(Some(body.build())));
    }

    /// Adds an optional header of at most `most` characters.
    pub fn takes_header(&mut self, name: &str, most: usize, about: &str) {
        let documented = ParameterBuilder::new()
            .name(name)
            .parameter_in(ParameterIn::Header)
            .required(Required::False)
            .description(Some(about))
            .schema(Some(schema_of(&Shape::Text { most: Some(most) })));
        self.change(|operation| operation.parameter(documented.build()));
    }

    fn takes(&mut self, parameter: &Parameter) {
        let is_in_path = self.path.contains(&format!("{{{}}}", parameter.name));
        let place = if is_in_path {
            ParameterIn::Path
        } else {
            ParameterIn::Query
        };
        let documented = ParameterBuilder::new()
            .name(parameter.name)
            .parameter_in(place)
            .required(required(is_in_path || parameter.is_required))
            .description(Some(parameter.about))
            .schema(Some(schema_of(&parameter.shape)));
        self.change(|operation| operation.parameter(documented.build()));
    }
}

fn required(is_required: bool) -> Required {
    if is_required {
        Required::True
    } else {
        Required::False
    }
}

fn schema_of(shape: &Shape) -> Schema {
    let object = match shape {
        Shape::Text { most } => ObjectBuilder::new()
            .schema_type(Type::String)
            .min_length(most.is_some().then_some(1))
            .max_length(*most),
        Shape::Number {
            least,
            most,
            default,
        } => ObjectBuilder::new()
            .schema_type(Type::Integer)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int64)))
            .minimum(Some(*least))
            .maximum(*most)
            .default(default.map(|number| json!(number))),
        Shape::Flag => ObjectBuilder::new().schema_type(Type::Boolean),
        Shape::Words(words) => ObjectBuilder::new()
            .schema_type(SchemaType::Type(Type::String))
            .enum_values(Some(words.iter().copied())),
    };
    Schema::Object(object.build())
}

fn organization() -> Documented {
    ParameterBuilder::new()
        .name(ORGANIZATION)
        .parameter_in(ParameterIn::Path)
        .required(Required::True)
        .description(Some("The organization of the key."))
        .schema(Some(schema_of(&Shape::Text { most: None })))
        .build()
}

impl<S: Needed> Input for Allowed<S> {
    fn describe(to: &mut Description) {
        to.change(|operation| operation.parameter(organization()));
        to.allows(&["bearer", "apiKey", "signIn"]);
        if S::WRITES {
            let text = format!("{KEY_NEEDS_ADMIN} {}", to.more);
            text.trim_end().clone_into(&mut to.more);
        }
    }
}

impl<S: Needed, Q: Question> Input for Asked<S, Q> {
    fn describe(to: &mut Description) {
        Allowed::<S>::describe(to);
        for parameter in Q::parameters() {
            to.takes(&parameter);
        }
    }
}

impl<S: Needed, B: Body + ToSchema> Input for Sent<S, B> {
    fn describe(to: &mut Description) {
        Allowed::<S>::describe(to);
        to.takes_body::<B>(B::MUST_BE_TYPED);
    }
}

impl Input for SignedIn {
    fn describe(to: &mut Description) {
        to.allows(&["signIn"]);
    }
}

impl Input for BySystem {
    fn describe(to: &mut Description) {
        to.allows(&["system"]);
    }
}

impl<Q: Question> Input for AskedSignedIn<Q> {
    fn describe(to: &mut Description) {
        SignedIn::describe(to);
        for parameter in Q::parameters() {
            to.takes(&parameter);
        }
    }
}

impl<Q: Question> Input for Open<Q> {
    fn describe(to: &mut Description) {
        for parameter in Q::parameters() {
            to.takes(&parameter);
        }
    }
}

impl<T> Input for Data<T> {
    fn describe(_to: &mut Description) {}
}

impl Input for HttpRequest {
    fn describe(_to: &mut Description) {}
}

/// A body that the handler reads itself.
pub struct Unread<B> {
    /// The body.
    pub payload: Payload,
    body: PhantomData<B>,
}

impl<B: 'static> FromRequest for Unread<B> {
    type Error = actix_web::Error;
    type Future = Ready<Result<Self, actix_web::Error>>;

    fn from_request(request: &HttpRequest, payload: &mut actix_web::dev::Payload) -> Self::Future {
        let payload = Payload::from_request(request, payload).into_inner();
        ready(payload.map(|payload| Self {
            payload,
            body: PhantomData,
        }))
    }
}

impl<B: ToSchema> Input for Unread<B> {
    fn describe(to: &mut Description) {
        to.takes_body::<B>(true);
    }
}

macro_rules! inputs {
    ($($input:ident)*) => {
        impl<$($input: Input),*> Input for ($($input,)*) {
            fn describe(_to: &mut Description) {
                $( $input::describe(_to); )*
            }
        }
    };
}

inputs!();
inputs!(A);
inputs!(A B);
inputs!(A B C);
inputs!(A B C D);
inputs!(A B C D E);

impl<O: Output> Output for Result<O, ApiError> {
    fn describe(to: &mut Description) {
        O::describe(to);
    }
}

//! A table of routes that defines both the router and the document.

use std::collections::BTreeMap;

use actix_web::dev::Handler;
use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};
use actix_web::{FromRequest, Responder, Route};
use utoipa::openapi::path::{HttpMethod, Operation, OperationBuilder, Paths};
use utoipa::openapi::{Components, RefOr, Schema};

use crate::rest::described::{Description, Input, Named, Output};

/// One operation.
pub struct Entry {
    path: &'static str,
    route: Route,
    method: HttpMethod,
    describe: Box<dyn Fn(&'static str) -> (Operation, Vec<Named>)>,
}

/// Describes a handler: its name in the document and its purpose. The first of several paragraphs
/// is the summary.
fn entry<H, I>(
    method: HttpMethod,
    path: &'static str,
    name: &'static str,
    about: &'static str,
    handler: H,
) -> Entry
where
    H: Handler<I>,
    I: FromRequest + Input + 'static,
    H::Output: Responder + Output + 'static,
{
    let route = web::method(method_of(&method)).to(handler);
    let describe = move |tag: &'static str| {
        let operation = OperationBuilder::new().operation_id(Some(name)).tag(tag);
        Description::of::<I, H::Output>(path, about, operation).finish()
    };
    Entry {
        path,
        route,
        method,
        describe: Box::new(describe),
    }
}

fn method_of(method: &HttpMethod) -> Method {
    match method {
        HttpMethod::Get => Method::GET,
        HttpMethod::Post => Method::POST,
        HttpMethod::Put => Method::PUT,
        HttpMethod::Delete => Method::DELETE,
        HttpMethod::Options => Method::OPTIONS,
        HttpMethod::Head => Method::HEAD,
        HttpMethod::Patch => Method::PATCH,
        HttpMethod::Trace => Method::TRACE,
    }
}

/// A route that reads.
pub fn get<H, I>(path: &'static str, name: &'static str, about: &'static str, handler: H) -> Entry
where
    H: Handler<I>,
    I: FromRequest + Input + 'static,
    H::Output: Responder + Output + 'static,
{
    entry(HttpMethod::Get, path, name, about, handler)
}

/// A route that creates something, or a question with a body.
pub fn post<H, I>(path: &'static str, name: &'static str, about: &'static str, handler: H) -> Entry
where
    H: Handler<I>,
    I: FromRequest + Input + 'static,
    H::Output: Responder + Output + 'static,
{
    entry(HttpMethod::Post, path, name, about, handler)
}

/// A route that replaces something.
pub fn put<H, I>(path: &'static str, name: &'static str, about: &'static str, handler: H) -> Entry
where
    H: Handler<I>,
    I: FromRequest + Input + 'static,
    H::Output: Responder + Output + 'static,
{
    entry(HttpMethod::Put, path, name, about, handler)
}

/// A route that removes something.
pub fn delete<H, I>(
    path: &'static str,
    name: &'static str,
    about: &'static str,
    handler: H,
) -> Entry
where
    H: Handler<I>,
    I: FromRequest + Input + 'static,
    H::Output: Responder + Output + 'static,
{
    entry(HttpMethod::Delete, path, name, about, handler)
}

/// Entries, each group with its tag in the document.
pub type Table = Vec<(&'static str, Vec<Entry>)>;

/// Adds the routes. Each path is one resource, so that other methods get 405.
pub fn configure(table: Table, cfg: &mut ServiceConfig) {
    let mut resources: Vec<(&str, Vec<Route>)> = Vec::new();
    for entry in table.into_iter().flat_map(|(_tag, entries)| entries) {
        match resources.iter_mut().find(|(path, _)| *path == entry.path) {
            Some((_, routes)) => routes.push(entry.route),
            None => resources.push((entry.path, vec![entry.route])),
        }
    }
    for (path, routes) in resources {
        let resource = routes
            .into_iter()
            .fold(web::resource(path), actix_web::Resource::route);
        cfg.service(resource);
    }
}

/// The paths of the document, with the schemas that they refer to.
pub fn document(table: Table) -> (Paths, Components) {
    let mut paths = Paths::new();
    let mut schemas: BTreeMap<String, RefOr<Schema>> = BTreeMap::new();
    for (tag, entries) in table {
        for entry in entries {
            let (operation, named) = (entry.describe)(tag);
            schemas.extend(named);
            paths.add_path_operation(entry.path, vec![entry.method], operation);
        }
    }
    let mut components = Components::new();
    components.schemas.extend(schemas);
    (paths, components)
}
